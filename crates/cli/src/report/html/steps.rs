//! What to do, in the order in which it helps most.

use std::collections::BTreeMap;

use device_list::{Code, Severity};

use super::codes::{Seen, anchor};
use crate::report::tally::Total;
use crate::terminal::counted;

/// Steps of "What to do": more would be the table of codes again.
const STEPS: usize = 6;

/// Something to do next.
pub(super) struct Step {
    pub(super) code: String,
    pub(super) what: String,
    pub(super) how: String,
    pub(super) command: String,
}

/// The only list, where its name needs no quotes on a command line.
pub(super) fn argument<'a>(lists: &'a str, total: &Total) -> &'a str {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._/-".contains(c);
    let needs_none = lists.chars().all(plain) && !lists.starts_with('-');
    if total.files == 1 && needs_none {
        lists
    } else {
        "LIST.csv"
    }
}

/// What one command does, then what needs somebody: the codes with most rows first.
pub(super) fn steps(
    total: &Total,
    list: &str,
    codes: &BTreeMap<(Severity, Code), Seen>,
) -> Vec<Step> {
    let counts = total.counts;
    let mut steps = Vec::new();
    if counts.certain > 0 && total.unusable < total.files {
        let findings = counted(counts.certain, "finding", "findings");
        steps.push(Step {
            code: String::new(),
            what: format!("Take the repaired list: {findings} mended with certainty."),
            how: "Every change is listed.".into(),
            command: format!("enlist check --fix MENDED.csv {list}"),
        });
    }
    let mut open: Vec<_> = codes
        .iter()
        .filter(|((severity, _), seen)| *severity != Severity::Note && seen.open() > 0)
        .collect();
    open.sort_by_key(|((severity, _), seen)| (*severity, std::cmp::Reverse(seen.open())));
    for ((severity, code), seen) in open.iter().take(STEPS) {
        steps.push(Step {
            code: anchor(*severity, *code),
            what: format!(
                "{} ({})",
                code.title(),
                counted(seen.open(), "time", "times")
            ),
            how: code.fix_hint().into(),
            command: String::new(),
        });
    }
    let more = open.len().saturating_sub(STEPS) as u64;
    if more > 0 {
        steps.push(Step {
            code: "h-codes".into(),
            what: counted(more, "more kind of finding", "more kinds of findings"),
            how: "are below.".into(),
            command: String::new(),
        });
    }
    steps
}
