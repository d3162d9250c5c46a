//! `GET /v1/auditrecords`: what happened, as far as it is about devices, policies and customers
//! (api.md 3).

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use registration::api_client::ApiScope;
use registration::audit::{AuditLine, NEW_BATCH};
use registration::clock::Timestamp;
use registration::ids::OrganizationId;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;
use service::activity::ActivityRange;
use uuid::Uuid;

use super::call::{Call, bad_token};
use super::collection::{Attributes, asked, page};
use super::error::PartnerError;
use super::filter::Filter;
use crate::app::App;

/// Records on a page.
const PAGE: usize = 500;
/// Days that are shown unless a date is given.
const DAYS: i64 = 30;

/// The words of an action: the resource's type and the operation's.
fn words(line: &AuditLine) -> Option<(&'static str, &'static str)> {
    Some(match line.action {
        "upload.queued" if line.detail.ends_with(NEW_BATCH) => {
            ("device", "devices_upload_to_new_batch_attempted")
        }
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
    /// The API client that acted, for itself or in the person's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    application_id: Option<String>,
    resource_type: &'static str,
    /// What is gone: JSON in a text.
    #[serde(skip_serializing_if = "Option::is_none")]
    resource_old_value: Option<String>,
    /// What there is now: JSON in a text.
    #[serde(skip_serializing_if = "Option::is_none")]
    resource_new_value: Option<String>,
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
    let (resource_type, operation_type) = words(line)?;
    let customer = other_side(line, own);
    let value = json!({"id": line.target_id, "name": line.target}).to_string();
    let is_gone = matches!(line.action, "device.deregistered" | "policy.deleted");
    let (old, new) = if is_gone {
        (Some(value), None)
    } else {
        (None, Some(value))
    };
    let (person, application) = line.person.as_deref().map_or((None, None), who_acted);
    // Lines of one act have one moment: their own ids tell them apart.
    let end = line.id;
    let who = customer.map_or_else(|| own.to_string(), |(id, _)| id.to_string());
    Some(Record {
        id: format!("{own}_{who}_{operation_type}_{end}"),
        partner_id: own.to_string(),
        customer_id: customer.map(|(id, _)| id.to_string()),
        customer_name: customer.map(|(_, name)| name.to_owned()),
        user_principal_name: person,
        application_id: application,
        resource_type,
        resource_old_value: old,
        resource_new_value: new,
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

/// The person and the API client in a line's words: "person@example.com by API client NAME (ID)",
/// or either alone.
fn who_acted(words: &str) -> (Option<String>, Option<String>) {
    let client = words
        .strip_suffix(')')
        .and_then(|words| words.rsplit_once(" ("))
        .filter(|(_, id)| id.parse::<Uuid>().is_ok());
    let Some((named, id)) = client else {
        return (Some(words.to_owned()), None);
    };
    // A client's name may be anything; an address of a person has no blank.
    let person = named
        .split_once(" by API client ")
        .map(|(person, _)| person);
    let person = person.filter(|person| !person.contains(' '));
    (person.map(str::to_owned), Some(id.to_owned()))
}

/// The types of resources in the original's enum that have to do with devices.
const RESOURCES: [&str; 3] = ["customer", "device", "policy"];

/// What is asked for besides the time.
#[derive(Default)]
struct Wanted {
    company: Option<Company>,
    customer: Option<OrganizationId>,
    resource: Option<String>,
}

/// A customer by its name, in small letters.
struct Company {
    name: String,
    /// The whole name, and not a part of it.
    whole: bool,
}

impl Company {
    fn fits(&self, name: &str) -> bool {
        if self.whole {
            name == self.name
        } else {
            name.contains(&self.name)
        }
    }
}

impl Wanted {
    fn of(filter: Option<Filter>) -> Result<Self, PartnerError> {
        let mut wanted = Self::default();
        let Some(filter) = filter else {
            return Ok(wanted);
        };
        let field = filter.field.to_ascii_lowercase();
        let operator = filter.operator()?;
        let equals = ["", "equals"].contains(&operator.as_str());
        match field.as_str() {
            "companyname" if equals || operator == "substring" => {
                wanted.company = Some(Company {
                    name: filter.value.to_lowercase(),
                    whole: operator == "equals",
                });
            }
            "resourcetype" if equals => {
                let word = filter.value.replace('_', "").to_lowercase();
                if !RESOURCES.contains(&word.as_str()) {
                    return Err(PartnerError::word("ResourceType", &filter.value));
                }
                wanted.resource = Some(word);
            }
            "customerid" if equals => {
                let id = filter.value.trim().parse();
                wanted.customer = Some(id.map_err(|_| PartnerError::customer_id())?);
            }
            "companyname" | "resourcetype" | "customerid" => {
                let instead = "CompanyName is filtered by substring or equals, CustomerId and \
                               ResourceType by equals.";
                return Err(PartnerError::unsupported(
                    "Operator",
                    &filter.operator,
                    instead,
                ));
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
        let Some((resource, _)) = words(line) else {
            return false;
        };
        let name = other_side(line, own).map(|(_, name)| name.to_lowercase());
        self.resource
            .as_deref()
            .is_none_or(|wanted| wanted == resource)
            && self
                .company
                .as_ref()
                .is_none_or(|wanted| name.is_some_and(|name| wanted.fits(&name)))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_acted_is_a_person_a_client_or_both() {
        let id = "01890000-0000-7000-8000-000000000000";
        let both = format!("ada@brightwater.example by API client Night (2) ({id})");
        let alone = format!("API client full ({id})");
        let odd = format!("API client a by API client b ({id})");
        let person = "ada@brightwater.example";
        for (words, person, client) in [
            (both.as_str(), Some(person), Some(id)),
            (&alone, None, Some(id)),
            (&odd, None, Some(id)),
            (person, Some(person), None),
        ] {
            let told = who_acted(words);
            assert_eq!(
                (told.0.as_deref(), told.1.as_deref()),
                (person, client),
                "{words}"
            );
        }
    }
}
