//! Configuration policies.

use axum::http::Method;
use registration::api_client::ApiScope;
use registration::policy::PolicySetting;
use serde_json::json;

use super::{call, guid, text};
use crate::contract::{Contract, Operation};
use crate::partner_center::collection::Collection;
use crate::partner_center::{POLICIES, POLICY, policy};

pub(super) fn declare(contract: &mut Contract) -> Vec<Operation> {
    let words: Vec<_> = PolicySetting::ALL.iter().map(|one| one.as_str()).collect();
    let schema = json!({
        "type": "object",
        "required": ["name"],
        "properties": {
            "name": text(),
            "category": { "const": "o_o_b_e" },
            "description": text(),
            "policySettings": { "type": "array", "items": { "enum": words } },
        },
    });
    let example = json!({
        "name": "Quiet start",
        "category": "o_o_b_e",
        "policySettings": ["skip_eula", "skip_express_settings"],
    });
    let shown = contract.schema::<policy::Shown>();
    let manage = ApiScope::ProfilesManage;
    let versioned = |method, name, summary, scope| {
        call(method, POLICY, name, summary, scope)
            .place("policy", "The policy's id", guid())
            .header("If-Match", "The version that the client saw: \"3\"", text())
    };
    vec![
        call(
            Method::POST,
            POLICIES,
            "createPolicy",
            "Make a configuration policy",
            manage,
        )
        .body("application/json", schema.clone(), example.clone())
        .answers("200", "The policy", shown.clone()),
        call(
            Method::GET,
            POLICIES,
            "listPolicies",
            "The configuration policies of a customer",
            ApiScope::DevicesRead,
        )
        .answers(
            "200",
            "All of them",
            contract.schema::<Collection<policy::Shown>>(),
        ),
        versioned(
            Method::GET,
            "readPolicy",
            "One configuration policy",
            ApiScope::DevicesRead,
        )
        .answers("200", "The policy", shown.clone()),
        versioned(
            Method::PUT,
            "changePolicy",
            "Change a configuration policy",
            manage,
        )
        .body("application/json", schema, example)
        .answers("200", "The policy", shown),
        versioned(
            Method::DELETE,
            "deletePolicy",
            "Delete a configuration policy",
            manage,
        )
        .done("204", "It is gone", None),
    ]
}
