//! Operations: what an OEM sends in one go, each line with a customer of its own, and the moves
//! from its first line to its end.

use std::str::FromStr;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::clock::Timestamp;
use crate::ids::{OperationId, OrganizationId, RequestId, UserId};
use crate::upload::{OutcomeCounts, RowResult, RowVerdict, UploadRow};

/// The name of the batch of devices that have neither group tag nor purchase order.
pub const UNNAMED_BATCH: &str = "OEM API";

/// Where an operation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OperationStatus {
    /// Its lines are still coming: nothing happens unless the last one does.
    Receiving,
    /// Complete; waits for its turn.
    Queued,
    /// Some lines have their outcome.
    Running,
    /// Every line has its outcome.
    Done,
    /// All or nothing was asked for, and some line failed: nothing was registered.
    Refused,
    /// Cancelled before its end: the lines without an outcome stay without.
    Cancelled,
    /// What it registered is being released.
    Voiding,
    /// What it registered is released, as far as it was still the OEM's to release.
    Voided,
}

impl OperationStatus {
    /// Every status.
    pub const ALL: [Self; 8] = [
        Self::Receiving,
        Self::Queued,
        Self::Running,
        Self::Done,
        Self::Refused,
        Self::Cancelled,
        Self::Voiding,
        Self::Voided,
    ];

    /// The word in the database and in answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Receiving => "receiving",
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Done => "done",
            Self::Refused => "refused",
            Self::Cancelled => "cancelled",
            Self::Voiding => "voiding",
            Self::Voided => "voided",
        }
    }

    /// The status named `word`.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == word)
    }

    /// Whether no line gets an outcome any more.
    pub fn is_final(self) -> bool {
        !matches!(self, Self::Receiving | Self::Queued | Self::Running)
    }
}

/// Why an operation does not move so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum OperationRefusal {
    /// It ended before.
    #[error("The operation has ended: there is nothing to cancel. Void it to release its devices.")]
    Ended,
    /// It still runs.
    #[error("The operation is not done yet. Cancel it, or wait until it is done, then void it.")]
    Runs,
    /// It registered nothing.
    #[error("The operation was refused as a whole: it registered nothing that could be released.")]
    Nothing,
}

/// What an OEM sent in one go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operation {
    /// Its id.
    pub id: OperationId,
    /// The OEM.
    pub party_id: OrganizationId,
    /// The account that sent it.
    pub created_by: UserId,
    /// The request that sent it.
    pub request_id: RequestId,
    /// Where it stands.
    pub status: OperationStatus,
    /// Its lines.
    pub line_count: u64,
    /// Outcomes so far.
    pub counts: OutcomeCounts,
    /// Devices released by voiding it.
    pub released: u64,
    /// When it was sent.
    pub created_at: Timestamp,
    /// When the last line got its outcome, or it was cancelled.
    pub completed_at: Option<Timestamp>,
}

impl Operation {
    /// One whose lines are still coming.
    pub fn receiving(
        id: OperationId,
        party_id: OrganizationId,
        created_by: UserId,
        request_id: RequestId,
        created_at: Timestamp,
    ) -> Self {
        Self {
            id,
            party_id,
            created_by,
            request_id,
            status: OperationStatus::Receiving,
            line_count: 0,
            counts: OutcomeCounts::default(),
            released: 0,
            created_at,
            completed_at: None,
        }
    }

    /// What people call it in the audit log.
    pub fn called(&self) -> String {
        format!("Operation {}", self.id)
    }

    /// The operation as it was when it was sent, before anything became of it.
    #[must_use]
    pub fn as_sent(self) -> Self {
        Self {
            status: OperationStatus::Queued,
            counts: OutcomeCounts::default(),
            released: 0,
            completed_at: None,
            ..self
        }
    }

    /// These outcomes are known now; `more` tells whether lines are left without.
    #[must_use]
    pub fn applied(mut self, counts: &OutcomeCounts, more: bool, at: Timestamp) -> Self {
        self.counts.merge(counts);
        if more {
            self.status = OperationStatus::Running;
        } else {
            self.status = OperationStatus::Done;
            self.completed_at = Some(at);
        }
        self
    }

