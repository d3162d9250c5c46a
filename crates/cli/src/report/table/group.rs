//! What was found under one code: how often, why it matters, how to mend it, and where.

use std::fs::File;
use std::io::{self, BufWriter, Seek as _, SeekFrom, Write};

use device_list::{Code, Finding, Severity};

use super::Look;
use super::place::place;
use crate::report::original_code;
use crate::report::text::paragraph;
use crate::terminal::{Ink, counted};

/// Places shown of one code unless all are asked for.
const PLACES: u64 = 3;

/// Its places are written as they come; those of a report with all of them into a file without a
/// name, so that they take no memory.
#[derive(Default)]
pub(super) struct Group {
    found: u64,
    certain: u64,
    guesses: u64,
    first: Vec<u8>,
    all: Option<BufWriter<File>>,
}

impl Group {
    /// One place more.
    pub(super) fn add(&mut self, file: &str, finding: &Finding, look: Look) -> io::Result<()> {
        self.found += 1;
        self.certain += u64::from(finding.certain);
        self.guesses += u64::from(finding.guess && !finding.certain);
        if self.found <= PLACES {
            place(&mut self.first, file, finding, look)
        } else if look.all {
            let all = match &mut self.all {
                Some(all) => all,
                None => self.all.insert(BufWriter::new(tempfile::tempfile()?)),
            };
            place(all, file, finding, look)
        } else {
            Ok(())
        }
    }

    /// Whether nobody has to do anything about it but take the repaired list.
    pub(super) fn is_mended(&self) -> bool {
        self.certain == self.found
    }

    /// Writes all there is to say.
    pub(super) fn print(
        self,
        out: &mut impl Write,
        severity: Severity,
        code: Code,
        look: Look,
    ) -> io::Result<()> {
        self.heading(out, severity, code, look)?;
        paragraph(out, "  Why: ", 7, code.why(), look.width)?;
        paragraph(out, "  To mend: ", 11, code.fix_hint(), look.width)?;
        if let Some(accept) = code.accepting().filter(|_| self.guesses > 0) {
            let said = format!("with --fix --accept {code} a guess is made. {accept}");
            paragraph(out, "  Or: ", 6, &said, look.width)?;
        }
        let original = original_code(code);
        if !original.is_empty() {
            let said = format!("The original answers: {original}");
            paragraph(out, "  ", 4, &said, look.width)?;
        }
        out.write_all(&self.first)?;
        if let Some(all) = self.all {
            let mut all = all.into_inner().map_err(io::IntoInnerError::into_error)?;
            all.seek(SeekFrom::Start(0))?;
            io::copy(&mut all, out)?;
        } else if self.found > PLACES {
            let more = counted(self.found - PLACES, "more place", "more places");
            writeln!(out, "  … and {more}; --all shows them.")?;
        }
        Ok(())
    }

    /// `error EN0305 Quotes: 3 times, mended with certainty`.
    fn heading(
        &self,
        out: &mut impl Write,
        severity: Severity,
        code: Code,
        look: Look,
    ) -> io::Result<()> {
        let times = counted(self.found, "time", "times");
        let mended = match self.certain {
            0 => String::new(),
            _ if self.is_mended() => ", mended with certainty".to_owned(),
            certain => format!(", {} mended with certainty", counted(certain, "is", "are")),
        };
        let mut plain = Vec::new();
        let text = format!("{severity} {code} {}: {times}{mended}", code.title());
        paragraph(&mut plain, "", 2, &text, look.width)?;
        let plain = String::from_utf8_lossy(&plain);
        // Only the beginning has colours: what is measured above must not have them.
        let rest = plain
            .strip_prefix(severity.as_str())
            .and_then(|rest| rest.strip_prefix(' '))
            .and_then(|rest| rest.strip_prefix(code.as_str()));
        match rest {
            Some(rest) => write!(
                out,
                "{} {}{rest}",
                look.severity(severity),
                look.ink(code.as_str(), Ink::Bold)
            ),
            None => out.write_all(plain.as_bytes()),
        }
    }
}
