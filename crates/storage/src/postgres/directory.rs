//! The device directory and the operator's policy for devices it does not know.

use std::collections::{BTreeMap, HashMap};

use async_trait::async_trait;
use deadpool_postgres::GenericClient;
use device_list::IdentityKey;
use device_list::identifier::{Pkid, fold};
use registration::access::Scope;
use registration::audit::{Act, AuditAction};
use registration::clock::Timestamp;
use registration::directory::{BuiltDevice, DirectoryPolicies, Reported, UnknownDevicePolicy};
use registration::ids::DirectoryEntryId;
use tokio_postgres::Row;
use uuid::Uuid;

use super::trouble::Trouble;
use super::{Postgres, Tx, directory_report, operator, query, rows, trail};
use crate::apply::built_keys;
use crate::directory::{Directory, DirectoryEntry, Imported};
use crate::{Result, sql};

/// Keys or entries in one statement.
const PIECE: usize = 20_000;

const ENTRIES: &str = concat!(
    "SELECT ",
    built_device_columns!("e"),
    ", e.id, e.imported_at FROM directory_entry e
      WHERE e.id IN (SELECT k.entry_id FROM directory_key k WHERE k.key = ANY ($1)) ORDER BY e.id"
);

const ADD_KEYS: &str = "\
    INSERT INTO directory_key (key, entry_id)
    SELECT t.key, t.entry_id FROM UNNEST ($1::bytea[], $2::uuid[]) AS t (key, entry_id)
    ORDER BY t.key ON CONFLICT (key) DO NOTHING";

const ADD_ENTRIES: &str = "\
    INSERT INTO directory_entry (imported_at, id, manufacturer, model, serial, pkid, smbios_uuid)
    SELECT $1::bigint, t.* FROM UNNEST ($2::uuid[], $3::text[], $4::text[], $5::text[],
        $6::text[], $7::uuid[]) AS t";

const FILL_IN: &str = "\
    UPDATE directory_entry e SET pkid = COALESCE (e.pkid, t.pkid),
        smbios_uuid = COALESCE (e.smbios_uuid, t.smbios_uuid)
    FROM UNNEST ($1::uuid[], $2::text[], $3::uuid[]) AS t (id, pkid, smbios_uuid)
    WHERE e.id = t.id AND ((e.pkid IS NULL AND t.pkid IS NOT NULL)
        OR (e.smbios_uuid IS NULL AND t.smbios_uuid IS NOT NULL))";

const SET_POLICY: &str = "\
    INSERT INTO directory_policy (manufacturer, shown, policy) VALUES ($1, $2, $3)
    ON CONFLICT (manufacturer) DO UPDATE SET shown = excluded.shown, policy = excluded.policy";

/// The policies, and the shown name for each folded manufacturer.
pub(super) async fn policies(
    db: &impl GenericClient,
) -> Result<(DirectoryPolicies, Vec<(String, String)>)> {
    let text = "SELECT manufacturer, shown, policy FROM directory_policy ORDER BY manufacturer";
    let mut policies = DirectoryPolicies::default();
    let mut shown = Vec::new();
    for row in query::all(db, text, &[]).await? {
        let column = "directory_policy.policy";
        let policy = rows::word(&row, 2, column, UnknownDevicePolicy::parse)?;
        let folded: String = row.try_get(0)?;
        if folded.is_empty() {
            policies.default = policy;
        } else {
            shown.push((folded.clone(), row.try_get(1)?));
            policies.by_manufacturer.insert(folded, policy);
        }
    }
    Ok((policies, shown))
}

/// An import, sorted out against what is on record.
#[derive(Default)]
struct Import {
    /// New keys and their entries, in order.
    keys: BTreeMap<IdentityKey, Uuid>,
    /// New entries.
    added: BTreeMap<Uuid, BuiltDevice>,
    /// What is reported of entries on record.
    known: BTreeMap<Uuid, BuiltDevice>,
    done: Imported,
}

