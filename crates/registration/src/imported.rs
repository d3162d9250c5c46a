//! Devices that a customer's own script imports by their hashes (api.md 5.3,
//! `importedWindowsAutopilotDeviceIdentity`): what was sent, and what became of it.

use serde::Serialize;
use thiserror::Error;

use crate::clock::Timestamp;
use crate::ids::{DeviceId, ImportId, UploadId};
use crate::plan::Outcome;
use crate::upload::{RowResult, RowVerdict};

/// Characters of a text that comes with a device at most.
const TEXT: usize = 256;

/// One imported identity. Its hash goes into the upload and never comes back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ImportedIdentity {
    /// Its id.
    pub id: ImportId,
    /// The upload that registers it.
    pub upload_id: UploadId,
    /// Its row there.
    pub number: u64,
    /// Serial number, as sent.
    pub serial: String,
    /// Product key, as sent.
    pub product_key: String,
    /// Group tag, as sent: any text, of the catalogue or the customer's own.
    pub group_tag: String,
    /// The client's own name for the import, as sent.
    pub import_name: String,
    /// Whom the device is to be assigned to, as sent.
    pub user_principal_name: String,
    /// What became of it.
    pub state: ImportState,
    /// When it was sent.
    pub created_at: Timestamp,
}

/// What became of an imported identity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum ImportState {
    /// Nothing yet.
    Waiting,
    /// The device is registered.
    Complete(DeviceId),
    /// It is not.
    Failed {
        /// The DDS code (registration.md 8.1); 0 where the name alone says it.
        code: u16,
        /// The DDS name, or the code of a finding.
        name: String,
        /// The device, where it is this customer's own already.
        device: Option<DeviceId>,
    },
}

impl ImportState {
    /// What a row's verdict and result mean for its identity. A device that was registered before
    /// is an error here, as the original has it: `ZtdDeviceAlreadyAssigned` (api.md 5.4).
    pub fn of(verdict: &RowVerdict, result: &RowResult) -> Self {
        if let (Outcome::Registered, Some(device)) = (result.outcome, result.device_id) {
            return Self::Complete(device);
        }
        let (code, name) = match (verdict, result.outcome.dds()) {
            (RowVerdict::Invalid { dds: Some(dds), .. }, _) => dds.clone(),
            // Which rule was broken says more than "invalid body".
            (RowVerdict::Invalid { code, .. }, _) => (INVALID_BODY, code.clone()),
            (_, Some((code, name))) => (code.unwrap_or_default(), name.to_owned()),
            (_, None) => (INVALID_BODY, result.outcome.as_str().to_owned()),
        };
        Self::Failed {
            code,
            name,
            device: result.device_id,
        }
    }
}

/// `InvalidZtdRequestBody`
const INVALID_BODY: u16 = 801;

/// Why a text that comes with a device is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("{0} must have at most {TEXT} characters, none of them a control character.")]
pub struct TextError(pub &'static str);

/// Checks a text that comes with a device, named `what`, and cuts the blanks around it.
pub fn check_text(what: &'static str, text: &str) -> Result<String, TextError> {
    let text = text.trim();
    if text.chars().count() > TEXT || text.chars().any(char::is_control) {
        return Err(TextError(what));
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn result(outcome: Outcome, device_id: Option<DeviceId>) -> RowResult {
        RowResult {
            outcome,
            device_id,
            unverified: false,
        }
    }

    fn failed(code: u16, name: &str, device: Option<DeviceId>) -> ImportState {
        ImportState::Failed {
            code,
            name: name.to_owned(),
            device,
        }
    }

    #[test]
    fn a_row_registered_is_complete_and_every_other_has_a_name() {
        let device = Some(DeviceId(uuid::Uuid::from_u128(7)));
        let of = |outcome, device| ImportState::of(&RowVerdict::Ready, &result(outcome, device));
        assert_eq!(
            of(Outcome::Registered, device),
            ImportState::Complete(DeviceId(uuid::Uuid::from_u128(7)))
        );
        assert_eq!(
            of(Outcome::AlreadyRegistered, device),
            failed(806, "ZtdDeviceAlreadyAssigned", device)
        );
        assert_eq!(
            of(Outcome::RegisteredElsewhere, None),
            failed(808, "ZtdDeviceAssignedToOtherTenant", None)
        );
        assert_eq!(
            of(Outcome::DuplicateInList, None),
            failed(0, "ZtdDeviceDuplicated", None)
        );
        for outcome in Outcome::ALL {
            if let ImportState::Failed { name, .. } = of(outcome, None) {
                assert!(!name.is_empty(), "{outcome:?}");
            }
        }
    }

    #[test]
    fn an_invalid_row_has_the_name_of_its_finding() {
        let invalid = |dds: Option<(u16, &str)>| RowVerdict::Invalid {
            code: "EN0401".to_owned(),
            cause: String::new(),
            fix: String::new(),
            dds: dds.map(|(code, name)| (code, name.to_owned())),
        };
        let row = result(Outcome::Invalid, None);
        let known = invalid(Some((802, "InvalidZtdHardwareHash")));
        assert_eq!(
            ImportState::of(&known, &row),
            failed(802, "InvalidZtdHardwareHash", None)
        );
        let other = invalid(None);
        assert_eq!(ImportState::of(&other, &row), failed(801, "EN0401", None));
    }

    #[test]
    fn texts_have_a_length_and_no_line_breaks() {
        assert_eq!(check_text("groupTag", " Lab 7 "), Ok("Lab 7".to_owned()));
        assert!(check_text("groupTag", "a\nb").is_err());
        assert!(check_text("groupTag", &"x".repeat(257)).is_err());
    }
}
