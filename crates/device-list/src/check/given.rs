//! Devices that come in some other way than a list: an API's request, a form.

use super::across_rows::AcrossRows;
use super::event::RowRef;
use super::judge::{Scratch, judge, print};
use super::list::{CheckedList, CheckedRow};
use super::options::CheckOptions;
use super::row::{Notes, Texts};
use super::seen::Print;
use super::{lines, value};
use crate::cells::Cells;
use crate::dialect::{Column, Dialect};
use crate::encoding::Encoding;
use crate::finding::Finding;
use crate::header::Layout;

/// Checks one device that comes in some other way than a list, with the same rules: an API's
/// request, a form. Its line is 0 and its number 1.
pub fn check_cells(cells: &Cells, options: &CheckOptions) -> (CheckedRow, Vec<Finding>) {
    one(cells, options, 0, 1, &mut None)
}

/// [`check_cells`] for several devices that come together: they are held against each other as the
/// rows of a list are. Each has its number for its line.
pub fn check_rows(rows: &[Cells], options: &CheckOptions) -> CheckedList {
    let mut across = AcrossRows::default();
    across.file("", 0);
    let mut across = Some(across);
    let mut list = CheckedList {
        encoding: Encoding::Utf8,
        dialect: Some(Dialect::PartnerCenter),
        options: options.clone(),
        ..CheckedList::default()
    };
    for (number, cells) in (1..).zip(rows) {
        let (row, findings) = one(cells, options, u64::from(number), number, &mut across);
        list.rows.push(row);
        list.findings.extend(findings);
    }
    list
}

fn one(
    cells: &Cells,
    options: &CheckOptions,
    line: u64,
    number: u32,
    across: &mut Option<AcrossRows>,
) -> (CheckedRow, Vec<Finding>) {
    let layout = Layout::exact(Dialect::PartnerCenter);
    let mut notes = Notes::new(&layout, options.accept);
    let tidied = Column::ALL
        .into_iter()
        .fold(Cells::default(), |tidied, column| {
            let value = value::value_alone(cells.get(column), column, &mut notes);
            tidied.with(column, value)
        });
    let values = Texts::of(&tidied);
    let mut scratch = Scratch::default();
    let judged = judge(&values, options, &mut scratch, &mut notes, |_| {});
    let print = match judged.kind {
        Some(_) => print(&values, &judged),
        None => Print::default(),
    };
    let met = across
        .as_mut()
        .map(|across| across.note((&judged, print), number, options));
    let (duplicate_of, repeated) = met.unwrap_or_default();
    notes.findings.extend(repeated);
    let corrected = lines::corrected(&Texts::of(cells), &values, true, &judged);
    let raw = Texts::of(cells);
    let row = RowRef {
        number,
        line,
        byte: 0,
        layout: None,
        sent: b"",
        wrapped: false,
        delimiter: b',',
        raw: &raw,
        corrected: corrected.as_ref(),
        judged: &judged,
        duplicate_of,
        repaired: notes.findings.iter().any(|finding| finding.certain),
    };
    let row = row.to_checked();
    for finding in &mut notes.findings {
        finding.row = Some(number);
        finding.line = line;
    }
    (row, notes.findings)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Identification;
    use crate::code::Code;
    use crate::sample::SampleDevices;

    fn tuple(model: &str, serial: &str) -> Cells {
        Cells::default()
            .with(Column::Manufacturer, "Contoso")
            .with(Column::Model, model)
            .with(Column::Serial, serial)
    }

    #[test]
    fn devices_that_come_together_are_held_against_each_other() {
        let device = SampleDevices::new(5).next().expect("a device");
        let by_hash = Cells::default().with(Column::Hash, device.hash_text());
        let rows = [
            tuple("Book 13", " 0042"),
            by_hash.clone(),
            tuple("Book 13", "0042"),
            Cells::default().with(Column::Serial, "0043"),
            by_hash,
        ];
        let list = check_rows(&rows, &CheckOptions::default());
        let of: Vec<_> = list.rows.iter().map(|row| row.duplicate_of).collect();
        assert_eq!(of, [None, None, Some(1), None, Some(2)]);
        assert!(matches!(
            list.rows[0].identification,
            Some(Identification::Tuple { .. })
        ));
        assert_eq!(list.rows[0].value(Column::Serial), "0042");
        assert_eq!(list.rows[3].identification, None);
        let said = list.findings_of(4).next().expect("a finding");
        assert_eq!((said.code, said.line), (Code::NO_COMBINATION, 4));
        assert!(
            list.findings_of(3)
                .any(|f| f.code == Code::DUPLICATE_DEVICE || f.code == Code::DUPLICATE_ROW)
        );
        assert_eq!(list.findings_of(2).filter(|f| f.certain).count(), 0);
    }
}
