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
        known_by: &[KnownBy],
        now: Timestamp,
        before: Option<Uuid>,
        limit: usize,
    ) -> Result<Page<ShippedDevice>> {
        if known_by.is_empty() {
            return Ok(Page::none());
        }
        let client = self.client().await?;
        let text = dollars(&query_text(device_columns!("d"), known_by));
        let known: Vec<_> = known_by.iter().map(value).collect();
        let (own, before) = (scope.organization_id().0, query::before(before));
        let limited = query::one_more(limit);
        let mut values: Vec<&(dyn ToSql + Sync)> = vec![&own, &now.0, &before, &limited];
        values.extend(known.iter().map(|one| &**one as &(dyn ToSql + Sync)));
        let found = query::all(&client, &text, &values).await?;
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

fn value(known_by: &KnownBy) -> Box<dyn ToSql + Sync + Send + '_> {
    match known_by {
        KnownBy::Id(id) => Box::new(id.0),
        KnownBy::Reference(text) | KnownBy::PurchaseOrder(text) | KnownBy::Serial(text) => {
            Box::new(text.as_str())
        }
        KnownBy::Key(key) => Box::new(key.0.as_slice()),
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
