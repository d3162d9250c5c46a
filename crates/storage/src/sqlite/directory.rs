//! The device directory and the operator's policies.

use std::collections::HashMap;

use async_trait::async_trait;
use device_list::identifier::fold;
use device_list::{IdentityKey, Manufacturer, Model, Pkid, SerialNumber};
use registration::access::Scope;
use registration::audit::{Act, AuditAction};
use registration::clock::Timestamp;
use registration::directory::{BuiltDevice, DirectoryPolicies, Reported, UnknownDevicePolicy};
use registration::ids::DirectoryEntryId;
use rusqlite::{Connection, Row, Transaction, params};
use uuid::Uuid;

use super::rows::{self, unreadable};
use super::{Sqlite, audit, directory_report, operator};
use crate::apply::built_keys;
use crate::directory::{Directory, DirectoryEntry, Imported};
use crate::{Result, sql};

const ENTRY_BY_KEY: &str = "SELECT e.id, e.manufacturer, e.model, e.serial, e.pkid, \
     e.smbios_uuid, e.imported_at FROM directory_key k \
     JOIN directory_entry e ON e.id = k.entry_id WHERE k.key = ?1";

#[async_trait]
impl Directory for Sqlite {
    async fn import_directory(
        &self,
        act: &Act,
        source: &str,
        devices: &[BuiltDevice],
    ) -> Result<Imported> {
        let (act, source, devices) = (act.clone(), source.to_owned(), devices.to_vec());
        self.write(move |tx| import(tx, &act, &source, &devices))
            .await
    }

    async fn report_devices(
        &self,
        scope: &Scope,
        act: &Act,
        devices: &[BuiltDevice],
    ) -> Result<Vec<Reported>> {
        let (own, act, devices) = (scope.organization_id(), act.clone(), devices.to_vec());
        self.write(move |tx| directory_report::report(tx, own, &act, &devices))
            .await
    }

    async fn directory_size(&self, scope: &Scope) -> Result<u64> {
        if operator(scope).is_err() {
            return Ok(0);
        }
        let text = "SELECT COUNT(*) FROM directory_entry";
        self.read(move |conn| rows::value(conn, text, [])).await
    }

    async fn directory_entries(
        &self,
        scope: &Scope,
        keys: &[IdentityKey],
    ) -> Result<Vec<DirectoryEntry>> {
        if operator(scope).is_err() {
            return Ok(Vec::new());
        }
        let keys = keys.to_vec();
        self.read(move |conn| {
            let mut found: Vec<DirectoryEntry> = Vec::new();
            for key in keys {
                let known = rows::first(conn, ENTRY_BY_KEY, params![key.0], entry)?;
                found.extend(known.filter(|e| found.iter().all(|known| known.id != e.id)));
            }
            Ok(found)
        })
        .await
    }

    async fn directory_policies(
        &self,
        scope: &Scope,
    ) -> Result<(DirectoryPolicies, Vec<(String, String)>)> {
        operator(scope)?;
        self.read(policies).await
    }

    async fn set_directory_policy(
        &self,
        scope: &Scope,
        act: &Act,
        manufacturer: &str,
        policy: Option<UnknownDevicePolicy>,
    ) -> Result<()> {
        let (scope, act) = (*scope, act.clone());
        let manufacturer = manufacturer.trim().to_owned();
        self.write(move |tx| {
            operator(&scope)?;
            set_policy(tx, &act, &manufacturer, policy)
        })
        .await
    }
}

/// What the directory knows of the devices behind these keys (sorted).
pub(super) fn built(
    conn: &Connection,
    keys: &[IdentityKey],
) -> Result<HashMap<IdentityKey, BuiltDevice>> {
    let mut known = HashMap::new();
    let any = "SELECT EXISTS (SELECT 1 FROM directory_key)";
    if keys.is_empty() || !rows::value::<bool>(conn, any, [])? {
        return Ok(known);
    }
    for key in keys {
        if let Some(entry) = rows::first(conn, ENTRY_BY_KEY, params![key.0], entry)? {
            known.insert(*key, entry.device);
        }
    }
    Ok(known)
}

