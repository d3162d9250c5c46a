//! `POST /device/profile`: a device asks for its deployment profile.
//!
//! The body is JSON: `{"hardwareHash": "…"}`, or, where the operator allows it,
//! `{"productKey": "…"}` or `{"manufacturer": "…", "model": "…", "serialNumber": "…"}`. The answer
//! is the profile as `AutopilotConfigurationFile` JSON (api.md, 5.4), or a problem document.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Extension, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use registration::ids::RequestId;
use serde::Deserialize;
use service::DeskError;
use service::ask::Ask;

use crate::app::App;
use crate::problem::Problem;
use crate::session::Address;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Body {
    hardware_hash: Option<String>,
    product_key: Option<String>,
    manufacturer: Option<String>,
    model: Option<String>,
    serial_number: Option<String>,
}

/// The handler.
pub(super) async fn ask(
    State(app): State<Arc<App>>,
    Extension(request_id): Extension<RequestId>,
    Address(address): Address,
    body: Bytes,
) -> Response {
    let asked = match read(&body) {
        Ok(ask @ Ask::Hash(_)) => app.desk.ask(&ask).await,
        Ok(ask) => match app.guessable_asks.check(&address) {
            Ok(()) => app.desk.ask(&ask).await,
            Err(error) => Err(error),
        },
        Err(error) => Err(error),
    };
    match asked {
        Ok(profile) => answer(&profile),
        Err(error) => {
            let problem = Problem::of(&error, request_id);
            let problem = if matches!(error, DeskError::NotFound) {
                problem.saying(
                    "Not registered",
                    "This device is not registered. Ask whoever bought it to register it.",
                )
            } else {
                problem
            };
            problem.into_response()
        }
    }
}

fn answer(profile: &Arc<str>) -> Response {
    let kind = HeaderValue::from_static("application/json");
    let text = Bytes::copy_from_slice(profile.as_bytes());
    ([(header::CONTENT_TYPE, kind)], text).into_response()
}

fn read(body: &[u8]) -> Result<Ask, DeskError> {
    let body: Body = serde_json::from_slice(body).map_err(|_| unreadable())?;
    match body {
        Body {
            hardware_hash: Some(hash),
            product_key: None,
            manufacturer: None,
            model: None,
            serial_number: None,
        } => Ok(Ask::Hash(hash)),
        Body {
            hardware_hash: None,
            product_key: Some(pkid),
            manufacturer: None,
            model: None,
            serial_number: None,
        } => Ok(Ask::Pkid(pkid)),
        Body {
            hardware_hash: None,
            product_key: None,
            manufacturer: Some(manufacturer),
            model: Some(model),
            serial_number: Some(serial),
        } => Ok(Ask::Tuple {
            manufacturer,
            model,
            serial,
        }),
        _ => Err(unreadable()),
    }
}

fn unreadable() -> DeskError {
    DeskError::field(
        "body",
        "Send JSON with exactly one of: hardwareHash; productKey; manufacturer, model and \
         serialNumber.",
    )
}
