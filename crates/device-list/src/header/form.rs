//! What is wrong with the form of a header line.

use super::names::{Near, bare, column_named, near};
use super::said::{Said, said};
use super::{Layout, Slot, belongs, repaired};
use crate::check::Channel;
use crate::code::Code;
use crate::dialect::{Column, Dialect};
use crate::fields::{Field, split};
use crate::finding::{Finding, display_safe, is_blank};

/// Everything to say about a header line that is a dialect's, or close to one.
pub(super) fn findings(text: &str, layout: &Layout, channel: Channel) -> Vec<Finding> {
    let mut form = Form {
        target: repaired(layout.dialect, channel),
        layout,
        findings: separator(layout).into_iter().collect(),
    };
    if layout.dialect.header() != text {
        form.form(text);
    }
    form.channel(channel);
    form.order_id(text);
    form.findings
}

/// What may be meant to take the serial number's place and can't: the end of a cause.
fn instead_of_serial(fields: &[Field]) -> String {
    let other = fields
        .iter()
        .find_map(|field| Some((field, said(&field.text)?)));
    other.map_or_else(String::new, |(field, said)| {
        let name = display_safe(field.text.trim_matches(is_blank));
        let what = match said {
            Said::Imei => "an IMEI",
            Said::Mac => "a network adapter's address",
        };
        format!(" What stands under \"{name}\" can't take its place: {what} is no serial number.")
    })
}

/// The finding about separators other than commas.
pub(super) fn separator(layout: &Layout) -> Option<Finding> {
    let by = match layout.delimiter {
        b',' => return None,
        b';' => "semicolons".into(),
        b'|' => "vertical bars".into(),
        b'\t' => "tabs".into(),
        other => format!("\"{}\"", char::from(other)),
    };
    let cause = format!("The columns are separated by {by}, not by commas.");
    Some(Finding::new(Code::SEPARATOR, cause).certain())
}

struct Form<'l> {
    layout: &'l Layout,
    /// The dialect that a repaired list is written in.
    target: Dialect,
    findings: Vec<Finding>,
}

impl Form<'_> {
    fn add(&mut self, column: usize, finding: Finding) {
        self.findings.push(finding.at(0, column as u32));
    }

    /// What differs from the dialect's exact header.
    fn form(&mut self, text: &str) {
        let fields = split(text, self.layout.delimiter);
        if fields.iter().any(|field| field.quoted) {
            let cause = "The headers are in quotes.";
            self.add(0, Finding::new(Code::HEADER_QUOTES, cause).certain());
        }
        for (number, (field, slot)) in (1..).zip(fields.iter().zip(&self.layout.slots)) {
            self.field(number, &field.text, *slot);
        }
        self.missing(&fields);
        self.order();
    }

    fn field(&mut self, number: usize, text: &str, slot: Slot) {
        match slot {
            Slot::Unknown if text.trim_matches(is_blank).is_empty() => {
                let cause = format!("Column {number} has no name.");
                self.add(number, Finding::new(Code::EXTRA_COLUMN, cause).certain());
            }
            Slot::Unknown => self.extra(number, text, None),
            Slot::Again(column) => self.again(number, text, column),
            // There is more to say about it than that it is extra, and nothing about its name.
            Slot::Holds(Column::OrderId) if !self.target.has(Column::OrderId) => {}
            Slot::Label(_) | Slot::Remark => {}
            Slot::Holds(column) => match self.layout.dialect.header_of(column) {
                Some(wanted) => self.spelling(number, text, (column, wanted)),
                None => self.extra(number, text, Some(column)),
            },
        }
    }

    fn spelling(&mut self, number: usize, text: &str, (column, wanted): (Column, &str)) {
        if text == wanted {
            return;
        }
        let trimmed = text.trim_matches(is_blank);
        let (code, what) = if column_named(text).is_none() && bare(text) != "name" {
            (Code::HEADER_MISSPELT, "is misspelt")
        } else if trimmed == wanted {
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
        if let (None, Some(Near::Alike(column) | Near::Misspelt(column))) = (column, near(text))
            && let Some(name) = self.layout.dialect.header_of(column)
        {
            let cause = format!("{} Its name is close to \"{name}\".", finding.cause);
            let fix = format!("Name it \"{name}\" if that is what it holds; else delete it.");
            finding.cause = cause;
            finding = finding.fix(fix);
        }
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

    fn missing(&mut self, fields: &[Field]) {
        let dialect = self.layout.dialect;
        for column in dialect.columns() {
            if !self.layout.has(*column) {
                let header = dialect.header_of(*column).unwrap_or_default();
                let mut cause = format!("There is no column \"{header}\".");
                if *column == Column::Serial {
                    cause.push_str(&instead_of_serial(fields));
                }
                let finding = Finding::new(Code::MISSING_COLUMN, cause).field(*column);
                self.add(0, finding.certain());
            }
        }
    }

    fn order(&mut self) {
        let dialect = self.layout.dialect;
        let wanted = dialect
            .columns()
            .iter()
            .map(|column| self.layout.positions[column.index()]);
        if !wanted.filter(|position| *position > 0).is_sorted() {
            let cause = format!(
                "The columns are in another order than \"{}\".",
                dialect.header()
            );
            self.add(0, Finding::new(Code::HEADER_ORDER, cause).certain());
        }
    }

    /// What does not fit the way of registering.
    fn channel(&mut self, channel: Channel) {
        let dialect = self.layout.dialect;
        if belongs(dialect, channel) {
            return;
        }
        let cause = format!(
            "This is the layout \"{}\"; here the header is \"{}\".",
            dialect.title(),
            self.target.header()
        );
        self.add(0, Finding::new(Code::OTHER_LAYOUT, cause).certain());
        for (number, slot) in (1..).zip(&self.layout.slots) {
            if let Slot::Holds(column) = slot
                && *column != Column::OrderId
                && dialect.has(*column)
                && !self.target.has(*column)
            {
                let name = dialect.header_of(*column).unwrap_or_default();
                self.extra(number, name, Some(*column));
            }
        }
    }

    /// What becomes of an order ID: the group tag, where the layout has one.
    fn order_id(&mut self, text: &str) {
        let number = self.layout.positions[Column::OrderId.index()] as usize;
        if number == 0 || self.target.has(Column::OrderId) {
            return;
        }
        let finding = if let Some(tag) = self.target.header_of(Column::GroupTag) {
            let cause = "The order ID is the group tag's old name. It becomes the group tag of \
                         the rows that have none.";
            Finding::new(Code::ORDER_ID, cause).corrected(tag)
        } else {
            let cause = format!(
                "The layout \"{}\" has neither order ID nor group tag: the tag is chosen when the \
                 list is sent. The column is left out of the repaired list.",
                self.target.title()
            );
            let fix = "Choose the group tag when you send the list, or use the repaired list.";
            Finding::new(Code::ORDER_ID, cause).fix(fix).certain()
        };
        let fields = split(text, self.layout.delimiter);
        let name = fields.get(number - 1).map_or("", |field| &field.text);
        self.add(number, finding.field(Column::OrderId).found(name));
    }
}