impl Import {
    fn add(&mut self, held: &HashMap<IdentityKey, Uuid>, new_id: Uuid, device: &BuiltDevice) {
        let keys = built_keys(device);
        let of_key = |key| held.get(key).or_else(|| self.keys.get(key)).copied();
        let entry = keys.iter().find_map(of_key);
        let id = entry.unwrap_or(new_id);
        if entry.is_some() {
            self.done.known += 1;
            let reported = match self.added.get_mut(&id) {
                Some(added) => added,
                None => self.known.entry(id).or_insert_with(|| device.clone()),
            };
            reported.pkid = reported.pkid.or(device.pkid);
            reported.smbios_uuid = reported.smbios_uuid.or(device.smbios_uuid);
        } else {
            self.done.added += 1;
            self.added.insert(id, device.clone());
        }
        for key in keys.into_iter().filter(|key| !held.contains_key(key)) {
            self.keys.entry(key).or_insert(id);
        }
    }
}

async fn held(tx: &Tx<'_>, devices: &[BuiltDevice]) -> Result<HashMap<IdentityKey, Uuid>> {
    let text = "SELECT key, entry_id FROM directory_key WHERE key = ANY ($1)";
    let mut held = HashMap::new();
    for piece in devices.chunks(PIECE) {
        let mut keys: Vec<_> = piece.iter().flat_map(built_keys).collect();
        keys.sort_unstable();
        let keys: Vec<&[u8]> = keys.iter().map(|key| key.0.as_slice()).collect();
        for row in query::all(tx, text, &[&keys]).await? {
            held.insert(rows::key(&row, 0)?, row.try_get(1)?);
        }
    }
    Ok(held)
}

/// Keys first: one that another import added meanwhile sends everything back to the start.
async fn write(tx: &Tx<'_>, at: Timestamp, import: &Import) -> Result<()> {
    let keys: Vec<_> = import.keys.iter().collect();
    for piece in keys.chunks(PIECE) {
        let keys: Vec<&[u8]> = piece.iter().map(|(key, _)| key.0.as_slice()).collect();
        let entries: Vec<Uuid> = piece.iter().map(|(_, entry)| **entry).collect();
        let added = query::run(tx, ADD_KEYS, &[&keys, &entries]).await?;
        if added != piece.len() as u64 {
            return Err(Trouble::Vanished.into());
        }
    }
    let added: Vec<_> = import.added.iter().collect();
    for piece in added.chunks(PIECE) {
        add_entries(tx, at, piece).await?;
    }
    let known: Vec<_> = import.known.iter().collect();
    for piece in known.chunks(PIECE) {
        let (ids, pkids, uuids) = (ids(piece), pkids(piece), uuids(piece));
        query::run(tx, FILL_IN, &[&ids, &pkids, &uuids]).await?;
    }
    Ok(())
}

async fn add_entries(tx: &Tx<'_>, at: Timestamp, piece: &[(&Uuid, &BuiltDevice)]) -> Result<()> {
    let manufacturers: Vec<&str> = piece.iter().map(|(_, d)| d.manufacturer.as_str()).collect();
    let models: Vec<&str> = piece.iter().map(|(_, d)| d.model.as_str()).collect();
    let serials: Vec<&str> = piece.iter().map(|(_, d)| d.serial.as_str()).collect();
    query::run(
        tx,
        ADD_ENTRIES,
        &[
            &at.0,
            &ids(piece),
            &manufacturers,
            &models,
            &serials,
            &pkids(piece),
            &uuids(piece),
        ],
    )
    .await?;
    Ok(())
}

fn ids(piece: &[(&Uuid, &BuiltDevice)]) -> Vec<Uuid> {
    piece.iter().map(|(id, _)| **id).collect()
}

