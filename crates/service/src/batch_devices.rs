//! Batches by their names, and single devices in them.

use registration::access::Action;
use registration::device::Device;
use registration::ids::{DeviceId, OrganizationId, RequestId};
use registration::upload::Batch;
use storage::submissions::RequestKey;

use crate::register::Canon;
use crate::{Caller, Desk, DeskError, Result};

impl Desk {
    /// A batch that the caller's organization made for a customer who consents now, by its name
    /// whatever the case.
    pub async fn batch(
        &self,
        caller: &Caller,
        customer: OrganizationId,
        name: &str,
    ) -> Result<Batch> {
        let scope = caller.may(Action::ViewDevices)?;
        self.consenting_customer(&scope, customer).await?;
        let found = self.storage.batch_named(&scope, customer, name).await?;
        found.ok_or(DeskError::NotFound)
    }

    /// A device of such a batch.
    pub async fn device_of_batch(
        &self,
        caller: &Caller,
        customer: OrganizationId,
        batch: &str,
        device: DeviceId,
    ) -> Result<Device> {
        let batch = self.batch(caller, customer, batch).await?;
        let device = self.device(caller, customer, device).await?;
        if device.batch_id == batch.id {
            Ok(device)
        } else {
            Err(DeskError::NotFound)
        }
    }

    /// Releases a device of such a batch. With a request id, the same sent again is answered the same
    /// way.
    pub async fn release_from_batch(
        &self,
        caller: &Caller,
        customer: OrganizationId,
        batch: &str,
        device: DeviceId,
        request: Option<RequestId>,
    ) -> Result<()> {
        let scope = caller.may(Action::Deregister)?;
        let found = self.device_of_batch(caller, customer, batch, device).await;
        let Some(request_id) = request else {
            found?;
            self.deregister(caller, customer, &[device]).await?;
            return Ok(());
        };
        let mut canon = Canon::new("device released", customer);
        canon.add(&batch.to_lowercase()).add(&device.to_string());
        let key = RequestKey {
            request_id,
            digest: canon.digest(),
        };
        if matches!(found, Err(DeskError::NotFound)) {
            // It may be gone by this very request.
            let before = self.storage.known_request(&scope, key).await?;
            return before.map(|_| ()).ok_or(DeskError::NotFound);
        }
        found?;
        let act = caller.act(self);
        Ok(self
            .storage
            .deregister_once(&scope, &act, customer, device, key)
            .await?)
    }
}
