//! The form of a token or device code endpoint, and everything that can be wrong with it.

use std::convert::Infallible;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, StatusCode, header};
use service::oauth::TokenRefusal;

use crate::app::App;
use crate::routes::FORM_BYTES;
use crate::session::query_pairs;

/// The media type of forms.
const FORM: &str = "application/x-www-form-urlencoded";

/// What a form has. Empty fields are as good as missing ones.
#[derive(Debug, Default)]
pub(super) struct Sent {
    pub(super) grant_type: String,
    pub(super) client_id: String,
    pub(super) client_secret: String,
    pub(super) client_assertion: String,
    pub(super) client_assertion_type: String,
    pub(super) scope: String,
    pub(super) resource: String,
    pub(super) code: String,
    pub(super) code_verifier: String,
    pub(super) redirect_uri: String,
    pub(super) refresh_token: String,
    pub(super) device_code: String,
    /// `1`: the client wants to know whose account it is.
    pub(super) client_info: String,
}

impl Sent {
    fn field(&mut self, name: &str) -> Option<&mut String> {
        match name {
            "grant_type" => Some(&mut self.grant_type),
            "client_id" => Some(&mut self.client_id),
            "client_secret" => Some(&mut self.client_secret),
            "client_assertion" => Some(&mut self.client_assertion),
            "client_assertion_type" => Some(&mut self.client_assertion_type),
            "scope" => Some(&mut self.scope),
            "resource" => Some(&mut self.resource),
            "code" => Some(&mut self.code),
            "code_verifier" => Some(&mut self.code_verifier),
            "redirect_uri" => Some(&mut self.redirect_uri),
            "refresh_token" => Some(&mut self.refresh_token),
            "device_code" => Some(&mut self.device_code),
            "client_info" => Some(&mut self.client_info),
            _ => None,
        }
    }

    /// Reads a body. Fields of other names mean nothing here; of one that means something there
    /// may be one (RFC 6749, 3.2).
    fn read(text: &str) -> Result<Self, TokenRefusal> {
        let mut sent = Self::default();
        let mut seen = Vec::new();
        for (name, value) in query_pairs(text) {
            let Some(field) = sent.field(&name) else {
                continue;
            };
            if seen.contains(&name) {
                return Err(TokenRefusal::twice(&name));
            }
            *field = value;
            seen.push(name);
        }
        Ok(sent)
    }
}

/// A form as it came, or what is wrong with it.
pub(super) struct SentForm(pub(super) Result<Sent, TokenRefusal>);

impl FromRequest<Arc<App>> for SentForm {
    type Rejection = Infallible;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Infallible> {
        Ok(Self(read(request, app).await))
    }
}

async fn read(request: Request, app: &Arc<App>) -> Result<Sent, TokenRefusal> {
    let is_form = is_form(request.headers());
    let body = Bytes::from_request(request, app).await;
    let body = body.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => TokenRefusal::too_large(FORM_BYTES as u64),
        _ => TokenRefusal::malformed("The request body did not come to its end."),
    })?;
    if !is_form && !body.is_empty() {
        let text = format!("The request body must be a form: send it with Content-Type {FORM}.");
        return Err(TokenRefusal::malformed(text));
    }
    Sent::read(&String::from_utf8_lossy(&body))
}

/// Media types are the same in letters of any size, and may have parameters (RFC 9110, 8.3.1).
fn is_form(headers: &HeaderMap) -> bool {
    let named = headers.get(header::CONTENT_TYPE);
    let named = named.and_then(|value| value.to_str().ok());
    let named = named.and_then(|value| value.split(';').next());
    named.is_some_and(|named| named.trim().eq_ignore_ascii_case(FORM))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_field_is_read_once() {
        let sent =
            Sent::read("grant_type=a%20b&client_info=1&x=1&x=2&scope=c+d&code=").expect("read");
        assert_eq!((&*sent.grant_type, &*sent.client_info), ("a b", "1"));
        assert_eq!((&*sent.scope, &*sent.code), ("c d", ""));
        let twice = Sent::read("client_id=&client_id=x").expect_err("twice");
        assert!(twice.text.contains("'client_id'"), "{twice}");
    }

    #[test]
    fn a_media_type_is_written_in_any_way() {
        for (named, wanted) in [
            (FORM, true),
            ("Application/X-WWW-Form-URLencoded; charset=utf-8", true),
            ("application/json", false),
        ] {
            let named = (header::CONTENT_TYPE, named.parse().expect("a header"));
            assert_eq!(is_form(&HeaderMap::from_iter([named])), wanted);
        }
        assert!(!is_form(&HeaderMap::new()));
    }
}
