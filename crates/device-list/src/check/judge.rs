//! Judging a row: which of the six combinations it is, and what makes it that device and no other.

use std::borrow::Cow;

use xxhash_rust::xxh3::xxh3_64_with_seed;

use super::across::{self, Standing, is_scientific};
use super::hash::{self, Proven};
use super::options::CheckOptions;
use super::pkid;
use super::row::{Notes, Texts};
use super::seen::{Print, ShortKey, short_key};
use crate::code::Code;
use crate::dialect::Column;
use crate::finding::Finding;
use crate::hardware_hash::container::{text, text_bytes};
use crate::identifier::{MAX_CHARACTERS, is_placeholder};
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

/// Judges a row whose form is in order.
pub(crate) fn judge<'s>(
    texts: &Texts<'_>,
    options: &CheckOptions,
    scratch: &'s mut Scratch,
    notes: &mut Notes<'_>,
) -> Judged<'s> {
    let Scratch { bytes, maker } = scratch;
    let mut corrections = Vec::new();
    let mut whole_text = None;
    let hash = match texts.bytes(Column::Hash) {
        [] => None,
        sent => hash::read(sent, bytes, notes, &mut whole_text),
    };
    corrections.extend(whole_text.map(|value| (Column::Hash, value)));
    lengths(texts, notes);
    let (kind, keys) = match &hash {
        Some(proven) => with_hash(texts, proven, maker, notes, &mut corrections),
        None => without_hash(texts, options, maker, notes, &mut corrections),
    };
    if kind.is_some() && keys.iter().all(Option::is_none) && !notes.spoilt() {
        nothing_real(texts, kind, notes);
    }
    let kind = kind.filter(|_| notes.findings.is_empty() || !notes.spoilt());
    Judged {
        kind,
        hash,
        keys,
        corrections,
    }
}

/// A row with a proven hash: the hash decides, the other values must not contradict it.
fn with_hash(
    texts: &Texts<'_>,
    proven: &Proven<'_>,
    maker: &mut KeyMaker,
    notes: &mut Notes<'_>,
    corrections: &mut Vec<(Column, String)>,
) -> (Option<Kind>, Keys<ShortKey>) {
    let (standing, right) = across::serial(texts, proven, notes);
    corrections.extend(right.map(|value| (Column::Serial, value)));
    if across::maker_and_model(texts, proven, notes) {
        let emptied = [Column::Manufacturer, Column::Model].map(|column| (column, String::new()));
        corrections.extend(emptied);
    }
    let proven_pkid = across::pkid(texts, proven, notes);
    let own_pkid = match &proven_pkid {
        Some(right) => Some(Cow::Borrowed(right.as_str())),
        None => pkid::read(texts, notes, corrections),
    };
    let inside = &proven.identity;
    let serial = if standing == Standing::RowOnly {
        texts.bytes(Column::Serial)
    } else {
        inside.serial
    };
    let [manufacturer, model, serial, inside_pkid] =
        [inside.manufacturer, inside.model, serial, inside.pkid].map(text_bytes);
    if inside.serial != texts.bytes(Column::Serial) && is_placeholder(&text(inside.serial)) {
        let cause = "The serial number inside the hash is a placeholder.";
        notes.add(Finding::new(Code::HASH_PLACEHOLDER, cause).field(Column::Hash));
    }
    let parts = KeyParts {
        manufacturer: &manufacturer,
        model: &model,
        serial: &serial,
        pkid: own_pkid.as_deref().map_or(&inside_pkid, str::as_bytes),
        uuid: inside.uuid,
    };
    let keys = maker.keys(&parts, short_key);
    let has_serial = matches!(standing, Standing::Agrees | Standing::RowOnly);
    let kind = Kind::Hash {
        pkid: own_pkid.is_some(),
        serial: has_serial,
    };
    corrections.extend(proven_pkid.map(|value| (Column::Pkid, value)));
    (Some(kind), keys)
}

/// A row without a hash: a PKID alone, or the tuple.
fn without_hash(
    texts: &Texts<'_>,
    options: &CheckOptions,
    maker: &mut KeyMaker,
    notes: &mut Notes<'_>,
    corrections: &mut Vec<(Column, String)>,
) -> (Option<Kind>, Keys<ShortKey>) {
    const NOTHING: (Option<Kind>, Keys<ShortKey>) = (None, [None; 3]);
    if texts.has(Column::Hash) {
        return NOTHING;
    }
    if options.channel.wants_hash() {
        let cause = "The row has no hardware hash.";
        notes.add(Finding::new(Code::HASH_MISSING, cause).field(Column::Hash));
        return NOTHING;
    }
    let [has_pkid, serial, manufacturer, model] = [
        Column::Pkid,
        Column::Serial,
        Column::Manufacturer,
        Column::Model,
    ]
    .map(|c| texts.has(c));
    let own_pkid = pkid::read(texts, notes, corrections);
    match (has_pkid, serial, manufacturer, model) {
        (true, false, false, false) => match own_pkid {
            Some(pkid) => {
                let key = maker.pkid(pkid.as_bytes()).map(short_key);
                (Some(Kind::Pkid), [None, key, None])
            }
            None => NOTHING,
        },
        (false, true, true, true) => {
            let parts = [Column::Manufacturer, Column::Model, Column::Serial];
            let key = maker
                .folded(1, parts.map(|column| texts.bytes(column)))
                .map(short_key);
            if key.is_none() || texts.bytes(Column::Serial).contains(&b'+') {
                doubtful_tuple(texts, notes);
            }
            (Some(Kind::Tuple), [key, None, None])
        }
        _ => {
            no_combination(texts, notes);
            NOTHING
        }
    }
}

