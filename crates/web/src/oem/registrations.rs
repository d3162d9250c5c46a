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
use super::devices::{NAMES, known_by};
use super::error::OemError;
use super::object::{self, Properties};
use super::results::{self, shown};
use crate::app::App;

/// What says that all lines or none are to be registered.
const ALL_OR_NOTHING: &str = "allOrNothing";

/// `POST /oem/v1/registrations`
pub(super) async fn create(
    State(app): State<Arc<App>>,
    call: Call,
    sent: Sent,
) -> Result<Response, OemError> {
    let key = call.needs_with_key(ApiScope::DevicesRegister, &[ALL_OR_NOTHING])?;
    let asked = call.flag(ALL_OR_NOTHING)?;
    let mut intake = app.desk.intake(&call.caller)?;
    let mut lines = sent.list("lines");
    let all_or_nothing = match take(&mut intake, &mut lines).await {
        Ok(()) => all_or_nothing(&lines, asked),
        Err(error) => Err(error),
    };
    let order = match all_or_nothing {
        Ok(all_or_nothing) => Order {
            all_or_nothing,
            key,
        },
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

/// Whether all lines or none are to be registered: in the address, or beside the lines.
fn all_or_nothing(lines: &Objects, asked: Option<bool>) -> Result<bool, OemError> {
    let said = match lines.beside(Some(ALL_OR_NOTHING))? {
        None => None,
        Some(Value::Bool(said)) => Some(*said),
        Some(_) => {
            let detail = "allOrNothing must be true or false.";
            return Err(DeskError::field(ALL_OR_NOTHING, detail).into());
        }
    };
    if asked.is_some() && said.is_some() && asked != said {
        let detail = "The address says otherwise. Leave one of the two out.";
        return Err(DeskError::field(ALL_OR_NOTHING, detail).into());
    }
    Ok(said.or(asked).unwrap_or(false))
}

fn done(app: &App, operation: &Operation, lines: Vec<LineResult>) -> Result<Response, OemError> {
    if operation.status == OperationStatus::Refused {
        let name = results::name(operation);
        return Err(refused(app, &lines, Some(name)));
    }
    Ok(Json(answer(app, operation, lines, true)).into_response())
}

fn refused(app: &App, lines: &[LineResult], name: Option<String>) -> OemError {
    let errors = lines.iter().flat_map(|line| results::errors(app, line));
    OemError::all_or_nothing(errors.collect(), name)
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
    call.needs(ApiScope::DevicesRegister, &[ALL_OR_NOTHING])?;
    let asked = call.flag(ALL_OR_NOTHING)?;
    let mut sent = sent.list("lines");
    let lines = few(&mut sent, "lines", object::line).await?;
    let all_or_nothing = all_or_nothing(&sent, asked)?;
    let (operation, lines) = app.desk.validate_lines(&call.caller, lines).await?;
    if all_or_nothing && lines.iter().any(LineResult::failed) {
        return Err(refused(&app, &lines, None));
    }
    Ok(Json(answer(&app, &operation, lines, false)).into_response())
}

/// Reads a list that is answered at once.
pub(super) async fn few<T>(
    sent: &mut Objects,
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
    call.needs(ApiScope::DevicesRegister, &[])?;
    let mut sent = sent.list("devices");
    let devices = few(&mut sent, "devices", device).await?;
    sent.beside(None)?;
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

fn device(object: &[u8]) -> Result<Vec<KnownBy>, LineFinding> {
    let example = r#"{"manufacturer": "Contoso", "model": "Book 13", "serialNumber": "0042"}"#;
    let mut sent = Properties::read(object, &DEVICE, example);
    let values = DEVICE.map(|name| (name, sent.take(name)));
    if let Some(wrong) = sent.findings.into_iter().next() {
        return Err(wrong);
    }
    let unnamed = |field, fix: &str| finding("device_unnamed", field, "This names no device.", fix);
    let value = |name: &str| {
        let found = values.iter().find(|(known, _)| *known == name);
        let value = found.map(|(_, value)| value.clone());
        value.filter(|value| !value.is_empty())
    };
    let known_by = known_by(value).map_err(|wrong| unnamed(wrong.field, &wrong.fix))?;
    if known_by.is_empty() {
        return Err(unnamed("", NAMES));
    }
    Ok(known_by)
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
