//! Releasing devices that an OEM registered, by whatever it knows them by.

use std::collections::BTreeMap;

use registration::access::Action;
use registration::ids::{DeviceId, OrganizationId};
use registration::operation::LineFinding;

use super::check_count;
use crate::{Caller, Desk, KnownBy, Result};

/// What became of a device that is to be released.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Release {
    /// It is free now.
    Deregistered(DeviceId),
    /// The organization registered no such device, or its customer's consent has ended.
    NotRegistered,
    /// More than one device is known by this: none is released.
    Ambiguous,
    /// It says nothing that a device is known by.
    Invalid(LineFinding),
}

impl Desk {
    /// Releases devices that the caller's organization registered, each of which all of this must
    /// fit. One answer per device, in order.
    pub async fn deregister_shipped(
        &self,
        caller: &Caller,
        devices: Vec<std::result::Result<Vec<KnownBy>, LineFinding>>,
    ) -> Result<Vec<Release>> {
        caller.may(Action::RunOperations)?;
        let scope = caller.may(Action::Deregister)?;
        check_count(devices.len(), "devices")?;
        let mut answers = Vec::with_capacity(devices.len());
        let mut found: BTreeMap<OrganizationId, Vec<DeviceId>> = BTreeMap::new();
        for device in devices {
            let known_by = match device {
                Ok(known_by) => known_by,
                Err(finding) => {
                    answers.push(Release::Invalid(finding));
                    continue;
                }
            };
            let known = self.shipped_devices(caller, &known_by, None, 2).await?;
            answers.push(match &known.items[..] {
                [] => Release::NotRegistered,
                [one] => {
                    let of_customer = found.entry(one.device.customer_id).or_default();
                    of_customer.push(one.device.id);
                    Release::Deregistered(one.device.id)
                }
                _ => Release::Ambiguous,
            });
        }
        let mut released = Vec::new();
        for (customer, devices) in found {
            let act = caller.act(self);
            let storage = &self.storage;
            released.extend(storage.deregister(&scope, &act, customer, &devices).await?);
        }
        for answer in &mut answers {
            if let Release::Deregistered(id) = answer
                && !released.contains(id)
            {
                *answer = Release::NotRegistered;
            }
        }
        Ok(answers)
    }
}
