//! What a streamed check tells.

use std::borrow::Cow;

use serde::Serialize;

use super::judge::{Judged, Kind};
use super::lines::line_text;
use super::list::CheckedRow;
use super::row::Texts;
use crate::cells::Cells;
use crate::dialect::{Column, Dialect};
use crate::encoding::Encoding;
use crate::fields::split;
use crate::finding::{Finding, Severity};
use crate::hardware_hash::HardwareHash;
use crate::header::Layout;
use crate::identification::Identification;
use crate::identifier::{Pkid, SerialNumber, Tuple};

/// What [`super::check_stream`] tells, in the order of the lines.
#[derive(Debug)]
pub enum Event<'a> {
    /// A finding; those about a row come before the row.
    Finding(Finding),
    /// A data row.
    Row(RowRef<'a>),
    /// The columns as the sender named them, before the rows below that header; none where there is
    /// no header.
    Header(&'a [String]),
    /// A line below the header that is no row and that no repair takes away, behind its finding.
    Unread(UnreadLine<'a>),
}

/// A line that can't be read, borrowed while the list streams by; or the place from which on a
/// workbook can't be.
#[derive(Clone, Copy)]
pub struct UnreadLine<'a> {
    /// What was found about it, with its line.
    pub finding: &'a Finding,
    pub(crate) layout: Option<&'a Layout>,
    /// What is there of it: of an endless line, the beginning.
    pub(crate) sent: &'a [u8],
    pub(crate) delimiter: u8,
}

/// Prints nothing of the line: a hash may stand in it.
impl std::fmt::Debug for UnreadLine<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("UnreadLine").field(self.finding).finish()
    }
}

/// A data row, borrowed while the list streams by.
#[derive(Clone, Copy)]
pub struct RowRef<'a> {
    pub(crate) number: u32,
    pub(crate) line: u64,
    pub(crate) byte: u64,
    pub(crate) layout: Option<&'a Layout>,
    pub(crate) sent: &'a [u8],
    /// Whether the line has quotes around it that are not part of `sent`.
    pub(crate) wrapped: bool,
    pub(crate) delimiter: u8,
    pub(crate) raw: &'a Texts<'a>,
    pub(crate) corrected: Option<&'a Cells>,
    pub(crate) judged: &'a Judged<'a>,
    pub(crate) duplicate_of: Option<u32>,
    pub(crate) repaired: bool,
}

