//! NUL bytes in lines: what a crash leaves, and UTF-16 in a file that is not.

use std::borrow::Cow;

use memchr::{memchr, memchr_iter};

/// Whether a line is nothing but NUL bytes and blanks.
pub(super) fn is_only_nul(line: &[u8]) -> bool {
    line.contains(&0)
        && line
            .iter()
            .all(|byte| matches!(byte, 0 | b' ' | b'\t' | b'\r'))
}

/// A line's bytes without what UTF-16 puts between them, where it is a piece of UTF-16, and
/// whether it is.
///
/// One byte of two is NUL then, and no two NULs are side by side. The second byte of a line end
/// stands in front of the next line.
pub(super) fn narrow(line: &[u8]) -> (Cow<'_, [u8]>, bool) {
    if memchr(0, line).is_none() {
        return (line.into(), false);
    }
    let nuls = memchr_iter(0, line).count();
    let side_by_side = line.windows(2).any(|pair| pair == [0, 0]);
    if side_by_side || line.len() < 4 || nuls * 3 < line.len() {
        return match line {
            [0, rest @ ..] if nuls == 1 => (rest.into(), true),
            _ => (line.into(), false),
        };
    }
    let marks = [&[0xff, 0xfe][..], &[0xfe, 0xff]];
    let bare = marks
        .iter()
        .find_map(|mark| line.strip_prefix(*mark))
        .unwrap_or(line);
    let mut narrow: Vec<u8> = bare.iter().copied().filter(|byte| *byte != 0).collect();
    if narrow.ends_with(b"\r") {
        narrow.pop();
    }
    (narrow.into(), true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_piece_of_utf_16_is_read_as_its_text() {
        let bytes: Vec<u8> = "a,b\u{e4}c\r\n0042\r\nx,1"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        let lines: Vec<_> = bytes.split(|byte| *byte == b'\n').map(narrow).collect();
        assert_eq!(lines[0], (b"a,b\xe4c"[..].into(), true));
        assert_eq!(lines[1], (b"0042"[..].into(), true));
        assert_eq!(lines[2], (b"x,1"[..].into(), true));
        let bytes: Vec<u8> = "\u{feff}a,b\n"
            .encode_utf16()
            .flat_map(u16::to_be_bytes)
            .collect();
        assert_eq!(
            *narrow(bytes.split(|byte| *byte == b'\n').next().unwrap()).0,
            b"a,b"[..]
        );
    }

    #[test]
    fn other_nul_bytes_stay() {
        for line in [&b"Con\0toso,B,5"[..], b"0042\0\0\0\0\0\0", b"a\0b"] {
            assert_eq!(narrow(line), (line.into(), false));
        }
        assert_eq!(narrow(b"\0Contoso,B,5"), (b"Contoso,B,5"[..].into(), true));
        assert!(
            is_only_nul(b"\0\0") && is_only_nul(b"\0") && !is_only_nul(b"") && !is_only_nul(b"\0a")
        );
    }
}
