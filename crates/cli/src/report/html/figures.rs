//! What the rows come to: figures, and a bar of their shares.

use crate::report::tally::{Counts, Part};
use crate::terminal::count;

/// A number that counts.
pub(super) struct Figure {
    pub(super) class: &'static str,
    pub(super) name: &'static str,
    pub(super) count: String,
    pub(super) hint: &'static str,
}

/// A part of the bar.
pub(super) struct Bar {
    pub(super) class: &'static str,
    pub(super) x: u64,
    pub(super) width: u64,
}

fn class(part: Part) -> &'static str {
    match part {
        Part::Ready => "ready",
        Part::Repaired => "repaired",
        Part::ToMend => "mend",
        Part::Repeated => "again",
    }
}

pub(super) fn figures(counts: &Counts) -> Vec<Figure> {
    let figure = |class, name, number, hint| Figure {
        class,
        name,
        count: count(number),
        hint,
    };
    let mut figures = vec![
        figure(
            "devices",
            "Devices",
            counts.devices,
            "different ones, named by the rows",
        ),
        figure("ready", "Ready", counts.ready, "rows as they are"),
        figure(
            "repaired",
            "Repaired",
            counts.repaired,
            "rows after certain repairs",
        ),
        figure(
            "mend",
            "To mend",
            counts.to_mend,
            "rows somebody must look at",
        ),
    ];
    if counts.repeated > 0 {
        let hint = "rows that say the same again";
        figures.push(figure("again", "Repeated", counts.repeated, hint));
    }
    figures
}

/// The rows as parts of a bar that is 1,000 long; each part that has rows can be seen.
pub(super) fn bar(counts: &Counts) -> Vec<Bar> {
    let mut x = 0;
    let mut bars = Vec::new();
    for (part, rows) in counts.parts() {
        if rows == 0 {
            continue;
        }
        let share = u128::from(rows) * 1000 / u128::from(counts.rows.max(1));
        let width = u64::try_from(share).unwrap_or(1000).max(8);
        bars.push(Bar {
            class: class(part),
            x,
            width,
        });
        x += width;
    }
    // Rounding, and parts made longer than their share, are the longest one's.
    if let Some(at) = (0..bars.len()).max_by_key(|at| bars[*at].width) {
        bars[at].width = (bars[at].width + 1000).saturating_sub(x).max(1);
        let mut x = 0;
        for bar in &mut bars {
            bar.x = x;
            x += bar.width;
        }
    }
    bars
}

pub(super) fn bar_label(counts: &Counts) -> String {
    let said: Vec<String> = counts
        .parts()
        .into_iter()
        .filter(|(_, rows)| *rows > 0)
        .map(|(part, rows)| format!("{} {}", count(rows), part.name()))
        .collect();
    format!("Rows: {}", said.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar_is_full_and_its_smallest_part_is_seen() {
        let counts = Counts {
            rows: 1_000_000,
            ready: 999_998,
            to_mend: 1,
            repeated: 1,
            ..Counts::default()
        };
        let bar = bar(&counts);
        assert_eq!(bar.iter().map(|part| part.width).sum::<u64>(), 1000);
        assert!(bar.iter().all(|part| part.width >= 8));
        assert_eq!(
            bar_label(&counts),
            "Rows: 999,998 ready, 1 to mend, 1 repeated"
        );
    }
}
