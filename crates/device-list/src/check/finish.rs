//! Lines and rows in their order: numbers, places, duplicates, and what is told of them.

use std::sync::Arc;

use super::event::{Event, RowRef, UnreadLine};
use super::lines::line_text;
use super::run::{Run, Stage};
use super::seen::ShortKey;
use super::sink::{JudgedRow, Line, Reading, Sign, Sink};
use super::tidy::Letters;
use crate::code::Code;
use crate::encoding::Encoding;
use crate::excerpt::excerpt;
use crate::fields::{inside_quotes, split};
use crate::finding::{Finding, Severity};
use crate::identity_key::Keys;
use crate::source::PlainFrom;

/// Findings of one code that get an excerpt of their line.
const EXCERPTS: usize = 5;

impl<F: FnMut(Event<'_>)> Sink for Run<'_, F> {
    fn skipped(&mut self, line: Line<'_>, mut finding: Finding) {
        self.arrive();
        if self.partly_utf16 && line.is_open() && line.text == [0] {
            // The second half of the line end above.
            return self.advance(line);
        }
        finding.line = self.summary.lines + 1;
        self.summary.lines += line.lines;
        self.summary.skipped += line.lines;
        let unread = (!finding.certain).then(|| finding.clone());
        self.tell_about(line, finding);
        self.advance(line);
        if let Some(finding) = unread {
            self.tell_unread(&finding, line.text, line.delimiter);
        }
    }

    #[inline]
    fn expect(&self, keys: &Keys<ShortKey>) {
        self.across.prefetch(keys);
    }

    fn row(&mut self, mut row: JudgedRow<'_>) {
        self.arrive();
        let line = self.summary.lines + 1;
        self.summary.lines += row.line.lines;
        self.summary.row_lines += row.line.lines;
        self.summary.rows += 1;
        let number = u32::try_from(self.summary.rows).unwrap_or(u32::MAX);
        let limit = self.options.row_limit;
        if limit.is_some_and(|limit| self.summary.rows == limit + 1) {
            self.first_beyond = Some(line);
        }
        if row.judged.kind.is_some() {
            self.summary.identified += 1;
        }
        self.neighbour.look(&row.raw, &mut row.findings);
        self.lengths.note(&row, line, number);
        let (duplicate_of, finding) =
            self.across
                .note((&row.judged, row.print), number, self.options);
        self.summary.duplicates += u64::from(duplicate_of.is_some());
        row.findings
            .extend(finding.map(|finding| self.placed(finding)));
        let short = row
            .findings
            .iter()
            .any(|finding| finding.code == Code::MISSING_FIELDS);
        if row.line.is_open() {
            row.findings.extend(cut_off(&row, short && !self.short));
        }
        self.short = short;
        let repaired = row.findings.iter().any(|finding| finding.certain);
        for mut finding in std::mem::take(&mut row.findings) {
            finding.line = line;
            finding.row = Some(number);
            self.tell_about(row.line, finding);
        }
        let byte = self.offset + in_file(self.mark.encoding, b"", row.line.lead());
        self.advance(row.line);
        let delimiter = row.line.delimiter;
        let layout = match &self.stage {
            Stage::Rows(reading) => Some(&reading.layout),
            Stage::Header | Stage::Unusable => None,
        };
        (self.on)(Event::Row(RowRef {
            number,
            line,
            byte,
            layout,
            sent: row.line.text,
            wrapped: row.line.wrapped,
            delimiter,
            raw: &row.raw,
            corrected: row.corrected.as_ref(),
            judged: &row.judged,
            duplicate_of,
            repaired,
        }));
    }

    fn header(&mut self, line: Line<'_>, reading: Arc<Reading>, findings: Vec<Finding>) {
        self.arrive();
        let number = self.summary.lines + 1;
        self.summary.lines += line.lines;
        self.summary.skipped += line.lines;
        self.summary.dialect = Some(reading.layout.list);
        self.stage = Stage::Rows(reading);
        self.tell_header();
        for mut finding in findings {
            finding.line = number;
            self.tell_about(line, finding);
        }
        self.advance(line);
    }

    fn sign(&mut self, line: Line<'_>, sign: Sign) {
        self.arrive();
        match sign {
            Sign::Utf8 => self.note_letters(line, |letters| letters.utf8 = true),
            Sign::Ansi => self.note_letters(line, |letters| letters.ansi = true),
            Sign::Utf16 if !self.partly_utf16 => {
                self.partly_utf16 = true;
                let cause = "The line is UTF-16 text, unlike the file's first lines.";
                self.tell_next(line, Finding::new(Code::MIXED_ENCODINGS, cause));
            }
            Sign::LineEnd if !self.signs.line_end => {
                self.signs.line_end = true;
                let cause = "Up to this line, some lines end with LF and others with CR only.";
                self.tell_next(line, Finding::new(Code::MIXED_LINE_ENDS, cause).certain());
            }
            Sign::CrLf if !self.signs.crlf => {
                self.signs.crlf = true;
                let cause = "Up to this line, some lines end with CRLF and others with LF.";
                let finding = Finding::new(Code::MIXED_LINE_ENDS, cause).certain();
                // Programs take either, so the list is not refused for it.
                self.tell_next(line, finding.severity(Severity::Note));
            }
            Sign::Utf16 | Sign::LineEnd | Sign::CrLf => {}
        }
    }
}

/// What there is to say about a last line that has no end: its row is shorter than the one above,
/// or its last value is cut.
fn cut_off(row: &JudgedRow<'_>, short: bool) -> Option<Finding> {
    let hash = row.findings.iter().any(|finding| {
        matches!(
            finding.code,
            Code::HASH_CONTENT_CUT | Code::HASH_TRAILER_MISSING | Code::HASH_TRAILER_BROKEN
        )
    });
    let half = row.line.text.ends_with("\u{fffd}".as_bytes());
    let what = match () {
        () if hash => "in a hardware hash",
        () if half => "in the middle of a character",
        () if short => "before it has all fields",
        () => return None,
    };
    let cause = format!("The file ends without a line end, and its last line {what}.");
    Some(Finding::new(Code::CUT_OFF, cause))
}

impl<F: FnMut(Event<'_>)> Run<'_, F> {
    /// Hands a finding on and counts it.
    pub(crate) fn tell(&mut self, finding: Finding) {
        self.summary.count(finding.severity);
        (self.on)(Event::Finding(finding));
    }

    /// Hands on what can't be read of the list, so that it is not lost. Its finding has been told.
    pub(crate) fn tell_unread(&mut self, finding: &Finding, sent: &[u8], delimiter: u8) {
        let layout = match &self.stage {
            Stage::Rows(reading) => Some(&reading.layout),
            Stage::Header | Stage::Unusable => None,
        };
        (self.on)(Event::Unread(UnreadLine {
            finding,
            layout,
            sent,
            delimiter,
        }));
    }

    /// Comes to a line: from where the text is no UTF-16 any more, places are counted otherwise.
    #[inline]
    fn arrive(&mut self) {
        if let Some(from) = self.plain_from
            && self.read >= from.decoded
        {
            self.plain_from = None;
            self.plain_since(from);
        }
    }

    fn plain_since(&mut self, from: PlainFrom) {
        self.offset = self.mark.length() + from.raw + (self.read - from.decoded);
        if self.mark.encoding.take().is_some() {
            self.partly_utf16 = true;
            let cause = "From here on the file is no UTF-16 text any more.";
            let finding = Finding::new(Code::MIXED_ENCODINGS, cause);
            self.tell(finding.at(self.summary.lines + 1, 0));
        }
    }

    /// [`Run::tell_about`] for the line that comes next.
    fn tell_next(&mut self, line: Line<'_>, finding: Finding) {
        self.tell_about(line, finding.at(self.summary.lines + 1, 0));
    }

    /// [`Run::tell`] for a finding about the line at the present offset: says where in the file
    /// that is, and shows the line with the first findings of each code.
    pub(crate) fn tell_about(&mut self, line: Line<'_>, mut finding: Finding) {
        let workbook = self.mark.encoding == Some(Encoding::Workbook);
        let delimiter = line.delimiter;
        let made = self.excerpts.entry(finding.code).or_default();
        let taken = |text: &[u8]| in_file(self.mark.encoding, text, text.len());
        if finding.column > 0 {
            let place = excerpt(line.text, delimiter, finding.column);
            let before = &line.text[..place.byte];
            let lead = in_file(self.mark.encoding, b"", line.lead());
            finding.byte = Some(self.offset + lead + taken(before));
            finding.length = place
                .length
                .map(|length| taken(&line.text[place.byte..][..length]));
            if *made < EXCERPTS {
                *made += 1;
                finding.excerpt = place.excerpt;
            }
        } else {
            finding.byte = Some(self.offset);
            let quotes = in_file(self.mark.encoding, b"", 2 * line.lead());
            finding.length = Some(taken(line.text) + quotes + self.dropped_of(line));
        }
        if workbook {
            finding.byte = None;
            finding.length = None;
        }
        self.tell(finding);
    }

    /// The finding with the number of its field.
    pub(crate) fn placed(&self, finding: Finding) -> Finding {
        match (&self.stage, finding.field) {
            (Stage::Rows(reading), Some(field)) => Finding {
                column: reading.layout.positions[field.index()],
                ..finding
            },
            _ => finding,
        }
    }

    /// Tells the names of the columns.
    pub(crate) fn tell_header(&mut self) {
        if let Stage::Rows(reading) = &self.stage {
            let names = match &reading.header[..] {
                [] => Vec::new(),
                header => {
                    let layout = &reading.layout;
                    let header = line_text(header);
                    let whole = inside_quotes(&header).filter(|_| layout.slots.len() > 1);
                    let mut fields = split(whole.unwrap_or(&header), layout.delimiter);
                    layout.unguard(&mut fields);
                    let own = layout.own_fields(&fields);
                    own.iter().map(|field| field.text.clone()).collect()
                }
            };
            (self.on)(Event::Header(&names));
        }
    }

    /// Goes past a line.
    pub(crate) fn advance(&mut self, line: Line<'_>) {
        let dropped = self.dropped_of(line);
        if dropped > 0 {
            self.dropped.pop_front();
        }
        self.offset += in_file(self.mark.encoding, line.text, line.length) + dropped;
        self.read += line.length as u64;
    }

    /// How many bytes of the file were left out of the line that comes next.
    fn dropped_of(&self, line: Line<'_>) -> u64 {
        let here = self.read..self.read + line.length as u64;
        let first = self.dropped.front();
        first.map_or(0, |dropped| {
            if here.contains(&dropped.at) {
                dropped.bytes
            } else {
                0
            }
        })
    }

    /// Notes what letters outside ASCII say about the encoding, once each.
    fn note_letters(&mut self, line: Line<'_>, note: impl FnOnce(&mut Letters)) {
        let before = self.letters;
        note(&mut self.letters);
        let announced = self.mark.encoding.is_some();
        if self.letters.utf8 && !before.utf8 && !announced {
            let cause = "The line has letters outside ASCII, written as UTF-8.";
            self.tell_next(line, Finding::new(Code::UTF8_TEXT, cause).certain());
        }
        let mixed = |letters: Letters| letters.ansi && (letters.utf8 || announced);
        if mixed(self.letters) && !mixed(before) {
            let cause = "Up to this line there are letters written as UTF-8 and others as ANSI.";
            self.tell_next(line, Finding::new(Code::MIXED_ENCODINGS, cause));
        }
    }
}

/// How many bytes of the file a line takes that has `length` bytes as it was read: two for each
/// character, or four, where the file is UTF-16.
pub(crate) fn in_file(encoding: Option<Encoding>, text: &[u8], length: usize) -> u64 {
    match encoding {
        Some(Encoding::Utf16Le | Encoding::Utf16Be) => {
            let end = length - text.len();
            let units = text.iter().map(|byte| match byte {
                // A letter counts with its first byte, so that one may be cut in two.
                0x80..=0xbf => 0,
                0xf0.. => 2,
                _ => 1,
            });
            2 * (units.sum::<usize>() + end) as u64
        }
        _ => length as u64,
    }
}
