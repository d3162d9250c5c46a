//! The audit log, read. It is written by the methods that act.

use async_trait::async_trait;
use registration::access::Scope;
use registration::audit::{AuditEntry, AuditLine};
use registration::ids::OrganizationId;
use uuid::Uuid;

use crate::Result;

/// Which lines to read. Every part narrows further.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TrailFilter {
    /// Lines that also concern this organization (as actor or as the one concerned).
    pub with: Option<OrganizationId>,
    /// Lines about this target.
    pub target: Option<Uuid>,
}

/// The audit log.
#[async_trait]
pub trait Trail: Send + Sync {
    /// Lines that concern the scope's organization, newest first. The person is named only where
    /// it is one of the scope's own organization.
    async fn trail(
        &self,
        scope: &Scope,
        filter: TrailFilter,
        before: Option<Uuid>,
        limit: usize,
    ) -> Result<crate::Page<AuditLine>>;

    /// Writes a line for something that changes nothing else (a refused attempt).
    async fn note(&self, entry: AuditEntry) -> Result<()>;
}
