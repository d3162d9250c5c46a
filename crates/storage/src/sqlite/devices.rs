//! Registered devices: lists, counts, and the device that asks.

use async_trait::async_trait;
use device_list::IdentityKey;
use registration::access::Scope;
use registration::audit::Act;
use registration::clock::Timestamp;
use registration::device::{ACTIVE_DAYS, Device};
use registration::ids::{DeviceId, OrganizationId, UploadId};
use registration::upload::UploadRowResult;
use rusqlite::{Connection, params};
use uuid::Uuid;

use super::device_list::ListQuery;
use super::rows::{self, DEVICE};
use super::sight::Sight;
use super::uploads::from_sql;
use super::{Sqlite, asking, release, submissions};
use crate::devices::{Asked, DeviceFilter, DeviceTotals, Devices};
use crate::submissions::RequestKey;
use crate::{Page, Result, StorageError, sql};

#[async_trait]
impl Devices for Sqlite {
    async fn devices(
        &self,
        scope: &Scope,
        customer: OrganizationId,
        filter: &DeviceFilter,
        now: Timestamp,
        before: Option<Uuid>,
        limit: usize,
    ) -> Result<Page<Device>> {
        let (scope, filter) = (*scope, filter.clone());
        self.read(move |conn| {
            let sight = Sight::of(conn, &scope, customer, now)?;
            let query = ListQuery::new(DEVICE, sight, customer, &filter, now);
            let found =
                query.map_or_else(|| Ok(Vec::new()), |query| query.list(conn, before, limit))?;
            Ok(Page::of(found, limit, |device| device.id.0))
        })
        .await
    }

    async fn count_devices(
        &self,
        scope: &Scope,
        customer: OrganizationId,
        filter: &DeviceFilter,
        now: Timestamp,
    ) -> Result<u64> {
        let (scope, filter) = (*scope, filter.clone());
        self.read(move |conn| {
            let sight = Sight::of(conn, &scope, customer, now)?;
            let query = ListQuery::new("COUNT(*)", sight, customer, &filter, now);
            query.map_or(Ok(0), |query| query.count(conn))
        })
        .await
    }

    async fn device(
        &self,
        scope: &Scope,
        id: DeviceId,
        customer: OrganizationId,
        now: Timestamp,
    ) -> Result<Option<Device>> {
        let scope = *scope;
        self.read(move |conn| {
            let sight = Sight::of(conn, &scope, customer, now)?;
            in_sight(conn, sight, customer, id)
        })
        .await
    }

    async fn devices_of(
        &self,
        scope: &Scope,
        devices: &[DeviceId],
        customer: OrganizationId,
        now: Timestamp,
    ) -> Result<Vec<Device>> {
        let (scope, devices) = (*scope, devices.to_vec());
        self.read(move |conn| {
            let sight = Sight::of(conn, &scope, customer, now)?;
            let found = devices
                .iter()
                .map(|id| in_sight(conn, sight, customer, *id));
            found.filter_map(Result::transpose).collect()
        })
        .await
    }

    async fn device_totals(
        &self,
        scope: &Scope,
        customer: OrganizationId,
        now: Timestamp,
    ) -> Result<DeviceTotals> {
        let scope = *scope;
        self.read(move |conn| totals(conn, &scope, customer, now))
            .await
    }

    async fn unregistered_rows(
        &self,
        scope: &Scope,
        limit: usize,
    ) -> Result<Vec<(UploadId, UploadRowResult)>> {
        let own = scope.organization_id();
        self.read(move |conn| unregistered(conn, own, limit)).await
    }

    async fn deregister(
        &self,
        scope: &Scope,
        act: &Act,
        customer: OrganizationId,
        devices: &[DeviceId],
    ) -> Result<Vec<DeviceId>> {
        let (scope, act, devices) = (*scope, act.clone(), devices.to_vec());
        self.write(move |tx| release::deregister(tx, &scope, &act, customer, &devices))
            .await
    }

    async fn deregister_once(
        &self,
        scope: &Scope,
        act: &Act,
        customer: OrganizationId,
        device: DeviceId,
        key: RequestKey,
    ) -> Result<()> {
        let (scope, act, key) = (*scope, act.clone(), Some(key));
        self.write(move |tx| {
            let own = scope.organization_id();
            if submissions::known(tx, own, key)?.is_some() {
                return Ok(());
            }
            if release::deregister(tx, &scope, &act, customer, &[device])?.is_empty() {
                return Err(StorageError::NotFound);
            }
            submissions::remember(tx, own, key, UploadId(device.0), &act)
        })
        .await
    }

