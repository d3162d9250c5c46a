//! How lines come in: one after the other, of any number up to the limit. Few are answered at
//! once; of many every chunk is kept as it comes, and nothing runs before the last one did.

use std::collections::HashSet;

use registration::access::{Action, Scope};
use registration::ids::{JobId, OperationId, OrganizationId, RequestId};
use registration::operation::{LineResult, Operation, OperationLine, OperationStatus};
use sha2::{Digest, Sha256};
use storage::jobs::{JobKind, NewJob};
use storage::operations::{Intent, LineChunk, LinesDone, Sent};
use storage::submissions::RequestKey;
use uuid::Uuid;

use super::AT_ONCE;
use super::line::GivenLine;
use crate::register::{Canon, in_background};
use crate::{Caller, Desk, DeskError, Result};

/// Lines of one transaction: it takes some tens of milliseconds.
const CHUNK_LINES: usize = 2000;
/// Customers, tags and batches of one transaction, each of which takes statements of its own.
const CHUNK_SHARES: usize = 64;

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Order {
    /// Register all lines, or none if one can't be.
    pub all_or_nothing: bool,
    /// The `Idempotency-Key`, if the client gave one.
    pub key: Option<String>,
}

/// What lines became.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Taken {
    /// They have their results.
    Done(Operation, Vec<LineResult>),
    /// They wait for their turns; as it was sent.
    Waits(Operation),
}

/// Lines on their way in.
pub struct Intake<'a> {
    desk: &'a Desk,
    caller: &'a Caller,
    scope: Scope,
    canon: Canon,
    count: u64,
    kept: u64,
    pending: Vec<GivenLine>,
    shares: HashSet<(String, String, String)>,
    chunks: u64,
    received: Option<OperationId>,
}

impl Desk {
    /// Begins to take lines of an OEM.
    pub fn intake<'a>(&'a self, caller: &'a Caller) -> Result<Intake<'a>> {
        let scope = caller.may(Action::RunOperations)?;
        Ok(Intake {
            desk: self,
            caller,
            scope,
            canon: Canon::new("lines", caller.organization.id),
            count: 0,
            kept: 0,
            pending: Vec::new(),
            shares: HashSet::new(),
            chunks: 0,
            received: None,
        })
    }

    /// What would become of lines, if they were sent now: the same as if they were, and nothing is
    /// written.
    pub async fn validate_lines(
        &self,
        caller: &Caller,
        lines: Vec<GivenLine>,
    ) -> Result<(Operation, Vec<LineResult>)> {
        let mut intake = self.intake(caller)?;
        super::check_count(lines.len(), "lines")?;
        for line in lines {
            intake.add(line).await?;
        }
        intake.at_once(Intent::Validate, None).await
    }
}

