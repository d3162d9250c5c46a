//! The lines of a judged block, to be told in their order: with places instead of texts, so that the
//! block itself can be handed from thread to thread.

use std::ops::Range;
use std::sync::Arc;

use crate::cells::Cells;
use crate::check::judge::{Judged, Kind};
use crate::check::row::Texts;
use crate::check::seen::{Print, ShortKey};
use crate::check::sink::{JudgedRow, Line, Reading, Sign, Sink};
use crate::dialect::Column;
use crate::finding::Finding;
use crate::identity_key::Keys;

/// A line of a block. Nearly all are rows, and a box for each would cost more than the place.
pub(super) enum Item {
    Skipped(Place, Box<Finding>),
    Row(Row),
    Header(Place, Arc<Reading>, Vec<Finding>),
    Sign(Place, Sign),
}

/// Where a line is in its block.
pub(super) struct Place {
    text: Range<usize>,
    length: usize,
    lines: u64,
    delimiter: u8,
    wrapped: bool,
}

/// A judged row, with places instead of texts where it stands in the block as it is.
pub(super) struct Row {
    place: Place,
    raw: Raw,
    corrected: Option<Box<Cells>>,
    kind: Option<Kind>,
    pub(super) keys: Keys<ShortKey>,
    print: Print,
    findings: Vec<Finding>,
}

pub(super) enum Raw {
    InBlock([(u32, u32); Column::COUNT]),
    Tidied(Box<Cells>),
}

/// How much one block may collect: a line counts one, a finding [`FINDING`]. Rows in order come to
/// less even where they are short; where nearly every line has a finding, the threads would only
/// wait for each other's memory.
const MOST: usize = 8192;

/// What a finding counts, with its texts.
const FINDING: usize = 32;

/// Takes the lines of one block, as many as [`MOST`] allows.
pub(super) struct Collector<'b> {
    block: &'b [u8],
    items: Vec<Item>,
    /// How much was collected.
    collected: usize,
    /// Those of this block: each is told once.
    signs: Vec<Sign>,
}

impl<'b> Collector<'b> {
    /// Puts the lines of `block` into `items`, which is empty.
    pub(super) fn new(block: &'b [u8], items: Vec<Item>) -> Self {
        Self {
            block,
            items,
            collected: 0,
            signs: Vec::new(),
        }
    }

    pub(super) fn into_items(self) -> Vec<Item> {
        self.items
    }

    fn place(&self, line: Line<'_>) -> Place {
        Place {
            text: self.span(line.text),
            length: line.length,
            lines: line.lines,
            delimiter: line.delimiter,
            wrapped: line.wrapped,
        }
    }

    /// Where a part of the block is.
    fn span(&self, part: &[u8]) -> Range<usize> {
        let start = part
            .as_ptr()
            .addr()
            .wrapping_sub(self.block.as_ptr().addr());
        start..start.wrapping_add(part.len())
    }

    fn raw(&self, texts: &Texts<'_>) -> Raw {
        let mut spans = [(0, 0); Column::COUNT];
        for (column, place) in Column::ALL.into_iter().zip(&mut spans) {
            let part = texts.bytes(column);
            if part.is_empty() {
                continue;
            }
            let span = self.span(part);
            if span.end > self.block.len() || span.start > span.end {
                return Raw::Tidied(Box::new(texts.to_cells()));
            }
            *place = (span.start as u32, span.end as u32);
        }
        Raw::InBlock(spans)
    }
}

impl Sink for Collector<'_> {
    fn skipped(&mut self, line: Line<'_>, finding: Finding) {
        let place = self.place(line);
        self.collected += 1 + FINDING;
        self.items.push(Item::Skipped(place, Box::new(finding)));
    }

    fn is_full(&self) -> bool {
        self.collected >= MOST
    }

    fn row(&mut self, row: JudgedRow<'_>) {
        self.collected += 1 + FINDING * row.findings.len();
        let row = Row {
            place: self.place(row.line),
            raw: self.raw(&row.raw),
            corrected: row.corrected.map(Box::new),
            kind: row.judged.kind,
            keys: row.judged.keys,
            print: row.print,
            findings: row.findings,
        };
        self.items.push(Item::Row(row));
    }

    fn header(&mut self, line: Line<'_>, reading: Arc<Reading>, findings: Vec<Finding>) {
        let place = self.place(line);
        self.items.push(Item::Header(place, reading, findings));
    }

    fn sign(&mut self, line: Line<'_>, sign: Sign) {
        if !self.signs.contains(&sign) {
            let place = self.place(line);
            self.signs.push(sign);
            self.items.push(Item::Sign(place, sign));
        }
    }
}

/// Tells a line of the block as it was told when it was judged.
pub(super) fn replay(sink: &mut impl Sink, block: &[u8], item: Item) {
    let line = |place: Place| Line {
        text: &block[place.text],
        length: place.length,
        lines: place.lines,
        delimiter: place.delimiter,
        wrapped: place.wrapped,
    };
    match item {
        Item::Skipped(place, finding) => sink.skipped(line(place), *finding),
        Item::Header(place, reading, findings) => sink.header(line(place), reading, findings),
        Item::Sign(place, sign) => sink.sign(line(place), sign),
        Item::Row(row) => {
            let raw = match &row.raw {
                Raw::Tidied(cells) => Texts::of(cells),
                Raw::InBlock(spans) => {
                    let mut texts = Texts::default();
                    for (column, (start, end)) in Column::ALL.into_iter().zip(spans) {
                        texts.set(column, &block[*start as usize..*end as usize]);
                    }
                    texts
                }
            };
            sink.row(JudgedRow {
                line: line(row.place),
                raw,
                corrected: row.corrected.map(|cells| *cells),
                judged: Judged {
                    kind: row.kind,
                    hash: None,
                    keys: row.keys,
                    corrections: Vec::new(),
                },
                print: row.print,
                findings: row.findings,
            });
        }
    }
}
