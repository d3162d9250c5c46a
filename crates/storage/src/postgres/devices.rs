//! Registered devices: lists, counts, and the device that asks. Releasing them and changing
//! their tags is in [`super::release`].

use std::collections::BTreeMap;

use async_trait::async_trait;
use device_list::IdentityKey;
use registration::access::Scope;
use registration::audit::Act;
use registration::clock::Timestamp;
use registration::device::{ACTIVE_DAYS, Device};
use registration::ids::{DeviceId, OrganizationId, ProfileId, UploadId};
use registration::upload::UploadRowResult;
use tokio_postgres::Row;
use uuid::Uuid;

use super::consent::Sight;
use super::device_list::{Conditions, Wanted};
use super::{Postgres, query, release, rows, submissions, upload_rows};
use crate::devices::{Asked, DeviceFilter, DeviceTotals, Devices};
use crate::effective::{effective_profile, nearest_assignment};
use crate::submissions::RequestKey;
use crate::{Page, Result, StorageError};

const ONE: &str = concat!(
    "SELECT ",
    device_columns!("d"),
    " FROM device d WHERE d.customer_id = $1 AND d.id = $2
      AND ($3::uuid IS NULL OR d.registered_by = $3)"
);

const THESE: &str = concat!(
    "SELECT ",
    device_columns!("d"),
    " FROM device d WHERE d.customer_id = $1 AND d.id = ANY ($2)
      AND ($3::uuid IS NULL OR d.registered_by = $3)"
);

const LIST: &str = concat!(
    "SELECT ",
    device_columns!("d"),
    " FROM device d WHERE d.customer_id = $1"
);

const COUNT: &str = "SELECT COUNT(*) FROM device d WHERE d.customer_id = $1";

const TOTALS: &str = "\
    SELECT group_tag, COUNT(*), COUNT(*) FILTER (WHERE last_asked_at IS NULL),
        COUNT(*) FILTER (WHERE last_asked_at > $3)
    FROM device WHERE customer_id = $1 AND ($2::uuid IS NULL OR registered_by = $2)
    GROUP BY group_tag ORDER BY group_tag COLLATE \"C\"";

const ASKING: &str = concat!(
    "SELECT k.key, d.id, d.customer_id, o.domain, d.group_tag, ",
    effective_profile!(),
    ", d.last_asked_at, d.smbios_uuid
    FROM device_key k
    JOIN device d ON d.customer_id = k.customer_id AND d.id = k.device_id
    JOIN organization o ON o.id = d.customer_id
    LEFT JOIN group_tag g ON g.tag = d.group_tag
    WHERE k.key = ANY ($1)"
);

const NOTE_ASKED: &str = "\
    UPDATE device d SET last_asked_at = a.at
    FROM UNNEST ($1::uuid[], $2::uuid[], $3::bigint[]) AS a (customer_id, id, at)
    WHERE d.customer_id = a.customer_id AND d.id = a.id
        AND (d.last_asked_at IS NULL OR d.last_asked_at < a.at)";

/// The moment before which the last ask must lie for a device to be inactive.
pub(super) fn silent_since(now: Timestamp) -> Timestamp {
    now.plus_days(-ACTIVE_DAYS)
}

fn asked(row: &Row) -> Result<Asked> {
    Ok(Asked {
        device_id: DeviceId(row.try_get(1)?),
        customer_id: OrganizationId(row.try_get(2)?),
        customer_domain: row.try_get(3)?,
        group_tag: row.try_get(4)?,
        profile_id: row.try_get::<_, Option<Uuid>>(5)?.map(ProfileId),
        last_asked_at: rows::time(row, 6)?,
    })
}

/// The row of the first of `keys` that is on record.
fn first_on_record<'a>(keys: &[IdentityKey], found: &'a [Row]) -> Result<Option<&'a Row>> {
    let mut best = None;
    for row in found {
        let key = rows::key(row, 0)?;
        let place = keys.iter().position(|wanted| *wanted == key);
        if place.is_some() && best.is_none_or(|(first, _)| place < first) {
            best = Some((place, row));
        }
    }
    Ok(best.map(|(_, row)| row))
}

#[async_trait]
impl Devices for Postgres {
    async fn devices(
        &self,
        scope: &Scope,
        customer: OrganizationId,
        filter: &DeviceFilter,
        now: Timestamp,
        before: Option<Uuid>,
        limit: usize,
    ) -> Result<Page<Device>> {
        let client = self.client().await?;
        let sight = Sight::of(&client, scope, customer, now).await?;
        if sight == Sight::Nothing {
            return Ok(Page::of(Vec::new(), limit, |d: &Device| d.id.0));
        }
        let before = query::before(before);
        let (wanted, more) = (Wanted::of(sight, filter, now), query::one_more(limit));
        let mut list = Conditions {
            text: LIST.to_owned(),
            values: vec![&customer.0],
        };
        wanted.add(filter, &mut list);
        list.and("d.id < ?", &[&before]);
        list.values.push(&more);
        let Conditions { text, values } = list;
        let text = format!("{text} ORDER BY d.id DESC LIMIT ${}", values.len());
        let found = query::all(&client, &text, &values).await?;
        let read = found.iter().map(|row| rows::device(row, 0));
        Ok(Page::of(read.collect::<Result<_>>()?, limit, |d| d.id.0))
    }

