//! The statement that lists or counts devices.

use registration::clock::Timestamp;
use registration::device::{Device, DeviceState};
use registration::ids::OrganizationId;
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};
use uuid::Uuid;

use super::devices::active_after;
use super::rows;
use super::sight::Sight;
use crate::devices::{DeviceFilter, DeviceSearch};
use crate::{Result, sql};

/// Devices of a customer (`?1`) by serial number, moment of registration by moment: each is a
/// sorted run in the index `device_by_serial`, found by one step from the run before it.
const BY_SERIAL: &str = "WITH RECURSIVE run (at) AS (\
     SELECT MIN(registered_at) FROM device WHERE customer_id = ?1 \
     UNION ALL SELECT (SELECT MIN(registered_at) FROM device \
     WHERE customer_id = ?1 AND registered_at > run.at) FROM run WHERE run.at IS NOT NULL) \
     SELECT s.id FROM run CROSS JOIN device s \
     WHERE s.customer_id = ?1 AND s.registered_at = run.at";

/// A list's statement, put together from what the filter asks for: each part that is not asked
/// for is left out, so that the index of one that is can be used.
pub(super) struct ListQuery {
    text: String,
    values: Vec<Value>,
}

impl ListQuery {
    /// `None` when nothing can be found.
    pub(super) fn new(
        columns: &str,
        sight: Sight,
        customer: OrganizationId,
        filter: &DeviceFilter,
        now: Timestamp,
    ) -> Option<Self> {
        if sight == Sight::Nothing {
            return None;
        }
        let mut query = Self {
            text: format!("SELECT {columns} FROM device d WHERE d.customer_id = ?1"),
            values: vec![customer.0.into()],
        };
        query.equal("d.registered_by", sight.party().map(|id| id.0.into()));
        query.equal(
            "d.registered_by",
            filter.registered_by.map(|id| id.0.into()),
        );
        query.equal("d.batch_id", filter.batch.map(|id| id.0.into()));
        query.equal("d.group_tag", filter.group_tag.clone().map(Value::from));
        query.equal("d.profile_id", filter.given_profile.map(|id| id.0.into()));
        match filter.state {
            Some(DeviceState::RegistrationPending | DeviceState::RegistrationFailed) => {
                return None;
            }
            Some(DeviceState::ReadyForUser) => query.text.push_str(" AND d.last_asked_at IS NULL"),
            Some(DeviceState::Active) => query.compare("d.last_asked_at >", active_after(now)),
            Some(DeviceState::Inactive) => query.compare("d.last_asked_at <=", active_after(now)),
            None => {}
        }
        for (column, text) in [
            ("d.manufacturer", &filter.manufacturer),
            ("d.model", &filter.model),
        ] {
            if let Some(text) = text {
                query.compare(&format!("{column} COLLATE NOCASE ="), text.clone());
            }
        }
        query.contact(filter);
        if let Some(serial) = &filter.serial {
            query.serial(serial);
        }
        if let Some(part) = &filter.serial_contains {
            query.contains(part);
        }
        if let Some(search) = &filter.search {
            query.search(search);
        }
        Some(query)
    }

    /// When they asked last.
    fn contact(&mut self, filter: &DeviceFilter) {
        match filter.contacted {
            Some(true) => self.text.push_str(" AND d.last_asked_at IS NOT NULL"),
            Some(false) => self.text.push_str(" AND d.last_asked_at IS NULL"),
            None => {}
        }
        if let Some(from) = filter.contacted_from {
            self.compare("d.last_asked_at >=", from.0);
        }
        if let Some(before) = filter.contacted_before {
            let place = self.place(before.0);
            self.text
                .push_str(" AND (d.last_asked_at IS NULL OR d.last_asked_at < ");
            self.text.extend([&place, ")"]);
        }
    }

    fn equal(&mut self, column: &str, value: Option<Value>) {
        if let Some(value) = value {
            self.compare(&format!("{column} ="), value);
        }
    }

    fn compare(&mut self, left: &str, value: impl Into<Value>) {
        let place = self.place(value);
        self.text.extend([" AND ", left, " ", &place]);
    }

    fn place(&mut self, value: impl Into<Value>) -> String {
        self.values.push(value.into());
        format!("?{}", self.values.len())
    }

    fn serial(&mut self, serial: &str) {
        let place = self.place(serial.to_owned());
        let any = format!("SELECT id FROM ({BY_SERIAL} AND s.serial_folded = {place})");
        self.text.extend([" AND d.id IN (", &any, ")"]);
    }

    /// The index over serial numbers is smaller than the devices: it is gone through instead.
    fn contains(&mut self, part: &str) {
        let place = self.place(part.to_owned());
        self.text.push_str(
            " AND d.id IN (SELECT id FROM device WHERE customer_id = ?1 AND instr(serial_folded, ",
        );
        self.text.extend([&place, ") > 0)"]);
    }

    fn search(&mut self, search: &DeviceSearch) {
        let mut parts = Vec::new();
        if !search.keys.is_empty() {
            let keys = search.keys.iter().map(|key| key.0.to_vec());
            let places: Vec<_> = keys.map(|key| self.place(key)).collect();
            parts.push(format!(
                "SELECT device_id FROM device_key WHERE customer_id = ?1 AND key IN ({})",
                places.join(", ")
            ));
        }
        let of_customer = "SELECT id FROM device WHERE customer_id = ?1 AND";
        if let Some(prefix) = &search.serial_prefix {
            let from = self.place(prefix.clone());
            let to = self.place(sql::after_prefix(prefix));
            parts.push(format!(
                "SELECT id FROM ({BY_SERIAL} AND s.serial_folded >= {from} \
                 AND s.serial_folded < {to})"
            ));
        }
        if let Some(uuid) = search.smbios_uuid {
            let place = self.place(uuid.to_vec());
            parts.push(format!("{of_customer} smbios_uuid = {place}"));
        }
        let any = if parts.is_empty() {
            "SELECT NULL".to_owned()
        } else {
            parts.join(" UNION ")
        };
        self.text.extend([" AND d.id IN (", &any, ")"]);
    }

    /// Devices, newest first, before the id `before`: one more than the limit if there are.
    pub(super) fn list(
        mut self,
        conn: &Connection,
        before: Option<Uuid>,
        limit: usize,
    ) -> Result<Vec<Device>> {
        self.compare("d.id <", before.unwrap_or(Uuid::max()));
        self.text.push_str(" ORDER BY d.id DESC LIMIT ");
        self.text.push_str(&(limit + 1).to_string());
        let values = params_from_iter(self.values);
        rows::all(conn, &self.text, values, rows::device)
    }

    /// How many there are.
    pub(super) fn count(self, conn: &Connection) -> Result<u64> {
        rows::value(conn, &self.text, params_from_iter(self.values))
    }
}
