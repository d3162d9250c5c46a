//! The authorization endpoint, for the person in front of the browser.

use axum::http::Method;
use serde_json::json;

use super::{FORM, TAG, TENANT, object, text};
use crate::contract::{Failures, Operation};

const V1: &str = "/{tenant}/oauth2/authorize";
const V2: &str = "/{tenant}/oauth2/v2.0/authorize";
const PAGE: &str = "text/html";

/// What a program sends a browser here with: the name, what it is.
const ASKED: [(&str, &str); 9] = [
    ("client_id", "The client"),
    ("response_type", "code"),
    (
        "redirect_uri",
        "Where the answer goes: one of the client's addresses",
    ),
    ("response_mode", "How: query, fragment or form_post"),
    (
        "state",
        "What the client knows its request by: it comes back with the answer",
    ),
    ("nonce", "What stands in the id_token"),
    (
        "code_challenge",
        "The SHA-256 of the code_verifier in base64url; public clients must send it",
    ),
    ("code_challenge_method", "S256"),
    ("prompt", "none: nobody is to be asked anything"),
];

/// Both versions, each to be shown the page and to answer it.
pub(super) fn operations() -> [Operation; 4] {
    let failures = Failures::default()
        .with(
            "4XX",
            "A page: nothing was sent to the program, and why",
            PAGE,
            text(),
        )
        .with("5XX", "A page: something is wrong here", PAGE, text());
    let v1 = ("resource", "What the token is for");
    let v2 = (
        "scope",
        "What the token is for; offline_access: a refresh token is wanted",
    );
    [
        ask(V1, "askPersonV1", v1),
        answer(V1, "answerProgramV1", v1),
        ask(V2, "askPerson", v2),
        answer(V2, "answerProgram", v2),
    ]
    .map(|operation| operation.fails(&failures))
}

fn ask(path: &'static str, id: &'static str, (what, about): (&str, &str)) -> Operation {
    let summary = "The page that asks a person whether a program may act in its name";
    let operation = Operation::new(Method::GET, path, TAG, id, summary)
        .about("A program sends a person's browser here.")
        .place("tenant", TENANT, text());
    let asked = ASKED.into_iter().chain([(what, about)]);
    asked
        .fold(operation, |operation, (name, about)| {
            operation.query(name, about, text())
        })
        .answers_as("200", "The page", PAGE, text())
        .done(
            "303",
            "Nobody is signed in, or the program is told what is wrong with what it asked",
            Some("The page to sign in at, or the program's address with error and state"),
        )
}

fn answer(path: &'static str, id: &'static str, (what, _): (&str, &str)) -> Operation {
    let summary = "What the person answered on that page";
    let mut fields = json!({ "csrf": text(), "decision": text(), what: text() });
    for (name, _) in ASKED {
        fields[name] = text();
    }
    let example = json!({
        "csrf": "TOKEN OF THE PAGE",
        "decision": "approve",
        "client_id": "01a22ed8-a8c4-74e0-8c4d-7b4dcef056d4",
    });
    Operation::new(Method::POST, path, TAG, id, summary)
        .about("The form of the page sends this; it takes the session of who is signed in.")
        .place("tenant", TENANT, text())
        .body(FORM, object(&["csrf", "decision", "client_id"], fields), example)
        .answers_as("200", "A form with the answer that goes to the program (form_post)", PAGE, text())
        .done(
            "303",
            "Back to the program",
            Some("Its address with code and state, or with error and state; or the page to sign in at"),
        )
}
