//! The layout of a list that has no header, from its first rows: only where their content proves
//! it.

mod columns;

pub(crate) use columns::looks_like_hash;

use super::form::separator;
use super::recognize::closest;
use super::{DELIMITERS, Layout, Slot, repaired};
use crate::check::Channel;
use crate::code::Code;
use crate::dialect::{Column, Dialect};
use crate::fields::{Field, split};
use crate::finding::Finding;
use columns::{Content, Kind, contents};

/// Guesses the layout of rows that no header stands above. Where it is not proven, the text says
/// what was seen.
pub(super) fn guess(
    lines: &[&str],
    hint: Option<u8>,
    channel: Channel,
) -> Result<(Layout, Vec<Finding>), String> {
    let (delimiter, rows) = rows(lines, hint);
    let columns = contents(&rows);
    if let [alone] = &columns[..] {
        return one_column(alone, channel);
    }
    let proven = proven(&columns);
    let exact = dialect(&rows, &columns, &proven).map(|dialect| Layout {
        delimiter,
        ..Layout::exact(dialect)
    });
    let layout = match exact {
        Some(layout) => layout,
        None => in_any_order(&columns, &proven, delimiter, channel)?,
    };
    let mut findings = vec![missing(&layout, &columns, channel)];
    findings.extend(separator(&layout));
    Ok((layout, findings))
}

/// Splits lines by the separator that gives most of them the same number of fields, and keeps
/// those.
fn rows(lines: &[&str], hint: Option<u8>) -> (u8, Vec<Vec<Field>>) {
    let mut best: (usize, u8, Vec<Vec<Field>>) = (0, b',', Vec::new());
    for delimiter in hint.into_iter().chain(DELIMITERS) {
        let rows: Vec<_> = lines.iter().map(|line| split(line, delimiter)).collect();
        let count = |wanted: usize| rows.iter().filter(|row| row.len() == wanted).count();
        let widths = rows.iter().map(Vec::len).filter(|width| *width > 1);
        let Some(width) = widths.max_by_key(|width| count(*width)) else {
            continue;
        };
        if count(width) > best.0 {
            let kept = rows.iter().filter(|row| row.len() == width).cloned();
            best = (count(width), delimiter, kept.collect());
        }
    }
    if best.0 * 2 <= lines.len() {
        let rows = lines.iter().map(|line| vec![Field::new(*line)]);
        return (b',', rows.collect());
    }
    (best.1, best.2)
}

/// The columns that content proves.
fn proven(columns: &[Content]) -> Vec<Option<Column>> {
    let mut proven: Vec<Option<Column>> = columns.iter().map(|column| column.matching).collect();
    for (kind, column) in [
        (Kind::Hash, Column::Hash),
        (Kind::Maker, Column::Manufacturer),
        (Kind::User, Column::AssignedUser),
    ] {
        only(columns, &mut proven, column, |content| content.kind == kind);
    }
    let token = |content: &Content| content.kind == Kind::Token;
    let digits = |content: &Content| content.kind == Kind::Digits13;
    let free = |proven: &[Option<Column>], what: fn(&Content) -> bool| {
        columns
            .iter()
            .zip(proven)
            .any(|(content, column)| column.is_none() && what(content))
    };
    if proven.contains(&Some(Column::Serial)) || free(&proven, token) {
        only(columns, &mut proven, Column::Pkid, digits);
    }
    if proven.contains(&Some(Column::Hash)) || proven.contains(&Some(Column::Manufacturer)) {
        let serial = |content: &Content| token(content) || digits(content);
        only(columns, &mut proven, Column::Serial, serial);
        // Serial numbers differ from row to row, models do not.
        only(columns, &mut proven, Column::Serial, |content| {
            serial(content) && content.distinct
        });
    }
    if proven.contains(&Some(Column::Manufacturer)) && proven.contains(&Some(Column::Serial)) {
        only(columns, &mut proven, Column::Model, |content| {
            content.kind != Kind::Empty
        });
    }
    proven
}

/// Names a column that nothing proved so far, where only one field can hold it.
fn only(
    columns: &[Content],
    proven: &mut [Option<Column>],
    column: Column,
    what: impl Fn(&Content) -> bool,
) {
    let can: Vec<usize> = (0..columns.len())
        .filter(|at| proven[*at].is_none() && what(&columns[*at]))
        .collect();
    if let [at] = can[..]
        && !proven.contains(&Some(column))
    {
        proven[at] = Some(column);
    }
}

