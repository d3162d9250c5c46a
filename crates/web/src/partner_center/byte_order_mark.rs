//! The byte-order mark that live answers of Partner Center were reported to begin with (api.md 1.6):
//! where it is switched on, clients can be tried against it.

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

/// U+FEFF in UTF-8.
const MARK: &[u8] = b"\xEF\xBB\xBF";

/// Puts it in front of every answer that has a body.
pub(crate) async fn put_in_front(request: Request, next: Next) -> Response {
    let (mut head, body) = next.run(request).await.into_parts();
    // Every answer of this face is in memory already: there is nothing that could fail.
    let bytes = to_bytes(body, usize::MAX).await.unwrap_or_default();
    if bytes.is_empty() {
        return Response::from_parts(head, Body::empty());
    }
    let marked = Bytes::from([MARK, &bytes].concat());
    let length = HeaderValue::from(marked.len());
    head.headers.insert(header::CONTENT_LENGTH, length);
    Response::from_parts(head, Body::from(marked))
}
