//! Customers, agreements and the audit log.

use axum::http::Method;
use registration::api_client::ApiScope;
use serde_json::json;

use super::{call, paged, text};
use crate::contract::{Contract, Operation};
use crate::partner_center::audit_records::Record;
use crate::partner_center::collection::Collection;
use crate::partner_center::customers::{Agreement, DirectSigned, RelationshipRequest, Shown};
use crate::partner_center::{AGREEMENTS, CUSTOMER, CUSTOMERS, DIRECT_SIGNED, RECORDS, REQUESTS};

pub(super) fn declare(contract: &mut Contract) -> Vec<Operation> {
    let mut all = of_customers(contract);
    all.extend(of_consent(contract));
    all.extend(of_records(contract));
    all
}

fn of_customers(contract: &mut Contract) -> Vec<Operation> {
    let read = ApiScope::CustomersRead;
    let filter = "JSON: {\"Field\":\"CompanyName\",\"Value\":\"con\",\"Operator\":\"starts_with\"}";
    let customer = contract.schema::<Shown>();
    let none = json!({
        "type": "object",
        "required": ["relationshipToPartner"],
        "properties": { "relationshipToPartner": { "const": "none" } },
    });
    vec![
        paged(call(
            Method::GET,
            CUSTOMERS,
            "listCustomers",
            "The customers who consent",
            read,
        ))
        .query("filter", filter, text())
        .answers(
            "200",
            "A page of them",
            contract.schema::<Collection<Shown>>(),
        ),
        call(Method::GET, CUSTOMER, "readCustomer", "One customer", read).answers(
            "200",
            "The customer",
            customer.clone(),
        ),
        call(
            Method::PATCH,
            CUSTOMER,
            "withdraw",
            "Withdraw from a customer",
            ApiScope::CustomersManage,
        )
        .body(
            "application/json",
            none,
            json!({ "relationshipToPartner": "none" }),
        )
        .answers("200", "The customer", customer),
    ]
}

fn of_consent(contract: &mut Contract) -> Vec<Operation> {
    let read = ApiScope::CustomersRead;
    vec![
        call(
            Method::GET,
            REQUESTS,
            "readRelationshipRequest",
            "The link for a customer's consent",
            read,
        )
        .answers("200", "The link", contract.schema::<RelationshipRequest>()),
        call(
            Method::GET,
            AGREEMENTS,
            "listAgreements",
            "The customer's consent, told as an agreement",
            read,
        )
        .query("agreementType", "MicrosoftCustomerAgreement or *", text())
        .answers(
            "200",
            "One, or none",
            contract.schema::<Collection<Agreement>>(),
        ),
        call(
            Method::GET,
            DIRECT_SIGNED,
            "readDirectSigned",
            "Whether the customer consents",
            read,
        )
        .answers("200", "Whether it does", contract.schema::<DirectSigned>()),
    ]
}

fn of_records(contract: &mut Contract) -> Vec<Operation> {
    let day = json!({ "type": "string", "format": "date" });
    vec![
        paged(call(
            Method::GET,
            RECORDS,
            "listAuditRecords",
            "What happened",
            ApiScope::AuditRead,
        ))
        .query(
            "startDate",
            "From this day on; 30 days back if none is given",
            day.clone(),
        )
        .query("endDate", "Until this day, all of it", day)
        .query(
            "filter",
            "JSON with Field CompanyName, CustomerId or ResourceType",
            text(),
        )
        .answers(
            "200",
            "A page of them",
            contract.schema::<Collection<Record>>(),
        ),
    ]
}
