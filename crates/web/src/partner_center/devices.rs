//! Calls 6 to 8: policies of devices, one device changed or released (api.md 2).

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use registration::api_client::ApiScope;
use registration::policy::{PolicyChange, PolicyFailure};

use super::batches::accepted;
use super::call::Call;
use super::device::{Sent, Shown, Wanted};
use super::error::PartnerError;
use super::lenient::Body;
use crate::app::App;

/// `PATCH /v1/customers/{customer}/DevicePolicyUpdates`: a device with an empty list has none
/// afterwards.
pub(super) async fn update_policies(
    State(app): State<Arc<App>>,
    call: Call,
    body: Body,
) -> Result<Response, PartnerError> {
    call.needs(ApiScope::DevicesRegister)?;
    let customer = call.customer()?;
    let mut sent = body.object("an object with devices")?;
    let devices = sent.each("devices", Sent::read)?;
    let changes = devices.iter().map(change);
    let changes: Vec<_> = changes.collect::<Result<_, _>>()?;
    let (caller, request) = (&call.caller, call.request);
    let update = app
        .desk
        .update_policies(caller, customer, changes, request)
        .await?;
    Ok(accepted(customer, update.id))
}

fn change(sent: &Sent) -> Result<PolicyChange, PartnerError> {
    // Who names no policy does not wish to have none.
    let wanted = sent.wanted()?.unwrap_or(Wanted::Unknown);
    let id = sent.id.trim();
    Ok(PolicyChange {
        device_id: id.parse().ok(),
        // It is kept with the result: what is no id is cut.
        device: id.chars().filter(|c| !c.is_control()).take(64).collect(),
        policy: match wanted {
            Wanted::Nothing => Ok(None),
            Wanted::Policy(id) => Ok(Some(id)),
            Wanted::Unknown => Err(PolicyFailure::NoSuchPolicy),
        },
    })
}

/// `GET /v1/customers/{customer}/deviceBatches/{batch}/devices/{device}`
pub(super) async fn one(State(app): State<Arc<App>>, call: Call) -> Result<Response, PartnerError> {
    call.needs(ApiScope::DevicesRead)?;
    let (customer, id) = (call.customer()?, call.device()?);
    let (caller, batch) = (&call.caller, call.batch());
    let found = app
        .desk
        .device_of_batch(caller, customer, batch, id)
        .await?;
    Ok(Json(Shown::alone(found, batch)).into_response())
}

/// `PUT` (and `PATCH`) `/v1/customers/{customer}/deviceBatches/{batch}/devices/{device}`: changes
/// its policy. Its identifiers stay what they are.
pub(super) async fn change_device(
    State(app): State<Arc<App>>,
    call: Call,
    body: Body,
) -> Result<Response, PartnerError> {
    call.needs(ApiScope::DevicesRegister)?;
    call.without_version()?;
    let (customer, id) = (call.customer()?, call.device()?);
    let mut sent = body.object("a device")?;
    sent.is_about(id.0)?;
    let sent = Sent::read(sent)?;
    let (desk, caller, request) = (&app.desk, &call.caller, call.request);
    let known = desk
        .device_of_batch(caller, customer, call.batch(), id)
        .await?;
    if !sent.is_same(&known) {
        return Err(PartnerError::property(
            "device",
            "A device's identifiers can't be changed, and its hash is not sent again. Delete it and \
             register it anew.",
        ));
    }
    let device = match sent.wanted()? {
        None => known,
        Some(Wanted::Nothing) => desk.set_policy(caller, customer, id, None, request).await?,
        Some(Wanted::Policy(policy)) => {
            let policy = Some(policy);
            desk.set_policy(caller, customer, id, policy, request)
                .await?
        }
        Some(Wanted::Unknown) => return Err(sent.no_policy_id()),
    };
    Ok(Json(Shown::alone(device, call.batch())).into_response())
}

/// `DELETE /v1/customers/{customer}/deviceBatches/{batch}/devices/{device}`
pub(super) async fn delete_device(
    State(app): State<Arc<App>>,
    call: Call,
) -> Result<StatusCode, PartnerError> {
    call.needs(ApiScope::DevicesRegister)?;
    call.without_version()?;
    let (customer, id) = (call.customer()?, call.device()?);
    let (caller, batch) = (&call.caller, call.batch());
    app.desk
        .release_from_batch(caller, customer, batch, id, call.request)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
