//! Where the fields and lines of a block end: one pass, 64 bytes at a time.

use memchr::memchr3;

/// Bytes looked at together.
const WINDOW: usize = 64;

/// The bytes that mean something between values.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Signs {
    pub(crate) delimiter: u8,
    pub(crate) eol: u8,
}

/// What stands at a mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mark {
    Delimiter,
    Eol,
    Quote,
    /// A byte that is no printable ASCII.
    Odd,
}

/// Goes through the marks of a block: every delimiter, line end and quote, and the odd bytes.
///
/// Only where a value goes on for a whole window the odd bytes behind that are left out, and
/// [`Marks::skipped`] says so: a hash passes by faster.
pub(crate) struct Marks<'b> {
    block: &'b [u8],
    signs: Signs,
    /// Where the window begins.
    from: usize,
    /// Marks of the window that have not been handed out, the first in the lowest bit.
    left: u64,
    /// Where the window ends.
    to: usize,
    skipped: bool,
}

impl<'b> Marks<'b> {
    pub(crate) fn new(block: &'b [u8], signs: Signs) -> Self {
        Self {
            block,
            signs,
            from: 0,
            left: 0,
            to: 0,
            skipped: false,
        }
    }

    /// The next mark.
    #[inline]
    pub(crate) fn next(&mut self) -> Option<(usize, Mark)> {
        while self.left == 0 {
            self.look()?;
        }
        let at = self.from + self.left.trailing_zeros() as usize;
        self.left &= self.left - 1;
        let byte = self.block[at];
        let mark = if byte == self.signs.delimiter {
            Mark::Delimiter
        } else if byte == self.signs.eol {
            Mark::Eol
        } else if byte == b'"' {
            Mark::Quote
        } else {
            Mark::Odd
        };
        Some((at, mark))
    }

    /// Whether odd bytes may have been left out since this was asked last.
    #[inline]
    pub(crate) fn skipped(&mut self) -> bool {
        std::mem::take(&mut self.skipped)
    }

    /// Takes the next window; a long stretch without a delimiter, line end or quote is left out.
    fn look(&mut self) -> Option<()> {
        let Signs { delimiter, eol } = self.signs;
        let rest = self.block.get(self.to..).filter(|rest| !rest.is_empty())?;
        self.from = self.to;
        if let Some(window) = rest.first_chunk() {
            self.to += WINDOW;
            self.left = marks(window, delimiter);
            if self.left == 0 {
                self.skipped = true;
                let long = &rest[WINDOW..];
                self.to += memchr3(delimiter, eol, b'"', long).unwrap_or(long.len());
            }
        } else {
            let mut window = [b'x'; WINDOW];
            window[..rest.len()].copy_from_slice(rest);
            self.to = self.block.len();
            self.left = marks(&window, delimiter) & ((1 << rest.len()) - 1);
        }
        Some(())
    }
}

/// One bit for each byte of the window that is a mark; line ends are odd bytes like others here.
///
/// Eight bytes at a time in one number, as adding 7f to seven bits carries into the eighth unless
/// they are zero.
fn marks(window: &[u8; WINDOW], delimiter: u8) -> u64 {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    const SEVEN: u64 = 0x7f * ONES;
    let [delimiter, quote] = [delimiter, b'"'].map(|byte| u64::from(byte) * ONES);
    let (words, _) = window.as_chunks::<8>();
    words.iter().rev().fold(0, |bits, word| {
        let word = u64::from_le_bytes(*word);
        let low = word & SEVEN;
        let neither = (((word ^ delimiter) & SEVEN) + SEVEN) & (((word ^ quote) & SEVEN) + SEVEN);
        let plain = (low + 0x60 * ONES) & neither;
        let odd = (low + ONES) | word;
        let found = (!plain | odd) >> 7 & ONES;
        // Brings the eight bits together in the highest byte.
        bits << 8 | found.wrapping_mul(0x0102_0408_1020_4080) >> 56
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use memchr::memchr3_iter;
    use proptest::prelude::*;

    /// [`marks`] as it is meant.
    fn plain_marks(window: &[u8; WINDOW], delimiter: u8) -> u64 {
        let is_mark =
            |byte: u8| byte == delimiter || byte == b'"' || byte.wrapping_sub(b' ') >= 0x5f;
        window
            .iter()
            .rev()
            .fold(0, |bits, byte| bits << 1 | u64::from(is_mark(*byte)))
    }

    proptest! {
        #[test]
        fn every_byte_is_told_as_it_is_meant(
            bytes in prop::collection::vec(any::<u8>(), 64),
            delimiter in prop::sample::select(vec![b',', b';', b'\t']),
        ) {
            let window = bytes.as_slice().try_into().expect("64 bytes");
            prop_assert_eq!(marks(window, delimiter), plain_marks(window, delimiter));
        }

        #[test]
        fn no_mark_is_missed(pieces in prop::collection::vec(("[a-z,\n\"\t\u{e4}]{0,6}", 0_usize..200), 0..12)) {
            let mut text = String::new();
            for (piece, length) in &pieces {
                text.push_str(piece);
                text.extend(std::iter::repeat_n('A', *length));
            }
            let block = text.as_bytes();
            let mut marks = Marks::new(block, Signs { delimiter: b',', eol: b'\n' });
            let (mut separating, mut from) = (Vec::new(), 0);
            while let Some((at, mark)) = marks.next() {
                let between = &block[from..at];
                let odd = between.iter().any(|byte| byte.wrapping_sub(b' ') >= 0x5f);
                prop_assert!(marks.skipped() || !odd);
                prop_assert_eq!(mark == Mark::Odd, !matches!(block[at], b',' | b'\n' | b'"'));
                from = at + 1;
                if mark != Mark::Odd {
                    separating.push(at);
                }
            }
            prop_assert!(separating.into_iter().eq(memchr3_iter(b',', b'\n', b'"', block)));
        }
    }
}
