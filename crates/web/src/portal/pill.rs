//! How the states of things look: tone, icon and words, the same on every page.

use device_list::Severity;
use registration::api_client::ClientCredential;
use registration::clock::Timestamp;
use registration::device::DeviceState;
use registration::plan::Outcome;
use registration::relationship::{EndReason, Relationship, RelationshipState};
use registration::upload::UploadStatus;
use service::ClientView;

use crate::portal::words::{counted, sentence};

/// An end that comes within this many days is worth a warning.
const SOON_DAYS: i64 = 30;

/// What `ui::pill` needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pill {
    /// `ok`, `warn`, `bad`, `note` or `idle`.
    pub tone: &'static str,
    /// The icon.
    pub glyph: &'static str,
    /// The words.
    pub text: String,
}

impl Pill {
    fn new(tone: &'static str, glyph: &'static str, text: impl Into<String>) -> Self {
        Self {
            tone,
            glyph,
            text: text.into(),
        }
    }

    /// Where a relationship stands now.
    pub(super) fn of_relationship(relationship: &Relationship, now: Timestamp) -> Self {
        match relationship.state {
            RelationshipState::Requested => Self::new("note", "clock", "Requested"),
            RelationshipState::Active {
                expires_at: None, ..
            } => Self::new("ok", "check", "Active"),
            RelationshipState::Active {
                expires_at: Some(end),
                ..
            } => Self::until(end, now),
            RelationshipState::Ended { reason, .. } => Self::new("idle", "ban", ended(reason)),
        }
    }

    /// The state of a device.
    pub(super) fn of_device(state: DeviceState) -> Self {
        let (tone, glyph) = match state {
            DeviceState::RegistrationPending => ("note", "clock"),
            DeviceState::RegistrationFailed => ("bad", "error"),
            DeviceState::ReadyForUser | DeviceState::Active => ("ok", "check"),
            DeviceState::Inactive => ("idle", "moon"),
        };
        Self::new(tone, glyph, state.title())
    }

    /// Whether an API client can still be used.
    pub(super) fn of_client(view: &ClientView, now: Timestamp) -> Self {
        if view.client.revoked_at.is_some() {
            return Self::new("idle", "ban", "Revoked");
        }
        let ends = view.credentials.iter().map(|known| known.expires_at).max();
        match ends {
            _ if view.client.public => Self::new("ok", "check", "Active"),
            Some(end) if end > now => Self::until(end, now),
            _ => Self::new("warn", "warning", "No secret or key"),
        }
    }

    /// Whether a secret or key can still be used.
    pub(super) fn of_credential(known: &ClientCredential, now: Timestamp) -> Self {
        Self::until(known.expires_at, now)
    }

    fn until(end: Timestamp, now: Timestamp) -> Self {
        let date = end.to_date();
        if end <= now {
            Self::new("idle", "ban", format!("Expired on {date}"))
        } else if end <= now.plus_days(SOON_DAYS) {
            Self::new("warn", "clock", format!("Active, ends on {date}"))
        } else {
            Self::new("ok", "check", format!("Active until {date}"))
        }
    }

    /// Where an upload stands.
    pub(super) fn of_upload(status: UploadStatus) -> Self {
        let (tone, glyph) = match status {
            UploadStatus::Draft => ("idle", "note"),
            UploadStatus::Queued => ("note", "clock"),
            UploadStatus::Processing => ("note", "sync"),
            UploadStatus::Finished => ("ok", "check"),
            UploadStatus::FinishedWithErrors => ("warn", "warning"),
        };
        Self::new(tone, glyph, status.title())
    }

    /// How many findings of a severity there are.
    pub(super) fn of_severity(severity: Severity, count: usize) -> Self {
        let (tone, glyph) = match severity {
            Severity::Error => ("bad", "error"),
            Severity::Warning => ("warn", "warning"),
            Severity::Note => ("note", "note"),
        };
        Self::new(tone, glyph, counted(count, severity.as_str()))
    }

    /// How bad a kind of finding usually is.
    pub(super) fn of_usual_severity(severity: Severity) -> Self {
        Self {
            text: sentence(severity.as_str()),
            ..Self::of_severity(severity, 1)
        }
    }

    /// What became, or would become, of a row.
    pub(super) fn of_outcome(outcome: Outcome) -> Self {
        let (tone, glyph) = match outcome {
            Outcome::Registered => ("ok", "check"),
            Outcome::AlreadyRegistered => ("idle", "check"),
            Outcome::RegisteredElsewhere | Outcome::NoConsent => ("bad", "ban"),
            Outcome::NotFound => ("bad", "search"),
            Outcome::Invalid => ("bad", "error"),
            Outcome::DuplicateInList => ("warn", "copy"),
            Outcome::WrongTag => ("bad", "tag"),
        };
        Self::new(tone, glyph, outcome.title())
    }
}

fn ended(reason: EndReason) -> &'static str {
    match reason {
        EndReason::Revoked => "Revoked by the customer",
        EndReason::Withdrawn => "Withdrawn",
        EndReason::Declined => "Declined",
        EndReason::Expired => "Expired",
    }
}

#[cfg(test)]
mod tests {
    use registration::ids::{InvitationId, OrganizationId, RelationshipId, UserId};
    use uuid::Uuid;

    use super::*;

    fn until(expires_at: Option<Timestamp>) -> Relationship {
        let id = Uuid::nil();
        Relationship {
            id: RelationshipId(id),
            party_id: OrganizationId(id),
            customer_id: OrganizationId(id),
            invitation_id: InvitationId(id),
            delegated_administration: false,
            requested_at: Timestamp(0),
            state: RelationshipState::Active {
                since: Timestamp(0),
                accepted_by: UserId(id),
                expires_at,
            },
        }
    }

    #[test]
    fn a_consent_that_ends_soon_is_a_warning_and_one_that_ended_is_not_active() {
        let now = Timestamp(0).plus_days(100);
        let shown = |days| Pill::of_relationship(&until(Some(Timestamp(0).plus_days(days))), now);
        assert_eq!(Pill::of_relationship(&until(None), now).text, "Active");
        assert_eq!(shown(99).text, "Expired on 1970-04-10");
        assert_eq!((shown(101).tone, shown(400).tone), ("warn", "ok"));
    }
}
