//! Judging a row: which of the six combinations it is, and what makes it that device and no other.

use xxhash_rust::xxh3::xxh3_64_with_seed;

use super::across::{self, Standing};
use super::hash::{self, Proven, SHORTEST};
use super::options::{Channel, CheckOptions};
use super::row::{Notes, Row, Texts};
use super::seen::{Print, ShortKey, short_key};
use super::{combination, doubt, filler, hash_notes, oem, pkid, swapped, tag, user};
use crate::code::Code;
use crate::dialect::Column;
use crate::finding::Finding;
use crate::hardware_hash::container::{Identity, text_bytes};
use crate::hardware_hash::notable::Glance;
use crate::identifier::MAX_CHARACTERS;
use crate::identity_key::{KeyMaker, KeyParts, Keys};

/// Buffers that live as long as a check.
#[derive(Default)]
pub(crate) struct Scratch {
    bytes: Vec<u8>,
    maker: KeyMaker,
}

/// Which of the accepted combinations a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Hash { pkid: bool, serial: bool },
    Pkid,
    Tuple,
}

/// What came out for a row.
#[derive(Default)]
pub(crate) struct Judged<'s> {
    /// `None` when the row is no accepted combination or can't be repaired without guessing.
    pub(crate) kind: Option<Kind>,
    pub(crate) hash: Option<Proven<'s>>,
    /// What tells its device from the list's others; never leaves the check.
    pub(crate) keys: Keys<ShortKey>,
    /// Values to write instead, in the order in which they were found.
    pub(crate) corrections: Vec<(Column, String)>,
}

/// Judges a row whose form is in order. `expect` is told as early as can be which keys its device
/// most likely has, so that what is known of them can be asked for in the meantime.
pub(crate) fn judge<'s>(
    texts: &Texts<'_>,
    options: &CheckOptions,
    scratch: &'s mut Scratch,
    notes: &mut Notes<'_>,
    expect: impl Fn(&Keys<ShortKey>),
) -> Judged<'s> {
    let Scratch { bytes, maker } = scratch;
    let mut row = Row::new(texts);
    filler::clear(&mut row, notes);
    // Nothing but a hash is long.
    let others = Column::ALL.into_iter().filter(|c| *c != Column::Hash);
    let longest = others.map(|column| texts.bytes(column).len()).max();
    let is_long = longest >= Some(SHORTEST);
    if is_long && !swapped::hash_elsewhere(&mut row, options, bytes, notes) {
        return Judged::default();
    }
    if options.channel == Channel::Oem
        && row.has(Column::Hash)
        && !oem::leave_hash_out(&mut row, bytes, notes)
    {
        return Judged {
            corrections: row.corrections,
            ..Judged::default()
        };
    }
    let mut whole_text = None;
    let mut inside = [None; 3];
    let hash = match row.bytes(Column::Hash) {
        [] => None,
        _ if notes.has_condemned(Column::Hash) => None,
        sent => hash::read(sent, bytes, notes, &mut whole_text, |identity| {
            inside = keys_inside(identity, maker);
            expect(&inside);
        }),
    };
    if let Some(text) = whole_text {
        row.correct(Column::Hash, text);
    }
    if is_long {
        lengths(&row, notes);
    }
    tag::check(&mut row, options, notes);
    user::check(&mut row, notes);
    let (kind, keys) = match &hash {
        Some(hash) => with_hash(&mut row, hash, inside, maker, notes),
        None => without_hash(&mut row, options, maker, notes),
    };
    if let Some(kind) = kind
        && keys.iter().all(Option::is_none)
        && !notes.spoilt()
    {
        combination::nothing_real(&row, kind, notes);
    }
    let kind = kind.filter(|_| notes.findings.is_empty() || !notes.spoilt());
    Judged {
        kind,
        hash: hash.map(|(proven, _)| proven),
        keys,
        corrections: row.corrections,
    }
}

/// The keys that a hash makes by itself.
fn keys_inside(inside: &Identity<'_>, maker: &mut KeyMaker) -> Keys<ShortKey> {
    let [manufacturer, model, serial, pkid] = [
        inside.manufacturer,
        inside.model,
        inside.serial,
        inside.pkid,
    ]
    .map(text_bytes);
    let parts = KeyParts {
        manufacturer: &manufacturer,
        model: &model,
        serial: &serial,
        pkid: &pkid,
        uuid: inside.uuid,
    };
    maker.keys(&parts, short_key)
}

/// A row with a proven hash: the hash decides, the other values must not contradict it. `inside` are
/// the keys that the hash makes by itself.
fn with_hash(
    row: &mut Row<'_>,
    (proven, glance): &(Proven<'_>, Glance<'_>),
    inside: Keys<ShortKey>,
    maker: &mut KeyMaker,
    notes: &mut Notes<'_>,
) -> (Option<Kind>, Keys<ShortKey>) {
    swapped::by_hash(row, proven, notes);
    let standing = across::serial(row, proven, notes);
    let lends_serial = standing == Standing::RowOnly;
    if lends_serial {
        doubt::serial(row, notes);
    } else {
        doubt::dot(row, notes);
    }
    across::maker_and_model(row, proven, notes);
    let has_pkid = pkid::read(row, Some(proven), notes);
    let mut keys = inside;
    let identity = Identity {
        serial: if lends_serial {
            row.bytes(Column::Serial)
        } else {
            proven.identity.serial
        },
        pkid: if has_pkid {
            row.bytes(Column::Pkid)
        } else {
            proven.identity.pkid
        },
        ..proven.identity
    };
    if lends_serial || identity.pkid != proven.identity.pkid {
        keys = keys_inside(&identity, maker);
    }
    hash_notes::add(proven, glance, &keys, lends_serial, notes);
    let kind = Kind::Hash {
        pkid: has_pkid,
        serial: matches!(standing, Standing::Agrees | Standing::RowOnly),
    };
    (Some(kind), keys)
}

