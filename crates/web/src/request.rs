//! Around every request: its id, one line in the log, the headers of every answer.

use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, Method, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use registration::ids::RequestId;
use service::DeskError;
use tower_http::catch_panic::CatchPanicLayer;

use crate::app::App;
use crate::bearer::Unheard;
use crate::known::Known;
use crate::limit::Left;
use crate::portal::error::PageError;
use crate::session::address_of;
use crate::{graph, oem, partner_center};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Pages load from here alone, run no inline script, and are framed by nobody.
const POLICY: &str = "default-src 'self'; base-uri 'none'; form-action 'self'; \
                      frame-ancestors 'none'; object-src 'none'";

/// [`POLICY`] for a page whose form leads to another origin, by itself or by a redirect.
pub fn policy_with_form_target(origin: &str) -> String {
    POLICY.replace(
        "form-action 'self'",
        &format!("form-action 'self' {origin}"),
    )
}

/// Puts the layers around the router, the outermost last.
pub fn layered(router: Router, app: &Arc<App>) -> Router {
    router
        .layer(from_fn_with_state(Arc::clone(app), same_site))
        .layer(CatchPanicLayer::new())
        .layer(from_fn_with_state(Arc::clone(app), around))
}

/// Gives the request its id, logs it in one line (no query, no body, no address of a person: the
/// ids of the account and its organization say who acted), and sets the headers that every answer
/// has.
pub(crate) async fn around(
    State(app): State<Arc<App>>,
    mut request: Request,
    next: Next,
) -> Response {
    let id = app.desk.request_id();
    let known = Known::default();
    request.extensions_mut().insert(id);
    request.extensions_mut().insert(known.clone());
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let from = address_of(request.extensions());
    let unheard = is_call(request.uri().path()).then(|| Unheard::of(&request, id, from));
    let started = Instant::now();
    let mut response = next.run(request).await;
    if let Some(unheard) = unheard
        && known.left().is_empty()
    {
        unheard.count(&app, &known).await;
    }
    let status = response.status().as_u16();
    let micros = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX);
    let route = route.as_ref().map(MatchedPath::as_str);
    let route = route.or(known.route()).unwrap_or("-");
    tracing::info!(
        request = %id,
        actor = known.actor(),
        organization = known.organization(),
        %method,
        route,
        status,
        micros,
        %from,
        "request"
    );
    let headers = response.headers_mut();
    Left::set(&known.left(), headers);
    if let Ok(value) = HeaderValue::from_str(&id.to_string()) {
        headers.insert(REQUEST_ID, value);
    }
    let fixed = [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
    ];
    for (name, value) in fixed {
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    }
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    response
}

/// Refuses forms that another site sends in a signed-in person's name. Browsers say where a
/// request comes from; the token in each form serves those that don't. A call that comes with an
/// access token does nothing in the name of a cookie.
async fn same_site(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let by_token = is_call(request.uri().path());
    if request.method() == Method::POST && !by_token && is_from_elsewhere(&app, &request) {
        let refused = DeskError::Forbidden("This form was sent from another site.".to_owned());
        return PageError::from(refused).into_response();
    }
    next.run(request).await
}

/// Whether an address is one of the APIs that are called with an access token.
fn is_call(path: &str) -> bool {
    let faces = [partner_center::is_ours, graph::is_ours, oem::is_ours];
    faces.iter().any(|is_ours| is_ours(path))
}

fn is_from_elsewhere(app: &App, request: &Request) -> bool {
    let text = |name: &str| {
        request
            .headers()
            .get(name)
            .and_then(|value| value.to_str().ok())
    };
    if let Some(site) = text("sec-fetch-site") {
        return !matches!(site, "same-origin" | "none");
    }
    let Some(origin) = text("origin") else {
        return false;
    };
    let host = text("host").unwrap_or_default();
    let named = origin.split_once("://").map_or(origin, |(_, host)| host);
    named != host && origin != app.public_url
}

/// The id of this request, as an extractor's source.
pub fn id_of(extensions: &axum::http::Extensions, app: &App) -> RequestId {
    extensions
        .get::<RequestId>()
        .copied()
        .unwrap_or_else(|| app.desk.request_id())
}

/// The id of this request, as a handler takes it.
pub struct RequestIds(pub RequestId);

impl axum::extract::FromRequestParts<Arc<App>> for RequestIds {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(
        parts: &mut axum::http::request::Parts,
        app: &Arc<App>,
    ) -> Result<Self, Self::Rejection> {
        Ok(Self(id_of(&parts.extensions, app)))
    }
}
