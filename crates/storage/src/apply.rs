//! Applying a chunk of rows, as far as both backends share it: everything but the SQL.
//!
//! The order of one chunk's transaction: [`Chunk::prepare`] → directory lookup → [`Chunk::resolve`]
//! → claim [`Chunk::claims`] (insert every key, sorted, and learn who holds the ones that are
//! taken) → [`Chunk::contested`] → [`Chunk::decide`] → write what [`Written`] says. The unique key
//! is the judge: a key that could not be inserted belongs to somebody, and the pure rule
//! [`registration::plan::decide`] says what that means. Claiming in sorted order keeps two
//! transactions from waiting for each other in a circle.

mod identify;
pub mod lines;
#[cfg(test)]
mod tests;
mod written;

use std::collections::HashMap;

use device_list::{Identification, IdentityKey};
use registration::clock::Timestamp;
use registration::directory::{BuiltDevice, DirectoryPolicies, UnknownDevicePolicy};
use registration::group_tag;
use registration::ids::{DeviceId, OrganizationId, nth_uuid};
use registration::plan::{Holder, Outcome, Resolution, Standing, decide};
use registration::upload::{OutcomeCounts, RowResult, RowVerdict, Upload, UploadRow};
use uuid::Uuid;

pub use identify::{built_keys, fill_in};
pub use written::{Completion, Contested, Held, NewDevice, Written};

struct Prepared {
    device: NewDevice,
    keys: Vec<IdentityKey>,
    ready: bool,
    owner: Option<usize>,
    claimed: Vec<IdentityKey>,
}

/// One chunk of rows on its way through the transaction.
pub struct Chunk {
    customer_id: OrganizationId,
    party_id: OrganizationId,
    group_tag: String,
    rows: Vec<UploadRow>,
    prepared: Vec<Prepared>,
}

impl Chunk {
    /// Reads the rows' identifications again and gives every row the device id it would have.
    pub fn prepare(
        customer_id: OrganizationId,
        party_id: OrganizationId,
        group_tag: &str,
        mut rows: Vec<UploadRow>,
        id_seed: Uuid,
    ) -> Self {
        let mut prepared: Vec<_> = rows
            .iter_mut()
            .map(|row| prepare_row(row, id_seed))
            .collect();
        number(&mut prepared, id_seed);
        Self {
            customer_id,
            party_id,
            group_tag: group_tag.to_owned(),
            rows,
            prepared,
        }
    }

    /// The same, for an upload.
    pub fn of_upload(upload: &Upload, rows: Vec<UploadRow>, id_seed: Uuid) -> Self {
        Self::prepare(
            upload.customer_id,
            upload.party_id,
            &upload.group_tag,
            rows,
            id_seed,
        )
    }

    /// The keys to look up in the directory, sorted: those of ready rows without a hash.
    pub fn directory_keys(&self) -> Vec<IdentityKey> {
        let mut keys: Vec<_> = self
            .prepared
            .iter()
            .filter(|p| p.ready && p.device.hash.is_none())
            .flat_map(|p| p.keys.iter().copied())
            .collect();
        keys.sort_unstable();
        keys.dedup();
        keys
    }

    /// Takes over what the directory knows: the missing identifiers and their keys.
    pub fn resolve(&mut self, entries: &HashMap<IdentityKey, BuiltDevice>) {
        for row in self
            .prepared
            .iter_mut()
            .filter(|p| p.ready && p.device.hash.is_none())
        {
            if let Some(built) = row.keys.iter().find_map(|key| entries.get(key)) {
                identify::complete_from_directory(&mut row.device, &mut row.keys, built);
            }
        }
    }

    /// The keys to claim, sorted, each once, with the device each would belong to. Empty when
    /// the standing forbids every row anyway.
    pub fn claims(&mut self, standing: Standing) -> Vec<(IdentityKey, DeviceId)> {
        if !standing.consent || !standing.tag {
            return Vec::new();
        }
        let mut all: Vec<(IdentityKey, usize)> = Vec::with_capacity(self.prepared.len());
        for (n, row) in self.prepared.iter().enumerate() {
            if row.ready && self.tag_agrees(n) {
                all.extend(row.keys.iter().map(|key| (*key, n)));
            }
        }
        all.sort_unstable();
        let mut claims: Vec<(IdentityKey, DeviceId)> = Vec::with_capacity(all.len());
        let mut owner = usize::MAX;
        for (key, n) in all {
            if claims.last().is_some_and(|(last, _)| *last == key) {
                if owner != n {
                    let first = self.prepared[n]
                        .owner
                        .map_or(owner, |known| known.min(owner));
                    self.prepared[n].owner = Some(first);
                }
            } else {
                owner = n;
                self.prepared[n].claimed.push(key);
                claims.push((key, self.prepared[n].device.id));
            }
        }
        claims
    }

