//! The device asks for its profile: the shortest and busiest path of all.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use device_list::{HardwareHash, Identification, IdentityKey, Pkid, Tuple};
use registration::clock::Timestamp;
use registration::ids::{DeviceId, OrganizationId, PolicyId, ProfileId};
use registration::profile::DeploymentProfile;
use storage::devices::Asked;

use crate::{Desk, DeskError, Result};

/// How long the copies of profiles and settings are good for, in seconds.
const COPY_SECONDS: i64 = 2;

/// A device's last ask is noted once an hour at most: the states people see count days.
const NOTE_SECONDS: i64 = 3600;

/// What a device asks with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ask {
    /// Its hardware hash, as text.
    Hash(String),
    /// Its product key id.
    Pkid(String),
    /// Manufacturer, model and serial number.
    Tuple {
        /// SMBIOS manufacturer.
        manufacturer: String,
        /// SMBIOS product name.
        model: String,
        /// SMBIOS serial number.
        serial: String,
    },
}

/// Short-lived copies, and asks that wait to be noted.
#[derive(Default)]
pub(crate) struct AskState {
    copy: Mutex<Option<Arc<Copy>>>,
    notes: Mutex<HashMap<DeviceId, (OrganizationId, Timestamp)>>,
}

struct Copy {
    until: Timestamp,
    profiles: HashMap<ProfileId, DeploymentProfile>,
    by_identifier: bool,
    /// Profiles written out before, by customer.
    written: Mutex<HashMap<(OrganizationId, ProfileId), Arc<str>>>,
}

impl Copy {
    /// What was written out before for this customer's devices.
    fn written_before(&self, asked: &Asked, id: ProfileId) -> Option<Arc<str>> {
        let written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        written.get(&(asked.customer_id, id)).map(Arc::clone)
    }

    /// The profile as JSON text for this customer's devices.
    fn write_out(&self, asked: &Asked, profile: &DeploymentProfile) -> Arc<str> {
        let tenant_id = asked.customer_id.to_string();
        let file = profile.autopilot_configuration(&tenant_id, &asked.customer_domain);
        let text: Arc<str> = file.to_string().into();
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        written.insert((asked.customer_id, profile.id), Arc::clone(&text));
        text
    }
}

impl Desk {
    /// The deployment profile of the device that asks, as the text of its
    /// `AutopilotConfigurationFile` JSON.
    ///
    /// By hash it is found by identity, since a fresh hash of the same machine differs in text.
    /// By PKID or tuple, which can be guessed, only where the operator's setting allows it.
    pub async fn ask(&self, ask: &Ask) -> Result<Arc<str>> {
        let copy = self.copy().await?;
        let (keys, smbios_uuid) = keys_of(ask, copy.by_identifier)?;
        let found = self.storage.find_asking(&keys, smbios_uuid).await?;
        let asked = found.ok_or(DeskError::NotFound)?;
        let text = self.written_for(&copy, &asked).await?;
        self.note_later(&asked);
        Ok(text)
    }

    /// The text of the profile of its customer's own that the device has, else of the configuration
    /// policy, else of the deployment profile that its tag names (`docs/adr/0016`). A device without
    /// any is as good as not registered.
    async fn written_for(&self, copy: &Copy, asked: &Asked) -> Result<Arc<str>> {
        let id = asked.profile_id.ok_or(DeskError::NotFound)?;
        if let Some(text) = copy.written_before(asked, id) {
            return Ok(text);
        }
        if let Some(profile) = copy.profiles.get(&id) {
            return Ok(copy.write_out(asked, profile));
        }
        if let Some(own) = self.storage.customer_profile_of_device(id).await? {
            return Ok(copy.write_out(asked, &own.deployment_profile()));
        }
        let policy = self.storage.policy_of_device(PolicyId(id.0)).await?;
        let policy = policy.ok_or(DeskError::NotFound)?;
        Ok(copy.write_out(asked, &policy.deployment_profile()))
    }

    /// Remembers that a device asked, if that is news.
    fn note_later(&self, asked: &Asked) {
        let now = self.now();
        let is_news = |at: Timestamp| at.plus_seconds(NOTE_SECONDS) <= now;
        if asked.last_asked_at.is_none_or(is_news) {
            let mut notes = self
                .asks
                .notes
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            notes.insert(asked.device_id, (asked.customer_id, now));
        }
    }

    /// Writes down who asked since the last time.
    pub async fn note_asked(&self) -> Result<()> {
        let notes = {
            let mut waiting = self
                .asks
                .notes
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            std::mem::take(&mut *waiting)
        };
        if notes.is_empty() {
            return Ok(());
        }
        let notes: Vec<_> = notes
            .into_iter()
            .map(|(device, (customer, at))| (customer, device, at))
            .collect();
        Ok(self.storage.note_asked(&notes).await?)
    }

    /// Forgets the copies, after profiles or settings were changed here.
    pub(crate) fn forget_copies(&self) {
        *self
            .asks
            .copy
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = None;
    }

    async fn copy(&self) -> Result<Arc<Copy>> {
        let now = self.now();
        let known = self
            .asks
            .copy
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        if let Some(copy) = known.filter(|copy| copy.until > now) {
            return Ok(copy);
        }
        let profiles = self.storage.profiles().await?;
        let settings = self.settings_in_force().await?;
        let copy = Arc::new(Copy {
            until: now.plus_seconds(COPY_SECONDS),
            profiles: profiles
                .into_iter()
                .map(|profile| (profile.id, profile))
                .collect(),
            by_identifier: settings.ask_by_identifier,
            written: Mutex::default(),
        });
        let mut place = self
            .asks
            .copy
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        *place = Some(Arc::clone(&copy));
        Ok(copy)
    }
}

type Keys = (Vec<IdentityKey>, Option<Option<[u8; 16]>>);

fn keys_of(ask: &Ask, by_identifier: bool) -> Result<Keys> {
    if !by_identifier && !matches!(ask, Ask::Hash(_)) {
        return Err(DeskError::Forbidden(
            "Here a device asks with its hardware hash. Asking by product key ID or serial number \
             is switched off by the operator."
                .to_owned(),
        ));
    }
    match ask {
        Ask::Hash(text) => {
            let hash = HardwareHash::from_text(text)
                .map_err(|error| DeskError::field("hardwareHash", error.to_string()))?;
            let uuid = hash.smbios_uuid();
            let mut keys = Identification::Hash { hash }.keys();
            // The UUID's key is the strongest evidence: it goes first.
            keys.reverse();
            Ok((keys, Some(uuid)))
        }
        Ask::Pkid(text) => {
            let pkid = Pkid::parse(text.trim())
                .map_err(|error| DeskError::field("productKey", error.to_string()))?;
            Ok((IdentityKey::pkid(pkid.as_str()).into_iter().collect(), None))
        }
        Ask::Tuple {
            manufacturer,
            model,
            serial,
        } => {
            let tuple = Tuple::parse(manufacturer, model, serial)
                .map_err(|error| DeskError::field("serialNumber", error.to_string()))?;
            Ok((tuple.key().into_iter().collect(), None))
        }
    }
}
