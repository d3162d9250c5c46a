//! What OEMs report of devices they built.

use registration::audit::{Act, AuditAction};
use registration::directory::{BuiltDevice, KnownEntry, Reported, report as decide};
use registration::ids::OrganizationId;
use rusqlite::{Connection, Transaction, params};
use uuid::Uuid;

use super::directory::{complete_entry, entry, keep_entry};
use super::{audit, rows};
use crate::apply::built_keys;
use crate::directory::reported_in_words;
use crate::{Result, sql};

const BY_KEY: &str = "SELECT e.id, e.manufacturer, e.model, e.serial, e.pkid, e.smbios_uuid, \
     e.imported_at, e.reported_by FROM directory_key k \
     JOIN directory_entry e ON e.id = k.entry_id WHERE k.key = ?1";

/// Adds what an OEM reports, in the order in which it does.
pub(super) fn report(
    tx: &Transaction<'_>,
    own: OrganizationId,
    act: &Act,
    devices: &[BuiltDevice],
) -> Result<Vec<Reported>> {
    let mut all = Vec::with_capacity(devices.len());
    for (n, device) in (0..).zip(devices) {
        let (ids, known) = known(tx, device)?;
        let reported = decide(own, device, &known);
        match (reported, ids.first()) {
            (Reported::Added, _) => {
                let id = sql::directory_entry_id(act, n).0;
                keep_entry(tx, id, device, act.at)?;
                let text = "UPDATE directory_entry SET reported_by = ?2 WHERE id = ?1";
                rows::run(tx, text, [id, own.0])?;
                add_keys(tx, id, device)?;
            }
            (Reported::Completed, Some(id)) => {
                complete_entry(tx, *id, device)?;
                add_keys(tx, *id, device)?;
            }
            _ => {}
        }
        all.push(reported);
    }
    let source = "Built devices";
    let line = act.entry(0, AuditAction::DevicesReported, Uuid::nil(), source);
    audit::append(tx, &line.saying(reported_in_words(&all)))?;
    Ok(all)
}

/// The entries that have a key of this device.
fn known(conn: &Connection, device: &BuiltDevice) -> Result<(Vec<Uuid>, Vec<KnownEntry>)> {
    let (mut ids, mut known): (Vec<Uuid>, Vec<_>) = Default::default();
    for key in built_keys(device) {
        let found = rows::first(conn, BY_KEY, params![key.0], |row| {
            let reported_by = row.get::<_, Option<Uuid>>(7)?.map(OrganizationId);
            Ok((entry(row)?, reported_by))
        })?;
        let Some((found, reported_by)) = found else {
            continue;
        };
        if !ids.contains(&found.id.0) {
            ids.push(found.id.0);
            let device = found.device;
            known.push(KnownEntry {
                reported_by,
                device,
            });
        }
    }
    Ok((ids, known))
}

fn add_keys(tx: &Transaction<'_>, id: Uuid, device: &BuiltDevice) -> Result<()> {
    for key in built_keys(device) {
        let text = "INSERT INTO directory_key (key, entry_id) VALUES (?1, ?2) \
                    ON CONFLICT DO NOTHING";
        rows::run(tx, text, params![key.0, id])?;
    }
    Ok(())
}
