//! An imported identity as it is sent and shown (api.md 5.3 and 5.6).

use registration::imported::{ImportState, ImportedIdentity};
use serde::Deserialize;
use serde_json::{Value, json};
use service::register::GivenIdentity;

/// The properties there are.
pub(super) const PROPERTIES: [&str; 8] = [
    "id",
    "groupTag",
    "serialNumber",
    "productKey",
    "importId",
    "hardwareIdentifier",
    "assignedUserPrincipalName",
    "state",
];

/// An identity as clients send it: texts and nothing else; names are in lower case by then. What they
/// say of its state means nothing.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Sent {
    #[serde(rename = "hardwareidentifier")]
    hash: Option<String>,
    #[serde(rename = "serialnumber")]
    serial: Option<String>,
    #[serde(rename = "productkey")]
    product_key: Option<String>,
    #[serde(rename = "grouptag")]
    group_tag: Option<String>,
    #[serde(rename = "importid")]
    pub(super) import_name: Option<String>,
    #[serde(rename = "assigneduserprincipalname")]
    pub(super) user_principal_name: Option<String>,
}

impl Sent {
    /// The device as it is imported.
    pub(super) fn given(self) -> GivenIdentity {
        GivenIdentity {
            hash: hash_text(self.hash.unwrap_or_default()),
            serial: self.serial.unwrap_or_default(),
            product_key: self.product_key.unwrap_or_default(),
            group_tag: self.group_tag.unwrap_or_default(),
            import_name: self.import_name.unwrap_or_default(),
            user_principal_name: self.user_principal_name.unwrap_or_default(),
        }
    }

    /// Whether it names something else than the identity on record, of what can't be changed.
    pub(super) fn differs_from(&self, known: &ImportedIdentity) -> bool {
        let differs = |sent: &Option<String>, known: &str| {
            let sent = sent.as_deref().unwrap_or_default().trim();
            !sent.is_empty() && sent != known
        };
        differs(&self.hash, "")
            || differs(&self.serial, &known.serial)
            || differs(&self.product_key, &shown_key(known))
            || differs(&self.group_tag, &known.group_tag)
    }
}

/// The hash as text. Its JSON form is base64 of the bytes, which is that text; a client library that
/// was given the text for bytes has encoded it once more.
fn hash_text(sent: String) -> String {
    let decoded = base64_simd::STANDARD.decode_to_vec(sent.trim().as_bytes());
    let inner = decoded.ok().and_then(|bytes| String::from_utf8(bytes).ok());
    match inner {
        Some(text) if text.starts_with("T0") => text,
        _ => sent,
    }
}

fn shown_key(identity: &ImportedIdentity) -> String {
    or_id(&identity.product_key, identity)
}

fn or_id(text: &str, identity: &ImportedIdentity) -> String {
    if text.is_empty() {
        identity.id.to_string()
    } else {
        text.to_owned()
    }
}

/// The identity as it is shown: never with its hash.
pub(super) fn shown(identity: &ImportedIdentity) -> Value {
    json!({
        "id": identity.id.to_string(),
        "groupTag": identity.group_tag,
        "serialNumber": identity.serial,
        "productKey": shown_key(identity),
        "importId": or_id(&identity.import_name, identity),
        "hardwareIdentifier": "",
        "assignedUserPrincipalName": identity.user_principal_name,
        "state": state(&identity.state),
    })
}

/// The state: `unknown` until it is final, since scripts wait for as long as they read that.
fn state(state: &ImportState) -> Value {
    let (status, device, code, name) = match state {
        ImportState::Waiting => ("unknown", None, 0, ""),
        ImportState::Complete(device) => ("complete", Some(device), 0, "None"),
        ImportState::Failed { code, name, device } => {
            ("error", device.as_ref(), *code, name.as_str())
        }
    };
    json!({
        "deviceImportStatus": status,
        "deviceRegistrationId": device.map(ToString::to_string).unwrap_or_default(),
        "deviceErrorCode": code,
        "deviceErrorName": name,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_encoded_once_more_is_the_same_hash() {
        let hash = "T0FsAAEAHAAAAAoAIAPwVQ==";
        assert_eq!(hash_text(hash.to_owned()), hash);
        let twice = base64_simd::STANDARD.encode_to_string(hash);
        assert_eq!(hash_text(twice), hash);
        assert_eq!(hash_text("no hash".to_owned()), "no hash");
    }
}
