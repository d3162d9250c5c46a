//! Operations: what an OEM sends in one go, each line with a customer of its own, and the moves
//! from its first line to its end.

mod line;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::clock::Timestamp;
use crate::ids::{OperationId, OrganizationId, RequestId, UserId};
use crate::upload::OutcomeCounts;

pub use self::line::{
    CustomerName, LineFinding, LineResult, OperationLine, Shipment, UNNAMED_BATCH, is_ship_date,
};

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
}
