//! The acts on registered devices (api.md 5.2): users, properties, resource accounts, several
//! deleted at once.

use axum::Json;
use axum::http::StatusCode;
use registration::properties::PropertiesChange;
use serde::Deserialize;
use serde_json::{Value, json};
use service::devices::Released;

use super::body::{Body, text};
use super::call::{Call, Registers};
use super::device::Sent;
use super::error::GraphError;

async fn carry_out(call: &Call, change: PropertiesChange) -> Result<StatusCode, GraphError> {
    let id = call.addressed_device().await?;
    call.desk()
        .change_properties(&call.caller, id, change)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Assignment {
    #[serde(rename = "userprincipalname", deserialize_with = "text")]
    user: Option<String>,
    #[serde(rename = "addressableusername", deserialize_with = "text")]
    greeting: Option<String>,
    #[serde(rename = "resourceaccountname", deserialize_with = "text")]
    resource: Option<String>,
}

impl Assignment {
    /// Whom to assign to; there must be somebody.
    fn user(&mut self) -> Result<String, GraphError> {
        let user = self.user.take().unwrap_or_default();
        if user.trim().is_empty() {
            return Err(GraphError::input("The userPrincipalName is missing."));
        }
        Ok(user)
    }
}

/// `POST …/{id}/assignUserToDevice`
pub(super) async fn assign_user(
    Registers(call): Registers,
    body: Body,
) -> Result<StatusCode, GraphError> {
    let mut sent: Assignment = body.read("an object with userPrincipalName")?;
    let change = PropertiesChange {
        user_principal_name: Some(sent.user()?),
        addressable_user_name: Some(sent.greeting.unwrap_or_default()),
        ..PropertiesChange::default()
    };
    carry_out(&call, change).await
}

/// `POST …/{id}/unassignUserFromDevice`
pub(super) async fn unassign_user(Registers(call): Registers) -> Result<StatusCode, GraphError> {
    let change = PropertiesChange {
        user_principal_name: Some(String::new()),
        addressable_user_name: Some(String::new()),
        ..PropertiesChange::default()
    };
    carry_out(&call, change).await
}

/// `POST …/{id}/updateDeviceProperties`: what is not named stays.
pub(super) async fn update(
    Registers(call): Registers,
    body: Body,
) -> Result<StatusCode, GraphError> {
    let sent: Sent = body.read("an object with properties of a device")?;
    carry_out(&call, sent.change(call.version)?).await
}

/// `POST …/{id}/assignResourceAccountToDevice`
pub(super) async fn assign_account(
    Registers(call): Registers,
    body: Body,
) -> Result<StatusCode, GraphError> {
    let mut sent: Assignment = body.read("an object with userPrincipalName")?;
    let change = PropertiesChange {
        account_upn: Some(sent.user()?),
        addressable_user_name: sent.greeting,
        resource_name: Some(sent.resource.unwrap_or_default()),
        ..PropertiesChange::default()
    };
    carry_out(&call, change).await
}

/// `POST …/{id}/unassignResourceAccountFromDevice`
pub(super) async fn unassign_account(Registers(call): Registers) -> Result<StatusCode, GraphError> {
    let change = PropertiesChange {
        account_upn: Some(String::new()),
        addressable_user_name: Some(String::new()),
        resource_name: Some(String::new()),
        ..PropertiesChange::default()
    };
    carry_out(&call, change).await
}

/// `POST …/{id}/allowNextEnrollment`
pub(super) async fn allow_enrollment(Registers(call): Registers) -> Result<StatusCode, GraphError> {
    let change = PropertiesChange {
        allow_enrollment: true,
        ..PropertiesChange::default()
    };
    carry_out(&call, change).await
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Several {
    #[serde(rename = "serialnumbers")]
    serials: Vec<String>,
}

/// `POST …/deleteDevices`: by serial number, each with what became of it.
pub(super) async fn delete_several(
    Registers(call): Registers,
    body: Body,
) -> Result<Json<Value>, GraphError> {
    let sent: Several = body.read("an object with serialNumbers")?;
    let desk = call.desk();
    let released = desk.deregister_serials(&call.caller, &sent.serials).await?;
    let item = |(serial, released): (&String, &Released)| {
        let (device, state, error) = match released {
            Released::Done(id) => (id.to_string(), "accepted", String::new()),
            Released::Not(why) => (String::new(), "failed", (*why).to_owned()),
        };
        json!({
            "serialNumber": serial,
            "deviceRegistrationId": device,
            "deletionState": state,
            "errorMessage": error,
        })
    };
    let items: Vec<_> = sent.serials.iter().zip(&released).map(item).collect();
    Ok(Json(json!({"value": items})))
}
