//! Collections with their links (api.md 1.5).

use axum::Json;
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::Serialize;

use crate::session::percent_encoded;

/// What every resource says of its kind.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Attributes {
    #[serde(skip_serializing_if = "Option::is_none")]
    etag: Option<String>,
    object_type: &'static str,
}

impl Attributes {
    /// Of a resource without versions.
    pub(crate) fn of(object_type: &'static str) -> Self {
        Self {
            etag: None,
            object_type,
        }
    }

    /// Of a resource with this version.
    pub(crate) fn versioned(object_type: &'static str, version: u64) -> Self {
        Self {
            etag: Some(version.to_string()),
            object_type,
        }
    }
}

/// A link, relative and without `/v1`.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Link {
    uri: String,
    method: &'static str,
    headers: Vec<Header>,
}

/// A header to send when following a link.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "LinkHeader")]
struct Header {
    key: &'static str,
    value: String,
}

impl Link {
    /// To read this.
    pub(crate) fn get(uri: impl Into<String>) -> Self {
        Self {
            uri: uri.into(),
            method: "GET",
            headers: Vec::new(),
        }
    }

    fn continuing(uri: String, token: &str) -> Self {
        let key = "MS-ContinuationToken";
        let value = token.to_owned();
        Self {
            headers: vec![Header { key, value }],
            ..Self::get(uri)
        }
    }
}

/// The links of a resource.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Links {
    #[serde(rename = "self")]
    own: Link,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<Link>,
}

impl Links {
    /// To the resource itself.
    pub(crate) fn own(uri: impl Into<String>) -> Self {
        Self {
            own: Link::get(uri),
            next: None,
        }
    }
}

/// A page of a collection.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "CollectionOf{T}")]
pub(super) struct Collection<T> {
    total_count: usize,
    items: Vec<T>,
    #[serde(skip_serializing_if = "Option::is_none")]
    continuation_token: Option<String>,
    links: Links,
    attributes: Attributes,
}

/// A batch's id as links have it: as it is written, but for the characters that would make the link
/// lead elsewhere.
pub(crate) fn link_part(name: &str) -> String {
    let away = |c: char| matches!(c, '/' | '\\' | '?' | '#' | '%');
    let each = name.chars().map(|c| {
        if away(c) {
            format!("%{:02X}", u32::from(c))
        } else {
            c.to_string()
        }
    });
    each.collect()
}

/// An address with a query, every value percent-encoded.
pub(crate) fn asked(path: &str, query: &[(&str, Option<&str>)]) -> String {
    let given = query
        .iter()
        .filter_map(|(name, value)| Some((name, (*value)?)));
    given.fold(path.to_owned(), |uri, (name, value)| {
        let sign = if uri.contains('?') { '&' } else { '?' };
        format!("{uri}{sign}{name}={}", percent_encoded(value))
    })
}

/// A page of a collection at `uri` (with its query), and where the next one begins.
pub(crate) fn page<T: Serialize>(uri: &str, items: Vec<T>, next: Option<String>) -> Response {
    let next_link = next.as_ref().map(|token| {
        let sign = if uri.contains('?') { '&' } else { '?' };
        Link::continuing(format!("{uri}{sign}seekOperation=Next"), token)
    });
    Json(Collection {
        total_count: items.len(),
        items,
        continuation_token: next,
        links: Links {
            own: Link::get(uri),
            next: next_link,
        },
        attributes: Attributes::of("Collection"),
    })
    .into_response()
}
