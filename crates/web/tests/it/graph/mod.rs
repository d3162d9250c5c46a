//! The Graph API through the real router, on both databases, with the bodies of the scripts that
//! people really use; every answer is held against the published contract.

mod batch;
mod conventions;
mod counting;
mod devices;
mod identifiers;
mod imports;
mod profile_devices;
mod profiles;
mod script;
mod settings;

use axum::http::Method;
use serde_json::Value;

use crate::client::Answer;
use crate::graph_contract::fits;
use crate::harness::{Person, Registry};
use crate::partner_center::{Api, value};

/// Below this lies everything.
pub(crate) const BETA: &str = "/beta/deviceManagement";
/// The same in the other version.
pub(crate) const V1: &str = "/v1.0/deviceManagement";

/// A client of the Graph API with its token.
pub(crate) struct Graph(pub(crate) Api);

impl Graph {
    /// One that acts as this person does.
    pub(crate) async fn of(registry: &Registry, person: &Person) -> Self {
        Self(Api::of(registry, person).await)
    }

    /// Sends JSON as it stands; the answer is one that the contract has.
    pub(crate) async fn send(&self, method: Method, path: &str, body: &str) -> Answer {
        let kind = [("content-type", "application/json")];
        let answer = self.0.send(method.clone(), path, &kind, body).await;
        fits(&method, path, &answer);
        answer
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, "").await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send(Method::POST, path, &body.to_string()).await
    }

    /// Reads JSON that must be there.
    pub(crate) async fn read(&self, path: &str) -> Value {
        value(&self.get(path).await.is(200))
    }
}
