//! Sessions and forms: the cookie, who is signed in, and the token that each form carries.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, Form, FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap, HeaderValue, Method, header};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use service::secret::Secret;
use service::sign_in::SESSION_HOURS;
use service::{Caller, DeskError};

use crate::app::App;
use crate::known::Known;
use crate::portal::error::PageError;
use crate::portal::shell::Flash;
use crate::request::id_of;
use crate::routes::FormLimit;

const SESSION: &str = "enlist_session";
const FLASH: &str = "enlist_flash";

/// Whoever is signed in, in this request.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// The person and its organization.
    pub caller: Caller,
    /// The token that each of its forms carries.
    pub csrf: String,
    /// A message left by the request before.
    pub flash: Option<Flash>,
    /// The path of this request, for the navigation.
    pub path: String,
    session: Secret,
}

impl SignedIn {
    /// Whether a form's token is the right one.
    pub fn check_token(&self, token: &str) -> Result<(), DeskError> {
        if self.session.derive("csrf").matches(token) {
            Ok(())
        } else {
            Err(DeskError::Forbidden(
                "This form is out of date. Go back, reload the page and send it again.".to_owned(),
            ))
        }
    }

    /// The session's secret, to sign out.
    pub fn session(&self) -> &Secret {
        &self.session
    }
}

/// Nobody is signed in: reading leads to the sign-in page and back, sending to the sign-in page.
pub struct GoSignIn(String);

impl IntoResponse for GoSignIn {
    fn into_response(self) -> Response {
        Redirect::to(&self.0).into_response()
    }
}

/// Why [`SignedIn`] or a form could not be had.
pub enum Rejection {
    /// Nobody is signed in.
    SignIn(GoSignIn),
    /// Anything else.
    Page(Box<PageError>),
}

impl IntoResponse for Rejection {
    fn into_response(self) -> Response {
        match self {
            Self::SignIn(go) => go.into_response(),
            Self::Page(page) => page.into_response(),
        }
    }
}

impl From<DeskError> for Rejection {
    fn from(error: DeskError) -> Self {
        Self::Page(Box::new(error.into()))
    }
}

impl FromRequestParts<Arc<App>> for SignedIn {
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Rejection> {
        let request_id = id_of(&parts.extensions, app);
        let Some(session) = cookie(&parts.headers, SESSION).map(|text| Secret::from_text(&text))
        else {
            return Err(go_sign_in(parts));
        };
        let caller = match app.desk.caller(&session, request_id).await {
            Ok(caller) => caller,
            Err(DeskError::Unauthenticated) => return Err(go_sign_in(parts)),
            Err(error) => return Err(error.into()),
        };
        Known::of(&parts.extensions).acts(&caller);
        Ok(Self {
            caller,
            csrf: session.derive("csrf").reveal().to_owned(),
            flash: flash_of(&parts.headers),
            path: parts.uri.path().to_owned(),
            session,
        })
    }
}

/// A person who is signed in, or nobody: for pages that are for everybody.
pub(crate) struct Anybody(pub(crate) Option<SignedIn>);

impl FromRequestParts<Arc<App>> for Anybody {
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Rejection> {
        match SignedIn::from_request_parts(parts, app).await {
            Ok(signed) => Ok(Self(Some(signed))),
            Err(Rejection::SignIn(_)) => Ok(Self(None)),
            Err(other) => Err(other),
        }
    }
}

fn go_sign_in(parts: &Parts) -> Rejection {
    let next = if parts.method == Method::GET {
        parts
            .uri
            .path_and_query()
            .map_or("/", axum::http::uri::PathAndQuery::as_str)
    } else {
        "/"
    };
    let to = if next == "/" {
        "/sign-in".to_owned()
    } else {
        format!("/sign-in?next={}", percent_encoded(next))
    };
    Rejection::SignIn(GoSignIn(to))
}

/// A form of a signed-in person whose token was checked.
pub struct Sent<T> {
    /// Who sent it.
    pub signed: SignedIn,
    /// What it says.
    pub form: T,
}

/// A form that says nothing beside its token: a button.
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct Pressed {}

#[derive(Deserialize)]
struct Token {
    #[serde(default)]
    csrf: String,
}

impl<T: DeserializeOwned + Send + 'static> FromRequest<Arc<App>> for Sent<T> {
    type Rejection = Rejection;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Rejection> {
        let (mut parts, body) = request.into_parts();
        let signed = SignedIn::from_request_parts(&mut parts, app).await?;
        let limit = parts.extensions.get().copied().unwrap_or_default();
        let request = Request::from_parts(parts, body);
        let Form(fields) = Form::<Vec<(String, String)>>::from_request(request, app)
            .await
            .map_err(|error| form_error(error.status().as_u16(), limit))?;
        let token = parse_fields::<Token>(&fields)?;
        signed.check_token(&token.csrf)?;
        Ok(Self {
            signed,
            form: parse_fields(&fields)?,
        })
    }
}

