//! A deployment profile as it is sent and shown (api.md 5.3): with old and new names, and both
//! blocks of choices.

use registration::customer_profile::{DeviceType, ProfileChange, Said, StatusScreen};
use serde::Deserialize;
use serde_json::{Value, json};
use service::customer_profiles::ProfileView;

use super::body::Object;
use super::error::GraphError;

/// A profile that joins the cloud directory alone.
const CLOUD: &str = "#microsoft.graph.azureADWindowsAutopilotDeploymentProfile";
/// One that joins the customer's own as well.
const HYBRID: &str = "#microsoft.graph.activeDirectoryWindowsAutopilotDeploymentProfile";

/// The properties there are.
pub(super) const PROPERTIES: [&str; 19] = [
    "id",
    "displayName",
    "description",
    "language",
    "locale",
    "createdDateTime",
    "lastModifiedDateTime",
    "outOfBoxExperienceSettings",
    "outOfBoxExperienceSetting",
    "extractHardwareHash",
    "hardwareHashExtractionEnabled",
    "deviceNameTemplate",
    "deviceType",
    "enableWhiteGlove",
    "preprovisioningAllowed",
    "roleScopeTagIds",
    "managementServiceAppId",
    "enrollmentStatusScreenSettings",
    "hybridAzureADJoinSkipConnectivityCheck",
];

/// A profile as it is shown.
pub(super) fn shown(profile: &ProfileView) -> Value {
    let settings = &profile.settings;
    let chosen = &settings.deployment;
    let user = if chosen.standard_user {
        "standard"
    } else {
        "administrator"
    };
    let usage = if chosen.self_deploying {
        "shared"
    } else {
        "singleUser"
    };
    let language = chosen.language.as_deref().unwrap_or_default();
    let mut item = json!({
        "@odata.type": if chosen.hybrid_join { HYBRID } else { CLOUD },
        "id": profile.id.to_string(),
        "displayName": profile.name,
        "description": profile.description,
        "language": language,
        "locale": language,
        "createdDateTime": profile.created_at.to_string(),
        "lastModifiedDateTime": profile.updated_at.to_string(),
        "outOfBoxExperienceSettings": {
            "hidePrivacySettings": chosen.hide_privacy,
            "hideEULA": chosen.hide_license_terms,
            "userType": user,
            "deviceUsageType": usage,
            "skipKeyboardSelectionPage": chosen.skip_keyboard,
            "hideEscapeLink": chosen.hide_change_account,
        },
        "outOfBoxExperienceSetting": {
            "privacySettingsHidden": chosen.hide_privacy,
            "eulaHidden": chosen.hide_license_terms,
            "userType": user,
            "deviceUsageType": usage,
            "keyboardSelectionPageSkipped": chosen.skip_keyboard,
            "escapeLinkHidden": chosen.hide_change_account,
        },
        "extractHardwareHash": settings.extract_hash,
        "hardwareHashExtractionEnabled": settings.extract_hash,
        "deviceNameTemplate": chosen.name_template.as_deref().unwrap_or_default(),
        "deviceType": settings.device_type.as_str(),
        "enableWhiteGlove": settings.preprovisioning,
        "preprovisioningAllowed": settings.preprovisioning,
        "roleScopeTagIds": settings.scope_tags,
        "managementServiceAppId": settings.management_app,
        "enrollmentStatusScreenSettings": settings.status_screen,
    });
    if chosen.hybrid_join {
        let skips = chosen.skip_connectivity_check;
        item["hybridAzureADJoinSkipConnectivityCheck"] = json!(skips);
    }
    item
}