fn pkids<'a>(piece: &[(&Uuid, &'a BuiltDevice)]) -> Vec<Option<&'a str>> {
    let pkid = |device: &'a BuiltDevice| device.pkid.as_ref().map(Pkid::as_str);
    piece.iter().map(|(_, device)| pkid(device)).collect()
}

fn uuids(piece: &[(&Uuid, &BuiltDevice)]) -> Vec<Option<Uuid>> {
    let uuid = |device: &BuiltDevice| device.smbios_uuid.map(Uuid::from_bytes);
    piece.iter().map(|(_, device)| uuid(device)).collect()
}

fn entry(row: &Row) -> Result<DirectoryEntry> {
    Ok(DirectoryEntry {
        id: DirectoryEntryId(row.try_get(5)?),
        device: rows::built_device(row, 0)?,
        imported_at: Timestamp(row.try_get(6)?),
    })
}

#[async_trait]
impl Directory for Postgres {
    async fn import_directory(
        &self,
        act: &Act,
        source: &str,
        devices: &[BuiltDevice],
    ) -> Result<Imported> {
        in_transaction!(self, tx => {
            let held = held(tx, devices).await?;
            let mut import = Import::default();
            for (n, device) in (0..).zip(devices) {
                import.add(&held, sql::directory_entry_id(act, n).0, device);
            }
            write(tx, act.at, &import).await?;
            let done = import.done;
            let detail = format!("{} added, {} known", done.added, done.known);
            let line = act.entry(0, AuditAction::DirectoryImported, Uuid::nil(), source);
            trail::write(tx, &[line.saying(detail)]).await?;
            Ok(done)
        })
    }

    async fn report_devices(
        &self,
        scope: &Scope,
        act: &Act,
        devices: &[BuiltDevice],
    ) -> Result<Vec<Reported>> {
        let own = scope.organization_id();
        in_transaction!(self, tx => directory_report::report(tx, own, act, devices).await)
    }

    async fn directory_size(&self, scope: &Scope) -> Result<u64> {
        if operator(scope).is_err() {
            return Ok(0);
        }
        let client = self.client().await?;
        let row = query::first(&client, "SELECT COUNT(*) FROM directory_entry", &[]).await?;
        row.map_or(Ok(0), |row| rows::count(&row, 0))
    }

    async fn directory_entries(
        &self,
        scope: &Scope,
        keys: &[IdentityKey],
    ) -> Result<Vec<DirectoryEntry>> {
        if operator(scope).is_err() {
            return Ok(Vec::new());
        }
        let client = self.client().await?;
        let keys: Vec<&[u8]> = keys.iter().map(|key| key.0.as_slice()).collect();
        let found = query::all(&client, ENTRIES, &[&keys]).await?;
        found.iter().map(entry).collect()
    }

    async fn directory_policies(
        &self,
        scope: &Scope,
    ) -> Result<(DirectoryPolicies, Vec<(String, String)>)> {
        operator(scope)?;
        policies(&self.client().await?).await
    }

    async fn set_directory_policy(
        &self,
        scope: &Scope,
        act: &Act,
        manufacturer: &str,
        policy: Option<UnknownDevicePolicy>,
    ) -> Result<()> {
        operator(scope)?;
        let (shown, folded) = (manufacturer.trim(), fold(manufacturer));
        let forget = "DELETE FROM directory_policy WHERE manufacturer = $1";
        let word = policy.map_or("default", UnknownDevicePolicy::as_str);
        in_transaction!(self, tx => {
            match policy {
                Some(_) => query::run(tx, SET_POLICY, &[&folded, &shown, &word]).await?,
                None => query::run(tx, forget, &[&folded]).await?,
            };
            let name = if shown.is_empty() { "every manufacturer" } else { shown };
            let target = format!("Devices unknown to the directory: {name}");
            let line = act.entry(0, AuditAction::SettingChanged, Uuid::nil(), &target);
            trail::write(tx, &[line.saying(word)]).await
        })
    }
}
