//! Mending while a check goes on: what it tells goes in, rows, changes and what is left come out.

use std::mem;

use serde::Serialize;

use super::carry::{Carried, RowForm, carry};
use super::change::Change;
use super::obstacle::Obstacle;
use crate::check::{Channel, CheckOptions, Event, RowRef, Summary, UnreadLine, read_as};
use crate::dialect::{Column, Dialect};
use crate::finding::{Finding, Severity};
use crate::header;
use crate::writer::strict_line;

/// What a mended list is to look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MendTarget {
    /// Its layout. `None` is the list's own, or its counterpart for the way of registering; in a
    /// list whose header changes further down, that of its first rows ([`Mended::outgrown_by`]).
    pub dialect: Option<Dialect>,
    /// What its rows are written as.
    pub form: RowForm,
}

/// What [`Mender::take`] tells.
#[derive(Debug)]
pub enum Mend<'a> {
    /// Something was changed. Changes in a row are told before the row.
    Change(Change),
    /// A row of the mended list.
    Row(MendedRow<'a>),
    /// A row that was dropped, because an earlier one is the same device and says the same.
    Repeated(LeftRow<'a>),
    /// A row that can't be mended with certainty, or that the layout can't carry.
    Left(LeftRow<'a>),
    /// Something about the file, or about a line that is no row, that can't be mended.
    Finding(&'a Finding),
    /// The line that the finding before is about, where it is below the header.
    Unread(LeftLine<'a>),
}

/// A row of a mended list.
#[derive(Debug, Clone, Copy)]
pub struct MendedRow<'a> {
    dialect: Dialect,
    line: &'a [u8],
    tag: &'a str,
    sent: RowRef<'a>,
}

impl<'a> MendedRow<'a> {
    /// The layout it is written in.
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// Its line, with CRLF.
    pub fn line(&self) -> &'a [u8] {
        self.line
    }

    /// The row that it was made of.
    pub fn sent(&self) -> &RowRef<'a> {
        &self.sent
    }

    /// The group tag it is for, whether or not the layout has a column for it: the row's own, or
    /// the list's.
    pub fn group_tag(&self) -> String {
        let own = self.sent.value(Column::GroupTag);
        let tag = if own.is_empty() { self.tag } else { &own };
        tag.to_owned()
    }
}

/// A row that is not in the mended list.
#[derive(Debug, Clone, Copy)]
pub struct LeftRow<'a> {
    /// The row.
    pub row: RowRef<'a>,
    /// The sender's names of the columns; none where there is no header.
    pub names: &'a [String],
    /// Everything found about it.
    pub findings: &'a [Finding],
}

impl LeftRow<'_> {
    /// What stands in the way.
    pub fn reasons(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.spoils())
    }

    /// Which earlier row it repeats, where it does.
    pub fn repetitions(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.drops_row())
    }
}

/// A line that is no row and that can't be mended.
#[derive(Debug, Clone, Copy)]
pub struct LeftLine<'a> {
    /// The line.
    pub line: UnreadLine<'a>,
    /// The sender's names of the columns; none where there is no header.
    pub names: &'a [String],
}

/// What mending came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Mended {
    /// The layout; `None` when there was no usable list.
    pub dialect: Option<Dialect>,
    /// Where the header changed further down, the layout that would have held every row.
    pub outgrown_by: Option<Dialect>,
    /// Rows of the mended list.
    pub rows: u64,
    /// Rows that were dropped, because an earlier one is the same device.
    pub repeated: u64,
    /// Rows that are left to be mended by hand.
    pub left_out: u64,
    /// Lines that are no rows and are left to be looked at.
    pub unread: u64,
    /// How many changes there were.
    pub changes: u64,
    /// Errors and warnings about the file and its lines that nothing could be done about.
    pub unmended: u64,
    /// Warnings about rows of the mended list, and a list that is empty or longer than allowed.
    pub remaining: u64,
}

impl Mended {
    /// Whether the mended list conforms by itself.
    pub fn is_conforming(&self) -> bool {
        self.dialect.is_some() && self.remaining == 0
    }

