//! The device that asks: found by its identity keys.

use device_list::IdentityKey;
use registration::ids::{DeviceId, OrganizationId, ProfileId};
use rusqlite::{Connection, params};
use uuid::Uuid;

use super::rows;
use crate::Result;
use crate::devices::Asked;
use crate::effective::{effective_profile, nearest_assignment};

// One statement for up to three keys: starting one costs more than looking a key up.
const ASKING: &str = concat!(
    "SELECT k.device_id, k.customer_id, o.domain, d.group_tag, ",
    effective_profile!(),
    ", d.last_asked_at, d.smbios_uuid FROM device_key k \
     JOIN device d ON d.customer_id = k.customer_id AND d.id = k.device_id \
     JOIN organization o ON o.id = k.customer_id \
     LEFT JOIN group_tag g ON g.tag = d.group_tag WHERE k.key = \
     coalesce((SELECT key FROM device_key WHERE key = ?1), \
     (SELECT key FROM device_key WHERE key = ?2), ?3)"
);

/// The device that has the first of these keys on record, if its SMBIOS UUID is not another.
#[expect(
    clippy::option_option,
    reason = "the trait's: not compared, compared with none, compared with one"
)]
pub(super) fn find_asking(
    conn: &Connection,
    keys: &[IdentityKey],
    smbios_uuid: Option<Option<[u8; 16]>>,
) -> Result<Option<Asked>> {
    for three in keys.chunks(3) {
        let key = |n: usize| three.get(n).map(|key| key.0);
        let found = rows::first(conn, ASKING, params![key(0), key(1), key(2)], |row| {
            let asked = Asked {
                device_id: DeviceId(row.get(0)?),
                customer_id: OrganizationId(row.get(1)?),
                customer_domain: row.get(2)?,
                group_tag: row.get(3)?,
                profile_id: row.get::<_, Option<Uuid>>(4)?.map(ProfileId),
                last_asked_at: rows::time(row, 5)?,
            };
            Ok((asked, row.get::<_, Option<[u8; 16]>>(6)?))
        })?;
        if let Some((asked, on_record)) = found {
            let same = match (smbios_uuid, on_record) {
                (None, _) | (_, None) => true,
                (Some(given), Some(_)) => given == on_record,
            };
            return Ok(same.then_some(asked));
        }
    }
    Ok(None)
}
