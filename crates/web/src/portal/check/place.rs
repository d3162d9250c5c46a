//! One place of a finding: the row around it, the cell that is wrong, what the repair makes of it, and
//! what can be typed instead.

use std::fmt;
use std::str::FromStr;

use device_list::edit::{ListField, MAX_HASH, MAX_VALUE};
use device_list::{Code, Column, Finding, Severity};
use service::register::DraftView;

use super::cell::{Piece, pieces, typable};
use super::page::Typed;
use crate::portal::words::sentence;

/// Fields that are shown on each side of the one that is wrong.
const AROUND: usize = 4;

/// Names a place in an address: `EN0402-7-2`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct PlaceId {
    pub(super) code: Code,
    pub(super) line: u64,
    pub(super) column: u32,
}

impl PlaceId {
    pub(super) fn of(finding: &Finding) -> Self {
        Self {
            code: finding.code,
            line: finding.line,
            column: finding.column,
        }
    }
}

impl fmt::Display for PlaceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}-{}", self.code, self.line, self.column)
    }
}

impl FromStr for PlaceId {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let mut parts = text.splitn(3, '-');
        let code = parts.next().and_then(Code::from_text).ok_or(())?;
        let mut number = || parts.next().and_then(|part| part.parse().ok()).ok_or(());
        let line: u64 = number()?;
        let column = number()?;
        Ok(Self {
            code,
            line,
            column: u32::try_from(column).map_err(|_| ())?,
        })
    }
}

/// What the repaired list will have in the place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Repair {
    /// Nothing: only a person can tell.
    None,
    /// Another value.
    Value {
        before: Vec<Piece>,
        after: Vec<Piece>,
    },
    /// Something else that is done, in words.
    Done { before: String, after: String },
    /// The line is not in it.
    Dropped,
    /// The line is not in it, because of another finding.
    LeftOut,
    /// What accepting would put there.
    Guess {
        before: Vec<Piece>,
        after: Vec<Piece>,
    },
}

/// A field that can be typed into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Input {
    /// Its number in the line.
    pub number: u32,
    /// Its label for those who don't see the table.
    pub label: String,
    /// What stands in it.
    pub value: String,
    /// How many characters it takes.
    pub most: usize,
    /// Whether it is for a hash: empty at first, to paste a new one.
    pub hash: bool,
}

/// A cell of the row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cell {
    /// What its column is called.
    pub name: String,
    /// What stands there.
    pub text: Vec<Piece>,
    /// Whether it is the one that is wrong.
    pub marked: bool,
    /// Where another value can be typed.
    pub input: Option<Input>,
}

/// A place with everything that is shown of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    /// Its id in the page.
    pub id: String,
    /// Whether it is said before it what was just done.
    pub is_behind_what_is_said: bool,
    /// Its line in the file; 0 is the whole file.
    pub line: u64,
    /// "Line 7, PKID".
    pub whereabouts: String,
    /// What is wrong here.
    pub cause: String,
    /// What to do, where that is not what is always to be done.
    pub fix: Option<String>,
    /// Its severity where that is not the worst one of its group.
    pub severity: Option<Severity>,
    /// The cells of the row around it; none where there is no row to show.
    pub cells: Vec<Cell>,
    /// Whether there are more cells in front of the first one, and behind the last.
    pub more: (bool, bool),
    /// What the repaired list will have.
    pub repair: Repair,
    /// Whether the line can be left out.
    pub can_leave_out: bool,
    /// What was wrong with what was typed last.
    pub error: String,
}

impl Place {
    pub(super) fn of(draft: &DraftView, finding: &Finding, typed: Option<&Typed>) -> Self {
        let id = PlaceId::of(finding);
        let typed = typed.filter(|typed| typed.at == Some(id));
        let fields = fields(draft, finding);
        let open = |field| {
            let text = draft.text.as_ref();
            text.is_some_and(|text| text.can_change(finding.line, field))
        };
        let (mut cells, more) = cells(finding, &fields, typed);
        let whole_row = finding.field.is_none() || finding.column == 0;
        if !open(if whole_row { 0 } else { finding.column }) {
            for cell in &mut cells {
                cell.input = None;
            }
        }
        let code = finding.code;
        Self {
            id: id.to_string(),
            is_behind_what_is_said: false,
            line: finding.line,
            whereabouts: whereabouts(finding, &fields),
            cause: finding.cause.clone(),
            fix: (finding.fix != code.fix_hint()).then(|| finding.fix.clone()),
            severity: None,
            cells,
            more,
            repair: repair(draft, finding, &fields),
            can_leave_out: finding.row.is_some() && !finding.certain && open(0),
            error: typed.map(|typed| typed.message.clone()).unwrap_or_default(),
        }
    }

    /// Whether something can be typed.
    pub(super) fn has_input(&self) -> bool {
        self.cells.iter().any(|cell| cell.input.is_some())
    }

    /// The number of the hash's field, where it can be emptied.
    pub(super) fn hash_to_empty(&self) -> Option<u32> {
        let hash = |cell: &&Cell| cell.input.as_ref().is_some_and(|input| input.hash);
        let cell = self.cells.iter().find(hash)?;
        (!cell.text.is_empty()).then(|| cell.input.as_ref().map_or(0, |input| input.number))
    }
}