    /// Cancels it. Cancelling twice changes nothing.
    pub fn cancel(mut self, at: Timestamp) -> Result<Self, OperationRefusal> {
        match self.status {
            OperationStatus::Cancelled => Ok(self),
            OperationStatus::Queued | OperationStatus::Running => {
                self.status = OperationStatus::Cancelled;
                self.completed_at = Some(at);
                Ok(self)
            }
            _ => Err(OperationRefusal::Ended),
        }
    }

    /// Begins to release what it registered. Doing so twice changes nothing.
    pub fn void(mut self) -> Result<Self, OperationRefusal> {
        if self.status == OperationStatus::Refused {
            return Err(OperationRefusal::Nothing);
        }
        if !self.status.is_final() {
            return Err(OperationRefusal::Runs);
        }
        if self.status != OperationStatus::Voided {
            self.status = OperationStatus::Voiding;
        }
        Ok(self)
    }

    /// So many more devices are released; `more` tells whether some are left.
    #[must_use]
    pub fn released(mut self, devices: u64, more: bool) -> Self {
        self.released += devices;
        if !more {
            self.status = OperationStatus::Voided;
        }
        self
    }
}

/// What is wrong with one field of a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineFinding {
    /// Stable code: that of the finding (`EN0206`), or a word for what no list has.
    pub code: String,
    /// The property it is about; empty for the line as a whole.
    pub field: String,
    /// What is wrong.
    pub cause: String,
    /// What to do.
    pub fix: String,
}

/// What an OEM keeps of a device it ships: for its own queries, shown to nobody else.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Shipment {
    /// The OEM's own reference, empty if none.
    pub reference: String,
    /// Purchase order, empty if none.
    pub purchase_order: String,
    /// Ship date, `YYYY-MM-DD`, empty if none.
    pub ship_date: String,
}

impl Shipment {
    /// Whether nothing is known.
    pub fn is_empty(&self) -> bool {
        self.reference.is_empty() && self.purchase_order.is_empty() && self.ship_date.is_empty()
    }
}

/// One line of an operation, checked: with findings it can't be registered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperationLine {
    /// 1 for the first.
    pub number: u64,
    /// The customer: tenant id or domain, in small letters.
    pub customer: String,
    /// The group tag, as sent; empty if none.
    pub group_tag: String,
    /// Manufacturer, empty if none.
    pub manufacturer: String,
    /// Model, empty if none.
    pub model: String,
    /// Serial number, empty if none.
    pub serial: String,
    /// Product key id, empty if none.
    pub pkid: String,
    /// What the OEM keeps of it.
    pub shipment: Shipment,
    /// What is wrong with it.
    pub findings: Vec<LineFinding>,
}

impl OperationLine {
    /// The batch its device goes into: called by its group tag, as in the portal, else by its
    /// purchase order.
    pub fn batch_name(&self) -> &str {
        if !self.group_tag.is_empty() {
            &self.group_tag
        } else if !self.shipment.purchase_order.is_empty() {
            &self.shipment.purchase_order
        } else {
            UNNAMED_BATCH
        }
    }

    /// The same as a row of an upload, which is what rows are planned and applied as.
    pub fn to_row(&self) -> UploadRow {
        let verdict = match self.findings.first() {
            None => RowVerdict::Ready,
            Some(first) => RowVerdict::Invalid {
                code: first.code.clone(),
                cause: first.cause.clone(),
                fix: first.fix.clone(),
                dds: None,
            },
        };
        UploadRow {
            number: self.number,
            line: self.number,
            serial: self.serial.clone(),
            pkid: self.pkid.clone(),
            manufacturer: self.manufacturer.clone(),
            model: self.model.clone(),
            hash: String::new(),
            group_tag: None,
            verdict,
        }
    }
}

/// A line and its result, as shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineResult {
    /// The line.
    pub line: OperationLine,
    /// Its result; `None` while it waits, and for good where the operation was cancelled.
    pub result: Option<RowResult>,
}

impl LineResult {
    /// Whether its outcome is a failure.
    pub fn failed(&self) -> bool {
        let result = self.result.as_ref();
        result.is_some_and(|result| result.outcome.is_failure())
    }
}

