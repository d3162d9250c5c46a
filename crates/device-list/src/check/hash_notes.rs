//! What a proven hash says that is worth knowing: about its identifiers and about the hardware.
//! All of it notes; a list with them conforms.

use super::hash::Proven;
use super::row::Notes;
use crate::code::Code;
use crate::dialect::Column;
use crate::finding::Finding;
use crate::hardware_hash::HardwareFacts;
use crate::hardware_hash::container::{text, text_bytes};
use crate::hardware_hash::facts::hardware_facts;
use crate::hardware_hash::notable::{Glance, Notable, gap_text, gaps};
use crate::identifier::{Pkid, is_placeholder};
use crate::identity_key::{Keys, is_placeholder_uuid};

/// Notes what there is to say. `keys` are those that the row makes: one that is there needs no
/// closer look, unless the row's own serial number stands in for the hash's (`lends_serial`).
pub(crate) fn add<K>(
    proven: &Proven<'_>,
    glance: &Glance<'_>,
    keys: &Keys<K>,
    lends_serial: bool,
    notes: &mut Notes<'_>,
) {
    let [tuple, pkid, uuid] = keys;
    if tuple.is_none() || uuid.is_none() || lends_serial {
        shared(proven, notes);
    }
    if pkid.is_none() {
        no_pkid(proven, notes);
    }
    if glance.is_notable() {
        hardware(&hardware_facts(proven.frame.content), notes);
    }
}

fn note(code: Code, cause: impl Into<String>, notes: &mut Notes<'_>) {
    notes.add(Finding::new(code, cause).field(Column::Hash));
}

/// A serial number or a UUID that many machines carry.
fn shared(proven: &Proven<'_>, notes: &mut Notes<'_>) {
    let identity = &proven.identity;
    let inside = [
        ("serial number", identity.serial),
        ("manufacturer", identity.manufacturer),
        ("model", identity.model),
    ];
    let fillers = inside
        .into_iter()
        .filter(|(_, value)| !value.is_empty() && is_placeholder(&text(value)));
    let fillers: Vec<&str> = fillers.map(|(name, _)| name).collect();
    let cause = match fillers[..] {
        [] => String::new(),
        [one] => format!("The {one} inside the hash is a placeholder."),
        [ref front @ .., last] => format!(
            "The {} and the {last} inside the hash are placeholders.",
            front.join(", ")
        ),
    };
    if !cause.is_empty() {
        note(Code::HASH_PLACEHOLDER, cause, notes);
    }
    if proven.identity.uuid.is_some_and(is_placeholder_uuid) {
        let cause = "The SMBIOS UUID inside the hash is one that many machines carry.";
        note(Code::HASH_UUID_SHARED, cause, notes);
    }
}

/// Something else in the place of the PKID.
fn no_pkid(proven: &Proven<'_>, notes: &mut Notes<'_>) {
    let inside = text_bytes(proven.identity.pkid);
    let cause = match Pkid::from_bytes(&inside) {
        _ if inside.is_empty() => return,
        Ok(pkid) if pkid.is_placeholder() => "The PKID inside the hash is a filler.",
        Ok(_) => return,
        Err(_) => "What stands for the PKID inside the hash is not 13 digits.",
    };
    note(Code::HASH_PKID_FORM, cause, notes);
}

/// Virtual machines, hardware below the requirements, old hashes, those made outside of Windows.
fn hardware(facts: &HardwareFacts, notes: &mut Notes<'_>) {
    let notable = Notable::of(facts);
    if let Some(machine) = notable.virtual_machine {
        let cause = format!(
            "The hash is that of a virtual machine ({}).",
            machine.name()
        );
        note(Code::HASH_VIRTUAL, cause, notes);
    }
    if notable.below {
        let texts: Vec<String> = gaps(facts).map(|gap| gap_text(gap, facts)).collect();
        let cause = format!("The hash shows {}.", texts.join(", "));
        note(Code::HASH_UNSUPPORTED, cause, notes);
    }
    if notable.old {
        note(Code::HASH_OLD, old(facts), notes);
    }
    if notable.not_full_windows {
        let cause = "It was collected in a setup or recovery environment (Windows PE).";
        note(Code::HASH_NOT_FULL_WINDOWS, cause, notes);
    }
}

fn old(facts: &HardwareFacts) -> String {
    let under = match (facts.windows, facts.os) {
        (Some(name), _) => format!(" under {name}"),
        (None, Some(os)) => format!(" under Windows of the build {}", os.build),
        (None, None) => String::new(),
    };
    match facts.collected() {
        Some(at) => format!("It was collected on {}{under}.", at.day()),
        None => format!("It was collected{under}."),
    }
}