/// The dialect whose columns these are, in its order: a hash at its place, or the empty fields that
/// only Partner Center's layout has.
fn dialect(rows: &[Vec<Field>], columns: &[Content], proven: &[Option<Column>]) -> Option<Dialect> {
    let hash = columns.iter().position(|column| column.kind == Kind::Hash);
    let dialect = match (columns.len(), hash) {
        (3, Some(2)) => Dialect::Intune3,
        (4, Some(3)) => Dialect::ManagedDesktopSelf,
        (4, Some(2)) => Dialect::Intune4,
        (5, Some(2)) if rows.iter().any(|row| is_partner_row(row)) => Dialect::PartnerCenter,
        (5, Some(2)) => match (&columns[3], &columns[4]) {
            (_, user) if user.kind == Kind::User => Dialect::Intune,
            (maker, _) if maker.kind == Kind::Maker => Dialect::PartnerCenter,
            (maker, _) if maker.matching == Some(Column::Manufacturer) => Dialect::PartnerCenter,
            (tag, user) if tag.kind == Kind::Empty && user.kind == Kind::Empty => {
                Dialect::PartnerCenter
            }
            (tag, user) if tag.beside_hash && user.kind == Kind::Empty => Dialect::Intune,
            _ => return None,
        },
        (5, None) if rows.iter().any(|row| is_partner_row(row)) => Dialect::PartnerCenter,
        _ => return None,
    };
    let fits = |(at, column): (usize, &Column)| {
        let pkid = matches!(columns[at].kind, Kind::Empty | Kind::Digits13);
        proven[at].is_none_or(|proven| proven == *column) && (*column != Column::Pkid || pkid)
    };
    dialect
        .columns()
        .iter()
        .enumerate()
        .all(fits)
        .then_some(dialect)
}

/// A row that only Partner Center's layout has: a tuple or a PKID alone, with its empty fields.
fn is_partner_row(row: &[Field]) -> bool {
    let filled: Vec<bool> = row
        .iter()
        .map(|field| !field.text.trim().is_empty())
        .collect();
    let pkid = |field: &Field| crate::identifier::Pkid::parse(field.text.trim()).is_ok();
    match filled[..] {
        [true, false, false, true, true] => true,
        [false, true, false, false, false] => pkid(&row[1]),
        _ => false,
    }
}

/// The layout of columns in any order, where they name a device.
fn in_any_order(
    columns: &[Content],
    proven: &[Option<Column>],
    delimiter: u8,
    channel: Channel,
) -> Result<Layout, String> {
    let known: Vec<Column> = proven.iter().flatten().copied().collect();
    let tuple = [Column::Manufacturer, Column::Model, Column::Serial];
    if !known.contains(&Column::Hash) && !tuple.iter().all(|column| known.contains(column)) {
        return Err(unproven(columns, proven));
    }
    let slots = proven
        .iter()
        .map(|column| column.map_or(Slot::Unknown, Slot::Holds));
    let dialect = closest(&known, &[], channel);
    Ok(Layout::new(dialect, delimiter, slots.collect()))
}

/// Rows of one field: hashes, or serial numbers and nothing else.
fn one_column(content: &Content, channel: Channel) -> Result<(Layout, Vec<Finding>), String> {
    let column = match content.kind {
        Kind::Hash => Column::Hash,
        Kind::Token => Column::Serial,
        Kind::Digits13 => {
            return Err(
                "The lines hold one number of 13 digits each: PKIDs, if \"Windows Product ID\" \
                 were on top; serial numbers need manufacturer and model beside them."
                    .into(),
            );
        }
        _ => return Err(unproven(&[], &[])),
    };
    let dialect = closest(&[column], &[], channel);
    let layout = Layout::new(dialect, b',', vec![Slot::Holds(column)]);
    let mut findings = vec![missing(&layout, std::slice::from_ref(content), channel)];
    findings.extend((column == Column::Serial).then(|| serials_only(&layout, channel)));
    Ok((layout, findings))
}

/// The finding about a list that has only serial numbers.
pub(super) fn serials_only(layout: &Layout, channel: Channel) -> Finding {
    let cause = format!(
        "Of all that can identify a device there are only serial numbers. The header must read \
         \"{}\".",
        repaired(layout.dialect, channel).header()
    );
    Finding::new(Code::SERIALS_ONLY, cause)
}

