//! Rows that are none of the six accepted combinations, or one of placeholders only.

use super::judge::Kind;
use super::row::{Notes, Row};
use crate::code::Code;
use crate::dialect::Column;
use crate::finding::Finding;
use crate::identifier::is_placeholder;

/// The parts of a tuple.
const TUPLE: [Column; 3] = [Column::Manufacturer, Column::Model, Column::Serial];

/// Names what is missing, or too much; a PKID of the right form (`has_pkid`) can stay alone, which is a
/// guess. Returns whether it is accepted and done.
pub(crate) fn none(row: &mut Row<'_>, has_pkid: bool, notes: &mut Notes<'_>) -> bool {
    let there: Vec<&str> = [
        Column::Serial,
        Column::Pkid,
        Column::Manufacturer,
        Column::Model,
    ]
    .into_iter()
    .filter(|column| row.has(*column))
    .map(Column::name)
    .collect();
    let (cause, fix) = if there.is_empty() {
        (
            "The row holds no identifier.".into(),
            Code::NO_COMBINATION.fix_hint(),
        )
    } else if row.has(Column::Pkid) {
        let cause = format!(
            "The row has {}; a PKID stands alone or with a hash.",
            list(&there)
        );
        (
            cause,
            "Leave only the PKID, or only manufacturer, model and serial number.",
        )
    } else {
        let missing: Vec<&str> = TUPLE
            .into_iter()
            .filter(|column| !row.has(*column))
            .map(Column::name)
            .collect();
        let cause = format!(
            "The row has only {}; without a hash or PKID, {} must be there too.",
            list(&there),
            list(&missing)
        );
        (
            cause,
            "Add what is missing, or use the hardware hash or the PKID instead.",
        )
    };
    let mut finding = Finding::new(Code::NO_COMBINATION, cause).fix(fix);
    finding.guess = has_pkid;
    let done = notes.add(finding) && has_pkid;
    if done {
        for column in TUPLE {
            row.correct(column, "");
        }
    }
    done
}

/// `a`, `a and b`, `a, b and c`.
fn list(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [one] => (*one).into(),
        [front @ .., last] => format!("{} and {last}", front.join(", ")),
    }
}

/// Names the parts of a tuple that are no real values.
pub(crate) fn placeholders(row: &Row<'_>, notes: &mut Notes<'_>) {
    for column in TUPLE {
        let value = row.text(column);
        if is_placeholder(&value) && !notes.has_condemned(column) {
            let shown = crate::finding::display_safe(&value);
            let cause = format!("\"{shown}\" is a placeholder, not a {}.", column.name());
            let finding = Finding::new(Code::PLACEHOLDER, cause).field(column);
            notes.add(finding.found(&value));
        }
    }
}

/// Names an accepted combination whose values are all placeholders.
pub(crate) fn nothing_real(row: &Row<'_>, kind: Kind, notes: &mut Notes<'_>) {
    let (column, cause) = match kind {
        Kind::Pkid => (
            Column::Pkid,
            "All digits of the PKID are alike: it is a filler.",
        ),
        Kind::Hash { .. } | Kind::Tuple => (
            Column::Hash,
            "The hash carries only placeholders, so it can't tell this device from others.",
        ),
    };
    let finding = Finding::new(Code::PLACEHOLDER, cause).field(column);
    let shown = column == Column::Pkid;
    notes.add(if shown {
        finding.found(&row.text(column))
    } else {
        finding
    });
}