/// A profile as clients send it; names are in lower case by then.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Sent {
    #[serde(rename = "@odata.type")]
    kind: Option<String>,
    displayname: Option<String>,
    description: Option<String>,
    language: Option<String>,
    locale: Option<String>,
    outofboxexperiencesettings: Option<Object<OldBlock>>,
    outofboxexperiencesetting: Option<Object<NewBlock>>,
    extracthardwarehash: Option<bool>,
    hardwarehashextractionenabled: Option<bool>,
    devicenametemplate: Option<String>,
    devicetype: Option<String>,
    enablewhiteglove: Option<bool>,
    preprovisioningallowed: Option<bool>,
    rolescopetagids: Option<Vec<String>>,
    managementserviceappid: Option<String>,
    enrollmentstatusscreensettings: Option<Object<SentScreen>>,
    hybridazureadjoinskipconnectivitycheck: Option<bool>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct OldBlock {
    hideprivacysettings: Option<bool>,
    hideeula: Option<bool>,
    skipkeyboardselectionpage: Option<bool>,
    hideescapelink: Option<bool>,
    usertype: Option<String>,
    deviceusagetype: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct NewBlock {
    privacysettingshidden: Option<bool>,
    eulahidden: Option<bool>,
    keyboardselectionpageskipped: Option<bool>,
    escapelinkhidden: Option<bool>,
    usertype: Option<String>,
    deviceusagetype: Option<String>,
}

#[expect(
    clippy::struct_excessive_bools,
    reason = "the published type is a set of switches"
)]
#[derive(Deserialize, Default)]
#[serde(default)]
struct SentScreen {
    hideinstallationprogress: bool,
    allowdeviceusebeforeprofileandappinstallcomplete: bool,
    blockdevicesetupretrybyuser: bool,
    allowlogcollectiononinstallfailure: bool,
    customerrormessage: Option<String>,
    installprogresstimeoutinminutes: Option<u32>,
    allowdeviceuseoninstallfailure: bool,
}

impl From<SentScreen> for StatusScreen {
    fn from(sent: SentScreen) -> Self {
        Self {
            hide_installation_progress: sent.hideinstallationprogress,
            allow_device_use_before_profile_and_app_install_complete: sent
                .allowdeviceusebeforeprofileandappinstallcomplete,
            block_device_setup_retry_by_user: sent.blockdevicesetupretrybyuser,
            allow_log_collection_on_install_failure: sent.allowlogcollectiononinstallfailure,
            custom_error_message: sent.customerrormessage,
            install_progress_timeout_in_minutes: sent
                .installprogresstimeoutinminutes
                .unwrap_or_default(),
            allow_device_use_on_install_failure: sent.allowdeviceuseoninstallfailure,
        }
    }
}

impl Sent {
    /// The change that it asks for.
    pub(super) fn change(self) -> Result<ProfileChange, GraphError> {
        let old = self.outofboxexperiencesettings.unwrap_or_default().0;
        let new = self.outofboxexperiencesetting.unwrap_or_default().0;
        let is_standard = |word| is("userType", word, ["administrator", "standard"]);
        let is_shared = |word| is("deviceUsageType", word, ["singleUser", "shared"]);
        Ok(ProfileChange {
            name: Said::once(self.displayname),
            description: Said::once(self.description),
            hybrid_join: Said::once(is_hybrid(self.kind)?),
            skip_connectivity_check: Said::once(self.hybridazureadjoinskipconnectivitycheck),
            shared: Said {
                old: is_shared(old.deviceusagetype)?,
                new: is_shared(new.deviceusagetype)?,
            },
            standard_user: Said {
                old: is_standard(old.usertype)?,
                new: is_standard(new.usertype)?,
            },
            hide_privacy: Said {
                old: old.hideprivacysettings,
                new: new.privacysettingshidden,
            },
            hide_license_terms: Said {
                old: old.hideeula,
                new: new.eulahidden,
            },
            hide_change_account: Said {
                old: old.hideescapelink,
                new: new.escapelinkhidden,
            },
            skip_keyboard: Said {
                old: old.skipkeyboardselectionpage,
                new: new.keyboardselectionpageskipped,
            },
            language: Said {
                old: self.language.as_deref().map(or_none),
                new: self.locale.as_deref().map(or_none),
            },
            name_template: Said::once(self.devicenametemplate.as_deref().map(or_none)),
            device_type: Said::once(self.devicetype.as_deref().map(device_type).transpose()?),
            extract_hash: Said {
                old: self.extracthardwarehash,
                new: self.hardwarehashextractionenabled,
            },
            preprovisioning: Said {
                old: self.enablewhiteglove,
                new: self.preprovisioningallowed,
            },
            scope_tags: Said::once(self.rolescopetagids),
            management_app: Said::once(self.managementserviceappid.as_deref().map(or_none)),
            status_screen: Said::once(
                self.enrollmentstatusscreensettings
                    .map(|screen| Some(screen.0.into())),
            ),
        })
    }
}

