//! The contract of the APIs that are ours: one `OpenAPI` 3.1 document, made from what each face
//! declares beside its routes and from the types that it answers with. It is served, shown as a
//! page, and kept in `docs/api/openapi.json`; a test fails when the two differ. The Graph API is
//! not in it: that contract is another's, to the letter.

mod operation;
mod page;

use axum::http::Method;
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Map, Value, json};

pub(crate) use operation::{Failures, Operation};

use crate::routes::Routes;
use crate::{device, limit, oauth, oem, partner_center, portal};

/// What the document says of itself.
const ABOUT: &str = "Registers devices for customers who consented. Tokens come from \
    /{tenant}/oauth2/v2.0/token. Every answer has the header x-request-id; those of the APIs, of \
    the token endpoints and of /limits tell in RateLimit and RateLimit-Policy what is left of the \
    allowance of whoever asks. The Graph API under /v1.0 and /beta follows the published contract of that API and is not repeated here.";

/// Operations as they are declared, and the schemas of what they answer.
pub(crate) struct Contract {
    schemas: SchemaGenerator,
    operations: Vec<Operation>,
}

impl Contract {
    /// That of every face.
    pub(crate) fn of_all() -> Self {
        let settings = SchemaSettings::draft2020_12().for_serialize();
        let settings = settings.with(|s| s.definitions_path = "/components/schemas".into());
        let mut contract = Self {
            schemas: settings.into_generator(),
            operations: Vec::new(),
        };
        oauth::contract::declare(&mut contract);
        partner_center::contract::declare(&mut contract);
        oem::contract::declare(&mut contract);
        device::contract::declare(&mut contract);
        limit::published::declare(&mut contract);
        portal::health::declare(&mut contract);
        contract
    }

    /// One operation more.
    pub(crate) fn add(&mut self, operation: Operation) {
        self.operations.push(operation);
    }

    /// The schema of what a type is written as, by reference where it has a name.
    pub(crate) fn schema<T: JsonSchema>(&mut self) -> Value {
        self.schemas.subschema_for::<T>().to_value()
    }

    fn into_document(mut self) -> Value {
        let mut paths = Map::new();
        for operation in &self.operations {
            let methods = paths.entry(operation.path).or_insert_with(|| json!({}));
            let method = operation.method.as_str().to_ascii_lowercase();
            methods[method] = operation.to_value();
        }
        let mut tags: Vec<&str> = Vec::new();
        for operation in &self.operations {
            if !tags.contains(&operation.tag) {
                tags.push(operation.tag);
            }
        }
        let tags: Vec<_> = tags.iter().map(|tag| json!({ "name": tag })).collect();
        json!({
            "openapi": "3.1.0",
            "info": {
                "title": "enlist",
                "description": ABOUT,
                "version": env!("CARGO_PKG_VERSION"),
                "license": { "name": env!("CARGO_PKG_LICENSE"), "identifier": env!("CARGO_PKG_LICENSE") },
            },
            "servers": [{ "url": "/" }],
            "tags": tags,
            "paths": paths,
            "components": {
                "schemas": self.schemas.take_definitions(true),
                "securitySchemes": { "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "bearerFormat": "JWT",
                    "description": "An access token of this service, got with the secret of an API client.",
                }},
            },
        })
    }
}

/// The document.
pub fn document() -> Value {
    Contract::of_all().into_document()
}

/// The routes that the document describes, all of them: method and path pattern.
pub fn described() -> Vec<(Method, &'static str)> {
    let faces = Routes::new()
        .with(device::routes)
        .with(limit::published::routes)
        .with(oauth::routes)
        .with(oauth::pages)
        .with(oem::routes)
        .with(partner_center::routes)
        .with(portal::health::routes);
    faces.list().to_vec()
}

pub(crate) use page::routes;
