//! Adding devices: browse → findings and plan → (mending, the repaired list) → save; and, through an
//! API, all of it in one step.

mod draft;
mod given;
mod imported;
mod mend;
mod rows;
mod to_mend;

use device_list::{Channel, CheckedList};
use registration::access::{Action, Scope};
use registration::group_tag;
use registration::ids::{BatchId, JobId, OrganizationId, UploadId};
use registration::organization::{Organization, OrganizationKind};
use registration::profile::DeviceProfile;
use registration::upload::{OutcomeCounts, Upload, UploadRow, UploadStatus};
use sha2::{Digest, Sha256};
use storage::jobs::{JobKind, NewJob};
use storage::uploads::{Save, Saved};

use self::draft::Checked;
pub(crate) use self::draft::in_background;
pub use self::draft::{DraftView, Tally};
pub(crate) use self::given::Canon;
pub use self::given::{GivenBatch, GivenDevice};
pub use self::imported::GivenIdentity;
pub use self::mend::Mended;
pub(crate) use self::rows::upload_row;
use self::rows::upload_rows;
use crate::{Caller, Desk, DeskError, Result};

/// Bytes of hash text in one chunk at most, so that a transaction stays short.
const CHUNK_BYTES: usize = 4 * 1024 * 1024;

/// A file as it came in.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ListFile {
    /// Its name, for people.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl Desk {
    /// The customer a party may add devices for now, or why not.
    pub async fn customer_to_register_for(
        &self,
        caller: &Caller,
        customer: OrganizationId,
    ) -> Result<Organization> {
        let scope = caller.may(Action::AddDevices)?;
        self.consenting_customer(&scope, customer).await
    }

    /// A partner or OEM sends a list for a customer who consented. Nothing is registered yet:
    /// the answer is a draft.
    pub async fn browse(
        &self,
        caller: &Caller,
        customer: OrganizationId,
        tag: &str,
        file: ListFile,
    ) -> Result<UploadId> {
        let scope = caller.may(Action::AddDevices)?;
        self.consenting_customer(&scope, customer).await?;
        let tag = group_tag::parse(tag)?.tag;
        self.keep_draft(caller, &scope, customer, tag, file).await
    }

    /// A customer sends a list of its own devices, with one device profile for all of them.
    pub async fn browse_own(
        &self,
        caller: &Caller,
        profile: DeviceProfile,
        shared: bool,
        file: ListFile,
    ) -> Result<UploadId> {
        let scope = caller.may(Action::RegisterOwnDevices)?;
        let tag = group_tag::of_profile(profile, shared).ok_or_else(|| {
            DeskError::field(
                "shared",
                "A Power user device can't be shared. Choose one of the two.",
            )
        })?;
        self.keep_draft(caller, &scope, caller.organization.id, tag.tag, file)
            .await
    }

    /// Drops a draft. One that is gone, or was never one's own, is not found.
    pub async fn drop_draft(&self, caller: &Caller, id: UploadId) -> Result<()> {
        let (scope, _) = self.draft_upload(caller, id).await?;
        Ok(self.storage.drop_draft(&scope, id).await?)
    }

    /// Saves a draft: from here on it runs by itself, and survives whatever happens. Saving twice
    /// changes nothing; the answer says which it was.
    pub async fn save(&self, caller: &Caller, id: UploadId) -> Result<Saved> {
        self.save_version(caller, id, None).await
    }

    /// [`Desk::save`] for somebody who saw this version of the draft: `draft_changed` if it has
    /// another by now.
    pub async fn save_version(
        &self,
        caller: &Caller,
        id: UploadId,
        seen: Option<u64>,
    ) -> Result<Saved> {
        let scope = caller.may(registering(caller))?;
        let upload = self
            .storage
            .upload(&scope, id)
            .await?
            .ok_or(DeskError::NotFound)?;
        if upload.party_id != caller.organization.id {
            return Err(DeskError::NotFound);
        }
        if upload.status != UploadStatus::Draft {
            return Ok(Saved::Before(upload));
        }
        let Checked { file, list, .. } = self.checked(caller, &scope, id).await?;
        if seen.is_some_and(|seen| seen != file.version) {
            return Err(mend::draft_changed());
        }
        if !self.can_save(&list) {
            return Err(DeskError::conflict(
                "list_unusable",
                "This list can't be registered as it is. Mend what the findings say and send it again.",
            ));
        }
        let save = Save {
            upload_id: id,
            draft_version: file.version,
            request_id: caller.request_id,
            group_tag: upload.group_tag,
            batch_id: BatchId(self.uuid()),
            chunks: self.chunks(upload_rows(&list)),
            job: NewJob {
                id: JobId(self.uuid()),
                kind: JobKind::ApplyUpload(id),
                run_at: self.now(),
            },
        };
        let saved = self
            .storage
            .save_upload(&scope, &caller.act(self), save)
            .await?;
        self.wake.notify_one();
        Ok(saved)
    }

    async fn keep_draft(
        &self,
        caller: &Caller,
        scope: &Scope,
        customer: OrganizationId,
        tag: &str,
        file: ListFile,
    ) -> Result<UploadId> {
        if file.bytes.len() as u64 > self.limits.upload_bytes {
            return Err(DeskError::TooLarge {
                limit: self.limits.upload_bytes,
                unit: "bytes",
            });
        }
        if file.name.trim().is_empty() && file.bytes.is_empty() {
            return Err(DeskError::field(
                "file",
                "Choose the device list to upload.",
            ));
        }
        let upload = Upload {
            id: UploadId(self.uuid()),
            batch_id: None,
            customer_id: customer,
            party_id: caller.organization.id,
            created_by: caller.user.id,
            request_id: caller.request_id,
            file_name: shown_name(&file.name),
            file_digest: Sha256::digest(&file.bytes).into(),
            group_tag: tag.to_owned(),
            status: UploadStatus::Draft,
            row_count: 0,
            counts: OutcomeCounts::default(),
            created_at: self.now(),
            queued_at: None,
            completed_at: None,
        };
        let id = upload.id;
        self.storage.keep_draft(scope, upload, file.bytes).await?;
        Ok(id)
    }

    async fn draft_upload(&self, caller: &Caller, id: UploadId) -> Result<(Scope, Upload)> {
        let scope = caller.may(registering(caller))?;
        let upload = self.storage.upload(&scope, id).await?;
        let upload = upload
            .filter(|upload| upload.status == UploadStatus::Draft)
            .filter(|upload| upload.party_id == caller.organization.id)
            .ok_or(DeskError::NotFound)?;
        Ok((scope, upload))
    }

    fn can_save(&self, list: &CheckedList) -> bool {
        list.is_usable()
            && !list.rows.is_empty()
            && list.rows.len() as u64 <= self.limits.upload_rows
    }

    fn chunks(&self, rows: Vec<UploadRow>) -> Vec<Vec<UploadRow>> {
        let mut chunks: Vec<Vec<UploadRow>> = Vec::new();
        let mut bytes = usize::MAX;
        for row in rows {
            let full = chunks
                .last()
                .is_none_or(|chunk| chunk.len() >= self.limits.chunk_rows);
            if full || bytes > CHUNK_BYTES {
                chunks.push(Vec::new());
                bytes = 0;
            }
            bytes += row.hash.len();
            if let Some(chunk) = chunks.last_mut() {
                chunk.push(row);
            }
        }
        chunks
    }
}

/// The action that uploading is for this caller.
fn registering(caller: &Caller) -> Action {
    match caller.organization.kind {
        OrganizationKind::Customer => Action::RegisterOwnDevices,
        _ => Action::AddDevices,
    }
}

/// Which identifiers this caller may use (registration.md, section 1): a customer the hash only, an
/// OEM all but the hash.
pub(crate) fn channel_of(caller: &Caller) -> Channel {
    match caller.organization.kind {
        OrganizationKind::Customer => Channel::CustomerOwn,
        OrganizationKind::Oem => Channel::Oem,
        _ => Channel::PartnerCenter,
    }
}

/// A file's name as it is shown: the last part of a path, without control characters.
fn shown_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = last.chars().filter(|c| !c.is_control()).take(120).collect();
    if clean.trim().is_empty() {
        "devices.csv".to_owned()
    } else {
        clean
    }
}
