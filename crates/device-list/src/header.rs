//! Reading the header line: which dialect it is, or is closest to, and what is wrong with it.

mod guess;
mod names;
mod remarks;

pub(crate) use guess::guess;
pub(crate) use remarks::{GUARD, REMARKS};

use crate::check::{Channel, CheckOptions};
use crate::code::Code;
use crate::dialect::{Column, Dialect};
use crate::fields::{Field, split};
use crate::finding::{Finding, is_blank};
use names::column_named;

/// Where the columns of a list are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Layout {
    pub(crate) dialect: Dialect,
    /// Between the fields: a comma unless the file is wrong about it.
    pub(crate) delimiter: u8,
    /// What each field holds.
    pub(crate) slots: Vec<Slot>,
    /// Number of each column's field, from 1; 0 is none.
    pub(crate) positions: [u32; Column::COUNT],
}

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Slot {
    /// A column's value.
    Holds(Column),
    /// The same column a second time.
    Again(Column),
    /// Our own remark about the row, in a rest file.
    Remark,
    /// Nothing known.
    Unknown,
}

impl Layout {
    fn new(dialect: Dialect, delimiter: u8, slots: Vec<Slot>) -> Self {
        let mut positions = [0; Column::COUNT];
        for (number, slot) in (1..).zip(&slots) {
            if let Slot::Holds(column) = slot {
                positions[column.index()] = number;
            }
        }
        Self {
            dialect,
            delimiter,
            slots,
            positions,
        }
    }

    /// The layout of a dialect, exact.
    pub(crate) fn exact(dialect: Dialect) -> Self {
        let slots = dialect
            .columns()
            .iter()
            .map(|column| Slot::Holds(*column))
            .collect();
        Self::new(dialect, b',', slots)
    }
}

/// Reads a line as a header; `None` when it is none. The findings are about this line.
pub(crate) fn read(text: &str, options: &CheckOptions) -> Option<(Layout, Vec<Finding>)> {
    let channel = options.channel;
    let exact = Dialect::ALL
        .into_iter()
        .find(|dialect| dialect.header() == text);
    let layout = match exact {
        Some(dialect) => Layout::exact(dialect),
        None => [b',', b';', b'\t', b'|']
            .into_iter()
            .find_map(|by| recognize(text, by, channel))?,
    };
    let mut report = Report::default();
    if exact.is_none() {
        report.form(text, &layout);
    }
    report.channel(&layout, channel);
    Some((layout, report.findings))
}

/// Reads fields further down as a header of another layout; `None` when they are none.
pub(crate) fn another(
    fields: &[Field],
    before: &Layout,
    options: &CheckOptions,
) -> Option<(Layout, Vec<Finding>)> {
    let _ = (fields, before, options);
    None
}

/// Finds out which columns a line names and which dialect that is closest to.
fn recognize(text: &str, delimiter: u8, channel: Channel) -> Option<Layout> {
    let fields = split(text, delimiter);
    let mut slots: Vec<Slot> = Vec::with_capacity(fields.len());
    for field in &fields {
        let slot = match column_named(&field.text) {
            _ if remarks::is_remark(&field.text) => Slot::Remark,
            Some(column) if slots.contains(&Slot::Holds(column)) => Slot::Again(column),
            Some(column) => Slot::Holds(column),
            None => Slot::Unknown,
        };
        slots.push(slot);
    }
    let known: Vec<Column> = Column::ALL
        .into_iter()
        .filter(|c| slots.contains(&Slot::Holds(*c)))
        .collect();
    let own = slots.iter().filter(|slot| **slot != Slot::Remark).count();
    let alone = matches!(known[..], [Column::Hash | Column::Pkid]) && own == 1;
    if known.len() < 2 && !alone {
        return None;
    }
    let dialect = Dialect::ALL
        .into_iter()
        .min_by_key(|d| distance(*d, &known, &fields, channel))?;
    Some(Layout::new(dialect, delimiter, slots))
}

/// How far a header is from a dialect: what would have to be dropped, added and rewritten.
fn distance(dialect: Dialect, known: &[Column], fields: &[Field], channel: Channel) -> usize {
    let dropped = known.iter().filter(|column| !dialect.has(**column));
    let dropping: usize = dropped
        .map(|c| {
            if matches!(c, Column::GroupTag | Column::AssignedUser) {
                10
            } else {
                20
            }
        })
        .sum();
    let adding = 3 * dialect
        .columns()
        .iter()
        .filter(|column| !known.contains(column))
        .count();
    let rewriting = known
        .iter()
        .filter_map(|c| dialect.header_of(*c))
        .filter(|h| !fields.iter().any(|f| f.text == *h));
    let foreign = if belongs(dialect, channel) { 0 } else { 4 };
    dropping + adding + 3 * rewriting.count() + foreign
}

/// Whether a dialect is one of a channel's own (registration.md 6.1).
pub(crate) fn belongs(dialect: Dialect, channel: Channel) -> bool {
    match channel {
        Channel::Enlist => true,
        Channel::Intune => matches!(
            dialect,
            Dialect::Intune3 | Dialect::Intune4 | Dialect::Intune
        ),
        Channel::PartnerCenter | Channel::Oem => !matches!(
            dialect,
            Dialect::Intune3 | Dialect::Intune4 | Dialect::Intune
        ),
        Channel::CustomerOwn => !dialect.header().contains("anufacturer name"),
    }
}

