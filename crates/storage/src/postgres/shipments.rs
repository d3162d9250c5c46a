//! What OEMs ask of what they registered.

use async_trait::async_trait;
use registration::access::Scope;
use registration::clock::Timestamp;
use registration::operation::{CustomerName, Shipment};
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;
use uuid::Uuid;

use super::{Postgres, operation_apply, query, rows};
use crate::shipments::{Consenting, KnownBy, Shipments, ShippedDevice, query_text};
use crate::sql::dollars;
use crate::{Page, Result};

#[async_trait]
impl Shipments for Postgres {
    async fn shipped_devices(
        &self,
        scope: &Scope,
        known_by: &KnownBy,
        now: Timestamp,
        before: Option<Uuid>,
        limit: usize,
    ) -> Result<Page<ShippedDevice>> {
        let client = self.client().await?;
        let text = dollars(&query_text(device_columns!("d"), known_by));
        let key;
        let value: &(dyn ToSql + Sync) = match known_by {
            KnownBy::Id(id) => &id.0,
            KnownBy::Reference(text) | KnownBy::PurchaseOrder(text) | KnownBy::Serial(text) => text,
            KnownBy::Key(known) => {
                key = known.0.as_slice();
                &key
            }
        };
        let (own, before) = (scope.organization_id().0, query::before(before));
        let values: query::Parameters<'_> =
            &[&own, value, &now.0, &before, &query::one_more(limit)];
        let found = query::all(&client, &text, values).await?;
        let found = found.iter().map(shipped).collect::<Result<_>>()?;
        Ok(Page::of(found, limit, |shipped: &ShippedDevice| {
            shipped.device.id.0
        }))
    }

    async fn consenting(
        &self,
        scope: &Scope,
        names: &[CustomerName],
        now: Timestamp,
    ) -> Result<Vec<Option<Consenting>>> {
        let client = self.client().await?;
        let own = scope.organization_id();
        let mut found = Vec::with_capacity(names.len());
        for name in names {
            found.push(operation_apply::consenting(&client, own, name, now).await?);
        }
        Ok(found)
    }
}

fn shipped(row: &Row) -> Result<ShippedDevice> {
    let text = |at: usize| {
        let text: Option<String> = row.try_get(at)?;
        Ok::<_, crate::StorageError>(text.unwrap_or_default())
    };
    Ok(ShippedDevice {
        device: rows::device(row, 0)?,
        customer_domain: row.try_get(17)?,
        shipment: Shipment {
            reference: text(18)?,
            purchase_order: text(19)?,
            ship_date: text(20)?,
        },
    })
}
