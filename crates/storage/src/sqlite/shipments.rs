//! What OEMs ask of what they registered.

use async_trait::async_trait;
use registration::access::Scope;
use registration::clock::Timestamp;
use registration::operation::{CustomerName, Shipment};
use rusqlite::{Row, ToSql};
use uuid::Uuid;

use super::rows::{self, DEVICE};
use super::{Sqlite, operation_apply};
use crate::shipments::{Consenting, KnownBy, Shipments, ShippedDevice, query_text};
use crate::{Page, Result};

#[async_trait]
impl Shipments for Sqlite {
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
        let (own, known_by) = (scope.organization_id(), known_by.to_vec());
        let before = before.unwrap_or(Uuid::max());
        self.read(move |conn| {
            let text = query_text(DEVICE, &known_by);
            let limited = limit + 1;
            let mut params: Vec<&dyn ToSql> = vec![&own.0, &now.0, &before, &limited];
            params.extend(known_by.iter().map(value));
            let found = rows::all(conn, &text, &params[..], shipped)?;
            Ok(Page::of(found, limit, |shipped| shipped.device.id.0))
        })
        .await
    }

    async fn consenting(
        &self,
        scope: &Scope,
        names: &[CustomerName],
        now: Timestamp,
    ) -> Result<Vec<Option<Consenting>>> {
        let (own, names) = (scope.organization_id(), names.to_vec());
        self.read(move |conn| {
            let one = |name| operation_apply::consenting(conn, own, name, now);
            names.iter().map(one).collect()
        })
        .await
    }
}

fn value(known_by: &KnownBy) -> &dyn ToSql {
    match known_by {
        KnownBy::Id(id) => &id.0,
        KnownBy::Reference(text) | KnownBy::PurchaseOrder(text) | KnownBy::Serial(text) => text,
        KnownBy::Key(key) => &key.0,
    }
}

fn shipped(row: &Row<'_>) -> rusqlite::Result<ShippedDevice> {
    let text = |at| Ok::<_, rusqlite::Error>(row.get::<_, Option<String>>(at)?.unwrap_or_default());
    Ok(ShippedDevice {
        device: rows::device(row)?,
        customer_domain: row.get(17)?,
        shipment: Shipment {
            reference: text(18)?,
            purchase_order: text(19)?,
            ship_date: text(20)?,
        },
    })
}
