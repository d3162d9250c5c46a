//! Decoding UTF-16, piece by piece.

use encoding_rs::{Decoder, UTF_16BE, UTF_16LE};

use crate::encoding::Encoding;

/// How many characters in a row that are two letters each prove that UTF-16 has ended: no language
/// writes so. A few of the letters may be accented.
const PROVING: usize = 16;

/// As [`PROVING`], where the file ends behind them.
const PROVING_AT_END: usize = 4;

/// Where plain bytes follow UTF-16, as appending one file to another leaves them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PlainFrom {
    /// How much text stands before them, in bytes as decoded.
    pub(crate) decoded: u64,
    /// How many bytes of the file do, without a mark.
    pub(crate) raw: u64,
}

/// UTF-16 on its way to UTF-8.
pub(super) struct Utf16 {
    decoder: Decoder,
    decoded: u64,
    raw: u64,
    plain_from: Option<PlainFrom>,
}

impl Utf16 {
    /// A decoder; `None` for other encodings.
    pub(super) fn new(encoding: Encoding) -> Option<Self> {
        let decoder = match encoding {
            Encoding::Utf16Le => UTF_16LE.new_decoder_without_bom_handling(),
            Encoding::Utf16Be => UTF_16BE.new_decoder_without_bom_handling(),
            _ => return None,
        };
        Some(Self {
            decoder,
            decoded: 0,
            raw: 0,
            plain_from: None,
        })
    }

    pub(super) fn plain_from(&self) -> Option<PlainFrom> {
        self.plain_from
    }

    /// Takes bytes and returns their text; what the next ones decide about stays.
    pub(super) fn decode(&mut self, raw: &mut Vec<u8>, last: bool) -> Vec<u8> {
        if self.plain_from.is_some() {
            return std::mem::take(raw);
        }
        let (end, plain) = match plain_run(raw, last) {
            Some(Plain::Proven(start)) => (start, true),
            Some(Plain::Perhaps(start)) => (start, false),
            None if last => (raw.len(), false),
            None => (raw.len() & !1, false),
        };
        let mut text = self.text(&raw[..end], last || plain);
        raw.drain(..end);
        self.decoded += text.len() as u64;
        self.raw += end as u64;
        if plain {
            self.plain_from = Some(PlainFrom {
                decoded: self.decoded,
                raw: self.raw,
            });
            text.append(raw);
        }
        text
    }

    /// Decodes a piece. Half a character at the very end is half of a line end, or shows as a
    /// replacement character.
    fn text(&mut self, piece: &[u8], last: bool) -> Vec<u8> {
        let (whole, half) = piece.split_at(piece.len() & !1);
        let (piece, end) = match half {
            [b'\n' | b'\r'] => (whole, "\n"),
            [0] => (whole, ""),
            _ => (piece, ""),
        };
        let room = self.decoder.max_utf8_buffer_length(piece.len());
        let mut utf8 = String::with_capacity(room.unwrap_or(4 * piece.len()));
        let (_, _, _) = self.decoder.decode_to_string(piece, &mut utf8, last);
        utf8.push_str(end);
        utf8.into_bytes()
    }
}

/// Bytes that are letters where UTF-16 has characters.
enum Plain {
    Proven(usize),
    /// They go on to the end of the piece, and more may follow.
    Perhaps(usize),
}

fn plain_run(raw: &[u8], last: bool) -> Option<Plain> {
    let (units, _) = raw.as_chunks::<2>();
    let ascii = |byte: &u8| matches!(byte, b' '..=b'~' | b'\t' | b'\r' | b'\n');
    let accented = |byte: &u8| *byte >= 0xc0;
    let (mut run, mut odd) = (0, 0);
    for (at, unit) in units.iter().enumerate() {
        if unit.iter().all(ascii) {
            run += 1;
        } else if odd * 4 < run && unit.iter().all(|byte| ascii(byte) || accented(byte)) {
            (run, odd) = (run + 1, odd + 1);
        } else {
            (run, odd) = (0, 0);
        }
        if run == PROVING {
            return Some(Plain::Proven(2 * (at + 1 - run)));
        }
    }
    let start = 2 * (units.len() - run);
    match run {
        0 => None,
        _ if !last => Some(Plain::Perhaps(start)),
        run if run >= PROVING_AT_END || raw[start..] == *b"\r\n" => Some(Plain::Proven(start)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode(bytes: &[u8], block: usize) -> (String, Option<PlainFrom>) {
        let mut utf16 = Utf16::new(Encoding::Utf16Le).unwrap();
        let (mut raw, mut text) = (Vec::new(), Vec::new());
        for piece in bytes.chunks(block) {
            raw.extend_from_slice(piece);
            text.extend(utf16.decode(&mut raw, false));
        }
        text.extend(utf16.decode(&mut raw, true));
        (String::from_utf8(text).unwrap(), utf16.plain_from())
    }

    fn utf16(text: &str) -> Vec<u8> {
        text.encode_utf16().flat_map(u16::to_le_bytes).collect()
    }

    #[test]
    fn plain_bytes_behind_are_read_as_they_are() {
        let wide = "Contoso,Büro,Łódź 1\r\n";
        let plain = "Contoso,Book 13,0042\r\n";
        let bytes = [utf16(wide), plain.into()].concat();
        let from = PlainFrom {
            decoded: wide.len() as u64,
            raw: 2 * wide.chars().count() as u64,
        };
        for block in [1, 2, 3, 7, 40, 1000] {
            assert_eq!(
                decode(&bytes, block),
                (format!("{wide}{plain}"), Some(from)),
                "{block}"
            );
        }
        let end = [utf16("a,b"), b"\r\n".into()].concat();
        assert_eq!(decode(&end, 1000).0, "a,b\r\n");
    }

    #[test]
    fn other_scripts_stay() {
        let text = "製造元,モデル,シリアル番号\n上海,上海上海,1\n";
        for block in [1, 5, 1000] {
            assert_eq!(decode(&utf16(text), block), (text.into(), None));
        }
    }

    #[test]
    fn half_a_character_at_the_end_is_a_line_end_or_shows() {
        let bytes = utf16("0042\r\n");
        assert_eq!(decode(&bytes[..bytes.len() - 1], 3).0, "0042\r\n");
        let bytes = utf16("0042");
        assert_eq!(decode(&bytes[..bytes.len() - 1], 3).0, "004\u{fffd}");
    }
}
