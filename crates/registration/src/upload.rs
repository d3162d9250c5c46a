//! Batches and uploads: the rows a party sent, where each stands, and what became of it.

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::ids::{BatchId, DeviceId, OrganizationId, RequestId, UploadId, UserId};
use crate::plan::Outcome;

/// Most devices in one portal upload unless configured otherwise (published limit,
/// registration.md section 1).
pub const PORTAL_ROW_LIMIT: u64 = 1000;

/// A named set of devices of one customer, made by one party. In the portal its name is the
/// group tag, as the original has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Batch {
    /// Its id.
    pub id: BatchId,
    /// Whose devices are in it.
    pub customer_id: OrganizationId,
    /// Who made it: a partner, an OEM or the customer itself.
    pub party_id: OrganizationId,
    /// Its name, unique per customer and party whatever the case of its letters.
    pub name: String,
    /// The group tag its devices are registered with; empty for a batch whose name is none.
    pub group_tag: String,
    /// How many registered devices are in it now.
    pub device_count: u64,
    /// When it was made.
    pub created_at: Timestamp,
}

/// Why a text is no batch's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "The batch id must have 1 to 256 characters, and not be \".\" or \"..\". Control characters and \
     those that turn the direction of writing are not taken."
)]
pub struct BatchNameError;

/// Checks a batch's name, which is kept to the letter.
pub fn check_batch_name(name: &str) -> Result<(), BatchNameError> {
    let length = name.chars().count();
    let odd = |c: char| c.is_control() || turns_writing(c);
    let readable = !name.trim().is_empty() && !name.chars().any(odd);
    // An address takes these for a way to somewhere else.
    let is_step = [".", ".."].contains(&name);
    if readable && !is_step && length <= 256 {
        Ok(())
    } else {
        Err(BatchNameError)
    }
}

/// Whether a character changes the direction of the text around it, so that it reads otherwise than
/// it is written.
fn turns_writing(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A batch's name as it is compared: no two batches of a customer and a party differ only by the
/// case of letters (api.md 10, no. 8).
pub fn fold_batch_name(name: &str) -> String {
    name.to_lowercase()
}

/// Where an upload stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UploadStatus {
    /// Read and checked, not saved: nothing will happen unless somebody saves it.
    Draft,
    /// Saved; waits for its turn.
    Queued,
    /// Some rows have their outcome.
    Processing,
    /// Every row has its outcome and none of them failed.
    Finished,
    /// Every row has its outcome and some failed.
    FinishedWithErrors,
}

impl UploadStatus {
    /// Every status.
    pub const ALL: [Self; 5] = [
        Self::Draft,
        Self::Queued,
        Self::Processing,
        Self::Finished,
        Self::FinishedWithErrors,
    ];

    /// The word stored in the database and sent to clients (registration.md, section 4).
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Queued => "queued",
            Self::Processing => "processing",
            Self::Finished => "finished",
            Self::FinishedWithErrors => "finished_with_errors",
        }
    }

    /// The words shown to people.
    pub fn title(self) -> &'static str {
        match self {
            Self::Draft => "Not saved",
            Self::Queued => "Queued",
            Self::Processing => "Processing",
            Self::Finished => "Finished",
            Self::FinishedWithErrors => "Finished with errors",
        }
    }

    /// The status named `word`.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == word)
    }

    /// Whether every row has its outcome.
    pub fn is_final(self) -> bool {
        matches!(self, Self::Finished | Self::FinishedWithErrors)
    }

    /// The final status of an upload with these counts.
    pub fn final_of(counts: &OutcomeCounts) -> Self {
        if counts.failed() > 0 {
            Self::FinishedWithErrors
        } else {
            Self::Finished
        }
    }
}

/// How many rows ended in each outcome, by the order of [`Outcome::ALL`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct OutcomeCounts(pub [u64; Outcome::ALL.len()]);

impl OutcomeCounts {
    /// One more row ended in `outcome`.
    pub fn add(&mut self, outcome: Outcome) {
        self.0[outcome as usize] += 1;
    }

    /// Adds up two counts.
    pub fn merge(&mut self, other: &Self) {
        for (sum, n) in self.0.iter_mut().zip(other.0) {
            *sum += n;
        }
    }

    /// Rows that ended in `outcome`.
    pub fn of(&self, outcome: Outcome) -> u64 {
        self.0[outcome as usize]
    }

    /// Rows that have an outcome.
    pub fn decided(&self) -> u64 {
        self.0.iter().sum()
    }

    /// Rows whose outcome is a failure.
    pub fn failed(&self) -> u64 {
        Outcome::ALL
            .into_iter()
            .filter(|o| o.is_failure())
            .map(|o| self.of(o))
            .sum()
    }
}

