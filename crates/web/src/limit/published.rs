//! `GET /limits`: every limit of this service with what happens above it, for anybody to read
//! (design 5.7).

use std::hash::Hash;
use std::sync::Arc;

use axum::Json;
use axum::extract::{Extension, State};
use axum::http::Method;
use schemars::JsonSchema;
use serde::Serialize;

use super::Limit;
use super::sizes::{Size, sizes};
use crate::app::App;
use crate::contract::{Contract, Failures, Operation};
use crate::known::Known;
use crate::problem::Problem;
use crate::request::RequestIds;
use crate::routes::Routes;
use crate::session::Address;

/// How many of something may come in a time.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "RateLimit")]
struct Rate {
    name: &'static str,
    /// At once.
    burst: u32,
    /// Seconds until one more may come.
    seconds_each: f64,
    of: &'static str,
    /// Whose bucket it is taken from.
    each: &'static str,
}

/// Everything that is published.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Limits")]
struct Published {
    sizes: Vec<Size>,
    rates: Vec<Rate>,
}

/// What the contract says of it.
pub(crate) fn declare(contract: &mut Contract) {
    let schema = contract.schema::<Published>();
    let problem = contract.schema::<Problem>();
    let (about, kind) = (
        "Too many asked from this address",
        "application/problem+json",
    );
    let failures = Failures::default().with("429", about, kind, problem);
    contract.add(
        Operation::new(
            Method::GET,
            "/limits",
            "Service",
            "readLimits",
            "Every limit, and what happens above it",
        )
        .answers("200", "The limits", schema)
        .fails(&failures),
    );
}

pub(crate) fn routes(routes: Routes) -> Routes {
    routes.get("/limits", published)
}

async fn published(
    State(app): State<Arc<App>>,
    Address(address): Address,
    RequestIds(request): RequestIds,
    Extension(known): Extension<Known>,
) -> Result<Json<Published>, Problem> {
    known
        .charge(&app.strangers, &address)
        .map_err(|error| Problem::of(&error, request))?;
    Ok(Json(Published {
        sizes: sizes(&app),
        rates: rates(&app),
    }))
}

fn rates(app: &App) -> Vec<Rate> {
    vec![
        rate(&app.calls, "calls of the APIs", "organization"),
        rate(
            &app.strangers,
            "calls of the APIs without a token that holds, asks for tokens, device codes, documents \
             of discovery and these limits",
            "address",
        ),
        rate(&app.sign_ins, "sign-ins", "address"),
        rate(
            &app.wrong_secrets,
            "wrong secrets, assertions, codes and refresh tokens of API clients",
            "address",
        ),
        rate(
            &app.device_codes,
            "device codes that programs begin with",
            "address",
        ),
        rate(
            &app.typed_codes,
            "device codes typed in at /device-login",
            "person",
        ),
        rate(
            &app.guessable_asks,
            "asks for a profile by what can be guessed",
            "address",
        ),
    ]
}

fn rate<K: Hash + Eq + Clone>(limit: &Limit<K>, of: &'static str, each: &'static str) -> Rate {
    Rate {
        name: limit.name,
        burst: limit.burst.get(),
        seconds_each: limit.pause.as_secs_f64(),
        of,
        each,
    }
}
