//! From bytes to blocks of text: byte-order marks, UTF-16, line ends.

mod utf16;

use std::io::{self, Read};

use crate::code::Code;
use crate::content::Content;
use crate::encoding::Encoding;
pub(crate) use utf16::PlainFrom;
use utf16::Utf16;

/// How much is read at once; small enough to stay in a core's nearest caches.
pub(crate) const BLOCK: usize = 128 * 1024;

/// How much of a file tells what it is.
const BEGINNING: usize = 4096;

/// What the bytes are, and how they are announced, or found, to be encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Mark {
    /// `None` is plain bytes: ASCII, Windows-1252 or UTF-8, to be told line by line.
    pub(crate) encoding: Option<Encoding>,
    /// Whether a byte-order mark says so.
    pub(crate) announced: bool,
    /// What they are.
    pub(crate) content: Content,
}

impl Mark {
    /// What the first bytes of a file say.
    pub(crate) fn of(bytes: &[u8]) -> Self {
        let beginning = &bytes[..bytes.len().min(BEGINNING)];
        let (encoding, announced) = match beginning {
            [0xef, 0xbb, 0xbf, ..] => (Some(Encoding::Utf8Mark), true),
            [0xff, 0xfe, ..] => (Some(Encoding::Utf16Le), true),
            [0xfe, 0xff, ..] => (Some(Encoding::Utf16Be), true),
            _ => (unmarked(beginning), false),
        };
        Self {
            encoding,
            announced,
            content: Content::of(beginning),
        }
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

/// UTF-16 that nothing announces: most characters have a NUL at the same side, and hardly any at
/// the other.
fn unmarked(bytes: &[u8]) -> Option<Encoding> {
    let (units, _) = bytes.as_chunks::<2>();
    let nuls = |at: usize| units.iter().filter(|unit| unit[at] == 0).count();
    let (first, second) = (nuls(0), nuls(1));
    let is =
        |many: usize, few: usize| units.len() >= 4 && many * 2 > units.len() && few * 20 < many;
    if is(second, first) {
        Some(Encoding::Utf16Le)
    } else if is(first, second) {
        Some(Encoding::Utf16Be)
    } else {
        None
    }
}

/// A list's bytes, read block by block as ASCII, UTF-8 or Windows-1252.
pub(crate) struct Source<R> {
    input: R,
    block: usize,
    decoder: Option<Utf16>,
    raw: Vec<u8>,
    mark: Mark,
}

impl<R: Read> Source<R> {
    /// Reads the beginning and finds out what it is; `block` is how much is read at once.
    pub(crate) fn open(mut input: R, block: usize) -> io::Result<Self> {
        let mut raw = Vec::new();
        input
            .by_ref()
            .take(block.max(BEGINNING) as u64)
            .read_to_end(&mut raw)?;
        let mark = Mark::of(&raw);
        raw.drain(..mark.length() as usize);
        let decoder = mark.encoding.and_then(Utf16::new);
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
        text.append(&decoder.decode(&mut self.raw, !more));
        Ok(more)
    }

    /// Where plain bytes follow UTF-16, so far as has been read.
    pub(crate) fn plain_from(&self) -> Option<PlainFrom> {
        self.decoder.as_ref()?.plain_from()
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

    /// Hands the beginning over, and goes on in a buffer that has been filled before.
    pub(crate) fn take_front(&mut self, length: usize, mut spare: Self) -> Self {
        spare.length = 0;
        spare.append(&self.as_bytes()[length..]);
        self.length = length;
        std::mem::replace(self, spare)
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

#[cfg(test)]
mod tests {
    use super::*;

    fn encoding(bytes: &[u8]) -> Option<Encoding> {
        Mark::of(bytes).encoding
    }

    fn utf16(text: &str) -> Vec<u8> {
        text.encode_utf16().flat_map(u16::to_le_bytes).collect()
    }

    #[test]
    fn utf_16_without_a_mark_is_known_by_its_nul_bytes() {
        let little = utf16("Manufacturer,Model,Serial Number\nΩμέγα,Büro,0042\n");
        let big: Vec<u8> = little
            .chunks(2)
            .flat_map(|unit| [unit[1], unit[0]])
            .collect();
        assert_eq!(encoding(&little), Some(Encoding::Utf16Le));
        assert_eq!(encoding(&big), Some(Encoding::Utf16Be));
        assert_eq!(
            encoding(&little[..little.len() - 1]),
            Some(Encoding::Utf16Le)
        );
        // The first characters need not be ASCII.
        assert_eq!(
            encoding(&utf16("Ωμέγα\nManufacturer,Model")),
            Some(Encoding::Utf16Le)
        );
    }

    #[test]
    fn nul_bytes_alone_are_no_utf_16() {
        for bytes in [
            &b"\0\0\0\0\0\0\0\0"[..],
            b"a,b,c\n\0\0\0\0\0\0\0\0\0",
            b"a\0b\0",
            b"",
        ] {
            assert_eq!(encoding(bytes), None, "{bytes:?}");
        }
    }
}