/// The policies, and the shown name for each folded manufacturer.
pub(super) fn policies(conn: &Connection) -> Result<(DirectoryPolicies, Vec<(String, String)>)> {
    let text = "SELECT manufacturer, shown, policy FROM directory_policy ORDER BY manufacturer";
    let stored = rows::all(conn, text, [], |row| {
        let policy = rows::word(row, 2, UnknownDevicePolicy::parse)?;
        Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, policy))
    })?;
    let mut policies = DirectoryPolicies::default();
    let mut shown = Vec::with_capacity(stored.len());
    for (manufacturer, name, policy) in stored {
        if manufacturer.is_empty() {
            policies.default = policy;
        } else {
            policies
                .by_manufacturer
                .insert(manufacturer.clone(), policy);
            shown.push((manufacturer, name));
        }
    }
    Ok((policies, shown))
}

pub(super) fn entry(row: &Row<'_>) -> rusqlite::Result<DirectoryEntry> {
    fn parsed<T>(
        row: &Row<'_>,
        at: usize,
        parse: impl Fn(&str) -> Option<T>,
    ) -> rusqlite::Result<T> {
        parse(row.get_ref(at)?.as_str()?).ok_or_else(|| unreadable(at))
    }
    let pkid: Option<String> = row.get(4)?;
    let pkid = pkid.map(|pkid| Pkid::parse(&pkid).map_err(|_| unreadable(4)));
    Ok(DirectoryEntry {
        id: DirectoryEntryId(row.get(0)?),
        device: BuiltDevice {
            manufacturer: parsed(row, 1, |text| Manufacturer::parse(text).ok())?,
            model: parsed(row, 2, |text| Model::parse(text).ok())?,
            serial: parsed(row, 3, |text| SerialNumber::parse(text).ok())?,
            pkid: pkid.transpose()?,
            smbios_uuid: row.get(5)?,
        },
        imported_at: Timestamp(row.get(6)?),
    })
}

/// Who has a key: an entry that was there before, or a device of this import.
#[derive(Clone, Copy)]
enum Owner {
    Stored(Uuid),
    Listed(usize),
}

fn import(
    tx: &Transaction<'_>,
    act: &Act,
    source: &str,
    devices: &[BuiltDevice],
) -> Result<Imported> {
    let keys: Vec<Vec<IdentityKey>> = devices.iter().map(built_keys).collect();
    let owners = claim_keys(tx, act, &keys)?;
    let mut imported = Imported::default();
    let mut targets: Vec<Uuid> = Vec::with_capacity(devices.len());
    for (n, (device, own)) in devices.iter().zip(&keys).enumerate() {
        let own_id = sql::directory_entry_id(act, n as u64).0;
        let target = target(n, own, &owners, &targets);
        targets.push(target.unwrap_or(own_id));
        match target {
            None if own.is_empty() => {}
            None => {
                keep_entry(tx, own_id, device, act.at)?;
                imported.added += 1;
            }
            Some(known) => {
                complete_entry(tx, known, device)?;
                for key in own {
                    let text = "UPDATE directory_key SET entry_id = ?3 \
                                WHERE key = ?1 AND entry_id = ?2";
                    rows::run(tx, text, params![key.0, own_id, known])?;
                }
                imported.known += 1;
            }
        }
    }
    let detail = format!("{} added, {} known", imported.added, imported.known);
    let entry = act.entry(0, AuditAction::DirectoryImported, Uuid::nil(), source);
    audit::append(tx, &entry.saying(detail))?;
    Ok(imported)
}

