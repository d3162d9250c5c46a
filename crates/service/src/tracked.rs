//! What a tracking id stands for: an upload with what became of its rows, or a change of policies.

mod fate;

use std::collections::HashSet;

use registration::access::Action;
use registration::access::Scope;
use registration::clock::Timestamp;
use registration::device::Device;
use registration::ids::{DeviceId, OrganizationId, UploadId};
use registration::plan::Outcome;
use registration::policy::PolicyResult;
use registration::upload::{Upload, UploadRowResult, UploadStatus};
use storage::uploads::RowFilter;

use self::fate::fate;
pub use self::fate::{Fate, Reason};

use crate::{Caller, Desk, DeskError, Result};

/// One device of what is tracked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrackedDevice {
    /// Its id, where the caller may know it.
    pub id: Option<String>,
    /// Its serial number, as sent.
    pub serial: String,
    /// Its product key id, as sent.
    pub pkid: String,
    /// What became of it; `None` while it waits.
    pub fate: Option<Fate>,
}

/// What a tracking id stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tracked {
    /// The id.
    pub id: UploadId,
    /// Where it stands.
    pub status: UploadStatus,
    /// When it began.
    pub started_at: Timestamp,
    /// When the last device got its outcome.
    pub completed_at: Option<Timestamp>,
    /// The devices, in the order in which they were sent.
    pub devices: Vec<TrackedDevice>,
}

impl Desk {
    /// What the caller's organization sent for this customer under a tracking id.
    pub async fn tracked(
        &self,
        caller: &Caller,
        customer: OrganizationId,
        id: UploadId,
    ) -> Result<Tracked> {
        let scope = caller.may(Action::ViewUploads)?;
        let own = caller.organization.id;
        if let Some(upload) = self.storage.upload(&scope, id).await? {
            let known = upload.customer_id == customer
                && upload.party_id == own
                && upload.status != UploadStatus::Draft;
            if !known {
                return Err(DeskError::NotFound);
            }
            return self.tracked_upload(&scope, &upload).await;
        }
        let update = self.storage.policy_update(&scope, id).await?;
        let update = update
            .filter(|update| update.customer_id == customer)
            .ok_or(DeskError::NotFound)?;
        let devices: Vec<_> = update.results.iter().map(of_policy).collect();
        Ok(Tracked {
            id,
            status: with_errors(UploadStatus::Finished, &devices),
            started_at: update.at,
            completed_at: Some(update.at),
            devices,
        })
    }

    async fn tracked_upload(&self, scope: &Scope, upload: &Upload) -> Result<Tracked> {
        let limit = upload.row_count as usize;
        let rows = self
            .storage
            .upload_rows(scope, upload.id, RowFilter::All, 0, limit)
            .await?;
        let there = self.already_there(scope, upload, &rows).await?;
        let devices: Vec<_> = rows.iter().map(|row| of_row(row, &there)).collect();
        Ok(Tracked {
            id: upload.id,
            status: with_errors(upload.status, &devices),
            started_at: upload.queued_at.unwrap_or(upload.created_at),
            completed_at: upload.completed_at,
            devices,
        })
    }

    /// The devices among those that had been registered before which are what the upload asks for:
    /// in its batch, with its group tag.
    async fn already_there(
        &self,
        scope: &Scope,
        upload: &Upload,
        rows: &[UploadRowResult],
    ) -> Result<HashSet<DeviceId>> {
        let results = rows.iter().filter_map(|row| row.result.as_ref());
        let known = results.filter(|result| result.outcome == Outcome::AlreadyRegistered);
        let ids: Vec<_> = known.filter_map(|result| result.device_id).collect();
        if ids.is_empty() {
            return Ok(HashSet::new());
        }
        let (customer, now) = (upload.customer_id, self.now());
        let found = self.storage.devices_of(scope, &ids, customer, now).await?;
        let fits = |device: &Device| {
            Some(device.batch_id) == upload.batch_id && device.group_tag == upload.group_tag
        };
        Ok(found.into_iter().filter(fits).map(|d| d.id).collect())
    }
}

/// The status where every device has its fate: one that failed shows in it.
fn with_errors(status: UploadStatus, devices: &[TrackedDevice]) -> UploadStatus {
    let failed = |device: &TrackedDevice| device.fate.as_ref().is_some_and(|fate| fate.failed);
    if status.is_final() && devices.iter().any(failed) {
        UploadStatus::FinishedWithErrors
    } else {
        status
    }
}

fn of_row(row: &UploadRowResult, there: &HashSet<DeviceId>) -> TrackedDevice {
    let id = row.result.as_ref().and_then(|result| result.device_id);
    TrackedDevice {
        id: id.map(|id| id.to_string()),
        serial: row.row.serial.clone(),
        pkid: row.row.pkid.clone(),
        fate: fate(row, id.is_some_and(|id| there.contains(&id))),
    }
}

fn of_policy(result: &PolicyResult) -> TrackedDevice {
    let dds = result.failure.map(registration::policy::PolicyFailure::dds);
    TrackedDevice {
        id: Some(result.device.clone()).filter(|id| !id.is_empty()),
        serial: result.serial.clone().unwrap_or_default(),
        pkid: result.pkid.clone().unwrap_or_default(),
        fate: Some(Fate {
            failed: dds.is_some(),
            code: dds.map(|(code, _)| code.to_string()),
            name: dds.map(|(_, name)| name.to_owned()),
            reason: None,
        }),
    }
}
