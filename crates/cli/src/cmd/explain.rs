//! `enlist explain`: what a finding's code means, why there is the rule, and how to mend it.

use std::io::{self, Write};

use clap::{Args, ValueEnum};
use device_list::Code;

use crate::exit::{Exit, Failure};
use crate::report::about::About;
use crate::report::json_text::write_json;
use crate::report::original_code;
use crate::report::text::paragraph;
use crate::terminal::{bold, width};

/// Lines of text are no wider than this.
const WIDEST: u16 = 100;
/// How many codes are named where one does not exist.
const NEAREST: usize = 3;

/// How it is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// For people.
    Text,
    /// An array of objects.
    Json,
}

/// Explain finding codes: what they mean, why, and how to mend it.
///
/// Without a code it lists all of them.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  enlist explain
  enlist explain EN0601
  enlist explain EN04
  enlist explain EN0308 EN0411 --format json")]
pub(crate) struct Explain {
    /// Codes such as EN0401, or groups such as EN04.
    #[arg(value_name = "CODE")]
    codes: Vec<String>,

    /// How it is told.
    #[arg(long, value_enum, default_value_t = Form::Text)]
    format: Form,
}

impl Explain {
    /// Tells what was asked for, in the order of the table.
    pub(crate) fn run(self) -> Result<Exit, Failure> {
        let mut asked = Vec::new();
        for text in &self.codes {
            let codes = meant(text);
            if codes.is_empty() {
                return Err(unknown(text));
            }
            asked.extend(codes);
        }
        let mut out = io::BufWriter::new(io::stdout());
        match self.format {
            Form::Json => {
                let codes = if self.codes.is_empty() {
                    Code::all().collect()
                } else {
                    asked
                };
                json(&mut out, codes)?;
            }
            Form::Text if self.codes.is_empty() => list(&mut out)?,
            Form::Text => {
                for (at, code) in asked.into_iter().enumerate() {
                    if at > 0 {
                        writeln!(out)?;
                    }
                    explain(&mut out, code)?;
                }
            }
        }
        out.flush()?;
        Ok(Exit::Good)
    }
}

/// The codes that a text means: `EN0401` one, `EN04` its group; the letters may be left out.
fn meant(text: &str) -> Vec<Code> {
    let number = digits(text);
    let full = format!("EN{number:0>4}");
    match number.len() {
        3 | 4 => Code::from_text(&full).into_iter().collect(),
        1 | 2 => {
            let group = format!("EN{number:0>2}");
            Code::all()
                .filter(|code| code.as_str().starts_with(&group))
                .collect()
        }
        _ => Vec::new(),
    }
}

/// What follows `EN`, in any capitals; nothing if that is not a number.
fn digits(text: &str) -> &str {
    let text = text.trim();
    let number = match text.get(..2) {
        Some(letters) if letters.eq_ignore_ascii_case("EN") => &text[2..],
        _ => text,
    };
    if number.bytes().all(|byte| byte.is_ascii_digit()) {
        number
    } else {
        ""
    }
}

fn unknown(text: &str) -> Failure {
    let remedy = match nearest(text)[..] {
        [] => "enlist explain lists all codes.".to_owned(),
        ref codes => {
            let named: Vec<String> = codes
                .iter()
                .map(|code| format!("{code} ({})", code.title()))
                .collect();
            format!("The nearest are {}.", named.join(", "))
        }
    };
    Failure::new(format!("There is no code {text}."), remedy)
}

/// The codes whose numbers are nearest, of the same group first; none for what is no number.
fn nearest(text: &str) -> Vec<Code> {
    let number = |text: &str| digits(text).parse::<i64>().ok();
    let Some(asked) = number(text).filter(|asked| *asked >= 100) else {
        return Vec::new();
    };
    let mut codes: Vec<Code> = Code::all().collect();
    codes.sort_by_key(|code| {
        let number = number(code.as_str()).unwrap_or_default();
        (number / 100 != asked / 100, number.abs_diff(asked))
    });
    codes.truncate(NEAREST);
    codes
}

fn json(out: &mut impl Write, codes: Vec<Code>) -> io::Result<()> {
    let said: Vec<About> = codes.into_iter().map(About::of).collect();
    write_json(&mut *out, &said)?;
    writeln!(out)
}

/// Every code in a line, by group.
fn list(out: &mut impl Write) -> io::Result<()> {
    let mut group = "";
    for code in Code::all() {
        if code.group() != group {
            let blank = if group.is_empty() { "" } else { "\n" };
            group = code.group();
            let digits = &code.as_str()[..4];
            writeln!(out, "{blank}{}", bold(&format!("{digits}  {group}")))?;
        }
        let front = format!("  {code}  {:<8} ", code.severity().as_str());
        paragraph(out, &front, front.len(), code.title(), columns())?;
    }
    writeln!(out, "\nenlist explain CODE says why, and how to mend it.")
}

fn explain(out: &mut impl Write, code: Code) -> io::Result<()> {
    writeln!(out, "{}", bold(&format!("{code}: {}", code.title())))?;
    writeln!(out, "  {}, {}", code.severity(), code.group())?;
    let original = original_code(code);
    let accept = code
        .accepting()
        .map(|does| format!("with --accept {code} a guess is made. {does}"));
    for (front, said) in [
        ("Why", code.why()),
        ("To mend", code.fix_hint()),
        ("Or", accept.as_deref().unwrap_or_default()),
        ("Original", &original),
    ] {
        if !said.is_empty() {
            let front = format!("  {front:<9} ");
            paragraph(out, &front, front.len(), said, columns())?;
        }
    }
    Ok(())
}

fn columns() -> usize {
    usize::from(width().min(WIDEST))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_groups_are_understood_in_every_spelling() {
        for text in ["EN0401", "en0401", " 0401", "401"] {
            assert_eq!(meant(text), [Code::NO_COMBINATION], "{text}");
        }
        for text in ["EN04", "04", "4"] {
            assert!(meant(text).len() > 5, "{text}");
            assert!(meant(text).iter().all(|c| c.group() == "Identifiers"));
        }
        for text in ["", "EN", "EN0000", "EN09", "EN04011", "x", "EN04x1", "ÄN01"] {
            assert_eq!(meant(text), [], "{text}");
        }
    }

    #[test]
    fn the_nearest_codes_are_of_the_same_group() {
        assert!(nearest("EN0499").iter().all(|c| c.group() == "Identifiers"));
        assert_eq!(nearest("EN0400")[0], Code::NO_COMBINATION);
        assert_eq!(nearest("EN99999")[0].group(), "Across rows and files");
        assert_eq!((nearest("what"), nearest("EN09")), (vec![], vec![]));
    }
}
