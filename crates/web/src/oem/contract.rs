//! What the contract says of this face.

use axum::http::Method;
use registration::api_client::ApiScope;
use serde_json::{Value, json};

use super::devices;
use super::object::{BUILT, LINE};
use super::operations::RESULTS;
use super::registrations::DEVICE;
use super::results::ShownLine;
use crate::contract::{Contract, Failures, Operation};
use crate::problem::{Problem, ProblemError};

const TAG: &str = "OEM";

/// Says everything.
pub(crate) fn declare(contract: &mut Contract) {
    let problem = contract.schema::<Problem>();
    let kind = "application/problem+json";
    let failures = Failures::default()
        .with(
            "4XX",
            "Something sent is wrong, or not allowed",
            kind,
            problem.clone(),
        )
        .with("5XX", "Something is wrong here: try again", kind, problem);
    let mut all = registrations(contract);
    all.extend(operations(contract));
    all.extend(questions(contract));
    for operation in all {
        contract.add(operation.fails(&failures));
    }
}

fn call(
    method: Method,
    path: &'static str,
    id: &'static str,
    summary: &'static str,
    scope: ApiScope,
) -> Operation {
    Operation::new(method, path, TAG, id, summary).needs(scope)
}

/// An object whose properties are all text.
fn texts(names: &[&str]) -> Value {
    let text = json!({ "type": "string" });
    let properties = names.iter().map(|name| ((*name).to_owned(), text.clone()));
    let properties: serde_json::Map<_, _> = properties.collect();
    json!({ "type": "object", "properties": properties })
}

/// An object around a list.
fn list_of(name: &str, items: &Value) -> Value {
    json!({
        "type": "object",
        "required": [name],
        "properties": { name: { "type": "array", "items": items } },
    })
}

/// What is answered line by line, by an outcome each.
fn outcomes(contract: &mut Contract) -> Value {
    let error = contract.schema::<ProblemError>();
    let one = json!({
        "type": "object",
        "required": ["line", "outcome"],
        "properties": {
            "line": { "type": "integer" },
            "outcome": { "type": "string" },
            "deviceId": { "type": "string" },
            "errors": { "type": "array", "items": error },
        },
    });
    list_of("results", &one)
}

fn counts() -> Value {
    json!({ "type": "object", "additionalProperties": { "type": "integer" } })
}

fn operation() -> Value {
    let number = json!({ "type": "integer" });
    json!({
        "type": "object",
        "required": ["name", "metadata", "done"],
        "properties": {
            "name": { "type": "string" },
            "done": { "type": "boolean" },
            "metadata": {
                "type": "object",
                "required": ["state", "lines", "done", "failed", "createTime"],
                "properties": {
                    "state": { "type": "string" },
                    "lines": number, "done": number, "failed": number, "released": number,
                    "counts": counts(),
                    "createTime": { "type": "string", "format": "date-time" },
                    "endTime": { "type": "string", "format": "date-time" },
                },
            },
            "response": { "type": "object", "properties": { "counts": counts() } },
            "error": {
                "type": "object",
                "required": ["code", "message"],
                "properties": { "code": number, "message": { "type": "string" } },
            },
        },
    })
}

fn registrations(contract: &mut Contract) -> Vec<Operation> {
    let register = ApiScope::DevicesRegister;
    let mut lines = list_of("lines", &texts(&LINE[..LINE.len() - 1]));
    lines["properties"]["allOrNothing"] = json!({ "type": "boolean" });
    let example = json!({ "lines": [{
        "customer": "harrow.example",
        "manufacturer": "Contoso",
        "model": "Book 13",
        "serialNumber": "0042",
        "groupTag": "Microsoft365Managed_Standard",
        "purchaseOrder": "PO-4711",
        "shipDate": "2026-11-30",
        "reference": "C-0042",
    }]});
    let line = contract.schema::<ShownLine>();
    let mut results = list_of("results", &line);
    results["properties"]["name"] = json!({ "type": "string" });
    results["properties"]["counts"] = counts();
    let post = |path, id, summary| call(Method::POST, path, id, summary, register);
    vec![
        post(
            "/oem/v1/registrations",
            "registerLines",
            "Register devices, each line for its own customer",
        )
        .about(
            "As JSON or NDJSON (application/x-ndjson), packed with gzip or zstd if you like. More \
             than 1,000 lines become an operation.",
        )
        .query(
            "allOrNothing",
            "Register all lines or none",
            json!({ "type": "boolean" }),
        )
        .header(
            "Idempotency-Key",
            "Knows the request again: sent twice it has one effect and one answer",
            json!({ "type": "string", "minLength": 1, "maxLength": 255 }),
        )
        .body("application/json", lines.clone(), example.clone())
        .answers("200", "A result for each line, in order", results.clone())
        .answers("202", "The operation that they became", operation()),
        post(
            "/oem/v1/registrations:validate",
            "validateLines",
            "What would happen if these lines were sent",
        )
        .about("At most 1,000 lines, with the answers that sending them would have.")
        .query(
            "allOrNothing",
            "Register all lines or none",
            json!({ "type": "boolean" }),
        )
        .body("application/json", lines, example)
        .answers("200", "A result for each line, in order", results),
        post(
            "/oem/v1/registrations:deregister",
            "deregisterDevices",
            "Release devices",
        )
        .body(
            "application/json",
            list_of("devices", &texts(&DEVICE)),
            json!({ "devices": [{ "reference": "C-0042" }] }),
        )
        .answers("200", "What became of each", outcomes(contract)),
    ]
}