impl RowRef<'_> {
    /// Number among the data rows, from 1.
    pub fn number(&self) -> u32 {
        self.number
    }

    /// Line in the file, from 1.
    pub fn line(&self) -> u64 {
        self.line
    }

    /// Where the line begins in the file, in bytes from 0.
    pub fn byte(&self) -> u64 {
        self.byte
    }

    /// Every field of the line as sent, without quotes: also of columns that nothing is known of.
    /// A rest file's remarks are not among them, as they are not the sender's.
    pub fn fields(&self) -> Vec<String> {
        let mut fields = split(&line_text(self.sent), self.delimiter);
        let own = match self.layout {
            Some(layout) => {
                layout.unguard(&mut fields);
                layout.own_fields(&fields)
            }
            None => &fields,
        };
        own.iter().map(|field| field.text.clone()).collect()
    }

    /// The text of a column as sent, without its quotes.
    pub fn cell(&self, column: Column) -> Cow<'_, str> {
        self.raw.text(column)
    }

    /// The text of a column after certain repairs.
    pub fn value(&self, column: Column) -> Cow<'_, str> {
        self.values().text(column)
    }

    /// Whether the row has an identification; cheaper than building it.
    pub fn is_identified(&self) -> bool {
        self.judged.kind.is_some()
    }

    /// What the row identifies its device by, after certain repairs; built when asked for.
    pub fn identification(&self) -> Option<Identification> {
        let values = self.values();
        let pkid = || Pkid::parse(&values.text(Column::Pkid)).ok();
        let serial = || SerialNumber::parse(&values.text(Column::Serial)).ok();
        let hash = || match &self.judged.hash {
            Some(proven) => HardwareHash::of(&proven.frame),
            // It was judged elsewhere, and what it was decoded into is gone.
            None => HardwareHash::from_text(&values.text(Column::Hash)).ok(),
        };
        Some(match self.judged.kind? {
            Kind::Tuple => {
                let [manufacturer, model, serial] =
                    [Column::Manufacturer, Column::Model, Column::Serial].map(|c| values.text(c));
                Identification::Tuple {
                    tuple: Tuple::parse(&manufacturer, &model, &serial).ok()?,
                }
            }
            Kind::Pkid => Identification::Pkid { pkid: pkid()? },
            Kind::Hash {
                pkid: false,
                serial: false,
            } => Identification::Hash { hash: hash()? },
            Kind::Hash {
                pkid: true,
                serial: false,
            } => Identification::HashPkid {
                hash: hash()?,
                pkid: pkid()?,
            },
            Kind::Hash {
                pkid: false,
                serial: true,
            } => Identification::HashSerial {
                hash: hash()?,
                serial: serial()?,
            },
            Kind::Hash {
                pkid: true,
                serial: true,
            } => Identification::HashPkidSerial {
                hash: hash()?,
                pkid: pkid()?,
                serial: serial()?,
            },
        })
    }

    /// The first earlier row that is the same device.
    pub fn duplicate_of(&self) -> Option<u32> {
        self.duplicate_of
    }

    /// Whether something in the row needs a certain repair.
    pub fn is_repaired(&self) -> bool {
        self.repaired
    }

    /// The row on its own, to keep.
    pub fn to_checked(&self) -> CheckedRow {
        let group_tag = self.value(Column::GroupTag);
        let layout = self.layout;
        CheckedRow {
            number: self.number,
            line: self.line,
            dialect: layout.map_or(Dialect::PartnerCenter, |layout| layout.dialect),
            cells: self.raw.to_cells(),
            corrected: self.corrected.map(|cells| Box::new(cells.clone())),
            identification: self.identification(),
            group_tag: (!group_tag.is_empty()).then(|| group_tag.into_owned()),
            duplicate_of: self.duplicate_of,
            repaired: self.repaired,
        }
    }

    pub(crate) fn values(&self) -> Texts<'_> {
        self.corrected.map_or(*self.raw, Texts::of)
    }
}

/// Prints no hash: hashes are sensitive.
impl std::fmt::Debug for RowRef<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Debug::fmt(&self.to_checked(), f)
    }
}

/// What a streamed check comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Summary {
    /// How the text is encoded.
    pub encoding: Encoding,
    /// Which layout it has, or is closest to; `None` when no header was understood.
    pub dialect: Option<Dialect>,
    /// Lines in the file.
    pub lines: u64,
    /// Lines that are no rows, each named by a finding; all of them where the list is unusable.
    pub skipped: u64,
    /// Lines that the data rows take: as many as rows, unless a value goes on behind a line end.
    pub row_lines: u64,
    /// Data rows.
    pub rows: u64,
    /// Data rows with an identification.
    pub identified: u64,
    /// Data rows that are the same device as an earlier one.
    pub duplicates: u64,
    /// Findings that are errors.
    pub errors: u64,
    /// Findings that are warnings.
    pub warnings: u64,
    /// Findings that are notes.
    pub notes: u64,
}

impl Summary {
    /// Whether rows could be read at all.
    pub fn is_usable(&self) -> bool {
        self.dialect.is_some()
    }

    /// Whether the original takes the list as it is: no error, no warning.
    pub fn is_conforming(&self) -> bool {
        self.errors == 0 && self.warnings == 0
    }

    pub(crate) fn count(&mut self, severity: Severity) {
        match severity {
            Severity::Error => self.errors += 1,
            Severity::Warning => self.warnings += 1,
            Severity::Note => self.notes += 1,
        }
    }
}