/// The dialect in which a repaired list is written: the list's own, or its counterpart in the
/// channel.
pub(crate) fn repaired(dialect: Dialect, channel: Channel) -> Dialect {
    match channel {
        _ if belongs(dialect, channel) => dialect,
        Channel::CustomerOwn | Channel::Intune => Dialect::Intune3,
        Channel::PartnerCenter | Channel::Oem | Channel::Enlist => Dialect::PartnerCenter,
    }
}

/// Collects the findings about a header line.
#[derive(Default)]
struct Report {
    findings: Vec<Finding>,
}

impl Report {
    fn add(&mut self, column: usize, finding: Finding) {
        self.findings.push(finding.at(0, column as u32));
    }

    /// What differs from the dialect's exact header.
    fn form(&mut self, text: &str, layout: &Layout) {
        if layout.delimiter != b',' {
            let by = match layout.delimiter {
                b';' => "semicolons",
                b'|' => "vertical bars",
                _ => "tabs",
            };
            let cause = format!("The columns are separated by {by}, not by commas.");
            self.add(0, Finding::new(Code::SEPARATOR, cause).certain());
        }
        let fields = split(text, layout.delimiter);
        if fields.iter().any(|field| field.quoted) {
            let cause = "The headers are in quotes.";
            self.add(0, Finding::new(Code::HEADER_QUOTES, cause).certain());
        }
        for (number, (field, slot)) in (1..).zip(fields.iter().zip(&layout.slots)) {
            self.field(number, &field.text, *slot, layout);
        }
        self.missing(layout);
        self.order(layout);
    }

    fn field(&mut self, number: usize, text: &str, slot: Slot, layout: &Layout) {
        let wanted = match slot {
            Slot::Remark => return,
            Slot::Unknown if text.trim_matches(is_blank).is_empty() => {
                let cause = format!("Column {number} has no name.");
                return self.add(number, Finding::new(Code::EXTRA_COLUMN, cause).certain());
            }
            Slot::Unknown => return self.extra(number, text, None),
            Slot::Again(column) => return self.again(number, text, column),
            Slot::Holds(column) => match layout.dialect.header_of(column) {
                Some(wanted) => (column, wanted),
                None => return self.extra(number, text, Some(column)),
            },
        };
        self.spelling(number, text, wanted);
    }

    fn spelling(&mut self, number: usize, text: &str, (column, wanted): (Column, &str)) {
        if text == wanted {
            return;
        }
        let trimmed = text.trim_matches(is_blank);
        let (code, what) = if trimmed == wanted {
            (Code::HEADER_BLANKS, "has blanks around it")
        } else if trimmed.eq_ignore_ascii_case(wanted) {
            (Code::HEADER_CASE, "has wrong capitals")
        } else {
            (Code::HEADER_SYNONYM, "is another name for the column")
        };
        let cause = format!("The header {what}; it must read \"{wanted}\".");
        self.add(
            number,
            Finding::new(code, cause)
                .field(column)
                .found(text)
                .corrected(wanted),
        );
    }

    fn extra(&mut self, number: usize, text: &str, column: Option<Column>) {
        let mut finding = Finding::new(
            Code::EXTRA_COLUMN,
            format!(
                "Column {number} is not one of this layout. It is left out of the repaired list."
            ),
        );
        finding.field = column;
        self.add(number, finding.found(text).certain());
    }

    fn again(&mut self, number: usize, text: &str, column: Column) {
        let cause = format!(
            "Column {number} is a second column for the {}.",
            column.name()
        );
        let finding = Finding::new(Code::DUPLICATE_COLUMN, cause).field(column);
        self.add(number, finding.found(text).certain());
    }

    fn missing(&mut self, layout: &Layout) {
        for column in layout.dialect.columns() {
            if layout.positions[column.index()] == 0 {
                let header = layout.dialect.header_of(*column).unwrap_or_default();
                let cause = format!("There is no column \"{header}\".");
                self.add(
                    0,
                    Finding::new(Code::MISSING_COLUMN, cause)
                        .field(*column)
                        .certain(),
                );
            }
        }
    }

    fn order(&mut self, layout: &Layout) {
        let wanted = layout
            .dialect
            .columns()
            .iter()
            .map(|column| layout.positions[column.index()]);
        if !wanted.filter(|position| *position > 0).is_sorted() {
            let cause = format!(
                "The columns are in another order than \"{}\".",
                layout.dialect.header()
            );
            self.add(0, Finding::new(Code::HEADER_ORDER, cause).certain());
        }
    }

    /// What does not fit the way of registering.
    fn channel(&mut self, layout: &Layout, channel: Channel) {
        if belongs(layout.dialect, channel) {
            return;
        }
        let target = repaired(layout.dialect, channel);
        let cause = format!(
            "This is the layout \"{}\"; here the header is \"{}\".",
            layout.dialect.title(),
            target.header()
        );
        self.add(0, Finding::new(Code::OTHER_LAYOUT, cause).certain());
        for (number, slot) in (1..).zip(&layout.slots) {
            if let Slot::Holds(column) = slot
                && layout.dialect.has(*column)
                && !target.has(*column)
            {
                let name = layout.dialect.header_of(*column).unwrap_or_default();
                self.extra(number, name, Some(*column));
            }
        }
    }
}