    /// Whether it conforms and nothing was left out.
    pub fn is_whole(&self) -> bool {
        self.is_conforming() && self.left_out == 0 && self.unmended == 0
    }
}

/// Mends a list, or several, while they are checked. Keeps nothing but what was found about the row
/// that comes next, so that lists of any length can be mended.
///
/// ```
/// use device_list::{CheckOptions, ListWriter, Mend, MendTarget, Mender, check_slice};
///
/// let bytes = b"manufacturer;model;serial number\nContoso;Book 13; 0042\n";
/// let options = CheckOptions::default();
/// let mut mender = Mender::new(&options, MendTarget::default());
/// let mut list = ListWriter::new(Vec::new());
/// let summary = check_slice(bytes, &options, &mut |event| {
///     mender.take(event, &mut |mend| {
///         if let Mend::Row(row) = mend {
///             list.row(&row).expect("memory takes all writes");
///         }
///     });
/// });
/// mender.end_file(&summary, &mut |_| {});
/// let mended = mender.mended();
/// assert!(mended.is_whole());
/// let bytes = list.end(mended.dialect.unwrap())?;
/// assert_eq!(bytes, b"Manufacturer,Model,Serial Number\r\nContoso,Book 13,0042\r\n");
/// # Ok::<(), std::io::Error>(())
/// ```
pub struct Mender {
    target: MendTarget,
    channel: Channel,
    row_limit: Option<u64>,
    tag: Box<str>,
    /// The sender's names of the columns.
    names: Vec<String>,
    /// What was found about the row that comes next.
    findings: Vec<Finding>,
    line: Vec<u8>,
    mended: Mended,
}

impl Mender {
    /// Mends lists that are checked with these options.
    pub fn new(options: &CheckOptions, target: MendTarget) -> Self {
        Self {
            target,
            channel: options.channel,
            row_limit: options.row_limit,
            tag: options.tag.clone().unwrap_or_default(),
            names: Vec::new(),
            findings: Vec::new(),
            line: Vec::new(),
            mended: Mended::default(),
        }
    }

