//! Which devices are new, gone or changed from one list to another: by identity, not by text.
//!
//! Of the first list only keys are kept, and fingerprints of what can change: some 64 bytes a
//! device. What is to be shown of it is read once more.

mod listed;

use serde::Serialize;
use xxhash_rust::xxh3::xxh3_64;

use crate::check::{RowRef, ShortKey};
use crate::identifier::fold;

pub use listed::{Aspect, IdentifiedBy, Listed};

/// Compares two lists that are checked one after the other. Two rows that share any identity are the
/// same device, also two hashes of one machine.
///
/// Takes the rows of the first list ([`Differ::before`]), then those of the second
/// ([`Differ::after`]), then those of the first again ([`Differ::fate`]). A row that is the same
/// device as an earlier one of its list adds nothing.
#[derive(Default)]
pub struct Differ {
    /// Sorted once all are there.
    keys: Vec<(HalfKeys, u32)>,
    devices: Vec<Device>,
    /// A bit for each row of the second list: whether its device is new.
    new: Vec<u64>,
    summary: DiffSummary,
}

/// A key in halves, so that it and its row take 12 bytes.
type HalfKeys = [u32; 2];

/// A row of the first list.
#[derive(Clone, Copy)]
struct Device {
    /// Fingerprints of the texts; 0 where there is none.
    prints: [u32; Aspect::TEXTS.len()],
    identified_by: Option<IdentifiedBy>,
    fate: Fate,
}

/// What became of a row of the first list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// Its device is not in the second list.
    Gone,
    /// Its device is there, and changed.
    Changed,
    /// Its device is there, as before.
    Same,
    /// It names no device, or one that an earlier row has.
    Nothing,
}

/// How a row of the second list stands to the first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Met {
    /// Its device is not in the first list, as far as its rows show so far: see
    /// [`Differ::is_new`].
    New,
    /// Its device is there, and something about it differs.
    Changed {
        /// Number of its row in the first list.
        before: u32,
        /// What differs.
        aspects: Vec<Aspect>,
    },
    /// Its device is there, as before.
    Same,
    /// It names no device, or one that an earlier row has.
    Nothing,
}

/// How two lists differ, in numbers of devices.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct DiffSummary {
    /// Only in the second list.
    pub new: u64,
    /// Only in the first list.
    pub gone: u64,
    /// In both, with differences.
    pub changed: u64,
    /// In both, the same.
    pub same: u64,
    /// Rows of the first list that name no device, and so are not compared.
    pub unknown_before: u64,
    /// Rows of the second list that name no device, and so are not compared.
    pub unknown_after: u64,
}

impl DiffSummary {
    /// Whether both lists have the same devices, and every row could be compared.
    pub fn is_same(&self) -> bool {
        let Self {
            new,
            gone,
            changed,
            same: _,
            unknown_before,
            unknown_after,
        } = *self;
        [new, gone, changed, unknown_before, unknown_after] == [0; 5]
    }
}

impl Differ {
    /// Takes a row of the first list.
    pub fn before(&mut self, row: &RowRef<'_>) {
        let listed = Listed::of(row);
        self.summary.unknown_before += u64::from(listed.is_none());
        let again = row.duplicate_of();
        let owner = again.unwrap_or(row.number());
        let fate = match (&listed, again) {
            (Some(_), None) => Fate::Gone,
            _ => Fate::Nothing,
        };
        self.summary.gone += u64::from(fate == Fate::Gone);
        self.devices.push(Device {
            prints: listed.as_ref().map(prints).unwrap_or_default(),
            identified_by: listed.map(|listed| listed.identified_by),
            fate,
        });
        if row.is_identified() {
            let keys = row.judged.keys.iter().flatten();
            self.keys.extend(keys.map(|key| (halves(*key), owner)));
        }
    }

    /// The first list has ended.
    pub fn turn(&mut self) {
        self.keys.sort_unstable();
        self.keys.dedup();
        self.keys.shrink_to_fit();
    }

