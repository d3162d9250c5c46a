//! From bytes to blocks of text: byte-order marks, UTF-16, line ends.

use std::io::{self, Read};

use encoding_rs::{Decoder, UTF_16BE, UTF_16LE};

use crate::code::Code;
use crate::encoding::Encoding;

/// How much is read at once; small enough to stay in a core's nearest caches.
pub(crate) const BLOCK: usize = 128 * 1024;

/// How the bytes are announced, or found, to be encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Mark {
    /// `None` is plain bytes: ASCII, Windows-1252 or UTF-8, to be told line by line.
    pub(crate) encoding: Option<Encoding>,
    /// Whether a byte-order mark says so.
    pub(crate) announced: bool,
}

impl Mark {
    /// Bytes that nothing stands in front of and that need no decoding; `None` for others.
    pub(crate) fn plain(bytes: &[u8]) -> Option<&[u8]> {
        (detect(bytes).0.encoding.is_none()).then_some(bytes)
    }

    /// How many bytes the mark takes.
    pub(crate) fn length(self) -> u64 {
        match self.encoding {
            Some(Encoding::Utf8Mark) => 3,
            Some(_) if self.announced => 2,
            _ => 0,
        }
    }

    /// What there is to say about it.
    pub(crate) fn code(self) -> Option<Code> {
        Some(match (self.encoding?, self.announced) {
            (Encoding::Utf8Mark, _) => Code::UTF8_MARK,
            (_, true) => Code::UTF16,
            (_, false) => Code::UTF16_UNMARKED,
        })
    }
}

/// A list's bytes, read block by block as ASCII, UTF-8 or Windows-1252.
pub(crate) struct Source<R> {
    input: R,
    block: usize,
    decoder: Option<Decoder>,
    raw: Vec<u8>,
    mark: Mark,
}

impl<R: Read> Source<R> {
    /// Reads the beginning and finds out what it is; `block` is how much is read at once.
    pub(crate) fn open(mut input: R, block: usize) -> io::Result<Self> {
        let mut raw = Vec::new();
        input
            .by_ref()
            .take(block.max(16) as u64)
            .read_to_end(&mut raw)?;
        let (mark, skip) = detect(&raw);
        raw.drain(..skip);
        let decoder = match mark.encoding {
            Some(Encoding::Utf16Le) => Some(UTF_16LE.new_decoder_without_bom_handling()),
            Some(Encoding::Utf16Be) => Some(UTF_16BE.new_decoder_without_bom_handling()),
            _ => None,
        };
        Ok(Self {
            input,
            block,
            decoder,
            raw,
            mark,
        })
    }

    /// The first bytes behind the mark.
    pub(crate) fn head(&self) -> &[u8] {
        &self.raw
    }

    /// All bytes behind the mark, as they are.
    pub(crate) fn into_bytes(self) -> impl Read {
        io::Cursor::new(self.raw).chain(self.input)
    }

    pub(crate) fn mark(&self) -> Mark {
        self.mark
    }

    /// Appends what comes next to the text; `false` when this was the last.
    pub(crate) fn read(&mut self, text: &mut Text) -> io::Result<bool> {
        let Some(decoder) = &mut self.decoder else {
            text.append(&self.raw);
            self.raw.clear();
            return text.fill(&mut self.input, self.block);
        };
        let more = self
            .input
            .by_ref()
            .take(self.block as u64)
            .read_to_end(&mut self.raw)?
            > 0;
        let mut utf8 = String::with_capacity(
            decoder
                .max_utf8_buffer_length(self.raw.len())
                .unwrap_or(4 * self.raw.len()),
        );
        let (_, taken, _) = decoder.decode_to_string(&self.raw, &mut utf8, !more);
        self.raw.drain(..taken);
        text.append(utf8.as_bytes());
        Ok(more)
    }
}

/// Text that was read and has not been gone through. Its buffer is filled again and again.
#[derive(Default)]
pub(crate) struct Text {
    bytes: Vec<u8>,
    length: usize,
}

impl Text {
    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.bytes[..self.length]
    }

    pub(crate) fn truncate(&mut self, length: usize) {
        self.length = self.length.min(length);
    }

    /// Forgets the beginning.
    pub(crate) fn drop_front(&mut self, length: usize) {
        self.bytes.copy_within(length..self.length, 0);
        self.length -= length;
    }

    fn append(&mut self, more: &[u8]) {
        self.make_room(more.len());
        self.bytes[self.length..][..more.len()].copy_from_slice(more);
        self.length += more.len();
    }

    /// Appends a block of the input, less only at its end; `false` when nothing was left.
    fn fill(&mut self, input: &mut impl Read, block: usize) -> io::Result<bool> {
        self.make_room(block);
        let (from, end) = (self.length, self.length + block);
        while self.length < end {
            match input.read(&mut self.bytes[self.length..end]) {
                Ok(0) => break,
                Ok(read) => self.length += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(self.length > from)
    }

    fn make_room(&mut self, more: usize) {
        if self.bytes.len() < self.length + more {
            self.bytes.resize(self.length + more, 0);
        }
    }
}

/// What the first bytes say, and how many of them are a mark.
fn detect(bytes: &[u8]) -> (Mark, usize) {
    let mark = |encoding, announced| Mark {
        encoding: Some(encoding),
        announced,
    };
    match bytes {
        [0xef, 0xbb, 0xbf, ..] => (mark(Encoding::Utf8Mark, true), 3),
        [0xff, 0xfe, ..] => (mark(Encoding::Utf16Le, true), 2),
        [0xfe, 0xff, ..] => (mark(Encoding::Utf16Be, true), 2),
        _ => match bytes.first_chunk::<8>() {
            Some([a, 0, b, 0, c, 0, d, 0]) if ![a, b, c, d].contains(&&0) => {
                (mark(Encoding::Utf16Le, false), 0)
            }
            Some([0, a, 0, b, 0, c, 0, d]) if ![a, b, c, d].contains(&&0) => {
                (mark(Encoding::Utf16Be, false), 0)
            }
            _ => (Mark::default(), 0),
        },
    }
}
