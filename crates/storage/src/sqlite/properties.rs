//! What a customer notes about its own devices.

use std::collections::HashMap;

use async_trait::async_trait;
use registration::access::Scope;
use registration::audit::{Act, AuditAction};
use registration::ids::{DeviceId, OrganizationId};
use registration::properties::{DeviceProperties, PropertiesChange};
use rusqlite::{Connection, Row, Transaction, params};

use super::devices::in_sight;
use super::sight::Sight;
use super::{Sqlite, audit, release, rows};
use crate::properties::Properties;
use crate::sql::{self, PROPERTIES};
use crate::{Result, StorageError};

#[async_trait]
impl Properties for Sqlite {
    async fn properties(
        &self,
        scope: &Scope,
        devices: &[DeviceId],
    ) -> Result<HashMap<DeviceId, DeviceProperties>> {
        let (own, devices) = (scope.organization_id(), devices.to_vec());
        self.read(move |conn| {
            let mut found = HashMap::new();
            for device in devices {
                found.extend(of_device(conn, own, device)?.map(|known| (device, known)));
            }
            Ok(found)
        })
        .await
    }

    async fn change_properties(
        &self,
        scope: &Scope,
        act: &Act,
        device: DeviceId,
        change: PropertiesChange,
    ) -> Result<()> {
        let (scope, act) = (*scope, act.clone());
        self.write(move |tx| change_one(tx, &scope, &act, device, &change))
            .await
    }
}

fn properties(row: &Row<'_>) -> rusqlite::Result<DeviceProperties> {
    Ok(DeviceProperties {
        user_principal_name: row.get(1)?,
        addressable_user_name: row.get(2)?,
        display_name: row.get(3)?,
        purchase_order: row.get(4)?,
        resource_name: row.get(5)?,
        account_upn: row.get(6)?,
        friendly_name: row.get(7)?,
        enrollment_allowed_at: rows::time(row, 8)?,
    })
}

fn of_device(
    conn: &Connection,
    customer: OrganizationId,
    device: DeviceId,
) -> Result<Option<DeviceProperties>> {
    let text = format!("{PROPERTIES} WHERE customer_id = ?1 AND device_id = ?2");
    rows::first(conn, &text, [customer.0, device.0], properties)
}

fn change_one(
    tx: &Transaction<'_>,
    scope: &Scope,
    act: &Act,
    id: DeviceId,
    change: &PropertiesChange,
) -> Result<()> {
    let own = scope.organization_id();
    let sight = Sight::of(tx, scope, own, act.at)?;
    let device = in_sight(tx, sight, own, id)?.ok_or(StorageError::NotFound)?;
    if let Some(tag) = &change.group_tag {
        release::retag(tx, scope, act, own, &[id], tag)?;
    }
    let mut known = of_device(tx, own, id)?.unwrap_or_default();
    let changed = change.apply(&mut known, act.at);
    if changed.is_empty() {
        return Ok(());
    }
    write(tx, own, id, &known)?;
    let name = sql::device_name(&device);
    // The change of tag has the first line.
    let entry = act.entry(1, AuditAction::DevicePropertiesChanged, id.0, &name);
    audit::append(tx, &entry.saying(changed.join(", ")))
}

/// Writes the properties of a device.
pub(super) fn write(
    tx: &Transaction<'_>,
    customer: OrganizationId,
    device: DeviceId,
    properties: &DeviceProperties,
) -> Result<()> {
    rows::run(
        tx,
        "INSERT INTO device_property (customer_id, device_id, user_principal_name, \
         addressable_user_name, display_name, purchase_order, resource_name, account_upn, \
         friendly_name, enrollment_allowed_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) \
         ON CONFLICT (customer_id, device_id) DO UPDATE SET user_principal_name = ?3, \
         addressable_user_name = ?4, display_name = ?5, purchase_order = ?6, resource_name = ?7, \
         account_upn = ?8, friendly_name = ?9, enrollment_allowed_at = ?10",
        params![
            customer.0,
            device.0,
            properties.user_principal_name,
            properties.addressable_user_name,
            properties.display_name,
            properties.purchase_order,
            properties.resource_name,
            properties.account_upn,
            properties.friendly_name,
            properties.enrollment_allowed_at.map(|at| at.0),
        ],
    )?;
    Ok(())
}