/// A blank text says that there is nothing.
fn or_none(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// Whether a word is the second of the two that there are.
fn is(name: &str, word: Option<String>, [no, yes]: [&str; 2]) -> Result<Option<bool>, GraphError> {
    match word {
        None => Ok(None),
        Some(word) if word.eq_ignore_ascii_case(yes) => Ok(Some(true)),
        Some(word) if word.eq_ignore_ascii_case(no) => Ok(Some(false)),
        Some(_) => Err(GraphError::input(format!(
            "The {name} must be {no} or {yes}."
        ))),
    }
}

fn is_hybrid(kind: Option<String>) -> Result<Option<bool>, GraphError> {
    let Some(kind) = kind else {
        return Ok(None);
    };
    let plain = |text: &str| text.trim_start_matches('#').to_ascii_lowercase();
    match plain(&kind) {
        kind if kind == plain(HYBRID) => Ok(Some(true)),
        kind if kind == plain(CLOUD) => Ok(Some(false)),
        // The abstract type says nothing.
        kind if kind == "microsoft.graph.windowsautopilotdeploymentprofile" => Ok(None),
        _ => Err(GraphError::input(format!(
            "The @odata.type of a deployment profile must be {CLOUD} or {HYBRID}."
        ))),
    }
}

fn device_type(word: &str) -> Result<DeviceType, GraphError> {
    DeviceType::parse(word).ok_or_else(|| {
        GraphError::input(
            "The deviceType must be windowsPc, holoLens, surfaceHub2, surfaceHub2S or \
             virtualMachine.",
        )
    })
}

#[cfg(test)]
mod tests {
    use registration::clock::Timestamp;
    use registration::customer_profile::CustomerProfile;
    use registration::ids::{OrganizationId, ProfileId};

    use super::super::body::Body;
    use super::*;

    fn change(json: &Value) -> Result<ProfileChange, GraphError> {
        Body::of(json.to_string().as_bytes())?
            .read::<Sent>("a profile")?
            .change()
    }

    fn blank() -> CustomerProfile {
        let id = uuid::Uuid::nil();
        CustomerProfile::new(ProfileId(id), OrganizationId(id), Timestamp(0))
    }

    #[test]
    fn what_is_shown_can_be_sent_back_and_changes_nothing() {
        let sent = json!({
            "@odata.type": HYBRID,
            "displayName": "Lab",
            "locale": "en-US",
            "outOfBoxExperienceSettings": {"hideEULA": true, "userType": "Standard"},
            "outOfBoxExperienceSetting": {"keyboardSelectionPageSkipped": true},
            "deviceNameTemplate": "LAB-%SERIAL%",
            "enableWhiteGlove": true,
            "roleScopeTagIds": ["0"],
            "enrollmentStatusScreenSettings": {"hideInstallationProgress": true},
            "hybridAzureADJoinSkipConnectivityCheck": true,
        });
        let made = blank()
            .changed(change(&sent).expect("reads"), Timestamp(0))
            .expect("fits");
        let item = shown(&made.clone().into());
        for (place, is) in [
            ("/outOfBoxExperienceSetting/eulaHidden", json!(true)),
            ("/outOfBoxExperienceSetting/userType", json!("standard")),
            (
                "/outOfBoxExperienceSettings/skipKeyboardSelectionPage",
                json!(true),
            ),
            ("/language", json!("en-US")),
            ("/preprovisioningAllowed", json!(true)),
            ("/hybridAzureADJoinSkipConnectivityCheck", json!(true)),
            (
                "/enrollmentStatusScreenSettings/hideInstallationProgress",
                json!(true),
            ),
            ("/@odata.type", json!(HYBRID)),
        ] {
            assert_eq!(item.pointer(place), Some(&is), "{place}");
        }
        let again = made
            .clone()
            .changed(change(&item).expect("reads"), Timestamp(0));
        assert_eq!(again, Ok(made));
        let names = item.as_object().expect("an object").keys();
        assert!(
            names
                .filter(|name| !name.starts_with('@'))
                .all(|name| PROPERTIES.contains(&name.as_str()))
        );
    }

    #[test]
    fn words_that_are_none_are_refused() {
        for wrong in [
            json!({"deviceType": "toaster"}),
            json!({"outOfBoxExperienceSetting": {"userType": "root"}}),
            json!({"outOfBoxExperienceSettings": {"deviceUsageType": "both"}}),
            json!({"@odata.type": "#microsoft.graph.user"}),
            json!({"roleScopeTagIds": 7}),
            json!([]),
        ] {
            assert!(change(&wrong).is_err(), "{wrong}");
        }
    }
}
