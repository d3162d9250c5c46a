//! A check from the first byte to the last: header, rows, and what is said at the end.

use std::collections::HashMap;
use std::io::{self, Read};
use std::mem;
use std::sync::Arc;

use memchr::{memchr, memchr_iter, memrchr};

use super::across_rows::AcrossRows;
use super::event::{Event, Summary};
use super::judge::Scratch;
use super::lengths::Lengths;
use super::lines::{Lines, MAX_LINE};
use super::neighbour::Neighbour;
use super::options::CheckOptions;
use super::parallel;
use super::sheet;
use super::sink::{Line, Reading};
use super::tidy::{Letters, decode};
use crate::code::Code;
use crate::encoding::Encoding;
use crate::finding::{Finding, MAX_FOUND, is_blank};
use crate::header::{self, Layout};
use crate::source::{BLOCK, Mark, Source, Text};
use crate::workbook::is_workbook;

/// How many lines may stand above the header.
const MAX_ABOVE: usize = 10;

/// A check of one file under way.
pub(crate) struct Run<'f, F> {
    pub(crate) options: &'f CheckOptions,
    pub(crate) on: &'f mut F,
    pub(crate) across: &'f mut AcrossRows,
    pub(crate) summary: Summary,
    pub(crate) letters: Letters,
    pub(crate) lengths: Lengths,
    pub(crate) neighbour: Neighbour,
    /// Whether lines end in two ways.
    pub(crate) mixed_ends: bool,
    pub(crate) first_beyond: Option<u64>,
    /// Where the line that comes next begins in the file, in bytes.
    pub(crate) offset: u64,
    /// How many excerpts were made for each code.
    pub(crate) excerpts: HashMap<Code, usize>,
    pub(crate) mark: Mark,
    pub(crate) eol: u8,
    pub(crate) stage: Stage,
    pub(crate) scratch: Scratch,
}

pub(crate) enum Stage {
    /// The header has not been found; the lines read so far.
    Header(Vec<Vec<u8>>),
    Rows(Arc<Reading>),
    /// No header was understood: lines are counted and that is all.
    Unusable,
}

/// Checks all of `input`.
pub(crate) fn run<F: FnMut(Event<'_>)>(
    input: impl Read,
    options: &CheckOptions,
    across: &mut AcrossRows,
    on: &mut F,
) -> io::Result<Summary> {
    run_in_blocks(input, BLOCK, options, across, on)
}

/// [`run`], reading so many bytes at once.
pub(crate) fn run_in_blocks<F: FnMut(Event<'_>)>(
    input: impl Read,
    block: usize,
    options: &CheckOptions,
    across: &mut AcrossRows,
    on: &mut F,
) -> io::Result<Summary> {
    let mut source = Source::open(input, block)?;
    if is_workbook(source.head()) {
        return sheet::run(source.into_bytes(), options, across, on);
    }
    let mut run = Run::new(options, source.mark(), across, on);
    let mut text = Text::default();
    let mut more = source.read(&mut text)?;
    run.begin(text.as_bytes());
    loop {
        let block = text.as_bytes();
        let end = if more {
            memrchr(run.eol, block).map_or(0, |at| at + 1)
        } else {
            block.len()
        };
        let done = run.lines(&block[..end], !more);
        text.drop_front(done);
        if !more {
            break;
        }
        if options.threads > 1 && matches!(run.stage, Stage::Rows(_)) {
            parallel::rest(&mut run, &mut source, text)?;
            break;
        }
        more = read_on(&mut source, &mut text, run.eol)?;
    }
    Ok(run.end())
}

/// Reads on until there is a whole line. Of an endless line only the beginning is kept.
pub(crate) fn read_on<R: Read>(
    source: &mut Source<R>,
    text: &mut Text,
    eol: u8,
) -> io::Result<bool> {
    let mut more = source.read(text)?;
    while more && text.as_bytes().len() > MAX_LINE && memchr(eol, text.as_bytes()).is_none() {
        text.truncate(MAX_LINE + 1);
        more = source.read(text)?;
    }
    Ok(more)
}

