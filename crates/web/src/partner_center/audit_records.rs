//! `GET /v1/auditrecords`: what happened, as far as it is about devices, policies and customers
//! (api.md 3).

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use registration::api_client::ApiScope;
use registration::audit::AuditLine;
use registration::clock::Timestamp;
use registration::ids::OrganizationId;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;
use service::activity::ActivityRange;
use uuid::Uuid;

use super::call::{Call, bad_token};
use super::collection::{Attributes, asked, page};
use super::customers::Filter;
use super::error::PartnerError;
use crate::app::App;

/// Records on a page.
const PAGE: usize = 500;
/// Days that are shown unless a date is given.
const DAYS: i64 = 30;

/// The words of an action: the resource's type and the operation's.
fn words(action: &str) -> Option<(&'static str, &'static str)> {
    Some(match action {
        "upload.queued" => ("device", "devices_upload_to_existing_batch_attempted"),
        "upload.finished" => ("device", "devices_update_attempted"),
        "device.retagged" | "device.policy_set" => ("device", "device_updated"),
        "device.deregistered" => ("device", "device_deleted"),
        "policy.made" => ("policy", "policy_created"),
        "policy.changed" => ("policy", "policy_updated"),
        "policy.deleted" => ("policy", "policy_deleted"),
        "consent.given" => ("customer", "add_customer"),
        "consent.revoked" | "relationship.withdrawn" => {
            ("customer", "remove_partner_customer_relationship")
        }
        _ => return None,
    })
}

/// One thing that happened.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "AuditRecord")]
pub(super) struct Record {
    id: String,
    partner_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    customer_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    customer_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_principal_name: Option<String>,
    resource_type: &'static str,
    /// JSON in a text.
    resource_new_value: String,
    operation_type: &'static str,
    original_correlation_id: String,
    operation_date: String,
    operation_status: &'static str,
    customized_data: [Pair; 1],
    attributes: Attributes,
}

/// More about it.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "AuditDetail")]
struct Pair {
    key: &'static str,
    value: String,
}

/// The other side of a line: the customer.
fn other_side(line: &AuditLine, own: OrganizationId) -> Option<(OrganizationId, &str)> {
    if line.organization_id == own {
        Some((line.concerned_id?, line.concerned.as_deref()?))
    } else {
        Some((line.organization_id, &line.organization))
    }
}

fn record(line: &AuditLine, own: OrganizationId) -> Option<Record> {
    let (resource_type, operation_type) = words(line.action)?;
    let customer = other_side(line, own);
    let ticks = line.id;
    let who = customer.map_or_else(|| own.to_string(), |(id, _)| id.to_string());
    Some(Record {
        id: format!("{own}_{who}_{operation_type}_{ticks}"),
        partner_id: own.to_string(),
        customer_id: customer.map(|(id, _)| id.to_string()),
        customer_name: customer.map(|(_, name)| name.to_owned()),
        user_principal_name: line.person.clone(),
        resource_type,
        resource_new_value: json!({"id": line.target_id, "name": line.target}).to_string(),
        operation_type,
        original_correlation_id: line.request_id.to_string(),
        operation_date: line.at.to_string(),
        operation_status: if line.done { "succeeded" } else { "failed" },
        customized_data: [Pair {
            key: "detail",
            value: line.detail.clone(),
        }],
        attributes: Attributes::of("AuditRecord"),
    })
}

/// What is asked for besides the time.
#[derive(Default)]
struct Wanted {
    company: Option<String>,
    customer: Option<OrganizationId>,
    resource: Option<String>,
}

impl Wanted {
    fn of(filter: Option<Filter>) -> Result<Self, PartnerError> {
        let mut wanted = Self::default();
        let Some(filter) = filter else {
            return Ok(wanted);
        };
        let field = filter.field.to_ascii_lowercase();
        match field.as_str() {
            "companyname" => wanted.company = Some(filter.value.to_lowercase()),
            "resourcetype" => wanted.resource = Some(filter.value.replace('_', "").to_lowercase()),
            "customerid" => {
                let id = filter.value.trim().parse();
                wanted.customer = Some(id.map_err(|_| PartnerError::customer_id())?);
            }
            _ => {
                return Err(PartnerError::property(
                    "Field",
                    "Audit records can be filtered by CompanyName, CustomerId and ResourceType.",
                ));
            }
        }
        Ok(wanted)
    }

    fn admits(&self, line: &AuditLine, own: OrganizationId) -> bool {
        let Some((resource, _)) = words(line.action) else {
            return false;
        };
        let name = other_side(line, own).map(|(_, name)| name.to_lowercase());
        self.resource
            .as_deref()
            .is_none_or(|wanted| wanted == resource)
            && self
                .company
                .as_deref()
                .is_none_or(|part| name.is_some_and(|name| name.contains(part)))
    }
}

fn date(call: &Call, name: &str) -> Result<Option<Timestamp>, PartnerError> {
    let Some(text) = call.query(name) else {
        return Ok(None);
    };
    let at = Timestamp::of_moment(text);
    at.map(Some).ok_or_else(|| {
        PartnerError::property(name, format!("The {name} must be a date, 2027-12-31."))
    })
}

/// The handler.
pub(super) async fn list(
    State(app): State<Arc<App>>,
    call: Call,
) -> Result<Response, PartnerError> {
    call.needs(ApiScope::AuditRead)?;
    let now = app.desk.now();
    let from = date(&call, "startDate")?.unwrap_or_else(|| now.plus_days(-DAYS));
    // A day without a time is meant with all of it.
    let until = date(&call, "endDate")?.map(|until| match until.0 % Timestamp::DAY {
        0 => Timestamp(until.0 + Timestamp::DAY - 1),
        _ => until,
    });
    let wanted = Wanted::of(Filter::of(&call)?)?;
    let before: Option<Uuid> = call
        .continuation()?
        .map(str::parse)
        .transpose()
        .map_err(|_| bad_token())?;
    let range = ActivityRange {
        from,
        until: until.unwrap_or(now),
        with: wanted.customer,
        before,
    };
    let own = call.caller.organization.id;
    let size = call.size(PAGE, PAGE)?;
    let found = app
        .desk
        .activity_between(&call.caller, range, size, |line| wanted.admits(line, own))
        .await?;
    let items: Vec<_> = found
        .items
        .iter()
        .filter_map(|line| record(line, own))
        .collect();
    let query = ["startDate", "endDate", "filter"].map(|name| (name, call.query(name)));
    let uri = asked(&format!("/auditrecords?size={size}"), &query);
    Ok(page(&uri, items, found.next.map(|id| id.to_string())))
}
