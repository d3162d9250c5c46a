//! What there is to say about a code, whatever was found.

use device_list::{Code, Severity};
use serde::Serialize;

use super::page_of;

/// All of it, as `enlist explain --format json` and the reports tell it.
#[derive(Debug, Serialize)]
pub(crate) struct About {
    /// The code.
    pub(crate) code: Code,
    /// A few words: what it is.
    pub(crate) title: &'static str,
    /// What its group is about.
    pub(crate) group: &'static str,
    /// How bad it usually is.
    pub(crate) severity: Severity,
    /// Why there is such a rule.
    pub(crate) why: &'static str,
    /// How to mend it.
    pub(crate) fix: &'static str,
    /// What accepting its guess does.
    pub(crate) accept: Option<&'static str>,
    /// What the original answers.
    pub(crate) dds: Option<Dds>,
    /// Where its page is.
    pub(crate) help: String,
}

/// The code and name under which the original's back end reports the same (registration.md 8.1).
#[derive(Debug, Serialize)]
pub(crate) struct Dds {
    code: u16,
    name: &'static str,
}

impl Dds {
    /// Those of a code, where they are known.
    pub(crate) fn of(code: Code) -> Option<Self> {
        code.dds().map(|(code, name)| Self { code, name })
    }
}

impl About {
    /// What there is to say.
    pub(crate) fn of(code: Code) -> Self {
        Self {
            code,
            title: code.title(),
            group: code.group(),
            severity: code.severity(),
            why: code.why(),
            fix: code.fix_hint(),
            accept: code.accepting(),
            dds: Dds::of(code),
            help: page_of(code),
        }
    }
}
