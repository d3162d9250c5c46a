//! Devices that a customer's own script imports by their hashes (api.md 5.2 to 5.6): one upload for
//! each group tag of a call, and an identity of its own for each device.

use std::collections::BTreeMap;
use std::fmt;

use device_list::{Cells, Column, check_rows};
use registration::access::{Action, Scope};
use registration::ids::{BatchId, DeviceId, ImportId, JobId, nth_uuid};
use registration::imported::{ImportState, ImportedIdentity, check_text};
use storage::Page;
use storage::imported::{Import, ImportChange};
use storage::jobs::{JobKind, NewJob};
use storage::submissions::{IntoBatch, Submission};
use storage::uploads::Applied;
use uuid::Uuid;

use super::Canon;
use super::draft::in_background;
use super::rows::upload_rows;
use crate::{Caller, Desk, DeskError, Result};

/// The batch of devices without a group tag.
const NO_TAG: &str = "Without group tag";

/// A device as a script sends it.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct GivenIdentity {
    /// Hardware hash, base64.
    pub hash: String,
    /// Serial number.
    pub serial: String,
    /// Product key.
    pub product_key: String,
    /// Group tag: any text.
    pub group_tag: String,
    /// The client's own name for the import.
    pub import_name: String,
    /// Whom the device is to be assigned to.
    pub user_principal_name: String,
}

/// Prints no hash: hashes are sensitive.
impl fmt::Debug for GivenIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GivenIdentity")
            .field("serial", &self.serial)
            .field("group_tag", &self.group_tag)
            .field("hash", &self.hash.len())
            .finish_non_exhaustive()
    }
}

impl GivenIdentity {
    /// The same with blanks cut off, if it can be imported at all. What is wrong with the hash itself
    /// is the row's outcome.
    fn checked(mut self) -> Result<Self> {
        if self.hash.trim().is_empty() {
            return Err(DeskError::field(
                "hardwareIdentifier",
                "Every device must have a hardwareIdentifier: devices are imported here by their \
                 hardware hash alone. Devices that are known by manufacturer, model and serial \
                 number are registered by a partner.",
            ));
        }
        for (name, text) in [
            ("serialNumber", &mut self.serial),
            ("productKey", &mut self.product_key),
            ("groupTag", &mut self.group_tag),
            ("importId", &mut self.import_name),
            ("assignedUserPrincipalName", &mut self.user_principal_name),
        ] {
            *text = check_text(name, text)?;
        }
        Ok(self)
    }

    fn to_cells(&self) -> Cells {
        Cells::default()
            .with(Column::Serial, self.serial.as_str())
            .with(Column::Pkid, self.product_key.as_str())
            .with(Column::Hash, self.hash.as_str())
    }
}

impl Desk {
    /// A customer's script imports devices; the answers stand in the order in which they were sent.
    /// All wait for the job of every upload, or nothing was done.
    pub async fn import(
        &self,
        caller: &Caller,
        given: Vec<GivenIdentity>,
    ) -> Result<Vec<ImportedIdentity>> {
        let scope = caller.may(Action::RegisterOwnDevices)?;
        self.check_count(given.len())?;
        let mut by_tag: BTreeMap<String, Vec<(usize, GivenIdentity)>> = BTreeMap::new();
        for (place, device) in given.into_iter().enumerate() {
            let device = device.checked()?;
            let devices = by_tag.entry(device.group_tag.clone()).or_default();
            devices.push((place, device));
        }
        let (mut imports, mut answers) = (Vec::new(), BTreeMap::new());
        for (tag, devices) in by_tag {
            let (places, devices): (Vec<_>, Vec<_>) = devices.into_iter().unzip();
            let import = self.import_of(caller, &tag, devices).await?;
            answers.extend(places.into_iter().zip(import.identities.iter().cloned()));
            imports.push(import);
        }
        let act = caller.act(self);
        self.storage.import(&scope, &act, imports).await?;
        self.wake.notify_one();
        Ok(answers.into_values().collect())
    }

    /// Registers one device at once, or says why not. It is an import like any other, only that the
    /// caller waits for it.
    pub async fn register_now(&self, caller: &Caller, given: GivenIdentity) -> Result<DeviceId> {
        let made = self.import(caller, vec![given]).await?;
        let identity = made.into_iter().next().ok_or(DeskError::NotFound)?;
        // The job may do it first: then there is nothing left to apply.
        loop {
            let act = caller.act(self);
            let applied = self.storage.apply_next_chunk(&act, identity.upload_id);
            if let Applied::Finished(_) = applied.await? {
                break;
            }
        }
        match self.imported_identity(caller, identity.id).await?.state {
            ImportState::Complete(device) => Ok(device),
            ImportState::Failed { code, name, .. } => Err(DeskError::field(
                "hardwareIdentifier",
                format!("The device was not registered: {code} {name}."),
            )),
            ImportState::Waiting => Err(DeskError::NotFound),
        }
    }

