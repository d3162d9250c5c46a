//! What can be said about the hash in a row, by itself.

use super::row::Notes;
use crate::code::Code;
use crate::dialect::Column;
use crate::finding::Finding;
use crate::hardware_hash::container::{Frame, Identity, content_length, text};
use crate::hardware_hash::notable::Glance;
use crate::hardware_hash::text::{TextForm, decode, normalized};
use crate::hardware_hash::{
    DigestState, HashError, USUAL_CHARACTERS, encode_padded, encode_text, open, open_and,
};

/// A hash that is proven whole.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Proven<'s> {
    pub(crate) frame: Frame<'s>,
    pub(crate) identity: Identity<'s>,
}

/// How a text had to be read that is not the hash as devices write it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Altered {
    /// Blanks or other letters got into it.
    Letters,
    /// It is hexadecimal.
    Hex,
}

/// Bytes of the hash that Windows wrote up to 10 1703: no record, nothing to look up (PC-AP19).
const SHORT_HASH: usize = 128;

/// Reads the hash's text into `bytes` and notes what is wrong with it. The corrected text is put
/// into `corrected` where a repair is certain. `unproven` sees what identifies the machine before that
/// is proven (see [`open_and`]).
pub(crate) fn read<'s>(
    sent: &[u8],
    bytes: &'s mut Vec<u8>,
    notes: &mut Notes<'_>,
    corrected: &mut Option<String>,
    unproven: impl FnOnce(&Identity<'s>),
) -> Option<(Proven<'s>, Glance<'s>)> {
    let (form, altered) = match decode_as_sent(sent, bytes) {
        Ok(form) => (form, None),
        Err(error) => {
            let length = bytes.len();
            let Some((form, altered)) = decode_altered(sent, bytes) else {
                notes.add(fault(error, sent, length).field(Column::Hash));
                return None;
            };
            (form, Some(altered))
        }
    };
    let mut glance = Glance::default();
    match open_and(bytes, |kind, payload| glance.note(kind, payload), unproven) {
        Ok((frame, identity)) => {
            let proven = Proven { frame, identity };
            if let Some(finding) = form_finding(form, altered, &proven) {
                let characters = match altered {
                    Some(Altered::Hex) => sent.len() / 2 * 4 / 3,
                    _ => sent.len(),
                };
                let value = right_text(&proven, characters);
                notes.add(finding.field(Column::Hash).corrected(value.as_str()));
                *corrected = Some(value);
            }
            Some((proven, glance))
        }
        Err(error) => {
            notes.add(fault(error, sent, bytes.len()).field(Column::Hash));
            None
        }
    }
}

/// Reads a text quietly; `None` where it is no whole hash, as far as it is written as devices do.
pub(crate) fn prove<'s>(sent: &[u8], bytes: &'s mut Vec<u8>) -> Option<Proven<'s>> {
    decode_as_sent(sent, bytes).ok()?;
    let (frame, identity) = open(bytes).ok()?;
    Some(Proven { frame, identity })
}

/// Whether a text begins like a hash and is long enough to be one.
pub(crate) fn looks_like_hash(text: &[u8]) -> bool {
    text.len() >= SHORTEST && text.starts_with(HASH_START)
}

/// What the text of every hash begins with: `OA` in base64.
pub(crate) const HASH_START: &[u8] = b"T0";

/// No hash with serial number and manufacturer is shorter, in characters.
pub(crate) const SHORTEST: usize = 64;

fn decode_as_sent(sent: &[u8], bytes: &mut Vec<u8>) -> Result<TextForm, HashError> {
    let form = decode(sent, bytes)?;
    match content_length(bytes) {
        Some(_) => Ok(form),
        None => Err(HashError::NoMagic),
    }
}

/// Tries the text as it may have been before something altered it; only a whole digest proves that.
fn decode_altered(sent: &[u8], bytes: &mut Vec<u8>) -> Option<(TextForm, Altered)> {
    let text = text(sent);
    if hex_bytes(&text, bytes) && is_verified(bytes) {
        return Some((TextForm { padded: true }, Altered::Hex));
    }
    let plus = text.contains(' ').then(|| text.replace(' ', "+"));
    let percent = text.contains('%').then(|| without_percent(&text));
    let more_padding = text
        .ends_with("===")
        .then(|| text.trim_end_matches('=').to_owned());
    let texts = [Some(text.into_owned()), plus, percent, more_padding];
    texts.into_iter().flatten().find_map(|text| {
        let text = normalized(&text).unwrap_or(text);
        let form = decode(text.as_bytes(), bytes).ok()?;
        is_verified(bytes).then_some((form, Altered::Letters))
    })
}