    /// Devices of this customer that rows name again with keys of their own besides: what is
    /// stored of them must be known to decide.
    pub fn contested(&self, held: &HashMap<IdentityKey, Held>) -> Vec<DeviceId> {
        let mut ids: Vec<_> = self
            .prepared
            .iter()
            .filter(|row| row.claimed.iter().any(|key| !held.contains_key(key)))
            .flat_map(|row| row.claimed.iter().filter_map(|key| held.get(key)))
            .filter(|held| held.customer_id == self.customer_id)
            .map(|held| held.device_id)
            .collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }

    /// Decides every row. `held` are the claimed keys that were taken already, `contested` what
    /// is stored of the devices [`Self::contested`] named.
    pub fn decide(
        mut self,
        standing: Standing,
        policies: &DirectoryPolicies,
        held: &HashMap<IdentityKey, Held>,
        contested: &HashMap<DeviceId, Contested>,
    ) -> Written {
        let mut written = Written::default();
        let mut places = HashMap::new();
        for n in 0..self.rows.len() {
            let result = self.decide_row(n, standing, policies, held, &written.results);
            self.settle_keys(n, &result, held, contested, &mut places, &mut written);
            if matches!(
                result.outcome,
                Outcome::Registered | Outcome::AlreadyRegistered
            ) {
                self.rows[n].hash.clear();
            }
            written.counts.add(result.outcome);
            written.results.push(result);
        }
        written.devices.sort_unstable_by_key(|device| device.id);
        identify::merge_completed(&mut written.completed);
        written.released.sort_unstable();
        written.rows = self.rows;
        written
    }

    fn tag_agrees(&self, n: usize) -> bool {
        self.rows[n]
            .group_tag
            .as_deref()
            .is_none_or(|tag| tag == self.group_tag)
    }

    fn decide_row(
        &self,
        n: usize,
        standing: Standing,
        policies: &DirectoryPolicies,
        held: &HashMap<IdentityKey, Held>,
        before: &[RowResult],
    ) -> RowResult {
        let row = &self.prepared[n];
        let verdict = &self.rows[n].verdict;
        let holders = || row.claimed.iter().filter_map(|key| held.get(key));
        let elsewhere = holders().any(|h| h.customer_id != self.customer_id);
        let here = holders()
            .find(|h| h.customer_id == self.customer_id)
            .map(|h| h.device_id);
        let owner = row.owner.map(|owner| &before[owner]);
        let holder = match (elsewhere, here, owner) {
            (true, ..) => Holder::AnotherCustomer,
            (false, None, Some(owner)) if owner.outcome.is_failure() => {
                return RowResult {
                    outcome: owner.outcome,
                    device_id: None,
                    unverified: false,
                };
            }
            (false, None, None) => Holder::Nobody,
            (false, ..) => Holder::ThisCustomer,
        };
        let resolution = if row.device.verified {
            Resolution::Vouched
        } else {
            Resolution::Unknown(policy(policies, &row.device))
        };
        let outcome = if matches!(verdict, RowVerdict::Ready) && !row.ready {
            Outcome::Invalid
        } else {
            decide(standing, verdict, self.tag_agrees(n), holder, resolution)
        };
        let device_id = match outcome {
            Outcome::Registered => Some(row.device.id),
            Outcome::AlreadyRegistered => here.or(owner.and_then(|o| o.device_id)),
            _ => None,
        };
        let unverified = outcome == Outcome::Registered && !row.device.verified;
        RowResult {
            outcome,
            device_id,
            unverified,
        }
    }

