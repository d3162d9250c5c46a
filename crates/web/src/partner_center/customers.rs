//! Customers, the link that asks for consent, and what stands for agreements here (api.md 3).

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use registration::api_client::ApiScope;
use registration::ids::OrganizationId;
use registration::relationship::RelationshipState;
use schemars::JsonSchema;
use serde::Serialize;
use service::customers::{CustomerFilter, CustomerPlace, CustomerView};

use super::REQUESTS;
use super::call::{Call, bad_token};
use super::collection::{Attributes, Links, asked, page};
use super::error::PartnerError;
use super::filter::Filter;
use super::lenient::Body;
use crate::app::App;
use crate::session::{percent_decoded, percent_encoded};

/// Customers on a page unless asked otherwise, and at most.
const PAGE: usize = 100;
const PAGE_AT_MOST: usize = 500;

/// A customer.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "Customer")]
pub(super) struct Shown {
    id: String,
    company_profile: CompanyProfile,
    relationship_to_partner: &'static str,
    allow_delegated_access: bool,
    links: Links,
    attributes: Attributes,
}

/// What a customer is called.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct CompanyProfile {
    tenant_id: String,
    domain: String,
    company_name: String,
    attributes: Attributes,
}

impl From<CustomerView> for Shown {
    fn from(view: CustomerView) -> Self {
        let organization = view.organization;
        let uri = format!("/customers/{}", organization.id);
        Self {
            id: organization.id.to_string(),
            company_profile: CompanyProfile {
                tenant_id: organization.id.to_string(),
                domain: organization.domain,
                company_name: organization.name,
                attributes: Attributes::of("CustomerCompanyProfile"),
            },
            relationship_to_partner: if view.active { "reseller" } else { "none" },
            allow_delegated_access: view.active
                && view.relationship.relationship.delegated_administration,
            links: Links::own(uri),
            attributes: Attributes::of("Customer"),
        }
    }
}

/// Which customers are asked for; none where they are asked for by a reseller in between: there are
/// none here.
fn filter_of(filter: Filter) -> Result<Option<CustomerFilter>, PartnerError> {
    if filter.operator()? != "startswith" {
        let instead = "Customers are filtered by starts_with alone.";
        return Err(PartnerError::unsupported(
            "Operator",
            &filter.operator,
            instead,
        ));
    }
    let mut wanted = CustomerFilter::default();
    match filter.field.to_ascii_lowercase().as_str() {
        "companyname" => wanted.name = Some(filter.value),
        "domain" => wanted.domain = Some(filter.value),
        "indirectreseller" | "indirectcloudsolutionprovider" => return Ok(None),
        _ => {
            return Err(PartnerError::property(
                "Field",
                "Customers can be filtered by CompanyName and Domain.",
            ));
        }
    }
    Ok(Some(wanted))
}

fn to_token((name, id): &CustomerPlace) -> String {
    format!("{id}.{}", percent_encoded(name))
}

fn of_token(token: &str) -> Result<CustomerPlace, PartnerError> {
    let (id, name) = token.split_once('.').ok_or_else(bad_token)?;
    let id: OrganizationId = id.parse().map_err(|_| bad_token())?;
    Ok((percent_decoded(name), id))
}

/// `GET /v1/customers`: those who consent now.
pub(super) async fn list(
    State(app): State<Arc<App>>,
    call: Call,
) -> Result<Response, PartnerError> {
    call.needs(ApiScope::CustomersRead)?;
    let size = call.size(PAGE, PAGE_AT_MOST)?;
    let filter = Filter::of(&call)?.map(filter_of).transpose()?;
    let after = call.continuation()?.map(of_token).transpose()?;
    let (desk, caller) = (&app.desk, &call.caller);
    let (found, next) = match filter.unwrap_or(Some(CustomerFilter::default())) {
        Some(filter) => {
            let after = after.as_ref();
            desk.active_customers(caller, &filter, after, size).await?
        }
        None => (Vec::new(), None),
    };
    let items: Vec<_> = found.into_iter().map(Shown::from).collect();
    let query = [("filter", call.query("filter"))];
    let uri = asked(&format!("/customers?size={size}"), &query);
    Ok(page(&uri, items, next.as_ref().map(to_token)))
}

/// `GET /v1/customers/{customer}`; where a customer stands, the word `relationshiprequests` may be
/// written in any case.
pub(super) async fn one(State(app): State<Arc<App>>, call: Call) -> Result<Response, PartnerError> {
    if call.names_no_customer_but(REQUESTS) {
        return Ok(relationship_request(State(app), call)
            .await?
            .into_response());
    }
    call.needs(ApiScope::CustomersRead)?;
    let found = app.desk.customer(&call.caller, call.customer()?).await?;
    Ok(Json(Shown::from(found)).into_response())
}