/// A row without a hash: a PKID alone, or the tuple.
fn without_hash(
    row: &mut Row<'_>,
    options: &CheckOptions,
    maker: &mut KeyMaker,
    notes: &mut Notes<'_>,
) -> (Option<Kind>, Keys<ShortKey>) {
    const NOTHING: (Option<Kind>, Keys<ShortKey>) = (None, [None; 3]);
    if row.has(Column::Hash) {
        return NOTHING;
    }
    if options.channel.wants_hash() {
        let cause = "The row has no hardware hash.";
        notes.add(Finding::new(Code::HASH_MISSING, cause).field(Column::Hash));
        return NOTHING;
    }
    let there = |row: &Row<'_>| {
        let columns = [
            Column::Pkid,
            Column::Serial,
            Column::Manufacturer,
            Column::Model,
        ];
        columns.map(|column| row.has(column))
    };
    if there(row) == [false, true, false, false]
        && swapped::pkid_as_serial(row, notes)
        && !row.has(Column::Pkid)
    {
        return NOTHING;
    }
    if there(row) == [true, false, true, true]
        && swapped::serial_as_pkid(row, notes)
        && row.has(Column::Pkid)
    {
        return NOTHING;
    }
    match there(row) {
        [true, false, false, false] if pkid::read(row, None, notes) => {
            let key = maker.pkid(row.bytes(Column::Pkid)).map(short_key);
            (Some(Kind::Pkid), [None, key, None])
        }
        [true, false, false, false] => NOTHING,
        [false, true, true, true] => tuple(row, maker, notes),
        _ => {
            let has_pkid = row.has(Column::Pkid) && pkid::read(row, None, notes);
            if !combination::none(row, has_pkid, notes) {
                return NOTHING;
            }
            let key = maker.pkid(row.bytes(Column::Pkid)).map(short_key);
            (Some(Kind::Pkid), [None, key, None])
        }
    }
}

/// Manufacturer, model and serial number.
fn tuple(
    row: &mut Row<'_>,
    maker: &mut KeyMaker,
    notes: &mut Notes<'_>,
) -> (Option<Kind>, Keys<ShortKey>) {
    if !swapped::maker_elsewhere(row, notes) || !swapped::model_as_serial(row, notes) {
        return (None, [None; 3]);
    }
    let before = row.corrections.len();
    let mut key = tuple_key(row, maker);
    doubt::tuple(row, maker.had_odd_blanks(), notes);
    if row.corrections.len() > before {
        key = tuple_key(row, maker);
    }
    if key.is_none() {
        combination::placeholders(row, notes);
    }
    (Some(Kind::Tuple), [key, None, None])
}

fn tuple_key(row: &Row<'_>, maker: &mut KeyMaker) -> Option<ShortKey> {
    let parts = [Column::Manufacturer, Column::Model, Column::Serial];
    let text = maker.folded(1, parts.map(|column| row.bytes(column)));
    text.map(short_key)
}

/// Values that are too long.
fn lengths(row: &Row<'_>, notes: &mut Notes<'_>) {
    for column in [
        Column::Serial,
        Column::Manufacturer,
        Column::Model,
        Column::GroupTag,
        Column::AssignedUser,
    ] {
        let length = row.bytes(column).len();
        if length > MAX_CHARACTERS
            && !notes.has_condemned(column)
            && row.text(column).chars().count() > MAX_CHARACTERS
        {
            let cause = format!(
                "The {} is longer than {MAX_CHARACTERS} characters.",
                column.name()
            );
            let finding = Finding::new(Code::VALUE_FORM, cause).field(column);
            notes.add(finding.found(&row.text(column)));
        }
    }
}

/// Fingerprints of what a row says, to tell the same row from another row of the same device.
pub(crate) fn print(texts: &Texts<'_>, judged: &Judged<'_>) -> Print {
    let (mut all, mut print) = (0, Print::default());
    for column in Column::ALL {
        let corrected = judged.corrections.iter().rev().find(|(c, _)| *c == column);
        let value = match (&judged.hash, corrected) {
            (Some(proven), _) if column == Column::Hash => &proven.frame.sha256,
            (_, Some((_, value))) => value.as_bytes(),
            _ => texts.bytes(column),
        };
        if value.is_empty() {
            continue;
        }
        let own = xxh3_64_with_seed(value, column.index() as u64);
        all = (all ^ own).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let part = match column {
            Column::Hash => &mut print.hash,
            Column::GroupTag => &mut print.tag,
            Column::Serial => &mut print.serial,
            _ => continue,
        };
        *part = ((own >> 48) as u16).max(1);
    }
    if let (0, Some(proven)) = (print.serial, &judged.hash) {
        let own = xxh3_64_with_seed(proven.identity.serial, Column::Serial.index() as u64);
        print.serial = ((own >> 48) as u16).max(1);
    }
    print.all = [(all >> 48) as u16, (all >> 32) as u16];
    print
}
