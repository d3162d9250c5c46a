//! What OEMs ask of what they registered: devices by what they know them by, and which customers
//! consent.

use async_trait::async_trait;
use device_list::IdentityKey;
use registration::access::Scope;
use registration::clock::Timestamp;
use registration::device::Device;
use registration::ids::{DeviceId, OrganizationId};
use registration::operation::{CustomerName, Shipment};

use crate::{Page, Result};

/// What a device is known by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KnownBy {
    /// Its id.
    Id(DeviceId),
    /// The OEM's own reference, to the letter.
    Reference(String),
    /// The purchase order it was shipped for, to the letter.
    PurchaseOrder(String),
    /// Its serial number, folded ([`device_list::SerialNumber::folded`]).
    Serial(String),
    /// One of its identity keys: a tuple or a product key id.
    Key(IdentityKey),
}

/// A device with what its OEM keeps of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShippedDevice {
    /// The device.
    pub device: Device,
    /// The domain of its customer.
    pub customer_domain: String,
    /// What the OEM keeps.
    pub shipment: Shipment,
}

/// A customer who consents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consenting {
    /// Its id.
    pub id: OrganizationId,
    /// Its domain.
    pub domain: String,
}

/// Shipments.
#[async_trait]
pub trait Shipments: Send + Sync {
    /// Devices that the scope's organization registered, for customers who consent to it at `now`,
    /// known by all of this; newest first. By nothing none is known.
    async fn shipped_devices(
        &self,
        scope: &Scope,
        known_by: &[KnownBy],
        now: Timestamp,
        before: Option<uuid::Uuid>,
        limit: usize,
    ) -> Result<Page<ShippedDevice>>;

    /// For each of these names the customer, if it consents at `now` to the scope's organization.
    /// One that does not and one that is not there are the same.
    async fn consenting(
        &self,
        scope: &Scope,
        names: &[CustomerName],
        now: Timestamp,
    ) -> Result<Vec<Option<Consenting>>>;
}

/// The query of [`Shipments::shipped_devices`] in both dialects: `?1` party, `?2` now, `?3` before,
/// `?4` limit, and from `?5` on what it is known by.
pub(crate) fn query_text(device_columns: &str, known_by: &[KnownBy]) -> String {
    let (mut joined, mut conditions) = (Vec::new(), Vec::new());
    for (n, known_by) in known_by.iter().enumerate() {
        let column = match known_by {
            KnownBy::Id(_) => "d.id".to_owned(),
            KnownBy::Serial(_) => "d.serial_folded".to_owned(),
            KnownBy::Reference(_) => "s.party_id = ?1 AND s.reference".to_owned(),
            KnownBy::PurchaseOrder(_) => "s.party_id = ?1 AND s.purchase_order".to_owned(),
            KnownBy::Key(_) => {
                joined.push(format!(
                    "JOIN device_key k{n} ON k{n}.customer_id = d.customer_id \
                     AND k{n}.device_id = d.id "
                ));
                format!("k{n}.key")
            }
        };
        conditions.push(format!("AND {column} = ?{} ", n + 5));
    }
    let by_shipment =
        |one: &KnownBy| matches!(one, KnownBy::Reference(_) | KnownBy::PurchaseOrder(_));
    let (joined, conditions) = (joined.concat(), conditions.concat());
    let outer = if known_by.iter().any(by_shipment) {
        ""
    } else {
        "LEFT "
    };
    format!(
        "SELECT {device_columns}, o.domain, s.reference, s.purchase_order, s.ship_date \
         FROM relationship r JOIN device d ON d.customer_id = r.customer_id \
         JOIN organization o ON o.id = d.customer_id {joined}\
         {outer}JOIN device_shipment s ON s.device_id = d.id \
         WHERE r.party_id = ?1 AND r.ended_at = 0 AND r.state = 'active' \
         AND (r.expires_at IS NULL OR r.expires_at > ?2) AND d.registered_by = ?1 \
         {conditions}AND d.id < ?3 ORDER BY d.id DESC LIMIT ?4"
    )
}
