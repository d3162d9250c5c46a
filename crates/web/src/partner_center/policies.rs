//! Calls 9 to 13: configuration policies (api.md 2.5).

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use registration::api_client::ApiScope;

use super::call::Call;
use super::collection::page;
use super::error::PartnerError;
use super::lenient::Body;
use super::policy::{self, Shown};
use crate::app::App;

const FORM: &str = "an object with name, category and policySettings";

/// `POST /v1/customers/{customer}/policies`
pub(super) async fn create(
    State(app): State<Arc<App>>,
    call: Call,
    body: Body,
) -> Result<Json<Shown>, PartnerError> {
    call.needs(ApiScope::ProfilesManage)?;
    let customer = call.customer()?;
    let form = policy::form(body.object(FORM)?)?;
    let (caller, request) = (&call.caller, call.request);
    let made = app
        .desk
        .make_policy(caller, customer, &form, request)
        .await?;
    Ok(Json(made.into()))
}

/// `GET /v1/customers/{customer}/policies`
pub(super) async fn list(
    State(app): State<Arc<App>>,
    call: Call,
) -> Result<Response, PartnerError> {
    call.needs(ApiScope::DevicesRead)?;
    let customer = call.customer()?;
    let found = app.desk.policies(&call.caller, customer).await?;
    let items: Vec<_> = found.into_iter().map(Shown::from).collect();
    Ok(page(
        &format!("/customers/{customer}/policies"),
        items,
        None,
    ))
}

/// `GET /v1/customers/{customer}/policies/{policy}`
pub(super) async fn one(
    State(app): State<Arc<App>>,
    call: Call,
) -> Result<Json<Shown>, PartnerError> {
    call.needs(ApiScope::DevicesRead)?;
    let (customer, id) = (call.customer()?, call.policy()?);
    let found = app.desk.policy(&call.caller, customer, id).await?;
    Ok(Json(found.into()))
}

/// `PUT /v1/customers/{customer}/policies/{policy}`: with the whole policy.
pub(super) async fn change(
    State(app): State<Arc<App>>,
    call: Call,
    body: Body,
) -> Result<Json<Shown>, PartnerError> {
    call.needs(ApiScope::ProfilesManage)?;
    let (customer, id, seen) = (call.customer()?, call.policy()?, call.seen());
    let form = policy::form_of(body.object(FORM)?, id)?;
    let (desk, caller) = (&app.desk, &call.caller);
    let changed = desk
        .change_policy(caller, customer, id, &form, seen, call.request)
        .await?;
    Ok(Json(changed.into()))
}

/// `DELETE /v1/customers/{customer}/policies/{policy}`
pub(super) async fn delete(
    State(app): State<Arc<App>>,
    call: Call,
) -> Result<Response, PartnerError> {
    call.needs(ApiScope::ProfilesManage)?;
    let (customer, id, seen) = (call.customer()?, call.policy()?, call.seen());
    app.desk
        .delete_policy(&call.caller, customer, id, seen, call.request)
        .await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