fn fields(draft: &DraftView, finding: &Finding) -> Vec<ListField> {
    let text = draft.text.as_ref();
    let fields = text
        .and_then(|text| text.fields(finding.line))
        .unwrap_or_default();
    if fields.iter().all(|field| field.text.trim().is_empty()) {
        return Vec::new();
    }
    fields
}

/// What a field is called: as the sender's header has it, or else what it holds.
fn name(field: &ListField, number: usize) -> String {
    let name = device_list::finding::display_safe(field.name.trim());
    match field.column {
        _ if !name.is_empty() => name,
        Some(column) => sentence(column.name()),
        None => format!("Field {number}"),
    }
}

fn whereabouts(finding: &Finding, fields: &[ListField]) -> String {
    let line = match finding.line {
        0 => return "The whole file".to_owned(),
        line => format!("Line {line}"),
    };
    let field = (finding.column as usize)
        .checked_sub(1)
        .and_then(|at| fields.get(at));
    match (finding.field, field, finding.column) {
        (Some(column), ..) => format!("{line}, {}", column.name()),
        (None, Some(field), number) => format!("{line}, {}", name(field, number as usize)),
        (None, None, 0) => line,
        (None, None, number) => format!("{line}, field {number}"),
    }
}

/// The cells around the one that is wrong; where it is the whole row, all that have a name.
fn cells(
    finding: &Finding,
    fields: &[ListField],
    typed: Option<&Typed>,
) -> (Vec<Cell>, (bool, bool)) {
    let marked = (finding.column as usize).checked_sub(1);
    let (from, to) = match marked.filter(|_| finding.field.is_some() || finding.certain) {
        Some(at) => (at.saturating_sub(AROUND), fields.len().min(at + AROUND + 1)),
        None => (0, fields.len().min(4 * AROUND)),
    };
    if from >= to {
        return (Vec::new(), (false, false));
    }
    let cell = |(at, field): (usize, &ListField)| {
        let is_marked = marked == Some(at);
        Cell {
            name: name(field, at + 1),
            text: pieces(&field.text, field.column),
            marked: is_marked,
            input: can_type(finding, field, is_marked)
                .then(|| input(finding, at + 1, field, is_marked, typed)),
        }
    };
    let shown = fields.iter().enumerate().skip(from).take(to - from);
    let cells = shown.map(cell).collect();
    (cells, (from > 0, to < fields.len()))
}

/// Whether the field can be typed into: the one that is wrong; where it is the whole row, each but a
/// hash that is there.
fn can_type(finding: &Finding, field: &ListField, is_marked: bool) -> bool {
    if finding.field.is_some() && finding.column > 0 {
        return is_marked;
    }
    let whole_row = finding.row.is_some() && !finding.certain;
    whole_row && (field.column != Some(Column::Hash) || field.text.is_empty())
}

fn input(
    finding: &Finding,
    number: usize,
    field: &ListField,
    is_marked: bool,
    typed: Option<&Typed>,
) -> Input {
    let hash = field.column == Some(Column::Hash);
    let number = u32::try_from(number).unwrap_or(u32::MAX);
    let typed = typed.and_then(|typed| typed.of(number));
    let value = match (typed, &finding.corrected) {
        (Some(typed), _) => typed.to_owned(),
        _ if hash => String::new(),
        (None, Some(corrected)) if is_marked && finding.certain => corrected.clone(),
        (None, _) => typable(&field.text),
    };
    Input {
        number,
        label: format!("{} in line {}", name(field, number as usize), finding.line),
        value,
        most: if hash { MAX_HASH } else { MAX_VALUE },
        hash,
    }
}

fn repair(draft: &DraftView, finding: &Finding, fields: &[ListField]) -> Repair {
    let row_is_left_out = finding
        .row
        .is_some_and(|row| draft.repaired.left_out.contains(&row));
    if finding.certain && row_is_left_out {
        return Repair::LeftOut;
    }
    if !finding.certain && !finding.guess {
        return Repair::None;
    }
    let at = (finding.column as usize).checked_sub(1);
    let before = at.and_then(|at| fields.get(at));
    if let (Some(corrected), Some(before)) = (&finding.corrected, before) {
        let column = before.column.or(finding.field);
        let before = pieces(&before.text, column);
        let after = pieces(corrected, column);
        return if finding.certain {
            Repair::Value { before, after }
        } else {
            Repair::Guess { before, after }
        };
    }
    let change = draft.repaired.changes.iter().find(|change| {
        (change.line, change.code, change.field) == (finding.line, finding.code, finding.field)
    });
    match change {
        Some(change) if change.after.is_empty() && finding.line > 0 && finding.column == 0 => {
            Repair::Dropped
        }
        Some(change) => Repair::Done {
            before: change.before.clone(),
            after: change.after.clone(),
        },
        None => Repair::None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_named_in_an_address_and_read_from_it() {
        let place = PlaceId {
            code: Code::PKID_FORM,
            line: 7,
            column: 2,
        };
        assert_eq!(place.to_string(), "EN0402-7-2");
        assert_eq!("EN0402-7-2".parse(), Ok(place));
        for text in [
            "",
            "EN0402",
            "EN0402-7",
            "EN0402-7-x",
            "EN9999-1-1",
            "EN0402-7-2\"><script>",
        ] {
            assert_eq!(text.parse::<PlaceId>(), Err(()), "{text}");
        }
    }
}
