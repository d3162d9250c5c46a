//! Devices: list, search, release, change of group tag.

use device_list::identifier::fold;
use device_list::{HardwareHash, IdentityKey, Pkid};
use registration::access::{Action, Scope};
use registration::clock::Timestamp;
use registration::device::{Device, DeviceState};
use registration::group_tag;
use registration::ids::{BatchId, DeviceId, OrganizationId, ProfileId, UploadId};
use registration::organization::{Organization, OrganizationKind};
use registration::upload::UploadRowResult;
use storage::Page;
use storage::devices::{DeviceFilter, DeviceSearch, DeviceTotals};
use uuid::Uuid;

use crate::properties::of_customer;
use crate::{Caller, Desk, DeskError, Result};

/// What the list of devices is narrowed by, as it comes from a form or an address.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DeviceQuery {
    /// Any identifier: serial number or its beginning, PKID, SMBIOS UUID, hardware hash.
    pub search: String,
    /// One batch.
    pub batch: Option<BatchId>,
    /// One group tag.
    pub group_tag: Option<String>,
    /// One profile of the customer's own that is assigned to the devices themselves: for the customer
    /// alone.
    pub given_profile: Option<ProfileId>,
    /// One state.
    pub state: Option<DeviceState>,
    /// Registered by one organization.
    pub registered_by: Option<OrganizationId>,
    /// One manufacturer, in ASCII letters of any case.
    pub manufacturer: Option<String>,
    /// One model, likewise.
    pub model: Option<String>,
    /// Whether they asked for their profile at all.
    pub contacted: Option<bool>,
    /// Asked last at this moment or after it.
    pub contacted_from: Option<Timestamp>,
    /// Asked last before this moment, or never.
    pub contacted_before: Option<Timestamp>,
    /// A whole serial number.
    pub serial: Option<String>,
    /// A part of a serial number.
    pub serial_contains: Option<String>,
}

/// What became of a device that was to be released.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Released {
    /// It is released.
    Done(DeviceId),
    /// It is not, and why.
    Not(&'static str),
}

impl Desk {
    /// Devices of a customer, newest first. A customer passes its own id.
    pub async fn devices(
        &self,
        caller: &Caller,
        customer: OrganizationId,
        query: &DeviceQuery,
        before: Option<Uuid>,
        limit: usize,
    ) -> Result<Page<Device>> {
        let scope = self
            .device_scope(caller, Action::ViewDevices, customer)
            .await?;
        let filter = filter_of(&scope, query)?;
        Ok(self
            .storage
            .devices(&scope, customer, &filter, self.now(), before, limit)
            .await?)
    }

    /// How many devices of a customer a query lets through.
    pub async fn count_devices(
        &self,
        caller: &Caller,
        customer: OrganizationId,
        query: &DeviceQuery,
    ) -> Result<u64> {
        let scope = self
            .device_scope(caller, Action::ViewDevices, customer)
            .await?;
        let filter = filter_of(&scope, query)?;
        let counted = self
            .storage
            .count_devices(&scope, customer, &filter, self.now());
        Ok(counted.await?)
    }

    /// One device.
    pub async fn device(
        &self,
        caller: &Caller,
        customer: OrganizationId,
        id: DeviceId,
    ) -> Result<Device> {
        let scope = self
            .device_scope(caller, Action::ViewDevices, customer)
            .await?;
        let found = self
            .storage
            .device(&scope, id, customer, self.now())
            .await?;
        found.ok_or(DeskError::NotFound)
    }

    /// Counts for charts.
    pub async fn device_totals(
        &self,
        caller: &Caller,
        customer: OrganizationId,
    ) -> Result<DeviceTotals> {
        let scope = self
            .device_scope(caller, Action::ViewDevices, customer)
            .await?;
        Ok(self
            .storage
            .device_totals(&scope, customer, self.now())
            .await?)
    }

    /// The customer's own rows that wait or failed: devices that are not registered (yet).
    pub async fn unregistered_rows(
        &self,
        caller: &Caller,
        limit: usize,
    ) -> Result<Vec<(UploadId, UploadRowResult)>> {
        let scope = caller.may(Action::ViewDevices)?;
        if caller.organization.kind != OrganizationKind::Customer {
            return Err(DeskError::NotFound);
        }
        Ok(self.storage.unregistered_rows(&scope, limit).await?)
    }

    /// Releases devices; the answer is how many.
    pub async fn deregister(
        &self,
        caller: &Caller,
        customer: OrganizationId,
        devices: &[DeviceId],
    ) -> Result<usize> {
        let scope = self
            .device_scope(caller, Action::Deregister, customer)
            .await?;
        let act = caller.act(self);
        let done = self
            .storage
            .deregister(&scope, &act, customer, devices)
            .await?;
        if done.is_empty() {
            Err(DeskError::NotFound)
        } else {
            Ok(done.len())
        }
    }

