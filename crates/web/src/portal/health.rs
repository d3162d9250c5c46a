//! `GET /health`: "ok" while the database answers. For load balancers and supervisors.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{Method, StatusCode};
use serde_json::json;

use crate::app::App;
use crate::contract::{Contract, Operation};
use crate::problem::log_cause;
use crate::routes::Routes;

/// What the contract says of it.
pub(crate) fn declare(contract: &mut Contract) {
    let text = json!({ "type": "string" });
    contract.add(
        Operation::new(
            Method::GET,
            "/health",
            "Service",
            "readHealth",
            "Whether the service and its database answer",
        )
        .answers_as("200", "Both do", "text/plain", text.clone())
        .answers_as("503", "The database is away", "text/plain", text),
    );
}

pub(crate) fn routes(routes: Routes) -> Routes {
    routes.get("/health", health)
}

async fn health(State(app): State<Arc<App>>) -> (StatusCode, &'static str) {
    match app.desk.ping().await {
        Ok(()) => (StatusCode::OK, "ok\n"),
        Err(error) => {
            log_cause(&error);
            (StatusCode::SERVICE_UNAVAILABLE, "the database is away\n")
        }
    }
}
