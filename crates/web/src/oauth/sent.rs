//! What clients send, and who sends it.

use std::sync::Arc;

use axum::extract::rejection::FormRejection;
use axum::extract::{Form, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use registration::ids::RequestId;
use serde::Deserialize;
use service::oauth::{Endpoint, TokenForm, Version};

use crate::app::App;
use crate::request::RequestIds;
use crate::session::{Address, percent_decoded};

/// The form of a token or device code endpoint.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Sent {
    grant_type: String,
    client_id: String,
    client_secret: Option<String>,
    client_assertion: Option<String>,
    client_assertion_type: String,
    scope: String,
    resource: String,
    code: String,
    code_verifier: String,
    redirect_uri: String,
    refresh_token: String,
    device_code: String,
    /// `1`: the client wants to know whose account it is.
    pub(super) client_info: String,
}

pub(super) type SentForm = Result<Form<Sent>, FormRejection>;

/// Where a request came from.
pub(super) struct Asker {
    pub(super) address: Address,
    pub(super) request: RequestId,
    headers: HeaderMap,
}

impl FromRequestParts<Arc<App>> for Asker {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(
        parts: &mut Parts,
        app: &Arc<App>,
    ) -> Result<Self, Self::Rejection> {
        let RequestIds(request) = RequestIds::from_request_parts(parts, app).await?;
        Ok(Self {
            address: Address::from_request_parts(parts, app).await?,
            request,
            headers: parts.headers.clone(),
        })
    }
}

/// The endpoint that was asked.
pub(super) fn endpoint<'a>(
    app: &'a App,
    tenant: &'a str,
    version: Version,
    request_id: RequestId,
) -> Endpoint<'a> {
    Endpoint {
        base: &app.public_url,
        tenant,
        version,
        request_id,
    }
}

/// The form as the service reads it.
pub(super) fn token_form(sent: Sent, asker: &Asker) -> TokenForm {
    let some = |text: Option<String>| text.filter(|text| !text.is_empty());
    let (client_id, client_secret) = match basic(&asker.headers) {
        Some((id, secret)) => (id, Some(secret)),
        None => (sent.client_id, some(sent.client_secret)),
    };
    TokenForm {
        grant_type: sent.grant_type,
        client_id,
        client_secret,
        client_assertion: some(sent.client_assertion),
        client_assertion_type: sent.client_assertion_type,
        scope: sent.scope,
        resource: sent.resource,
        code: sent.code,
        code_verifier: sent.code_verifier,
        redirect_uri: sent.redirect_uri,
        refresh_token: sent.refresh_token,
        device_code: sent.device_code,
    }
}

/// Client and secret of HTTP Basic, each percent-encoded (RFC 6749, 2.3.1).
fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, coded) = value.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let bytes = base64_simd::STANDARD
        .decode_to_vec(coded.trim().as_bytes())
        .ok()?;
    let text = String::from_utf8(bytes).ok()?;
    let (id, secret) = text.split_once(':')?;
    Some((percent_decoded(id), percent_decoded(secret)))
}
