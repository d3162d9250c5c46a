//! One place where something was found: where, what, and the line with a mark under the field.

use std::io::{self, Write};

use device_list::{Column, Excerpt, Finding};
use unicode_width::UnicodeWidthStr as _;

use super::Look;
use crate::report::text::{paragraph, shortened};
use crate::terminal::{Ink, safe};

/// Columns in front of what belongs to a place.
const INDENT: usize = 6;

/// Writes it.
pub(super) fn place(
    out: &mut impl Write,
    file: &str,
    finding: &Finding,
    look: Look,
) -> io::Result<()> {
    let mut at = file.to_owned();
    if finding.line > 0 {
        at = format!("{at}:{}", finding.line);
    }
    if finding.column > 0 {
        at = format!("{at}:{}", finding.column);
    }
    if let Some(field) = finding.field {
        at = format!("{at}  {}", field.name());
    }
    paragraph(out, "  ", 4, &at, look.width)?;
    let blank = " ".repeat(INDENT);
    paragraph(out, &blank, INDENT, &safe(&finding.cause), look.width)?;
    if finding.fix != finding.code.fix_hint() {
        paragraph(out, &blank, INDENT, &safe(&finding.fix), look.width)?;
    }
    let change = change(finding);
    if !change.is_empty() {
        paragraph(out, &blank, INDENT, &change, look.width)?;
    }
    if let Some(excerpt) = &finding.excerpt {
        marked(out, excerpt, look)?;
    }
    Ok(())
}

/// `found → corrected`.
fn change(finding: &Finding) -> String {
    let is_hash = finding.field == Some(Column::Hash);
    let shown = |text: &Option<String>| text.as_deref().map(|text| shortened(text, is_hash));
    let guess = if finding.guess && !finding.certain {
        "? "
    } else {
        ""
    };
    match (shown(&finding.found), shown(&finding.corrected)) {
        (None, None) => String::new(),
        // It stands in the line that is shown.
        (Some(_), None) if finding.excerpt.is_some() => String::new(),
        (Some(found), None) => found,
        (None, Some(corrected)) => format!("→ {guess}{corrected}"),
        (Some(found), Some(corrected)) => format!("{found} → {guess}{corrected}"),
    }
}

/// The line with carets under the field. Of a line that is too wide, what is around the field.
fn marked(out: &mut impl Write, excerpt: &Excerpt, look: Look) -> io::Result<()> {
    let room = look.width.saturating_sub(INDENT).max(8);
    let text: Vec<char> = safe(&excerpt.text).chars().collect();
    let start = excerpt.start.min(text.len());
    let end = (start + excerpt.length).min(text.len());
    let (from, to) = window(&text, start, end, room);
    let show = |from: usize, to: usize| text[from..to].iter().collect::<String>();
    let cut = |cut: bool| if cut { "…" } else { "" };
    let (front, behind) = (cut(from > 0), cut(to < text.len()));
    writeln!(out, "{:INDENT$}{front}{}{behind}", "", show(from, to))?;
    let before = front.width() + show(from, start).width();
    let carets = "^".repeat(show(start, end.min(to)).width().max(1));
    let carets = look.ink(&carets, Ink::Red);
    writeln!(out, "{:INDENT$}{:before$}{carets}", "", "")
}

/// Which characters of a line are shown in so many columns: all, or those around the field.
fn window(text: &[char], start: usize, end: usize, room: usize) -> (usize, usize) {
    let width = |from: usize, to: usize| text[from..to].iter().collect::<String>().width();
    if width(0, text.len()) <= room {
        return (0, text.len());
    }
    // A mark at each end says that something was cut.
    let room = room - 2;
    let mut from = start;
    let mut to = start;
    while to < end && width(from, to + 1) <= room {
        to += 1;
    }
    loop {
        let before = (from, to);
        if from > 0 && width(from - 1, to) <= room {
            from -= 1;
        }
        if to < text.len() && width(from, to + 1) <= room {
            to += 1;
        }
        if (from, to) == before {
            return before;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, start: usize, length: usize, width: usize) -> String {
        let look = Look {
            all: false,
            quiet: false,
            colours: false,
            width,
        };
        let excerpt = Excerpt {
            text: text.into(),
            start,
            length,
        };
        let mut out = Vec::new();
        marked(&mut out, &excerpt, look).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn the_field_is_marked_whatever_the_width() {
        assert_eq!(shown("a,bc,d", 2, 2, 80), "      a,bc,d\n        ^^\n");
        // An empty field, and letters that take two columns.
        assert_eq!(shown("a,,d", 2, 0, 80), "      a,,d\n        ^\n");
        assert_eq!(shown("東,京,d", 2, 1, 80), "      東,京,d\n         ^^\n");
        let long = format!("{},X1,{}", "a".repeat(60), "b".repeat(60));
        for width in [16, 24, 40, 80, 200] {
            let shown = shown(&long, 61, 2, width);
            let lines: Vec<&str> = shown.lines().collect();
            assert!(lines.iter().all(|line| line.width() <= width), "{shown}");
            let at = lines[1].find('^').unwrap();
            let above: String = lines[0].chars().skip(at).take(2).collect();
            assert_eq!(above, "X1", "{shown}");
        }
    }
}
