//! What a customer notes about its own devices: users, names, its own group tags.

use std::collections::HashMap;

use registration::access::{Action, Scope};
use registration::device::Device;
use registration::ids::DeviceId;
use registration::organization::OrganizationKind;
use registration::properties::{DeviceProperties, PropertiesChange};

use crate::{Caller, Desk, DeskError, Result};

impl Desk {
    /// The properties of these devices of the caller's organization; none for those it noted nothing
    /// about.
    pub async fn properties(
        &self,
        caller: &Caller,
        devices: &[Device],
    ) -> Result<HashMap<DeviceId, DeviceProperties>> {
        let scope = of_customer(caller, Action::ViewDevices)?;
        let ids: Vec<_> = devices.iter().map(|device| device.id).collect();
        Ok(self.storage.properties(&scope, &ids).await?)
    }

    /// Changes properties and group tag of a device of the caller's organization. The tag may be any
    /// text: one that is not of the catalogue names no profile.
    pub async fn change_properties(
        &self,
        caller: &Caller,
        device: DeviceId,
        change: PropertiesChange,
    ) -> Result<()> {
        let scope = of_customer(caller, Action::ChangeGroupTag)?;
        let change = change.checked()?;
        let act = caller.act(self);
        Ok(self
            .storage
            .change_properties(&scope, &act, device, change)
            .await?)
    }
}

/// What only a customer does with its own devices: for others there is nothing.
pub(crate) fn of_customer(caller: &Caller, action: Action) -> Result<Scope> {
    let scope = caller.may(action)?;
    if scope.kind() == OrganizationKind::Customer {
        Ok(scope)
    } else {
        Err(DeskError::NotFound)
    }
}
