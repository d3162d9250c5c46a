//! Reading bodies: names of properties in any case, with quotes or without, a byte-order mark or none.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use super::error::GraphError;
use super::relaxed::quoted;

/// Bytes of a body at most: 1,000 devices, each with a hash of 4,000 characters, and as much again.
pub(crate) const BODY_BYTES: usize = 8 * 1024 * 1024;

/// A JSON body with the names of its properties in lower case.
pub(super) struct Body(Value);

impl<S: Send + Sync> FromRequest<S> for Body {
    type Rejection = GraphError;

    async fn from_request(request: Request, state: &S) -> Result<Self, Self::Rejection> {
        if !is_json(request.headers()) {
            return Err(unreadable());
        }
        let bytes = Bytes::from_request(request, state).await;
        let bytes = bytes.map_err(|rejection| {
            if rejection.into_response().status() == StatusCode::PAYLOAD_TOO_LARGE {
                GraphError::too_many_bytes(BODY_BYTES)
            } else {
                GraphError::query("The body could not be read to its end.")
            }
        })?;
        Self::of(&bytes)
    }
}

impl Body {
    /// Reads these bytes.
    pub(super) fn of(bytes: &[u8]) -> Result<Self, GraphError> {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let value = serde_json::from_slice(bytes).or_else(|error| {
            let text = std::str::from_utf8(bytes).map_err(|_| error)?;
            serde_json::from_str(&quoted(text))
        });
        // What the parser says may quote the body.
        value
            .map(|value| Self(lowered(value)))
            .map_err(|_| unreadable())
    }

    /// The body as two things at once; `form` says what is expected.
    pub(super) fn read_twice<T: DeserializeOwned, U: DeserializeOwned>(
        self,
        form: &str,
    ) -> Result<(T, U), GraphError> {
        Ok((Self(self.0.clone()).read(form)?, self.read(form)?))
    }

    /// The body as `T`; `form` says what is expected.
    pub(super) fn read<T: DeserializeOwned>(self, form: &str) -> Result<T, GraphError> {
        let misread = || GraphError::query(format!("The body must be {form}."));
        let read = serde_json::from_value::<Object<T>>(self.0);
        read.map(|object| object.0).map_err(|_| misread())
    }
}

fn unreadable() -> GraphError {
    GraphError::query(
        "Unable to read JSON request payload. Please ensure Content-Type header is set and payload \
         is of valid JSON format.",
    )
}

/// Whether a body is said to be JSON, in letters that can be read here. Where nothing is said, or
/// text, as scripts do, it is taken for that.
fn is_json(headers: &HeaderMap) -> bool {
    let Some(said) = headers.get(header::CONTENT_TYPE) else {
        return true;
    };
    let said = said.to_str().unwrap_or("?").to_ascii_lowercase();
    let mut parts = said.split(';').map(str::trim);
    let kind = parts.next().unwrap_or_default();
    let is_json = matches!(kind, "" | "application/json" | "text/json" | "text/plain")
        || (kind.starts_with("application/") && kind.ends_with("+json"));
    let mut letters = parts.filter_map(|part| part.strip_prefix("charset="));
    is_json
        && letters.all(|letters| matches!(letters.trim_matches('"'), "utf-8" | "utf8" | "us-ascii"))
}

/// An object, and no list of its values in their order.
#[derive(Debug, Default)]
pub(super) struct Object<T>(pub(super) T);

impl<'de, T: DeserializeOwned> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let map = Map::deserialize(deserializer)?;
        let read = T::deserialize(Value::Object(map));
        read.map(Self).map_err(D::Error::custom)
    }
}

/// A text, or a number in the place of one; null says nothing.
pub(super) fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Scalar {
        Text(String),
        Number(serde_json::Number),
    }
    Ok(match Option::deserialize(deserializer)? {
        None => None,
        Some(Scalar::Text(text)) => Some(text),
        Some(Scalar::Number(number)) => Some(number.to_string()),
    })
}

/// The same where null takes away: an empty text.
pub(super) fn text_or_none<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<String>, D::Error> {
    Ok(Some(text(deserializer)?.unwrap_or_default()))
}

fn lowered(value: Value) -> Value {
    match value {
        Value::Object(map) => map
            .into_iter()
            .map(|(name, value)| (name.to_ascii_lowercase(), lowered(value)))
            .collect(),
        Value::Array(items) => items.into_iter().map(lowered).collect(),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_in_any_case() {
        let body = Body::of("\u{feff}{\"GroupTag\":null,\"State\":{\"X\":1}}".as_bytes());
        let value: Value = body.expect("JSON").read("an object").expect("a value");
        assert_eq!(value.to_string(), r#"{"grouptag":null,"state":{"x":1}}"#);
        let body = Body::of(b"{ userPrincipalName: \"x\" }").expect("JSON as scripts write it");
        let value: Value = body.read("an object").expect("a value");
        assert_eq!(value["userprincipalname"], "x");
        let list = Body::of(b"[]").expect("JSON");
        assert!(list.read::<Value>("an object").is_err());
        assert!(Body::of(b"{").is_err());
        assert!(Body::of("[".repeat(100_000).as_bytes()).is_err());
    }
}