/// A form of somebody who need not be signed in: sign-in and one-time links.
pub struct Open<T>(pub T);

impl<T: DeserializeOwned + Send + 'static> FromRequest<Arc<App>> for Open<T> {
    type Rejection = Rejection;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Rejection> {
        let Form(fields) = Form::<Vec<(String, String)>>::from_request(request, app)
            .await
            .map_err(|error| form_error(error.status().as_u16(), FormLimit::default()))?;
        Ok(Self(parse_fields(&fields)?))
    }
}

fn form_error(status: u16, FormLimit(limit): FormLimit) -> Rejection {
    if status == 413 {
        DeskError::TooLarge {
            limit: limit as u64,
            unit: "bytes",
        }
        .into()
    } else {
        DeskError::field(
            "form",
            "This form could not be read. Reload the page and try again.",
        )
        .into()
    }
}

/// Fields may come more than once (a list of devices): then the target field is a `Vec`.
fn parse_fields<T: DeserializeOwned>(fields: &[(String, String)]) -> Result<T, Rejection> {
    let mut map = serde_json::Map::new();
    for (name, value) in fields {
        let value = serde_json::Value::String(value.clone());
        if let Some(name) = name.strip_suffix("[]") {
            let list = map
                .entry(name)
                .or_insert_with(|| serde_json::Value::Array(Vec::new()));
            if let Some(list) = list.as_array_mut() {
                list.push(value);
            }
        } else {
            map.insert(name.clone(), value);
        }
    }
    serde_json::from_value(serde_json::Value::Object(map)).map_err(|_| {
        DeskError::field(
            "form",
            "Something is missing in this form. Reload the page and try again.",
        )
        .into()
    })
}

/// The address a request comes from.
pub struct Address(pub IpAddr);

impl<S: Sync> FromRequestParts<S> for Address {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(address_of(&parts.extensions)))
    }
}

/// The address that a request with these extensions came from.
pub(crate) fn address_of(extensions: &Extensions) -> IpAddr {
    let info = extensions.get::<ConnectInfo<SocketAddr>>();
    info.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |info| info.0.ip())
}

/// The value of a cookie.
pub fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(known, _)| *known == name)
        .map(|(_, value)| value.to_owned())
}

/// Sets the session's cookie.
pub fn set_session(headers: &mut HeaderMap, app: &App, session: &Secret) {
    let seconds = SESSION_HOURS * 3600;
    append(
        headers,
        app,
        &format!("{SESSION}={}; Max-Age={seconds}", session.reveal()),
    );
}

/// Removes the session's cookie.
pub fn clear_session(headers: &mut HeaderMap, app: &App) {
    append(headers, app, &format!("{SESSION}=; Max-Age=0"));
}

/// The message left by the request before.
pub fn flash_of(headers: &HeaderMap) -> Option<Flash> {
    cookie(headers, FLASH).and_then(|text| Flash::from_cookie(&text))
}

/// Leaves a message for the next page.
pub fn set_flash(headers: &mut HeaderMap, app: &App, flash: &Flash) {
    append(
        headers,
        app,
        &format!(
            "{FLASH}={}; Max-Age=60",
            percent_encoded(&flash.to_cookie())
        ),
    );
}

/// Removes the message once it was shown.
pub fn clear_flash(headers: &mut HeaderMap, app: &App) {
    append(headers, app, &format!("{FLASH}=; Max-Age=0"));
}

fn append(headers: &mut HeaderMap, app: &App, cookie: &str) {
    let secure = if app.is_secure() { "; Secure" } else { "" };
    let text = format!("{cookie}; Path=/; HttpOnly; SameSite=Lax{secure}");
    if let Ok(value) = HeaderValue::from_str(&text) {
        headers.append(header::SET_COOKIE, value);
    }
}

/// Percent-encodes everything that is not plain in a cookie or a query.
pub fn percent_encoded(text: &str) -> String {
    use std::fmt::Write;
    text.bytes()
        .fold(String::with_capacity(text.len()), |mut encoded, byte| {
            if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'/') {
                encoded.push(char::from(byte));
            } else {
                let _ = write!(encoded, "%{byte:02X}");
            }
            encoded
        })
}

/// The names and values of a query, in order; a `+` is a blank, and a name alone has no value.
pub(crate) fn query_pairs(query: &str) -> impl Iterator<Item = (String, String)> {
    let decoded = |text: &str| percent_decoded(&text.replace('+', " "));
    query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(move |(name, value)| (decoded(name), decoded(value)))
}

/// The reverse of [`percent_encoded`]; bytes that are no UTF-8 are replaced.
pub fn percent_decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = (bytes[at] == b'%')
            .then(|| text.get(at + 1..at + 3))
            .flatten()
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        decoded.push(hex.unwrap_or(bytes[at]));
        at += if hex.is_some() { 3 } else { 1 };
    }
    String::from_utf8_lossy(&decoded).into_owned()
}
