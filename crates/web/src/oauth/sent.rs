//! Who asks, where, and as what client.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use registration::ids::RequestId;
use service::DeskError;
use service::oauth::{Endpoint, TokenForm, TokenRefusal, Version};

pub(super) use super::form::{Sent, SentForm};
use super::refused::Refused;
use crate::app::App;
use crate::known::Known;
use crate::limit::AddressLimit;
use crate::request::id_of;
use crate::session::{Address, address_of, percent_decoded};

/// Where a request came from: an address that may ask.
pub(super) struct Asker {
    pub(super) request: RequestId,
    address: Address,
    known: Known,
    headers: HeaderMap,
}

impl Asker {
    /// One more from this address; the answer tells what is left.
    pub(super) fn charge(&self, limit: &AddressLimit) -> Result<(), TokenRefusal> {
        let taken = self.known.charge(limit, &self.address.0);
        taken.map_err(|error| match error {
            DeskError::TooMany { retry_after } => TokenRefusal::too_many(limit.name(), retry_after),
            error => error.into(),
        })
    }
}

impl FromRequestParts<Arc<App>> for Asker {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Refused> {
        let asker = Self {
            request: id_of(&parts.extensions, app),
            address: Address(address_of(&parts.extensions)),
            known: Known::of(&parts.extensions),
            headers: parts.headers.clone(),
        };
        match asker.charge(&app.strangers) {
            Ok(()) => Ok(asker),
            Err(refusal) => Err(Refused::of(app, &asker, refusal)),
        }
    }
}

/// The organization as the address names it. Bytes that are no text name none, and are told so as
/// any other name that nobody has.
pub(super) struct NamedTenant(pub(super) String);

impl FromRequestParts<Arc<App>> for NamedTenant {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<App>) -> Result<Self, Infallible> {
        let first = parts.uri.path().split('/').nth(1);
        Ok(Self(percent_decoded(first.unwrap_or_default())))
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
pub(super) fn token_form(sent: Sent, asker: &Asker) -> Result<TokenForm, TokenRefusal> {
    let some = |text: String| Some(text).filter(|text| !text.is_empty());
    let (client_id, client_secret) = match basic(&asker.headers) {
        Some((id, secret)) => {
            agree(&sent, &id, &secret)?;
            (id, Some(secret))
        }
        None => (sent.client_id, some(sent.client_secret)),
    };
    Ok(TokenForm {
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
    })
}

/// What the form says beside HTTP Basic must be the same: a client proves itself in one way
/// (RFC 6749, 2.3).
fn agree(sent: &Sent, id: &str, secret: &str) -> Result<(), TokenRefusal> {
    if !sent.client_id.is_empty() && !sent.client_id.eq_ignore_ascii_case(id) {
        let text =
            "The Authorization header and the form name different clients: send one client_id.";
        return Err(TokenRefusal::malformed(text));
    }
    if !sent.client_secret.is_empty() && sent.client_secret != secret {
        let text = "The Authorization header and the form have different secrets: send one.";
        return Err(TokenRefusal::malformed(text));
    }
    Ok(())
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
