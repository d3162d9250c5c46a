//! The rows that applying a chunk writes: devices, their hashes, and keys that change hands.

use registration::audit::Act;
use registration::ids::DeviceId;
use registration::upload::Upload;
use rusqlite::{CachedStatement, Transaction, params};

use super::rows;
use crate::apply::{Completion, NewDevice, Written};
use crate::{Result, StorageError};

/// Writes everything that was decided but the results.
pub(super) fn devices(
    tx: &Transaction<'_>,
    act: &Act,
    upload: &Upload,
    written: &Written,
) -> Result<()> {
    if !written.devices.is_empty() {
        let mut insert = insert_device(tx, act, upload)?;
        for device in &written.devices {
            bind_device(&mut insert, device)?;
            insert.raw_execute()?;
            keep_hash(tx, device)?;
        }
    }
    for key in &written.released {
        rows::run(tx, "DELETE FROM device_key WHERE key = ?1", params![key.0])?;
    }
    for (key, device) in &written.moved {
        let text = "UPDATE device_key SET device_id = ?2 WHERE key = ?1";
        rows::run(tx, text, params![key.0, device.0])?;
    }
    for completion in &written.completed {
        complete(tx, upload, completion)?;
    }
    Ok(())
}

/// The statement with what all devices of the chunk share bound to it.
fn insert_device<'tx>(
    tx: &'tx Transaction<'_>,
    act: &Act,
    upload: &Upload,
) -> Result<CachedStatement<'tx>> {
    let mut insert = tx.prepare_cached(
        "INSERT INTO device (customer_id, id, registered_by, registered_by_user, batch_id, \
         upload_id, manufacturer, model, serial, serial_folded, pkid, smbios_uuid, has_hash, \
         verified, group_tag, registered_at, keys) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)",
    )?;
    let batch = upload
        .batch_id
        .ok_or_else(|| StorageError::unexpected("no batch"))?;
    insert.raw_bind_parameter(1, upload.customer_id.0)?;
    insert.raw_bind_parameter(3, upload.party_id.0)?;
    insert.raw_bind_parameter(4, act.actor.user_id.0)?;
    insert.raw_bind_parameter(5, batch.0)?;
    insert.raw_bind_parameter(6, upload.id.0)?;
    insert.raw_bind_parameter(15, &upload.group_tag)?;
    insert.raw_bind_parameter(16, act.at.0)?;
    Ok(insert)
}

fn bind_device(insert: &mut CachedStatement<'_>, device: &NewDevice) -> Result<()> {
    insert.raw_bind_parameter(2, device.id.0.as_bytes().as_slice())?;
    insert.raw_bind_parameter(7, device.manufacturer.as_deref())?;
    insert.raw_bind_parameter(8, device.model.as_deref())?;
    insert.raw_bind_parameter(9, device.serial.as_deref())?;
    insert.raw_bind_parameter(10, device.serial_folded.as_deref())?;
    insert.raw_bind_parameter(11, device.pkid.as_deref())?;
    insert.raw_bind_parameter(12, device.smbios_uuid.as_ref().map(<[u8; 16]>::as_slice))?;
    insert.raw_bind_parameter(13, device.hash.is_some())?;
    insert.raw_bind_parameter(14, device.verified)?;
    insert.raw_bind_parameter(17, device.keys.as_slice())?;
    Ok(())
}

fn keep_hash(tx: &Transaction<'_>, device: &NewDevice) -> Result<()> {
    if let Some(hash) = &device.hash {
        rows::run(
            tx,
            "INSERT INTO device_hash (device_id, hash) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
            params![device.id.0, hash],
        )?;
    }
    Ok(())
}

fn complete(tx: &Transaction<'_>, upload: &Upload, completion: &Completion) -> Result<()> {
    let device = &completion.device;
    let DeviceId(id) = device.id;
    rows::run(
        tx,
        "UPDATE device SET manufacturer = COALESCE(manufacturer, ?3), \
         model = COALESCE(model, ?4), serial = COALESCE(serial, ?5), \
         serial_folded = COALESCE(serial_folded, ?6), pkid = COALESCE(pkid, ?7), \
         smbios_uuid = COALESCE(smbios_uuid, ?8), has_hash = has_hash OR ?9, \
         verified = verified OR ?10, keys = ?11 WHERE customer_id = ?1 AND id = ?2",
        params![
            upload.customer_id.0,
            id,
            device.manufacturer,
            device.model,
            device.serial,
            device.serial_folded,
            device.pkid,
            device.smbios_uuid,
            device.hash.is_some(),
            device.verified,
            device.keys,
        ],
    )?;
    keep_hash(tx, device)
}
