//! The text form: base64 as devices write it and as files mangle it.

use base64_simd::{AsOut, STANDARD};

use super::container::{HEADER, TRAILER, content_length};
use super::error::HashError;

/// Zero bytes, as base64 shows them.
static ZEROS: [u8; 4096] = [b'A'; 4096];

/// What the text was like, beside its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TextForm {
    /// Whether it ends with as many `=` as base64 wants.
    pub(crate) padded: bool,
}

/// Decodes a hash's text into `out`, at least as far as its trailer reaches.
///
/// `=` may be missing; zero bytes behind the trailer are not decoded. The cost is that of the
/// bytes that say something, so a short hash in a long text is cheap.
pub(crate) fn decode(text: &[u8], out: &mut Vec<u8>) -> Result<TextForm, HashError> {
    let body = without_padding(text);
    let form = TextForm {
        padded: text.len().is_multiple_of(4),
    };
    if let Some(wanted) = meaningful(body)? {
        let (front, rest) = body.split_at(wanted);
        if rest
            .chunks(ZEROS.len())
            .all(|chunk| chunk == &ZEROS[..chunk.len()])
        {
            decode_groups(front, 0, out)?;
            return Ok(form);
        }
    }
    decode_all(body, out)?;
    Ok(form)
}

/// The text without the `=` at its end, two at most.
fn without_padding(text: &[u8]) -> &[u8] {
    let one = text.strip_suffix(b"=").unwrap_or(text);
    one.strip_suffix(b"=").unwrap_or(one)
}

/// How many characters hold content and trailer, in whole groups of four; `None` when the text is
/// shorter than that or its first bytes are not those of a hash.
fn meaningful(body: &[u8]) -> Result<Option<usize>, HashError> {
    let Some(head) = body.get(..8) else {
        return Ok(None);
    };
    let mut bytes = [0; 6];
    if STANDARD
        .decode(head, bytes.as_mut_slice().as_out())
        .is_err()
    {
        return Err(not_base64(body, 0));
    }
    let Some(length) = content_length(&bytes[..HEADER]) else {
        return Ok(None);
    };
    let characters = (length + TRAILER).div_ceil(3) * 4;
    Ok((characters <= body.len()).then_some(characters))
}

/// Decodes everything, a last group of two or three characters included. Bits that fill no byte
/// are dropped: they are the padding's, or what is left of a byte that was cut off.
fn decode_all(body: &[u8], out: &mut Vec<u8>) -> Result<(), HashError> {
    let (groups, tail) = body.split_at(body.len() / 4 * 4);
    decode_groups(groups, 0, out)?;
    if tail.is_empty() {
        return Ok(());
    }
    let mut group = [b'A'; 4];
    group[..tail.len()].copy_from_slice(tail);
    let mut bytes = [0; 3];
    if STANDARD
        .decode(&group, bytes.as_mut_slice().as_out())
        .is_err()
    {
        return Err(not_base64(tail, groups.len()));
    }
    out.extend_from_slice(&bytes[..tail.len() * 6 / 8]);
    Ok(())
}

/// Decodes whole groups of four characters.
fn decode_groups(groups: &[u8], offset: usize, out: &mut Vec<u8>) -> Result<(), HashError> {
    out.resize(groups.len() / 4 * 3, 0);
    match STANDARD.decode(groups, out.as_mut_slice().as_out()) {
        Ok(_) => Ok(()),
        Err(_) => Err(not_base64(groups, offset)),
    }
}

fn not_base64(part: &[u8], offset: usize) -> HashError {
    let in_alphabet = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    let at = part
        .iter()
        .position(|byte| !in_alphabet(byte))
        .unwrap_or_default();
    HashError::NotBase64 {
        position: offset + at,
    }
}

/// The text without blanks and invisible characters and in the standard alphabet; `None` when it
/// is that already.
///
/// Whether the result is the hash that was meant is for its digest to prove.
pub(crate) fn normalized(text: &str) -> Option<String> {
    let normal: String = text
        .chars()
        .filter(|c| !c.is_whitespace() && !c.is_control() && !crate::finding::is_invisible(*c))
        .map(|c| match c {
            '-' => '+',
            '_' => '/',
            other => other,
        })
        .collect();
    (normal != text).then_some(normal)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes_of(text: &str) -> Result<Vec<u8>, HashError> {
        let mut out = vec![0xee; 7];
        decode(text.as_bytes(), &mut out)?;
        Ok(out)
    }

    #[test]
    fn padding_may_be_missing_or_too_short() {
        // The documented example of a text that lacks padding (AP-TS25).
        let contoso = b"Contoso\0\0".to_vec();
        assert_eq!(bytes_of("Q29udG9zbwAAA"), Ok(contoso.clone()));
        assert_eq!(bytes_of("Q29udG9zbwAAAA==").unwrap()[..9], contoso);
        assert_eq!(bytes_of("Q29udG9zbw"), Ok(b"Contoso".to_vec()));
        assert_eq!(bytes_of("Q29udG9zbw=="), Ok(b"Contoso".to_vec()));
        assert_eq!(bytes_of("Q29udG9zbzE"), Ok(b"Contoso1".to_vec()));
    }

    #[test]
    fn the_first_wrong_character_is_named() {
        assert_eq!(
            bytes_of("Q29u!G9zbw"),
            Err(HashError::NotBase64 { position: 4 })
        );
        assert_eq!(
            bytes_of("Q29udG9zb_"),
            Err(HashError::NotBase64 { position: 9 })
        );
        assert_eq!(
            bytes_of("Q29u=udG9z"),
            Err(HashError::NotBase64 { position: 4 })
        );
        assert_eq!(
            bytes_of("AAAA===="),
            Err(HashError::NotBase64 { position: 4 })
        );
    }

    #[test]
    fn normalizing_touches_only_what_it_must() {
        assert_eq!(normalized("Q29u+/=="), None);
        assert_eq!(normalized("Q2 9u-_\u{200b}"), Some("Q29u+/".into()));
    }
}
