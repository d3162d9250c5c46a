//! What lists come to: a line of words and a bar.

use std::io::{self, Write};

use super::Look;
use crate::report::tally::{Checked, Counts, Part, Total};
use crate::report::text::paragraph;
use crate::terminal::{Ink, count, counted};

/// Columns of a bar.
const BAR: usize = 40;

/// One list.
pub(super) fn list(
    out: &mut impl Write,
    name: &str,
    checked: &Checked,
    look: Look,
) -> io::Result<()> {
    let head = format!("{name}: {}{}", checked.verdict(), findings(&checked.counts));
    headline(out, &head, look)?;
    let Some(dialect) = checked.summary.dialect else {
        return Ok(());
    };
    let encoding = checked.summary.encoding.name();
    let what = format!("{}, {encoding}, {}", dialect.title(), rows(&checked.counts));
    paragraph(out, "  ", 2, &what, look.width)?;
    bar(out, &checked.counts, look)
}

/// All lists.
pub(super) fn total(out: &mut impl Write, total: &Total, look: Look) -> io::Result<()> {
    let other = total.files - total.conforming - total.unusable;
    let mut verdicts = Vec::new();
    for (number, one, more) in [
        (total.conforming, "conforms", "conform"),
        (other, "has findings", "have findings"),
        (total.unusable, "is not usable", "are not usable"),
    ] {
        if number > 0 {
            verdicts.push(counted(number, one, more));
        }
    }
    let lists = counted(total.files, "list", "lists");
    let head = format!(
        "{lists}: {}{}",
        verdicts.join(", "),
        findings(&total.counts)
    );
    headline(out, &head, look)?;
    paragraph(out, "  ", 2, &rows(&total.counts), look.width)?;
    bar(out, &total.counts, look)
}

/// What comes before the colon stands out.
fn headline(out: &mut impl Write, text: &str, look: Look) -> io::Result<()> {
    let mut plain = Vec::new();
    paragraph(&mut plain, "", 2, text, look.width)?;
    let plain = String::from_utf8_lossy(&plain);
    match plain.split_once(": ") {
        Some((name, rest)) if !name.contains('\n') => {
            write!(out, "{}: {rest}", look.ink(name, Ink::Bold))
        }
        _ => out.write_all(plain.as_bytes()),
    }
}

/// ` (3 errors, 1 warning)`; nothing where nothing was found.
fn findings(counts: &Counts) -> String {
    match counts.severities() {
        none if none.is_empty() => none,
        said => format!(" ({said})"),
    }
}

/// `20 rows, 19 devices, 1 duplicate`.
fn rows(counts: &Counts) -> String {
    let mut said = counted(counts.rows, "row", "rows");
    said += ", ";
    said += &counted(counts.devices, "device", "devices");
    if counts.duplicates > 0 {
        said += ", ";
        said += &counted(counts.duplicates, "duplicate", "duplicates");
    }
    said
}

/// The rows as a bar, each part with its own sign, and what the signs mean.
fn bar(out: &mut impl Write, counts: &Counts, look: Look) -> io::Result<()> {
    if counts.rows == 0 {
        return Ok(());
    }
    let parts: Vec<_> = counts
        .parts()
        .into_iter()
        .filter(|(_, rows)| *rows > 0)
        .collect();
    let columns = BAR.min(look.width.saturating_sub(2));
    let lengths = lengths(&parts, counts.rows, columns);
    write!(out, "  ")?;
    for ((part, _), length) in parts.iter().zip(lengths) {
        write!(out, "{}", look.ink(&sign(*part).repeat(length), ink(*part)))?;
    }
    writeln!(out)?;
    let mut used = 2;
    write!(out, "  ")?;
    for (at, (part, rows)) in parts.iter().enumerate() {
        let said = format!("{} {}", count(*rows), part.name());
        let needed = said.chars().count() + 2;
        if at > 0 && used + 3 + needed > look.width {
            write!(out, "\n  ")?;
            used = 2;
        } else if at > 0 {
            write!(out, "   ")?;
            used += 3;
        }
        write!(out, "{} {said}", look.ink(sign(*part), ink(*part)))?;
        used += needed;
    }
    writeln!(out)
}

/// How many columns each part has: its share, one at least, `columns` together.
fn lengths(parts: &[(Part, u64)], rows: u64, columns: usize) -> Vec<usize> {
    let share = |part: u64| (u128::from(part) * columns as u128 / u128::from(rows.max(1))) as usize;
    let mut lengths: Vec<usize> = parts.iter().map(|(_, part)| share(*part).max(1)).collect();
    // What rounding took or gave belongs to the largest part.
    if let Some(at) = (0..lengths.len()).max_by_key(|at| lengths[*at]) {
        let others: usize = lengths.iter().sum::<usize>() - lengths[at];
        lengths[at] = columns.saturating_sub(others).max(1);
    }
    lengths
}

fn sign(part: Part) -> &'static str {
    match part {
        Part::Ready => "█",
        Part::Repaired => "▓",
        Part::ToMend => "░",
        Part::Repeated => "=",
    }
}

fn ink(part: Part) -> Ink {
    match part {
        Part::Ready => Ink::Green,
        Part::Repaired => Ink::Cyan,
        Part::ToMend => Ink::Red,
        Part::Repeated => Ink::Yellow,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_row_of_a_million_is_seen() {
        let parts = [
            (Part::Ready, 999_998),
            (Part::Repaired, 1),
            (Part::ToMend, 1),
        ];
        assert_eq!(lengths(&parts, 1_000_000, 40), [38, 1, 1]);
        assert_eq!(lengths(&[(Part::ToMend, 3)], 3, 40), [40]);
        let thirds = [(Part::Ready, 1), (Part::Repaired, 1), (Part::ToMend, 1)];
        assert_eq!(lengths(&thirds, 3, 40).iter().sum::<usize>(), 40);
    }
}
