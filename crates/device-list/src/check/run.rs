//! A check from the first byte to the last: header, rows, and what is said at the end.

use std::io::{self, Read};
use std::mem;
use std::sync::Arc;

use memchr::{memchr, memchr_iter, memrchr};

use super::event::{Event, Summary};
use super::judge::Scratch;
use super::options::CheckOptions;
use super::seen::Seen;
use super::tidy::{Letters, decode};
use crate::code::Code;
use crate::encoding::Encoding;
use crate::finding::{Finding, MAX_FOUND, is_blank};
use crate::header::{self, Layout};
use crate::source::{Mark, Source, Text};

/// The longest line that is read as a row, in bytes. A hash has 4,000 characters.
pub(crate) const MAX_LINE: usize = 64 * 1024;

/// How many lines may stand above the header.
const MAX_ABOVE: usize = 10;

/// A check under way.
pub(crate) struct Run<'f, F> {
    pub(crate) options: CheckOptions,
    pub(crate) on: &'f mut F,
    pub(crate) summary: Summary,
    pub(crate) letters: Letters,
    pub(crate) eol: u8,
    pub(crate) header: Vec<u8>,
    pub(crate) seen: Seen,
    pub(crate) scratch: Scratch,
    pub(crate) first_beyond: Option<u64>,
    mark: Mark,
    stage: Stage,
}

enum Stage {
    /// The header has not been found; the lines read so far.
    Header(Vec<Vec<u8>>),
    Rows(Arc<Layout>),
    /// No header was understood: lines are counted and that is all.
    Unusable,
}

/// Checks all of `input`.
pub(crate) fn run<F: FnMut(Event<'_>)>(
    input: impl Read,
    options: CheckOptions,
    on: &mut F,
) -> io::Result<Summary> {
    let mut source = Source::open(input)?;
    let mut run = Run::new(options, source.mark(), on);
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
        run.lines(&block[..end]);
        text.drop_front(end);
        if !more {
            break;
        }
        more = source.read(&mut text)?;
        while more && text.as_bytes().len() > MAX_LINE && memchr(run.eol, text.as_bytes()).is_none()
        {
            // Of an endless line only the beginning is kept.
            text.truncate(MAX_LINE + 1);
            more = source.read(&mut text)?;
        }
    }
    Ok(run.end())
}

/// Checks bytes that are in memory, where they are.
pub(crate) fn run_slice<F: FnMut(Event<'_>)>(
    bytes: &[u8],
    options: CheckOptions,
    on: &mut F,
) -> io::Result<Summary> {
    let Some(text) = Mark::plain(bytes) else {
        return run(bytes, options, on);
    };
    let mut run = Run::new(options, Mark::default(), on);
    run.begin(text);
    run.lines(text);
    Ok(run.end())
}

impl<'f, F: FnMut(Event<'_>)> Run<'f, F> {
    fn new(options: CheckOptions, mark: Mark, on: &'f mut F) -> Self {
        Self {
            options,
            on,
            summary: Summary::default(),
            letters: Letters::default(),
            eol: b'\n',
            header: Vec::new(),
            seen: Seen::default(),
            scratch: Scratch::default(),
            first_beyond: None,
            mark,
            stage: Stage::Header(Vec::new()),
        }
    }

    /// Hands a finding on and counts it.
    pub(crate) fn tell(&mut self, finding: Finding) {
        self.summary.count(finding.severity);
        (self.on)(Event::Finding(finding));
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
            && block.get(at + 1) != Some(&b'\n')
        {
            self.eol = b'\r';
            let cause = "The lines end with CR only, as on very old computers.";
            self.tell(Finding::new(Code::LINE_ENDS, cause).certain());
        }
    }

    /// Goes through whole lines.
    fn lines(&mut self, block: &[u8]) {
        let mut rest = block;
        while !rest.is_empty() {
            match &self.stage {
                Stage::Rows(layout) => {
                    let layout = Arc::clone(layout);
                    return self.rows(&layout, rest);
                }
                Stage::Unusable => {
                    let open = u64::from(!rest.ends_with(&[self.eol]));
                    self.summary.lines += memchr_iter(self.eol, rest).count() as u64 + open;
                    return;
                }
                Stage::Header(_) => {
                    let end = memchr(self.eol, rest).unwrap_or(rest.len());
                    let line = &rest[..end];
                    rest = rest.get(end + 1..).unwrap_or_default();
                    self.summary.lines += 1;
                    self.header_line(line.strip_suffix(b"\r").unwrap_or(line));
                }
            }
        }
    }

    /// A line while the header has not been found.
    fn header_line(&mut self, line: &[u8]) {
        let Stage::Header(above) = &mut self.stage else {
            return;
        };
        let text = decode(&line[..line.len().min(MAX_LINE)], &mut Letters::default()).into_owned();
        if let Some((layout, findings)) =
            header::read(&text, self.summary.lines, self.options.channel)
        {
            let above = above.len();
            self.header = line.to_vec();
            self.found(layout);
            if above > 0 {
                let cause = format!("{above} lines stand above the header.");
                let finding = Finding::new(Code::TEXT_ABOVE_HEADER, cause).at(1, 0);
                self.tell(finding.certain());
            }
            return findings.into_iter().for_each(|finding| self.tell(finding));
        }
        above.push(line[..line.len().min(MAX_LINE + 1)].to_vec());
        if above.len() > MAX_ABOVE || header::guess(&text).is_some() {
            self.without_header();
        }
    }

    fn found(&mut self, layout: Layout) {
        self.summary.dialect = Some(layout.dialect);
        self.stage = Stage::Rows(Arc::new(layout));
    }

    /// There is no header: goes on where the first row proves the layout, else gives up.
    fn without_header(&mut self) {
        let Stage::Header(above) = mem::replace(&mut self.stage, Stage::Unusable) else {
            return;
        };
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
        self.found(layout);
        self.summary.lines -= above.len() as u64;
        for mut line in above {
            line.push(self.eol);
            self.lines(&line);
        }
    }

    /// Notes what letters outside ASCII say about the encoding, once each.
    pub(crate) fn note_letters(&mut self, before: Letters) {
        let line = self.summary.lines;
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

    /// What can only be said at the end.
    fn end(mut self) -> Summary {
        if matches!(self.stage, Stage::Header(_)) {
            self.without_header();
        }
        if self.summary.is_usable() && self.summary.rows == 0 {
            let cause = "There is a header, and no device below it.";
            self.tell(Finding::new(Code::NO_ROWS, cause));
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
