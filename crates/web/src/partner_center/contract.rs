//! What the contract says of this face.

mod customers;
mod devices;
mod policies;

use axum::http::Method;
use registration::api_client::ApiScope;
use serde_json::{Value, json};

use super::error::{Body, Throttled};
use crate::contract::{Contract, Failures, Operation};

const TAG: &str = "Partner Center";

/// Says everything.
pub(crate) fn declare(contract: &mut Contract) {
    let failures = Failures::default()
        .with(
            "4XX",
            "Something sent is wrong, or not allowed",
            "application/json",
            contract.schema::<Body<'_>>(),
        )
        .with(
            "429",
            "Too many calls: wait as long as Retry-After says",
            "application/json",
            contract.schema::<Throttled>(),
        )
        .with(
            "5XX",
            "Something is wrong here: try again",
            "application/json",
            contract.schema::<Body<'_>>(),
        );
    let mut all = devices::of_batches(contract);
    all.extend(devices::of_devices(contract));
    all.extend(policies::declare(contract));
    all.extend(customers::declare(contract));
    for operation in all {
        contract.add(with_headers(operation).fails(&failures));
    }
}

fn call(
    method: Method,
    path: &'static str,
    id: &'static str,
    summary: &'static str,
    scope: ApiScope,
) -> Operation {
    let operation = Operation::new(method, path, TAG, id, summary).needs(scope);
    if path.contains("{customer}") {
        operation.place("customer", "The customer's tenant id", guid())
    } else {
        operation
    }
}

fn with_headers(operation: Operation) -> Operation {
    operation
        .header(
            "MS-RequestId",
            "Knows the request again: sent twice it has one effect and one answer",
            guid(),
        )
        .header("MS-CorrelationId", "Groups calls", guid())
}

fn guid() -> Value {
    json!({ "type": "string", "format": "uuid" })
}

fn text() -> Value {
    json!({ "type": "string" })
}

fn paged(operation: Operation) -> Operation {
    operation
        .query(
            "size",
            "Items on a page",
            json!({ "type": "integer", "minimum": 0 }),
        )
        .query(
            "seekOperation",
            "Next goes on behind MS-ContinuationToken",
            json!({ "enum": ["First", "Next"] }),
        )
        .header(
            "MS-ContinuationToken",
            "Where the page before ended",
            text(),
        )
}
