//! A value as it is shown: exactly, with everything that nobody sees made visible.

use device_list::Column;

/// Longest text that is shown whole, in characters.
const LONGEST: usize = 48;
/// How many characters of a longer one are shown.
const BEGINNING: usize = 16;

/// A piece of a shown text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Piece {
    /// The letters, or the sign that stands for what is not seen.
    pub text: String,
    /// What that is, in words; blank for letters.
    pub sign: &'static str,
}

/// A text in pieces: letters as they are, blanks at the ends or in a row, control characters and
/// others that nobody sees as signs. A hash, or another long text, is cut.
pub(super) fn pieces(text: &str, column: Option<Column>) -> Vec<Piece> {
    let length = text.chars().count();
    let most = if column == Some(Column::Hash) {
        BEGINNING
    } else {
        LONGEST
    };
    let cut: String = if length > most {
        text.chars().take(BEGINNING).collect()
    } else {
        text.to_owned()
    };
    let mut pieces = Vec::new();
    let mut before = ' ';
    let mut rest = cut.chars().peekable();
    while let Some(c) = rest.next() {
        let alone = c == ' ' && before != ' ' && rest.peek().is_some_and(|next| *next != ' ');
        match sign(c) {
            Some((text, sign)) if !alone => pieces.push(Piece { text, sign }),
            _ => letter(&mut pieces, c),
        }
        before = c;
    }
    if length > most {
        letter(&mut pieces, '…');
        pieces.push(Piece {
            text: format!("{length} characters"),
            sign: "in all",
        });
    }
    pieces
}

fn letter(pieces: &mut Vec<Piece>, c: char) {
    match pieces.last_mut() {
        Some(last) if last.sign.is_empty() => last.text.push(c),
        _ => pieces.push(Piece {
            text: c.into(),
            sign: "",
        }),
    }
}

/// What stands for a character that nobody sees.
fn sign(c: char) -> Option<(String, &'static str)> {
    Some(match c {
        ' ' => ("·".to_owned(), "blank"),
        '\t' => ("TAB".to_owned(), "tab"),
        '\n' => ("LF".to_owned(), "line break"),
        '\r' => ("CR".to_owned(), "line break"),
        '\0' => ("NUL".to_owned(), "control character"),
        '\u{a0}' => ("NBSP".to_owned(), "no-break space"),
        c if c.is_control() => (point(c), "control character"),
        c if c.is_whitespace() => (point(c), "odd blank"),
        c if is_unseen(c) => (point(c), "invisible character"),
        _ => return None,
    })
}

fn point(c: char) -> String {
    format!("U+{:04X}", u32::from(c))
}

/// Zero-width characters, marks of direction, byte-order marks, soft hyphens.
fn is_unseen(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// A text as it can be typed: without what nobody sees, and without blanks around it.
pub(super) fn typable(text: &str) -> String {
    let typed: String = text
        .chars()
        .filter(|c| !c.is_control() && !is_unseen(*c))
        .collect();
    typed.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, column: Option<Column>) -> String {
        let show = |piece: Piece| match piece.sign {
            "" => piece.text,
            _ => format!("[{}]", piece.text),
        };
        pieces(text, column).into_iter().map(show).collect()
    }

    #[test]
    fn what_nobody_sees_is_shown_and_the_rest_is_as_it_is() {
        assert_eq!(shown("Book 13", None), "Book 13");
        assert_eq!(shown(" 0003  x ", None), "[·]0003[·][·]x[·]");
        assert_eq!(
            shown("a\tb\u{200b}\u{a0}c\0\u{1b}", None),
            "a[TAB]b[U+200B][NBSP]c[NUL][U+001B]"
        );
        assert_eq!(shown("", None), "");
        assert_eq!(shown("<b>", None), "<b>");
    }

    #[test]
    fn a_hash_is_never_shown_whole() {
        let hash = "T0F8AQEAHAAAABsA".repeat(250);
        assert_eq!(
            shown(&hash, Some(Column::Hash)),
            "T0F8AQEAHAAAABsA…[4000 characters]"
        );
        assert_eq!(shown(&hash, None), "T0F8AQEAHAAAABsA…[4000 characters]");
        assert_eq!(
            shown("T0F8AQEAHAAAABsAx", Some(Column::Hash)),
            "T0F8AQEAHAAAABsA…[17 characters]"
        );
        assert_eq!(shown(&"x".repeat(48), None), "x".repeat(48));
    }

    #[test]
    fn what_is_offered_to_type_has_nothing_unseen() {
        assert_eq!(typable(" 00\u{200b}03\t\n"), "0003");
        assert_eq!(typable("Book  13"), "Book  13");
    }
}
