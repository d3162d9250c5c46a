//! `GET /health`: "ok" while the database answers. For load balancers and supervisors.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;

use crate::app::App;
use crate::problem::log_cause;
use crate::routes::Routes;

pub(super) fn routes(routes: Routes) -> Routes {
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
