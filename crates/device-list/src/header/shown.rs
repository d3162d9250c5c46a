//! Lines that tell of devices and are no list: other structures, what consoles show, tables that lie on
//! their side.

use super::DELIMITERS;
use super::names::column_named;
use crate::content::other_structure;
use crate::dialect::Column;
use crate::fields::split;
use crate::finding::is_blank;

/// What lines are that are no table of rows and columns.
pub(super) fn something_else(lines: &[&str]) -> Option<String> {
    if let Some(what) = other_structure(lines) {
        return Some(format!("This is {what}, not a list of rows and columns."));
    }
    let cause = if is_object(lines) {
        "This is what the collecting script shows on the screen. Run it with -OutputFile to get a \
         list."
    } else if is_console_table(lines) {
        "This is a table as a console shows it, with blanks between the columns. Have it written as \
         CSV instead: Export-Csv in PowerShell."
    } else if is_on_its_side(lines) {
        "The names of the columns stand below each other. Turn the table, so that each device is a \
         row."
    } else {
        return None;
    };
    Some(cause.into())
}

/// Lines like `Hardware Hash : T0...`, as PowerShell shows objects (AP-MBR22).
fn is_object(lines: &[&str]) -> bool {
    let named = |line: &&&str| {
        line.split_once(" :")
            .is_some_and(|(name, _)| column_named(name).is_some())
    };
    lines.iter().filter(named).count() >= 2
}

/// A line of names, and below it one of hyphens, as PowerShell shows tables.
fn is_console_table(lines: &[&str]) -> bool {
    let is_rule = |line: &str| {
        let mut words = line.split_whitespace().peekable();
        words.peek().is_some() && words.all(|word| word.bytes().all(|byte| byte == b'-'))
    };
    let names = |line: &str| {
        line.split("  ")
            .filter(|name| column_named(name).is_some())
            .count()
    };
    let pairs = lines.windows(2);
    pairs
        .filter(|pair| is_rule(pair[1]) && pair[1].split_whitespace().count() > 1)
        .any(|pair| names(pair[0]) > 0)
}

/// Lines that each begin with the name of another column, and go on with values.
fn is_on_its_side(lines: &[&str]) -> bool {
    DELIMITERS.into_iter().any(|by| {
        let mut named: Vec<Column> = Vec::new();
        for line in lines {
            let fields = split(line, by);
            let [first, rest @ ..] = &fields[..] else {
                continue;
            };
            let values = rest
                .iter()
                .any(|f| !f.text.trim_matches(is_blank).is_empty());
            let is_header = rest.iter().any(|field| column_named(&field.text).is_some());
            match column_named(&first.text) {
                Some(column) if values && !is_header && !named.contains(&column) => {
                    named.push(column);
                }
                _ => {}
            }
        }
        named.len() >= 2 && (named.contains(&Column::Serial) || named.contains(&Column::Hash))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_list_is_explained() {
        for (lines, said) in [
            (
                &["Manufacturer : HP", "SerialNumber : 5CG1234ABD"][..],
                "on the screen",
            ),
            (
                &[
                    "Manufacturer   Serial Number",
                    "------------   -------------",
                    "HP   5CG1234ABD",
                ],
                "as a console shows it",
            ),
            (
                &[
                    "Manufacturer;HP;HP",
                    "Model;Book;Book",
                    "Serial Number;5CG1;5CG2",
                ],
                "Turn the table",
            ),
        ] {
            let cause = something_else(lines).unwrap();
            assert!(cause.contains(said), "{cause}");
        }
        for lines in [
            &["HP,EliteBook,5CG1234ABD"][..],
            &["Model", "-----", "EliteBook"],
            &["Serial Number,5CG1234ABD"],
            &[],
        ] {
            assert_eq!(something_else(lines), None, "{lines:?}");
        }
    }
}
