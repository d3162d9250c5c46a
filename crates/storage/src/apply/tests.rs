mod completing;
mod properties;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use device_list::{SampleDevice, SampleDevices};
use registration::directory::UnknownDevicePolicy;
use registration::ids::{SeededEntropy, uuid_v7};
use registration::upload::RowVerdict;

use super::*;

const TAG: &str = "Microsoft365Managed_Standard";

static MACHINES: LazyLock<Vec<SampleDevice>> =
    LazyLock::new(|| SampleDevices::new(3).take(4).collect());

static HASHES: LazyLock<Vec<String>> =
    LazyLock::new(|| MACHINES.iter().map(SampleDevice::hash_text).collect());

fn id(n: u64) -> Uuid {
    uuid_v7(Timestamp(1_795_342_500_000_000), &SeededEntropy::new(n))
}

fn organization(n: u64) -> OrganizationId {
    OrganizationId(id(1000 + n))
}

fn row() -> UploadRow {
    UploadRow {
        number: 1,
        line: 2,
        serial: String::new(),
        pkid: String::new(),
        manufacturer: String::new(),
        model: String::new(),
        hash: String::new(),
        group_tag: None,
        verdict: RowVerdict::Ready,
    }
}

fn tuple(machine: usize) -> UploadRow {
    let device = &MACHINES[machine];
    UploadRow {
        manufacturer: device.manufacturer.as_str().to_owned(),
        model: device.model.as_str().to_owned(),
        serial: device.serial.as_str().to_owned(),
        ..row()
    }
}

fn pkid(machine: usize) -> UploadRow {
    UploadRow {
        pkid: MACHINES[machine].pkid.as_str().to_owned(),
        ..row()
    }
}

fn hash(machine: usize) -> UploadRow {
    UploadRow {
        hash: HASHES[machine].clone(),
        ..row()
    }
}

