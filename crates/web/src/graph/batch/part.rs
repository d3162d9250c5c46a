//! One call of a batch, and the request that it becomes.

use std::collections::HashMap;
use std::fmt::Write as _;

use axum::body::Body as Bytes;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use serde::Deserialize;
use serde_json::Value;

use crate::app::App;
use crate::graph::call::Version;
use crate::graph::error::GraphError;
use crate::graph::paths::is_ours;

/// The headers that a call in a batch may bring. Who calls is said by the batch alone.
const BROUGHT: [&str; 7] = [
    "accept",
    "accept-language",
    "client-request-id",
    "consistencylevel",
    "content-type",
    "if-match",
    "prefer",
];

/// One call of a batch; names are in lower case by then.
#[derive(Deserialize)]
pub(super) struct Part {
    /// The id that the batch calls it by.
    pub(super) id: String,
    method: String,
    url: String,
    #[serde(default)]
    headers: Option<HashMap<String, Value>>,
    #[serde(default)]
    body: Option<Value>,
    /// Calls that must have gone well before this one; one client writes `depends_on`.
    #[serde(default, rename = "dependson", alias = "depends_on")]
    depends_on: Option<Vec<String>>,
}

impl Part {
    /// The ids of the calls that must have gone well before it.
    pub(super) fn waits_for(&self) -> impl Iterator<Item = &String> {
        self.depends_on.iter().flatten()
    }

    /// What is wrong with it whatever the others are.
    pub(super) fn check(&self) -> Result<(), GraphError> {
        if self.id.is_empty() || self.url.trim().is_empty() {
            return Err(GraphError::query(
                "Every request of a batch must have an id and a url.",
            ));
        }
        let methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"];
        if !methods
            .iter()
            .any(|known| self.method.eq_ignore_ascii_case(known))
        {
            return Err(GraphError::query(
                "The method of a batch's request must be GET, POST, PUT, PATCH, DELETE or HEAD.",
            ));
        }
        let has_kind = self
            .headers
            .iter()
            .flatten()
            .any(|(name, _)| name == "content-type");
        if self.body.as_ref().is_some_and(|body| !body.is_null()) && !has_kind {
            return Err(GraphError::query(
                "A request of a batch that has a body must have the header Content-Type.",
            ));
        }
        Ok(())
    }

    /// The call itself, by whoever sent the batch.
    pub(super) fn request(
        &self,
        app: &App,
        version: Version,
        batch: &HeaderMap,
    ) -> Result<Request, &'static str> {
        let public = app
            .public_url
            .split_once("://")
            .map_or("", |(_, host)| host);
        let host = batch.get(header::HOST).and_then(|host| host.to_str().ok());
        let hosts = [public, host.unwrap_or_default()];
        let address = address(version, &self.url, &hosts)
            .ok_or("The url of a batch's request must be relative: /deviceManagement/…")?;
        let method = Method::from_bytes(self.method.to_ascii_uppercase().as_bytes());
        let method = method.map_err(|_| "The method is none.")?;
        let bytes = match &self.body {
            None | Some(Value::Null) => Vec::new(),
            Some(body) => body.to_string().into_bytes(),
        };
        let mut request = Request::builder()
            .method(method)
            .uri(address)
            .body(Bytes::from(bytes))
            .map_err(|_| "The url of a batch's request can't be read.")?;
        let headers = request.headers_mut();
        for (name, value) in self.headers.iter().flatten() {
            let value = value
                .as_str()
                .and_then(|text| HeaderValue::from_str(text).ok());
            let name = name.parse::<HeaderName>().ok();
            let brought = name
                .filter(|name| BROUGHT.contains(&name.as_str()))
                .zip(value);
            if let Some((name, value)) = brought {
                headers.insert(name, value);
            }
        }
        if let Some(caller) = batch.get(header::AUTHORIZATION) {
            headers.insert(header::AUTHORIZATION, caller.clone());
        }
        request.extensions_mut().insert(app.desk.request_id());
        Ok(request)
    }
}

/// The address of a call in a batch: below the batch's version unless it names one itself. One
/// client library sends absolute ones, which must be at one of `hosts`. What an address must have
/// encoded and clients don't is encoded. `None` where it leads elsewhere.
fn address(version: Version, url: &str, hosts: &[&str]) -> Option<String> {
    let url = match url.trim().split_once("://") {
        Some((scheme, rest)) if !scheme.contains(['/', '?']) => {
            let (host, rest) = rest.split_once('/')?;
            let is_here = hosts.iter().any(|own| own.eq_ignore_ascii_case(host));
            is_here.then_some(rest)?
        }
        _ => url.trim(),
    };
    let url = url.trim_start_matches('/');
    let mut written = String::with_capacity(url.len() + 8);
    if !is_ours(url.split('?').next().unwrap_or_default()) {
        written.push('/');
        written.push_str(version.as_str());
    }
    written.push('/');
    for byte in url.bytes() {
        if byte.is_ascii_graphic() && !b"\"#<>\\^`{|}".contains(&byte) {
            written.push(char::from(byte));
        } else {
            let _ = write!(written, "%{byte:02X}");
        }
    }
    Some(written)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_relative_to_the_version() {
        let of = |url: &str| address(Version::Beta, url, &["registry.example", "127.0.0.1:80"]);
        for (url, written) in [
            (
                "/deviceManagement/x?$top=1",
                "/beta/deviceManagement/x?$top=1",
            ),
            ("deviceManagement/x", "/beta/deviceManagement/x"),
            ("/v1.0/deviceManagement/x", "/v1.0/deviceManagement/x"),
            ("BETA/x", "/BETA/x"),
            (
                "/x?$filter=contains(a,'b c\u{e9}')",
                "/beta/x?$filter=contains(a,'b%20c%C3%A9')",
            ),
            ("//customers", "/beta/customers"),
            ("/x?at=10:15", "/beta/x?at=10:15"),
            ("https://Registry.example/v1.0/x?y=1", "/v1.0/x?y=1"),
            ("http://127.0.0.1:80/beta/x", "/beta/x"),
            (
                "/x?from=http://elsewhere.example/y",
                "/beta/x?from=http://elsewhere.example/y",
            ),
        ] {
            assert_eq!(of(url).as_deref(), Some(written));
        }
        for elsewhere in [
            "https://elsewhere.example/beta/x",
            "http://127.0.0.1:81/beta/x",
            "https://registry.example",
        ] {
            assert_eq!(of(elsewhere), None, "{elsewhere}");
        }
    }
}
