//! Activity: the audit log as far as it concerns one's own organization.

use registration::access::Action;
use registration::audit::AuditLine;
use registration::clock::Timestamp;
use registration::ids::OrganizationId;
use storage::Page;
use storage::trail::TrailFilter;
use uuid::Uuid;

use crate::{Caller, Desk, Result};

/// Lines read at once where they are picked out.
const PIECE: usize = 500;
/// Pieces read for one page at most: whoever looks for a needle asks again.
const PIECES: usize = 20;

/// Which lines of the audit log are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ActivityRange {
    /// From this moment on.
    pub from: Timestamp,
    /// Up to this moment, which is in it.
    pub until: Timestamp,
    /// Lines that also concern this organization.
    pub with: Option<OrganizationId>,
    /// Those below this id: where the page before ended.
    pub before: Option<Uuid>,
}

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

    /// Lines of a time that `keep` takes, newest first, at most `limit`. Where `next` is given there
    /// may be more below it.
    pub async fn activity_between(
        &self,
        caller: &Caller,
        range: ActivityRange,
        limit: usize,
        keep: impl Fn(&AuditLine) -> bool,
    ) -> Result<Page<AuditLine>> {
        let mut before = range.before.unwrap_or_else(|| first_after(range.until));
        let mut items = Vec::new();
        for _ in 0..PIECES {
            let page = self
                .activity(caller, range.with, None, Some(before), PIECE)
                .await?;
            for line in page.items {
                if line.at < range.from {
                    return Ok(Page { items, next: None });
                }
                before = line.id.0;
                if line.at <= range.until && keep(&line) {
                    items.push(line);
                }
                if items.len() == limit {
                    let next = Some(before);
                    return Ok(Page { items, next });
                }
            }
            if page.next.is_none() {
                return Ok(Page { items, next: None });
            }
        }
        let next = Some(before);
        Ok(Page { items, next })
    }
}

/// An id above those of everything up to this moment: ids begin with their milliseconds.
fn first_after(moment: Timestamp) -> Uuid {
    let millis = u64::try_from(moment.0 / 1000).unwrap_or(0) + 1;
    uuid::Builder::from_unix_timestamp_millis(millis, &[0; 10]).into_uuid()
}
