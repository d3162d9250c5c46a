//! What OEMs report of devices they built.

use device_list::Pkid;
use registration::audit::{Act, AuditAction};
use registration::clock::Timestamp;
use registration::directory::{BuiltDevice, KnownEntry, Reported, report as decide};
use registration::ids::OrganizationId;
use uuid::Uuid;

use super::trouble::Trouble;
use super::{Tx, query, rows, trail};
use crate::apply::built_keys;
use crate::directory::reported_in_words;
use crate::{Result, sql};

const BY_KEYS: &str = concat!(
    "SELECT ",
    built_device_columns!("e"),
    ", e.id, e.reported_by FROM directory_entry e
      WHERE e.id IN (SELECT k.entry_id FROM directory_key k WHERE k.key = ANY ($1)) ORDER BY e.id
      FOR UPDATE"
);

const ADD_KEYS: &str = "\
    INSERT INTO directory_key (key, entry_id)
    SELECT t.key, $2::uuid FROM UNNEST ($1::bytea[]) AS t (key) ORDER BY t.key
    ON CONFLICT (key) DO NOTHING";

const ADD_ENTRY: &str = "\
    INSERT INTO directory_entry
        (id, manufacturer, model, serial, pkid, smbios_uuid, imported_at, reported_by)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";

const FILL_IN: &str = "\
    UPDATE directory_entry SET pkid = COALESCE (pkid, $2),
        smbios_uuid = COALESCE (smbios_uuid, $3) WHERE id = $1";

/// Adds what an OEM reports, in the order in which it does.
pub(super) async fn report(
    tx: &Tx<'_>,
    own: OrganizationId,
    act: &Act,
    devices: &[BuiltDevice],
) -> Result<Vec<Reported>> {
    let mut all = Vec::with_capacity(devices.len());
    for (n, device) in (0..).zip(devices) {
        let (ids, known) = known(tx, device).await?;
        let reported = decide(own, device, &known);
        match (reported, ids.first()) {
            (Reported::Added, _) => {
                let id = sql::directory_entry_id(act, n).0;
                add_keys(tx, id, device, true).await?;
                add_entry(tx, id, own, device, act.at).await?;
            }
            (Reported::Completed, Some(id)) => {
                add_keys(tx, *id, device, false).await?;
                let pkid = device.pkid.as_ref().map(Pkid::as_str);
                let uuid = device.smbios_uuid.map(Uuid::from_bytes);
                query::run(tx, FILL_IN, &[id, &pkid, &uuid]).await?;
            }
            _ => {}
        }
        all.push(reported);
    }
    let source = "Built devices";
    let line = act.entry(0, AuditAction::DevicesReported, Uuid::nil(), source);
    trail::write(tx, &[line.saying(reported_in_words(&all))]).await?;
    Ok(all)
}

/// The entries that have a key of this device, locked.
async fn known(tx: &Tx<'_>, device: &BuiltDevice) -> Result<(Vec<Uuid>, Vec<KnownEntry>)> {
    let keys = built_keys(device);
    let keys: Vec<&[u8]> = keys.iter().map(|key| key.0.as_slice()).collect();
    let (mut ids, mut known): (Vec<Uuid>, Vec<_>) = Default::default();
    for row in query::all(tx, BY_KEYS, &[&keys]).await? {
        ids.push(row.try_get(5)?);
        known.push(KnownEntry {
            reported_by: row.try_get::<_, Option<Uuid>>(6)?.map(OrganizationId),
            device: rows::built_device(&row, 0)?,
        });
    }
    Ok((ids, known))
}

/// Adds the keys of a device; where all must be new, one that somebody added meanwhile sends
/// everything back to the start.
async fn add_keys(tx: &Tx<'_>, id: Uuid, device: &BuiltDevice, all_new: bool) -> Result<()> {
    let keys = built_keys(device);
    let keys: Vec<&[u8]> = keys.iter().map(|key| key.0.as_slice()).collect();
    let added = query::run(tx, ADD_KEYS, &[&keys, &id]).await?;
    if all_new && added != keys.len() as u64 {
        return Err(Trouble::Vanished.into());
    }
    Ok(())
}

async fn add_entry(
    tx: &Tx<'_>,
    id: Uuid,
    own: OrganizationId,
    device: &BuiltDevice,
    at: Timestamp,
) -> Result<()> {
    let pkid = device.pkid.as_ref().map(Pkid::as_str);
    query::run(
        tx,
        ADD_ENTRY,
        &[
            &id,
            &device.manufacturer.as_str(),
            &device.model.as_str(),
            &device.serial.as_str(),
            &pkid,
            &device.smbios_uuid.map(Uuid::from_bytes),
            &at.0,
            &own.0,
        ],
    )
    .await?;
    Ok(())
}
