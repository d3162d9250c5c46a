//! Text in lines that fit the terminal, and values short enough to be shown.

use std::io::{self, Write};

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use crate::terminal::{count, safe};

/// Characters of a value where it is shown.
const VALUE: usize = 60;

/// Writes a paragraph no wider than `width`: `first` stands in front of its first line and takes
/// `indent` columns, which are blank in front of the others.
pub(crate) fn paragraph(
    out: &mut impl Write,
    first: &str,
    indent: usize,
    text: &str,
    width: usize,
) -> io::Result<()> {
    let lines = wrapped(text, width.saturating_sub(indent).max(8));
    for (at, line) in lines.iter().enumerate() {
        if at == 0 {
            writeln!(out, "{}", format!("{first}{line}").trim_end())?;
        } else {
            writeln!(out, "{:indent$}{line}", "")?;
        }
    }
    Ok(())
}

/// A text in lines of at most so many columns; a word that is longer is broken.
pub(crate) fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut used = 0;
    for word in text.split(' ') {
        let blank = usize::from(used > 0);
        let needed = word.width();
        if used > 0 && used + blank + needed > width {
            lines.push(String::new());
            used = 0;
        } else if blank > 0 {
            push(&mut lines, " ");
            used += 1;
        }
        if needed <= width {
            push(&mut lines, word);
            used += needed;
            continue;
        }
        for c in word.chars() {
            let wide = c.width().unwrap_or(0);
            if used + wide > width {
                lines.push(String::new());
                used = 0;
            }
            push(&mut lines, c.encode_utf8(&mut [0; 4]));
            used += wide;
        }
    }
    lines
}

fn push(lines: &mut [String], text: &str) {
    if let Some(line) = lines.last_mut() {
        line.push_str(text);
    }
}

/// A value cut to what can be shown; of a hash its beginning and its length.
pub(crate) fn shortened(text: &str, is_hash: bool) -> String {
    let length = text.chars().count();
    let keep = if is_hash { 12 } else { VALUE };
    if length <= keep {
        return visible(text);
    }
    let start: String = text.chars().take(keep).collect();
    if is_hash {
        format!("{}… ({} characters)", safe(&start), count(length as u64))
    } else {
        format!("{}…", safe(&start))
    }
}

/// Blanks at the edges shown as what they are.
fn visible(text: &str) -> String {
    let inner = text.trim_matches(' ');
    let front = text.len() - text.trim_start_matches(' ').len();
    let behind = text.len() - front.min(text.len()) - inner.len();
    format!("{}{}{}", "␣".repeat(front), safe(inner), "␣".repeat(behind))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_short_and_their_blanks_visible() {
        assert_eq!(shortened("  a b ", false), "␣␣a b␣");
        assert_eq!(shortened("   ", false), "␣␣␣");
        assert_eq!(
            shortened(&"T0".repeat(2000), true),
            "T0T0T0T0T0T0… (4,000 characters)"
        );
        assert_eq!(
            shortened(&"x".repeat(61), false),
            format!("{}…", "x".repeat(60))
        );
    }

    #[test]
    fn lines_fit_and_nothing_is_lost() {
        assert_eq!(wrapped("one two three", 7), ["one two", "three"]);
        assert_eq!(wrapped("abcdefghij k", 4), ["abcd", "efgh", "ij k"]);
        assert_eq!(wrapped("東京都", 4), ["東京", "都"]);
        assert_eq!(wrapped("", 4), [""]);
        let mut out = Vec::new();
        paragraph(&mut out, "- ", 2, "one two", 10).unwrap();
        paragraph(&mut out, "- ", 2, "one two three", 10).unwrap();
        assert_eq!(out, b"- one two\n- one two\n  three\n");
    }
}
