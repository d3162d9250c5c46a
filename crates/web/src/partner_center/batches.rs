//! Calls 1 to 4: batches of devices (api.md 2).

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use registration::api_client::ApiScope;
use registration::ids::{BatchId, OrganizationId, UploadId};
use registration::upload::Batch;
use schemars::JsonSchema;
use serde::Serialize;
use service::devices::DeviceQuery;
use service::register::{GivenBatch, GivenDevice};

use super::call::{Call, bad_token};
use super::collection::{Attributes, Link, asked, link_part, page};
use super::device::{Sent, Shown};
use super::error::PartnerError;
use super::job_status;
use super::lenient::{Body, each};
use crate::app::{App, BatchesBy};

/// Devices on a page.
const PAGE: usize = 100;

/// `POST /v1/customers/{customer}/deviceBatches`
pub(super) async fn create(
    State(app): State<Arc<App>>,
    call: Call,
    body: Body,
) -> Result<Response, PartnerError> {
    if app.partner_center.batches_by == BatchesBy::People && call.is_client_alone() {
        return Err(PartnerError::needs_a_person());
    }
    let mut sent = body.object("an object with batchId and devices")?;
    let batch = GivenBatch::Named(sent.text("batchId")?);
    let devices = sent.each("devices", Sent::read)?;
    submit(&app, &call, batch, devices).await
}

/// `POST /v1/customers/{customer}/deviceBatches/{batch}/devices`
pub(super) async fn add(
    State(app): State<Arc<App>>,
    call: Call,
    body: Body,
) -> Result<Response, PartnerError> {
    let form = "an array of devices";
    let devices = if body.is_array() {
        each(body.items(form)?, Sent::read)?
    } else {
        body.object(form)?.each("devices", Sent::read)?
    };
    let batch = GivenBatch::Existing(call.batch().to_owned());
    submit(&app, &call, batch, devices).await
}

async fn submit(
    app: &App,
    call: &Call,
    batch: GivenBatch,
    devices: Vec<Sent>,
) -> Result<Response, PartnerError> {
    call.needs(ApiScope::DevicesRegister)?;
    let customer = call.customer()?;
    let devices = devices.into_iter().map(Sent::given);
    let devices: Vec<GivenDevice> = devices.collect::<Result<_, _>>()?;
    let desk = &app.desk;
    let id = desk
        .submit(&call.caller, customer, batch, devices, call.request)
        .await?;
    Ok(accepted(customer, id))
}

/// The answer to what goes on by itself: `Location` leads to what becomes of it.
pub(super) fn accepted(customer: OrganizationId, id: UploadId) -> Response {
    let place = job_status::place(customer, id);
    let mut response = StatusCode::ACCEPTED.into_response();
    if let Ok(value) = HeaderValue::from_str(&place) {
        response.headers_mut().insert(header::LOCATION, value);
    }
    response
}

/// A batch of devices of one customer.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "DeviceBatch")]
pub(super) struct ShownBatch {
    id: String,
    created_by: String,
    creation_date: String,
    devices_count: u64,
    devices_link: Link,
    attributes: Attributes,
}

/// `GET /v1/customers/{customer}/deviceBatches`
pub(super) async fn list(
    State(app): State<Arc<App>>,
    call: Call,
) -> Result<Response, PartnerError> {
    call.needs(ApiScope::DevicesRead)?;
    let customer = call.customer()?;
    // Without a size all of them: clients look for a name among the first page.
    let size = call.size(usize::MAX, usize::MAX)?;
    let after = call.continuation()?.map(str::parse).transpose();
    let after = after.map_err(|_| bad_token())?.map(BatchId);
    let batches = app.desk.batches_for(&call.caller, customer).await?;
    let (batches, next) = behind(batches, after, size)?;
    let party = &call.caller.organization.name;
    let uri = format!("/customers/{customer}/deviceBatches");
    let shown = |batch: Batch| ShownBatch {
        devices_link: Link::get(format!("{uri}/{}/devices", link_part(&batch.name))),
        id: batch.name,
        created_by: party.clone(),
        creation_date: batch.created_at.to_string(),
        devices_count: batch.device_count,
        attributes: Attributes::of("DeviceBatch"),
    };
    let items: Vec<_> = batches.into_iter().map(shown).collect();
    let uri = asked(&uri, &[("size", call.query("size"))]);
    Ok(page(&uri, items, next.map(|id| id.to_string())))
}

/// The page of batches behind this one, at most `size`, and where it ends if there are more.
fn behind(
    mut batches: Vec<Batch>,
    after: Option<BatchId>,
    size: usize,
) -> Result<(Vec<Batch>, Option<BatchId>), PartnerError> {
    if let Some(after) = after {
        let place = batches.iter().position(|batch| batch.id == after);
        batches.drain(..=place.ok_or_else(bad_token)?);
    }
    let more = batches.len() > size;
    batches.truncate(size);
    let next = batches.last().map(|last| last.id).filter(|_| more);
    Ok((batches, next))
}

/// `GET /v1/customers/{customer}/deviceBatches/{batch}/devices`
pub(super) async fn devices(
    State(app): State<Arc<App>>,
    call: Call,
) -> Result<Response, PartnerError> {
    call.needs(ApiScope::DevicesRead)?;
    let customer = call.customer()?;
    let (desk, caller) = (&app.desk, &call.caller);
    let batch = desk.batch(caller, customer, call.batch()).await?;
    let before = call.continuation()?.map(str::parse).transpose();
    let before = before.map_err(|_| bad_token())?;
    let query = DeviceQuery {
        batch: Some(batch.id),
        ..DeviceQuery::default()
    };
    let size = call.size(PAGE, PAGE)?;
    let found = desk.devices(caller, customer, &query, before, size).await?;
    let items: Vec<_> = found.items.into_iter().map(Shown::from).collect();
    let next = found.next.map(|id| id.to_string());
    let name = link_part(&batch.name);
    let uri = format!("/customers/{customer}/deviceBatches/{name}/devices");
    let uri = asked(&uri, &[("size", call.query("size"))]);
    Ok(page(&uri, items, next))
}
