//! The binary form: content of records, then a trailer with the content's SHA-256.

use std::borrow::Cow;

use sha2::{Digest, Sha256};

use super::error::{DigestState, HashError};

/// Magic and length.
pub(crate) const HEADER: usize = 4;
/// Magic, length and digest.
pub(crate) const TRAILER: usize = 36;
/// Type and length in front of each record.
pub(crate) const RECORD_HEADER: usize = 4;

const MAGIC: &[u8] = b"OA";
pub(crate) const TRAILER_MAGIC: &[u8] = b"CS\x24\x00";

/// How many digest bytes must be left and fit, to prove the content when the others are lost:
/// 64 bits, beyond any accident.
const PROVING: usize = 8;

/// Length of the content from the first four bytes, header included; `None` without the magic.
pub(crate) fn content_length(header: &[u8]) -> Option<usize> {
    let length = u16::from_le_bytes(header.get(2..HEADER)?.try_into().ok()?);
    header.starts_with(MAGIC).then_some(usize::from(length))
}

/// Content, and what the trailer says about it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Frame<'a> {
    /// Header and records.
    pub(crate) content: &'a [u8],
    /// The content's SHA-256, computed.
    pub(crate) sha256: [u8; 32],
    /// Whether the trailer proves the content, or why not.
    pub(crate) proof: Result<DigestState, HashError>,
    /// Whether something other than zeros follows the trailer.
    pub(crate) rest: bool,
}

/// Content and trailer, each as long as what the content's header says. Fails where no content can be
/// read.
pub(crate) fn parts(bytes: &[u8]) -> Result<(&[u8], &[u8]), HashError> {
    let length = content_length(bytes).ok_or(HashError::NoMagic)?;
    if length < HEADER {
        return Err(HashError::Records { at: 0 });
    }
    bytes.split_at_checked(length).ok_or(HashError::ContentCut {
        expected: length,
        found: bytes.len(),
    })
}

/// Takes the frame apart: magic, length, trailer, digest. Fails where no content can be read.
pub(crate) fn frame(bytes: &[u8]) -> Result<Frame<'_>, HashError> {
    let (content, trailer) = parts(bytes)?;
    let sha256 = Sha256::digest(content).into();
    let proof = prove(trailer, &sha256);
    let rest = trailer
        .get(TRAILER..)
        .is_some_and(|rest| rest.iter().any(|byte| *byte != 0));
    Ok(Frame {
        content,
        sha256,
        proof,
        rest,
    })
}

/// Holds the digest that was sent against the computed one. Zero bytes at its end may be lost
/// without harm: they are the `A`s that files add and drop.
fn prove(trailer: &[u8], sha256: &[u8; 32]) -> Result<DigestState, HashError> {
    let sent = match trailer.strip_prefix(TRAILER_MAGIC) {
        Some(sent) => &sent[..sent.len().min(32)],
        None => return Err(HashError::TrailerMissing),
    };
    let fitting = sent
        .iter()
        .zip(sha256)
        .take_while(|(sent, right)| sent == right)
        .count();
    let lost = 32 - fitting;
    if sha256[fitting..].iter().all(|byte| *byte == 0) && fitting == sent.len() {
        Ok(DigestState::Verified)
    } else if fitting >= PROVING && sent[fitting..].iter().all(|byte| *byte == 0) {
        Ok(DigestState::CutShort {
            missing: lost as u8,
        })
    } else if sent.len() == 32 {
        Err(HashError::DigestMismatch)
    } else {
        let missing = (32 - sent.len()) as u8;
        Err(HashError::TrailerCut {
            missing,
            rest_matches: fitting == sent.len(),
        })
    }
}

/// Goes through the records of a content; each is its type and payload, or the offset where they
/// stop adding up.
pub(crate) fn records(content: &[u8]) -> impl Iterator<Item = Result<(u16, &[u8]), HashError>> {
    let mut at = HEADER;
    std::iter::from_fn(move || {
        let left = content.get(at..).filter(|left| !left.is_empty())?;
        let record = record(left).ok_or(HashError::Records { at });
        at = record.as_ref().map_or(content.len(), |(_, payload)| {
            at + RECORD_HEADER + payload.len()
        });
        Some(record)
    })
}

fn record(left: &[u8]) -> Option<(u16, &[u8])> {
    let (header, _) = left.split_first_chunk::<RECORD_HEADER>()?;
    let kind = u16::from_le_bytes([header[0], header[1]]);
    let length = usize::from(u16::from_le_bytes([header[2], header[3]]));
    Some((kind, left.get(RECORD_HEADER..length)?))
}

/// What identifies the machine, borrowed from a content. Texts end before their first NUL.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Identity<'a> {
    pub(crate) serial: &'a [u8],
    pub(crate) manufacturer: &'a [u8],
    pub(crate) model: &'a [u8],
    pub(crate) pkid: &'a [u8],
    pub(crate) uuid: Option<[u8; 16]>,
}

/// Reads the identifying records; the first of each kind counts.
pub(crate) fn identity(content: &[u8]) -> Result<Identity<'_>, HashError> {
    identity_and(content, |_, _| {})
}

/// [`identity`], with every record shown to `also` on the way.
pub(crate) fn identity_and<'a>(
    content: &'a [u8],
    mut also: impl FnMut(u16, &'a [u8]),
) -> Result<Identity<'a>, HashError> {
    let mut identity = Identity::default();
    for record in records(content) {
        let (kind, payload) = record?;
        also(kind, payload);
        let text = match kind {
            12 => {
                identity.uuid = identity.uuid.or_else(|| uuid(payload));
                continue;
            }
            14 => &mut identity.serial,
            16 => &mut identity.manufacturer,
            17 => &mut identity.model,
            24 => &mut identity.pkid,
            _ => continue,
        };
        if text.is_empty() {
            *text = until_nul(payload);
        }
    }
    Ok(identity)
}

/// The UUID in the order in which it is written: SMBIOS keeps the first three parts little endian.
pub(crate) fn uuid(payload: &[u8]) -> Option<[u8; 16]> {
    let mut uuid: [u8; 16] = payload.get(..16)?.try_into().ok()?;
    uuid[..4].reverse();
    uuid[4..6].reverse();
    uuid[6..8].reverse();
    Some(uuid)
}

/// A text payload up to its first NUL, blanks around it cut.
pub(crate) fn until_nul(payload: &[u8]) -> &[u8] {
    before_nul(payload).trim_ascii()
}

/// A text payload up to its first NUL.
pub(crate) fn before_nul(payload: &[u8]) -> &[u8] {
    let end = memchr::memchr(0, payload).unwrap_or(payload.len());
    &payload[..end]
}

/// The bytes of [`text`]; quicker where all of them are ASCII.
pub(crate) fn text_bytes(bytes: &[u8]) -> Cow<'_, [u8]> {
    if bytes.is_ascii() {
        return Cow::Borrowed(bytes);
    }
    match text(bytes) {
        Cow::Borrowed(text) => Cow::Borrowed(text.as_bytes()),
        Cow::Owned(text) => Cow::Owned(text.into_bytes()),
    }
}

/// Text that is UTF-8, or else Windows-1252.
pub(crate) fn text(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => {
            encoding_rs::WINDOWS_1252
                .decode_without_bom_handling(bytes)
                .0
        }
    }
}
