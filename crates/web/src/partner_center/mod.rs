//! The Partner Center-compatible API: `/v1/…`, to the letter of api.md sections 1 to 3. A file a
//! family of calls; what clients may write differently is understood here and goes no further.

mod audit_records;
mod batches;
mod byte_order_mark;
mod call;
mod collection;
pub(crate) mod contract;
mod customers;
mod device;
mod devices;
mod error;
mod filter;
mod headers;
mod job_status;
mod lenient;
mod policies;
mod policy;

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::Method;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use tower::ServiceExt as _;

use self::error::PartnerError;
pub(crate) use self::lenient::BODY_BYTES;
use crate::app::App;
use crate::paths;
use crate::routes::Routes;

const BATCHES: &str = "/v1/customers/{customer}/deviceBatches";
const DEVICES: &str = "/v1/customers/{customer}/deviceBatches/{batch}/devices";
const DEVICE: &str = "/v1/customers/{customer}/deviceBatches/{batch}/devices/{device}";
const STATUS: &str = "/v1/customers/{customer}/batchJobStatus/{tracking}";
const UPDATES: &str = "/v1/customers/{customer}/DevicePolicyUpdates";
const POLICIES: &str = "/v1/customers/{customer}/policies";
const POLICY: &str = "/v1/customers/{customer}/policies/{policy}";
const CUSTOMERS: &str = "/v1/customers";
const CUSTOMER: &str = "/v1/customers/{customer}";
const REQUESTS: &str = "/v1/customers/relationshiprequests";
const AGREEMENTS: &str = "/v1/customers/{customer}/agreements";
const DIRECT_SIGNED: &str = "/v1/customers/{customer}/directSignedMicrosoftCustomerAgreementStatus";
const RECORDS: &str = "/v1/auditrecords";

/// Every address.
const PATTERNS: [&str; 13] = [
    BATCHES,
    DEVICES,
    DEVICE,
    STATUS,
    UPDATES,
    POLICIES,
    POLICY,
    CUSTOMERS,
    CUSTOMER,
    REQUESTS,
    AGREEMENTS,
    DIRECT_SIGNED,
    RECORDS,
];

/// The calls.
pub(crate) fn routes(routes: Routes) -> Routes {
    routes
        .partner(Method::POST, BATCHES, batches::create)
        .partner(Method::GET, BATCHES, batches::list)
        .partner(Method::POST, DEVICES, batches::add)
        .partner(Method::GET, DEVICES, batches::devices)
        .partner(Method::GET, STATUS, job_status::status)
        .partner(Method::PATCH, UPDATES, devices::update_policies)
        .partner(Method::GET, DEVICE, devices::one)
        .partner(Method::PUT, DEVICE, devices::change_device)
        .partner(Method::PATCH, DEVICE, devices::change_device)
        .partner(Method::DELETE, DEVICE, devices::delete_device)
        .partner(Method::POST, POLICIES, policies::create)
        .partner(Method::GET, POLICIES, policies::list)
        .partner(Method::GET, POLICY, policies::one)
        .partner(Method::PUT, POLICY, policies::change)
        .partner(Method::DELETE, POLICY, policies::delete)
        .partner(Method::GET, CUSTOMERS, customers::list)
        .partner(Method::GET, CUSTOMER, customers::one)
        .partner(Method::PATCH, CUSTOMER, customers::withdraw)
        .partner(Method::GET, REQUESTS, customers::relationship_request)
        .partner(Method::GET, AGREEMENTS, customers::agreements)
        .partner(Method::GET, DIRECT_SIGNED, customers::direct_signed)
        .partner(Method::GET, RECORDS, audit_records::list)
}

/// The router of the calls with what every answer of theirs has.
pub(crate) fn layered(router: Router<Arc<App>>, app: &Arc<App>) -> Router<Arc<App>> {
    let mut router = router
        .method_not_allowed_fallback(async || PartnerError::method())
        .layer(DefaultBodyLimit::max(BODY_BYTES));
    if app.partner_center.byte_order_mark {
        router = router.layer(from_fn(byte_order_mark::put_in_front));
    }
    router.layer(from_fn_with_state(Arc::clone(app), headers::echo))
}

/// Whether an address is one of this face, whatever is behind `/v1`.
pub(crate) fn is_ours(path: &str) -> bool {
    paths::begins_with(path, &["v1"])
}

/// What has no route as it is written: once more with the words as they are written here. `None`
/// where it is none of this face's.
pub(crate) async fn again(router: Router, app: Arc<App>, mut request: Request) -> Option<Response> {
    let path = request.uri().path();
    if !is_ours(path) {
        return None;
    }
    let written = paths::canonical(path, &PATTERNS);
    let unknown = async || PartnerError::no_such_call().into_response();
    let Some(written) = written.filter(|written| written != path) else {
        let router = Router::new().fallback(unknown);
        return Some(answer(layered(router, &app).with_state(app), request).await);
    };
    paths::readdress(&mut request, &written)?;
    Some(answer(router, request).await)
}

async fn answer(router: Router, request: Request) -> Response {
    let answered = router.oneshot(request).await;
    answered.unwrap_or_else(|never| match never {})
}
