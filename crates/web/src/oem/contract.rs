//! What the contract says of this face.

mod schemas;

use axum::http::Method;
use registration::api_client::ApiScope;
use serde_json::{Value, json};

use super::devices;
use super::results::ShownLine;
use crate::contract::{Contract, Failures, Operation};
use crate::problem::Problem;

const TAG: &str = "OEM";
const JSON: &str = "application/json";

/// Says everything.
pub(crate) fn declare(contract: &mut Contract) {
    let problem = contract.schema::<Problem>();
    let kind = "application/problem+json";
    let wrong = "Something sent is wrong, or not allowed";
    let failures = Failures::default()
        .with("4XX", wrong, kind, problem.clone())
        .with(
            "429",
            "Too many calls: wait as long as Retry-After says",
            kind,
            problem.clone(),
        )
        .with("5XX", "Something is wrong here: try again", kind, problem);
    let mut all = of_registrations(contract);
    all.extend(of_operations());
    all.extend(of_devices(contract));
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

fn text() -> Value {
    json!({ "type": "string" })
}

fn count() -> Value {
    json!({ "type": "integer", "minimum": 0 })
}

fn list(name: &str, items: &Value) -> Value {
    let items = json!({ "type": "array", "items": items });
    json!({ "type": "object", "required": [name], "properties": { name: items } })
}

fn of_registrations(contract: &mut Contract) -> Vec<Operation> {
    let register = ApiScope::DevicesRegister;
    let mut lines = list("lines", &schemas::line());
    lines["properties"]["allOrNothing"] = json!({ "type": "boolean" });
    let example = json!({ "lines": [schemas::example_line()] });
    let answer = schemas::answer(&contract.schema::<ShownLine>());
    let devices = list("devices", &schemas::named());
    let released = json!({ "devices": [{ "reference": "A-1" }] });
    vec![
        call(
            Method::POST,
            "/oem/v1/registrations",
            "registerLines",
            "Register devices, each line for its own customer",
            register,
        )
        .about(
            "Up to 1,000 lines are answered at once, more become an operation. The body may be \
                 NDJSON (application/x-ndjson), a line an object, and packed with gzip or zstd.",
        )
        .query(
            "allOrNothing",
            "Register all lines or none; up to 1,000",
            json!({ "type": "boolean" }),
        )
        .header(
            "Idempotency-Key",
            "Knows the request again for 400 days: sent twice it has one effect and one answer",
            text(),
        )
        .body(JSON, lines.clone(), example.clone())
        .answers("200", "What became of each line", answer.clone())
        .answers(
            "202",
            "An operation; Location leads to it",
            schemas::operation(),
        ),
        call(
            Method::POST,
            "/oem/v1/registrations:validate",
            "validateLines",
            "What would become of lines, without doing it",
            register,
        )
        .body(JSON, lines, example)
        .answers("200", "What would become of each line", answer),
        call(
            Method::POST,
            "/oem/v1/registrations:deregister",
            "deregisterDevices",
            "Release devices that one registered",
            register,
        )
        .body(JSON, devices, released)
        .answers(
            "200",
            "What became of each",
            schemas::results(&["deregistered", "not_registered", "ambiguous", "invalid"]),
        ),
    ]
}

fn of_operations() -> Vec<Operation> {
    let read = ApiScope::DevicesRead;
    let operation = schemas::operation();
    let place = |operation: Operation| {
        operation.place(
            "operation",
            "The operation's id; for an act with :cancel or :void behind it",
            text(),
        )
    };
    let flag = json!({ "type": "boolean" });
    vec![
        call(Method::GET, "/oem/v1/operations", "listOperations", "One's operations, the newest first", read)
            .query("limit", "Operations on a page, 1,000 at most", count())
            .query("before", "Where the page before ended: its next", text())
            .answers("200", "A page of them", schemas::page("operations", &operation)),
        place(call(Method::GET, "/oem/v1/operations/{operation}", "readOperation", "Where an operation stands", read))
            .answers("200", "The operation", operation.clone()),
        place(call(Method::POST, "/oem/v1/operations/{operation}", "actOnOperation", "Cancel or void an operation", ApiScope::DevicesRegister))
            .about(":cancel ends it; what is registered stays. :void releases what it registered; with preview=true it says how much that would be.")
            .query("preview", "Only say what :void would release", flag.clone())
            .answers("200", "The operation, or what would be released", json!({ "type": "object" }))
            .answers("202", "The operation, being voided", operation),
        place(call(Method::GET, "/oem/v1/operations/{operation}/results", "readResults", "What became of lines, in input order", read))
            .query("after", "Begin behind this line", count())
            .query("failed", "Only lines that failed", flag)
            .query("limit", "Lines in one answer, 10,000 at most", count())
            .answers_as("200", "A line of JSON for each line that has its result; Link leads on", "application/x-ndjson", text()),
    ]
}

fn of_devices(contract: &mut Contract) -> Vec<Operation> {
    let read = ApiScope::DevicesRead;
    let customers = list("customers", &text());
    let consent = json!({
        "type": "object",
        "required": ["customer", "active"],
        "properties": { "customer": text(), "active": { "type": "boolean" }, "tenantId": text(), "domain": text() },
    });
    let built = list("devices", &schemas::built());
    let find = call(
        Method::GET,
        "/oem/v1/devices",
        "findDevices",
        "Devices that one registered, by what one knows them by",
        read,
    )
    .about(
        "By one of reference, purchaseOrder, productKeyId, serialNumber, id, or the whole tuple.",
    );
    let names = [
        "id",
        "reference",
        "purchaseOrder",
        "productKeyId",
        "manufacturer",
        "model",
        "serialNumber",
        "before",
    ];
    let find = names
        .iter()
        .fold(find, |find, name| find.query(name, "Exactly this", text()));
    vec![
        find.query("limit", "Devices on a page, 1,000 at most", count())
            .answers(
                "200",
                "A page of them",
                schemas::page("devices", &contract.schema::<devices::Shown>()),
            ),
        call(
            Method::POST,
            "/oem/v1/consents:check",
            "checkConsents",
            "Which customers consent",
            read,
        )
        .body(JSON, customers, json!({ "customers": ["harrow.example"] }))
        .answers(
            "200",
            "Each in turn; who does not consent and who is not there look alike",
            list("consents", &consent),
        ),
        call(
            Method::POST,
            "/oem/v1/directory/devices",
            "reportBuilt",
            "Report built devices into the device directory",
            ApiScope::DirectoryReport,
        )
        .body(
            JSON,
            built,
            json!({ "devices": [schemas::example_built()] }),
        )
        .answers("200", "What became of each", schemas::results(&[])),
    ]
}
