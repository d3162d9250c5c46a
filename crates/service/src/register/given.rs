//! Devices that come as structured rows, through an API: checked with the rules of a list, queued in
//! one step, applied by the job of every upload.

use std::fmt;

use device_list::{Cells, Column, check_rows};
use registration::access::{Action, Scope};
use registration::group_tag;
use registration::ids::{BatchId, JobId, OrganizationId, PolicyId, RequestId, UploadId};
use registration::upload::{OutcomeCounts, Upload, UploadStatus, check_batch_name};
use sha2::{Digest, Sha256};
use storage::StorageError;
use storage::jobs::{JobKind, NewJob};
use storage::submissions::{IntoBatch, RequestKey, Submission, Submitted};

use super::draft::in_background;
use super::rows::upload_rows;
use crate::policies::no_such_policy;
use crate::{Caller, Desk, DeskError, Result};

/// The batch that devices are given for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GivenBatch {
    /// One of this name; it is made if it is not there. A group tag of the catalogue is the group
    /// tag of its devices; with any other name they have none.
    Named(String),
    /// One that is there.
    Existing(String),
}

/// A device as it was given.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct GivenDevice {
    /// Serial number.
    pub serial: String,
    /// Product key id.
    pub pkid: String,
    /// Hardware hash, base64.
    pub hash: String,
    /// Manufacturer.
    pub manufacturer: String,
    /// Model.
    pub model: String,
    /// The configuration policy it is to have.
    pub policy: Option<PolicyId>,
}

/// Prints no hash: hashes are sensitive.
impl fmt::Debug for GivenDevice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GivenDevice")
            .field("serial", &self.serial)
            .field("manufacturer", &self.manufacturer)
            .field("model", &self.model)
            .field("hash", &self.hash.len())
            .finish_non_exhaustive()
    }
}

impl GivenDevice {
    fn to_cells(&self) -> Cells {
        Cells::default()
            .with(Column::Serial, self.serial.as_str())
            .with(Column::Pkid, self.pkid.as_str())
            .with(Column::Hash, self.hash.as_str())
            .with(Column::Manufacturer, self.manufacturer.as_str())
            .with(Column::Model, self.model.as_str())
    }
}

/// What a request says, to know it again: every part with its length, so that none runs into the
/// next.
pub(crate) struct Canon(Sha256);

impl Canon {
    /// Of a request of this sort about a customer.
    pub(crate) fn new(sort: &str, customer: OrganizationId) -> Self {
        let mut canon = Self(Sha256::new());
        canon.add(sort).add(&customer.to_string());
        canon
    }

    /// Adds a part.
    pub(crate) fn add(&mut self, part: &str) -> &mut Self {
        self.0.update((part.len() as u64).to_be_bytes());
        self.0.update(part.as_bytes());
        self
    }

    /// SHA-256 of all of them.
    pub(crate) fn digest(self) -> [u8; 32] {
        self.0.finalize().into()
    }
}

impl Desk {
    /// A partner or OEM gives devices for a customer who consented; the answer is what to track
    /// them by. The rows are checked with the rules of a list, wait for the job of every upload,
    /// and end in the same outcomes. With a request id, the same sent again answers the same and
    /// does nothing; the same id with something else is refused (`request_id_reused`).
    pub async fn submit(
        &self,
        caller: &Caller,
        customer: OrganizationId,
        batch: GivenBatch,
        devices: Vec<GivenDevice>,
        request: Option<RequestId>,
    ) -> Result<UploadId> {
        let scope = caller.may(Action::AddDevices)?;
        self.consenting_customer(&scope, customer).await?;
        self.check_count(devices.len())?;
        let policies: Vec<_> = (1..)
            .zip(&devices)
            .filter_map(|(number, device)| device.policy.map(|policy| (number, policy)))
            .collect();
        if !policies.is_empty() {
            caller.may(Action::ManagePolicies)?;
        }
        let into = self.batch_of(batch)?;
        let digest = digest_of(customer, &into, &devices);
        let options = self.check_options(caller, &[]);
        let rows = in_background(move || {
            let cells: Vec<_> = devices.iter().map(GivenDevice::to_cells).collect();
            upload_rows(&check_rows(&cells, &options))
        })
        .await?;
        let upload = self.waiting_upload(caller, customer, &into, digest);
        let submission = Submission {
            job: NewJob {
                id: JobId(self.uuid()),
                kind: JobKind::ApplyUpload(upload.id),
                run_at: self.now(),
            },
            upload,
            batch: into,
            key: request.map(|request_id| RequestKey { request_id, digest }),
            chunks: self.chunks(rows),
            policies,
        };
        self.queue(caller, &scope, submission).await
    }

