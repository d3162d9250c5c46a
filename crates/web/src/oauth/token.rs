//! The token endpoints.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, FromRequestParts, Path, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use registration::ids::RequestId;
use serde::Deserialize;
use serde_json::{Value, json};
use service::DeskError;
use service::oauth::{Endpoint, TokenForm, TokenRefusal, Tokens, Version};

use crate::app::App;
use crate::problem::log_cause;
use crate::request::RequestIds;
use crate::session::{Address, percent_decoded};

/// What a client sends.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Sent {
    grant_type: String,
    client_id: String,
    client_secret: Option<String>,
    scope: String,
    resource: String,
}

type SentForm = Result<Form<Sent>, FormRejection>;

/// A request for a token and where it came from.
pub(super) struct Asker {
    address: Address,
    request: RequestId,
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

/// `POST /{tenant}/oauth2/token`: numbers are strings.
pub(super) async fn v1(
    State(app): State<Arc<App>>,
    Path(tenant): Path<String>,
    asker: Asker,
    form: SentForm,
) -> Result<Json<Value>, Refused> {
    let tokens = give(&app, &tenant, Version::V1, &asker, form).await?;
    let ends = tokens.not_before + tokens.expires_in;
    Ok(Json(json!({
        "token_type": "Bearer",
        "expires_in": tokens.expires_in.to_string(),
        "ext_expires_in": tokens.expires_in.to_string(),
        "expires_on": ends.to_string(),
        "not_before": tokens.not_before.to_string(),
        "resource": tokens.resource,
        "access_token": tokens.access_token,
    })))
}

/// `POST /{tenant}/oauth2/v2.0/token`
pub(super) async fn v2(
    State(app): State<Arc<App>>,
    Path(tenant): Path<String>,
    asker: Asker,
    form: SentForm,
) -> Result<Json<Value>, Refused> {
    let tokens = give(&app, &tenant, Version::V2, &asker, form).await?;
    Ok(Json(json!({
        "token_type": "Bearer",
        "expires_in": tokens.expires_in,
        "ext_expires_in": tokens.expires_in,
        "access_token": tokens.access_token,
    })))
}

async fn give(
    app: &App,
    tenant: &str,
    version: Version,
    asker: &Asker,
    form: SentForm,
) -> Result<Tokens, Refused> {
    let refused = |refusal| Refused {
        refusal,
        request: Some(asker.request),
    };
    let Ok(Form(sent)) = form else {
        return Err(refused(TokenRefusal::missing("grant_type")));
    };
    let at = Endpoint {
        base: &app.public_url,
        tenant,
        version,
        request_id: asker.request,
    };
    let given = app.desk.token(&at, &token_form(sent, &asker.headers)).await;
    match given {
        Err(refusal) if refusal.is_suspicious() => {
            let guessed = app.wrong_secrets.check(&asker.address.0);
            let refusal = guessed.err().map_or(refusal, TokenRefusal::from);
            Err(refused(refusal))
        }
        other => other.map_err(refused),
    }
}

fn token_form(sent: Sent, headers: &HeaderMap) -> TokenForm {
    let basic = basic(headers);
    let (client_id, client_secret) = match basic {
        Some((id, secret)) => (id, Some(secret)),
        None => (
            sent.client_id,
            sent.client_secret.filter(|secret| !secret.is_empty()),
        ),
    };
    TokenForm {
        grant_type: sent.grant_type,
        client_id,
        client_secret,
        scope: sent.scope,
        resource: sent.resource,
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

/// No token, in the form that client libraries read.
pub(super) struct Refused {
    refusal: TokenRefusal,
    request: Option<RequestId>,
}

impl From<TokenRefusal> for Refused {
    fn from(refusal: TokenRefusal) -> Self {
        Self {
            refusal,
            request: None,
        }
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let refusal = self.refusal;
        if let Some(cause) = &refusal.cause {
            log_cause(cause);
        }
        let request = self.request.map(|id| id.to_string()).unwrap_or_default();
        let too_many = matches!(refusal.cause, Some(DeskError::TooMany { .. }));
        let status = if too_many { 429 } else { refusal.status() };
        let body = json!({
            "error": refusal.error,
            "error_description": refusal.to_string(),
            "error_codes": [refusal.number],
            "trace_id": request,
            "correlation_id": request,
        });
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
        let mut response = (status, Json(body)).into_response();
        if let Some(cause) = &refusal.cause {
            crate::problem::set_retry_after(&mut response, crate::problem::retry_after(cause));
        }
        response
    }
}
