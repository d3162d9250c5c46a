//! The Partner Center API through the real router, on both databases, with the bodies of the clients
//! that people really use.

mod batches;
mod bodies;
mod choices;
mod conventions;
mod customers;
mod policies;
mod portal;
mod repeated;
mod strangers;

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Method, Request, header};
use device_list::sample::SampleDevices;
use registration::organization::OrganizationKind;
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::client::Answer;
use crate::harness::{Person, Registry};

/// A client of the API with its token.
#[derive(Clone)]
pub(crate) struct Api {
    router: Router,
    token: String,
}

impl Api {
    /// One that acts as this person does.
    pub(crate) async fn of(registry: &Registry, person: &Person) -> Self {
        Self {
            router: registry.router.clone(),
            token: registry.api_token(person).await,
        }
    }

    /// The same with another token.
    pub(crate) fn with_token(&self, token: String) -> Self {
        Self {
            token,
            ..self.clone()
        }
    }

    /// Sends anything.
    pub(crate) async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Vec<u8>>,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        request = request.header(header::HOST, "registry.example");
        if !self.token.is_empty() {
            request = request.header(header::AUTHORIZATION, format!("Bearer {}", self.token));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::from(body.into())).expect("a request");
        let answered = self.router.clone().oneshot(request).await;
        let (parts, body) = answered.expect("the router always answers").into_parts();
        let bytes = to_bytes(body, usize::MAX).await.expect("a whole body");
        Answer {
            status: parts.status,
            headers: parts.headers,
            bytes: bytes.to_vec(),
        }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, &[], "").await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        self.json(Method::POST, path, body).await
    }

    pub(crate) async fn json(&self, method: Method, path: &str, body: &Value) -> Answer {
        let kind = [("content-type", "application/json")];
        self.send(method, path, &kind, body.to_string()).await
    }

    /// Reads JSON that must be there.
    pub(crate) async fn read(&self, path: &str) -> Value {
        value(&self.get(path).await.is(200))
    }
}

/// The JSON of an answer.
pub(crate) fn value(answer: &Answer) -> Value {
    serde_json::from_slice(&answer.bytes).unwrap_or_else(|_| panic!("no JSON: {}", answer.text()))
}

/// A header of an answer.
pub(crate) fn header_of<'a>(answer: &'a Answer, name: &str) -> &'a str {
    let value = answer.headers.get(name);
    value.map_or("", |value| value.to_str().expect("ASCII"))
}

/// A partner, a customer who consents, and somebody else of each sort.
pub(crate) struct Scene {
    pub(crate) registry: Registry,
    pub(crate) operator: Person,
    pub(crate) partner: Person,
    pub(crate) rival: Person,
    pub(crate) oem: Person,
    pub(crate) customer: Person,
    pub(crate) other: Person,
    pub(crate) api: Api,
    /// `/v1/customers/{id}`
    pub(crate) base: String,
}

impl Scene {
    pub(crate) async fn new(registry: Registry) -> Self {
        use OrganizationKind::{Customer, Oem, Partner};
        let operator = registry.operator().await;
        let make =
            async |kind, name, domain| registry.organization(&operator, kind, name, domain).await;
        let partner = make(Partner, "Brightwater Devices", "brightwater.example").await;
        let rival = make(Partner, "Kestrel IT Supply", "kestrel.example").await;
        let oem = make(Oem, "Tallis Systems", "tallis.example").await;
        let customer = make(Customer, "Harrow & Vane", "harrow.example").await;
        let other = make(Customer, "Oriel Insurance", "oriel.example").await;
        registry.consent(&partner, &customer).await;
        let api = Api::of(&registry, &partner).await;
        let base = format!("/v1/customers/{}", customer.organization_id());
        Self {
            registry,
            operator,
            partner,
            rival,
            oem,
            customer,
            other,
            api,
            base,
        }
    }

    /// Sends devices into a batch and works them off; the answer is the status.
    pub(crate) async fn register(&self, batch: &str, devices: Value) -> Value {
        let body = json!({"batchId": batch, "devices": devices});
        let answer = self.api.post(&self.path("/deviceBatches"), &body).await;
        let place = answer.is(202).location().to_owned();
        self.registry.work_off().await;
        self.api.read(&format!("/v1{place}")).await
    }

    /// An address of the customer.
    pub(crate) fn path(&self, rest: &str) -> String {
        format!("{}{rest}", self.base)
    }
}

/// Tuples of devices that differ by their serial number.
pub(crate) fn tuples(prefix: &str, count: usize) -> Value {
    (1..=count)
        .map(|n| {
            json!({
                "serialNumber": format!("{prefix}{n:04}"),
                "modelName": "Book 13",
                "oemManufacturerName": "Contoso",
            })
        })
        .collect()
}

/// Sample hashes.
pub(crate) fn hashes(seed: u64, count: usize) -> Vec<String> {
    SampleDevices::new(seed)
        .take(count)
        .map(|device| device.hash_text())
        .collect()
}

/// The same in shared ownership, for many callers at once.
pub(crate) fn shared(scene: Scene) -> Arc<Scene> {
    Arc::new(scene)
}
