//! Texts of an XLSX workbook: in the cells, or shared by them.

use std::borrow::Cow;

use quick_xml::events::Event;

use super::error::{Limit, WorkbookError};
use super::limits::WorkbookLimits;
use super::xml::{Xml, attribute};

/// The texts that cells share, one after the other.
#[derive(Default)]
pub(super) struct SharedStrings {
    text: String,
    ends: Vec<u32>,
}

impl SharedStrings {
    /// Reads the part. What it says of its own length is not believed.
    pub(super) fn read(xml: &mut Xml<'_>, limits: &WorkbookLimits) -> Result<Self, WorkbookError> {
        let most = limits.text.min(u32::MAX.into());
        let mut strings = Self::default();
        loop {
            let is_string = match xml.next()? {
                Event::Start(element) => element.local_name().as_ref() == "si",
                Event::Eof => break,
                _ => continue,
            };
            if is_string {
                rich_text(xml, &mut strings.text)?;
                if strings.text.len() as u64 > most {
                    return Err(limits.error(Limit::Text));
                }
                strings.ends.push(strings.text.len() as u32);
            }
        }
        Ok(strings)
    }

    /// The text of a number from 0.
    pub(super) fn get(&self, number: usize) -> Option<&str> {
        let end = *self.ends.get(number)?;
        let begin = number.checked_sub(1).map_or(0, |before| self.ends[before]);
        self.text.get(begin as usize..end as usize)
    }
}

/// Appends the text of an element that has just begun: its runs, without how they are pronounced
/// (ECMA-376 part 1, 18.4.8).
pub(super) fn rich_text(xml: &mut Xml<'_>, text: &mut String) -> Result<(), WorkbookError> {
    let (mut depth, begin) = (1, text.len());
    let mut run = String::new();
    while depth > 0 {
        let event = xml.next()?;
        let Event::Start(element) = &event else {
            depth -= u32::from(matches!(event, Event::End(_)));
            continue;
        };
        match element.local_name().as_ref() {
            "t" => {
                let keep = attribute(element, "space")?.is_some_and(|space| space == "preserve");
                drop(event);
                run.clear();
                xml.text(&mut run)?;
                let run = if keep { &run } else { run.trim_ascii() };
                text.push_str(&unescaped(run));
                xml.check_cell(text.len() - begin)?;
            }
            "r" => depth += 1,
            _ => {
                drop(event);
                xml.skip()?;
            }
        }
    }
    Ok(())
}

/// Resolves `_x000D_` and its like, which stand for characters that XML can't hold (ECMA-376
/// part 1, 22.9.2.19).
pub(super) fn unescaped(text: &str) -> Cow<'_, str> {
    /// `_xHHHH_`.
    const LENGTH: usize = 7;
    if !text.contains("_x") {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("_x") {
        let (before, escape) = rest.split_at(at);
        plain.push_str(before);
        let c = escape
            .get(2..LENGTH)
            .and_then(|hex| hex.strip_suffix('_'))
            .filter(|hex| hex.bytes().all(|byte| byte.is_ascii_hexdigit()))
            .and_then(|hex| char::from_u32(u32::from_str_radix(hex, 16).ok()?));
        let length = if let Some(c) = c {
            plain.push(c);
            LENGTH
        } else {
            plain.push('_');
            1
        };
        rest = &escape[length..];
    }
    plain.push_str(rest);
    Cow::Owned(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_resolved() {
        for (text, plain) in [
            ("a_x000D_b", "a\rb"),
            ("_x000a__x0009_", "\n\t"),
            ("_x005F_x000D_", "_x000D_"),
            ("_xD800_", "_xD800_"),
            ("_x00_", "_x00_"),
            ("_x00zz_", "_x00zz_"),
            ("_x_x0041_", "_xA"),
            ("_x+041_", "_x+041_"),
            ("_x000", "_x000"),
            ("_xéé_", "_xéé_"),
            ("plain_", "plain_"),
        ] {
            assert_eq!(unescaped(text), plain);
        }
    }
}
