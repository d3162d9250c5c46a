//! Devices that a customer's own script imports: submissions whose every row stays known by an id of
//! its own.

use async_trait::async_trait;
use registration::access::Scope;
use registration::audit::Act;
use registration::ids::ImportId;
use registration::imported::ImportedIdentity;
use uuid::Uuid;

use crate::submissions::Submission;
use crate::{Page, Result};

/// Devices to be registered with one group tag, and the identities that their rows are.
#[derive(Debug, Clone)]
pub struct Import {
    /// The upload.
    pub submission: Submission,
    /// What was sent of each row. They wait.
    pub identities: Vec<ImportedIdentity>,
}

/// A change of what was sent. What is `None` stays.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ImportChange {
    /// The client's own name for the import.
    pub import_name: Option<String>,
    /// Whom the device is to be assigned to; without effect once it is registered.
    pub user_principal_name: Option<String>,
}

/// Imported identities: a customer's own, and nobody else's.
#[async_trait]
pub trait Imported: Send + Sync {
    /// Queues all of these uploads in one step, as [`crate::submissions::Submissions::submit`] does
    /// each. When a row gets its result, its identity gets its state, and the device its user.
    async fn import(&self, scope: &Scope, act: &Act, imports: Vec<Import>) -> Result<()>;

    /// The identities of the scope's organization, newest first, before the id `before`.
    async fn imported(
        &self,
        scope: &Scope,
        before: Option<Uuid>,
        limit: usize,
    ) -> Result<Page<ImportedIdentity>>;

    /// How many there are.
    async fn imported_count(&self, scope: &Scope) -> Result<u64>;

    /// One of them.
    async fn imported_identity(
        &self,
        scope: &Scope,
        id: ImportId,
    ) -> Result<Option<ImportedIdentity>>;

    /// Changes what was sent of one. `NotFound`. Audit: `ImportChanged`, if anything changed.
    async fn change_imported(
        &self,
        scope: &Scope,
        act: &Act,
        id: ImportId,
        change: ImportChange,
    ) -> Result<()>;

    /// Deletes one; its device and its upload stay what they are. `NotFound`. Audit:
    /// `ImportDeleted`.
    async fn delete_imported(&self, scope: &Scope, act: &Act, id: ImportId) -> Result<()>;
}
