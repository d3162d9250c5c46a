//! Activity: the audit log as far as it concerns one's own organization.

use registration::access::Action;
use registration::audit::AuditLine;
use registration::ids::OrganizationId;
use storage::Page;
use storage::trail::TrailFilter;
use uuid::Uuid;

use crate::{Caller, Desk, Result};

impl Desk {
    /// Lines of the audit log, newest first; with one other organization, or about one target.
    pub async fn activity(
        &self,
        caller: &Caller,
        with: Option<OrganizationId>,
        target: Option<Uuid>,
        before: Option<Uuid>,
        limit: usize,
    ) -> Result<Page<AuditLine>> {
        let scope = caller.may(Action::ViewActivity)?;
        let filter = TrailFilter { with, target };
        Ok(self.storage.trail(&scope, filter, before, limit).await?)
    }
}
