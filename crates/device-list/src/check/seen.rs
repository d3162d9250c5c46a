//! Which devices a list has had already: every identity key with its row, in little memory.

use crate::identity_key::{IdentityKey, Keys};

/// Six bytes of the key, then the row. The shard stands for two more bytes, so 64 bits of a key
/// count: in a list of a million devices two different keys look alike once in a million lists.
type Entry = [u8; 10];

const SHARDS: usize = 1 << 16;

/// Rows in one chunk of fingerprints.
const CHUNK: usize = 1 << 14;

/// The devices seen so far, by identity key: about 10.5 bytes a key and 4 bytes a row.
///
/// Each shard is a short sorted list that grows by little, because a hash table that doubles would
/// need three times the memory while it does.
#[derive(Default)]
pub(crate) struct Seen {
    shards: Vec<Vec<Entry>>,
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
    /// Notes a row's keys, with a fingerprint of all it says; returns the first row of the same device, if any.
    /// Rows come in order.
    pub(crate) fn note(&mut self, keys: &Keys, row: u32, print: u32) -> Option<Earlier> {
        if self.shards.is_empty() {
            self.shards.resize_with(SHARDS, Vec::new);
        }
        self.keep(row, print);
        let places = keys.map(|key| key.map(|key| self.find(key)));
        let rows = places.iter().enumerate();
        let earlier = rows
            .filter_map(|(key, place)| Some(((*place)?.ok()?, key)))
            .min();
        let owner = earlier.map_or(row, |(row, _)| row);
        for (number, (key, place)) in keys.iter().zip(places).enumerate() {
            let (Some(key), Some(Err(at))) = (*key, place) else {
                continue;
            };
            let moved = keys[..number]
                .iter()
                .flatten()
                .any(|other| shard(*other) == shard(key));
            let at = if moved { self.find(key) } else { Err(at) };
            if let Err(at) = at {
                self.insert(key, at, owner);
            }
        }
        let (owner, key) = earlier?;
        Some(Earlier {
            row: owner,
            key,
            same: self.print(owner) == print,
        })
    }

    /// The row of a key, or where in its shard the key belongs.
    fn find(&self, key: IdentityKey) -> Result<u32, usize> {
        let shard = &self.shards[shard(key)];
        let wanted = tag(key);
        // Keys are spread evenly, so this is close; the rest is a short walk.
        let mut at = ((u128::from(wanted) * shard.len() as u128) >> 48) as usize;
        while at > 0 && entry_tag(&shard[at - 1]) >= wanted {
            at -= 1;
        }
        while at < shard.len() && entry_tag(&shard[at]) < wanted {
            at += 1;
        }
        match shard.get(at) {
            Some(entry) if entry_tag(entry) == wanted => {
                Ok(u32::from_le_bytes([entry[6], entry[7], entry[8], entry[9]]))
            }
            _ => Err(at),
        }
    }

    fn insert(&mut self, key: IdentityKey, at: usize, row: u32) {
        let shard = &mut self.shards[shard(key)];
        if shard.len() == shard.capacity() {
            shard.reserve_exact(shard.len() / 16 + 4);
        }
        let mut entry = [0; 10];
        entry[..6].copy_from_slice(&tag(key).to_be_bytes()[2..]);
        entry[6..].copy_from_slice(&row.to_le_bytes());
        shard.insert(at, entry);
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

fn place(row: u32) -> (usize, usize) {
    (row as usize / CHUNK, row as usize % CHUNK)
}

fn shard(key: IdentityKey) -> usize {
    usize::from(u16::from_be_bytes([key.0[0], key.0[1]]))
}

fn tag(key: IdentityKey) -> u64 {
    number(key.0[2..].first_chunk())
}

fn entry_tag(entry: &Entry) -> u64 {
    number(entry.first_chunk())
}

/// The first six of eight bytes as a number, so that order is kept.
fn number(bytes: Option<&[u8; 8]>) -> u64 {
    bytes.map_or(0, |bytes| u64::from_be_bytes(*bytes) >> 16)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::HashMap;

    fn key(n: u8) -> IdentityKey {
        let mut bytes = [0; 16];
        // Few shards and few tags, so that keys meet.
        bytes[1] = n % 3;
        bytes[2] = n / 3;
        bytes[7] = n / 100;
        IdentityKey(bytes)
    }

    proptest! {
        #[test]
        fn it_remembers_what_a_map_would(rows in prop::collection::vec((0_u8..120, 0_u8..120, 0_u32..3), 0..200)) {
            let (mut seen, mut map, mut prints) = (Seen::default(), HashMap::new(), vec![0]);
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
