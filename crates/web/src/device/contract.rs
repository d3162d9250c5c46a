//! What the contract says of this face.

use axum::http::Method;
use serde_json::json;

use crate::contract::{Contract, Failures, Operation};
use crate::problem::Problem;

/// Says everything.
pub(crate) fn declare(contract: &mut Contract) {
    let text = json!({ "type": "string" });
    let only = |fields: &[&str]| {
        let properties = fields.iter().map(|name| ((*name).to_owned(), text.clone()));
        json!({
            "type": "object",
            "required": fields,
            "properties": properties.collect::<serde_json::Map<_, _>>(),
            "additionalProperties": false,
        })
    };
    let body = json!({ "oneOf": [
        only(&["hardwareHash"]),
        only(&["productKey"]),
        only(&["manufacturer", "model", "serialNumber"]),
    ]});
    let example = json!({
        "manufacturer": "Contoso",
        "model": "Book 13",
        "serialNumber": "PF0042",
    });
    let profile = json!({
        "type": "object",
        "required": ["Version", "CloudAssignedOobeConfig", "CloudAssignedTenantId"],
    });
    let problem = contract.schema::<Problem>();
    let failures = Failures::default()
        .with(
            "4XX",
            "Not registered, or not readable",
            "application/problem+json",
            problem.clone(),
        )
        .with(
            "5XX",
            "Something is wrong here: try again",
            "application/problem+json",
            problem,
        );
    contract.add(
        Operation::new(
            Method::POST,
            "/device/profile",
            "Device",
            "askForProfile",
            "A device asks for its deployment profile",
        )
        .about(
            "By hardware hash; by product key id or tuple only where the operator allows it, for \
             those can be guessed.",
        )
        .body("application/json", body, example)
        .answers("200", "The profile as AutopilotConfigurationFile", profile)
        .fails(&failures),
    );
}
