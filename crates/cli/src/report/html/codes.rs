//! What was found under each code, and what to do about it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use device_list::{Code, Finding, Severity};

use crate::report::{address_of, original_code};
use crate::terminal::{count, counted};

/// Where a bar ends that is as long as can be.
const WIDEST: u64 = 1000;

/// How often a code was found.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Seen {
    pub(super) found: u64,
    certain: u64,
    guesses: u64,
}

impl Seen {
    pub(super) fn add(&mut self, finding: &Finding) {
        self.found += 1;
        self.certain += u64::from(finding.certain);
        self.guesses += u64::from(finding.guess && !finding.certain);
    }

    /// Those that somebody has to mend.
    pub(super) fn open(&self) -> u64 {
        self.found - self.certain
    }
}

/// A row of the table of codes.
pub(super) struct CodeRow {
    pub(super) anchor: String,
    pub(super) code: &'static str,
    pub(super) title: &'static str,
    pub(super) severity: &'static str,
    pub(super) why: &'static str,
    pub(super) fix: &'static str,
    pub(super) mended: String,
    pub(super) original: String,
    pub(super) address: String,
    pub(super) count: String,
    /// How long its bar is: what somebody must mend, then what the repaired list mends.
    pub(super) open: u64,
    pub(super) certain: u64,
}

/// What links lead to. A code is mostly of one severity, but need not be.
pub(super) fn anchor(severity: Severity, code: Code) -> String {
    if severity == code.severity() {
        code.to_string()
    } else {
        format!("{code}-{severity}")
    }
}

/// The table: the worst first, and what somebody must mend before what the repaired list mends.
pub(super) fn table(codes: &BTreeMap<(Severity, Code), Seen>) -> Vec<CodeRow> {
    let most = codes.values().map(|seen| seen.found).max().unwrap_or(1);
    let mut codes: Vec<_> = codes.iter().collect();
    codes.sort_by_key(|((severity, _), seen)| (*severity, seen.open() == 0));
    let row = |((severity, code), seen): (&(Severity, Code), &Seen)| CodeRow {
        anchor: anchor(*severity, *code),
        code: code.as_str(),
        title: code.title(),
        severity: severity.as_str(),
        why: code.why(),
        fix: code.fix_hint(),
        mended: mended(*code, seen),
        original: original_code(*code),
        address: address_of(*code).unwrap_or_default(),
        count: count(seen.found),
        open: width(seen.open(), most),
        certain: width(seen.certain, most),
    };
    codes.into_iter().map(row).collect()
}

/// A share of the longest bar. One finding beside a million must be seen.
fn width(found: u64, most: u64) -> u64 {
    let width = u128::from(found) * u128::from(WIDEST) / u128::from(most.max(1));
    let least = if found == 0 { 0 } else { 6 };
    u64::try_from(width).unwrap_or(WIDEST).clamp(least, WIDEST)
}

fn mended(code: Code, seen: &Seen) -> String {
    let mut said = match seen.certain {
        0 => String::new(),
        certain if certain == seen.found => "certain, the repaired list has it.".into(),
        certain => format!(
            "{} certain, the repaired list has {}.",
            counted(certain, "is", "are"),
            if certain == 1 { "it" } else { "them" }
        ),
    };
    if let Some(accept) = code.accepting().filter(|_| seen.guesses > 0) {
        let blank = if said.is_empty() { "" } else { " " };
        // Writing to a string can't fail.
        let _ = write!(
            said,
            "{blank}a guess, made only with --accept {code}. {accept}"
        );
    }
    said
}

#[cfg(test)]
mod tests {
    use super::width;

    #[test]
    fn bars_are_shares_of_the_longest() {
        assert_eq!(width(5, 10), 500);
        assert_eq!(
            (width(1, 1_000_000), width(7, 7), width(0, 7)),
            (6, 1000, 0)
        );
    }
}
