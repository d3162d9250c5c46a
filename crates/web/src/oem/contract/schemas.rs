//! What is sent and answered.

use serde_json::{Value, json};

use super::{count, text};

/// A line of a registration.
pub(super) fn line() -> Value {
    json!({
        "type": "object",
        "required": ["customer"],
        "properties": {
            "customer": { "type": "string", "description": "Tenant id or domain" },
            "manufacturer": text(),
            "model": text(),
            "serialNumber": text(),
            "productKeyId": { "type": "string", "description": "13 digits" },
            "groupTag": text(),
            "purchaseOrder": text(),
            "shipDate": { "type": "string", "format": "date" },
            "reference": { "type": "string", "description": "The sender's own" },
        },
        "additionalProperties": false,
    })
}

/// One that works.
pub(super) fn example_line() -> Value {
    json!({
        "customer": "harrow.example",
        "manufacturer": "Contoso",
        "model": "Book 13",
        "serialNumber": "PF0042",
        "groupTag": "Microsoft365Managed_Standard",
        "purchaseOrder": "PO-7",
        "shipDate": "2026-11-25",
        "reference": "A-1",
    })
}

/// A device that was built.
pub(super) fn built() -> Value {
    json!({
        "type": "object",
        "properties": {
            "manufacturer": text(),
            "model": text(),
            "serialNumber": text(),
            "productKeyId": text(),
            "smbiosUuid": { "type": "string", "format": "uuid" },
        },
        "additionalProperties": false,
    })
}

/// One that works.
pub(super) fn example_built() -> Value {
    json!({
        "manufacturer": "Contoso",
        "model": "Book 13",
        "serialNumber": "PF0042",
        "productKeyId": "3305123456789",
    })
}

/// A device by any of its names.
pub(super) fn named() -> Value {
    json!({
        "type": "object",
        "properties": {
            "id": { "type": "string", "format": "uuid" },
            "reference": text(),
            "productKeyId": text(),
            "manufacturer": text(),
            "model": text(),
            "serialNumber": text(),
        },
        "additionalProperties": false,
    })
}

/// What became of lines that are answered at once.
pub(super) fn answer(line: &Value) -> Value {
    json!({
        "type": "object",
        "required": ["counts", "results"],
        "properties": {
            "name": text(),
            "counts": { "type": "object", "additionalProperties": count() },
            "results": { "type": "array", "items": line },
        },
    })
}

/// A result for each of what was sent, one of these outcomes if they are known.
pub(super) fn results(outcomes: &[&str]) -> Value {
    let outcome = if outcomes.is_empty() {
        text()
    } else {
        json!({ "enum": outcomes })
    };
    json!({
        "type": "object",
        "required": ["results"],
        "properties": { "results": { "type": "array", "items": {
            "type": "object",
            "required": ["line", "outcome"],
            "properties": {
                "line": count(),
                "outcome": outcome,
                "deviceId": text(),
                "errors": { "type": "array", "items": { "$ref": "#/components/schemas/ProblemError" } },
            },
        }}},
    })
}

/// A page of a list, and where the next one begins.
pub(super) fn page(name: &str, items: &Value) -> Value {
    json!({
        "type": "object",
        "required": [name, "next"],
        "properties": {
            name: { "type": "array", "items": items },
            "next": { "type": ["string", "null"] },
        },
    })
}

/// An operation (AIP-151).
pub(super) fn operation() -> Value {
    let error = json!({
        "type": "object",
        "required": ["code", "message"],
        "properties": { "code": count(), "message": text() },
    });
    json!({
        "type": "object",
        "required": ["name", "metadata", "done"],
        "properties": {
            "name": text(),
            "metadata": {
                "type": "object",
                "required": ["state", "lines", "done", "failed", "createTime"],
                "properties": {
                    "state": text(),
                    "lines": count(),
                    "done": count(),
                    "failed": count(),
                    "createTime": text(),
                    "endTime": text(),
                    "released": count(),
                },
            },
            "done": { "type": "boolean" },
            "response": { "type": "object" },
            "error": error,
        },
    })
}
