//! The rows of all files of one check held against each other: the same device twice, one serial
//! number on two models.

use super::judge::Judged;
use super::options::CheckOptions;
use super::seen::{Earlier, Print, Seen, ShortKey};
use crate::code::Code;
use crate::dialect::Column;
use crate::finding::{Finding, display_safe};
use crate::identity_key::Keys;

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

    /// Asks for the memory where the keys of a row belong that will be noted soon: nothing changes
    /// but how fast that is.
    pub(crate) fn prefetch(&self, keys: &Keys<ShortKey>) {
        self.seen.prefetch(keys);
    }

    /// Notes a row of the present file. Returns the first earlier row of the same file that is the
    /// same device, and what there is to say about it.
    pub(crate) fn note(
        &mut self,
        (judged, print): (&Judged<'_>, Print),
        number: u32,
        options: &CheckOptions,
    ) -> (Option<u32>, Option<Finding>) {
        if judged.kind.is_none() {
            return (None, None);
        }
        let before = self.files.last().map_or(0, |file| file.before);
        let noted = self
            .seen
            .note(&judged.keys, before.saturating_add(number), print);
        let (of, finding) = match (noted.earlier, noted.namesake) {
            (Some(earlier), _) if earlier.row <= before => (None, self.elsewhere(earlier, print)),
            (Some(earlier), _) => {
                let of = earlier.row - before;
                (Some(of), duplicate(earlier, of, print))
            }
            (None, Some(namesake)) => (None, self.namesake(namesake, before)),
            (None, None) => return (None, None),
        };
        let accepted = finding.guess && options.accept.has(finding.code);
        let certain = finding.certain || accepted;
        (of, Some(Finding { certain, ..finding }))
    }

    /// The same device in an earlier file; where both say the same, either will do.
    fn elsewhere(&self, earlier: Earlier, print: Print) -> Finding {
        let row = self.row_elsewhere(earlier.row);
        if earlier.print.all == print.all {
            let cause = format!("{row} says the same.");
            return Finding::new(Code::IN_OTHER_FILE, cause).certain();
        }
        let cause = format!("{row} is the same device.");
        Finding::new(Code::IN_OTHER_FILE, cause).guess()
    }

    fn namesake(&self, namesake: u32, before: u32) -> Finding {
        let row = if namesake > before {
            format!("Row {}", namesake - before)
        } else {
            self.row_elsewhere(namesake)
        };
        let cause = format!("{row} has the same serial number with another manufacturer or model.");
        Finding::new(Code::SERIAL_TWO_MODELS, cause).field(Column::Serial)
    }

    fn row_elsewhere(&self, row: u32) -> String {
        let at = self.files.partition_point(|file| file.before < row);
        match at.checked_sub(1).and_then(|at| self.files.get(at)) {
            Some(file) => {
                let name = display_safe(&file.name);
                format!("Row {} of {name}", row - file.before)
            }
            None => format!("Row {row}"),
        }
    }
}

/// A row whose device row `of` is already.
fn duplicate(earlier: Earlier, of: u32, print: Print) -> Finding {
    let other = earlier.print;
    let differ = |one: u16, two: u16| one != 0 && two != 0 && one != two;
    if other.all == print.all {
        let cause = format!("Row {of} says the same.");
        return Finding::new(Code::DUPLICATE_ROW, cause).certain();
    }
    let by = match earlier.key {
        0 => "manufacturer, model and serial number",
        1 => "PKID",
        _ => "SMBIOS UUID and serial number",
    };
    if earlier.key == 1 && differ(other.serial, print.serial) {
        let cause = format!("Row {of} has the same PKID and another serial number.");
        return Finding::new(Code::PKID_TWICE, cause);
    }
    if differ(other.tag, print.tag) {
        let cause = format!("Row {of} is the same device, known by its {by}, with another tag.");
        let finding = Finding::new(Code::TAGS_CONFLICT, cause);
        return finding.field(Column::GroupTag).guess();
    }
    if differ(other.hash, print.hash) {
        let cause = format!("Row {of} has another hash of the same device, known by its {by}.");
        return Finding::new(Code::TWO_HASHES, cause).guess();
    }
    let cause = format!("Row {of} is the same device, known by its {by}.");
    let fix = format!("Decide which of the rows {of} and this one is right, and delete the other.");
    Finding::new(Code::DUPLICATE_DEVICE, cause).fix(fix).guess()
}
