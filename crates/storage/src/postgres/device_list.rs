//! The conditions of a statement that lists or counts devices.

use registration::clock::Timestamp;
use registration::device::DeviceState;
use tokio_postgres::types::ToSql;
use uuid::Uuid;

use super::consent::Sight;
use super::devices::silent_since;
use crate::devices::{DeviceFilter, DeviceSearch};
use crate::sql;

/// A list's conditions, each with its own values: only those that were asked for, so that each
/// combination is planned for itself.
pub(super) struct Conditions<'a> {
    pub(super) text: String,
    pub(super) values: Vec<&'a (dyn ToSql + Sync)>,
}

impl<'a> Conditions<'a> {
    /// Adds a condition; each `?` in it stands for the next value.
    pub(super) fn and(&mut self, condition: &str, values: &[&'a (dyn ToSql + Sync)]) {
        self.text.push_str(" AND ");
        let mut pieces = condition.split('?');
        self.text.push_str(pieces.next().unwrap_or_default());
        for (piece, value) in pieces.zip(values) {
            self.values.push(*value);
            self.text.push('$');
            self.text.push_str(&self.values.len().to_string());
            self.text.push_str(piece);
        }
    }
}

/// The values of a filter, as the database takes them.
pub(super) struct Wanted {
    party: Option<Uuid>,
    registered_by: Option<Uuid>,
    batch: Option<Uuid>,
    given_profile: Option<Uuid>,
    silent_since: i64,
    manufacturer: Option<String>,
    model: Option<String>,
    contacted_from: Option<i64>,
    contacted_before: Option<i64>,
    keys: Vec<Vec<u8>>,
    prefix: Option<(String, String)>,
    smbios_uuid: Option<Uuid>,
}

impl Wanted {
    pub(super) fn of(sight: Sight, filter: &DeviceFilter, now: Timestamp) -> Self {
        let search = filter.search.clone().unwrap_or_default();
        let keys = search.keys.iter().map(|key| key.0.to_vec()).collect();
        let prefix = search.serial_prefix.map(|p| (sql::after_prefix(&p), p));
        Self {
            party: sight.party(),
            registered_by: filter.registered_by.map(|id| id.0),
            batch: filter.batch.map(|id| id.0),
            given_profile: filter.given_profile.map(|id| id.0),
            silent_since: silent_since(now).0,
            manufacturer: filter.manufacturer.as_deref().map(str::to_ascii_lowercase),
            model: filter.model.as_deref().map(str::to_ascii_lowercase),
            contacted_from: filter.contacted_from.map(|at| at.0),
            contacted_before: filter.contacted_before.map(|at| at.0),
            keys,
            prefix: prefix.map(|(end, start)| (start, end)),
            smbios_uuid: search.smbios_uuid.map(Uuid::from_bytes),
        }
    }

    pub(super) fn add<'a>(&'a self, filter: &'a DeviceFilter, list: &mut Conditions<'a>) {
        if let Some(party) = &self.party {
            list.and("d.registered_by = ?", &[party]);
        }
        if let Some(party) = &self.registered_by {
            list.and("d.registered_by = ?", &[party]);
        }
        if let Some(batch) = &self.batch {
            list.and("d.batch_id = ?", &[batch]);
        }
        if let Some(profile) = &self.given_profile {
            list.and("d.profile_id = ?", &[profile]);
        }
        if let Some(tag) = &filter.group_tag {
            list.and("d.group_tag = ?", &[tag]);
        }
        match filter.state {
            None => {}
            Some(DeviceState::ReadyForUser) => list.and("d.last_asked_at IS NULL", &[]),
            Some(DeviceState::Active) => list.and("d.last_asked_at > ?", &[&self.silent_since]),
            Some(DeviceState::Inactive) => list.and("d.last_asked_at <= ?", &[&self.silent_since]),
            Some(DeviceState::RegistrationPending | DeviceState::RegistrationFailed) => {
                list.and("FALSE", &[]);
            }
        }
        self.add_kind_and_contact(filter, list);
        if let Some(serial) = &filter.serial {
            list.and("d.serial_folded = ?", &[serial]);
        }
        if let Some(part) = &filter.serial_contains {
            list.and("strpos (d.serial_folded, ?) > 0", &[part]);
        }
        if let Some(search) = &filter.search {
            self.add_search(search, list);
        }
    }

    fn add_kind_and_contact<'a>(&'a self, filter: &DeviceFilter, list: &mut Conditions<'a>) {
        if let Some(manufacturer) = &self.manufacturer {
            list.and("lower (d.manufacturer COLLATE \"C\") = ?", &[manufacturer]);
        }
        if let Some(model) = &self.model {
            list.and("lower (d.model COLLATE \"C\") = ?", &[model]);
        }
        match filter.contacted {
            Some(true) => list.and("d.last_asked_at IS NOT NULL", &[]),
            Some(false) => list.and("d.last_asked_at IS NULL", &[]),
            None => {}
        }
        if let Some(from) = &self.contacted_from {
            list.and("d.last_asked_at >= ?", &[from]);
        }
        if let Some(before) = &self.contacted_before {
            list.and(
                "(d.last_asked_at IS NULL OR d.last_asked_at < ?)",
                &[before],
            );
        }
    }

    fn add_search<'a>(&'a self, search: &DeviceSearch, list: &mut Conditions<'a>) {
        let mut text = "(FALSE".to_owned();
        let mut values: Vec<&'a (dyn ToSql + Sync)> = Vec::new();
        if !search.keys.is_empty() {
            text.push_str(
                " OR d.id IN (SELECT k.device_id FROM device_key k WHERE k.key = ANY (?))",
            );
            values.push(&self.keys);
        }
        if let Some((start, end)) = &self.prefix {
            text.push_str(" OR (d.serial_folded >= ? AND d.serial_folded < ?)");
            values.push(start);
            values.push(end);
        }
        if let Some(uuid) = &self.smbios_uuid {
            text.push_str(" OR d.smbios_uuid = ?");
            values.push(uuid);
        }
        text.push(')');
        list.and(&text, &values);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_number_their_values_in_order() {
        let mut list = Conditions {
            text: "SELECT".to_owned(),
            values: vec![&7_i64],
        };
        list.and("a >= ? AND a < ?", &[&1_i64, &2_i64]);
        list.and("FALSE", &[]);
        list.and("b = ?", &[&3_i64]);
        let text = "SELECT AND a >= $2 AND a < $3 AND FALSE AND b = $4";
        assert_eq!((list.text.as_str(), list.values.len()), (text, 4));
    }
}
