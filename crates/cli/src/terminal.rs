//! What differs between a terminal and a pipe: colours, widths, progress; and text made safe.

use std::fmt::Write as _;
use std::io::{self, IsTerminal, Write};
use std::time::Duration;

use comfy_table::{Cell, ContentArrangement, LineStyle, Table, TableStyle};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Columns of text where there is no terminal to ask.
const PIPE_WIDTH: u16 = 140;

/// Fewer columns than these can't be written for.
const NARROWEST: u16 = 24;

/// Whether standard output takes colours: a terminal, and `NO_COLOR` not set.
pub(crate) fn has_colours() -> bool {
    let refused = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    stdout_is_terminal() && !refused("NO_COLOR") && !dumb
}

/// Whether somebody watches standard output.
pub(crate) fn stdout_is_terminal() -> bool {
    io::stdout().is_terminal()
}

/// A line under the header and one at the end.
const STYLE: TableStyle = TableStyle::new()
    .header_separator(LineStyle::none().fill('─').junction('─'))
    .bottom_border(LineStyle::none().fill('─').junction('─'));

/// Columns of text that fit: those of the terminal; in a pipe those that `COLUMNS` asks for.
pub(crate) fn width() -> u16 {
    let asked = || std::env::var("COLUMNS").ok()?.parse().ok();
    let terminal = Table::new().width();
    terminal.or_else(asked).unwrap_or(PIPE_WIDTH).max(NARROWEST)
}

/// The same with a line between rows, for rows of several lines.
const RULED: TableStyle = STYLE.row_separator(LineStyle::none().fill('╌').junction('╌'));

/// A [`table`] for rows of several lines: ruled between them.
pub(crate) fn ruled_table<const N: usize>(header: [&str; N]) -> Table {
    let mut table = table(header);
    table.load_style(RULED);
    table
}

/// A table that fits the terminal, or [`PIPE_WIDTH`] in a pipe.
pub(crate) fn table<const N: usize>(header: [&str; N]) -> Table {
    let mut table = Table::new();
    table
        .load_style(STYLE)
        .set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(width());
    let bold = |text: &str| Cell::new(text).add_attribute(comfy_table::Attribute::Bold);
    if has_colours() {
        table.set_header(header.map(bold));
    } else {
        table.force_no_tty().set_header(header);
    }
    table
}

/// Prints a table, without blanks at the ends of its lines.
pub(crate) fn print(table: &Table, out: &mut impl Write) -> io::Result<()> {
    for line in table.lines() {
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

/// How a text stands out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ink {
    Bold = 1,
    Red = 31,
    Green = 32,
    Yellow = 33,
    Blue = 34,
    Cyan = 36,
}

/// A text in bold where standard output takes colours.
pub(crate) fn bold(text: &str) -> String {
    inked(text, Ink::Bold, has_colours())
}

/// A text that stands out, where there are colours.
pub(crate) fn inked(text: &str, ink: Ink, colours: bool) -> String {
    if colours {
        format!("\u{1b}[{}m{text}\u{1b}[0m", ink as u8)
    } else {
        text.to_owned()
    }
}

/// A text whose control and invisible characters are escaped, so that a file can't drive the terminal.
pub(crate) fn safe(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if is_unsafe(c) {
            // Writing to a string can't fail.
            let _ = write!(shown, "{}", c.escape_unicode());
        } else {
            shown.push(c);
        }
    }
    shown
}

/// Whether a character drives a terminal or hides from the eye.
pub(crate) fn is_unsafe(c: char) -> bool {
    let invisible = |c: char| matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}');
    c.is_control() || invisible(c)
}

/// A number with separators: `1,234,567`.
pub(crate) fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `1 row`, `2 rows`.
pub(crate) fn counted(number: u64, one: &str, more: &str) -> String {
    format!("{} {}", count(number), if number == 1 { one } else { more })
}

/// A counter on standard error, drawn on a terminal only.
pub(crate) fn spinner(what: &str) -> ProgressBar {
    let spinner = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(8));
    if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} {human_pos} ({elapsed})") {
        spinner.set_style(style);
    }
    spinner.set_message(what.to_owned());
    spinner.enable_steady_tick(Duration::from_millis(120));
    spinner
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_have_separators() {
        assert_eq!(count(0), "0");
        assert_eq!(count(999), "999");
        assert_eq!(count(1_000), "1,000");
        assert_eq!(count(12_345_678), "12,345,678");
        assert_eq!(counted(1, "row", "rows"), "1 row");
    }

    #[test]
    fn a_file_can_not_drive_the_terminal() {
        assert_eq!(
            safe("a\u{1b}[2Jb\r\u{202e}c"),
            "a\\u{1b}[2Jb\\u{d}\\u{202e}c"
        );
        assert_eq!(safe("Müller 東京"), "Müller 東京");
    }
}
