//! The rows of all files of one check: the same device twice.

use super::options::CheckOptions;
use super::seen::{Earlier, Seen};
use super::sink::JudgedRow;
use crate::code::Code;
use crate::finding::Finding;

/// What is known of all rows so far.
#[derive(Default)]
pub(crate) struct AcrossRows {
    seen: Seen,
    files: Vec<File>,
}

/// A file of the check.
struct File {
    name: Box<str>,
    /// How many rows there were in the files before it.
    before: u32,
}

impl AcrossRows {
    /// A file begins; `rows` is how many the one before it had.
    pub(crate) fn file(&mut self, name: &str, rows: u64) {
        let before = self.files.last().map_or(0, |file| file.before);
        self.files.push(File {
            name: name.into(),
            before: before.saturating_add(u32::try_from(rows).unwrap_or(u32::MAX)),
        });
    }

    /// Notes a row of the present file. Returns the first earlier row of the same file that is the
    /// same device, and what there is to say about it.
    pub(crate) fn note(
        &mut self,
        row: &JudgedRow<'_>,
        number: u32,
        options: &CheckOptions,
    ) -> (Option<u32>, Option<Finding>) {
        if row.judged.kind.is_none() {
            return (None, None);
        }
        let before = self.files.last().map_or(0, |file| file.before);
        let noted = self
            .seen
            .note(&row.judged.keys, before.saturating_add(number), row.print);
        let Some(earlier) = noted else {
            return (None, None);
        };
        if earlier.row <= before {
            let mut finding = self.elsewhere(earlier);
            finding.certain = earlier.same || options.accept.has(finding.code);
            return (None, Some(finding));
        }
        let earlier = Earlier {
            row: earlier.row - before,
            ..earlier
        };
        let mut finding = duplicate(earlier);
        finding.certain |= finding.guess && options.accept.has(finding.code);
        (Some(earlier.row), Some(finding))
    }

    /// The same device in an earlier file.
    fn elsewhere(&self, earlier: Earlier) -> Finding {
        let at = self.files.partition_point(|file| file.before < earlier.row);
        let (name, row) = at.checked_sub(1).map_or(("", earlier.row), |at| {
            (&*self.files[at].name, earlier.row - self.files[at].before)
        });
        let name = crate::finding::display_safe(name);
        let cause = format!("Row {row} of {name} is the same device.");
        Finding::new(Code::IN_OTHER_FILE, cause).guess()
    }
}

fn duplicate(earlier: Earlier) -> Finding {
    let row = earlier.row;
    if earlier.same {
        let cause = format!("Row {row} says the same.");
        return Finding::new(Code::DUPLICATE_ROW, cause).certain();
    }
    let by = match earlier.key {
        0 => "manufacturer, model and serial number",
        1 => "PKID",
        _ => "SMBIOS UUID and serial number",
    };
    let cause = format!("Row {row} is the same device, known by its {by}.");
    let fix =
        format!("Decide which of the rows {row} and this one is right, and delete the other.");
    Finding::new(Code::DUPLICATE_DEVICE, cause).fix(fix).guess()
}
