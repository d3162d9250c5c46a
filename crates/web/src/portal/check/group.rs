//! Findings by their code: what it is, why and how to mend it said once, and its places.

use std::collections::BTreeMap;

use device_list::{Code, Finding, Severity};
use service::register::DraftView;

use super::page::{Said, Typed, View};
use super::place::{Place, Repair};
use crate::portal::pill::Pill;

/// Places of one code that are shown among the others.
const FIRST: usize = 5;
/// Places of one code on a page of their own.
const PIECE: usize = 25;

/// What a group asks of whoever sent the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Standing {
    /// Rows can't be registered until somebody mends them.
    ToMend,
    /// Doubtful, but taken as it is.
    ToLookAt,
    /// The repaired list has it right.
    Repaired,
    /// Good to know.
    ToKnow,
}

impl Standing {
    const ALL: [Self; 4] = [Self::ToMend, Self::ToLookAt, Self::Repaired, Self::ToKnow];

    fn of(finding: &Finding) -> Self {
        match finding.severity {
            _ if finding.certain => Self::Repaired,
            Severity::Error => Self::ToMend,
            Severity::Warning => Self::ToLookAt,
            Severity::Note => Self::ToKnow,
        }
    }

    /// The heading above such groups.
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::ToMend => "To mend",
            Self::ToLookAt => "To look at",
            Self::Repaired => "Repaired for you",
            Self::ToKnow => "Good to know",
        }
    }

    fn hint(self) -> &'static str {
        match self {
            Self::ToMend => {
                "These rows can't be registered as they are. Mend them here, or leave them out."
            }
            Self::ToLookAt => "Doubtful, but taken as it is.",
            Self::Repaired => {
                "Only one value is possible, so it is put right when you save, and in the repaired list."
            }
            Self::ToKnow => "Nothing has to be done about these.",
        }
    }
}

/// The guess that accepting makes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Offer {
    /// What accepting does.
    pub text: &'static str,
    /// For how many places.
    pub count: usize,
    /// Whether it is accepted.
    pub accepted: bool,
}

/// The findings of one code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Group {
    /// The code.
    pub code: Code,
    /// How many, and how bad.
    pub pill: Pill,
    /// How many.
    pub count: usize,
    /// Whether it is shown opened.
    pub open: bool,
    /// The guess that can be accepted.
    pub offer: Option<Offer>,
    /// Some of the places.
    pub places: Vec<Place>,
    /// Number of the first place shown, from 0.
    pub from: usize,
    /// The number, among the places shown, of the one before which it is said what was just done.
    pub said_at: Option<usize>,
    standing: Standing,
}

impl Group {
    fn of(
        draft: &DraftView,
        code: Code,
        found: &[&Finding],
        view: &View,
        said: &Saying<'_>,
    ) -> Self {
        let (from, most) = match view.code {
            Some(_) => (view.from.min(found.len()), PIECE),
            None => (0, FIRST),
        };
        let severity = found
            .iter()
            .map(|f| f.severity)
            .min()
            .unwrap_or(code.severity());
        let standing = found.iter().map(|f| Standing::of(f)).min();
        let standing = standing.unwrap_or(Standing::ToKnow);
        let shown = &found[from..found.len().min(from + most)];
        let said_at = said.place_in(code, shown);
        let place = |(at, finding): (usize, &&Finding)| Place {
            is_behind_what_is_said: said_at == Some(at),
            severity: (finding.severity != severity).then_some(finding.severity),
            ..Place::of(draft, finding, said.typed)
        };
        Self {
            code,
            pill: Pill::of_severity(severity, found.len()),
            count: found.len(),
            open: standing == Standing::ToMend || view.code.is_some() || said.is_about(code),
            offer: offer(draft, code, found),
            places: shown.iter().enumerate().map(place).collect(),
            from,
            said_at,
            standing,
        }
    }

    /// What stands beside the title: the first repair, while all of them are folded away.
    pub(super) fn preview(&self) -> Option<&Repair> {
        let first = self
            .places
            .first()
            .filter(|_| self.standing == Standing::Repaired)?;
        Some(&first.repair)
    }

    /// Number of the last place shown, from 1.
    pub(super) fn to(&self) -> usize {
        self.from + self.places.len()
    }

    /// Where the places before these begin.
    pub(super) fn previous(&self) -> Option<usize> {
        (self.from > 0).then(|| self.from.saturating_sub(PIECE))
    }

    /// Where the places behind these begin.
    pub(super) fn next(&self) -> Option<usize> {
        (self.to() < self.count).then(|| self.to())
    }

    /// Whether it is said behind the last place.
    pub(super) fn says_behind(&self) -> bool {
        self.said_at == Some(self.places.len())
    }
}

/// The groups of one standing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Section {
    /// Which.
    pub standing: Standing,
    /// The groups, by code.
    pub groups: Vec<Group>,
}

impl Section {
    /// What that means.
    pub(super) fn hint(&self) -> &'static str {
        let places = || self.groups.iter().flat_map(|group| &group.places);
        if self.standing == Standing::ToMend && !places().any(|place| place.can_leave_out) {
            return "The list can't be registered as it is.";
        }
        self.standing.hint()
    }
}

/// What was just done, or could not be done.
#[derive(Clone, Copy)]
pub(super) struct Saying<'a> {
    pub(super) said: Option<&'a Said>,
    pub(super) typed: Option<&'a Typed>,
}

impl Saying<'_> {
    fn is_about(&self, code: Code) -> bool {
        let said = self.said.and_then(|said| said.at);
        let typed = self.typed.and_then(|typed| typed.at);
        said.or(typed).is_some_and(|at| at.code == code)
    }

    /// Where among these places it is said: before the first that is not in front of it.
    fn place_in(&self, code: Code, shown: &[&Finding]) -> Option<usize> {
        let at = self.said?.at.filter(|at| at.code == code)?;
        let before = |finding: &&&Finding| (finding.line, finding.column) < (at.line, at.column);
        Some(shown.iter().take_while(before).count())
    }
}

fn offer(draft: &DraftView, code: Code, found: &[&Finding]) -> Option<Offer> {
    let text = code.accepting()?;
    let accepted = draft.accepts(code);
    let count = found.iter().filter(|finding| finding.guess).count();
    (accepted || count > 0).then_some(Offer {
        text,
        count,
        accepted,
    })
}

/// Everything that is found, or one code of it, in sections: what needs somebody first.
pub(super) fn sections(
    draft: &DraftView,
    findings: &[&Finding],
    view: &View,
    saying: Saying<'_>,
) -> Vec<Section> {
    let mut by_code: BTreeMap<Code, Vec<&Finding>> = BTreeMap::new();
    for finding in findings {
        if view.code.is_none_or(|code| code == finding.code) {
            by_code.entry(finding.code).or_default().push(finding);
        }
    }
    let groups: Vec<Group> = by_code
        .iter()
        .map(|(code, found)| Group::of(draft, *code, found, view, &saying))
        .collect();
    let section = |standing| Section {
        standing,
        groups: groups
            .iter()
            .filter(|group| group.standing == standing)
            .cloned()
            .collect(),
    };
    let sections = Standing::ALL.into_iter().map(section);
    sections
        .filter(|section| !section.groups.is_empty())
        .collect()
}
