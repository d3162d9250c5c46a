//! Which devices a list has had already: every identity key with its row, in little memory.

use std::num::NonZero;

use xxhash_rust::xxh3::xxh3_64;

use super::key_table::KeyTable;
use crate::identity_key::Keys;

/// A device's key inside one check: 64 bits of XXH3 over the text of its identity key. Nothing that
/// is kept is made of it, so it need not withstand someone who looks for two texts with one key:
/// they would only mislead the check of their own list.
///
/// In a tuple's key the upper 48 bits are those of the serial number alone, so that tuples with one
/// serial number stand side by side.
pub(crate) type ShortKey = NonZero<u64>;

/// Bits of a tuple's key that say more than the serial number.
pub(super) const BESIDE_SERIAL: u32 = 16;

/// The key of an identity key's text.
pub(crate) fn short_key(text: &[u8]) -> ShortKey {
    let key = match serial_part(text) {
        Some(at) => {
            let (front, serial) = text.split_at(at);
            xxh3_64(serial) >> BESIDE_SERIAL << BESIDE_SERIAL
                | xxh3_64(front) >> (64 - BESIDE_SERIAL)
        }
        None => xxh3_64(text),
    };
    NonZero::new(key).unwrap_or(NonZero::<u64>::MIN)
}

/// Where the serial number begins in the text of a tuple's key; `None` for other keys.
fn serial_part(text: &[u8]) -> Option<usize> {
    let (kind, rest) = text.split_first()?;
    if *kind != 1 {
        return None;
    }
    let part =
        |at: usize| Some(at + 2 + usize::from(u16::from_le_bytes(*rest.get(at..)?.first_chunk()?)));
    Some(1 + part(part(0)?)?)
}

/// Rows in one chunk of prints.
const CHUNK: usize = 1 << 14;

/// Fingerprints of what a row says, to tell why two rows of one device differ. 0 where it says
/// nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Print {
    /// Of the whole row, in two halves.
    pub(crate) all: [u16; 2],
    /// Of its hash.
    pub(crate) hash: u16,
    /// Of its group tag.
    pub(crate) tag: u16,
    /// Of its serial number.
    pub(crate) serial: u16,
}

/// The devices seen so far, by identity key: about 12 bytes a key, and a [`Print`] of 10 bytes for
/// each row.
#[derive(Default)]
pub(crate) struct Seen {
    keys: KeyTable,
    prints: Vec<Vec<Print>>,
}

/// What is known of a row's device already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Noted {
    /// An earlier row that is the same device.
    pub(crate) earlier: Option<Earlier>,
    /// An earlier row with the same serial number and another manufacturer or model.
    pub(crate) namesake: Option<u32>,
}

/// An earlier row that is the same device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Earlier {
    /// Its number.
    pub(crate) row: u32,
    /// Which of the keys matched.
    pub(crate) key: usize,
    /// What it says.
    pub(crate) print: Print,
}

impl Seen {
    /// Notes a row's keys, with the print of all it says. Rows come in order; the first is 1.
    pub(crate) fn note(&mut self, keys: &Keys<ShortKey>, row: u32, print: Print) -> Noted {
        self.keep(row, print);
        let mut namesake = None;
        let owners: [u32; 3] = std::array::from_fn(|at| {
            keys[at].map_or(row, |key| {
                let found = self.keys.entry(key, row);
                if at == 0 {
                    namesake = found.namesake;
                }
                found.row()
            })
        });
        let earlier = owners.into_iter().zip(0..);
        let Some((owner, key)) = earlier.filter(|(owner, _)| *owner != row).min() else {
            return Noted {
                earlier: None,
                namesake,
            };
        };
        for (key, of_key) in keys.iter().zip(owners) {
            if let (Some(key), true) = (key, of_key == row) {
                self.keys.entry(*key, row).set_row(owner);
            }
        }
        let earlier = Some(Earlier {
            row: owner,
            key,
            print: self.print(owner),
        });
        Noted {
            earlier,
            namesake: None,
        }
    }

    /// Asks for the memory where the keys of a row belong that will be noted soon.
    pub(crate) fn prefetch(&self, keys: &Keys<ShortKey>) {
        for key in keys.iter().flatten() {
            self.keys.prefetch(*key);
        }
    }

    fn keep(&mut self, row: u32, print: Print) {
        let (chunk, at) = place(row);
        while self.prints.len() <= chunk {
            self.prints.push(Vec::new());
        }
        let chunk = &mut self.prints[chunk];
        chunk.resize(at, Print::default());
        chunk.push(print);
    }

    fn print(&self, row: u32) -> Print {
        let (chunk, at) = place(row);
        let chunk = self.prints.get(chunk);
        chunk
            .and_then(|chunk| chunk.get(at))
            .copied()
            .unwrap_or_default()
    }
}

fn place(row: u32) -> (usize, usize) {
    (row as usize / CHUNK, row as usize % CHUNK)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity_key::KeyMaker;
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

    fn tuple(manufacturer: &str, model: &str, serial: &str) -> Keys<ShortKey> {
        let mut maker = KeyMaker::default();
        let parts = [manufacturer, model, serial].map(str::as_bytes);
        [maker.folded(1, parts).map(short_key), None, None]
    }

    #[test]
    fn one_serial_number_on_two_models_is_seen() {
        let mut seen = Seen::default();
        for row in 1..2000 {
            let noted = seen.note(
                &tuple("Contoso", "B", &format!("S{row}")),
                row,
                Print::default(),
            );
            assert_eq!(noted, Noted::default());
        }
        let noted = seen.note(&tuple("Contoso", "C", "S77"), 2000, Print::default());
        assert_eq!((noted.namesake, noted.earlier), (Some(77), None));
        let noted = seen.note(&tuple("Contoso", "B", "S78"), 2001, Print::default());
        assert_eq!(noted.earlier.map(|earlier| earlier.row), Some(78));
    }

    proptest! {
        #[test]
        fn it_remembers_what_a_map_would(rows in prop::collection::vec((0_u8..120, 0_u8..120, 0_u16..3), 0..200)) {
            let (mut seen, mut map, mut prints) = (Seen::default(), HashMap::new(), vec![Print::default()]);
            for (number, (a, b, print)) in (1_u32..).zip(rows) {
                let print = Print { hash: print, ..Print::default() };
                prints.push(print);
                let known = [map.get(&a).copied(), map.get(&b).copied()];
                let first = known.into_iter().flatten().min();
                for n in [a, b] {
                    map.entry(n).or_insert(first.unwrap_or(number));
                }
                let earlier = seen.note(&[Some(key(a)), None, Some(key(b))], number, print).earlier;
                prop_assert_eq!(earlier.map(|earlier| earlier.row), first);
                if let Some(earlier) = earlier {
                    prop_assert_eq!(earlier.print, prints[earlier.row as usize]);
                }
            }
        }
    }
}
