//! A browser as far as the tests need one.

use std::collections::BTreeMap;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::request::Builder;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use service::register::ListFile;
use service::secret::Secret;
use tower::ServiceExt;

/// One answer, read to its end.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) bytes: Vec<u8>,
}

impl Answer {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// Where a redirect leads.
    pub(crate) fn location(&self) -> &str {
        let location = self.headers.get(header::LOCATION);
        location.map_or("", |value| value.to_str().expect("an address"))
    }

    /// Asserts the status, showing the page if it is another.
    pub(crate) fn is(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.text());
        self
    }

    /// What stands in the page between `before` and the next `after`.
    pub(crate) fn between(&self, before: &str, after: &str) -> String {
        let text = self.text();
        let (_, rest) = text.split_once(before).unwrap_or_else(|| {
            panic!("{before} is not in the page:\n{text}");
        });
        rest.split_once(after)
            .map_or(rest, |(found, _)| found)
            .to_owned()
    }
}

/// A browser as far as the tests need one: it keeps cookies and sends the token of forms.
pub(crate) struct Client {
    router: Router,
    pub(crate) cookies: BTreeMap<String, String>,
    /// The access token of an API client.
    pub(crate) bearer: Option<String>,
}

impl Client {
    /// One without cookies.
    pub(crate) fn new(router: Router) -> Self {
        Self {
            router,
            cookies: BTreeMap::new(),
            bearer: None,
        }
    }

    /// Asks for a page.
    pub(crate) async fn get(&mut self, path: &str) -> Answer {
        self.send(Method::GET, path, None).await
    }

    /// Asks for the part of a page that a script replaces while work goes on.
    pub(crate) async fn get_fragment(&mut self, path: &str) -> Answer {
        let request = Request::get(path).header("x-fragment", "1");
        self.answer(request, Body::empty()).await
    }

    /// Sends a form, with the token.
    pub(crate) async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let token = self.token();
        let all = [("csrf", token.as_str())].into_iter();
        let body: Vec<String> = all
            .chain(fields.iter().copied())
            .map(|(name, value)| format!("{}={}", form_encoded(name), form_encoded(value)))
            .collect();
        let kind = "application/x-www-form-urlencoded".to_owned();
        let body = body.join("&").into_bytes();
        self.send(Method::POST, path, Some((kind, body))).await
    }

    /// Sends a form with a file, with the token.
    pub(crate) async fn post_file(
        &mut self,
        path: &str,
        fields: &[(&str, &str)],
        file: &ListFile,
    ) -> Answer {
        const EDGE: &str = "edge-of-a-part";
        let token = self.token();
        let mut body = Vec::new();
        for (name, value) in [("csrf", token.as_str())].iter().chain(fields) {
            body.extend_from_slice(
                format!(
                    "--{EDGE}\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
                )
                .as_bytes(),
            );
        }
        body.extend_from_slice(
            format!(
                "--{EDGE}\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{}\"\r\n\
                 content-type: text/csv\r\n\r\n",
                file.name
            )
            .as_bytes(),
        );
        body.extend_from_slice(&file.bytes);
        body.extend_from_slice(format!("\r\n--{EDGE}--\r\n").as_bytes());
        let kind = format!("multipart/form-data; boundary={EDGE}");
        self.send(Method::POST, path, Some((kind, body))).await
    }

    /// Sends a body as it is.
    pub(crate) async fn post_raw(
        &mut self,
        path: &str,
        kind: &str,
        body: impl Into<Vec<u8>>,
    ) -> Answer {
        let body = (kind.to_owned(), body.into());
        self.send(Method::POST, path, Some(body)).await
    }

    /// Calls an API.
    pub(crate) async fn call(&mut self, method: Method, path: &str, json: &str) -> Answer {
        let kind = "application/json".to_owned();
        let body = (kind, json.as_bytes().to_vec());
        self.send(method, path, Some(body)).await
    }

    /// The token that this session's forms carry.
    pub(crate) fn token(&self) -> String {
        self.cookies
            .get("enlist_session")
            .map(|session| Secret::from_text(session).derive("csrf"))
            .map_or_else(String::new, |token| token.reveal().to_owned())
    }

    async fn send(
        &mut self,
        method: Method,
        path: &str,
        body: Option<(String, Vec<u8>)>,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        let body = match body {
            Some((kind, bytes)) => {
                request = request.header(header::CONTENT_TYPE, kind);
                Body::from(bytes)
            }
            None => Body::empty(),
        };
        self.answer(request, body).await
    }

    async fn answer(&mut self, mut request: Builder, body: Body) -> Answer {
        request = request.header(header::HOST, "registry.example");
        let cookies: Vec<_> = self
            .cookies
            .iter()
            .map(|(n, v)| format!("{n}={v}"))
            .collect();
        if let Some(token) = &self.bearer {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        if !cookies.is_empty() {
            request = request.header(header::COOKIE, cookies.join("; "));
        }
        let request = request.body(body).expect("a request");
        let answered = self.router.clone().oneshot(request).await;
        let (parts, body) = answered.expect("the router always answers").into_parts();
        self.keep_cookies(&parts.headers);
        let bytes = to_bytes(body, usize::MAX).await.expect("a whole body");
        Answer {
            status: parts.status,
            headers: parts.headers,
            bytes: bytes.to_vec(),
        }
    }

    fn keep_cookies(&mut self, headers: &HeaderMap) {
        for value in headers.get_all(header::SET_COOKIE) {
            let text = value.to_str().expect("a cookie in ASCII");
            let pair = text.split(';').next().unwrap_or_default();
            let (name, value) = pair.split_once('=').expect("a name and a value");
            if text.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}

fn form_encoded(text: &str) -> String {
    web::session::percent_encoded(text)
}