/// One upload. Its id is the tracking id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Upload {
    /// Its id.
    pub id: UploadId,
    /// The batch it adds to; none while it is a draft.
    pub batch_id: Option<BatchId>,
    /// Whose devices these are to be.
    pub customer_id: OrganizationId,
    /// The party that sent it.
    pub party_id: OrganizationId,
    /// The person who sent it.
    pub created_by: UserId,
    /// The request that saved it (before that: that sent it).
    pub request_id: RequestId,
    /// The file's name, for people.
    pub file_name: String,
    /// SHA-256 of the file as sent.
    pub file_digest: [u8; 32],
    /// The group tag chosen for all rows.
    pub group_tag: String,
    /// Where it stands.
    pub status: UploadStatus,
    /// Rows in all; 0 while it is a draft.
    pub row_count: u64,
    /// Outcomes so far.
    pub counts: OutcomeCounts,
    /// When it was sent.
    pub created_at: Timestamp,
    /// When it was saved.
    pub queued_at: Option<Timestamp>,
    /// When the last row got its outcome.
    pub completed_at: Option<Timestamp>,
}

impl Upload {
    /// Rows without an outcome yet.
    pub fn pending(&self) -> u64 {
        self.row_count.saturating_sub(self.counts.decided())
    }
}

/// What the check of the list said about a row, kept with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RowVerdict {
    /// Identifies a device in one of the six accepted ways.
    #[serde(rename = "ok")]
    Ready,
    /// Can't be registered as it is.
    Invalid {
        /// The finding's code.
        code: String,
        /// What is wrong.
        cause: String,
        /// What to do.
        fix: String,
        /// The DDS code and name the original would answer, where one exists.
        dds: Option<(u16, String)>,
    },
    /// The same device as an earlier row of this list.
    Duplicate {
        /// The earlier row's line in the file.
        of_line: u64,
    },
}

/// One row of an upload: what the file said, and the check's verdict. For a row that is ready
/// the cells hold the values after certain repairs; otherwise exactly what was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UploadRow {
    /// 1 for the first row of data.
    pub number: u64,
    /// Its line in the file, 1 for the header.
    pub line: u64,
    /// Serial number, empty if none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub serial: String,
    /// Product key id, empty if none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub pkid: String,
    /// Manufacturer, empty if none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub manufacturer: String,
    /// Model, empty if none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub model: String,
    /// Hardware hash in base64, empty if none. Dropped once the device holds it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub hash: String,
    /// Group tag of the row, where the list has such a column.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group_tag: Option<String>,
    /// What the check said.
    pub verdict: RowVerdict,
}

/// What became of a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowResult {
    /// The one outcome.
    #[serde(rename = "o")]
    pub outcome: Outcome,
    /// The device, where the caller may know it: registered now or before.
    #[serde(rename = "d", default, skip_serializing_if = "Option::is_none")]
    pub device_id: Option<DeviceId>,
    /// Registered without a directory entry that vouches for it.
    #[serde(rename = "u", default, skip_serializing_if = "std::ops::Not::not")]
    pub unverified: bool,
}

impl RowResult {
    /// The device, if this row registered it.
    pub fn registered(&self) -> Option<DeviceId> {
        self.device_id
            .filter(|_| self.outcome == Outcome::Registered)
    }
}

/// A row and its result, as shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UploadRowResult {
    /// The row.
    pub row: UploadRow,
    /// Its result; `None` while it waits.
    pub result: Option<RowResult>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_has_a_name_that_can_be_read_and_asked_for() {
        for good in ["Ward 7/east", "a?b#c", "...", "Größe 3", "x"] {
            assert_eq!(check_batch_name(good), Ok(()), "{good}");
        }
        for bad in ["", " ", ".", "..", "a\u{7}", "\u{202e}", "a\u{2066}b"] {
            assert_eq!(check_batch_name(bad), Err(BatchNameError), "{bad:?}");
        }
        assert!(check_batch_name(&"x".repeat(257)).is_err());
    }

    #[test]
    fn an_upload_with_nothing_but_known_devices_is_finished_without_errors() {
        let mut counts = OutcomeCounts::default();
        counts.add(Outcome::AlreadyRegistered);
        counts.add(Outcome::DuplicateInList);
        counts.add(Outcome::Registered);
        assert_eq!(UploadStatus::final_of(&counts), UploadStatus::Finished);
        counts.add(Outcome::RegisteredElsewhere);
        assert_eq!(
            UploadStatus::final_of(&counts),
            UploadStatus::FinishedWithErrors
        );
        assert_eq!((counts.decided(), counts.failed()), (4, 1));
    }
}
