//! The body of a call, read as it comes: JSON or NDJSON, unpacked.

use std::sync::Arc;

use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::{HeaderMap, StatusCode, header};
use serde_json::Value;
use thiserror::Error;

use super::error::OemError;
use super::incoming::Incoming;
use super::splitter::Splitter;
use super::unpack::Unpacker;
use crate::app::App;
use crate::problem::ProblemError;

/// Bytes of a body, unpacked.
pub(crate) const BODY_BYTES: u64 = 1 << 30;
/// Bytes that a body may have where none is taken: an empty object, with room around it.
const NO_BODY_BYTES: usize = 64;

/// Why a body can't be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub(crate) enum BodyError {
    /// There is nothing in it.
    #[error("The body is empty. Send a list of JSON objects, or one JSON object a line.")]
    Empty,
    /// It ends in the middle.
    #[error("The body ends in the middle of line {line}. Nothing was taken; send it again.")]
    Cut {
        /// Where.
        line: u64,
    },
    /// It is no list.
    #[error("The body is no list of JSON objects: something unexpected stands at line {line}.")]
    Unexpected {
        /// Where.
        line: u64,
    },
    /// One object is longer than any could be.
    #[error("Line {line} has more than 16 KiB.")]
    TooLong {
        /// Where.
        line: u64,
    },
    /// It is longer than any could be.
    #[error("The body has more than 1 GiB. Split it and send the parts.")]
    TooLarge,
    /// It stopped coming, or is packed in another way than it says.
    #[error(
        "The body could not be read to its end: it stopped coming, or is not packed as its \
         Content-Encoding says, or something follows what is. Nothing was taken; send it again."
    )]
    Broken,
    /// There is one where none is taken.
    #[error("This call takes no body, and does nothing with one. Send it without.")]
    NotTaken,
    /// It is of a kind that is not read here.
    #[error("Send application/json, or application/x-ndjson with one JSON object a line.")]
    Kind,
    /// It is packed in a way that is not known.
    #[error("The body is packed in a way that is not known. Use gzip or zstd, or none.")]
    Packing,
}

impl BodyError {
    /// Its status and its stable code.
    pub(crate) fn known_as(self) -> (StatusCode, &'static str) {
        match self {
            Self::Empty => (StatusCode::BAD_REQUEST, "body_empty"),
            Self::Cut { .. } => (StatusCode::BAD_REQUEST, "body_cut"),
            Self::Unexpected { .. } => (StatusCode::BAD_REQUEST, "body_malformed"),
            Self::TooLong { .. } => (StatusCode::PAYLOAD_TOO_LARGE, "line_too_long"),
            Self::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "too_large"),
            Self::Broken => (StatusCode::BAD_REQUEST, "body_broken"),
            Self::NotTaken => (StatusCode::BAD_REQUEST, "body_unexpected"),
            Self::Kind => (StatusCode::UNSUPPORTED_MEDIA_TYPE, "content_type"),
            Self::Packing => (StatusCode::UNSUPPORTED_MEDIA_TYPE, "content_encoding"),
        }
    }
}

/// A body that nobody has read yet.
pub(crate) struct Sent {
    incoming: Incoming,
    unpacker: Unpacker,
    is_ndjson: bool,
}

impl FromRequest<Arc<App>> for Sent {
    type Rejection = OemError;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Self::Rejection> {
        let mut parts = request.into_parts().0;
        let Ok(incoming) = Incoming::from_request_parts(&mut parts, app).await;
        Ok(Self {
            incoming,
            unpacker: Unpacker::of(&parts.headers).ok_or(BodyError::Packing)?,
            is_ndjson: is_ndjson(&parts.headers)?,
        })
    }
}

