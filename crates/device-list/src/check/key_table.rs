//! A table of keys, each with the row it was first seen in: close to the size of what it holds, and
//! any key one look into memory away.

use prefetch_index::prefetch_index;

use super::seen::{BESIDE_SERIAL, ShortKey};

/// Six bytes of the key, then the row. The shard stands for 13 more bits, so 61 bits of a key
/// count: in a list of a million hashed devices two different keys look alike once in 500,000 lists.
type Entry = [u8; 10];

/// A place that is free: behind every key, and no row.
const FREE: Entry = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0];

/// Shards, so that growing moves little at a time.
const SHARDS: usize = 1 << 13;

/// Entries that a key's place and those beside it take in memory, about.
const BESIDE: usize = 4;

/// Places of a shard's first keys.
const FIRST: u32 = 8;

/// From so many places on a shard grows by an eighth instead of doubling: what doubling leaves free
/// is little until then.
const MANY: u32 = 128;

/// Keys with their rows.
#[derive(Default)]
pub(super) struct KeyTable {
    shards: Vec<Shard>,
}

/// Keys in order. Each stands at the place that its share of all keys gives it, or behind it where
/// that is taken, with no free place between.
#[derive(Default, Clone)]
struct Shard {
    /// The places, and some behind them for keys that had to move on; the last is always free.
    entries: Vec<Entry>,
    places: u32,
    used: u32,
}

/// What is known of a key.
pub(super) struct Found<'t> {
    entry: &'t mut Entry,
    /// The row of another key of the same serial number, where this key is new.
    pub(super) namesake: Option<u32>,
}

impl Found<'_> {
    /// The row that it was first seen in.
    pub(super) fn row(&self) -> u32 {
        row_of(self.entry)
    }

    /// Gives the key to another row.
    pub(super) fn set_row(&mut self, row: u32) {
        self.entry[6..].copy_from_slice(&row.to_le_bytes());
    }
}

impl KeyTable {
    /// Asks for the memory where a key belongs, before it is needed.
    #[inline]
    pub(super) fn prefetch(&self, key: ShortKey) {
        if let Some(shard) = self.shards.get(shard_of(key)) {
            let place = shard.place(tag(key));
            prefetch_index(&shard.entries, place);
            prefetch_index(&shard.entries, place + BESIDE);
        }
    }

    /// A key's entry; put in with `row`, which is not 0, if it was not there.
    #[inline]
    pub(super) fn entry(&mut self, key: ShortKey, row: u32) -> Found<'_> {
        if self.shards.is_empty() {
            self.shards.resize(SHARDS, Shard::default());
        }
        let shard = &mut self.shards[shard_of(key)];
        let key = tag(key);
        let mut at = shard.find(key);
        if let Some(there) = shard.entries.get(at)
            && tag_of(there) == key
        {
            return Found {
                entry: &mut shard.entries[at],
                namesake: None,
            };
        }
        let namesake = shard.namesake(at, key);
        let mut free = shard.free_from(at);
        while free.is_none() {
            shard.grow();
            at = shard.find(key);
            free = shard.free_from(at);
        }
        shard.insert(at, free.unwrap_or(at), key, row);
        Found {
            entry: &mut shard.entries[at],
            namesake,
        }
    }
}

impl Shard {
    fn place(&self, key: u64) -> usize {
        ((u128::from(key) * u128::from(self.places)) >> 48) as usize
    }

    /// Where a key stands or is to be put in.
    fn find(&self, key: u64) -> usize {
        let place = self.place(key);
        let smaller = |entry: &&Entry| tag_of(entry) < key;
        place + self.entries[place..].iter().take_while(smaller).count()
    }

    /// The next free place, if the shard has room for one more.
    fn free_from(&self, at: usize) -> Option<usize> {
        if self.used >= self.places - self.places / 8 {
            return None;
        }
        let behind = self.entries[at..].iter();
        let taken = behind.take_while(|entry| **entry != FREE).count();
        // The last place stays free.
        (at + taken + 1 < self.entries.len()).then_some(at + taken)
    }

    fn insert(&mut self, at: usize, free: usize, key: u64, row: u32) {
        self.entries.copy_within(at..free, at + 1);
        let entry = &mut self.entries[at];
        entry[..6].copy_from_slice(&key.to_be_bytes()[2..]);
        entry[6..].copy_from_slice(&row.to_le_bytes());
        self.used += 1;
    }

