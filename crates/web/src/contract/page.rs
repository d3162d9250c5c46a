//! `GET /api`: the contract as a page that needs no other host, and `GET /api/openapi.json`.

use std::sync::Arc;

use askama::Template;
use axum::Json;
use axum::extract::State;
use axum::http::{Method, StatusCode};
use serde_json::Value;

use super::{Contract, Operation, document};
use crate::app::App;
use crate::portal::shell::{PageResult, rendered};
use crate::routes::Routes;

pub(crate) fn routes(routes: Routes) -> Routes {
    routes
        .get("/api", show)
        .get("/api/openapi.json", async || Json(document()))
}

/// A value that an operation takes.
struct Taken {
    name: String,
    place: String,
    about: String,
    required: bool,
}

/// One operation as it is shown.
struct Shown {
    id: &'static str,
    method: String,
    path: &'static str,
    summary: &'static str,
    about: &'static str,
    scope: Option<&'static str>,
    takes: Vec<Taken>,
    curl: String,
    answers: Vec<(String, String)>,
}

/// The operations of one face.
struct Group {
    tag: &'static str,
    id: String,
    operations: Vec<Shown>,
}

#[derive(Template)]
#[template(path = "api.html")]
struct ApiPage {
    groups: Vec<Group>,
    base: String,
}

async fn show(State(app): State<Arc<App>>) -> PageResult {
    let mut groups: Vec<Group> = Vec::new();
    for operation in &Contract::of_all().operations {
        if groups.last().is_none_or(|group| group.tag != operation.tag) {
            groups.push(Group {
                tag: operation.tag,
                id: operation.tag.to_lowercase().replace(' ', "-"),
                operations: Vec::new(),
            });
        }
        if let Some(group) = groups.last_mut() {
            group.operations.push(shown(operation, &app.public_url));
        }
    }
    let page = ApiPage {
        groups,
        base: app.public_url.clone(),
    };
    rendered(StatusCode::OK, &page)
}

fn shown(operation: &Operation, base: &str) -> Shown {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let taken = |parameter: &Value| Taken {
        name: text(&parameter["name"]),
        place: text(&parameter["in"]),
        about: text(&parameter["description"]),
        required: parameter["required"] == true,
    };
    let answers = operation.statuses();
    Shown {
        id: operation.id,
        method: operation.method.to_string(),
        path: operation.path,
        summary: operation.summary,
        about: operation.about,
        scope: operation
            .scope
            .map(registration::api_client::ApiScope::as_str),
        takes: operation.parameters().iter().map(taken).collect(),
        curl: curl(operation, base),
        answers: answers
            .map(|(status, about)| (status.to_owned(), about.to_owned()))
            .collect(),
    }
}

/// The shortest call on a command line.
fn curl(operation: &Operation, base: &str) -> String {
    let mut words = vec!["curl".to_owned()];
    if operation.method != Method::GET {
        words.push(format!("-X {}", operation.method));
    }
    if operation.scope.is_some() {
        words.push("-H \"Authorization: Bearer $TOKEN\"".to_owned());
    }
    match operation.example() {
        Some(("application/x-www-form-urlencoded", Value::Object(fields))) => {
            let said = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            let fields = fields.iter();
            words.extend(fields.map(|(name, value)| format!("-d {name}='{}'", said(value))));
        }
        Some((kind, example)) => {
            let said = example.as_str().map(str::to_owned);
            let said = said.unwrap_or_else(|| example.to_string());
            words.push(format!("-H 'Content-Type: {kind}'"));
            words.push(format!("-d '{said}'"));
        }
        None => {}
    }
    words.push(format!("'{base}{}'", operation.path));
    words.join(" \\\n  ")
}
