//! Reading bodies as they come (api.md 1.6): names of properties in any case, nulls as if they were
//! not there, a byte-order mark or none, numbers where texts are meant. What can't be read is told
//! with its place, never with what stands there.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::header::CONTENT_ENCODING;
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::error::PartnerError;

/// Bytes of a body at most: 1,000 devices, each with a hash of 4,000 characters, and as much again.
pub(crate) const BODY_BYTES: usize = 8 * 1024 * 1024;

/// A JSON body with the names of its properties in lower case, and without nulls.
pub(crate) struct Body(Value);

impl<S: Send + Sync> FromRequest<S> for Body {
    type Rejection = PartnerError;

    async fn from_request(request: Request, state: &S) -> Result<Self, Self::Rejection> {
        as_it_is(request.headers())?;
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

/// Refuses a body that is compressed.
fn as_it_is(headers: &HeaderMap) -> Result<(), PartnerError> {
    let given = headers.get_all(CONTENT_ENCODING).iter();
    let mut codings = given.map(|value| value.to_str().unwrap_or("another").trim());
    let other =
        codings.find(|coding| !coding.is_empty() && !coding.eq_ignore_ascii_case("identity"));
    other.map_or(Ok(()), |coding| Err(PartnerError::coding(coding)))
}

impl Body {
    /// Reads these bytes.
    pub(crate) fn of(bytes: &[u8]) -> Result<Self, PartnerError> {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let value = serde_json::from_slice(bytes);
        // What the parser says may quote the body: where it stopped does not.
        value.map(|value| Self(folded(value))).map_err(|error| {
            let (line, column) = (error.line(), error.column());
            PartnerError::input(format!(
                "The body is not JSON: it can't be read beyond line {line}, column {column}."
            ))
        })
    }

    /// Whether it is a bare array.
    pub(crate) fn is_array(&self) -> bool {
        self.0.is_array()
    }

    /// The body as an object; `form` says what is expected.
    pub(crate) fn object(self, form: &str) -> Result<Object, PartnerError> {
        self.whole().object_as(form)
    }

    /// The body as an array; `form` says what is expected.
    pub(crate) fn items(self, form: &str) -> Result<Vec<Part>, PartnerError> {
        self.whole().items_as(form)
    }

    fn whole(self) -> Part {
        Part {
            place: String::new(),
            value: self.0,
        }
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

/// A value of a body that knows its place: `devices[0].policies`; none is the whole body.
pub(crate) struct Part {
    place: String,
    value: Value,
}

impl Part {
    /// It as an object.
    pub(crate) fn object(self) -> Result<Object, PartnerError> {
        self.object_as("an object")
    }

    fn object_as(self, form: &str) -> Result<Object, PartnerError> {
        match self.value {
            Value::Object(fields) => Ok(Object {
                place: self.place,
                fields,
            }),
            _ => Err(PartnerError::form(&self.place, form)),
        }
    }

    fn items_as(self, form: &str) -> Result<Vec<Self>, PartnerError> {
        let Value::Array(items) = self.value else {
            return Err(PartnerError::form(&self.place, form));
        };
        let item = |(n, value)| Self {
            place: format!("{}[{n}]", self.place),
            value,
        };
        Ok(items.into_iter().enumerate().map(item).collect())
    }

    fn text(self) -> Result<String, PartnerError> {
        match self.value {
            Value::String(text) => Ok(text),
            Value::Number(number) => Ok(number.to_string()),
            _ => Err(PartnerError::form(&self.place, "a text")),
        }
    }
}

/// An object of a body, to take its properties from.
pub(crate) struct Object {
    place: String,
    fields: Map<String, Value>,
}

impl Object {
    /// The place of one of its properties, for errors.
    pub(crate) fn place_of(&self, name: &str) -> String {
        if self.place.is_empty() {
            name.to_owned()
        } else {
            format!("{}.{name}", self.place)
        }
    }

    /// A property, whatever it is; null where it is not there.
    pub(crate) fn any(&mut self, name: &str) -> Value {
        let found = self.fields.remove(name.to_ascii_lowercase().as_str());
        found.unwrap_or_default()
    }

    /// A text, or a number in the place of one; empty where it is not there.
    pub(crate) fn text(&mut self, name: &str) -> Result<String, PartnerError> {
        self.part(name).map_or(Ok(String::new()), Part::text)
    }

    /// Refuses another id in the body than that in the address, which is this; none is as good.
    pub(crate) fn is_about(&mut self, id: Uuid) -> Result<(), PartnerError> {
        let sent = self.text("id")?;
        let sent = sent.trim();
        if sent.is_empty() || sent.parse() == Ok(id) {
            return Ok(());
        }
        Err(PartnerError::property(
            "id",
            "The id in the body is not the one in the address. Send the same, or leave it out.",
        ))
    }

    /// An array, if it is there.
    pub(crate) fn items(&mut self, name: &str) -> Result<Option<Vec<Part>>, PartnerError> {
        let part = self.part(name);
        part.map(|part| part.items_as("an array")).transpose()
    }

    /// An array of objects, each read as `T`; empty where it is not there.
    pub(crate) fn each<T>(
        &mut self,
        name: &str,
        read: impl Fn(Object) -> Result<T, PartnerError>,
    ) -> Result<Vec<T>, PartnerError> {
        each(self.items(name)?.unwrap_or_default(), read)
    }

    fn part(&mut self, name: &str) -> Option<Part> {
        let place = self.place_of(name);
        match self.any(name) {
            Value::Null => None,
            value => Some(Part { place, value }),
        }
    }
}

/// Objects, each read as `T`.
pub(crate) fn each<T>(
    parts: Vec<Part>,
    read: impl Fn(Object) -> Result<T, PartnerError>,
) -> Result<Vec<T>, PartnerError> {
    let objects = parts.into_iter().map(Part::object);
    objects.map(|object| read(object?)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, Default)]
    struct Thing {
        serial: String,
        policies: Vec<Thing>,
    }

    fn thing(mut object: Object) -> Result<Thing, PartnerError> {
        Ok(Thing {
            serial: object.text("serialNumber")?,
            policies: object.each("policies", thing)?,
        })
    }

    fn read(text: &str) -> Result<Thing, PartnerError> {
        thing(Body::of(text.as_bytes())?.object("a thing")?)
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
    fn what_is_wrong_is_told_with_its_place_and_without_what_was_sent() {
        for (sent, place) in [
            (r#"{"serialNumber":["T0FsAAEA"]}"#, "serialNumber"),
            (
                r#"{"policies":[{},{"serialNumber":true}]}"#,
                "policies[1].serialNumber",
            ),
            (r#"{"policies":[["T0FsAAEA"]]}"#, "policies[0]"),
            (r#"{"policies":{"0":"T0FsAAEA"}}"#, "policies"),
            (r#"["T0FsAAEA"]"#, "The body must be a thing."),
            ("{\n\"a\": T0Fs", "line 2, column 6"),
        ] {
            let error = format!("{:?}", read(sent).expect_err(sent));
            assert!(error.contains(place), "{error}");
            assert!(!error.contains("T0Fs"), "{error}");
        }
    }

    #[test]
    fn a_compressed_body_is_refused_by_its_coding() {
        let with = |coding: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(CONTENT_ENCODING, coding.parse().expect("a header"));
            as_it_is(&headers)
        };
        assert!(with("identity").is_ok() && as_it_is(&HeaderMap::new()).is_ok());
        let error = format!("{:?}", with("gzip").expect_err("refused"));
        assert!(error.contains("gzip") && error.contains("415"), "{error}");
    }
}
