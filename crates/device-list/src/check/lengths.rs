//! Serial numbers whose length is not that of the others of their model: zeros that may be lost.

use std::collections::BTreeMap;

use xxhash_rust::xxh3::xxh3_64_with_seed;

use super::judge::Kind;
use super::sink::JudgedRow;
use crate::code::Code;
use crate::dialect::Column;
use crate::finding::{Finding, Severity};

/// Models that are looked at; a list has few.
const MODELS: usize = 4096;
/// Lengths of one model that are looked at.
const LENGTHS: usize = 12;
/// Rows of one length that are kept to be named.
const KEPT: usize = 10;
/// From this many rows of a model on, a length can stand out.
const FEWEST: u64 = 8;
/// One in so many may have another length and still stand out.
const RARE: u64 = 10;
/// From this many digits on, numbers of one length are no accident, and shorter ones may lack zeros.
const MANY_DIGITS: usize = 10;
/// As many zeros may be missing where no number shows that there are any.
const FEW_ZEROS: usize = 3;
/// From this many of them on.
const FEWEST_DIGITS: u64 = 4;

/// The lengths of the serial numbers of one file, by model.
#[derive(Default)]
pub(crate) struct Lengths {
    models: BTreeMap<u64, Vec<OfLength>>,
}

/// Serial numbers of one model and one length.
struct OfLength {
    length: usize,
    rows: u64,
    /// How many have digits only.
    digits: u64,
    /// How many begin with a zero.
    zeros: u64,
    first: Vec<Named>,
}

/// A row that may have to be named.
struct Named {
    line: u64,
    row: u32,
    serial: Box<str>,
}

impl Lengths {
    /// Notes a row that names its device by a tuple. Where there is a hash, that proves the serial
    /// number.
    pub(crate) fn note(&mut self, row: &JudgedRow<'_>, line: u64, number: u32) {
        if row.judged.kind != Some(Kind::Tuple) {
            return;
        }
        let corrected = row.corrected.as_ref();
        let text = |column| match corrected {
            Some(cells) => cells.get(column).as_bytes(),
            None => row.raw.bytes(column),
        };
        let maker = xxh3_64_with_seed(text(Column::Manufacturer), 0);
        let model = xxh3_64_with_seed(text(Column::Model), maker);
        let full = self.models.len() >= MODELS;
        let lengths = match self.models.get_mut(&model) {
            Some(lengths) => lengths,
            None if full => return,
            None => self.models.entry(model).or_default(),
        };
        let serial = text(Column::Serial);
        let at = lengths.iter().position(|of| of.length == serial.len());
        let at = match at {
            Some(at) => at,
            None if lengths.len() >= LENGTHS => return,
            None => {
                lengths.push(OfLength::new(serial.len()));
                lengths.len() - 1
            }
        };
        let of = &mut lengths[at];
        of.rows += 1;
        of.digits += u64::from(serial.iter().all(u8::is_ascii_digit));
        of.zeros += u64::from(serial.first() == Some(&b'0'));
        if of.first.len() < KEPT {
            of.first.push(Named {
                line,
                row: number,
                serial: String::from_utf8_lossy(serial).into(),
            });
        }
    }

    /// What stands out, in the order of the rows.
    pub(crate) fn findings(&mut self) -> Vec<Finding> {
        let mut findings: Vec<Finding> = std::mem::take(&mut self.models)
            .into_values()
            .flat_map(|lengths| rare(&lengths))
            .collect();
        findings.sort_by_key(|finding| finding.line);
        findings
    }
}

impl OfLength {
    fn new(length: usize) -> Self {
        Self {
            length,
            rows: 0,
            digits: 0,
            zeros: 0,
            first: Vec::new(),
        }
    }
}

/// The rare lengths of a model that has a usual one.
fn rare(lengths: &[OfLength]) -> Vec<Finding> {
    let total: u64 = lengths.iter().map(|of| of.rows).sum();
    let Some(usual) = lengths.iter().max_by_key(|of| (of.rows, of.length)) else {
        return Vec::new();
    };
    let usual = Usual {
        length: usual.length,
        rows: usual.rows,
        digits: usual.digits == usual.rows,
        zeros: usual.zeros > 0,
    };
    let others = lengths.iter().filter(|of| of.length != usual.length);
    others.flat_map(|of| of.findings(&usual, total)).collect()
}