/// Inserts every key, sorted, for the first device of the list that has it.
fn claim_keys(
    tx: &Transaction<'_>,
    act: &Act,
    keys: &[Vec<IdentityKey>],
) -> Result<HashMap<IdentityKey, Owner>> {
    let numbered = keys.iter().enumerate();
    let mut sorted: Vec<(IdentityKey, usize)> = numbered
        .flat_map(|(n, own)| own.iter().map(move |key| (*key, n)))
        .collect();
    sorted.sort_unstable();
    sorted.dedup_by_key(|(key, _)| *key);
    let mut owners = HashMap::with_capacity(sorted.len());
    for (key, n) in sorted {
        let id = sql::directory_entry_id(act, n as u64).0;
        let insert = "INSERT INTO directory_key (key, entry_id) VALUES (?1, ?2) \
                      ON CONFLICT DO NOTHING";
        let owner = if rows::run(tx, insert, params![key.0, id])? == 0 {
            let text = "SELECT entry_id FROM directory_key WHERE key = ?1";
            Owner::Stored(rows::value(tx, text, params![key.0])?)
        } else {
            Owner::Listed(n)
        };
        owners.insert(key, owner);
    }
    Ok(owners)
}

/// The entry that device `n` belongs to, if it is not a new one: one that was stored before, or
/// that of an earlier device of the list.
fn target(
    n: usize,
    own: &[IdentityKey],
    owners: &HashMap<IdentityKey, Owner>,
    targets: &[Uuid],
) -> Option<Uuid> {
    let holders = || own.iter().filter_map(|key| owners.get(key));
    let stored = holders().find_map(|owner| match owner {
        Owner::Stored(id) => Some(*id),
        Owner::Listed(_) => None,
    });
    stored.or_else(|| {
        holders().find_map(|owner| match owner {
            Owner::Listed(earlier) if *earlier < n => targets.get(*earlier).copied(),
            _ => None,
        })
    })
}

/// Keeps a new entry.
pub(super) fn keep_entry(
    tx: &Transaction<'_>,
    id: Uuid,
    device: &BuiltDevice,
    at: Timestamp,
) -> Result<()> {
    rows::run(
        tx,
        "INSERT INTO directory_entry (id, manufacturer, model, serial, pkid, smbios_uuid, \
         imported_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![
            id,
            device.manufacturer.as_str(),
            device.model.as_str(),
            device.serial.as_str(),
            device.pkid.as_ref().map(Pkid::as_str),
            device.smbios_uuid,
            at.0,
        ],
    )?;
    Ok(())
}

/// Fills in what is missing of an entry.
pub(super) fn complete_entry(tx: &Transaction<'_>, id: Uuid, device: &BuiltDevice) -> Result<()> {
    if device.pkid.is_none() && device.smbios_uuid.is_none() {
        return Ok(());
    }
    rows::run(
        tx,
        "UPDATE directory_entry SET pkid = COALESCE(pkid, ?2), \
         smbios_uuid = COALESCE(smbios_uuid, ?3) \
         WHERE id = ?1 AND (pkid IS NULL OR smbios_uuid IS NULL)",
        params![
            id,
            device.pkid.as_ref().map(Pkid::as_str),
            device.smbios_uuid
        ],
    )?;
    Ok(())
}

fn set_policy(
    tx: &Transaction<'_>,
    act: &Act,
    manufacturer: &str,
    policy: Option<UnknownDevicePolicy>,
) -> Result<()> {
    let folded = fold(manufacturer);
    match policy {
        Some(policy) => rows::run(
            tx,
            "INSERT INTO directory_policy (manufacturer, shown, policy) VALUES (?1, ?2, ?3) \
             ON CONFLICT (manufacturer) \
             DO UPDATE SET shown = excluded.shown, policy = excluded.policy",
            [&folded, manufacturer, policy.as_str()],
        )?,
        None => rows::run(
            tx,
            "DELETE FROM directory_policy WHERE manufacturer = ?1",
            [&folded],
        )?,
    };
    let shown = if manufacturer.is_empty() {
        "every manufacturer"
    } else {
        manufacturer
    };
    let target = format!("Devices unknown to the directory: {shown}");
    let entry = act.entry(0, AuditAction::SettingChanged, Uuid::nil(), &target);
    audit::append(
        tx,
        &entry.saying(policy.map_or("default", UnknownDevicePolicy::as_str)),
    )
}