    /// Takes a row of the second list, and tells how it stands to the first; with what it says.
    pub fn after(&mut self, row: &RowRef<'_>) -> (Met, Option<Listed>) {
        let Some(listed) = Listed::of(row) else {
            self.summary.unknown_after += 1;
            return (Met::Nothing, None);
        };
        let owners = self.owners(row);
        let earlier = row.duplicate_of();
        let met = match (owners.first(), earlier) {
            (None, Some(_)) => Met::Nothing,
            (None, None) => {
                self.set_new(row.number(), true);
                Met::New
            }
            (Some(first), _) => {
                if let Some(earlier) = earlier.filter(|earlier| self.is_new(*earlier)) {
                    // This row has the identity that tells whose device it is.
                    self.set_new(earlier, false);
                }
                self.known(*first, &listed)
            }
        };
        for owner in owners {
            // One row may join what were two devices.
            if self.device(owner).fate == Fate::Gone {
                self.settle(owner, Fate::Same);
            }
        }
        (met, Some(listed))
    }

    /// Whether the device of a row of the second list is new, once that list has ended.
    pub fn is_new(&self, row: u32) -> bool {
        let (word, bit) = (row as usize / 64, row % 64);
        self.new.get(word).is_some_and(|word| word >> bit & 1 == 1)
    }

    /// What became of a row of the first list.
    pub fn fate(&self, row: u32) -> Fate {
        self.device(row).fate
    }

    /// The numbers, once the second list has ended.
    pub fn summary(&self) -> DiffSummary {
        self.summary
    }

    /// A device that the first list has: what differs, the first time it is met.
    fn known(&mut self, owner: u32, listed: &Listed) -> Met {
        let device = self.device(owner);
        if device.fate != Fate::Gone {
            return Met::Nothing;
        }
        let aspects = differing(&device, listed);
        if aspects.is_empty() {
            self.settle(owner, Fate::Same);
            return Met::Same;
        }
        self.settle(owner, Fate::Changed);
        Met::Changed {
            before: owner,
            aspects,
        }
    }

    fn settle(&mut self, owner: u32, fate: Fate) {
        let Some(device) = self.devices.get_mut(index(owner)) else {
            return;
        };
        device.fate = fate;
        self.summary.gone -= 1;
        match fate {
            Fate::Changed => self.summary.changed += 1,
            _ => self.summary.same += 1,
        }
    }

    fn device(&self, row: u32) -> Device {
        self.devices.get(index(row)).copied().unwrap_or(Device {
            prints: Default::default(),
            identified_by: None,
            fate: Fate::Nothing,
        })
    }

    /// The rows of the first list that have any of the row's identities, in order.
    fn owners(&self, row: &RowRef<'_>) -> Vec<u32> {
        let keys = row.judged.keys.iter().flatten();
        let mut owners: Vec<u32> = keys
            .filter_map(|key| {
                let key = halves(*key);
                let at = self.keys.partition_point(|(other, _)| *other < key);
                self.keys.get(at).filter(|(other, _)| *other == key)
            })
            .map(|(_, owner)| *owner)
            .collect();
        owners.sort_unstable();
        owners.dedup();
        owners
    }

    fn set_new(&mut self, row: u32, is_new: bool) {
        let (word, bit) = (row as usize / 64, row % 64);
        if self.new.len() <= word {
            self.new.resize(word + 1, 0);
        }
        if is_new {
            self.new[word] |= 1 << bit;
            self.summary.new += 1;
        } else {
            self.new[word] &= !(1 << bit);
            self.summary.new -= 1;
        }
    }
}

fn index(row: u32) -> usize {
    (row as usize).wrapping_sub(1)
}

fn halves(key: ShortKey) -> HalfKeys {
    let key = key.get();
    [(key >> 32) as u32, key as u32]
}

fn prints(listed: &Listed) -> [u32; Aspect::TEXTS.len()] {
    Aspect::TEXTS.map(|aspect| {
        let text = listed.text(aspect);
        match text {
            "" => 0,
            text if aspect.identifies() => print(&fold(text)),
            text => print(text),
        }
    })
}

fn print(text: &str) -> u32 {
    ((xxh3_64(text.as_bytes()) >> 32) as u32).max(1)
}

/// What differs. An identifier that only one of the lists knows is no difference: a hash says more
/// of a device than its row.
fn differing(device: &Device, listed: &Listed) -> Vec<Aspect> {
    let now = prints(listed);
    let texts = Aspect::TEXTS
        .into_iter()
        .zip(device.prints.into_iter().zip(now));
    let mut aspects: Vec<Aspect> = texts
        .filter(|(aspect, (before, now))| {
            before != now && (!aspect.identifies() || (*before != 0 && *now != 0))
        })
        .map(|(aspect, _)| aspect)
        .collect();
    if device.identified_by != Some(listed.identified_by) {
        aspects.push(Aspect::IdentifiedBy);
    }
    aspects
}