/// The length that most serial numbers of a model have.
struct Usual {
    length: usize,
    rows: u64,
    /// All of them are digits only.
    digits: bool,
    /// Some begin with a zero.
    zeros: bool,
}

impl OfLength {
    /// What there is to say of these among `total` serial numbers.
    fn findings(&self, usual: &Usual, total: u64) -> Vec<Finding> {
        let (has, rows, length) = (self.length, usual.rows, usual.length);
        // What a spreadsheet leaves: digits alone, and fewer of them.
        let digits = usual.digits && self.digits == self.rows;
        let few = usual.zeros || has + FEW_ZEROS >= length;
        let may_lack_zeros =
            digits && has < length && self.zeros == 0 && length >= MANY_DIGITS && few;
        let stands_out = if may_lack_zeros {
            rows >= FEWEST_DIGITS && self.rows <= rows
        } else {
            total >= FEWEST && (total - rows) * RARE <= total
        };
        if !stands_out {
            return Vec::new();
        }
        let severity = if may_lack_zeros || digits && has < length && usual.zeros {
            Severity::Warning
        } else {
            Severity::Note
        };
        let others = match self.rows {
            1 => String::new(),
            all => format!(", like {} more", all - 1),
        };
        let cause = format!(
            "It has {has} characters{others}; {rows} others of the same model have {length}."
        );
        let finding = |named: &Named| {
            let finding = Finding::new(Code::SERIAL_LENGTH, cause.as_str())
                .field(Column::Serial)
                .found(&named.serial)
                .severity(severity);
            Finding {
                line: named.line,
                row: Some(named.row),
                ..finding
            }
        };
        self.first.iter().map(finding).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::{CheckOptions, check};

    /// The severities of what is said of serial numbers of one model.
    fn said(serials: impl Iterator<Item = String>) -> Vec<Severity> {
        let rows = serials.map(|serial| format!("Contoso,Book 13,{serial}"));
        let header = "Manufacturer,Model,Serial Number".to_owned();
        let text = std::iter::once(header).chain(rows).collect::<Vec<_>>();
        let text = text.join("\n");
        let list = check(text.as_bytes(), &CheckOptions::default());
        assert!(list.findings.iter().all(|f| f.code == Code::SERIAL_LENGTH));
        list.findings
            .iter()
            .map(|finding| finding.severity)
            .collect()
    }

    #[test]
    fn zeros_are_missed_where_most_digits_are_one_more() {
        let whole = |from: u64, to: u64| (from..to).map(|n| format!("0165207{n:05}"));
        let short = |n: u64| format!("165207{n:05}");
        let list = |whole_ones, short_ones: u64| {
            said(whole(0, whole_ones).chain((0..short_ones).map(move |n| short(90_000 + n))))
        };
        assert_eq!(list(16, 4), [Severity::Warning; 4]);
        assert_eq!(list(4, 1), [Severity::Warning]);
        assert_eq!(list(4, 4), [Severity::Warning; 4]);
        // Two kinds of numbers, and too few to tell.
        assert_eq!(list(4, 9), []);
        assert_eq!(list(3, 1), []);
        let far = (0..4)
            .map(|n| format!("83920174650{n}"))
            .chain(["4711000".to_owned()]);
        assert_eq!(said(far), []);
        // A spreadsheet takes the zeros of all that have any.
        let stripped = (0..20).map(|n| format!("{}", 900_000_000_017_u64 - n * 45_000_000_000));
        assert_eq!(said(stripped), [Severity::Warning; 2]);
    }

    #[test]
    fn letters_must_be_far_more_alike() {
        let serials = |n: u64| (0..n).map(|n| format!("PF{n:06}"));
        let odd = std::iter::once("PF123".to_owned());
        assert_eq!(said(serials(9).chain(odd.clone())), [Severity::Note]);
        assert_eq!(said(serials(5).chain(odd)), []);
    }
}
