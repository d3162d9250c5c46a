//! What the contract says of this face.

use axum::http::Method;
use serde_json::{Value, json};

use crate::contract::{Contract, Failures, Operation};

mod authorize;

const TAG: &str = "Tokens";
const FORM: &str = "application/x-www-form-urlencoded";
/// What stands for the organization in an address.
const TENANT: &str = "The organization: its id, a domain of it, or common";

/// Says everything.
pub(crate) fn declare(contract: &mut Contract) {
    for operation in authorize::operations() {
        contract.add(operation);
    }
    let refusals = refusals();
    for operation in tokens()
        .into_iter()
        .chain([device_code()])
        .chain(discovery())
    {
        contract.add(operation.fails(&refusals));
    }
}

fn text() -> Value {
    json!({ "type": "string" })
}

fn object(required: &[&str], properties: impl Into<Value>) -> Value {
    let properties: Value = properties.into();
    json!({ "type": "object", "required": required, "properties": properties })
}

fn refusals() -> Failures {
    let refusal = object(
        &[
            "error",
            "error_description",
            "error_codes",
            "timestamp",
            "trace_id",
            "correlation_id",
            "error_uri",
        ],
        json!({
            "error": text(),
            "error_description": text(),
            "error_codes": { "type": "array", "items": { "type": "integer" } },
            "timestamp": text(),
            "trace_id": text(),
            "correlation_id": text(),
            "error_uri": text(),
        }),
    );
    Failures::default()
        .with(
            "4XX",
            "No token, and why",
            "application/json",
            refusal.clone(),
        )
        .with(
            "5XX",
            "Something is wrong here: try again",
            "application/json",
            refusal,
        )
}

fn tokens() -> [Operation; 2] {
    let fields = |asks: &str| {
        object(
            &["grant_type"],
            json!({
                "grant_type": text(),
                "client_id": text(),
                "client_secret": text(),
                "client_assertion": text(),
                "client_assertion_type": text(),
                "code": text(),
                "code_verifier": text(),
                "redirect_uri": text(),
                "refresh_token": text(),
                "device_code": text(),
                "client_info": text(),
                asks: text(),
            }),
        )
    };
    let example = |asks: &str, what: &str| {
        json!({
            "grant_type": "client_credentials",
            "client_id": "01a22ed8-a8c4-74e0-8c4d-7b4dcef056d4",
            "client_secret": "SECRET",
            asks: what,
        })
    };
    let number = json!({ "type": "integer" });
    let given = |count: &Value| {
        object(
            &["token_type", "expires_in", "ext_expires_in", "access_token"],
            json!({
                "token_type": { "const": "Bearer" },
                "expires_in": count,
                "ext_expires_in": count,
                "access_token": text(),
                "scope": text(),
                "refresh_token": text(),
                "id_token": text(),
                "client_info": text(),
            }),
        )
    };
    let token = |path, id, summary| {
        Operation::new(Method::POST, path, TAG, id, summary).place("tenant", TENANT, text())
    };
    [
        token(
            "/{tenant}/oauth2/v2.0/token",
            "giveToken",
            "A token for scopes",
        )
        .body(FORM, fields("scope"), example("scope", ".default"))
        .answers("200", "The token", given(&number)),
        token(
            "/{tenant}/oauth2/token",
            "giveTokenV1",
            "A token for a resource; numbers are strings",
        )
        .body(
            FORM,
            fields("resource"),
            example("resource", "https://graph.windows.net"),
        )
        .answers("200", "The token", given(&text())),
    ]
}

fn device_code() -> Operation {
    let number = json!({ "type": "integer" });
    let begun = object(
        &[
            "device_code",
            "user_code",
            "verification_uri",
            "expires_in",
            "interval",
            "message",
        ],
        json!({
            "device_code": text(),
            "user_code": text(),
            "verification_uri": text(),
            "expires_in": number,
            "interval": number,
            "message": text(),
        }),
    );
    let asks = object(
        &["client_id", "scope"],
        json!({ "client_id": text(), "scope": text() }),
    );
    let example = json!({
        "client_id": "01a22ed8-a8c4-74e0-8c4d-7b4dcef056d4",
        "scope": ".default offline_access",
    });
    Operation::new(
        Method::POST,
        "/{tenant}/oauth2/v2.0/devicecode",
        TAG,
        "beginDeviceCode",
        "A code for a person to type in, for programs without a browser",
    )
    .place("tenant", TENANT, text())
    .body(FORM, asks, example)
    .answers("200", "What to show and what to poll with", begun)
}

fn discovery() -> Vec<Operation> {
    let configuration = object(
        &[
            "issuer",
            "authorization_endpoint",
            "token_endpoint",
            "jwks_uri",
        ],
        json!({
            "issuer": text(),
            "authorization_endpoint": text(),
            "token_endpoint": text(),
            "device_authorization_endpoint": text(),
            "jwks_uri": text(),
        }),
    );
    let keys = object(&["keys"], json!({ "keys": { "type": "array" } }));
    let instance = object(
        &["tenant_discovery_endpoint", "api-version", "metadata"],
        json!({ "tenant_discovery_endpoint": text(), "metadata": { "type": "array" } }),
    );
    let read = |path, id, summary, schema: &Value| {
        Operation::new(Method::GET, path, TAG, id, summary).answers(
            "200",
            "The document",
            schema.clone(),
        )
    };
    vec![
        read(
            "/{tenant}/v2.0/.well-known/openid-configuration",
            "readConfiguration",
            "The OpenID configuration",
            &configuration,
        ),
        read(
            "/{tenant}/.well-known/openid-configuration",
            "readConfigurationV1",
            "The OpenID configuration of version 1",
            &configuration,
        ),
        read(
            "/{tenant}/discovery/v2.0/keys",
            "readKeys",
            "The keys that tokens are signed with",
            &keys,
        ),
        read(
            "/{tenant}/discovery/keys",
            "readKeysV1",
            "The same, where version 1 has them",
            &keys,
        ),
        read(
            "/common/discovery/instance",
            "readInstance",
            "That this service knows no other host",
            &instance,
        ),
    ]
}
