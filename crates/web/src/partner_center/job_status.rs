//! Call 5: what became of a submission, device by device (api.md 2.3, 2.4).

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use registration::api_client::ApiScope;
use registration::ids::{OrganizationId, UploadId};
use registration::upload::UploadStatus;
use schemars::JsonSchema;
use serde::Serialize;
use service::tracked::{Reason, Tracked, TrackedDevice};

use super::call::Call;
use super::collection::{Attributes, Links};
use super::error::PartnerError;
use crate::app::App;

/// Where it can be read: relative and without `/v1`, since clients take the tracking id from its
/// fourth part, or put `/v1/` in front.
pub(super) fn place(customer: OrganizationId, id: UploadId) -> String {
    format!("/customers/{customer}/batchJobStatus/{id}")
}

/// What became of a submission.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "BatchUploadDetails")]
pub(super) struct Details {
    batch_tracking_id: String,
    status: &'static str,
    started_time: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    completed_time: Option<String>,
    devices_status: Vec<DeviceDetails>,
    links: Links,
    attributes: Attributes,
}

/// What became of one device; in the order in which they were sent.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "DeviceUploadDetails")]
struct DeviceDetails {
    #[serde(skip_serializing_if = "Option::is_none")]
    device_id: Option<String>,
    #[serde(skip_serializing_if = "String::is_empty")]
    serial_number: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    product_key: String,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_description: Option<String>,
    attributes: DeviceAttributes,
}

/// What the original does not say of a device that failed: clients that know nothing of it pass
/// over it.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "DeviceUploadAttributes")]
struct DeviceAttributes {
    object_type: &'static str,
    /// The finding's code, `EN0406`, or the outcome's word, `registered_elsewhere`.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// What is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    cause: Option<String>,
    /// What to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    remedy: Option<String>,
}

/// `GET /v1/customers/{customer}/batchJobStatus/{tracking}`
pub(super) async fn status(
    State(app): State<Arc<App>>,
    call: Call,
) -> Result<Response, PartnerError> {
    call.needs(ApiScope::DevicesRead)?;
    let (customer, id) = (call.customer()?, call.tracking()?);
    let tracked = app.desk.tracked(&call.caller, customer, id).await?;
    Ok(Json(Details::of(customer, tracked)).into_response())
}

impl Details {
    fn of(customer: OrganizationId, tracked: Tracked) -> Self {
        let waiting = if tracked.status == UploadStatus::Queued {
            UploadStatus::Queued
        } else {
            UploadStatus::Processing
        };
        let devices = tracked.devices.into_iter();
        Self {
            links: Links::own(place(customer, tracked.id)),
            batch_tracking_id: tracked.id.to_string(),
            status: tracked.status.as_str(),
            started_time: tracked.started_at.to_string(),
            completed_time: tracked.completed_at.map(|at| at.to_string()),
            devices_status: devices.map(|one| of_device(one, waiting)).collect(),
            attributes: Attributes::of("BatchUploadDetails"),
        }
    }
}

fn of_device(device: TrackedDevice, waiting: UploadStatus) -> DeviceDetails {
    let status = match &device.fate {
        None => waiting,
        Some(fate) if fate.failed => UploadStatus::FinishedWithErrors,
        Some(_) => UploadStatus::Finished,
    };
    let (error_code, error_description, reason) = device.fate.map_or((None, None, None), |fate| {
        (fate.code, fate.name, fate.reason)
    });
    DeviceDetails {
        device_id: device.id,
        serial_number: device.serial,
        product_key: device.pkid,
        status: status.as_str(),
        error_code,
        error_description,
        attributes: reason.into(),
    }
}

impl From<Option<Reason>> for DeviceAttributes {
    fn from(reason: Option<Reason>) -> Self {
        let mut attributes = Self {
            object_type: "DeviceUploadDetails",
            reason: None,
            cause: None,
            remedy: None,
        };
        if let Some(reason) = reason {
            attributes.reason = Some(reason.code);
            attributes.cause = Some(reason.cause);
            attributes.remedy = Some(reason.remedy);
        }
        attributes
    }
}
