//! Operations of OEMs: registering lines that each name their own customer, and what can be asked
//! of them afterwards. How they come in is [`intake`], what one line says is [`line`].

pub mod codes;
pub mod deregister;
pub mod intake;
pub mod line;
pub mod report;

use registration::access::Action;
use registration::ids::{JobId, OperationId};
use registration::operation::{CustomerName, LineResult, Operation};
use storage::jobs::{JobKind, NewJob};
use storage::{Page, StorageError};
use uuid::Uuid;

use crate::{Caller, Consenting, Desk, DeskError, KnownBy, Result, ShippedDevice, WouldRelease};

/// Lines, devices or names that one request may hold where it is answered at once.
pub const AT_ONCE: usize = 1000;

impl Desk {
    /// One operation of the caller's organization.
    pub async fn operation(&self, caller: &Caller, id: OperationId) -> Result<Operation> {
        let scope = caller.may(Action::RunOperations)?;
        let found = self.storage.operation(&scope, id).await?;
        found.ok_or(DeskError::NotFound)
    }

    /// The operations of the caller's organization, newest first.
    pub async fn operations(
        &self,
        caller: &Caller,
        before: Option<Uuid>,
        limit: usize,
    ) -> Result<Page<Operation>> {
        let scope = caller.may(Action::RunOperations)?;
        Ok(self.storage.operations(&scope, before, limit).await?)
    }

    /// Lines of an operation with what became of them, in the order in which they were sent.
    pub async fn operation_lines(
        &self,
        caller: &Caller,
        id: OperationId,
        failed: bool,
        after: u64,
        limit: usize,
    ) -> Result<Vec<LineResult>> {
        let scope = caller.may(Action::RunOperations)?;
        let storage = &self.storage;
        Ok(storage
            .operation_lines(&scope, id, failed, after, limit)
            .await?)
    }

    /// Cancels an operation. What is registered stays so.
    pub async fn cancel_operation(&self, caller: &Caller, id: OperationId) -> Result<Operation> {
        let scope = caller.may(Action::RunOperations)?;
        let act = caller.act(self);
        Ok(self.storage.cancel_operation(&scope, &act, id).await?)
    }

    /// What voiding an operation would release now.
    pub async fn would_release(
        &self,
        caller: &Caller,
        id: OperationId,
    ) -> Result<Vec<WouldRelease>> {
        caller.may(Action::RunOperations)?;
        let scope = caller.may(Action::Deregister)?;
        let act = caller.act(self);
        Ok(self.storage.would_release(&scope, &act, id).await?)
    }

    /// Voids an operation: from here on what it registered is released, whatever happens.
    pub async fn void_operation(&self, caller: &Caller, id: OperationId) -> Result<Operation> {
        caller.may(Action::RunOperations)?;
        let scope = caller.may(Action::Deregister)?;
        let job = NewJob {
            id: JobId(self.uuid()),
            kind: JobKind::VoidOperation(id),
            run_at: self.now(),
        };
        let act = caller.act(self);
        let voided = self.storage.void_operation(&scope, &act, id, job).await?;
        self.wake.notify_one();
        Ok(voided)
    }

    /// Devices that the caller's organization registered, by all of what it knows them by; newest
    /// first.
    pub async fn shipped_devices(
        &self,
        caller: &Caller,
        known_by: &[KnownBy],
        before: Option<Uuid>,
        limit: usize,
    ) -> Result<Page<ShippedDevice>> {
        caller.may(Action::RunOperations)?;
        let scope = caller.may(Action::ViewDevices)?;
        let found = self
            .storage
            .shipped_devices(&scope, known_by, self.now(), before, limit)
            .await;
        match found {
            // What no database can hold is known by nobody.
            Err(StorageError::NotFound) => Ok(Page::none()),
            found => Ok(found?),
        }
    }

    /// For each of these customers (tenant id or domain) whether it consents now. One that does
    /// not and one that is not there are the same.
    pub async fn check_consents(
        &self,
        caller: &Caller,
        customers: &[String],
    ) -> Result<Vec<Option<Consenting>>> {
        let scope = caller.may(Action::RunOperations)?;
        check_count(customers.len(), "customers")?;
        let name = |text: &String| {
            let text: String = text.chars().filter(|c| !c.is_control()).collect();
            CustomerName::parse(&text)
        };
        let names: Vec<_> = customers.iter().map(name).collect();
        let storage = &self.storage;
        Ok(storage.consenting(&scope, &names, self.now()).await?)
    }
}

/// Whether so many may come in one request.
fn check_count(count: usize, what: &'static str) -> Result<()> {
    if count == 0 {
        return Err(DeskError::field(what, "Give at least one."));
    }
    if count > AT_ONCE {
        return Err(DeskError::TooLarge {
            limit: AT_ONCE as u64,
            unit: what,
        });
    }
    Ok(())
}
