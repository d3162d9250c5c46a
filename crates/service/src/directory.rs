//! The device directory: import and look up, and what to do with devices it does not know.

use std::io::Read;

use device_list::{Channel, CheckOptions, Event, Identification, IdentityKey, check_stream};
use registration::access::{Action, Actor};
use registration::directory::{BuiltDevice, DirectoryPolicies, UnknownDevicePolicy};
use registration::ids::{OrganizationId, UserId};
use registration::organization::OrganizationKind;
use registration::user::Role;
use storage::directory::{DirectoryEntry, Imported};
use uuid::Uuid;

use crate::devices::search_of;
use crate::{Caller, Desk, DeskError, Result};

/// Rows imported in one transaction.
const PIECE: usize = 20_000;

/// What an import of a list came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ImportReport {
    /// Rows of the list.
    pub rows: u64,
    /// New and known devices.
    pub imported: Imported,
    /// Rows that do not name a machine by manufacturer, model and serial number.
    pub skipped: u64,
}

/// The policies as their page shows them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyView {
    /// In force.
    pub policies: DirectoryPolicies,
    /// Manufacturers with a policy of their own: folded name, shown name.
    pub manufacturers: Vec<(String, String)>,
}

impl Desk {
    /// Imports a list of what was built, of any length: any dialect that carries hashes or
    /// tuples. `progress` hears of the rows done so far. For the console and for the operator.
    pub async fn import_directory(
        &self,
        actor: Actor,
        source: &str,
        list: impl Read + Send + 'static,
        mut progress: impl FnMut(u64) + Send,
    ) -> Result<ImportReport> {
        let (sender, mut pieces) = tokio::sync::mpsc::channel::<(u64, Vec<BuiltDevice>)>(2);
        let reading = tokio::task::spawn_blocking(move || read_pieces(list, &sender));
        let mut report = ImportReport::default();
        while let Some((rows, devices)) = pieces.recv().await {
            let act = self.act(actor.clone(), self.request_id());
            let done = self
                .storage
                .import_directory(&act, source, &devices)
                .await?;
            report.rows += rows;
            report.skipped += rows - devices.len() as u64;
            report.imported.added += done.added;
            report.imported.known += done.known;
            progress(report.rows);
        }
        let read = reading
            .await
            .map_err(|error| DeskError::Internal(error.into()))?;
        read.map_err(|error| DeskError::field("file", error.to_string()))?;
        Ok(report)
    }

    /// The same from a form.
    pub async fn import_directory_as(
        &self,
        caller: &Caller,
        source: &str,
        bytes: Vec<u8>,
    ) -> Result<ImportReport> {
        caller.may(Action::ManageDirectory)?;
        let list = std::io::Cursor::new(bytes);
        self.import_directory(caller.actor(), source, list, |_| {})
            .await
    }

    /// How many devices the directory knows.
    pub async fn directory_size(&self, caller: &Caller) -> Result<u64> {
        Ok(self
            .storage
            .directory_size(&caller.may(Action::ManageDirectory)?)
            .await?)
    }

    /// Looks a device up by PKID, by hash, or by `manufacturer, model, serial number`.
    pub async fn look_up(&self, caller: &Caller, text: &str) -> Result<Vec<DirectoryEntry>> {
        let scope = caller.may(Action::ManageDirectory)?;
        let mut keys = search_of(text)
            .map(|search| search.keys)
            .unwrap_or_default();
        let parts: Vec<&str> = text.split(',').map(str::trim).collect();
        if let [manufacturer, model, serial] = parts[..] {
            keys.extend(IdentityKey::tuple(manufacturer, model, serial));
        }
        if keys.is_empty() {
            return Ok(Vec::new());
        }
        Ok(self.storage.directory_entries(&scope, &keys).await?)
    }

    /// What is done with devices the directory does not know.
    pub async fn directory_policies(&self, caller: &Caller) -> Result<PolicyView> {
        let scope = caller.may(Action::ManageDirectory)?;
        let (policies, manufacturers) = self.storage.directory_policies(&scope).await?;
        Ok(PolicyView {
            policies,
            manufacturers,
        })
    }

    /// Changes that, for one manufacturer or (blank) for all others; `None` removes a
    /// manufacturer's own.
    pub async fn set_directory_policy(
        &self,
        caller: &Caller,
        manufacturer: &str,
        policy: Option<UnknownDevicePolicy>,
    ) -> Result<()> {
        let scope = caller.may(Action::ManageDirectory)?;
        let manufacturer = manufacturer.trim();
        if manufacturer.chars().count() > 120 {
            return Err(DeskError::field(
                "manufacturer",
                "The name has more than 120 characters.",
            ));
        }
        let act = caller.act(self);
        Ok(self
            .storage
            .set_directory_policy(&scope, &act, manufacturer, policy)
            .await?)
    }

    /// Who acts when somebody at the server's console does: the operator organization is on
    /// record, the person is "console".
    pub fn console_actor(&self) -> Actor {
        Actor {
            user_id: UserId(Uuid::nil()),
            email: "console".to_owned(),
            organization_id: OrganizationId(Uuid::nil()),
            kind: OrganizationKind::Operator,
            role: Role::Administrator,
        }
    }
}

type Sender = tokio::sync::mpsc::Sender<(u64, Vec<BuiltDevice>)>;

fn read_pieces(list: impl Read, sender: &Sender) -> std::io::Result<()> {
    let options = CheckOptions {
        channel: Channel::Enlist,
        row_limit: None,
        ..CheckOptions::default()
    };
    let mut rows = 0;
    let mut piece = Vec::new();
    check_stream(list, &options, &mut |event| {
        let Event::Row(row) = event else { return };
        rows += 1;
        piece.extend(row.identification().as_ref().and_then(built_device));
        if rows as usize >= PIECE {
            // The receiver is gone only when the import failed; the rest is read in vain then.
            let _ = sender.blocking_send((rows, std::mem::take(&mut piece)));
            rows = 0;
        }
    })?;
    let _ = sender.blocking_send((rows, piece));
    Ok(())
}

fn built_device(identification: &Identification) -> Option<BuiltDevice> {
    let tuple = identification.tuple()?;
    Some(BuiltDevice {
        manufacturer: tuple.manufacturer,
        model: tuple.model,
        serial: tuple.serial,
        pkid: identification.pkid(),
        smbios_uuid: identification.smbios_uuid(),
    })
}
