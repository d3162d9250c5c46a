//! A check from the first byte to the last: header, rows, and what is said at the end.

use std::collections::{BTreeMap, VecDeque};
use std::io::{self, Read};
use std::mem;
use std::sync::Arc;

use memchr::{memchr, memchr_iter, memrchr};

use super::across_rows::AcrossRows;
use super::event::{Event, Summary};
use super::finish::in_file;
use super::judge::Scratch;
use super::lengths::Lengths;
use super::lines::{Lines, MAX_LINE};
use super::neighbour::Neighbour;
use super::options::CheckOptions;
use super::parallel;
use super::sheet;
use super::sink::Reading;
use super::tidy::Letters;
use crate::code::Code;
use crate::encoding::Encoding;
use crate::finding::Finding;
use crate::source::{BLOCK, Mark, PlainFrom, Source, Text};
use crate::workbook::is_workbook;

/// How much of a file may wait until its first lines say how to read it, in bytes.
const MAX_WAITING: usize = 1 << 20;

/// A check of one file under way.
pub(crate) struct Run<'f, F> {
    pub(crate) options: &'f CheckOptions,
    pub(crate) on: &'f mut F,
    pub(crate) across: &'f mut AcrossRows,
    pub(crate) summary: Summary,
    pub(crate) letters: Letters,
    pub(crate) lengths: Lengths,
    pub(crate) neighbour: Neighbour,
    pub(crate) signs: Signs,
    /// Whether the row before had fewer fields than columns.
    pub(crate) short: bool,
    /// Whether so much of the file waits that its first lines must do.
    pub(crate) crowded: bool,
    pub(crate) first_beyond: Option<u64>,
    /// Where the line that comes next begins in the file, in bytes.
    pub(crate) offset: u64,
    /// How many excerpts were made for each code.
    pub(crate) excerpts: BTreeMap<Code, usize>,
    pub(crate) mark: Mark,
    /// How much of the text is done, in bytes as decoded.
    pub(crate) read: u64,
    /// What was left out of endless lines that come, in their order.
    pub(crate) dropped: VecDeque<Dropped>,
    /// Where the text is no UTF-16 any more, so far as has been read.
    pub(crate) plain_from: Option<PlainFrom>,
    /// Whether a part of the file is UTF-16 and another is not.
    pub(crate) partly_utf16: bool,
    pub(crate) eol: u8,
    pub(crate) stage: Stage,
    pub(crate) first: FirstLook,
    pub(crate) scratch: Scratch,
}

/// What was left out of an endless line when it was read.
pub(crate) struct Dropped {
    /// Where the line begins, in bytes as decoded, without what was left out before.
    pub(crate) at: u64,
    /// How many bytes of the file it was.
    pub(crate) bytes: u64,
}

/// How the search for a header stands.
#[derive(Default)]
pub(crate) struct FirstLook {
    /// How many of the first lines have said nothing about how they are read.
    pub(crate) lines: usize,
    /// Whether they are no list, and a header is looked for further down.
    pub(crate) further: bool,
    /// The line of the header, from 1; 0 is none.
    pub(crate) header: u64,
}

/// What has been said once about the whole file.
#[derive(Default)]
pub(crate) struct Signs {
    pub(crate) line_end: bool,
    pub(crate) crlf: bool,
    /// There is more of the file, and it can't be read.
    pub(crate) broken_off: bool,
}

pub(crate) enum Stage {
    /// How lines are to be read is not known yet.
    Header,
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
    while more && !has_line_end(text.as_bytes()) && text.as_bytes().len() <= MAX_WAITING {
        more = source.read(&mut text)?;
    }
    run.begin(text.as_bytes());
    loop {
        run.meet(source.plain_from());
        let block = text.as_bytes();
        let end = if more {
            memrchr(run.eol, block).map_or(0, |at| at + 1)
        } else {
            block.len()
        };
        run.crowded = block.len() > MAX_WAITING;
        let done = run.lines(&block[..end], !more);
        text.drop_front(done);
        if !more {
            break;
        }
        if options.threads > 1 && matches!(run.stage, Stage::Rows(_)) {
            parallel::rest(&mut run, &mut source, text)?;
            break;
        }
        more = run.read_on(&mut source, &mut text, run.read)?;
    }
    Ok(run.end())
}