impl Intake<'_> {
    /// Lines taken so far.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Takes a line. Beyond the limit of an operation: [`DeskError::TooLarge`].
    pub async fn add(&mut self, line: GivenLine) -> Result<()> {
        let limit = self.desk.limits.operation_lines;
        if self.count >= limit {
            return Err(DeskError::TooLarge {
                limit,
                unit: "lines",
            });
        }
        line.told(&mut self.canon);
        self.count += 1;
        let share = (
            line.customer.clone(),
            line.group_tag.clone(),
            line.purchase_order.clone(),
        );
        let many = self.count > AT_ONCE as u64;
        let new = many && !self.shares.contains(&share);
        if many && (self.pending.len() >= CHUNK_LINES || new && self.shares.len() >= CHUNK_SHARES) {
            self.keep_chunk().await?;
        }
        if !self.shares.contains(&share) {
            self.shares.insert(share);
        }
        self.pending.push(line);
        Ok(())
    }

    /// The last line was taken.
    pub async fn finish(mut self, order: &Order) -> Result<Taken> {
        if self.count == 0 {
            return Err(DeskError::field("lines", "Give at least one line."));
        }
        let intent = if order.all_or_nothing {
            Intent::AllOrNothing
        } else {
            Intent::Each
        };
        if self.count <= AT_ONCE as u64 {
            let (operation, lines) = self.at_once(intent, order.key.as_deref()).await?;
            return Ok(Taken::Done(operation, lines));
        }
        if order.all_or_nothing {
            self.drop_received().await?;
            return Err(DeskError::field(
                "allOrNothing",
                format!(
                    "All or nothing goes up to {AT_ONCE} lines. Split the lines, or leave it out."
                ),
            ));
        }
        self.keep_chunk().await?;
        self.queue(order.key.as_deref()).await
    }

    /// Lets go of what was kept of lines that are not to be an operation after all.
    pub async fn drop_received(&mut self) -> Result<()> {
        if let Some(id) = self.received.take() {
            self.desk.storage.drop_operation(&self.scope, id).await?;
        }
        Ok(())
    }

    fn new_operation(&self) -> Operation {
        Operation::receiving(
            OperationId(self.desk.uuid()),
            self.caller.organization.id,
            self.caller.user.id,
            self.caller.request_id,
            self.desk.now(),
        )
    }

    /// Checks the lines that wait.
    async fn checked(&mut self) -> Result<Vec<OperationLine>> {
        let lines = std::mem::take(&mut self.pending);
        self.shares.clear();
        let first = self.kept + 1;
        self.kept += lines.len() as u64;
        let check = move || {
            let numbered = (first..).zip(lines);
            numbered.map(|(n, line)| line.checked(n)).collect()
        };
        in_background(check).await
    }

    async fn keep_chunk(&mut self) -> Result<()> {
        let id = if let Some(id) = self.received {
            id
        } else {
            let operation = self.new_operation();
            let id = operation.id;
            let storage = &self.desk.storage;
            storage.receive_operation(&self.scope, operation).await?;
            *self.received.insert(id)
        };
        let lines = self.checked().await?;
        let number = self.chunks;
        self.chunks += 1;
        let chunk = LineChunk { number, lines };
        let storage = &self.desk.storage;
        Ok(storage.receive_lines(&self.scope, id, chunk).await?)
    }

    async fn at_once(
        mut self,
        intent: Intent,
        key: Option<&str>,
    ) -> Result<(Operation, Vec<LineResult>)> {
        let lines = self.checked().await?;
        let operation = self.new_operation();
        let act = self.caller.act(self.desk);
        let (desk, scope) = (self.desk, self.scope);
        let key = self.request_key(key, intent);
        let storage = &desk.storage;
        let done = storage
            .register_lines(&scope, &act, operation, lines.clone(), intent, key)
            .await?;
        match done {
            LinesDone::Now { operation, results } => {
                let with = lines.into_iter().zip(results);
                let lines = with.map(|(line, result)| LineResult {
                    line,
                    result: Some(result),
                });
                Ok((operation, lines.collect()))
            }
            LinesDone::Before(id) => {
                let operation = storage.operation(&scope, id).await?;
                let operation = operation.ok_or(DeskError::NotFound)?;
                let lines = storage
                    .operation_lines(&scope, id, false, 0, AT_ONCE)
                    .await?;
                Ok((as_answered(operation), lines))
            }
        }
    }

    async fn queue(mut self, key: Option<&str>) -> Result<Taken> {
        let id = self.received.take().ok_or(DeskError::NotFound)?;
        let (desk, scope) = (self.desk, self.scope);
        let act = self.caller.act(desk);
        let job = NewJob {
            id: JobId(desk.uuid()),
            kind: JobKind::ApplyOperation(id),
            run_at: desk.now(),
        };
        let key = self.request_key(key, Intent::Each);
        let sent = desk
            .storage
            .queue_operation(&scope, &act, id, key, job)
            .await;
        let sent = match sent {
            Ok(sent) => sent,
            Err(error) => {
                desk.storage.drop_operation(&scope, id).await?;
                return Err(error.into());
            }
        };
        desk.wake.notify_one();
        let operation = match sent {
            Sent::Now(operation) => operation,
            Sent::Before(id) => {
                let operation = desk.storage.operation(&scope, id).await?;
                operation.ok_or(DeskError::NotFound)?
            }
        };
        Ok(Taken::Waits(operation.as_sent()))
    }

    /// What the request is known again by.
    fn request_key(self, key: Option<&str>, intent: Intent) -> Option<RequestKey> {
        let mut canon = self.canon;
        canon.add(if intent == Intent::AllOrNothing {
            "all or nothing"
        } else {
            "each"
        });
        let party = self.caller.organization.id;
        key.map(|key| RequestKey {
            request_id: request_of(party, key),
            digest: canon.digest(),
        })
    }
}

/// The operation as it was answered first, whatever became of it since.
fn as_answered(mut operation: Operation) -> Operation {
    if operation.status != OperationStatus::Refused {
        operation.status = OperationStatus::Done;
    }
    operation.released = 0;
    operation
}

/// The id under which a request with this key is remembered.
fn request_of(party: OrganizationId, key: &str) -> RequestId {
    let mut hasher = Sha256::new();
    hasher.update(b"idempotency key\0");
    hasher.update(party.0.as_bytes());
    hasher.update(key.as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hasher.finalize()[..16]);
    RequestId(Uuid::from_bytes(bytes))
}