fn operations(contract: &mut Contract) -> Vec<Operation> {
    const ONE: &str = "/oem/v1/operations/{operation}";
    let read = ApiScope::DevicesRead;
    let number = json!({ "type": "integer", "minimum": 0 });
    let get = |path, id, summary| call(Method::GET, path, id, summary, read);
    let mut listed = list_of("operations", &operation());
    listed["properties"]["next"] = json!({ "type": ["string", "null"] });
    let released = json!({ "type": "object", "properties": {
        "wouldRelease": { "type": "integer" },
        "customers": { "type": "array" },
    }});
    vec![
        paged(get(
            "/oem/v1/operations",
            "listOperations",
            "Operations, newest first",
        ))
        .answers("200", "A page of them", listed),
        get(ONE, "readOperation", "Where an operation stands").answers(
            "200",
            "The operation (AIP-151)",
            operation(),
        ),
        call(
            Method::POST,
            ONE,
            "actOnOperation",
            "Cancel an operation, or void it",
            ApiScope::DevicesRegister,
        )
        .place(
            "operation",
            "Its id, then :cancel or :void",
            json!({ "type": "string" }),
        )
        .query(
            "preview",
            "With :void: say what would be released, and do nothing",
            json!({ "type": "boolean" }),
        )
        .answers(
            "200",
            "The cancelled operation, or what voiding would release",
            json!({ "anyOf": [operation(), released] }),
        )
        .answers("202", "It is being voided", operation()),
        get(
            "/oem/v1/operations/{operation}/results",
            "readResults",
            "What became of the lines, in order, as far as it is known",
        )
        .query(
            "after",
            "The last line that is known already",
            number.clone(),
        )
        .query(
            "offset",
            "The same: lines to leave out from the beginning",
            number,
        )
        .query(
            "failed",
            "Those that failed alone",
            json!({ "type": "boolean" }),
        )
        .query(
            "limit",
            "At most so many",
            json!({ "type": "integer", "minimum": 1, "maximum": RESULTS }),
        )
        .answers_as(
            "200",
            "One of these a line",
            "application/x-ndjson",
            contract.schema::<ShownLine>(),
        ),
    ]
}

fn questions(contract: &mut Contract) -> Vec<Operation> {
    let read = ApiScope::DevicesRead;
    let text = json!({ "type": "string" });
    let mut found = list_of("devices", &contract.schema::<devices::Shown>());
    found["properties"]["next"] = json!({ "type": ["string", "null"] });
    let mut find = paged(call(
        Method::GET,
        "/oem/v1/devices",
        "findDevices",
        "Devices you registered, by what you know them by",
        read,
    ));
    for name in DEVICE {
        find = find.query(
            name,
            "One of these, or the tuple; of several all must fit",
            text.clone(),
        );
    }
    let consent = json!({
        "type": "object",
        "required": ["customer", "active"],
        "properties": {
            "customer": text, "tenantId": text, "domain": text,
            "active": { "type": "boolean" },
        },
    });
    vec![
        find.query("purchaseOrder", "All devices of an order", text.clone())
            .answers("200", "A page of them", found),
        call(
            Method::POST,
            "/oem/v1/consents:check",
            "checkConsents",
            "Which customers consent now",
            read,
        )
        .body(
            "application/json",
            list_of("customers", &text),
            json!({ "customers": ["harrow.example"] }),
        )
        .answers(
            "200",
            "An answer for each, in order",
            list_of("consents", &consent),
        ),
        call(
            Method::POST,
            "/oem/v1/directory/devices",
            "reportDevices",
            "Report devices you built",
            ApiScope::DirectoryReport,
        )
        .body(
            "application/json",
            list_of("devices", &texts(&BUILT)),
            json!({ "devices": [{
                "manufacturer": "Contoso",
                "model": "Book 13",
                "serialNumber": "0043",
                "productKeyId": "3305612345678",
            }]}),
        )
        .answers("200", "What became of each", outcomes(contract)),
    ]
}

fn paged(operation: Operation) -> Operation {
    operation
        .query(
            "limit",
            "Items on a page",
            json!({ "type": "integer", "minimum": 1, "maximum": 1000 }),
        )
        .query(
            "before",
            "Where the page before ended: its next",
            json!({ "type": "string", "format": "uuid" }),
        )
}
