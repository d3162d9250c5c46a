//! Addresses as scripts write them (api.md 5.2 and 5.4): `WindowsAutopilotDeviceIdentities`,
//! `UpdateDeviceProperties`, a slash before the question mark, `%24count`.

use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use tower::ServiceExt as _;

use super::call::no_such_segment;
use super::layered;
use crate::app::App;
use crate::paths::{begins_with, canonical, readdress};
use crate::request::around;

/// Whether an address is one of this face, whatever is behind its version.
pub(crate) fn is_ours(path: &str) -> bool {
    begins_with(path, &["v1.0", "beta"])
}

/// Answers what has no route as it is written: once more with the words as they are written here.
#[derive(Clone)]
pub(crate) struct Again {
    known: Router,
    unknown: Router,
    /// The calls as parts of a batch, each with its line in the log.
    parts: Router,
    patterns: Arc<[&'static str]>,
}

impl Again {
    /// Over these calls, at these addresses.
    pub(crate) fn new(
        calls: Router<Arc<App>>,
        patterns: Vec<&'static str>,
        app: &Arc<App>,
    ) -> Self {
        let unknown = Router::new().fallback(no_such_segment);
        Self {
            parts: logged(calls.clone(), app).with_state(Arc::clone(app)),
            known: calls.with_state(Arc::clone(app)),
            unknown: layered(unknown, app).with_state(Arc::clone(app)),
            patterns: patterns.into(),
        }
    }

    /// The answer to a call in a batch, by the same calls.
    pub(crate) async fn part(self, mut request: Request) -> Response {
        let path = request.uri().path().replace("%24", "$");
        let written = canonical(&path, &self.patterns);
        let router = match written.and_then(|written| readdress(&mut request, &written)) {
            Some(()) => self.parts,
            None => self.unknown,
        };
        answered(router, request).await
    }

    /// The answer to a request for an address of this face.
    pub(crate) async fn answer(self, mut request: Request) -> Response {
        request.extensions_mut().insert(self.clone());
        let path = request.uri().path().replace("%24", "$");
        let written = canonical(&path, &self.patterns);
        let written = written.filter(|written| written != request.uri().path());
        let router = match written.and_then(|written| readdress(&mut request, &written)) {
            Some(()) => self.known,
            None => self.unknown,
        };
        answered(router, request).await
    }
}

async fn answered(router: Router, request: Request) -> Response {
    let answered = router.oneshot(request).await;
    answered
        .unwrap_or_else(|never| match never {})
        .into_response()
}

fn logged(calls: Router<Arc<App>>, app: &Arc<App>) -> Router<Arc<App>> {
    calls.layer(from_fn_with_state(Arc::clone(app), around))
}
