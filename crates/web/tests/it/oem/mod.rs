//! The OEM API through the real router, on both databases.

mod bodies;
mod devices;
mod limits;
mod operations;
mod registrations;
mod shares;
mod strict;

use axum::http::Method;
use registration::organization::OrganizationKind;
use serde_json::{Value, json};

use crate::client::Answer;
use crate::harness::{Person, Registry, TAG};
use crate::partner_center::{Api, value};

/// An OEM, two customers who consent to it, and one who does not.
pub(crate) struct Plant {
    pub(crate) registry: Registry,
    pub(crate) operator: Person,
    pub(crate) oem: Person,
    pub(crate) partner: Person,
    pub(crate) customer: Person,
    pub(crate) second: Person,
    pub(crate) stranger: Person,
    pub(crate) api: Api,
}

impl Plant {
    pub(crate) async fn new(registry: Registry) -> Self {
        use OrganizationKind::{Customer, Oem, Partner};
        let operator = registry.operator().await;
        let make =
            async |kind, name, domain| registry.organization(&operator, kind, name, domain).await;
        let oem = make(Oem, "Tallis Systems", "tallis.example").await;
        let partner = make(Partner, "Brightwater Devices", "brightwater.example").await;
        let customer = make(Customer, "Harrow & Vane", "harrow.example").await;
        let second = make(Customer, "Oriel Insurance", "oriel.example").await;
        let stranger = make(Customer, "Pell Foundry", "pell.example").await;
        registry.consent(&oem, &customer).await;
        registry.consent(&oem, &second).await;
        let api = Api::of(&registry, &oem).await;
        Self {
            registry,
            operator,
            oem,
            partner,
            customer,
            second,
            stranger,
            api,
        }
    }

    /// Sends lines as JSON; the answer must have this status.
    pub(crate) async fn send(&self, status: u16, lines: &[Value]) -> Value {
        let body = json!({ "lines": lines });
        let answer = self.api.post("/oem/v1/registrations", &body).await;
        value(&answer.is(status))
    }

    /// The same with headers.
    pub(crate) async fn send_with(
        &self,
        headers: &[(&str, &str)],
        body: impl Into<Vec<u8>>,
    ) -> Answer {
        let path = "/oem/v1/registrations";
        self.api.send(Method::POST, path, headers, body).await
    }

    /// Sends lines as NDJSON.
    pub(crate) async fn stream(&self, headers: &[(&str, &str)], lines: &[Value]) -> Answer {
        let kind = [("content-type", "application/x-ndjson")];
        self.send_with(&[&kind, headers].concat(), ndjson(lines))
            .await
    }

    /// What became of an operation's lines.
    pub(crate) async fn results(&self, name: &str, query: &str) -> Vec<Value> {
        let path = format!("/oem/v1/{name}/results{query}");
        let answer = self.api.get(&path).await.is(200);
        let text = answer.text();
        let each = text.lines().map(serde_json::from_str);
        each.collect::<Result<_, _>>().expect("JSON a line")
    }

    /// How many devices the customer has.
    pub(crate) async fn devices(&self, customer: &Person) -> u64 {
        let (desk, id) = (&self.registry.desk, customer.organization_id());
        let totals = desk.device_totals(&customer.caller, id).await;
        totals.expect("counts").by_state.iter().sum()
    }
}

/// A line for Harrow & Vane.
pub(crate) fn line(serial: &str) -> Value {
    json!({
        "customer": "harrow.example",
        "manufacturer": "Tallis",
        "model": "Slate 7",
        "serialNumber": serial,
        "groupTag": TAG,
        "purchaseOrder": "PO-1001",
        "shipDate": "2026-11-30",
        "reference": format!("ref-{serial}"),
    })
}

/// The same with something else in one place.
pub(crate) fn line_with(serial: &str, name: &str, value: impl Into<Value>) -> Value {
    let mut line = line(serial);
    line[name] = value.into();
    line
}

/// Lines with serial numbers that begin so.
pub(crate) fn lines(prefix: &str, count: usize) -> Vec<Value> {
    (1..=count)
        .map(|n| line(&format!("{prefix}{n:06}")))
        .collect()
}

/// A line each.
pub(crate) fn ndjson(lines: &[Value]) -> String {
    let texts: Vec<_> = lines.iter().map(Value::to_string).collect();
    texts.join("\n")
}

/// The outcomes, in order.
pub(crate) fn outcomes(answer: &Value) -> Vec<&str> {
    let results = answer["results"].as_array().expect("results");
    results
        .iter()
        .map(|one| one["outcome"].as_str().expect("an outcome"))
        .collect()
}