    async fn count_devices(
        &self,
        scope: &Scope,
        customer: OrganizationId,
        filter: &DeviceFilter,
        now: Timestamp,
    ) -> Result<u64> {
        let client = self.client().await?;
        let sight = Sight::of(&client, scope, customer, now).await?;
        if sight == Sight::Nothing {
            return Ok(0);
        }
        let wanted = Wanted::of(sight, filter, now);
        let mut list = Conditions {
            text: COUNT.to_owned(),
            values: vec![&customer.0],
        };
        wanted.add(filter, &mut list);
        let row = query::first(&client, &list.text, &list.values).await?;
        row.map_or(Ok(0), |row| rows::count(&row, 0))
    }

    async fn device(
        &self,
        scope: &Scope,
        id: DeviceId,
        customer: OrganizationId,
        now: Timestamp,
    ) -> Result<Option<Device>> {
        let client = self.client().await?;
        let sight = Sight::of(&client, scope, customer, now).await?;
        if sight == Sight::Nothing {
            return Ok(None);
        }
        let row = query::first(&client, ONE, &[&customer.0, &id.0, &sight.party()]).await?;
        row.map(|row| rows::device(&row, 0)).transpose()
    }

    async fn devices_of(
        &self,
        scope: &Scope,
        devices: &[DeviceId],
        customer: OrganizationId,
        now: Timestamp,
    ) -> Result<Vec<Device>> {
        let client = self.client().await?;
        let sight = Sight::of(&client, scope, customer, now).await?;
        if sight == Sight::Nothing {
            return Ok(Vec::new());
        }
        let ids: Vec<Uuid> = devices.iter().map(|id| id.0).collect();
        let found = query::all(&client, THESE, &[&customer.0, &ids, &sight.party()]).await?;
        found.iter().map(|row| rows::device(row, 0)).collect()
    }

    async fn device_totals(
        &self,
        scope: &Scope,
        customer: OrganizationId,
        now: Timestamp,
    ) -> Result<DeviceTotals> {
        let client = self.client().await?;
        let sight = Sight::of(&client, scope, customer, now).await?;
        let mut totals = DeviceTotals::default();
        if sight == Sight::Nothing {
            return Ok(totals);
        }
        let since = silent_since(now).0;
        let party = sight.party();
        for row in query::all(&client, TOTALS, &[&customer.0, &party, &since]).await? {
            let all = rows::count(&row, 1)?;
            let (ready, active) = (rows::count(&row, 2)?, rows::count(&row, 3)?);
            totals.by_tag.push((row.try_get(0)?, all));
            totals.by_state[0] += ready;
            totals.by_state[1] += active;
            totals.by_state[2] += all - ready - active;
        }
        Ok(totals)
    }

    async fn unregistered_rows(
        &self,
        scope: &Scope,
        limit: usize,
    ) -> Result<Vec<(UploadId, UploadRowResult)>> {
        let client = self.client().await?;
        upload_rows::unregistered(&client, scope.organization_id(), limit).await
    }

    async fn deregister(
        &self,
        scope: &Scope,
        act: &Act,
        customer: OrganizationId,
        devices: &[DeviceId],
    ) -> Result<Vec<DeviceId>> {
        in_transaction!(self, tx => release::deregister(tx, scope, act, customer, devices).await)
    }

    async fn deregister_once(
        &self,
        scope: &Scope,
        act: &Act,
        customer: OrganizationId,
        device: DeviceId,
        key: RequestKey,
    ) -> Result<()> {
        let (own, key, id) = (scope.organization_id(), Some(key), UploadId(device.0));
        in_transaction!(self, tx => {
            if submissions::remember(tx, own, key, id, act).await?.is_some() {
                return Ok(());
            }
            let released = release::deregister(tx, scope, act, customer, &[device]).await?;
            if released.is_empty() {
                return Err(StorageError::NotFound);
            }
            Ok(())
        })
    }

    async fn change_group_tag(
        &self,
        scope: &Scope,
        act: &Act,
        customer: OrganizationId,
        devices: &[DeviceId],
        group_tag: &str,
    ) -> Result<Vec<DeviceId>> {
        in_transaction!(self, tx => {
            release::change_group_tag(tx, scope, act, customer, devices, group_tag).await
        })
    }

    async fn find_asking(
        &self,
        keys: &[IdentityKey],
        smbios_uuid: Option<Option<[u8; 16]>>,
    ) -> Result<Option<Asked>> {
        let client = self.client().await?;
        let wanted: Vec<&[u8]> = keys.iter().map(|key| key.0.as_slice()).collect();
        let found = query::all(&client, ASKING, &[&wanted]).await?;
        let Some(row) = first_on_record(keys, &found)? else {
            return Ok(None);
        };
        let on_record = rows::smbios_uuid(row, 7)?;
        let refused = smbios_uuid.is_some_and(|given| on_record.is_some() && on_record != given);
        if refused {
            return Ok(None);
        }
        asked(row).map(Some)
    }

    async fn note_asked(&self, asked: &[(OrganizationId, DeviceId, Timestamp)]) -> Result<()> {
        let mut latest = BTreeMap::new();
        for (customer, device, at) in asked {
            let known = latest.entry((customer.0, device.0)).or_insert(at.0);
            *known = at.0.max(*known);
        }
        let (ids, at): (Vec<_>, Vec<i64>) = latest.into_iter().unzip();
        let (customers, devices): (Vec<Uuid>, Vec<Uuid>) = ids.into_iter().unzip();
        in_transaction!(self, tx => {
            query::run(tx, NOTE_ASKED, &[&customers, &devices, &at]).await?;
            Ok(())
        })
    }
}
