//! Which devices a list has had already: every identity key with its row, in little memory.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::mem;
use std::num::NonZero;

use crate::identity_key::Keys;

/// A device's key inside one check: 64 bits of XXH3 over the text of its identity key. Nothing that
/// is kept is made of it, so it need not withstand someone who looks for two texts with one key:
/// they would only mislead the check of their own list.
pub(crate) type ShortKey = NonZero<u64>;

/// The key of an identity key's text.
pub(crate) fn short_key(text: &[u8]) -> ShortKey {
    NonZero::new(xxhash_rust::xxh3::xxh3_64(text)).unwrap_or(NonZero::<u64>::MIN)
}

/// Six bytes of the key, then the row. The shard stands for 15 more bits, so 63 bits of a key
/// count: in a list of a million devices two different keys look alike once in a million lists.
type Entry = [u8; 10];

/// Entries looked at together.
const WINDOW: usize = 24;

const SHARDS: usize = 1 << 15;

/// Up to here a hash table is used: the largest number that fits 2^21 places, 36 MB.
const FEW: usize = (1 << 21) / 8 * 7;

/// Rows in one chunk of fingerprints.
const CHUNK: usize = 1 << 14;

/// The devices seen so far, by identity key.
///
/// A hash table while there are few. Beyond, short sorted lists that grow by little: about 10.5
/// bytes a key, where a table that doubles would need up to five times that. Fingerprints of the
/// rows take 4 bytes each.
#[derive(Default)]
pub(crate) struct Seen {
    few: HashMap<ShortKey, u32, BuildHasherDefault<AsItIs>>,
    many: Vec<Vec<Entry>>,
    prints: Vec<Vec<u32>>,
}

/// An earlier row that is the same device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Earlier {
    /// Its number.
    pub(crate) row: u32,
    /// Which of the keys matched.
    pub(crate) key: usize,
    /// Whether the whole row is the same.
    pub(crate) same: bool,
}

impl Seen {
    /// Notes a row's keys, with a fingerprint of all it says; returns the first row of the same
    /// device, if any. Rows come in order.
    pub(crate) fn note(&mut self, keys: &Keys<ShortKey>, row: u32, print: u32) -> Option<Earlier> {
        self.keep(row, print);
        let owners: [u32; 3] =
            std::array::from_fn(|at| keys[at].map_or(row, |key| self.owner(key, row)));
        let earlier = owners.into_iter().zip(0..);
        let (owner, key) = earlier.filter(|(owner, _)| *owner != row).min()?;
        for (key, of_key) in keys.iter().zip(owners) {
            if let (Some(key), true) = (key, of_key == row) {
                self.give(*key, owner);
            }
        }
        Some(Earlier {
            row: owner,
            key,
            same: self.print(owner) == print,
        })
    }

    /// The row that a key belongs to: `row` if it was not there.
    fn owner(&mut self, key: ShortKey, row: u32) -> u32 {
        if !self.many.is_empty() {
            return row_of(self.among_many(key, row));
        }
        let owner = *self.few.entry(key).or_insert(row);
        if self.few.len() == FEW {
            self.become_many();
        }
        owner
    }

    /// Gives a key that is there to another row.
    fn give(&mut self, key: ShortKey, row: u32) {
        if self.many.is_empty() {
            self.few.insert(key, row);
        } else {
            self.among_many(key, row)[6..].copy_from_slice(&row.to_le_bytes());
        }
    }

    fn become_many(&mut self) {
        self.many
            .resize_with(SHARDS, || Vec::with_capacity(FEW / SHARDS + 16));
        for (key, row) in mem::take(&mut self.few) {
            self.among_many(key, row);
        }
    }

    /// The entry of a key: with `row` if it was not there.
    fn among_many(&mut self, key: ShortKey, row: u32) -> &mut Entry {
        let shard = &mut self.many[shard(key)];
        let at = place_in(shard, key);
        if shard.get(at).is_none_or(|entry| tag_of(entry) != tag(key)) {
            if shard.len() == shard.capacity() {
                shard.reserve_exact(shard.len() / 16 + 8);
            }
            let mut entry = [0; 10];
            entry[..6].copy_from_slice(&tag(key).to_be_bytes()[2..]);
            entry[6..].copy_from_slice(&row.to_le_bytes());
            shard.insert(at, entry);
        }
        &mut shard[at]
    }

