//! The columns that a rest file has in front of the sender's own: what is wrong with each row.
//!
//! They are known when the file comes back mended, and only a file that has one of them is ours: in
//! it, the apostrophe that [`crate::rest`] puts in front of a value is taken away again.

use super::{Layout, Slot};
use crate::fields::Field;
use crate::finding::is_blank;

/// Their headers, in order: the codes of what is wrong, what to do, the line in the list as sent.
pub(crate) const REMARKS: [&str; 3] = ["enlist code", "enlist advice", "enlist line"];

/// What a guarded value begins with.
pub(crate) const GUARD: char = '\'';

/// Whether a header is one of [`REMARKS`]: in any capitals, as spreadsheets change nothing else.
pub(super) fn is_remark(header: &str) -> bool {
    let header = header.trim_matches(is_blank);
    REMARKS
        .iter()
        .any(|remark| remark.eq_ignore_ascii_case(header))
}

impl Layout {
    /// Whether the file is a rest file.
    pub(crate) fn has_remarks(&self) -> bool {
        self.slots.contains(&Slot::Remark)
    }

    /// Whether the field at a place, from 0, is the sender's own.
    pub(crate) fn is_own(&self, at: usize) -> bool {
        self.slots.get(at) != Some(&Slot::Remark)
    }

    /// The sender's own fields of a line, without guards.
    pub(crate) fn own_fields(&self, mut fields: Vec<Field>) -> Vec<Field> {
        self.unguard(&mut fields);
        let mut at = 0..;
        fields.retain(|_| at.next().is_some_and(|at| self.is_own(at)));
        fields
    }

    /// Takes the guards off the sender's own fields.
    pub(crate) fn unguard(&self, fields: &mut [Field]) {
        if !self.has_remarks() {
            return;
        }
        for (at, field) in fields.iter_mut().enumerate() {
            if self.is_own(at) && field.text.starts_with(GUARD) {
                field.text.remove(0);
            }
        }
    }
}