/// Names the parts of a tuple that are no real values.
fn doubtful_tuple(texts: &Texts<'_>, notes: &mut Notes<'_>) {
    for column in [Column::Manufacturer, Column::Model, Column::Serial] {
        let value = texts.text(column);
        if is_placeholder(&value) {
            let cause = format!("\"{}\" is a placeholder, not a {}.", value, column.name());
            notes.add(
                Finding::new(Code::PLACEHOLDER, cause)
                    .field(column)
                    .found(&value),
            );
        }
    }
    let serial = texts.text(Column::Serial);
    if is_scientific(&serial) {
        let cause = "A spreadsheet turned the serial number into a number and dropped digits.";
        let finding = Finding::new(Code::SERIAL_AS_NUMBER, cause).field(Column::Serial);
        notes.add(finding.found(&serial));
    }
}

fn no_combination(texts: &Texts<'_>, notes: &mut Notes<'_>) {
    let there: Vec<&str> = [
        Column::Serial,
        Column::Pkid,
        Column::Manufacturer,
        Column::Model,
    ]
    .into_iter()
    .filter(|column| texts.has(*column))
    .map(Column::name)
    .collect();
    let (cause, fix) = if there.is_empty() {
        (
            "The row holds no identifier.".into(),
            Code::NO_COMBINATION.fix_hint(),
        )
    } else if texts.has(Column::Pkid) {
        let cause = format!(
            "The row has {}; a PKID stands alone or with a hash.",
            list(&there)
        );
        (
            cause,
            "Leave only the PKID, or only manufacturer, model and serial number.",
        )
    } else {
        let missing: Vec<&str> = [Column::Manufacturer, Column::Model, Column::Serial]
            .into_iter()
            .filter(|column| !texts.has(*column))
            .map(Column::name)
            .collect();
        let cause = format!(
            "The row has only {}; without a hash or PKID, {} must be there too.",
            list(&there),
            list(&missing)
        );
        (
            cause,
            "Add what is missing, or use the hardware hash or the PKID instead.",
        )
    };
    notes.add(Finding::new(Code::NO_COMBINATION, cause).fix(fix));
}

/// `a`, `a and b`, `a, b and c`.
fn list(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [one] => (*one).into(),
        [front @ .., last] => format!("{} and {last}", front.join(", ")),
    }
}

/// An accepted combination whose values are all placeholders.
fn nothing_real(texts: &Texts<'_>, kind: Option<Kind>, notes: &mut Notes<'_>) {
    let (column, cause) = match kind {
        Some(Kind::Pkid) => (
            Column::Pkid,
            "All digits of the PKID are alike: it is a filler.",
        ),
        _ => (
            Column::Hash,
            "The hash carries only placeholders, so it can't tell this device from others.",
        ),
    };
    let finding = Finding::new(Code::PLACEHOLDER, cause).field(column);
    let shown = column == Column::Pkid;
    notes.add(if shown {
        finding.found(&texts.text(column))
    } else {
        finding
    });
}

/// Values that are too long, and user names that are none.
fn lengths(texts: &Texts<'_>, notes: &mut Notes<'_>) {
    for column in [
        Column::Serial,
        Column::Manufacturer,
        Column::Model,
        Column::GroupTag,
    ] {
        let length = texts.bytes(column).len();
        if length > MAX_CHARACTERS && texts.text(column).chars().count() > MAX_CHARACTERS {
            let cause = format!(
                "The {} is longer than {MAX_CHARACTERS} characters.",
                column.name()
            );
            let finding = Finding::new(Code::VALUE_FORM, cause).field(column);
            notes.add(finding.found(&texts.text(column)));
        }
    }
    let user = texts.bytes(Column::AssignedUser);
    let is_name = |user: &str| {
        user.split_once('@')
            .is_some_and(|(name, domain)| !name.is_empty() && domain.contains('.'))
    };
    if !user.is_empty() && !is_name(&text(user)) {
        let cause = "A user name looks like name@domain.";
        let finding = Finding::new(Code::ASSIGNED_USER_FORM, cause).field(Column::AssignedUser);
        notes.add(finding.found(&text(user)));
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