    fn keep(&mut self, row: u32, print: u32) {
        let (chunk, at) = place(row);
        while self.prints.len() <= chunk {
            self.prints.push(Vec::with_capacity(CHUNK));
        }
        let chunk = &mut self.prints[chunk];
        chunk.resize(at, 0);
        chunk.push(print);
    }

    fn print(&self, row: u32) -> u32 {
        let (chunk, at) = place(row);
        self.prints
            .get(chunk)
            .and_then(|chunk| chunk.get(at))
            .copied()
            .unwrap_or_default()
    }
}

/// Where a key is, or belongs, in its sorted shard.
fn place_in(shard: &[Entry], key: ShortKey) -> usize {
    // Keys are spread evenly, so the place is close to its share. Counting what is smaller
    // around it has no branches to guess wrong; the walk behind it mostly takes no step.
    let wanted = tag(key);
    let guess = ((u128::from(wanted) * shard.len() as u128) >> 48) as usize;
    let from = guess.saturating_sub(WINDOW / 2);
    let around = &shard[from..shard.len().min(from + WINDOW)];
    let smaller: usize = around
        .iter()
        .map(|entry| usize::from(tag_of(entry) < wanted))
        .sum();
    let mut at = from + smaller;
    while at > 0 && tag_of(&shard[at - 1]) >= wanted {
        at -= 1;
    }
    while at < shard.len() && tag_of(&shard[at]) < wanted {
        at += 1;
    }
    at
}

fn place(row: u32) -> (usize, usize) {
    (row as usize / CHUNK, row as usize % CHUNK)
}

fn shard(key: ShortKey) -> usize {
    (key.get() >> 49) as usize
}

fn tag(key: ShortKey) -> u64 {
    key.get() & 0xffff_ffff_ffff
}

fn row_of(entry: &Entry) -> u32 {
    u32::from_le_bytes([entry[6], entry[7], entry[8], entry[9]])
}

/// The first six bytes of an entry as a number.
fn tag_of(entry: &Entry) -> u64 {
    entry
        .first_chunk()
        .map_or(0, |bytes: &[u8; 8]| u64::from_be_bytes(*bytes) >> 16)
}

/// Hashes a key to itself: it is a hash already.
#[derive(Default)]
struct AsItIs(u64);

impl Hasher for AsItIs {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, key: u64) {
        self.0 = key;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::HashMap;

    fn key(n: u8) -> ShortKey {
        let mut bytes = [0; 8];
        // Few shards and few tags, so that keys meet.
        bytes[0] = n % 3;
        bytes[2] = n / 3;
        bytes[7] = n / 100;
        NonZero::new(u64::from_be_bytes(bytes)).unwrap_or(NonZero::<u64>::MAX)
    }

    proptest! {
        #[test]
        fn it_remembers_what_a_map_would(many in any::<bool>(), rows in prop::collection::vec((0_u8..120, 0_u8..120, 0_u32..3), 0..200)) {
            let (mut seen, mut map, mut prints) = (Seen::default(), HashMap::new(), vec![0]);
            if many {
                seen.become_many();
            }
            for (number, (a, b, print)) in (1_u32..).zip(rows) {
                prints.push(print);
                let known = [map.get(&a).copied(), map.get(&b).copied()];
                let first = known.into_iter().flatten().min();
                for n in [a, b] {
                    map.entry(n).or_insert(first.unwrap_or(number));
                }
                let earlier = seen.note(&[Some(key(a)), None, Some(key(b))], number, print);
                prop_assert_eq!(earlier.map(|earlier| earlier.row), first);
                if let Some(earlier) = earlier {
                    prop_assert_eq!(earlier.same, prints[earlier.row as usize] == print);
                }
            }
        }
    }
}
