//! To what a customer's own deployment profile is assigned: all devices, those with a group tag, not
//! those with a group tag, single devices; and taking each back.

use std::sync::Arc;

use axum::extract::{Path, State};
use registration::ids::{DeviceId, ProfileId};
use serde::Deserialize;
use service::DeskError;
use service::customer_profiles::TargetForm;

use crate::app::App;
use crate::portal::address::id;
use crate::portal::own_profile::{ProfilePage, Refused};
use crate::portal::own_profiles::LIST;
use crate::portal::shell::{Flash, PageResult, done, field_errors, page_again};
use crate::routes::Routes;
use crate::session::{Pressed, Sent};

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .post("/deployment-profiles/{id}/assignments", assign)
        .post(
            "/deployment-profiles/{id}/assignments/{assignment}/take-back",
            take_back,
        )
        .post("/devices/{device}/deployment-profile", give)
        .post(
            "/devices/{device}/deployment-profile/take-back",
            take_back_from_device,
        )
}

/// To what a profile is to be assigned.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct AssignForm {
    /// `all`, `group` or `exclusion`; at first `group`.
    target: String,
    /// The id of the group.
    group: String,
}

impl AssignForm {
    /// Whether this target is chosen.
    pub(super) fn is(&self, target: &str) -> bool {
        self.target == target || (self.target.is_empty() && target == "group")
    }

    /// Whether this group is chosen.
    pub(super) fn names(&self, group: &registration::group::Group) -> bool {
        self.group == group.id.to_string()
    }

    fn target(&self) -> Result<TargetForm, DeskError> {
        let group = || {
            let id = self.group.parse();
            id.map_err(|_| DeskError::field("group", "Choose a group tag."))
        };
        match self.target.as_str() {
            "all" => Ok(TargetForm::AllDevices),
            "group" => group().map(TargetForm::Group),
            "exclusion" => group().map(TargetForm::Exclusion),
            _ => Err(DeskError::field("target", "Choose what to assign it to.")),
        }
    }
}

async fn assign(
    State(app): State<Arc<App>>,
    Path(profile): Path<String>,
    Sent { signed, form }: Sent<AssignForm>,
) -> PageResult {
    let profile: ProfileId = id(&profile)?;
    let (desk, caller) = (&app.desk, &signed.caller);
    let assigned = match form.target() {
        Ok(target) => desk.assign_own_profile(caller, profile, target).await,
        // Who may not, is told that, and not what is wrong with the form.
        Err(error) => desk
            .may_change_profile(caller, profile)
            .await
            .and(Err(error)),
    };
    match assigned {
        Ok(assigned) => {
            let flash = Flash::ok(format!(
                "Assigned: {}. Devices get what is nearest to them when they next ask.",
                assigned.target.in_words()
            ));
            Ok(done(&app, &format!("{LIST}/{profile}"), &flash))
        }
        Err(error) => {
            let refused = Refused {
                errors: field_errors(error)?,
                assign: form,
                ..Refused::default()
            };
            page_again(&ProfilePage::of(&app, &signed, profile, refused).await?)
        }
    }
}

async fn take_back(
    State(app): State<Arc<App>>,
    Path((profile, assignment)): Path<(String, String)>,
    Sent { signed, .. }: Sent<Pressed>,
) -> PageResult {
    let profile: ProfileId = id(&profile)?;
    app.desk
        .unassign_own_profile(&signed.caller, profile, &assignment)
        .await?;
    let flash = Flash::ok("Taken back. Devices get what is nearest to them without it.");
    Ok(done(&app, &format!("{LIST}/{profile}"), &flash))
}

/// A profile of the customer's own for one device.
#[derive(Deserialize, Default)]
#[serde(default)]
struct OfDevice {
    profile: String,
}

async fn give(
    State(app): State<Arc<App>>,
    Path(device): Path<String>,
    Sent { signed, form }: Sent<OfDevice>,
) -> PageResult {
    let (device, profile): (DeviceId, ProfileId) = (id(&device)?, id(&form.profile)?);
    app.desk
        .give_own_profile(&signed.caller, profile, &[device])
        .await?;
    let flash = Flash::ok("Assigned to this device: it gets the profile when it next asks.");
    Ok(done(&app, &format!("/devices/{device}"), &flash))
}

async fn take_back_from_device(
    State(app): State<Arc<App>>,
    Path(device): Path<String>,
    Sent { signed, form }: Sent<OfDevice>,
) -> PageResult {
    let (device, profile): (DeviceId, ProfileId) = (id(&device)?, id(&form.profile)?);
    app.desk
        .take_own_profile_back(&signed.caller, profile, device)
        .await?;
    let flash = Flash::ok("Taken back: the device gets what is nearest to it without that.");
    Ok(done(&app, &format!("/devices/{device}"), &flash))
}