/// Which customer a line means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CustomerName {
    /// By tenant id.
    Id(OrganizationId),
    /// By domain.
    Domain(String),
}

impl CustomerName {
    /// Takes a customer's name apart: whatever is no GUID is a domain.
    pub fn parse(text: &str) -> Self {
        let text = text.trim();
        match OrganizationId::from_str(text) {
            Ok(id) => Self::Id(id),
            Err(_) => Self::Domain(text.to_lowercase()),
        }
    }
}

/// Whether a text is a ship date: a day of the calendar as `YYYY-MM-DD`.
pub fn is_ship_date(text: &str) -> bool {
    text.len() == 10 && text.parse::<Date>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Outcome;

    fn operation(status: OperationStatus) -> Operation {
        let id = uuid::Uuid::nil();
        let (party, user) = (OrganizationId(id), UserId(id));
        let sent = Operation::receiving(OperationId(id), party, user, RequestId(id), Timestamp(1));
        Operation { status, ..sent }
    }

    fn line() -> OperationLine {
        OperationLine {
            number: 1,
            customer: "contoso.example".to_owned(),
            group_tag: String::new(),
            manufacturer: String::new(),
            model: String::new(),
            serial: String::new(),
            pkid: String::new(),
            shipment: Shipment::default(),
            findings: Vec::new(),
        }
    }

    #[test]
    fn only_what_runs_is_cancelled_and_only_what_ended_is_voided() {
        use OperationStatus::{Cancelled, Queued, Running, Voided, Voiding};
        for status in OperationStatus::ALL {
            let cancelled = operation(status).cancel(Timestamp(2));
            assert_eq!(
                cancelled.is_ok(),
                matches!(status, Queued | Running | Cancelled),
                "{status:?}"
            );
            let voided = operation(status).void();
            let ended = status.is_final() && status != OperationStatus::Refused;
            assert_eq!(voided.is_ok(), ended, "{status:?}");
        }
        let voided = operation(Voided).void().expect("changes nothing");
        assert_eq!(voided.status, Voided);
        let voiding = operation(OperationStatus::Done).void().expect("begins");
        assert_eq!(voiding.status, Voiding);
        let half = voiding.released(3, true);
        assert_eq!((half.status, half.released), (Voiding, 3));
        assert_eq!(half.released(2, false).status, Voided);
    }

    #[test]
    fn an_operation_ends_with_its_last_line() {
        let mut counts = OutcomeCounts::default();
        counts.add(Outcome::Registered);
        let half = operation(OperationStatus::Queued).applied(&counts, true, Timestamp(5));
        assert_eq!(half.status, OperationStatus::Running);
        let done = half.applied(&counts, false, Timestamp(6));
        assert_eq!(done.status, OperationStatus::Done);
        assert_eq!(done.completed_at, Some(Timestamp(6)));
        assert_eq!(done.counts.decided(), 2);
    }

    #[test]
    fn a_batch_is_called_by_its_tag_else_by_the_purchase_order() {
        let mut line = line();
        assert_eq!(line.batch_name(), UNNAMED_BATCH);
        line.shipment.purchase_order = "PO-7".to_owned();
        assert_eq!(line.batch_name(), "PO-7");
        line.group_tag = "Microsoft365Managed_Kiosk".to_owned();
        assert_eq!(line.batch_name(), "Microsoft365Managed_Kiosk");
    }

    #[test]
    fn customers_are_named_by_guid_or_domain() {
        let id = "d88a2c1e-2b9a-4d1c-8a54-0a1f5d0c8f11";
        let parsed = CustomerName::parse(&format!(" {} ", id.to_uppercase()));
        assert_eq!(parsed, CustomerName::Id(id.parse().expect("a GUID")));
        let domain = CustomerName::parse("Contoso.Example");
        assert_eq!(domain, CustomerName::Domain("contoso.example".to_owned()));
    }

    #[test]
    fn a_ship_date_is_a_day() {
        assert!(is_ship_date("2026-11-30"));
        for wrong in [
            "2026-02-30",
            "30.11.2026",
            "2026-11-30T00:00:00",
            "20261130",
            "",
        ] {
            assert!(!is_ship_date(wrong), "{wrong}");
        }
    }
}
