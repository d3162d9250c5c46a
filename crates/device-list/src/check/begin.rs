//! How a file begins: what it is, and which of its first lines say how the others are read.

use std::sync::Arc;

use memchr::{memchr, memchr_iter};

use super::event::Event;
use super::lines::MAX_LINE;
use super::run::{Run, Stage};
use super::sink::{Line, Reading};
use super::tidy::{Letters, decode};
use crate::code::Code;
use crate::content::is_web_page;
use crate::encoding::Encoding;
use crate::finding::Finding;
use crate::header::{FirstLines, Found, below, decide};

/// How many lines are looked at to say what a file is; blank ones on top don't count.
const FIRST_LINES: usize = 24;

/// How many are looked at for a header where the first are no list.
const FURTHER_LINES: usize = 1000;

/// How much of a file they may be, in bytes.
const FURTHER_BYTES: usize = 256 * 1024;

impl<F: FnMut(Event<'_>)> Run<'_, F> {
    /// What the first block says about the whole file.
    pub(crate) fn begin(&mut self, block: &[u8]) {
        if let Some(finding) = self.mark.content.finding() {
            return self.give_up(finding);
        }
        if let Some(code) = self.mark.code() {
            let name = self.mark.encoding.map_or("", Encoding::name);
            self.tell(Finding::new(code, format!("The file is {name} text.")).certain());
        }
        if block.is_empty() {
            let cause = "There is nothing in the file.";
            return self.give_up(Finding::new(Code::EMPTY_FILE, cause));
        }
        if is_web_page(block) {
            let cause = "The file is a web page (HTML).";
            return self.give_up(Finding::new(Code::WEB_PAGE, cause));
        }
        if let Some(at) = memchr::memchr2(b'\r', b'\n', block)
            && block[at] == b'\r'
            && block[at..].iter().find(|byte| **byte != b'\r') != Some(&b'\n')
        {
            self.eol = b'\r';
            let cause = "The lines end with CR only, as on very old computers.";
            self.tell(Finding::new(Code::LINE_ENDS, cause).certain());
        }
    }

    /// Nothing of the file can be used.
    fn give_up(&mut self, finding: Finding) {
        self.tell(finding);
        self.stage = Stage::Unusable;
    }

    /// Looks at the file's first lines. Returns how much of them is done, in bytes; `None` where
    /// more of them must be there first.
    pub(crate) fn first_lines(&mut self, block: &[u8], last: bool) -> Option<usize> {
        let first_end = memchr(self.eol, block).filter(|_| self.eol == b'\n');
        let crlf = first_end.is_some_and(|end| block[..end].ends_with(b"\r"));
        let nothing_comes = last || self.crowded;
        loop {
            let further = self.first.further;
            let lines = self.split(block);
            let length = |lines: &[Line<'_>]| lines.iter().map(|line| line.length).sum::<usize>();
            let last = nothing_comes && length(&lines) == block.len();
            if let Some(done) = self.decide(&lines, last, crlf) {
                return Some(length(&lines[..done]));
            }
            if further == self.first.further {
                return None;
            }
        }
    }

    /// Finds out from the first lines how lines are read; `last` says that none come behind them.
    /// Returns how many of them are done; `None` where more of them must be there first.
    pub(crate) fn decide(&mut self, lines: &[Line<'_>], last: bool, crlf: bool) -> Option<usize> {
        if self.first.lines == lines.len() && !last && !self.are_enough(lines) {
            return None;
        }
        let texts: Vec<_> = lines
            .iter()
            .map(|line| {
                let cut = &line.text[..line.text.len().min(MAX_LINE)];
                decode(cut, &mut Letters::default())
            })
            .collect();
        let mut first = FirstLines {
            lines: texts.iter().map(AsRef::as_ref).collect(),
            complete: last || self.are_enough(lines),
        };
        let decided = if self.first.further {
            let from = self.first.lines.saturating_sub(1);
            match below(&first, from, self.options) {
                None if first.complete => {
                    first.lines.truncate(first_lines(lines));
                    decide(&first, self.options)
                }
                decided => decided,
            }
        } else {
            decide(&first, self.options)
        };
        self.first.lines = lines.len();
        match decided? {
            Ok(found) => Some(self.found(lines, found, crlf)),
            Err(finding)
                if finding.code == Code::HEADER_UNKNOWN && !self.first.further && !last =>
            {
                self.first.further = true;
                None
            }
            Err(finding) if finding.code == Code::EMPTY_FILE && !last => {
                let cause = format!("The first {} lines are blank.", lines.len());
                self.unusable(lines, Finding::new(Code::HEADER_UNKNOWN, cause).at(1, 0));
                Some(0)
            }
            Err(finding) => {
                self.unusable(lines, *finding);
                Some(0)
            }
        }
    }

    /// Whether lines are as many as may be looked at.
    fn are_enough(&self, lines: &[Line<'_>]) -> bool {
        if !self.first.further {
            return lines.len() >= first_lines(lines);
        }
        let length: usize = lines.iter().map(|line| line.length).sum();
        lines.len() >= FURTHER_LINES || length >= FURTHER_BYTES
    }

    fn split<'b>(&self, block: &'b [u8]) -> Vec<Line<'b>> {
        let open = (!block.ends_with(&[self.eol])).then_some(block.len());
        let (mut lines, mut start) = (Vec::new(), 0);
        for end in memchr_iter(self.eol, block).chain(open) {
            let text = &block[start..end];
            let next = (end + 1).min(block.len());
            lines.push(Line {
                text: text.strip_suffix(b"\r").unwrap_or(text),
                length: next - start,
                lines: 1,
                delimiter: b',',
                wrapped: false,
            });
            start = next;
            if self.are_enough(&lines) {
                break;
            }
        }
        lines
    }

    /// How lines are read is known: goes past those above the first row.
    fn found(&mut self, lines: &[Line<'_>], found: Found, crlf: bool) -> usize {
        let Found {
            layout,
            header,
            rows,
            findings,
        } = found;
        let delimiter = layout.delimiter;
        self.summary.dialect = Some(layout.list);
        self.first.header = header.map_or(0, |at| at as u64 + 1);
        self.stage = Stage::Rows(Arc::new(Reading {
            layout,
            header: header.map_or_else(Vec::new, |at| lines[at].text.to_vec()),
            eol: self.eol,
            crlf,
        }));
        self.tell_header();
        let mut findings = findings.into_iter().peekable();
        for (at, line) in lines.iter().enumerate() {
            let line = Line { delimiter, ..*line };
            while let Some(finding) = findings.next_if(|finding| finding.line <= at as u64 + 1) {
                self.tell_about(line, finding);
            }
            if at >= rows {
                break;
            }
            self.summary.lines += 1;
            self.summary.skipped += u64::from(header != Some(at));
            self.advance(line);
        }
        rows
    }

    /// The file can't be read, which a finding says of one of the lines, or of all.
    fn unusable(&mut self, lines: &[Line<'_>], finding: Finding) {
        self.stage = Stage::Unusable;
        match (finding.line as usize)
            .checked_sub(1)
            .and_then(|at| lines.get(at))
        {
            Some(line) => {
                let above = &lines[..finding.line as usize - 1];
                for line in above {
                    self.advance(*line);
                }
                self.tell_about(*line, finding);
            }
            None => self.tell(finding),
        }
    }
}

/// How many of the lines say what a file is.
fn first_lines(lines: &[Line<'_>]) -> usize {
    let blank = |line: &&Line<'_>| {
        line.text
            .iter()
            .all(|byte| matches!(byte, 0 | b'\t' | b' '))
    };
    let on_top = lines.iter().take_while(blank).count();
    on_top.min(FURTHER_LINES) + FIRST_LINES
}