fn is_verified(bytes: &[u8]) -> bool {
    open(bytes).is_ok_and(|(frame, _)| frame.proof == Ok(DigestState::Verified))
}

/// Base64's other signs as links write them.
fn without_percent(text: &str) -> String {
    let mut text = text.to_owned();
    for (code, sign) in [
        ("%2B", "+"),
        ("%2b", "+"),
        ("%2F", "/"),
        ("%2f", "/"),
        ("%3D", "="),
        ("%3d", "="),
    ] {
        text = text.replace(code, sign);
    }
    text
}

/// Reads hexadecimal digits, whatever stands between the pairs; `false` where the text is something
/// else.
fn hex_bytes(text: &str, bytes: &mut Vec<u8>) -> bool {
    const MAGIC: [u8; 2] = *b"OA";
    let text = text.strip_prefix("0x").unwrap_or(text);
    if !text.starts_with("4F") && !text.starts_with("4f") {
        return false;
    }
    let digits = text
        .bytes()
        .filter(|byte| !matches!(byte, b' ' | b'-' | b':'));
    let Some(digits) = digits
        .map(|digit| char::from(digit).to_digit(16))
        .collect::<Option<Vec<_>>>()
    else {
        return false;
    };
    let (pairs, rest) = digits.as_chunks::<2>();
    bytes.clear();
    bytes.extend(pairs.iter().map(|[high, low]| (high << 4 | low) as u8));
    rest.is_empty() && bytes.starts_with(&MAGIC)
}

/// What is wrong with a text whose content is proven.
fn form_finding(form: TextForm, altered: Option<Altered>, proven: &Proven<'_>) -> Option<Finding> {
    match altered {
        Some(Altered::Letters) => {
            let cause =
                "There are blanks or other letters in the hash; its checksum proves what it was.";
            return Some(Finding::new(Code::HASH_ALPHABET, cause));
        }
        Some(Altered::Hex) => {
            let cause = "The hash is written as hexadecimal digits; its checksum proves it whole.";
            return Some(Finding::new(Code::HASH_HEX, cause));
        }
        None => {}
    }
    if let Ok(DigestState::CutShort { missing }) = proven.frame.proof {
        let cause = format!(
            "The hash has lost the last {missing} of the 32 bytes of its checksum; the others fit."
        );
        return Some(Finding::new(Code::HASH_TRAILER_CUT, cause));
    }
    if proven.frame.rest {
        let cause = "Something follows the end of the hash that does not belong to it.";
        return Some(Finding::new(Code::HASH_REST, cause));
    }
    let cause = "The hash's length is not a multiple of four characters.";
    (!form.padded).then(|| Finding::new(Code::HASH_PADDING, cause))
}

/// The hash as it should be written: in the usual length if it was that long.
fn right_text(proven: &Proven<'_>, characters: usize) -> String {
    let (content, sha256) = (proven.frame.content, &proven.frame.sha256);
    if characters + 8 >= USUAL_CHARACTERS {
        encode_padded(content, sha256)
    } else {
        encode_text(content, sha256)
    }
}

fn code(error: HashError) -> Code {
    match error {
        HashError::NotBase64 { .. } => Code::HASH_NOT_BASE64,
        HashError::NoMagic => Code::HASH_NO_MAGIC,
        HashError::ContentCut { .. } => Code::HASH_CONTENT_CUT,
        HashError::TrailerMissing => Code::HASH_TRAILER_MISSING,
        HashError::TrailerCut { .. } => Code::HASH_TRAILER_BROKEN,
        HashError::DigestMismatch => Code::HASH_DIGEST,
        HashError::Records { .. } => Code::HASH_RECORDS,
        HashError::NoManufacturer | HashError::NoSerial => Code::HASH_EMPTY_INSIDE,
    }
}

/// Says what is wrong without showing any of the hash.
fn fault(error: HashError, sent: &[u8], decoded: usize) -> Finding {
    match error {
        HashError::NoMagic if decoded == SHORT_HASH => {
            let cause =
                format!("It holds {SHORT_HASH} bytes: the short hash of Windows 10 up to 1703.");
            Finding::new(Code::HASH_NOT_4K, cause)
        }
        HashError::NoMagic => {
            let characters = match sent.len() {
                1 => "The one character does".into(),
                many => format!("The {many} characters do"),
            };
            let cause =
                format!("{characters} not begin like a hardware hash; every hash begins with T0.");
            Finding::new(Code::HASH_NO_MAGIC, cause)
        }
        other => Finding::new(code(other), format!("The hash can't be used: {other}.")),
    }
}
