//! A row while it is being checked: its texts, and what was found about it.

use std::borrow::Cow;

use crate::cells::Cells;
use crate::code::CodeSet;
use crate::dialect::Column;
use crate::fields::FieldKind;
use crate::finding::{Finding, holds_secret};
use crate::hardware_hash::container::text;
use crate::header::Layout;

/// The texts of a row by column, borrowed: UTF-8, or whatever stands in a hash's field.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Texts<'a>([&'a [u8]; Column::COUNT]);

impl<'a> Texts<'a> {
    pub(crate) fn of(cells: &'a Cells) -> Self {
        Self(std::array::from_fn(|at| {
            cells.get(Column::ALL[at]).as_bytes()
        }))
    }

    pub(crate) fn bytes(&self, column: Column) -> &'a [u8] {
        self.0[column.index()]
    }

    pub(crate) fn text(&self, column: Column) -> Cow<'a, str> {
        text(self.bytes(column))
    }

    pub(crate) fn set(&mut self, column: Column, bytes: &'a [u8]) {
        self.0[column.index()] = bytes;
    }

    pub(crate) fn to_cells(self) -> Cells {
        Cells::from_texts(Column::ALL.map(|column| self.text(column).into()))
    }
}

/// A row's values while they are judged, with what is to be written instead of some.
pub(crate) struct Row<'t> {
    texts: &'t Texts<'t>,
    /// In the order in which they were found; the last of a column counts.
    pub(crate) corrections: Vec<(Column, String)>,
}

impl<'t> Row<'t> {
    pub(crate) fn new(texts: &'t Texts<'t>) -> Self {
        Self {
            texts,
            corrections: Vec::new(),
        }
    }

    pub(crate) fn bytes(&self, column: Column) -> &[u8] {
        if !self.corrections.is_empty() {
            let corrected = self.corrections.iter().rev().find(|(c, _)| *c == column);
            if let Some((_, value)) = corrected {
                return value.as_bytes();
            }
        }
        self.texts.bytes(column)
    }

    /// The value on its own, so that it can be corrected while it is looked at.
    pub(crate) fn text(&self, column: Column) -> String {
        text(self.bytes(column)).into_owned()
    }

    pub(crate) fn has(&self, column: Column) -> bool {
        !self.bytes(column).is_empty()
    }

    pub(crate) fn correct(&mut self, column: Column, value: impl Into<String>) {
        self.corrections.push((column, value.into()));
    }
}

/// What is being found about a row.
pub(crate) struct Notes<'a> {
    pub(crate) layout: &'a Layout,
    pub(crate) accept: CodeSet,
    pub(crate) findings: Vec<Finding>,
    /// What a workbook keeps the row's serial number as.
    pub(crate) serial_kind: FieldKind,
    /// A field of the layout that takes more than one of the line's, and how many more.
    pub(crate) split: Option<(u32, u32)>,
    /// Whether its form is plainly in order: printable ASCII, and not as spreadsheets begin.
    pub(crate) is_plain: bool,
}

impl<'a> Notes<'a> {
    pub(crate) fn new(layout: &'a Layout, accept: CodeSet) -> Self {
        Self {
            layout,
            accept,
            findings: Vec::new(),
            serial_kind: FieldKind::Text,
            split: None,
            is_plain: false,
        }
    }

    /// Adds a finding about a value, or about the whole row when it has no field. Returns whether
    /// its repair is to be done: it is certain, or a guess that is accepted.
    pub(crate) fn add(&mut self, mut finding: Finding) -> bool {
        if let Some(column) = finding.field {
            finding.column = self.layout.positions[column.index()];
            if let Some((split, more)) = self.split
                && finding.column > split
            {
                finding.column += more;
            }
        }
        if finding.field != Some(Column::Hash)
            && finding.corrected.as_deref().is_some_and(holds_secret)
        {
            // A hash or a product key in another column: put right, and not shown.
            finding.corrected = None;
        }
        finding.certain |= finding.guess && self.accept.has(finding.code);
        let certain = finding.certain;
        self.findings.push(finding);
        certain
    }

    /// Whether something was found that only a guess could repair.
    pub(crate) fn spoilt(&self) -> bool {
        self.findings.iter().any(Finding::spoils)
    }

    /// Whether something was found about a value that only a guess could repair: what else it might be
    /// is of no interest then.
    pub(crate) fn has_condemned(&self, column: Column) -> bool {
        let about = |finding: &&Finding| finding.field == Some(column);
        self.findings.iter().filter(about).any(Finding::spoils)
    }
}
