//! One concrete request for every route, most of them for something of tenant A's.

mod apis;
mod graph;
mod graph_beta;
mod own_profiles;
mod portal;

use axum::http::Method;
use device_list::Dialect;
use device_list::sample::{self, SampleKind};
use service::register::ListFile;

use crate::harness::{Answer, Client, PASSWORD, TAG, sample_list};
use crate::world::{World, known_hash};

/// What one request sends.
pub(crate) enum Body {
    Nothing,
    Form(Vec<(&'static str, String)>),
    File(Vec<(&'static str, String)>, ListFile),
    Json(String),
    /// Of an API, whose client comes with a token.
    Api(String),
}

/// One concrete request for a route.
pub(crate) struct Case {
    pub(crate) method: Method,
    pub(crate) pattern: &'static str,
    /// Which target, where a route has several.
    pub(crate) note: &'static str,
    path: String,
    body: Body,
}

fn get(pattern: &'static str, path: impl Into<String>) -> Case {
    Case {
        method: Method::GET,
        pattern,
        note: "",
        path: path.into(),
        body: Body::Nothing,
    }
}

fn post(pattern: &'static str, path: impl Into<String>, fields: &[(&'static str, &str)]) -> Case {
    let fields = fields
        .iter()
        .map(|(name, value)| (*name, (*value).to_owned()));
    Case {
        method: Method::POST,
        body: Body::Form(fields.collect()),
        ..get(pattern, path)
    }
}

fn post_file(
    pattern: &'static str,
    path: impl Into<String>,
    fields: &[(&'static str, &str)],
    file: ListFile,
) -> Case {
    let fields = fields
        .iter()
        .map(|(name, value)| (*name, (*value).to_owned()));
    Case {
        method: Method::POST,
        body: Body::File(fields.collect(), file),
        ..get(pattern, path)
    }
}

/// A call of an API, whose client comes with a token.
fn by_token(method: Method, pattern: &'static str, path: impl Into<String>, json: &str) -> Case {
    partner(method, pattern, path, json)
}

/// A call of the Partner Center API, below `/v1`.
fn partner(method: Method, pattern: &'static str, path: impl Into<String>, json: &str) -> Case {
    Case {
        method,
        body: Body::Api(json.to_owned()),
        ..get(pattern, path)
    }
}

impl Case {
    /// Whether it is asked with an access token.
    pub(crate) fn by_token(&self) -> bool {
        matches!(self.body, Body::Api(_))
    }

    /// The same with another body.
    pub(crate) fn with_body(self, body: &serde_json::Value) -> Self {
        Self {
            body: Body::Api(body.to_string()),
            ..self
        }
    }

    fn about(self, note: &'static str) -> Self {
        Self { note, ..self }
    }

    /// Whether it names something of tenant A's.
    pub(crate) fn names_any(&self, ids: &[String]) -> bool {
        let named = |text: &str| ids.iter().any(|id| text.contains(id.as_str()));
        named(&self.path)
            || match &self.body {
                Body::Form(fields) | Body::File(fields, _) => {
                    fields.iter().any(|(_, value)| named(value))
                }
                Body::Nothing | Body::Json(_) | Body::Api(_) => false,
            }
    }

    pub(crate) async fn send(&self, client: &mut Client) -> Answer {
        fn borrowed<'a>(fields: &'a [(&'static str, String)]) -> Vec<(&'a str, &'a str)> {
            fields.iter().map(|(n, v)| (*n, v.as_str())).collect()
        }
        match &self.body {
            Body::Nothing => client.get(&self.path).await,
            Body::Form(fields) => client.post(&self.path, &borrowed(fields)).await,
            Body::File(fields, file) => client.post_file(&self.path, &borrowed(fields), file).await,
            Body::Api(json) => client.call(self.method.clone(), &self.path, json).await,
            Body::Json(text) => {
                client
                    .post_raw(&self.path, "application/json", text.as_bytes())
                    .await
            }
        }
    }
}

/// A request for every route, some routes with several targets.
pub(crate) fn cases(world: &World) -> Vec<Case> {
    let mut all = portal::everybodys();
    all.extend(portal::links_and_people(world));
    all.extend(portal::operators(world));
    all.extend(portal::consents(world));
    all.extend(portal::of_parties(world));
    all.extend(portal::uploads(world));
    all.extend(portal::mending(world));
    all.extend(portal::of_customers(world));
    all.extend(own_profiles::cases(world));
    all.extend(apis::oauth(world));
    all.extend(portal::clients(world));
    all.extend(apis::partner_center(world));
    all.extend(apis::oem(world));
    all.extend(graph::cases(world));
    all.extend(graph_beta::cases(world));
    all
}