/// Whether an object stands on each line. Programs that say nothing of their body, or what they say
/// of every body, send JSON.
fn is_ndjson(headers: &HeaderMap) -> Result<bool, BodyError> {
    let Some(kind) = headers.get(header::CONTENT_TYPE) else {
        return Ok(false);
    };
    let kind = kind.to_str().map_err(|_| BodyError::Kind)?;
    let kind = kind.split(';').next().unwrap_or_default().trim();
    let kind = kind.to_ascii_lowercase();
    match kind.as_str() {
        _ if kind.contains("ndjson") || kind.contains("jsonl") => Ok(true),
        ""
        | "text/json"
        | "text/plain"
        | "application/json"
        | "application/octet-stream"
        | "application/x-www-form-urlencoded" => Ok(false),
        _ if kind.ends_with("+json") => Ok(false),
        _ => Err(BodyError::Kind),
    }
}

impl Sent {
    /// Reads the objects of the list that is a property of this name, where there is an object
    /// around it.
    pub(crate) fn list(self, name: &'static str) -> Objects {
        Objects {
            incoming: self.incoming,
            unpacker: self.unpacker,
            bytes: 0,
            splitter: Splitter::new(name, self.is_ndjson),
            name,
            has_ended: false,
        }
    }
}

/// Makes sure that there is no body, or an object without properties.
pub(super) async fn none(incoming: &Incoming) -> Result<(), BodyError> {
    let mut all = Vec::new();
    while let Some(piece) = incoming.next().await {
        all.extend_from_slice(&piece.map_err(|_| BodyError::Broken)?);
        if all.len() > NO_BODY_BYTES {
            return Err(BodyError::NotTaken);
        }
    }
    all.retain(|byte| !byte.is_ascii_whitespace());
    match &all[..] {
        b"" | b"{}" => Ok(()),
        _ => Err(BodyError::NotTaken),
    }
}

/// The objects of a body, one after the other.
pub(crate) struct Objects {
    incoming: Incoming,
    unpacker: Unpacker,
    bytes: u64,
    splitter: Splitter,
    name: &'static str,
    has_ended: bool,
}

impl Objects {
    /// The next object, as it was sent.
    pub(crate) async fn next(&mut self) -> Result<Option<Vec<u8>>, BodyError> {
        loop {
            if let Some(object) = self.splitter.next()? {
                return Ok(Some(object));
            }
            if self.has_ended {
                return self.splitter.end();
            }
            if let Some(piece) = self.piece().await? {
                self.bytes += piece.len() as u64;
                if self.bytes > BODY_BYTES {
                    return Err(BodyError::TooLarge);
                }
                self.splitter.feed(piece);
            }
        }
    }

    /// The next piece, unpacked; the last one may be none.
    async fn piece(&mut self) -> Result<Option<axum::body::Bytes>, BodyError> {
        loop {
            if let Some(piece) = self.unpacker.next().map_err(|_| BodyError::Broken)? {
                return Ok(Some(piece));
            }
            match self.incoming.next().await {
                Some(Ok(packed)) => self.unpacker.feed(packed),
                Some(Err(_)) => return Err(BodyError::Broken),
                None => {
                    self.has_ended = true;
                    return self.unpacker.end().map_err(|_| BodyError::Broken);
                }
            }
        }
    }

    /// A property beside the list, once it was read. One that is not `known` is refused, and so is
    /// something else than a list in the place of the list.
    pub(crate) fn beside(&self, known: Option<&str>) -> Result<Option<&Value>, OemError> {
        let others = self.splitter.others();
        for name in others.keys() {
            let pointer = format!("/{}", name.replace('~', "~0").replace('/', "~1"));
            let detail = if name == self.name {
                format!("{name} must be a list: {{\"{name}\": [ … ]}}.")
            } else if known.is_some_and(|known| known == name) {
                continue;
            } else {
                let known = known.map(|known| format!(" Known beside {} is {known}.", self.name));
                let known = known.unwrap_or_default();
                format!("There is no such property. Leave it out.{known}")
            };
            let error = ProblemError::at(pointer, "invalid", detail);
            return Err(OemError::invalid(vec![error]));
        }
        Ok(known.and_then(|known| others.get(known)))
    }
}
