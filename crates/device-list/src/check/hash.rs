//! What can be said about the hash in a row, by itself.

use super::row::Notes;
use crate::code::Code;
use crate::dialect::Column;
use crate::finding::Finding;
use crate::hardware_hash::container::{Frame, Identity, text};
use crate::hardware_hash::text::{TextForm, decode, normalized};
use crate::hardware_hash::{
    DigestState, HashError, USUAL_CHARACTERS, encode_padded, encode_text, open,
};

/// A hash that is proven whole.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Proven<'s> {
    pub(crate) frame: Frame<'s>,
    pub(crate) identity: Identity<'s>,
}

/// Reads the hash's text into `bytes` and notes what is wrong with it. The corrected text is put
/// into `corrected` where a repair is certain.
pub(crate) fn read<'s>(
    sent: &[u8],
    bytes: &'s mut Vec<u8>,
    notes: &mut Notes<'_>,
    corrected: &mut Option<String>,
) -> Option<Proven<'s>> {
    let mut altered = false;
    let decoded = decode(sent, bytes).or_else(|error| {
        altered = true;
        decode_normalized(sent, bytes).ok_or(error)
    });
    let opened = decoded.and_then(|form| open(bytes).map(|opened| (form, opened)));
    match opened {
        Ok((form, (frame, identity))) => {
            let proven = Proven { frame, identity };
            if let Some(finding) = form_finding(form, altered, &proven) {
                let value = right_text(&proven, sent.len());
                notes.add(finding.field(Column::Hash).corrected(value.as_str()));
                *corrected = Some(value);
            }
            Some(proven)
        }
        Err(error) => {
            notes.add(Finding::new(code(error), cause(error, sent)).field(Column::Hash));
            None
        }
    }
}

/// Tries the text without blanks and in the standard alphabet; only a whole digest proves it.
fn decode_normalized(sent: &[u8], bytes: &mut Vec<u8>) -> Option<TextForm> {
    let normal = normalized(&text(sent))?;
    let form = decode(normal.as_bytes(), bytes).ok()?;
    let (frame, _) = open(bytes).ok()?;
    (frame.proof == Ok(DigestState::Verified)).then_some(form)
}

/// What is wrong with a text whose content is proven.
fn form_finding(form: TextForm, altered: bool, proven: &Proven<'_>) -> Option<Finding> {
    if altered {
        let cause =
            "There are blanks or other letters in the hash; its checksum proves what it was.";
        return Some(Finding::new(Code::HASH_ALPHABET, cause));
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
fn cause(error: HashError, sent: &[u8]) -> String {
    match error {
        HashError::NoMagic => format!(
            "The {} characters do not begin like a hardware hash; every hash begins with T0.",
            sent.len()
        ),
        other => format!("The hash can't be used: {other}."),
    }
}
