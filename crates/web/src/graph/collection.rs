//! Answers as `OData` has them: one thing, or a collection with its links.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use super::call::Call;
use super::odata::Found;

/// A page of a collection.
pub(super) struct Collection {
    /// `@odata.context`
    pub(super) context: String,
    /// How many there are in all, if that was asked for.
    pub(super) count: Option<u64>,
    /// The things.
    pub(super) items: Vec<Value>,
    /// Where the next page is, absolute.
    pub(super) next: Option<String>,
}

impl Collection {
    /// The page that was found of a set.
    pub(super) fn of(call: &Call, set: &str, found: Found) -> Self {
        Self {
            context: call.context(set),
            count: found.count.map(|count| count as u64),
            items: found.items,
            next: found.next.map(|query| call.link(&query)),
        }
    }
}

impl IntoResponse for Collection {
    fn into_response(self) -> Response {
        let mut body = Map::new();
        body.insert("@odata.context".to_owned(), json!(self.context));
        if let Some(count) = self.count {
            body.insert("@odata.count".to_owned(), json!(count));
        }
        if let Some(next) = self.next {
            body.insert("@odata.nextLink".to_owned(), json!(next));
        }
        body.insert("value".to_owned(), Value::Array(self.items));
        Json(body).into_response()
    }
}

/// One thing with its context.
pub(super) fn entity(status: StatusCode, context: String, mut item: Value) -> Response {
    item["@odata.context"] = Value::String(context);
    (status, Json(item)).into_response()
}