/// Checks bytes that are in memory, where they are.
pub(crate) fn run_slice<F: FnMut(Event<'_>)>(
    bytes: &[u8],
    options: &CheckOptions,
    across: &mut AcrossRows,
    on: &mut F,
) -> io::Result<Summary> {
    let plain = options.threads < 2 && !is_workbook(bytes);
    let Some(text) = Mark::plain(bytes).filter(|_| plain) else {
        return run(bytes, options, across, on);
    };
    let mut run = Run::new(options, Mark::default(), across, on);
    run.begin(text);
    run.lines(text, true);
    Ok(run.end())
}

impl<'f, F: FnMut(Event<'_>)> Run<'f, F> {
    pub(crate) fn new(
        options: &'f CheckOptions,
        mark: Mark,
        across: &'f mut AcrossRows,
        on: &'f mut F,
    ) -> Self {
        Self {
            options,
            on,
            across,
            summary: Summary::default(),
            letters: Letters::default(),
            lengths: Lengths::default(),
            neighbour: Neighbour::default(),
            mixed_ends: false,
            first_beyond: None,
            offset: mark.length(),
            excerpts: HashMap::new(),
            mark,
            eol: b'\n',
            stage: Stage::Header(Vec::new()),
            scratch: Scratch::default(),
        }
    }

    /// What the first block says about the whole file.
    fn begin(&mut self, block: &[u8]) {
        if let Some(code) = self.mark.code() {
            let name = self.mark.encoding.map_or("", Encoding::name);
            self.tell(Finding::new(code, format!("The file is {name} text.")).certain());
        }
        if block.is_empty() {
            self.tell(Finding::new(
                Code::EMPTY_FILE,
                "There is nothing in the file.",
            ));
            self.stage = Stage::Unusable;
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

    /// Goes through whole lines; returns how much of them is done (see [`Lines::block`]).
    pub(crate) fn lines(&mut self, block: &[u8], last: bool) -> usize {
        let mut done = 0;
        while done < block.len() {
            let rest = &block[done..];
            match &self.stage {
                Stage::Rows(reading) => {
                    let reading = Arc::clone(reading);
                    return done + self.rows(reading, rest, last);
                }
                Stage::Unusable => {
                    let open = u64::from(!rest.ends_with(&[self.eol]));
                    let lines = memchr_iter(self.eol, rest).count() as u64 + open;
                    self.summary.lines += lines;
                    self.summary.skipped += lines;
                    return block.len();
                }
                Stage::Header(_) => {
                    let end = memchr(self.eol, rest).unwrap_or(rest.len());
                    done += (end + 1).min(rest.len());
                    self.header_line(&rest[..end], (end + 1).min(rest.len()));
                }
            }
        }
        done
    }

    fn rows(&mut self, reading: Arc<Reading>, block: &[u8], last: bool) -> usize {
        let mut scratch = mem::take(&mut self.scratch);
        let options = self.options;
        let mut lines = Lines {
            options,
            reading,
            scratch: &mut scratch,
            sink: self,
        };
        let done = lines.block(block, last);
        self.scratch = scratch;
        done
    }

    /// A line while the header has not been found.
    pub(crate) fn header_line(&mut self, text: &[u8], length: usize) {
        self.summary.lines += 1;
        let raw = text;
        let line = Line {
            text: raw.strip_suffix(b"\r").unwrap_or(raw),
            length,
            lines: 1,
        };
        let cut = &line.text[..line.text.len().min(MAX_LINE)];
        let text = decode(cut, &mut Letters::default()).into_owned();
        if let Some((layout, findings)) = header::read(&text, self.options) {
            self.header_found(line, layout, findings);
        } else if let Stage::Header(above) = &mut self.stage {
            above.push(raw[..raw.len().min(MAX_LINE + 1)].to_vec());
            let many = above.len() > MAX_ABOVE;
            self.advance(line);
            if many || header::guess(&text).is_some() {
                self.without_header();
            }
        }
    }

    fn header_found(&mut self, line: Line<'_>, layout: Layout, findings: Vec<Finding>) {
        if let Stage::Header(above) = &self.stage
            && !above.is_empty()
        {
            let cause = match above.len() {
                1 => "Line 1 stands above the header.".into(),
                above => format!("Lines 1 to {above} stand above the header."),
            };
            self.summary.skipped += above.len() as u64;
            let finding = Finding::new(Code::TEXT_ABOVE_HEADER, cause).at(1, 0);
            self.tell(finding.certain());
        }
        self.found(layout, line.text);
        for mut finding in findings {
            finding.line = self.summary.lines;
            self.tell_about(line, finding);
        }
        self.advance(line);
    }

    fn found(&mut self, layout: Layout, header: &[u8]) {
        self.summary.dialect = Some(layout.dialect);
        self.stage = Stage::Rows(Arc::new(Reading {
            layout,
            header: header.to_vec(),
            eol: self.eol,
        }));
        self.tell_header();
    }

    /// There is no header: goes on where the first row proves the layout, else gives up.
    pub(crate) fn without_header(&mut self) {
        let Stage::Header(above) = mem::replace(&mut self.stage, Stage::Unusable) else {
            return;
        };
        self.summary.skipped += above.len() as u64;
        let text = |line: &Vec<u8>| decode(line, &mut Letters::default()).into_owned();
        let is_row = |line: &&Vec<u8>| !text(line).trim_matches(is_blank).is_empty();
        let Some(first) = above.iter().find(is_row).map(text) else {
            let cause = "There are only blank lines in the file.";
            return self.tell(Finding::new(Code::EMPTY_FILE, cause));
        };
        let Some(layout) = header::guess(&first) else {
            let cause = "None of the first lines names the columns of a device list.";
            let finding = Finding::new(Code::HEADER_UNKNOWN, cause).at(1, 0);
            let harmless = first
                .split([',', ';', '\t'])
                .all(|field| field.len() < MAX_FOUND / 2);
            return self.tell(if harmless {
                finding.found(&first)
            } else {
                finding
            });
        };
        let target = header::repaired(layout.dialect, self.options.channel).header();
        let cause = format!("The first line is a device already; it must read \"{target}\".");
        self.tell(Finding::new(Code::HEADER_MISSING, cause).at(1, 0).certain());
        self.found(layout, b"");
        self.summary.lines -= above.len() as u64;
        self.summary.skipped -= above.len() as u64;
        self.offset = self.mark.length();
        if self.mark.encoding == Some(Encoding::Workbook) {
            // Its cells say more than lines can; the sheet's rows are gone through again.
            return;
        }
        for mut line in above {
            line.push(self.eol);
            self.lines(&line, true);
        }
    }

    /// What can only be said at the end.
    pub(crate) fn end(mut self) -> Summary {
        if matches!(self.stage, Stage::Header(_)) {
            self.without_header();
        }
        if self.summary.is_usable() && self.summary.rows == 0 {
            let cause = "There is a header, and no device below it.";
            self.tell(Finding::new(Code::NO_ROWS, cause));
        }
        for finding in self.lengths.findings() {
            let finding = self.placed(finding);
            self.tell(finding);
        }
        if let Some(limit) = self.options.row_limit
            && let Some(line) = self.first_beyond
        {
            let rows = self.summary.rows;
            let cause = format!("The list has {rows} devices; one list may have {limit}.");
            let lists = rows.div_ceil(limit.max(1));
            let fix = format!(
                "Split it into {lists} lists of at most {limit} devices, \
                 each with the header line; the second begins with line {line}."
            );
            self.tell(Finding::new(Code::ROW_LIMIT, cause).fix(fix));
        }
        self.summary.encoding = self.encoding();
        self.summary
    }

    fn encoding(&self) -> Encoding {
        match (self.mark.encoding, self.letters.utf8, self.letters.ansi) {
            (Some(Encoding::Utf8Mark), _, true) | (None, true, true) => Encoding::Mixed,
            (Some(announced), ..) => announced,
            (None, true, false) => Encoding::Utf8,
            (None, false, true) => Encoding::Windows1252,
            (None, false, false) => Encoding::Ascii,
        }
    }
}