    /// Gives every key that row `n` claimed its place; `places` tells where in `written.devices`
    /// a device of this chunk is.
    fn settle_keys(
        &mut self,
        n: usize,
        result: &RowResult,
        held: &HashMap<IdentityKey, Held>,
        contested: &HashMap<DeviceId, Contested>,
        places: &mut HashMap<DeviceId, usize>,
        written: &mut Written,
    ) {
        let mut own = std::mem::take(&mut self.prepared[n].claimed);
        own.retain(|key| !held.contains_key(key));
        match (result.outcome, result.device_id) {
            (Outcome::Registered, Some(id)) => {
                let mut device = self.take_device(n, id);
                device.keys = identify::joined(&own);
                places.insert(id, written.devices.len());
                written.devices.push(device);
            }
            (Outcome::AlreadyRegistered, Some(id)) if !own.is_empty() => {
                let mut known = self.take_device(n, id);
                if let Some(place) = places.get(&id) {
                    let device = &mut written.devices[*place];
                    identify::fill_in(device, &known);
                    device.keys.extend(identify::joined(&own));
                    written.moved.extend(own.into_iter().map(|key| (key, id)));
                } else if let Some(stored) = self.may_complete(contested.get(&id)) {
                    known.keys = [stored.keys.as_slice(), &identify::joined(&own)].concat();
                    written.completed.push(Completion { device: known });
                    written.moved.extend(own.into_iter().map(|key| (key, id)));
                } else {
                    written.released.extend(own);
                }
            }
            _ => written.released.extend(own),
        }
    }

    /// What row `n` says of its device, which is the one with this id; needed once.
    fn take_device(&mut self, n: usize, id: DeviceId) -> NewDevice {
        let device = &mut self.prepared[n].device;
        let mut taken = std::mem::replace(device, identify::device(None, id));
        taken.id = id;
        taken
    }

    fn may_complete<'a>(&self, stored: Option<&'a Contested>) -> Option<&'a Contested> {
        stored.filter(|device| {
            device.registered_by == self.party_id || self.party_id == self.customer_id
        })
    }
}

fn policy(policies: &DirectoryPolicies, device: &NewDevice) -> UnknownDevicePolicy {
    if policies.by_manufacturer.is_empty() {
        return policies.default;
    }
    let name = device.manufacturer.as_deref();
    let parsed = name.and_then(|name| device_list::Manufacturer::parse(name).ok());
    policies.of(parsed.as_ref())
}

/// Ids ascend in the order of the serial numbers, so that every index over either fills in order.
fn number(prepared: &mut [Prepared], id_seed: Uuid) {
    let mut order: Vec<usize> = (0..prepared.len()).collect();
    order.sort_by(|a, b| {
        let serial = |n: usize| &prepared[n].device.serial_folded;
        serial(*a).cmp(serial(*b))
    });
    for (rank, n) in (0..).zip(order) {
        prepared[n].device.id = DeviceId(nth_uuid(id_seed, rank));
    }
}

fn prepare_row(row: &mut UploadRow, id_seed: Uuid) -> Prepared {
    let identification = match row.verdict {
        RowVerdict::Ready => identify::identify(row),
        RowVerdict::Invalid { .. } | RowVerdict::Duplicate { .. } => None,
    };
    let keys = identification
        .as_ref()
        .map(Identification::keys)
        .unwrap_or_default();
    let ready = !keys.is_empty();
    let device = identify::device(identification.as_ref(), DeviceId(id_seed));
    Prepared {
        device,
        keys,
        ready,
        owner: None,
        claimed: Vec::new(),
    }
}

/// What holds for the whole upload: consent is asked by the caller, in the same transaction. The
/// devices of a batch whose name is no group tag have none, which is an empty one.
pub fn standing(consent: bool, tag: &str, by_customer: bool) -> Standing {
    Standing {
        consent,
        tag: group_tag::may_register(tag, by_customer),
    }
}

/// The words of an audit line about a chunk or an upload: "3 registered, 1 invalid".
pub fn counts_in_words(counts: &OutcomeCounts) -> String {
    let parts: Vec<_> = Outcome::ALL
        .into_iter()
        .filter(|outcome| counts.of(*outcome) > 0)
        .map(|outcome| format!("{} {}", counts.of(outcome), outcome.title().to_lowercase()))
        .collect();
    if parts.is_empty() {
        "no rows".to_owned()
    } else {
        parts.join(", ")
    }
}

/// Where the ids of a chunk's devices begin: ascending with time, different for every chunk.
pub fn device_seed(upload: &Upload, chunk: u64, at: Timestamp) -> Uuid {
    use sha2::{Digest, Sha256};
    let mut hasher = Sha256::new();
    hasher.update(upload.id.0.as_bytes());
    hasher.update(chunk.to_be_bytes());
    hasher.update(at.0.to_be_bytes());
    let mut random = [0u8; 10];
    random.copy_from_slice(&hasher.finalize()[..10]);
    let millis = u64::try_from(at.0 / 1000).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
}