    async fn change_group_tag(
        &self,
        scope: &Scope,
        act: &Act,
        customer: OrganizationId,
        devices: &[DeviceId],
        group_tag: &str,
    ) -> Result<Vec<DeviceId>> {
        let (scope, act) = (*scope, act.clone());
        let (devices, tag) = (devices.to_vec(), group_tag.to_owned());
        self.write(move |tx| release::retag(tx, &scope, &act, customer, &devices, &tag))
            .await
    }

    async fn find_asking(
        &self,
        keys: &[IdentityKey],
        smbios_uuid: Option<Option<[u8; 16]>>,
    ) -> Result<Option<Asked>> {
        self.readers
            .run_here(|conn| asking::find_asking(conn, keys, smbios_uuid))
    }

    async fn note_asked(&self, asked: &[(OrganizationId, DeviceId, Timestamp)]) -> Result<()> {
        let asked = asked.to_vec();
        self.write(move |tx| {
            for (customer, device, at) in asked {
                rows::run(
                    tx,
                    "UPDATE device SET last_asked_at = ?3 WHERE customer_id = ?1 AND id = ?2 \
                     AND (last_asked_at IS NULL OR last_asked_at < ?3)",
                    params![customer.0, device.0, at.0],
                )?;
            }
            Ok(())
        })
        .await
    }
}

/// A device of the customer that is in sight.
pub(super) fn in_sight(
    conn: &Connection,
    sight: Sight,
    customer: OrganizationId,
    id: DeviceId,
) -> Result<Option<Device>> {
    if sight == Sight::Nothing {
        return Ok(None);
    }
    let text = format!("SELECT {DEVICE} FROM device d WHERE d.customer_id = ?1 AND d.id = ?2");
    let found = rows::first(conn, &text, [customer.0, id.0], rows::device)?;
    Ok(found.filter(|device| {
        sight
            .party()
            .is_none_or(|party| device.registered_by == party)
    }))
}

/// The beginning of the time in which an ask makes a device active.
pub(super) fn active_after(now: Timestamp) -> i64 {
    now.plus_days(-ACTIVE_DAYS).0
}

fn totals(
    conn: &Connection,
    scope: &Scope,
    customer: OrganizationId,
    now: Timestamp,
) -> Result<DeviceTotals> {
    let sight = Sight::of(conn, scope, customer, now)?;
    let mut totals = DeviceTotals::default();
    if sight == Sight::Nothing {
        return Ok(totals);
    }
    let by_tag = rows::all(
        conn,
        "SELECT group_tag, COUNT(*), COUNT(last_asked_at), \
         COUNT(*) FILTER (WHERE last_asked_at > ?3) FROM device \
         WHERE customer_id = ?1 AND (?2 IS NULL OR registered_by = ?2) \
         GROUP BY group_tag ORDER BY group_tag",
        params![customer.0, sight.party().map(|id| id.0), active_after(now)],
        |row| {
            let counts: [u64; 3] = [row.get(1)?, row.get(2)?, row.get(3)?];
            Ok((row.get::<_, String>(0)?, counts))
        },
    )?;
    for (tag, [all, asked, active]) in by_tag {
        totals.by_tag.push((tag, all));
        totals.by_state[0] += all - asked;
        totals.by_state[1] += active;
        totals.by_state[2] += asked - active;
    }
    Ok(totals)
}

fn unregistered(
    conn: &Connection,
    own: OrganizationId,
    limit: usize,
) -> Result<Vec<(UploadId, UploadRowResult)>> {
    let mut statement = conn.prepare_cached(
        "SELECT u.id, c.rows, c.results FROM upload u JOIN upload_chunk c ON c.upload_id = u.id \
         WHERE u.customer_id = ?1 AND u.party_id = ?1 AND u.status <> 'draft' \
         AND (c.results IS NULL OR c.failed > 0) ORDER BY u.id DESC, c.number",
    )?;
    let mut chunks = statement.query([own.0])?;
    let mut found = Vec::new();
    while let Some(chunk) = chunks.next()? {
        let id = UploadId(chunk.get(0)?);
        let rows = sql::rows_from_bytes(chunk.get_ref(1)?.as_blob().map_err(from_sql)?)?;
        let results = chunk.get_ref(2)?.as_blob_or_null().map_err(from_sql)?;
        for listed in sql::with_results(rows, results)? {
            if found.len() == limit {
                return Ok(found);
            }
            if listed
                .result
                .as_ref()
                .is_none_or(|result| result.outcome.is_failure())
            {
                found.push((id, listed));
            }
        }
    }
    Ok(found)
}
