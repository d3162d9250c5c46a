//! Writing what a chunk decided: one statement a table, arrays instead of rows, keys in order.
//! The unique key of `device_key` is the judge of who holds a device.

use std::collections::HashMap;

use deadpool_postgres::GenericClient;
use device_list::IdentityKey;
use registration::audit::Act;
use registration::ids::{DeviceId, OrganizationId};
use registration::upload::Upload;
use tokio_postgres::Row;
use uuid::Uuid;

use super::trouble::Trouble;
use super::{Tx, query, rows};
use crate::Result;
use crate::apply::{Contested, Held, NewDevice, Written};

const CLAIM: &str = "\
    INSERT INTO device_key (key, customer_id, device_id)
    SELECT t.key, $1::uuid, t.device_id
    FROM UNNEST ($2::bytea[], $3::uuid[]) AS t (key, device_id) ORDER BY t.key
    ON CONFLICT (key) DO NOTHING";

const HOLDERS: &str = "\
    SELECT key, customer_id, device_id FROM device_key WHERE key = ANY ($1)";

// The ids that a chunk gives are one stretch of numbers, so what lies in it was claimed just now.
const OTHER_HOLDERS: &str = "\
    SELECT key, customer_id, device_id FROM device_key
    WHERE key = ANY ($1) AND (device_id < $2 OR device_id > $3)";

const CONTESTED: &str = "\
    SELECT id, registered_by, keys FROM device WHERE customer_id = $1 AND id = ANY ($2)
    ORDER BY id FOR UPDATE";

const DEVICES: &str = "\
    INSERT INTO device (customer_id, registered_by, registered_by_user, batch_id, upload_id,
        group_tag, registered_at, id, manufacturer, model, serial, serial_folded, pkid,
        smbios_uuid, has_hash, verified, keys)
    SELECT $1::uuid, $2::uuid, $3::uuid, $4::uuid, $5::uuid, $6::text, $7::bigint, t.*
    FROM UNNEST ($8::uuid[], $9::text[], $10::text[], $11::text[], $12::text[], $13::text[],
        $14::uuid[], $15::bool[], $16::bool[], $17::bytea[]) AS t";

const HASHES: &str = "\
    INSERT INTO device_hash (device_id, hash)
    SELECT * FROM UNNEST ($1::uuid[], $2::bytea[]) ON CONFLICT (device_id) DO NOTHING";

const COMPLETE: &str = "\
    UPDATE device d SET manufacturer = COALESCE (d.manufacturer, t.manufacturer),
        model = COALESCE (d.model, t.model), serial = COALESCE (d.serial, t.serial),
        serial_folded = COALESCE (d.serial_folded, t.serial_folded),
        pkid = COALESCE (d.pkid, t.pkid), smbios_uuid = COALESCE (d.smbios_uuid, t.smbios_uuid),
        has_hash = d.has_hash OR t.has_hash, verified = d.verified OR t.verified, keys = t.keys
    FROM UNNEST ($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
        $8::uuid[], $9::bool[], $10::bool[], $11::bytea[])
        AS t (id, manufacturer, model, serial, serial_folded, pkid, smbios_uuid, has_hash,
            verified, keys)
    WHERE d.customer_id = $1 AND d.id = t.id";

const RELEASE: &str = "DELETE FROM device_key WHERE key = ANY ($1)";

const MOVE: &str = "\
    UPDATE device_key k SET device_id = t.device_id
    FROM UNNEST ($1::bytea[], $2::uuid[]) AS t (key, device_id) WHERE k.key = t.key";

/// Claims keys, which are sorted, and answers with those that somebody held before, and who.
pub(super) async fn claim(
    tx: &Tx<'_>,
    customer: OrganizationId,
    claims: &[(IdentityKey, DeviceId)],
) -> Result<HashMap<IdentityKey, Held>> {
    let ids: Vec<Uuid> = claims.iter().map(|(_, id)| id.0).collect();
    let (Some(lowest), Some(highest)) = (ids.iter().min(), ids.iter().max()) else {
        return Ok(HashMap::new());
    };
    let keys: Vec<&[u8]> = claims.iter().map(|(key, _)| key.0.as_slice()).collect();
    let claimed = query::run(tx, CLAIM, &[&customer.0, &keys, &ids]).await?;
    let taken = claims.len() - claimed as usize;
    if taken == 0 {
        return Ok(HashMap::new());
    }
    let found = query::all(tx, OTHER_HOLDERS, &[&keys, lowest, highest]).await?;
    if found.len() != taken {
        return Err(Trouble::Vanished.into());
    }
    found.iter().map(holder).collect()
}

/// Who holds these keys.
pub(super) async fn holders(
    db: &impl GenericClient,
    keys: &[&[u8]],
) -> Result<HashMap<IdentityKey, Held>> {
    if keys.is_empty() {
        return Ok(HashMap::new());
    }
    let found = query::all(db, HOLDERS, &[&keys]).await?;
    found.iter().map(holder).collect()
}

fn holder(row: &Row) -> Result<(IdentityKey, Held)> {
    let held = Held {
        customer_id: OrganizationId(row.try_get(1)?),
        device_id: DeviceId(row.try_get(2)?),
    };
    Ok((rows::key(row, 0)?, held))
}

