//! The hashes of a device list, read by the checker's own reader.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use device_list::{
    Channel, CheckOptions, Column, Event, HashContents, RowRef, Summary, check_stream,
};

use super::output::Place;
use super::say;
use crate::exit::Failure;
use crate::input::{Input, not_read};
use crate::terminal::{count, counted};

/// Which hashes are wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Pick {
    /// The first, and how to reach the others is said.
    First,
    /// The one in this row.
    Row(u32),
    /// The one in this line.
    Line(u64),
    /// The one of the device with this serial number.
    Serial(String),
    /// Every one.
    All,
}

/// A hash that was wanted.
pub(super) struct Found<'a> {
    pub(super) place: Place,
    pub(super) hash: &'a str,
}

/// What was seen on the way through a list.
#[derive(Debug, Default)]
struct Seen {
    /// Rows with a hash.
    hashes: u64,
    /// Rows that were picked, with a hash or without.
    picked: u64,
    /// The first of them.
    first: Option<Place>,
    /// Rows that were picked and shown.
    shown: u64,
}

/// Gives `on` each picked hash, in order.
///
/// # Errors
/// When there is no list, or nothing in it that was picked; and what `on` fails with.
pub(super) fn each(
    input: Input,
    pick: &Pick,
    on: &mut dyn FnMut(Found<'_>) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let (input, bar) = input.with_bar("Reading");
    let enough = Arc::new(AtomicBool::new(false));
    let reader = Until {
        reader: input.reader,
        enough: Arc::clone(&enough),
    };
    let options = CheckOptions {
        channel: Channel::Enlist,
        ..CheckOptions::default()
    };
    let mut seen = Seen::default();
    let mut told = Ok(());
    let checked = check_stream(reader, &options, &mut |event| {
        if let Event::Row(row) = event
            && told.is_ok()
            && !enough.load(Ordering::Relaxed)
        {
            told = seen.row(&row, pick, on);
            let is_enough = told.is_err() || pick.ends_after(&row);
            enough.store(is_enough, Ordering::Relaxed);
        }
    });
    if let Some(bar) = bar {
        bar.end();
    }
    told?;
    let summary = checked.map_err(|error| not_read(&input.name, &error))?;
    seen.tell(&input.name, pick, &summary)
}

impl Pick {
    fn takes(&self, row: &RowRef<'_>, seen: &Seen) -> bool {
        match self {
            Self::First => seen.shown == 0,
            Self::Row(number) => row.number() == *number,
            Self::Line(line) => row.line() == *line,
            Self::Serial(serial) => has_serial(row, serial),
            Self::All => true,
        }
    }

    /// Whether nothing more can be picked behind this row.
    fn ends_after(&self, row: &RowRef<'_>) -> bool {
        match self {
            Self::Row(number) => row.number() >= *number,
            Self::Line(line) => row.line() >= *line,
            // How many there are is to be said.
            Self::First | Self::Serial(_) | Self::All => false,
        }
    }
}

/// Whether a row is the device with that serial number: as sent, as repaired, or as its hash says
/// where the row says nothing.
fn has_serial(row: &RowRef<'_>, wanted: &str) -> bool {
    let is = |text: &str| text.trim().eq_ignore_ascii_case(wanted.trim());
    let sent = row.cell(Column::Serial);
    if sent.trim().is_empty() {
        let hash = row.cell(Column::Hash);
        return HashContents::salvage(&hash).is_ok_and(|contents| is(&contents.serial));
    }
    is(&sent) || is(&row.value(Column::Serial))
}

impl Seen {
    fn row(
        &mut self,
        row: &RowRef<'_>,
        pick: &Pick,
        on: &mut dyn FnMut(Found<'_>) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let hash = row.cell(Column::Hash);
        let has_hash = !hash.trim().is_empty();
        self.hashes += u64::from(has_hash);
        let wanted = has_hash || matches!(pick, Pick::Row(_) | Pick::Line(_) | Pick::Serial(_));
        if !wanted || !pick.takes(row, self) {
            return Ok(());
        }
        let place = Place {
            row: row.number(),
            line: row.line(),
        };
        self.picked += 1;
        self.first.get_or_insert(place);
        let is_one = matches!(pick, Pick::All) || self.shown == 0;
        if !has_hash || !is_one {
            return Ok(());
        }
        self.shown += 1;
        on(Found { place, hash: &hash })
    }

    /// What is to say at the end of the list.
    fn tell(&self, name: &str, pick: &Pick, summary: &Summary) -> Result<(), Failure> {
        if self.shown == 0 {
            return Err(self.nothing(name, pick, summary));
        }
        let rest = self.hashes - self.shown;
        match pick {
            Pick::First if rest > 0 => {
                let first = self.first.map_or(0, |place| place.row);
                let more = counted(rest, "more hash", "more hashes");
                say(&format!(
                    "{name} is a list: this is row {first}. It has {more}; --row, --line and \
                     --serial show another one, --all shows all."
                ));
            }
            Pick::Serial(_) if self.picked > 1 => {
                let rows = count(self.picked);
                say(&format!(
                    "{rows} rows have this serial number: this is the first that has a hash. \
                     --row shows another one."
                ));
            }
            Pick::All => {
                let bare = summary.rows - self.hashes;
                if bare > 0 {
                    let rows = counted(bare, "row has", "rows have");
                    say(&format!("{rows} no hardware hash."));
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Why nothing was shown.
    fn nothing(&self, name: &str, pick: &Pick, summary: &Summary) -> Failure {
        if !summary.is_usable() {
            return Failure::new(
                format!("{name} holds neither a hardware hash nor a device list."),
                "Give a file with a hash, which begins with T0, or run enlist check to see what \
                 the list lacks.",
            );
        }
        if let Some(place) = self.first {
            return Failure::new(
                format!(
                    "Row {} (line {}) of {name} has no hardware hash.",
                    place.row, place.line
                ),
                "Pick another one.",
            );
        }
        let rows = counted(summary.rows, "row", "rows");
        let what = match pick {
            Pick::Row(number) => format!("There is no row {number}: {name} has {rows}"),
            Pick::Line(line) => format!("There is no device in line {line} of {name}"),
            Pick::Serial(serial) => {
                format!("None of the {rows} of {name} has the serial number {serial}")
            }
            Pick::First | Pick::All => format!("None of the {rows} of {name} has a hardware hash"),
        };
        Failure::new(
            format!("{what}."),
            "Look at the list with enlist check; rows are counted below the header.",
        )
    }
}

/// A reader that ends when enough has been read.
struct Until<R> {
    reader: R,
    enough: Arc<AtomicBool>,
}

impl<R: Read> Read for Until<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.enough.load(Ordering::Relaxed) {
            return Ok(0);
        }
        self.reader.read(buffer)
    }
}
