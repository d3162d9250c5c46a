//! What a customer notes about its own devices.

use std::collections::HashMap;

use async_trait::async_trait;
use registration::access::Scope;
use registration::audit::Act;
use registration::ids::DeviceId;
use registration::properties::{DeviceProperties, PropertiesChange};

use crate::Result;

/// Properties of devices: a customer's own, and nobody else's.
#[async_trait]
pub trait Properties: Send + Sync {
    /// The properties of those of these devices of the scope's organization that have any.
    async fn properties(
        &self,
        scope: &Scope,
        devices: &[DeviceId],
    ) -> Result<HashMap<DeviceId, DeviceProperties>>;

    /// Changes a device's properties and group tag (any text: the customer's own). `NotFound`.
    /// Audit: `DeviceRetagged` as with a change of tag, `DevicePropertiesChanged` (detail: which,
    /// never the values), each if anything changed.
    async fn change_properties(
        &self,
        scope: &Scope,
        act: &Act,
        device: DeviceId,
        change: PropertiesChange,
    ) -> Result<()>;
}