    /// A customer releases devices by their serial numbers; each answer stands where its number
    /// does.
    pub async fn deregister_serials(
        &self,
        caller: &Caller,
        serials: &[String],
    ) -> Result<Vec<Released>> {
        let scope = of_customer(caller, Action::Deregister)?;
        self.check_count(serials.len())?;
        let customer = scope.organization_id();
        let mut released = Vec::with_capacity(serials.len());
        for serial in serials {
            let found = self.with_serial(&scope, serial).await?;
            released.push(match found[..] {
                [] => Released::Not("No device has this serial number."),
                [id] => {
                    let act = caller.act(self);
                    let done = self
                        .storage
                        .deregister(&scope, &act, customer, &[id])
                        .await?;
                    let gone = Released::Not("No device has this serial number any more.");
                    done.first().map_or(gone, |id| Released::Done(*id))
                }
                _ => Released::Not(
                    "Several devices have this serial number. Delete the one that is meant by its \
                     id.",
                ),
            });
        }
        Ok(released)
    }

    /// The first devices of a customer that have exactly this serial number, two at most.
    async fn with_serial(&self, scope: &Scope, serial: &str) -> Result<Vec<DeviceId>> {
        let folded = fold(serial);
        if folded.is_empty() {
            return Ok(Vec::new());
        }
        let filter = DeviceFilter {
            serial: Some(folded),
            ..DeviceFilter::default()
        };
        let (customer, now) = (scope.organization_id(), self.now());
        let found = self
            .storage
            .devices(scope, customer, &filter, now, None, 2)
            .await?;
        Ok(found.items.iter().map(|device| device.id).collect())
    }

    /// Gives devices another group tag; the answer is how many have it now.
    pub async fn change_group_tag(
        &self,
        caller: &Caller,
        customer: OrganizationId,
        devices: &[DeviceId],
        tag: &str,
    ) -> Result<usize> {
        let scope = self
            .device_scope(caller, Action::ChangeGroupTag, customer)
            .await?;
        let tag = group_tag::parse(tag)?.tag;
        let act = caller.act(self);
        let done = self
            .storage
            .change_group_tag(&scope, &act, customer, devices, tag)
            .await?;
        if done.is_empty() {
            Err(DeskError::NotFound)
        } else {
            Ok(done.len())
        }
    }

    /// The organizations that registered some of these devices, by name, for the list.
    pub async fn registrants(
        &self,
        caller: &Caller,
        devices: &[Device],
    ) -> Result<Vec<Organization>> {
        let scope = caller.may(Action::ViewDevices)?;
        let mut ids: Vec<_> = devices.iter().map(|device| device.registered_by).collect();
        ids.sort_unstable();
        ids.dedup();
        let mut organizations = Vec::with_capacity(ids.len());
        for id in ids {
            organizations.extend(self.storage.organization(&scope, id).await?);
        }
        Ok(organizations)
    }

    pub(crate) async fn device_scope(
        &self,
        caller: &Caller,
        action: Action,
        customer: OrganizationId,
    ) -> Result<Scope> {
        let scope = caller.may(action)?;
        if scope.kind() == OrganizationKind::Customer {
            if customer != scope.organization_id() {
                return Err(DeskError::NotFound);
            }
        } else {
            self.consenting_customer(&scope, customer).await?;
        }
        Ok(scope)
    }
}

/// The query as the database takes it.
fn filter_of(scope: &Scope, query: &DeviceQuery) -> Result<DeviceFilter> {
    if query.given_profile.is_some() && scope.kind() != OrganizationKind::Customer {
        return Err(DeskError::NotFound);
    }
    Ok(DeviceFilter {
        batch: query.batch,
        registered_by: query.registered_by,
        group_tag: query.group_tag.clone(),
        given_profile: query.given_profile,
        state: query.state,
        manufacturer: query.manufacturer.clone(),
        model: query.model.clone(),
        contacted: query.contacted,
        contacted_from: query.contacted_from,
        contacted_before: query.contacted_before,
        serial: query.serial.as_deref().map(fold),
        serial_contains: query.serial_contains.as_deref().map(fold),
        search: search_of(&query.search),
    })
}

/// What was typed into the search box, taken for everything it can be.
pub(crate) fn search_of(text: &str) -> Option<DeviceSearch> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    let mut search = DeviceSearch::default();
    if let Ok(pkid) = Pkid::parse(text) {
        search.keys.extend(IdentityKey::pkid(pkid.as_str()));
    }
    if let Ok(uuid) = Uuid::parse_str(text) {
        search.smbios_uuid = Some(uuid.into_bytes());
    }
    if text.len() > 64 {
        if let Ok(hash) = HardwareHash::from_text(text) {
            search
                .keys
                .extend(device_list::Identification::Hash { hash }.keys());
        }
    } else {
        search.serial_prefix = Some(fold(text));
    }
    Some(search)
}

/// An SMBIOS UUID as people write it.
pub fn smbios_to_text(bytes: [u8; 16]) -> String {
    Uuid::from_bytes(bytes).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_search_box_takes_every_identifier() {
        assert_eq!(search_of("  "), None);
        let serial = search_of(" 0042 ").expect("a search");
        assert_eq!(serial.serial_prefix.as_deref(), Some("0042"));
        let pkid = search_of("3305612345678").expect("a search");
        assert_eq!(pkid.keys.len(), 1);
        assert_eq!(pkid.serial_prefix.as_deref(), Some("3305612345678"));
        let text = "11223344-5566-7788-99aa-bbccddeeff00";
        let uuid = search_of(text)
            .expect("a search")
            .smbios_uuid
            .expect("a UUID");
        assert_eq!(uuid[..4], [0x11, 0x22, 0x33, 0x44]);
        assert_eq!(smbios_to_text(uuid), text);
    }
}
