//! Consent as stored, and which devices of a customer an organization sees.

use registration::access::Scope;
use registration::clock::Timestamp;
use registration::ids::OrganizationId;
use rusqlite::{Connection, params};

use super::rows;
use crate::Result;

/// Whether the customer consents to this party at `now`; always so to itself.
pub(super) fn consents(
    conn: &Connection,
    party: OrganizationId,
    customer: OrganizationId,
    now: Timestamp,
) -> Result<bool> {
    if party == customer {
        return Ok(true);
    }
    rows::value(
        conn,
        "SELECT EXISTS (SELECT 1 FROM relationship WHERE party_id = ?1 AND customer_id = ?2 \
         AND ended_at = 0 AND state = 'active' AND (expires_at IS NULL OR expires_at > ?3))",
        params![party.0, customer.0, now.0],
    )
}

/// Which of a customer's devices are in sight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sight {
    /// All of them: it is the customer itself.
    All,
    /// Those that this party registered.
    RegisteredBy(OrganizationId),
    /// None.
    Nothing,
}

impl Sight {
    /// What the scope's organization sees of the customer's devices at `now`.
    pub(super) fn of(
        conn: &Connection,
        scope: &Scope,
        customer: OrganizationId,
        now: Timestamp,
    ) -> Result<Self> {
        let own = scope.organization_id();
        if own == customer {
            Ok(Self::All)
        } else if consents(conn, own, customer, now)? {
            Ok(Self::RegisteredBy(own))
        } else {
            Ok(Self::Nothing)
        }
    }

    /// The party whose devices alone are seen.
    pub(super) fn party(self) -> Option<OrganizationId> {
        match self {
            Self::RegisteredBy(party) => Some(party),
            Self::All | Self::Nothing => None,
        }
    }
}
