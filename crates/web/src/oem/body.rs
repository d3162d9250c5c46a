//! The body of a call, read as it comes: JSON or NDJSON, unpacked by a layer around the router.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;

use axum::body::{Body, HttpBody};
use axum::extract::{FromRequest, Request};
use axum::http::{StatusCode, header};
use serde_json::{Map, Value};
use thiserror::Error;

use super::splitter::Splitter;
use crate::app::App;

/// Bytes of a body, unpacked.
pub(crate) const BODY_BYTES: u64 = 1 << 30;

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
    #[error("The body could not be read to its end. Nothing was taken; send it again.")]
    Broken,
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
        }
    }
}

/// A body that nobody has read yet.
pub(crate) struct Sent {
    body: Body,
    is_ndjson: bool,
}

impl FromRequest<Arc<App>> for Sent {
    type Rejection = std::convert::Infallible;

    async fn from_request(request: Request, _: &Arc<App>) -> Result<Self, Self::Rejection> {
        let kind = request.headers().get(header::CONTENT_TYPE);
        let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let kind = kind.to_ascii_lowercase();
        Ok(Self {
            is_ndjson: kind.contains("ndjson") || kind.contains("jsonl"),
            body: request.into_body(),
        })
    }
}

impl Sent {
    /// Reads the objects of the list that is a property of this name, where there is an object
    /// around it.
    pub(crate) fn list(self, name: &'static str) -> Objects {
        Objects {
            body: self.body,
            bytes: 0,
            splitter: Splitter::new(name, self.is_ndjson),
            has_ended: false,
        }
    }
}

/// The objects of a body, one after the other.
pub(crate) struct Objects {
    body: Body,
    bytes: u64,
    splitter: Splitter,
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
                return Ok(None);
            }
            let body = &mut self.body;
            let frame = poll_fn(|context| Pin::new(&mut *body).poll_frame(context)).await;
            match frame {
                None => {
                    self.has_ended = true;
                    return self.splitter.end();
                }
                Some(Err(_)) => return Err(BodyError::Broken),
                Some(Ok(frame)) => {
                    let Ok(data) = frame.into_data() else {
                        continue;
                    };
                    self.bytes += data.len() as u64;
                    if self.bytes > BODY_BYTES {
                        return Err(BodyError::TooLarge);
                    }
                    self.splitter.feed(data);
                }
            }
        }
    }

    /// The properties beside the list, once it was read.
    pub(crate) fn others(&self) -> &Map<String, Value> {
        self.splitter.others()
    }
}