    /// Another key with the same serial number, beside where `key` is to be put in. Their places
    /// are the same or side by side.
    fn namesake(&self, at: usize, key: u64) -> Option<u32> {
        let serial = key >> BESIDE_SERIAL;
        let beside = [at.checked_sub(1), Some(at), Some(at + 1)];
        let mut beside = beside
            .into_iter()
            .flatten()
            .filter_map(|at| self.entries.get(at));
        let namesake =
            beside.find(|entry| **entry != FREE && tag_of(entry) >> BESIDE_SERIAL == serial);
        namesake.map(row_of)
    }

    fn grow(&mut self) {
        self.places = match self.places {
            0 => FIRST,
            places if places < MANY => places * 2,
            places => places + places / 8,
        };
        let room = self.places as usize + self.places as usize / 32 + BESIDE;
        let before = std::mem::replace(&mut self.entries, vec![FREE; room]);
        let mut next = 0;
        for entry in before.iter().filter(|entry| **entry != FREE) {
            let at = self.place(tag_of(entry)).max(next);
            next = at + 1;
            if next >= self.entries.len() {
                self.entries.resize(next + 1, FREE);
            }
            self.entries[at] = *entry;
        }
    }
}

fn shard_of(key: ShortKey) -> usize {
    (key.get() >> 51) as usize
}

/// The part of the key that an entry has.
fn tag(key: ShortKey) -> u64 {
    (key.get() & 0xffff_ffff_ffff).min(0xffff_ffff_fffe)
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;
    use std::num::NonZero;

    /// Keys of one shard or two, whose places are crowded.
    fn key(high: bool, spread: u16, low: u16) -> ShortKey {
        let bits = u64::from(high) << 63 | u64::from(spread) << 32 | u64::from(low) << 14 | 1;
        NonZero::new(bits).unwrap_or(NonZero::<u64>::MAX)
    }

    proptest! {
        #[test]
        fn every_key_keeps_the_row_it_was_first_seen_in(
            keys in prop::collection::vec((any::<bool>(), 0_u16..9, 0_u16..400), 0..1500)
        ) {
            let (mut table, mut map) = (KeyTable::default(), BTreeMap::new());
            for (row, (high, spread, low)) in (1..).zip(keys) {
                let key = key(high, spread, low);
                let first = *map.entry(key).or_insert(row);
                prop_assert_eq!(table.entry(key, row).row(), first);
            }
            for (key, row) in map {
                table.prefetch(key);
                prop_assert_eq!(table.entry(key, u32::MAX).row(), row);
            }
            for shard in &table.shards {
                let tags: Vec<_> = shard.entries.iter().filter(|e| **e != FREE).map(tag_of).collect();
                prop_assert!(tags.is_sorted() && tags.len() == shard.used as usize);
            }
        }

        #[test]
        fn another_key_of_the_serial_number_is_found_wherever_it_stands(
            serials in prop::collection::vec(any::<u32>(), 1..600),
            pick in any::<prop::sample::Index>(),
            beside in (any::<u16>(), any::<u16>()),
        ) {
            let key = |serial: u32, beside: u16| {
                let tag = u64::from(serial) << 16 | u64::from(beside);
                NonZero::new(1 << 63 | tag).unwrap_or(NonZero::<u64>::MAX)
            };
            let mut table = KeyTable::default();
            let mut rows = BTreeMap::new();
            for (row, serial) in (1..).zip(&serials) {
                table.entry(key(*serial, beside.0), row);
                rows.entry(*serial).or_insert(row);
            }
            let serial = *pick.get(&serials);
            let found = table.entry(key(serial, beside.1), 9999);
            let expected = (beside.0 != beside.1).then(|| rows[&serial]);
            prop_assert_eq!(found.namesake, expected);
        }
    }

    #[test]
    fn the_highest_key_is_a_key_and_no_free_place() {
        let mut table = KeyTable::default();
        let highest = NonZero::<u64>::MAX;
        // Another key of the shard first, so that there are free places.
        assert_eq!(
            table
                .entry(NonZero::<u64>::MIN | (highest.get() << 51), 1)
                .row(),
            1
        );
        assert_eq!(table.entry(highest, 7).row(), 7);
        assert_eq!(table.entry(highest, 8).row(), 7);
    }
}
