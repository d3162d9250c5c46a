//! What is chosen for reading a list, whatever is done with it: the guesses that are accepted, the
//! group tag, the sheet.

use std::thread;

use clap::Args;
use device_list::{CheckOptions, Code};
use registration::group_tag;

/// Choices for reading lists.
#[derive(Debug, Args)]
pub(super) struct Choices {
    /// Accept the guess of this code, so that it is mended like what is certain; may be given more
    /// than once. enlist explain CODE says what the guess is.
    #[arg(long, value_name = "CODE", value_delimiter = ',', value_parser = acceptable)]
    accept: Vec<Code>,

    /// The group tag the list is for: tags in the list are held against it, and rows without one
    /// get it where the layout has a column for it.
    #[arg(long, value_name = "TAG", value_parser = tag)]
    tag: Option<String>,

    /// Which sheet of a workbook to read, by its name or its number from 1; the first with something
    /// on it unless given.
    #[arg(long, value_name = "SHEET")]
    sheet: Option<String>,
}

impl Choices {
    /// The options with what was chosen.
    pub(super) fn onto(&self, mut options: CheckOptions) -> CheckOptions {
        options.accept = self.accept.iter().copied().collect();
        options.tag = self.tag.as_deref().map(Into::into);
        options.sheet = self.sheet.as_deref().map(Into::into);
        options
    }
}

/// How many threads judge rows unless somebody says so.
pub(super) fn cores() -> usize {
    thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

/// A code whose guess can be accepted.
fn acceptable(text: &str) -> Result<Code, String> {
    let known = Code::from_text(text.trim());
    if let Some(code) = known.filter(|code| code.accepting().is_some()) {
        return Ok(code);
    }
    let codes: Vec<_> = Code::all()
        .filter(|code| code.accepting().is_some())
        .map(Code::as_str)
        .collect();
    let wrong = match known {
        Some(code) => format!("{code} has no guess that could be accepted"),
        None => "there is no such code".to_owned(),
    };
    Err(format!(
        "{wrong}; codes with a guess are {}",
        codes.join(", ")
    ))
}

/// A tag of the catalogue, to the letter.
fn tag(text: &str) -> Result<String, group_tag::GroupTagError> {
    group_tag::parse(text).map(|known| known.tag.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_codes_with_a_guess_can_be_accepted() {
        let guess = Code::PKID_TWELVE_DIGITS;
        assert_eq!(acceptable("en0411"), Ok(guess));
        for (text, expected) in [("EN0703", "has no guess"), ("EN9999", "no such code")] {
            let refused = acceptable(text).unwrap_err();
            assert!(refused.contains(expected), "{refused}");
            assert!(refused.contains(guess.as_str()), "{refused}");
        }
    }

    #[test]
    fn a_tag_is_one_of_the_catalogue() {
        let refused = tag("microsoft365managed_kiosk").unwrap_err();
        assert_eq!(refused.meant(), Some("Microsoft365Managed_Kiosk"));
        assert_eq!(
            tag("Microsoft365Managed_Kiosk").as_deref(),
            Ok("Microsoft365Managed_Kiosk")
        );
    }
}
