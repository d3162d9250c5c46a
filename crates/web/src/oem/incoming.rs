//! The body of a request while it comes. It is kept beside the request, so that an answer that is
//! known before the body has ended can wait for its end: who sends first and listens then would
//! lose an answer that came earlier.

use std::convert::Infallible;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;
use tokio::time::timeout;

/// Bytes of a body that are waited for though nobody reads them.
const DRAINED: u64 = 16 << 20;
/// How long.
const DRAINED_FOR: Duration = Duration::from_secs(5);

/// The body of one request; a part of its extensions.
#[derive(Clone, Default)]
pub(super) struct Incoming(Arc<Mutex<Coming>>);

#[derive(Default)]
struct Coming {
    body: Body,
    /// Whether the client waits to be told to go on, and was not.
    waits: bool,
}

impl Incoming {
    /// Takes the body over.
    pub(super) fn new(parts: &Parts, body: Body) -> Self {
        let waits = parts.headers.contains_key(header::EXPECT);
        Self(Arc::new(Mutex::new(Coming { body, waits })))
    }

    /// The next piece of it.
    pub(super) async fn next(&self) -> Option<Result<Bytes, axum::Error>> {
        loop {
            let frame = poll_fn(|context| {
                let mut coming = self.0.lock().unwrap_or_else(PoisonError::into_inner);
                coming.waits = false;
                Pin::new(&mut coming.body).poll_frame(context)
            });
            match frame.await? {
                Err(error) => return Some(Err(error)),
                Ok(frame) => {
                    if let Ok(data) = frame.into_data() {
                        return Some(Ok(data));
                    }
                }
            }
        }
    }

    /// Waits for its end, as long as that is worth it.
    pub(super) async fn drain(&self) {
        let least = {
            let coming = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            if coming.waits || coming.body.is_end_stream() {
                return;
            }
            coming.body.size_hint().lower()
        };
        if least > DRAINED {
            return;
        }
        let all = async {
            let mut drained = 0;
            while let Some(Ok(piece)) = self.next().await {
                drained += piece.len() as u64;
                if drained > DRAINED {
                    return;
                }
            }
        };
        let _ = timeout(DRAINED_FOR, all).await;
    }
}

impl<S: Sync> FromRequestParts<S> for Incoming {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get::<Self>().cloned().unwrap_or_default())
    }
}