fn built(machine: usize) -> BuiltDevice {
    let device = &MACHINES[machine];
    BuiltDevice {
        manufacturer: device.manufacturer.clone(),
        model: device.model.clone(),
        serial: device.serial.clone(),
        pkid: Some(device.pkid),
        smbios_uuid: None,
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Stored {
    customer_id: OrganizationId,
    registered_by: OrganizationId,
    keys: Vec<u8>,
    has_hash: bool,
}

/// A registry in memory that does with [`Written`] what a backend does.
#[derive(Debug, Clone, Default)]
struct Registry {
    keys: BTreeMap<IdentityKey, Held>,
    devices: BTreeMap<DeviceId, Stored>,
    directory: HashMap<IdentityKey, BuiltDevice>,
    policies: DirectoryPolicies,
    chunks: u64,
}

impl Registry {
    fn knowing(machines: &[usize]) -> Self {
        let entries = machines.iter().map(|machine| built(*machine));
        Self {
            directory: entries
                .flat_map(|device| {
                    built_keys(&device)
                        .into_iter()
                        .map(move |k| (k, device.clone()))
                })
                .collect(),
            ..Self::default()
        }
    }

    /// The party (by number) sends rows for the customer (by number), who consents.
    fn apply(&mut self, party: u64, customer: u64, rows: &[UploadRow]) -> Written {
        self.apply_standing(
            party,
            customer,
            rows,
            standing(true, TAG, party == customer),
        )
    }

    fn apply_standing(
        &mut self,
        party: u64,
        customer: u64,
        rows: &[UploadRow],
        standing: Standing,
    ) -> Written {
        let (party, customer) = (organization(party), organization(customer));
        self.chunks += 1;
        let seed = id(self.chunks);
        let mut chunk = Chunk::prepare(customer, party, TAG, rows.to_vec(), seed);
        assert!(chunk.directory_keys().is_sorted_by(|a, b| a < b));
        chunk.resolve(&self.directory);
        let claims = chunk.claims(standing);
        assert!(claims.is_sorted_by(|a, b| a.0 < b.0), "sorted, each once");
        let mut held = HashMap::new();
        for (key, device_id) in claims {
            if let Some(holder) = self.keys.get(&key) {
                held.insert(key, *holder);
            } else {
                let customer_id = customer;
                self.keys.insert(
                    key,
                    Held {
                        customer_id,
                        device_id,
                    },
                );
            }
        }
        let contested = chunk.contested(&held).into_iter().map(|id| {
            let Stored {
                registered_by,
                keys,
                ..
            } = self.devices[&id].clone();
            (
                id,
                Contested {
                    registered_by,
                    keys,
                },
            )
        });
        let contested = contested.collect();
        let written = chunk.decide(standing, &self.policies, &held, &contested);
        self.write(party, customer, &written);
        written
    }

    fn write(&mut self, party: OrganizationId, customer: OrganizationId, written: &Written) {
        for device in &written.devices {
            let stored = Stored {
                customer_id: customer,
                registered_by: party,
                keys: device.keys.clone(),
                has_hash: device.hash.is_some(),
            };
            assert_eq!(self.devices.insert(device.id, stored), None, "a new id");
        }
        for key in &written.released {
            assert!(
                self.keys.remove(key).is_some(),
                "released once, and was claimed"
            );
        }
        for (key, device_id) in &written.moved {
            self.keys.get_mut(key).expect("was claimed").device_id = *device_id;
        }
        for Completion { device } in &written.completed {
            let stored = self.devices.get_mut(&device.id).expect("is stored");
            stored.keys.clone_from(&device.keys);
            stored.has_hash |= device.hash.is_some();
        }
        self.check();
    }

    /// A key leads to a device exactly if the device lists it.
    fn check(&self) {
        let mut listed = BTreeMap::new();
        for (device_id, device) in &self.devices {
            let (pieces, rest) = device.keys.as_chunks::<16>();
            assert!(rest.is_empty() && !pieces.is_empty());
            for piece in pieces {
                let customer_id = device.customer_id;
                let device_id = *device_id;
                let before = listed.insert(
                    IdentityKey(*piece),
                    Held {
                        customer_id,
                        device_id,
                    },
                );
                assert_eq!(before, None, "a key is listed once");
            }
        }
        assert_eq!(listed, self.keys);
    }
}

fn outcomes(written: &Written) -> Vec<Outcome> {
    written
        .results
        .iter()
        .map(|result| result.outcome)
        .collect()
}

#[test]
fn a_free_device_is_registered_with_its_keys() {
    let mut registry = Registry::default();
    let written = registry.apply(1, 9, &[tuple(0), hash(1)]);
    assert_eq!(outcomes(&written), [Outcome::Registered; 2]);
    assert_eq!(written.devices.len(), 2);
    assert!(written.results[0].unverified && !written.results[1].unverified);
    assert_eq!(
        (written.rows[0].hash.as_str(), written.rows[1].hash.as_str()),
        ("", "")
    );
    let hashed = written.devices.iter().find(|device| device.hash.is_some());
    let hashed = hashed.expect("the second row's");
    assert_eq!(hashed.smbios_uuid, Some(MACHINES[1].uuid));
    assert_eq!(hashed.keys.len(), 3 * 16, "tuple, PKID, UUID with serial");
}

#[test]
fn a_device_held_here_is_no_failure_and_names_the_device() {
    let mut registry = Registry::default();
    let first = registry.apply(1, 9, &[tuple(0)]);
    let again = registry.apply(2, 9, &[tuple(0)]);
    assert_eq!(outcomes(&again), [Outcome::AlreadyRegistered]);
    assert_eq!(again.results[0].device_id, first.results[0].device_id);
    assert!(again.devices.is_empty() && again.released.is_empty() && again.moved.is_empty());
}

#[test]
fn a_device_held_elsewhere_gives_its_free_keys_back_and_keeps_its_hash() {
    let mut registry = Registry::default();
    registry.apply(1, 9, &[tuple(0)]);
    let refused = registry.apply(2, 8, &[hash(0)]);
    assert_eq!(outcomes(&refused), [Outcome::RegisteredElsewhere]);
    assert_eq!(refused.results[0].device_id, None);
    assert_eq!(refused.released.len(), 2, "PKID and UUID");
    assert!(
        !refused.rows[0].hash.is_empty(),
        "the row can be sent again"
    );
    assert_eq!(
        outcomes(&registry.apply(2, 8, &[pkid(0)])),
        [Outcome::Registered]
    );
}

#[test]
fn the_directory_reveals_that_two_rows_are_one_machine() {
    let mut registry = Registry::knowing(&[0]);
    let written = registry.apply(1, 9, &[pkid(0), tuple(0)]);
    assert_eq!(
        outcomes(&written),
        [Outcome::Registered, Outcome::AlreadyRegistered]
    );
    assert_eq!(written.devices.len(), 1);
    assert_eq!(written.results[0].device_id, written.results[1].device_id);
    assert!(
        !written.results[0].unverified,
        "the directory vouches for it"
    );
    assert_eq!(
        written.devices[0].serial.as_deref(),
        Some(MACHINES[0].serial.as_str())
    );
}

#[test]
fn the_second_row_of_a_failed_machine_fails_alike() {
    let mut registry = Registry::knowing(&[0]);
    registry.apply(1, 9, &[tuple(0)]);
    let refused = registry.apply(2, 8, &[pkid(0), tuple(0)]);
    assert_eq!(outcomes(&refused), [Outcome::RegisteredElsewhere; 2]);
    let mut registry = Registry::default();
    registry.policies.default = UnknownDevicePolicy::Refuse;
    let unknown = registry.apply(1, 9, &[tuple(0), tuple(0)]);
    assert_eq!(outcomes(&unknown), [Outcome::NotFound; 2]);
    assert_eq!(registry.keys.len(), 0, "nothing stays claimed");
}

#[test]
fn a_row_with_another_tag_claims_nothing() {
    let mut registry = Registry::default();
    let other = UploadRow {
        group_tag: Some("Microsoft365Managed_Kiosk".to_owned()),
        ..tuple(0)
    };
    let same = UploadRow {
        group_tag: Some(TAG.to_owned()),
        ..tuple(1)
    };
    let written = registry.apply(1, 9, &[other, tuple(0), same]);
    let (wrong, new) = (Outcome::WrongTag, Outcome::Registered);
    assert_eq!(outcomes(&written), [wrong, new, new]);
}

#[test]
fn a_customer_gives_its_own_devices_any_tag() {
    let standing = standing(true, "Lab 7", true);
    let written = Registry::default().apply_standing(9, 9, &[hash(0)], standing);
    assert_eq!(outcomes(&written), [Outcome::Registered]);
}

#[test]
fn without_consent_or_with_a_wrong_tag_nothing_is_claimed() {
    let cases = [
        (standing(false, TAG, false), Outcome::NoConsent),
        (standing(true, "nonsense", false), Outcome::WrongTag),
        (standing(false, "nonsense", false), Outcome::NoConsent),
    ];
    for (standing, outcome) in cases {
        let mut registry = Registry::default();
        let written = registry.apply_standing(1, 9, &[tuple(0), hash(1)], standing);
        assert_eq!(outcomes(&written), [outcome; 2]);
        assert!(registry.keys.is_empty() && registry.devices.is_empty());
        assert!(!written.rows[1].hash.is_empty());
    }
}

#[test]
fn a_ready_row_that_identifies_nothing_is_invalid() {
    let placeholder = UploadRow {
        serial: "Default string".to_owned(),
        ..tuple(0)
    };
    let written = Registry::default().apply(1, 9, &[row(), placeholder]);
    assert_eq!(outcomes(&written), [Outcome::Invalid; 2]);
}

#[test]
fn counts_are_told_in_words() {
    let mut registry = Registry::default();
    let duplicate = UploadRow {
        verdict: RowVerdict::Duplicate { of_line: 2 },
        ..tuple(0)
    };
    let written = registry.apply(1, 9, &[tuple(0), tuple(1), duplicate]);
    let words = counts_in_words(&written.counts);
    assert_eq!(words, "2 registered, 1 duplicate in the list");
    assert_eq!(counts_in_words(&OutcomeCounts::default()), "no rows");
}
