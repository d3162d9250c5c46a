//! What a tracking id stands for: an upload with what became of its rows, or a change of policies.

use registration::access::Action;
use registration::clock::Timestamp;
use registration::device::Device;
use registration::ids::{DeviceId, OrganizationId, UploadId};
use registration::policy::PolicyResult;
use registration::upload::{Batch, RowVerdict, UploadRowResult, UploadStatus};
use storage::uploads::RowFilter;

use crate::{Caller, Desk, DeskError, Result};

/// What became of a device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fate {
    /// Whether it must be mended and sent again, or taken up with somebody.
    pub failed: bool,
    /// The code that the original has for it, else ours; `None` where there is none.
    pub code: Option<String>,
    /// Its name, else what to do, in words; `None` where all went well.
    pub name: Option<String>,
}

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
            let limit = upload.row_count as usize;
            let rows = self
                .storage
                .upload_rows(&scope, id, RowFilter::All, 0, limit)
                .await?;
            return Ok(Tracked {
                id,
                status: upload.status,
                started_at: upload.queued_at.unwrap_or(upload.created_at),
                completed_at: upload.completed_at,
                devices: rows.iter().map(of_row).collect(),
            });
        }
        let update = self.storage.policy_update(&scope, id).await?;
        let update = update
            .filter(|update| update.customer_id == customer)
            .ok_or(DeskError::NotFound)?;
        let devices: Vec<_> = update.results.iter().map(of_policy).collect();
        let failed = update.results.iter().any(|result| result.failure.is_some());
        Ok(Tracked {
            id,
            status: if failed {
                UploadStatus::FinishedWithErrors
            } else {
                UploadStatus::Finished
            },
            started_at: update.at,
            completed_at: Some(update.at),
            devices,
        })
    }

    /// A batch that the caller's organization made for a customer who consents now, by its name
    /// whatever the case.
    pub async fn batch(
        &self,
        caller: &Caller,
        customer: OrganizationId,
        name: &str,
    ) -> Result<Batch> {
        let scope = caller.may(Action::ViewDevices)?;
        self.consenting_customer(&scope, customer).await?;
        let found = self.storage.batch_named(&scope, customer, name).await?;
        found.ok_or(DeskError::NotFound)
    }

    /// A device of such a batch.
    pub async fn device_of_batch(
        &self,
        caller: &Caller,
        customer: OrganizationId,
        batch: &str,
        device: DeviceId,
    ) -> Result<Device> {
        let batch = self.batch(caller, customer, batch).await?;
        let device = self.device(caller, customer, device).await?;
        if device.batch_id == batch.id {
            Ok(device)
        } else {
            Err(DeskError::NotFound)
        }
    }
}

fn of_row(row: &UploadRowResult) -> TrackedDevice {
    let result = row.result.as_ref();
    TrackedDevice {
        id: result
            .and_then(|result| result.device_id)
            .map(|id| id.to_string()),
        serial: row.row.serial.clone(),
        pkid: row.row.pkid.clone(),
        fate: fate(row),
    }
}

/// The DDS code and name where the original has them (registration.md 8.1). Without: the finding's
/// code and what to do about it, or the outcome's.
fn fate(row: &UploadRowResult) -> Option<Fate> {
    let outcome = row.result.as_ref()?.outcome;
    let (code, name) = match (&row.row.verdict, outcome.dds()) {
        (
            RowVerdict::Invalid {
                dds: Some((code, name)),
                ..
            },
            _,
        ) => (Some(code.to_string()), Some(name.clone())),
        (
            RowVerdict::Invalid {
                code, cause, fix, ..
            },
            _,
        ) => (Some(code.clone()), Some(format!("{cause} {fix}"))),
        (_, Some((code, name))) => (code.map(|code| code.to_string()), Some(name.to_owned())),
        (_, None) if outcome.is_failure() => (
            Some(outcome.as_str().to_owned()),
            Some(outcome.remedy().to_owned()),
        ),
        (_, None) => (None, None),
    };
    Some(Fate {
        failed: outcome.is_failure(),
        code,
        name,
    })
}

fn of_policy(result: &PolicyResult) -> TrackedDevice {
    let dds = result.failure.map(registration::policy::PolicyFailure::dds);
    TrackedDevice {
        id: Some(result.device.clone()),
        serial: result.serial.clone().unwrap_or_default(),
        pkid: result.pkid.clone().unwrap_or_default(),
        fate: Some(Fate {
            failed: dds.is_some(),
            code: dds.map(|(code, _)| code.to_string()),
            name: dds.map(|(_, name)| name.to_owned()),
        }),
    }
}
