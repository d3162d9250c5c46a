//! What became of a device, told as the original tells it: its code and its symbolic name, by which
//! clients know it (registration.md 8.1). What the original says less of is said beside them.

use registration::plan::Outcome;
use registration::upload::{RowVerdict, UploadRowResult};

/// The code and name for a row that is refused by a rule whose own code is not known: the request
/// is not well formed.
const GENERAL: (u16, &str) = (801, "InvalidZtdRequestBody");

/// What became of a device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fate {
    /// Whether what was asked for did not happen.
    pub failed: bool,
    /// The original's code, `808`; `None` where all went well, or where its number is not known.
    pub code: Option<String>,
    /// The original's symbolic name, `ZtdDeviceAssignedToOtherTenant`; `None` where all went well.
    pub name: Option<String>,
    /// More about it; `None` where all went well.
    pub reason: Option<Reason>,
}

/// Why a device was not registered as asked, in our own words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// The finding's code, `EN0406`, or the outcome's word, `registered_elsewhere`.
    pub code: String,
    /// What is wrong.
    pub cause: String,
    /// What to do.
    pub remedy: String,
}

/// The fate of a row; `None` while it waits. `there` tells whether the device had been registered
/// before just as it is asked for: then there is nothing to do, and nothing is wrong.
pub(super) fn fate(row: &UploadRowResult, there: bool) -> Option<Fate> {
    let outcome = row.result.as_ref()?.outcome;
    if outcome == Outcome::Registered || (outcome == Outcome::AlreadyRegistered && there) {
        return Some(Fate {
            failed: false,
            code: None,
            name: None,
            reason: None,
        });
    }
    let verdict = &row.row.verdict;
    let (code, name) = match (verdict, outcome.dds()) {
        (RowVerdict::Invalid { dds: Some(dds), .. }, _) => (Some(dds.0), dds.1.as_str()),
        (RowVerdict::Ready | RowVerdict::Duplicate { .. }, Some(dds)) => dds,
        _ => (Some(GENERAL.0), GENERAL.1),
    };
    Some(Fate {
        failed: true,
        code: code.map(|code| code.to_string()),
        name: Some(name.to_owned()),
        reason: Some(reason(verdict, outcome)),
    })
}

fn reason(verdict: &RowVerdict, outcome: Outcome) -> Reason {
    let (cause, remedy) = match (verdict, outcome) {
        (
            RowVerdict::Invalid {
                code, cause, fix, ..
            },
            _,
        ) => {
            return Reason {
                code: code.clone(),
                cause: cause.clone(),
                remedy: without_files(code, fix),
            };
        }
        (RowVerdict::Duplicate { of_line }, _) => (
            format!("The same device as number {of_line} of the request."),
            outcome.remedy(),
        ),
        (_, Outcome::AlreadyRegistered) => (
            "The device was registered for this customer before, in another batch or with another \
             group tag, and stays as it is."
                .to_owned(),
            "Leave it, or delete the device and send it again.",
        ),
        (_, outcome) => (format!("{}.", outcome.title()), outcome.remedy()),
    };
    Reason {
        code: outcome.as_str().to_owned(),
        cause,
        remedy: remedy.to_owned(),
    }
}

/// The remedy of a finding for who sends no file: rules about the form of files and rows (EN01,
/// EN03) speak of lines, quotes and lists.
fn without_files(code: &str, fix: &str) -> String {
    if code.starts_with("EN01") || code.starts_with("EN03") {
        "Send the value exactly as the maker's firmware has it.".to_owned()
    } else {
        fix.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use registration::upload::{RowResult, UploadRow};

    fn row(verdict: RowVerdict, outcome: Outcome) -> UploadRowResult {
        let row = UploadRow {
            number: 2,
            line: 2,
            serial: String::new(),
            pkid: String::new(),
            manufacturer: String::new(),
            model: String::new(),
            hash: String::new(),
            group_tag: None,
            verdict,
        };
        let result = RowResult {
            outcome,
            device_id: None,
            unverified: false,
        };
        UploadRowResult {
            row,
            result: Some(result),
        }
    }

    #[test]
    fn whatever_is_not_as_asked_failed_and_has_a_symbolic_name() {
        for outcome in Outcome::ALL {
            for there in [false, true] {
                let fate = fate(&row(RowVerdict::Ready, outcome), there).expect("decided");
                let fine = outcome == Outcome::Registered
                    || (outcome == Outcome::AlreadyRegistered && there);
                assert_eq!(fate.failed, !fine, "{outcome:?}");
                assert_eq!(fate.reason.is_some(), fate.failed);
                let name = fate.name.unwrap_or_default();
                assert_eq!(name.contains("Ztd"), fate.failed, "{name}");
                assert!(!name.contains(' '), "{name}");
            }
        }
    }

    #[test]
    fn our_own_rules_have_the_general_code_and_their_words_beside_it() {
        let verdict = RowVerdict::Invalid {
            code: "EN0306".to_owned(),
            cause: "The model holds a quotation mark.".to_owned(),
            fix: "Remove the quotes from the line.".to_owned(),
            dds: None,
        };
        let fate = fate(&row(verdict, Outcome::Invalid), false).expect("decided");
        assert_eq!(fate.code.as_deref(), Some("801"));
        assert_eq!(fate.name.as_deref(), Some("InvalidZtdRequestBody"));
        let reason = fate.reason.expect("a reason");
        assert_eq!(reason.code, "EN0306");
        assert!(!reason.remedy.contains("line"), "{}", reason.remedy);
    }
}