    /// Takes what the check tells, in its order, and tells what comes of it.
    pub fn take(&mut self, event: Event<'_>, on: &mut dyn FnMut(Mend<'_>)) {
        match event {
            Event::Header(names) => names.clone_into(&mut self.names),
            Event::Finding(finding) if finding.row.is_some() => self.findings.push(finding),
            Event::Finding(finding) => self.about_file(&finding, on),
            Event::Row(row) => self.row(row, on),
            Event::Unread(line) => {
                self.mended.unread += 1;
                let names = &self.names;
                on(Mend::Unread(LeftLine { line, names }));
            }
        }
    }

    /// A list has ended.
    pub fn end_file(&mut self, summary: &Summary, on: &mut dyn FnMut(Mend<'_>)) {
        for finding in mem::take(&mut self.findings) {
            self.too_late(&finding, on);
        }
        if let Some(own) = summary.dialect {
            let dialect = self.dialect(own);
            let holding = header::repaired(own, self.channel);
            if self.target.dialect.is_none() && holding != dialect {
                self.mended.outgrown_by = Some(holding);
            }
        }
        self.names.clear();
    }

    /// What all came to, once every list has ended.
    pub fn mended(&self) -> Mended {
        let mut mended = self.mended;
        let too_many = self.row_limit.is_some_and(|limit| mended.rows > limit);
        let foreign = mended
            .dialect
            .is_some_and(|dialect| !header::belongs(dialect, self.channel));
        let of_list = [mended.rows == 0, too_many, foreign];
        mended.remaining += of_list.into_iter().map(u64::from).sum::<u64>();
        mended
    }

    /// The layout of the mended list, settled by the first list's.
    fn dialect(&mut self, own: Dialect) -> Dialect {
        let channel = self.channel;
        let wanted = self.target.dialect;
        *self
            .mended
            .dialect
            .get_or_insert_with(|| wanted.unwrap_or_else(|| header::repaired(own, channel)))
    }

    fn about_file(&mut self, finding: &Finding, on: &mut dyn FnMut(Mend<'_>)) {
        if finding.certain {
            return self.change(Change::of(finding), on);
        }
        // How long the list is and what it holds is told of the mended one.
        let of_list = finding.code.is_across_rows();
        self.mended.unmended += u64::from(matters(finding) && !of_list);
        on(Mend::Finding(finding));
    }

    /// A finding about a row that has gone already.
    fn too_late(&mut self, finding: &Finding, on: &mut dyn FnMut(Mend<'_>)) {
        self.mended.remaining += u64::from(matters(finding));
        on(Mend::Finding(finding));
    }

    fn row(&mut self, row: RowRef<'_>, on: &mut dyn FnMut(Mend<'_>)) {
        let mut findings = mem::take(&mut self.findings);
        let number = Some(row.number());
        for late in findings.extract_if(.., |finding| finding.row != number) {
            self.too_late(&late, on);
        }
        let own = row
            .layout
            .map_or(Dialect::PartnerCenter, |layout| layout.list);
        let target = self.dialect(own);
        if !row.is_identified() || findings.iter().any(Finding::spoils) {
            return self.left(row, &findings, on);
        }
        if findings.iter().any(Finding::drops_row) {
            return self.repeated(row, &findings, on);
        }
        let carried = carry(&row, target, self.target.form);
        let written = carried.and_then(|carried| self.written(row, target, carried, &findings, on));
        if let Err(obstacle) = written {
            findings.push(obstacle.finding(&row, target));
            self.left(row, &findings, on);
        }
    }

    /// Writes a row that is mended; fails where a value can't stand in a list.
    fn written(
        &mut self,
        row: RowRef<'_>,
        target: Dialect,
        mut carried: Carried<'_>,
        findings: &[Finding],
        on: &mut dyn FnMut(Mend<'_>),
    ) -> Result<(), Obstacle> {
        let tag = mem::take(&mut self.tag);
        let mut line = mem::take(&mut self.line);
        let tagged = !tag.is_empty() && carried.fill_tag(target, &tag);
        let written = strict_line(target, |column| carried.text(column), &mut line)
            .map_err(Obstacle::Value)
            .and_then(|()| read_as(&line).map_or(Ok(()), |what| Err(Obstacle::NoRow(what))));
        if written.is_ok() {
            self.changes(findings, on);
            for column in carried.dropped(&row, target) {
                self.change(Change::dropped(row.line(), column, &row.value(column)), on);
            }
            if tagged {
                self.change(Change::tagged(row.line(), &tag), on);
            }
            let remains = |finding: &&Finding| matters(finding) && !finding.certain;
            self.mended.remaining += findings.iter().filter(remains).count() as u64;
            self.mended.rows += 1;
            on(Mend::Row(MendedRow {
                dialect: target,
                line: &line,
                tag: &tag,
                sent: row,
            }));
        }
        (self.tag, self.line) = (tag, line);
        written
    }

    fn left(&mut self, row: RowRef<'_>, findings: &[Finding], on: &mut dyn FnMut(Mend<'_>)) {
        self.mended.left_out += 1;
        let names = &self.names;
        on(Mend::Left(LeftRow {
            row,
            names,
            findings,
        }));
    }

    fn repeated(&mut self, row: RowRef<'_>, findings: &[Finding], on: &mut dyn FnMut(Mend<'_>)) {
        self.mended.repeated += 1;
        self.changes(findings, on);
        let names = &self.names;
        on(Mend::Repeated(LeftRow {
            row,
            names,
            findings,
        }));
    }

    fn changes(&mut self, findings: &[Finding], on: &mut dyn FnMut(Mend<'_>)) {
        for finding in findings.iter().filter(|finding| finding.certain) {
            self.change(Change::of(finding), on);
        }
    }

    fn change(&mut self, change: Change, on: &mut dyn FnMut(Mend<'_>)) {
        self.mended.changes += 1;
        on(Mend::Change(change));
    }
}

/// Whether it keeps a list from conforming.
fn matters(finding: &Finding) -> bool {
    finding.severity < Severity::Note
}