    async fn import_of(
        &self,
        caller: &Caller,
        tag: &str,
        devices: Vec<GivenIdentity>,
    ) -> Result<Import> {
        let mut canon = Canon::new("import", caller.organization.id);
        canon.add(tag);
        for device in &devices {
            canon.add(&device.hash);
        }
        let batch = IntoBatch::Tagged {
            name: if tag.is_empty() { NO_TAG } else { tag }.to_owned(),
            group_tag: tag.to_owned(),
            id: BatchId(self.uuid()),
        };
        let customer = caller.organization.id;
        let upload = self.waiting_upload(caller, customer, &batch, canon.digest());
        let first = self.uuid();
        let identity = |number: u64, device: &GivenIdentity| ImportedIdentity {
            id: ImportId(nth_uuid(first, number)),
            upload_id: upload.id,
            number,
            serial: device.serial.clone(),
            product_key: device.product_key.clone(),
            group_tag: device.group_tag.clone(),
            import_name: device.import_name.clone(),
            user_principal_name: device.user_principal_name.clone(),
            state: ImportState::Waiting,
            created_at: self.now(),
        };
        let identities = (1..).zip(&devices).map(|(n, device)| identity(n, device));
        let identities = identities.collect();
        let options = self.check_options(caller, &[]);
        let rows = in_background(move || {
            let cells: Vec<_> = devices.iter().map(GivenIdentity::to_cells).collect();
            upload_rows(&check_rows(&cells, &options))
        })
        .await?;
        let submission = Submission {
            job: NewJob {
                id: JobId(self.uuid()),
                kind: JobKind::ApplyUpload(upload.id),
                run_at: self.now(),
            },
            upload,
            batch,
            key: None,
            chunks: self.chunks(rows),
            policies: Vec::new(),
        };
        Ok(Import {
            submission,
            identities,
        })
    }

    /// The identities that the caller's organization imported, newest first.
    pub async fn imported(
        &self,
        caller: &Caller,
        before: Option<Uuid>,
        limit: usize,
    ) -> Result<Page<ImportedIdentity>> {
        let scope = imports(caller, Action::ViewDevices)?;
        Ok(self.storage.imported(&scope, before, limit).await?)
    }

    /// How many there are.
    pub async fn imported_count(&self, caller: &Caller) -> Result<u64> {
        let scope = imports(caller, Action::ViewDevices)?;
        Ok(self.storage.imported_count(&scope).await?)
    }

    /// One of them.
    pub async fn imported_identity(
        &self,
        caller: &Caller,
        id: ImportId,
    ) -> Result<ImportedIdentity> {
        let scope = imports(caller, Action::ViewDevices)?;
        let found = self.storage.imported_identity(&scope, id).await?;
        found.ok_or(DeskError::NotFound)
    }

    /// Changes what was sent of one, as far as that makes sense afterwards.
    pub async fn change_imported(
        &self,
        caller: &Caller,
        id: ImportId,
        change: ImportChange,
    ) -> Result<ImportedIdentity> {
        let scope = imports(caller, Action::RegisterOwnDevices)?;
        let text =
            |name, text: Option<String>| text.map(|text| check_text(name, &text)).transpose();
        let change = ImportChange {
            import_name: text("importId", change.import_name)?,
            user_principal_name: text("assignedUserPrincipalName", change.user_principal_name)?,
        };
        let act = caller.act(self);
        self.storage
            .change_imported(&scope, &act, id, change)
            .await?;
        self.imported_identity(caller, id).await
    }

    /// Deletes one; its device stays what it is.
    pub async fn delete_imported(&self, caller: &Caller, id: ImportId) -> Result<()> {
        let scope = imports(caller, Action::RegisterOwnDevices)?;
        let act = caller.act(self);
        Ok(self.storage.delete_imported(&scope, &act, id).await?)
    }
}

/// Imports are a customer's: for others there is nothing.
fn imports(caller: &Caller, action: Action) -> Result<Scope> {
    crate::properties::of_customer(caller, action)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_is_printed_without_its_hash_and_needs_one() {
        let device = GivenIdentity {
            hash: "T0FsAAEA".to_owned(),
            ..GivenIdentity::default()
        };
        assert!(!format!("{device:?}").contains("T0Fs"));
        assert!(device.checked().is_ok());
        let refused = GivenIdentity::default().checked();
        assert!(matches!(refused, Err(DeskError::Invalid(_))));
    }
}