    async fn queue(
        &self,
        caller: &Caller,
        scope: &Scope,
        submission: Submission,
    ) -> Result<UploadId> {
        let asks_for_policies = !submission.policies.is_empty();
        let is_batch_there = matches!(submission.batch, IntoBatch::Named { .. });
        let act = caller.act(self);
        match self.storage.submit(scope, &act, submission).await {
            Ok(Submitted::Now(upload)) => {
                self.wake.notify_one();
                Ok(upload.id)
            }
            Ok(Submitted::Before(id)) => Ok(id),
            Err(StorageError::NotFound) if asks_for_policies && is_batch_there => {
                Err(no_such_policy())
            }
            Err(error) => Err(error.into()),
        }
    }

    fn batch_of(&self, batch: GivenBatch) -> Result<IntoBatch> {
        let (GivenBatch::Named(name) | GivenBatch::Existing(name)) = &batch;
        check_batch_name(name)?;
        Ok(match batch {
            GivenBatch::Existing(name) => IntoBatch::Existing(name),
            GivenBatch::Named(name) => IntoBatch::Named {
                group_tag: group_tag::parse(&name)
                    .map(|tag| tag.tag.to_owned())
                    .unwrap_or_default(),
                id: BatchId(self.uuid()),
                name,
            },
        })
    }

    pub(super) fn waiting_upload(
        &self,
        caller: &Caller,
        customer: OrganizationId,
        into: &IntoBatch,
        digest: [u8; 32],
    ) -> Upload {
        Upload {
            id: UploadId(self.uuid()),
            batch_id: None,
            customer_id: customer,
            party_id: caller.organization.id,
            created_by: caller.user.id,
            request_id: caller.request_id,
            file_name: file_name(into),
            file_digest: digest,
            group_tag: String::new(),
            status: UploadStatus::Queued,
            row_count: 0,
            counts: OutcomeCounts::default(),
            created_at: self.now(),
            queued_at: None,
            completed_at: None,
        }
    }

    /// Whether so many devices may come in one request.
    pub(crate) fn check_count(&self, devices: usize) -> Result<()> {
        if devices == 0 {
            return Err(DeskError::field("devices", "Give at least one device."));
        }
        if devices as u64 > self.limits.upload_rows {
            return Err(DeskError::TooLarge {
                limit: self.limits.upload_rows,
                unit: "devices",
            });
        }
        Ok(())
    }
}

/// The name that people see where other uploads have that of their file.
fn file_name(into: &IntoBatch) -> String {
    let (IntoBatch::Named { name, .. }
    | IntoBatch::Tagged { name, .. }
    | IntoBatch::Existing(name)) = into;
    let plain: String = name
        .chars()
        .map(|c| {
            if matches!(c, '/' | '\\' | ':') {
                '-'
            } else {
                c
            }
        })
        .take(100)
        .collect();
    format!("{plain} (API)")
}

fn digest_of(customer: OrganizationId, into: &IntoBatch, devices: &[GivenDevice]) -> [u8; 32] {
    let (sort, name) = match into {
        IntoBatch::Named { name, .. } => ("batch", name),
        IntoBatch::Tagged { name, .. } | IntoBatch::Existing(name) => ("devices", name),
    };
    let mut canon = Canon::new(sort, customer);
    canon.add(name);
    for device in devices {
        let policy = device.policy.map(|id| id.to_string()).unwrap_or_default();
        for part in [
            &device.serial,
            &device.pkid,
            &device.hash,
            &device.manufacturer,
            &device.model,
            &policy,
        ] {
            canon.add(part);
        }
    }
    canon.digest()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_requests_look_the_same() {
        let id = OrganizationId(uuid::Uuid::nil());
        let of = |parts: &[&str]| {
            let mut canon = Canon::new("sort", id);
            for part in parts {
                canon.add(part);
            }
            canon.digest()
        };
        assert_eq!(of(&["a", "b"]), of(&["a", "b"]));
        assert_ne!(of(&["ab", ""]), of(&["a", "b"]));
        assert_ne!(of(&["a"]), of(&["a", ""]));
    }

    #[test]
    fn a_device_is_printed_without_its_hash() {
        let device = GivenDevice {
            hash: "T0FsAAEA".to_owned(),
            ..GivenDevice::default()
        };
        assert!(!format!("{device:?}").contains("T0Fs"));
    }
}