/// The finding that says what was recognized.
fn missing(layout: &Layout, columns: &[Content], channel: Channel) -> Finding {
    let recognized: Vec<String> = (1..)
        .zip(&layout.slots)
        .zip(columns)
        .filter_map(|((number, slot), content)| match slot {
            Slot::Holds(column) => Some(format!("field {number} {}", column.name())),
            _ if content.kind == Kind::Empty => None,
            _ => Some(format!("field {number} unknown and left out")),
        })
        .collect();
    let cause = format!(
        "The first line is a device already; it must read \"{}\". By their content the columns \
         are: {}.",
        repaired(layout.dialect, channel).header(),
        recognized.join(", ")
    );
    Finding::new(Code::HEADER_MISSING, cause).certain()
}

/// What was seen where the columns can't be told apart.
fn unproven(columns: &[Content], proven: &[Option<Column>]) -> String {
    let seen: Vec<String> = (1..)
        .zip(columns.iter().zip(proven))
        .filter_map(|(number, (content, column))| {
            let what = column.map(Column::name).or(match content.kind {
                Kind::Digits13 => Some("a PKID or a serial number"),
                _ => None,
            })?;
            Some(format!("field {number} looks like {}", article(what)))
        })
        .collect();
    let base = "None of the first lines names the columns of a device list";
    if seen.is_empty() {
        format!("{base}.")
    } else {
        format!(
            "{base}. {}; which of the others is what can't be told from their content.",
            capital(&seen.join(", "))
        )
    }
}

fn article(what: &str) -> String {
    match what {
        _ if what.starts_with("a ") => what.into(),
        _ if what.starts_with(['a', 'o']) => format!("an {what}"),
        _ => format!("a {what}"),
    }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or(String::new(), |first| {
        first.to_uppercase().chain(chars).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::SampleDevice;

    fn read(text: &str) -> Result<Vec<Slot>, String> {
        let lines: Vec<&str> = text.lines().collect();
        guess(&lines, None, Channel::Enlist).map(|(layout, _)| layout.slots)
    }

    const TUPLE: [Slot; 3] = [
        Slot::Holds(Column::Manufacturer),
        Slot::Holds(Column::Model),
        Slot::Holds(Column::Serial),
    ];

    #[test]
    fn the_hash_proves_what_the_columns_beside_it_are() {
        let device = SampleDevice::new(3, 1);
        let hash = device.hash_text();
        let row = format!(
            "{};{hash};{};{};{}",
            device.model, device.serial, device.manufacturer, device.pkid
        );
        let columns = [
            Column::Model,
            Column::Hash,
            Column::Serial,
            Column::Manufacturer,
            Column::Pkid,
        ];
        assert_eq!(read(&row), Ok(columns.map(Slot::Holds).to_vec()));
        // A hash stands for its device whatever the rest is.
        let slots = read(&format!("{hash}\tkeller\tregal")).unwrap();
        assert_eq!(
            slots,
            [Slot::Holds(Column::Hash), Slot::Unknown, Slot::Unknown]
        );
    }

    #[test]
    fn a_known_maker_and_serial_numbers_that_differ_prove_a_tuple() {
        for text in [
            "Dell Inc.,Latitude 5440,7XK2B14",
            "LENOVO,20B6008MMH,PF02NCT8\nLENOVO,20B6008MMH,PF02NCT9",
            "HP,EliteBook,5CG0441XYZ\nHP,ProBook,5CG0441XY1",
        ] {
            assert_eq!(read(text), Ok(TUPLE.to_vec()), "{text}");
        }
        let other = read("7XK2B14|Latitude 5440|Dell Inc.").unwrap();
        assert_eq!(other, [TUPLE[2], TUPLE[1], TUPLE[0]]);
    }

    #[test]
    fn what_is_not_proven_is_said() {
        for (text, said) in [
            (
                "LENOVO,20B6008MMH,PF02NCT8",
                "Field 1 looks like a manufacturer",
            ),
            ("Contoso,Book 13,0042", "None of the first lines"),
            ("3305612345678\n3305612345679", "13 digits"),
            ("a,b,c\nd,e,f", "None of the first lines"),
        ] {
            let cause = read(text).unwrap_err();
            assert!(cause.contains(said), "{cause}");
        }
    }

    #[test]
    fn a_column_of_serial_numbers_is_named_as_that() {
        let (layout, findings) = guess(&["PF02NCT8", "PF02NCT9"], None, Channel::Enlist).unwrap();
        assert_eq!(layout.slots, [Slot::Holds(Column::Serial)]);
        let codes: Vec<_> = findings.iter().map(|finding| finding.code).collect();
        assert_eq!(codes, [Code::HEADER_MISSING, Code::SERIALS_ONLY]);
        assert!(guess(&["hello", "world"], None, Channel::Enlist).is_err());
    }
}
