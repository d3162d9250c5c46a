//! Counts as a bar: what `ui::chart` draws.

use registration::group_tag;
use registration::plan::Outcome;
use registration::upload::OutcomeCounts;
use service::DeviceTotals;
use service::register::Tally;

/// One part of the bar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    /// Its colour: `o-…` in the stylesheet.
    pub key: &'static str,
    /// Its name.
    pub label: String,
    /// How many.
    pub count: u64,
    /// Where it begins.
    pub offset: u64,
    /// How wide it is drawn.
    pub width: u64,
}

/// A bar.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Chart {
    /// Its parts; those with nothing in them are left out.
    pub parts: Vec<Part>,
    /// The sum of the widths.
    pub width: u64,
    /// The sum of the counts.
    pub total: u64,
}

/// Colours for what has none of its own, told apart also by those who see few colours.
const COLOURS: [&str; 8] = [
    "registered",
    "not-found",
    "duplicate",
    "elsewhere",
    "already",
    "wrong-tag",
    "no-consent",
    "invalid",
];

impl Chart {
    fn of(counts: impl IntoIterator<Item = (&'static str, String, u64)>) -> Self {
        let counts: Vec<_> = counts.into_iter().filter(|(_, _, n)| *n > 0).collect();
        let total: u64 = counts.iter().map(|(_, _, n)| n).sum();
        // One failed row in 50,000 must be seen.
        let least = (total / 100).max(1);
        let mut chart = Self {
            total,
            ..Self::default()
        };
        for (key, label, count) in counts {
            let width = count.max(least);
            chart.parts.push(Part {
                key,
                label,
                count,
                offset: chart.width,
                width,
            });
            chart.width += width;
        }
        chart
    }

    /// Rows by outcome.
    pub(super) fn of_outcomes(counts: &OutcomeCounts) -> Self {
        Self::of(Outcome::ALL.map(|outcome| {
            (
                colour(outcome),
                outcome.title().to_owned(),
                counts.of(outcome),
            )
        }))
    }

    /// Rows of a draft by what the check says of them.
    pub(super) fn of_tally(tally: &Tally) -> Self {
        Self::of([
            ("registered", "Ready".to_owned(), tally.ready),
            ("already", "Repaired for you".to_owned(), tally.repaired),
            ("invalid", "To mend".to_owned(), tally.to_mend),
            ("duplicate", "Listed twice".to_owned(), tally.duplicates),
        ])
    }

    /// Devices by group tag.
    pub(super) fn of_tags(totals: &DeviceTotals) -> Self {
        let colours = COLOURS.iter().cycle();
        Self::of(
            totals
                .by_tag
                .iter()
                .zip(colours)
                .map(|((tag, n), colour)| (*colour, profile_of(tag), *n)),
        )
    }

    /// Registered devices by state.
    pub(super) fn of_states(totals: &DeviceTotals) -> Self {
        let [ready, active, inactive] = totals.by_state;
        Self::of([
            ("not-found", "Ready for user".to_owned(), ready),
            ("registered", "Active".to_owned(), active),
            ("duplicate", "Inactive".to_owned(), inactive),
        ])
    }
}

/// The colour of an outcome in the stylesheet.
fn colour(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Registered => "registered",
        Outcome::AlreadyRegistered => "already",
        Outcome::RegisteredElsewhere => "elsewhere",
        Outcome::NotFound => "not-found",
        Outcome::Invalid => "invalid",
        Outcome::DuplicateInList => "duplicate",
        Outcome::NoConsent => "no-consent",
        Outcome::WrongTag => "wrong-tag",
    }
}

/// The device profile that a tag names, for people: "Standard, shared device".
pub(super) fn profile_of(tag: &str) -> String {
    match group_tag::parse(tag) {
        Ok(known) if known.shared => format!("{}, shared device", known.device_profile.title()),
        Ok(known) => known.device_profile.title().to_owned(),
        Err(_) if tag.is_empty() => "No group tag".to_owned(),
        Err(_) => format!("{tag}, own group tag"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_row_in_fifty_thousand_is_seen_and_the_parts_fill_the_bar() {
        let mut counts = OutcomeCounts::default();
        counts.0[Outcome::Registered as usize] = 49_999;
        counts.add(Outcome::Invalid);
        let chart = Chart::of_outcomes(&counts);
        assert_eq!(chart.total, 50_000);
        assert_eq!(chart.parts.len(), 2);
        assert_eq!((chart.parts[1].count, chart.parts[1].width), (1, 500));
        assert_eq!(chart.parts[1].offset + chart.parts[1].width, chart.width);
    }
}
