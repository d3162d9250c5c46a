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
            .flat_map(rare)
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
fn rare(lengths: Vec<OfLength>) -> Vec<Finding> {
    let total: u64 = lengths.iter().map(|of| of.rows).sum();
    let Some(usual) = lengths.iter().max_by_key(|of| of.rows) else {
        return Vec::new();
    };
    let rare = total - usual.rows;
    if total < FEWEST || rare * RARE > total {
        return Vec::new();
    }
    let (length, rows, zeros) = (usual.length, usual.rows, usual.zeros);
    let all_digits = usual.digits == rows;
    let others = lengths.into_iter().filter(|of| of.length != length);
    others
        .flat_map(|of| {
            let shorter = of.length < length && of.digits == of.rows && all_digits;
            of.first.into_iter().map(move |named| {
                let has = of.length;
                let cause = format!(
                    "It has {has} characters; {rows} others of the same model have {length}."
                );
                let finding = Finding::new(Code::SERIAL_LENGTH, cause)
                    .field(Column::Serial)
                    .found(&named.serial);
                // Digits alone, shorter, and the others do begin with zeros: what a spreadsheet
                // leaves.
                let severity = if shorter && zeros > 0 {
                    Severity::Warning
                } else {
                    Severity::Note
                };
                Finding {
                    line: named.line,
                    row: Some(named.row),
                    ..finding.severity(severity)
                }
            })
        })
        .collect()
}