/// `PATCH /v1/customers/{customer}` with `relationshipToPartner` none: withdraws. Once withdrawn,
/// it stays so.
pub(super) async fn withdraw(
    State(app): State<Arc<App>>,
    call: Call,
    body: Body,
) -> Result<Json<Shown>, PartnerError> {
    call.needs(ApiScope::CustomersManage)?;
    call.without_version()?;
    let customer = call.customer()?;
    let mut sent = body.object("an object with relationshipToPartner")?;
    let wanted = sent.text("relationshipToPartner")?;
    if !wanted.eq_ignore_ascii_case("none") && wanted != "0" {
        return Err(PartnerError::property(
            "relationshipToPartner",
            "A relationship can only be removed here: relationshipToPartner must be none.",
        ));
    }
    let (caller, request) = (&call.caller, call.request);
    let view = app.desk.withdraw_from(caller, customer, request).await?;
    Ok(Json(view.into()))
}

/// The link with which any customer may consent.
#[derive(Serialize, JsonSchema)]
pub(super) struct RelationshipRequest {
    url: String,
    links: Links,
    attributes: Attributes,
}

/// `GET /v1/customers/relationshiprequests`: the link with which any customer may consent.
pub(super) async fn relationship_request(
    State(app): State<Arc<App>>,
    call: Call,
) -> Result<Json<RelationshipRequest>, PartnerError> {
    call.needs(ApiScope::CustomersRead)?;
    let invitation = app.desk.relationship_link(&call.caller).await?;
    Ok(Json(RelationshipRequest {
        url: app.link(&format!("/invitations/{}", invitation.token)),
        links: Links::own("/customers/relationshiprequests"),
        attributes: Attributes::of("RelationshipRequest"),
    }))
}

/// A consent, told as an agreement.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Agreement {
    template_id: String,
    #[serde(rename = "type")]
    kind: &'static str,
    date_agreed: String,
    #[serde(rename = "agreementLink")]
    link: String,
    attributes: Attributes,
}

/// The name under which a customer's consent is told where clients ask for its agreement.
const AGREEMENT: &str = "MicrosoftCustomerAgreement";

/// `GET /v1/customers/{customer}/agreements`: the customer's consent, while it stands.
pub(super) async fn agreements(
    State(app): State<Arc<App>>,
    call: Call,
) -> Result<Response, PartnerError> {
    call.needs(ApiScope::CustomersRead)?;
    let view = app.desk.customer(&call.caller, call.customer()?).await?;
    let wanted = call.query("agreementType").unwrap_or(AGREEMENT);
    let kind_fits = wanted == "*" || wanted.eq_ignore_ascii_case(AGREEMENT);
    let relationship = &view.relationship.relationship;
    let agreed = match relationship.state {
        RelationshipState::Active { since, .. } if view.active && kind_fits => Some(since),
        _ => None,
    };
    let agreement = |since: registration::clock::Timestamp| Agreement {
        template_id: relationship.id.to_string(),
        kind: AGREEMENT,
        date_agreed: since.to_string(),
        link: app.link(&format!(
            "/invitations/{}",
            view.relationship.invitation_token
        )),
        attributes: Attributes::of("Agreement"),
    };
    let items: Vec<_> = agreed.into_iter().map(agreement).collect();
    let uri = format!("/customers/{}/agreements", view.organization.id);
    Ok(page(&uri, items, None))
}

/// Whether the customer consents now.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct DirectSigned {
    is_signed: bool,
    links: Links,
    attributes: Attributes,
}

/// `GET /v1/customers/{customer}/directSignedMicrosoftCustomerAgreementStatus`: whether the
/// customer consents now, which its own global administrator did.
pub(super) async fn direct_signed(
    State(app): State<Arc<App>>,
    call: Call,
) -> Result<Json<DirectSigned>, PartnerError> {
    call.needs(ApiScope::CustomersRead)?;
    let view = app.desk.customer(&call.caller, call.customer()?).await?;
    let customer = view.organization.id;
    let uri = format!("/customers/{customer}/directSignedMicrosoftCustomerAgreementStatus");
    Ok(Json(DirectSigned {
        is_signed: view.active,
        links: Links::own(uri),
        attributes: Attributes::of("DirectSignedCustomerAgreementStatus"),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_carry_any_name() {
        let id = OrganizationId(uuid::Uuid::from_u128(7));
        for name in ["Harrow & Vane", "a.b", "", "Ünterwelt"] {
            let place = (name.to_owned(), id);
            assert_eq!(of_token(&to_token(&place)).expect("reads"), place);
        }
        assert!(of_token("x").is_err() && of_token("x.y").is_err());
    }
}
