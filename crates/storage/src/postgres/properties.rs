//! What a customer notes about its own devices.

use std::collections::HashMap;

use async_trait::async_trait;
use registration::access::Scope;
use registration::audit::{Act, AuditAction};
use registration::ids::{DeviceId, OrganizationId};
use registration::properties::{DeviceProperties, PropertiesChange};
use tokio_postgres::Row;
use uuid::Uuid;

use super::{Postgres, Tx, query, release, rows, trail};
use crate::properties::Properties;
use crate::sql::{self, PROPERTIES};
use crate::{Result, StorageError};

const WRITE: &str = "\
    INSERT INTO device_property (customer_id, device_id, user_principal_name,
        addressable_user_name, display_name, purchase_order, resource_name, account_upn,
        friendly_name, enrollment_allowed_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
    ON CONFLICT (customer_id, device_id) DO UPDATE SET user_principal_name = $3,
        addressable_user_name = $4, display_name = $5, purchase_order = $6, resource_name = $7,
        account_upn = $8, friendly_name = $9, enrollment_allowed_at = $10";

fn properties(row: &Row) -> Result<DeviceProperties> {
    Ok(DeviceProperties {
        user_principal_name: row.try_get(1)?,
        addressable_user_name: row.try_get(2)?,
        display_name: row.try_get(3)?,
        purchase_order: row.try_get(4)?,
        resource_name: row.try_get(5)?,
        account_upn: row.try_get(6)?,
        friendly_name: row.try_get(7)?,
        enrollment_allowed_at: rows::time(row, 8)?,
    })
}

/// Writes the properties of a device.
pub(super) async fn write(
    tx: &Tx<'_>,
    customer: OrganizationId,
    device: DeviceId,
    properties: &DeviceProperties,
) -> Result<()> {
    query::run(
        tx,
        WRITE,
        &[
            &customer.0,
            &device.0,
            &properties.user_principal_name,
            &properties.addressable_user_name,
            &properties.display_name,
            &properties.purchase_order,
            &properties.resource_name,
            &properties.account_upn,
            &properties.friendly_name,
            &properties.enrollment_allowed_at.map(|at| at.0),
        ],
    )
    .await?;
    Ok(())
}

async fn change_one(
    tx: &Tx<'_>,
    scope: &Scope,
    act: &Act,
    id: DeviceId,
    change: &PropertiesChange,
) -> Result<()> {
    let own = scope.organization_id();
    let locked = release::lock_devices(tx, scope, act, own, &[id]).await?;
    let device = locked.first().ok_or(StorageError::NotFound)?;
    if let Some(tag) = &change.group_tag {
        release::change_group_tag(tx, scope, act, own, &[id], tag).await?;
    }
    let text = format!("{PROPERTIES} WHERE customer_id = $1 AND device_id = $2");
    let known = query::first(tx, &text, &[&own.0, &id.0]).await?;
    let mut known = known
        .as_ref()
        .map_or_else(|| Ok(DeviceProperties::default()), properties)?;
    let changed = change.apply(&mut known, act.at);
    if changed.is_empty() {
        return Ok(());
    }
    write(tx, own, id, &known).await?;
    let name = sql::device_name(device);
    // The change of tag has the first line.
    let entry = act.entry(1, AuditAction::DevicePropertiesChanged, id.0, &name);
    trail::write(tx, &[entry.saying(changed.join(", "))]).await
}

#[async_trait]
impl Properties for Postgres {
    async fn properties(
        &self,
        scope: &Scope,
        devices: &[DeviceId],
    ) -> Result<HashMap<DeviceId, DeviceProperties>> {
        let client = self.client().await?;
        let own = scope.organization_id().0;
        let ids: Vec<Uuid> = devices.iter().map(|id| id.0).collect();
        let text = format!("{PROPERTIES} WHERE customer_id = $1 AND device_id = ANY ($2)");
        let found = query::all(&client, &text, &[&own, &ids]).await?;
        let known = |row: &Row| Ok((DeviceId(row.try_get(0)?), properties(row)?));
        found.iter().map(known).collect()
    }

    async fn change_properties(
        &self,
        scope: &Scope,
        act: &Act,
        device: DeviceId,
        change: PropertiesChange,
    ) -> Result<()> {
        in_transaction!(self, tx => change_one(tx, scope, act, device, &change).await)
    }
}
