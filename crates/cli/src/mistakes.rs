//! Sample lists with mistakes: the five kinds that people make most, each repaired with certainty.
//!
//! A header in capitals, quotes around a value, a row of commas, a serial number that lost its
//! leading zeros (blanks around a value where no hash could prove the zeros), and a row twice.

use std::io::{self, Write};

use device_list::{Cells, Column, Dialect, SampleDevice, SampleKind};

/// The fewest devices among which all five find room.
pub(crate) const FEWEST: u64 = 5;

/// Index of the row whose first value gets quotes.
const QUOTED: u64 = 1;
/// Index of the row behind which the row of commas stands.
const BEFORE_COMMAS: u64 = 2;

/// Writes a list of `count` sample devices, at least [`FEWEST`], with the five kinds of mistakes.
///
/// # Errors
/// What writing fails with, and [`io::ErrorKind::InvalidInput`] when the dialect lacks a column that
/// the kind needs.
pub(crate) fn write_list(
    dialect: Dialect,
    kind: SampleKind,
    seed: u64,
    count: u64,
    mut w: impl Write,
) -> io::Result<()> {
    let cells = |index| {
        SampleDevice::new(seed, index)
            .cells(dialect, kind)
            .ok_or(io::ErrorKind::InvalidInput)
    };
    let spoilt = spoilt_row(kind, seed, count);
    write!(w, "{}\r\n", header_in_capitals(dialect))?;
    for index in 0..count {
        let mut cells = cells(index)?;
        if index == spoilt {
            spoil(&mut cells, kind);
        }
        let quoted = index == QUOTED;
        write!(w, "{}\r\n", line(dialect, &cells, quoted))?;
        if index == BEFORE_COMMAS {
            write!(w, "{}\r\n", ",".repeat(dialect.columns().len() - 1))?;
        }
    }
    write!(w, "{}\r\n", line(dialect, &cells(0)?, false))?;
    w.flush()
}

/// The last column's header in capitals.
fn header_in_capitals(dialect: Dialect) -> String {
    let header = dialect.header();
    let (front, last) = header.rsplit_once(',').unwrap_or(("", header));
    format!("{front},{}", last.to_uppercase())
}

/// The row that loses its zeros: the first after the others that has some and a hash to prove them.
fn spoilt_row(kind: SampleKind, seed: u64, count: u64) -> u64 {
    (BEFORE_COMMAS + 1..count)
        .find(|index| {
            kind == SampleKind::Hash
                && SampleDevice::new(seed, *index)
                    .serial
                    .as_str()
                    .starts_with('0')
        })
        .unwrap_or(BEFORE_COMMAS + 1)
}

fn spoil(cells: &mut Cells, kind: SampleKind) {
    let serial = cells.get(Column::Serial).to_owned();
    if kind == SampleKind::Hash && serial.starts_with('0') {
        let short = serial.trim_start_matches('0').to_owned();
        cells.set(Column::Serial, short);
        return;
    }
    let first = cells
        .iter()
        .next()
        .map(|(column, text)| (column, format!(" {text}  ")));
    if let Some((column, blanks)) = first {
        cells.set(column, blanks);
    }
}

fn line(dialect: Dialect, cells: &Cells, quoted: bool) -> String {
    let mut values: Vec<String> = Vec::with_capacity(dialect.columns().len());
    for column in dialect.columns() {
        values.push(cells.get(*column).to_owned());
    }
    if let Some(value) = values.iter_mut().find(|value| quoted && !value.is_empty()) {
        *value = format!("\"{value}\"");
    }
    values.join(",")
}

#[cfg(test)]
mod tests {
    use super::*;
    use device_list::{CheckOptions, Code, check, repair};

    fn codes(kind: SampleKind) -> (Vec<Code>, Vec<u8>) {
        let mut bytes = Vec::new();
        write_list(Dialect::PartnerCenter, kind, 7, 30, &mut bytes).unwrap();
        let list = check(&bytes, &CheckOptions::default());
        let mut codes: Vec<_> = list.findings.iter().map(|finding| finding.code).collect();
        codes.sort_unstable();
        codes.dedup();
        (codes, repair(&list).bytes)
    }

    #[test]
    fn all_five_are_found_and_repaired() {
        let (found, mended) = codes(SampleKind::Hash);
        let lost = Code::SERIAL_LOST_ZEROS;
        let common = [Code::HEADER_CASE, Code::ROW_OF_COMMAS, Code::QUOTES];
        assert_eq!(found, [&common[..], &[lost, Code::DUPLICATE_ROW]].concat());
        let again = check(&mended, &CheckOptions::default());
        assert!(
            again.is_conforming() && again.rows.len() == 30,
            "{:?}",
            again.findings
        );
        let (found, _) = codes(SampleKind::Tuple);
        assert_eq!(
            found,
            [&common[..], &[Code::BLANKS, Code::DUPLICATE_ROW]].concat()
        );
    }
}
