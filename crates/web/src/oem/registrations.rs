//! Registering, trying it, and releasing.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use registration::api_client::ApiScope;
use registration::operation::{LineFinding, LineResult, Operation, OperationStatus};
use serde_json::{Value, json};
use service::operations::AT_ONCE;
use service::operations::deregister::Release;
use service::operations::intake::{Intake, Order, Taken};
use service::operations::line::finding;
use service::{DeskError, KnownBy};

use super::body::{Objects, Sent};
use super::call::Call;
use super::devices::known_by;
use super::error::OemError;
use super::object::{self, Properties};
use super::results::{self, shown};
use crate::app::App;

/// `POST /oem/v1/registrations`
pub(super) async fn create(
    State(app): State<Arc<App>>,
    call: Call,
    sent: Sent,
) -> Result<Response, OemError> {
    call.needs(ApiScope::DevicesRegister)?;
    let asked = call.flag("allOrNothing")?;
    let mut intake = app.desk.intake(&call.caller)?;
    let mut lines = sent.list("lines");
    let order = match take(&mut intake, &mut lines).await {
        Ok(()) => order(&lines, asked, &call),
        Err(error) => Err(error),
    };
    let order = match order {
        Ok(order) => order,
        Err(error) => {
            intake.drop_received().await?;
            return Err(error);
        }
    };
    match intake.finish(&order).await? {
        Taken::Done(operation, lines) => done(&app, &operation, lines),
        Taken::Waits(operation) => Ok(waits(&operation)),
    }
}

async fn take(intake: &mut Intake<'_>, lines: &mut Objects) -> Result<(), OemError> {
    while let Some(object) = lines.next().await? {
        intake.add(object::line(&object)).await?;
    }
    Ok(())
}

/// What stands beside the lines, or in the address.
fn order(lines: &Objects, asked: Option<bool>, call: &Call) -> Result<Order, OemError> {
    let mut all_or_nothing = asked.unwrap_or(false);
    for (name, value) in lines.others() {
        match (name.as_str(), value) {
            ("allOrNothing", Value::Bool(value)) => all_or_nothing = *value,
            ("allOrNothing", _) => {
                let detail = "allOrNothing must be true or false.";
                return Err(DeskError::field("allOrNothing", detail).into());
            }
            _ => {
                let detail = "Beside lines there is allOrNothing, and nothing else.";
                return Err(DeskError::field("", detail).into());
            }
        }
    }
    Ok(Order {
        all_or_nothing,
        key: call.key.clone(),
    })
}

fn done(app: &App, operation: &Operation, lines: Vec<LineResult>) -> Result<Response, OemError> {
    if operation.status == OperationStatus::Refused {
        let errors = lines.iter().flat_map(|line| results::errors(app, line));
        return Err(OemError::all_or_nothing(errors.collect()));
    }
    Ok(Json(answer(app, operation, lines, true)).into_response())
}

fn answer(app: &App, operation: &Operation, lines: Vec<LineResult>, is_kept: bool) -> Value {
    let each = lines
        .into_iter()
        .filter_map(|line| shown(app, operation, line));
    let mut answer = json!({
        "counts": results::counts(operation, &operation.counts),
        "results": each.collect::<Vec<_>>(),
    });
    if is_kept {
        answer["name"] = json!(results::name(operation));
    }
    answer
}

fn waits(operation: &Operation) -> Response {
    let answer = Json(results::operation(operation));
    let mut response = (StatusCode::ACCEPTED, answer).into_response();
    let place = format!("/oem/v1/{}", results::name(operation));
    if let Ok(place) = HeaderValue::from_str(&place) {
        response.headers_mut().insert(header::LOCATION, place);
    }
    response
}

/// `POST /oem/v1/registrations:validate`
pub(super) async fn validate(
    State(app): State<Arc<App>>,
    call: Call,
    sent: Sent,
) -> Result<Response, OemError> {
    call.needs(ApiScope::DevicesRegister)?;
    let lines = few(sent.list("lines"), "lines", object::line).await?;
    let (operation, lines) = app.desk.validate_lines(&call.caller, lines).await?;
    Ok(Json(answer(&app, &operation, lines, false)).into_response())
}

/// Reads a list that is answered at once.
pub(super) async fn few<T>(
    mut sent: Objects,
    what: &'static str,
    read: impl Fn(&[u8]) -> T,
) -> Result<Vec<T>, OemError> {
    let mut all = Vec::new();
    while let Some(object) = sent.next().await? {
        if all.len() == AT_ONCE {
            let (limit, unit) = (AT_ONCE as u64, what);
            return Err(DeskError::TooLarge { limit, unit }.into());
        }
        all.push(read(&object));
    }
    Ok(all)
}

/// `POST /oem/v1/registrations:deregister`
pub(super) async fn deregister(
    State(app): State<Arc<App>>,
    call: Call,
    sent: Sent,
) -> Result<Response, OemError> {
    call.needs(ApiScope::DevicesRegister)?;
    let devices = few(sent.list("devices"), "devices", device).await?;
    let released = app.desk.deregister_shipped(&call.caller, devices).await?;
    let results = (0..).zip(released).map(|(n, one)| release(&app, n, &one));
    Ok(Json(json!({ "results": results.collect::<Vec<_>>() })).into_response())
}

/// The properties that a device is named by.
pub(super) const DEVICE: [&str; 6] = [
    "id",
    "reference",
    "manufacturer",
    "model",
    "serialNumber",
    "productKeyId",
];

fn device(object: &[u8]) -> Result<KnownBy, LineFinding> {
    let mut sent = Properties::read(object, &DEVICE);
    let mut values = DEVICE.map(|name| (name, sent.take(name)));
    if let Some(wrong) = sent.findings.into_iter().next() {
        return Err(wrong);
    }
    let mut value = |name: &str| {
        let found = values.iter_mut().find(|(known, _)| *known == name);
        found
            .map(|(_, value)| std::mem::take(value))
            .unwrap_or_default()
    };
    let mut one = |name| Some(value(name)).filter(|value| !value.is_empty());
    known_by(&mut one).map_err(|fix| {
        let cause = "This names no device.";
        finding("device_unnamed", "", cause, fix)
    })
}

fn release(app: &App, n: u64, released: &Release) -> Value {
    let outcome = match released {
        Release::Deregistered(_) => "deregistered",
        Release::NotRegistered => "not_registered",
        Release::Ambiguous => "ambiguous",
        Release::Invalid(_) => "invalid",
    };
    let mut shown = json!({ "line": n + 1, "outcome": outcome });
    if let Release::Deregistered(id) = released {
        shown["deviceId"] = json!(id.to_string());
    }
    if let Release::Invalid(found) = released {
        let at = format!("/devices/{n}");
        shown["errors"] = json!(results::findings(app, &at, std::slice::from_ref(found)));
    }
    shown
}
