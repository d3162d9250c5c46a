//! Why a row can't be carried into a layout, though it names a device.

use crate::check::{NoRow, RowRef};
use crate::code::Code;
use crate::dialect::{Column, Dialect};
use crate::finding::Finding;

/// What stands in the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Obstacle {
    /// It is to be written with an identifier that neither it nor its hash has.
    Lacks(Column),
    /// It is to be written as manufacturer, model and serial number, and lacks one of them.
    LacksTuple,
    /// The layout has no column for one of its identifiers.
    NoPlace(Column),
    /// A list can't carry the value.
    Value(Column),
    /// As the layout has it, its line would be read as something else.
    NoRow(NoRow),
}

impl Obstacle {
    /// The finding about the row.
    pub(super) fn finding(self, row: &RowRef<'_>, target: Dialect) -> Finding {
        let finding = match self {
            Self::Lacks(column) => lacks(column.name()).field(column),
            Self::LacksTuple => lacks("manufacturer, model and serial number"),
            Self::NoPlace(column) => no_place(column, target),
            Self::Value(column) => value(row, column),
            Self::NoRow(what) => no_row(what),
        };
        let mut finding = finding.at(row.line(), 0);
        finding.row = Some(row.number());
        finding
    }
}

fn lacks(what: &str) -> Finding {
    let cause = format!("The row is to be written with its {what}, and names none.");
    Finding::new(Code::NO_COMBINATION, cause).fix("Complete the row, or write it as what it is.")
}

fn no_place(column: Column, target: Dialect) -> Finding {
    let cause = format!(
        "The layout \"{}\" has no column for the {}, which the row is identified by.",
        target.title(),
        column.name()
    );
    let fix = match column {
        Column::Hash => {
            "Choose a layout with a hash column, or write the row as manufacturer, model and \
             serial number, which the hash carries."
        }
        _ => "Choose a layout that has it; Partner Center's has every identifier.",
    };
    Finding::new(Code::NO_COMBINATION, cause)
        .field(column)
        .fix(fix)
}

/// A value that no rule had anything to say about, and that a list can't carry even so.
fn value(row: &RowRef<'_>, column: Column) -> Finding {
    let name = column.name();
    let value = row.value(column);
    let (code, cause) = if value.contains(',') {
        let cause = format!("The {name} holds a comma, which a list can't carry.");
        (Code::COMMA_IN_VALUE, cause)
    } else {
        let cause = format!("ANSI text can't carry the {name}: it would be read as other letters.");
        (Code::NOT_ANSI, cause)
    };
    let finding = Finding::new(code, cause).field(column);
    match column {
        Column::Hash => finding,
        _ => finding.found(&value),
    }
}

fn no_row(what: NoRow) -> Finding {
    match what {
        NoRow::Comment => Finding::new(
            Code::TEXT_LINE,
            "In this layout the row would be read as a comment, by the signs it begins with.",
        )
        .fix("Take the signs away, or choose a layout that begins with another column."),
        NoRow::Header => Finding::new(
            Code::HEADER_REPEATED,
            "The row would be read as a header: its values are names of columns.",
        )
        .fix("Put the device's own values in their places."),
    }
}
