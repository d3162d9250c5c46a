//! Reading bodies as they come (api.md 1.6): names of properties in any case, nulls as if they were
//! not there, a byte-order mark or none, numbers where texts are meant.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use super::error::PartnerError;

/// Bytes of a body at most: 1,000 devices, each with a hash of 4,000 characters, and as much again.
pub(crate) const BODY_BYTES: usize = 8 * 1024 * 1024;

/// A JSON body with the names of its properties in lower case, and without nulls.
pub(crate) struct Body(Value);

impl<S: Send + Sync> FromRequest<S> for Body {
    type Rejection = PartnerError;

    async fn from_request(request: Request, state: &S) -> Result<Self, Self::Rejection> {
        let bytes = Bytes::from_request(request, state).await;
        let bytes = bytes.map_err(|rejection| {
            if rejection.into_response().status() == StatusCode::PAYLOAD_TOO_LARGE {
                PartnerError::too_many_bytes(BODY_BYTES)
            } else {
                PartnerError::input("The body could not be read to its end.")
            }
        })?;
        Self::of(&bytes)
    }
}

impl Body {
    /// Reads these bytes.
    pub(crate) fn of(bytes: &[u8]) -> Result<Self, PartnerError> {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let value = serde_json::from_slice(bytes);
        // What the parser says may quote the body.
        value
            .map(|value| Self(folded(value)))
            .map_err(|_| PartnerError::input("The body is not JSON."))
    }

    /// Whether it is a bare array.
    pub(crate) fn is_array(&self) -> bool {
        self.0.is_array()
    }

    /// The body as `T`; `form` says what is expected.
    pub(crate) fn read<T: DeserializeOwned>(self, form: &str) -> Result<T, PartnerError> {
        let read = serde_json::from_value(self.0);
        read.map_err(|_| PartnerError::input(format!("The body must be {form}.")))
    }
}

fn folded(value: Value) -> Value {
    match value {
        Value::Object(map) => {
            let fields = map.into_iter().filter(|(_, value)| !value.is_null());
            let fields = fields.map(|(name, value)| (name.to_ascii_lowercase(), folded(value)));
            Value::Object(fields.collect::<Map<_, _>>())
        }
        Value::Array(mut items) => {
            if items.iter().any(Value::is_object) {
                // Results are told by place: an empty place is kept.
                for item in items.iter_mut().filter(|item| item.is_null()) {
                    *item = Value::Object(Map::new());
                }
            }
            let items = items.into_iter().filter(|item| !item.is_null());
            Value::Array(items.map(folded).collect())
        }
        other => other,
    }
}

/// A text, or a number in the place of one.
pub(crate) fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Scalar {
        Text(String),
        Number(serde_json::Number),
    }
    Ok(match Scalar::deserialize(deserializer)? {
        Scalar::Text(text) => text,
        Scalar::Number(number) => number.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize, Debug, PartialEq, Default)]
    #[serde(default)]
    struct Thing {
        #[serde(rename = "serialnumber", deserialize_with = "text")]
        serial: String,
        policies: Vec<Thing>,
    }

    fn read(text: &str) -> Result<Thing, PartnerError> {
        Body::of(text.as_bytes())?.read("a thing")
    }

    #[test]
    fn names_come_in_any_case_and_nulls_are_as_good_as_nothing() {
        let seven = Thing {
            serial: "7".to_owned(),
            policies: vec![Thing::default()],
        };
        for text in [
            r#"{"SerialNumber":"7","Policies":[{"SerialNumber":null}],"HardwareHash":null}"#,
            r#"{"serialNumber":"7","policies":[{}]}"#,
            "\u{feff}{\"SERIALNUMBER\":7,\"Policies\":[{}]}",
        ] {
            assert_eq!(read(text).expect("reads"), seven, "{text}");
        }
        let among = read(r#"{"policies":[null,{}]}"#).expect("reads");
        assert_eq!(among.policies.len(), 2, "an empty place is kept");
        assert!(read("{\"serialNumber\":[]}").is_err());
        assert!(read("not JSON").is_err());
        assert!(read(&"[".repeat(100_000)).is_err());
    }

    #[test]
    fn what_is_wrong_is_told_without_what_was_sent() {
        let error = read("{\"serialNumber\":[\"T0FsAAEA\"]}").expect_err("no text");
        assert!(!format!("{error:?}").contains("T0Fs"));
    }
}