/// Whether a text shows how its first line ends.
fn has_line_end(text: &[u8]) -> bool {
    memchr::memchr2(b'\r', b'\n', text)
        .is_some_and(|at| text[at..].iter().any(|byte| *byte != b'\r'))
}

/// Checks bytes that are in memory, where they are.
pub(crate) fn run_slice<F: FnMut(Event<'_>)>(
    bytes: &[u8],
    options: &CheckOptions,
    across: &mut AcrossRows,
    on: &mut F,
) -> io::Result<Summary> {
    let mark = Mark::of(bytes);
    if mark.encoding.is_some() || options.threads > 1 || is_workbook(bytes) {
        return run(bytes, options, across, on);
    }
    let mut run = Run::new(options, mark, across, on);
    run.begin(bytes);
    run.lines(bytes, true);
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
            signs: Signs::default(),
            short: false,
            crowded: false,
            first_beyond: None,
            offset: mark.length(),
            excerpts: BTreeMap::new(),
            mark,
            read: 0,
            dropped: VecDeque::new(),
            plain_from: None,
            partly_utf16: false,
            eol: b'\n',
            stage: Stage::Header,
            first: FirstLook::default(),
            scratch: Scratch::default(),
        }
    }

    /// Reads on until there is a whole line. Of an endless line only the beginning is kept. `at` is
    /// where the text begins, in bytes as decoded.
    pub(crate) fn read_on<R: Read>(
        &mut self,
        source: &mut Source<R>,
        text: &mut Text,
        at: u64,
    ) -> io::Result<bool> {
        let (mut more, mut bytes) = (source.read(text)?, 0);
        while more
            && text.as_bytes().len() > MAX_LINE
            && memchr(self.eol, text.as_bytes()).is_none()
        {
            let left_out = &text.as_bytes()[MAX_LINE + 1..];
            bytes += in_file(self.mark.encoding, left_out, left_out.len());
            text.truncate(MAX_LINE + 1);
            more = source.read(text)?;
        }
        if bytes > 0 {
            self.dropped.push_back(Dropped { at, bytes });
        }
        Ok(more)
    }

    /// Notes where the text stops being UTF-16, to be met among the lines.
    pub(crate) fn meet(&mut self, plain_from: Option<PlainFrom>) {
        self.plain_from = plain_from.filter(|_| self.mark.encoding.is_some());
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
                Stage::Header => match self.first_lines(rest, last) {
                    Some(taken) => done += taken,
                    None => return done,
                },
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

    /// What can only be said at the end.
    pub(crate) fn end(mut self) -> Summary {
        if self.summary.is_usable() && self.summary.rows == 0 && !self.signs.broken_off {
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
            let cause = format!("The list has {rows} rows; one list may have {limit}.");
            let lists = rows.div_ceil(limit.max(1));
            let fix = format!(
                "Split it into {lists} lists of at most {limit} rows, \
                 each with the header line; the second begins with line {line}."
            );
            self.tell(Finding::new(Code::ROW_LIMIT, cause).fix(fix));
        }
        self.summary.encoding = self.encoding();
        self.summary
    }

    fn encoding(&self) -> Encoding {
        match (self.mark.encoding, self.letters.utf8, self.letters.ansi) {
            _ if self.partly_utf16 => Encoding::Mixed,
            (Some(Encoding::Utf8Mark), _, true) | (None, true, true) => Encoding::Mixed,
            (Some(announced), ..) => announced,
            (None, true, false) => Encoding::Utf8,
            (None, false, true) => Encoding::Windows1252,
            (None, false, false) => Encoding::Ascii,
        }
    }
}
