//! Fillers in columns that may be empty: `N/A` in the place of a hash says that there is none.

use super::row::{Notes, Row};
use crate::code::Code;
use crate::dialect::Column;
use crate::finding::Finding;
use crate::identifier::{Pkid, is_placeholder};

/// No filler is longer, in bytes.
const LONGEST: usize = 40;

/// Empties the fields of hash, PKID and user in which a filler stands: certainly, as nothing else can
/// be meant.
pub(crate) fn clear(row: &mut Row<'_>, notes: &mut Notes<'_>) {
    for column in [Column::Hash, Column::Pkid, Column::AssignedUser] {
        let own = row.bytes(column);
        if own.is_empty() || own.len() > LONGEST || Pkid::from_bytes(own).is_ok() {
            continue;
        }
        let own = row.text(column);
        if notes.has_condemned(column) || !is_filler(&own) {
            continue;
        }
        let name = column.name();
        let cause = format!("This says that there is no {name}; the field is empty then.");
        let finding = Finding::new(Code::PLACEHOLDER, cause).field(column);
        let fix = "Leave the field empty, or use the repaired list.";
        notes.add(finding.found(&own).fix(fix).corrected(""));
        row.correct(column, "");
    }
}

/// Whether a text is a filler, and no number of which digits may be missing.
fn is_filler(text: &str) -> bool {
    is_placeholder(text) && !text.contains(|c: char| matches!(c, '1'..='9'))
}