/// Locks devices that rows name again, and reads what must be known to decide. One that is gone
/// released its keys: then everything starts again.
pub(super) async fn contested(
    tx: &Tx<'_>,
    customer: OrganizationId,
    devices: &[DeviceId],
) -> Result<HashMap<DeviceId, Contested>> {
    if devices.is_empty() {
        return Ok(HashMap::new());
    }
    let ids: Vec<Uuid> = devices.iter().map(|id| id.0).collect();
    let found = query::all(tx, CONTESTED, &[&customer.0, &ids]).await?;
    if found.len() != ids.len() {
        return Err(Trouble::Vanished.into());
    }
    let stored = |row: &Row| {
        let contested = Contested {
            registered_by: OrganizationId(row.try_get(1)?),
            keys: row.try_get(2)?,
        };
        Ok((DeviceId(row.try_get(0)?), contested))
    };
    found.iter().map(stored).collect()
}

/// Writes devices, hashes and what became of the claimed keys.
pub(super) async fn write(
    tx: &Tx<'_>,
    act: &Act,
    upload: &Upload,
    written: &Written,
) -> Result<()> {
    let devices: Vec<&NewDevice> = written.devices.iter().collect();
    if !devices.is_empty() {
        insert(tx, act, upload, &devices).await?;
        keep_hashes(tx, &devices).await?;
    }
    let completed: Vec<_> = written.completed.iter().map(|c| &c.device).collect();
    if !completed.is_empty() {
        complete(tx, upload.customer_id, &completed).await?;
        keep_hashes(tx, &completed).await?;
    }
    if !written.released.is_empty() {
        let keys: Vec<&[u8]> = written.released.iter().map(|k| k.0.as_slice()).collect();
        query::run(tx, RELEASE, &[&keys]).await?;
    }
    if !written.moved.is_empty() {
        let keys: Vec<&[u8]> = written.moved.iter().map(|(k, _)| k.0.as_slice()).collect();
        let ids: Vec<Uuid> = written.moved.iter().map(|(_, id)| id.0).collect();
        query::run(tx, MOVE, &[&keys, &ids]).await?;
    }
    Ok(())
}

/// The columns of devices as arrays.
struct Arrays<'a> {
    id: Vec<Uuid>,
    manufacturer: Vec<Option<&'a str>>,
    model: Vec<Option<&'a str>>,
    serial: Vec<Option<&'a str>>,
    serial_folded: Vec<Option<&'a str>>,
    pkid: Vec<Option<&'a str>>,
    smbios_uuid: Vec<Option<Uuid>>,
    has_hash: Vec<bool>,
    verified: Vec<bool>,
    keys: Vec<&'a [u8]>,
}

impl<'a> Arrays<'a> {
    fn of(devices: &[&'a NewDevice]) -> Self {
        Self {
            id: each(devices, |d| d.id.0),
            manufacturer: each(devices, |d| d.manufacturer.as_deref()),
            model: each(devices, |d| d.model.as_deref()),
            serial: each(devices, |d| d.serial.as_deref()),
            serial_folded: each(devices, |d| d.serial_folded.as_deref()),
            pkid: each(devices, |d| d.pkid.as_deref()),
            smbios_uuid: each(devices, |d| d.smbios_uuid.map(Uuid::from_bytes)),
            has_hash: each(devices, |d| d.hash.is_some()),
            verified: each(devices, |d| d.verified),
            keys: each(devices, |d| d.keys.as_slice()),
        }
    }
}

fn each<'a, T>(devices: &[&'a NewDevice], value: impl Fn(&'a NewDevice) -> T) -> Vec<T> {
    devices.iter().copied().map(value).collect()
}

async fn insert(tx: &Tx<'_>, act: &Act, upload: &Upload, devices: &[&NewDevice]) -> Result<()> {
    let t = Arrays::of(devices);
    query::run(
        tx,
        DEVICES,
        &[
            &upload.customer_id.0,
            &upload.party_id.0,
            &act.actor.user_id.0,
            &upload.batch_id.map(|id| id.0),
            &upload.id.0,
            &upload.group_tag,
            &act.at.0,
            &t.id,
            &t.manufacturer,
            &t.model,
            &t.serial,
            &t.serial_folded,
            &t.pkid,
            &t.smbios_uuid,
            &t.has_hash,
            &t.verified,
            &t.keys,
        ],
    )
    .await?;
    Ok(())
}

async fn complete(tx: &Tx<'_>, customer: OrganizationId, devices: &[&NewDevice]) -> Result<()> {
    let t = Arrays::of(devices);
    query::run(
        tx,
        COMPLETE,
        &[
            &customer.0,
            &t.id,
            &t.manufacturer,
            &t.model,
            &t.serial,
            &t.serial_folded,
            &t.pkid,
            &t.smbios_uuid,
            &t.has_hash,
            &t.verified,
            &t.keys,
        ],
    )
    .await?;
    Ok(())
}

async fn keep_hashes(tx: &Tx<'_>, devices: &[&NewDevice]) -> Result<()> {
    let with_hash = devices
        .iter()
        .filter_map(|d| d.hash.as_deref().map(|hash| (d.id.0, hash)));
    let (ids, hashes): (Vec<Uuid>, Vec<&[u8]>) = with_hash.unzip();
    if !ids.is_empty() {
        query::run(tx, HASHES, &[&ids, &hashes]).await?;
    }
    Ok(())
}
