//! Lines and rows in their order: numbers, places, duplicates, and what is told of them.

use std::sync::Arc;

use super::event::{Event, RowRef};
use super::run::{Run, Stage};
use super::sink::{JudgedRow, Line, Reading, Sign, Sink};
use super::tidy::{Letters, decode};
use crate::code::Code;
use crate::encoding::Encoding;
use crate::excerpt::excerpt;
use crate::fields::split;
use crate::finding::Finding;

/// Findings of one code that get an excerpt of their line.
const EXCERPTS: usize = 5;

impl<F: FnMut(Event<'_>)> Sink for Run<'_, F> {
    fn skipped(&mut self, line: Line<'_>, mut finding: Finding) {
        finding.line = self.summary.lines + 1;
        self.summary.lines += line.lines;
        self.summary.skipped += line.lines;
        self.tell_about(line, finding);
        self.advance(line);
    }

    fn row(&mut self, mut row: JudgedRow<'_>) {
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
        let (duplicate_of, finding) = self.across.note(&row, number, self.options);
        self.summary.duplicates += u64::from(duplicate_of.is_some());
        row.findings.extend(finding);
        let repaired = row.findings.iter().any(|finding| finding.certain);
        for mut finding in std::mem::take(&mut row.findings) {
            finding.line = line;
            finding.row = Some(number);
            self.tell_about(row.line, finding);
        }
        self.advance(row.line);
        let delimiter = self.delimiter();
        let layout = match &self.stage {
            Stage::Rows(reading) => Some(&reading.layout),
            Stage::Header(_) | Stage::Unusable => None,
        };
        (self.on)(Event::Row(RowRef {
            number,
            line,
            layout,
            sent: row.line.text,
            delimiter,
            raw: &row.raw,
            corrected: row.corrected.as_ref(),
            judged: &row.judged,
            duplicate_of,
            repaired,
        }));
    }

    fn header(&mut self, line: Line<'_>, reading: Arc<Reading>, findings: Vec<Finding>) {
        let number = self.summary.lines + 1;
        self.summary.lines += line.lines;
        self.summary.skipped += line.lines;
        self.stage = Stage::Rows(reading);
        self.tell_header();
        for mut finding in findings {
            finding.line = number;
            self.tell_about(line, finding);
        }
        self.advance(line);
    }

    fn sign(&mut self, sign: Sign) {
        match sign {
            Sign::Utf8 => self.note_letters(|letters| letters.utf8 = true),
            Sign::Ansi => self.note_letters(|letters| letters.ansi = true),
            Sign::LineEnd if !self.mixed_ends => {
                self.mixed_ends = true;
                let cause = "Up to this line, lines end in two ways.";
                let finding = Finding::new(Code::MIXED_LINE_ENDS, cause);
                self.tell(finding.at(self.summary.lines + 1, 0).certain());
            }
            Sign::LineEnd => {}
        }
    }
}

impl<F: FnMut(Event<'_>)> Run<'_, F> {
    /// Hands a finding on and counts it.
    pub(crate) fn tell(&mut self, finding: Finding) {
        self.summary.count(finding.severity);
        (self.on)(Event::Finding(finding));
    }

    /// [`Run::tell`] for a finding about the line at the present offset: says where in the file
    /// that is, and shows the line with the first findings of each code.
    pub(crate) fn tell_about(&mut self, line: Line<'_>, mut finding: Finding) {
        let delimiter = self.delimiter();
        let made = self.excerpts.entry(finding.code).or_default();
        if *made < EXCERPTS || finding.column > 0 {
            let place = excerpt(line.text, delimiter, finding.column);
            let before = &line.text[..place.byte];
            finding.byte = Some(self.offset + in_file(self.mark.encoding, before, before.len()));
            if *made < EXCERPTS && finding.column > 0 {
                *made += 1;
                finding.excerpt = place.excerpt;
            }
        } else {
            finding.byte = Some(self.offset);
        }
        self.tell(finding);
    }

    /// What stands between the fields.
    fn delimiter(&self) -> u8 {
        match &self.stage {
            Stage::Rows(reading) => reading.layout.delimiter,
            Stage::Header(_) | Stage::Unusable => b',',
        }
    }

    /// Tells the names of the columns.
    pub(crate) fn tell_header(&mut self) {
        if let Stage::Rows(reading) = &self.stage {
            let names = match &reading.header[..] {
                [] => Vec::new(),
                header => {
                    let text = decode(header, &mut Letters::default());
                    let fields = split(&text, reading.layout.delimiter);
                    let own = reading.layout.own_fields(fields);
                    own.into_iter().map(|field| field.text).collect()
                }
            };
            (self.on)(Event::Header(&names));
        }
    }

    /// Goes past a line.
    pub(crate) fn advance(&mut self, line: Line<'_>) {
        self.offset += in_file(self.mark.encoding, line.text, line.length);
    }

    /// Notes what letters outside ASCII say about the encoding, once each.
    fn note_letters(&mut self, note: impl FnOnce(&mut Letters)) {
        let before = self.letters;
        note(&mut self.letters);
        let line = self.summary.lines + 1;
        let announced = self.mark.encoding.is_some();
        if self.letters.utf8 && !before.utf8 && !announced {
            let cause = "The line has letters outside ASCII, written as UTF-8.";
            self.tell(Finding::new(Code::UTF8_TEXT, cause).at(line, 0).certain());
        }
        let mixed = |letters: Letters| letters.ansi && (letters.utf8 || announced);
        if mixed(self.letters) && !mixed(before) {
            let cause = "Up to this line there are letters written as UTF-8 and others as ANSI.";
            self.tell(Finding::new(Code::MIXED_ENCODINGS, cause).at(line, 0));
        }
    }
}

/// How many bytes of the file a line takes that has `length` bytes as it was read: two for each
/// character, or four, where the file is UTF-16.
fn in_file(encoding: Option<Encoding>, text: &[u8], length: usize) -> u64 {
    match encoding {
        Some(Encoding::Utf16Le | Encoding::Utf16Be) => {
            let end = length - text.len();
            let units: usize = String::from_utf8_lossy(text)
                .chars()
                .map(char::len_utf16)
                .sum();
            2 * (units + end) as u64
        }
        _ => length as u64,
    }
}
