//! The contract: it has every route of its faces, stands in the repository as it is generated, and
//! what the service answers keeps to it.

use std::collections::BTreeSet;
use std::path::PathBuf;

use jsonschema::Validator;
use serde_json::{Value, json};

use crate::client::Answer;
use crate::harness::Registry;
use crate::requests::{Case, cases};
use crate::world::World;

/// Set to write the document in `docs/api/` anew.
const REGENERATE: &str = "ENLIST_BLESS";

/// The document, to hold answers against.
pub(crate) struct Contract(Value);

impl Contract {
    pub(crate) fn new() -> Self {
        Self(web::contract::document())
    }

    fn operation(&self, case: &Case) -> Option<&Value> {
        let method = case.method.as_str().to_ascii_lowercase();
        self.0["paths"].get(case.pattern)?.get(method)
    }

    fn validator(&self, schema: &Value) -> Validator {
        let whole = json!({ "components": self.0["components"], "allOf": [schema] });
        jsonschema::draft202012::new(&whole).expect("a schema")
    }

    /// What of this answer is not as the document says; nothing for routes that it does not
    /// describe.
    pub(crate) fn breach(&self, case: &Case, answer: &Answer) -> Option<String> {
        let answers = &self.operation(case)?["responses"];
        let status = answer.status.as_str();
        let class = format!("{}XX", &status[..1]);
        let Some(said) = answers.get(status).or_else(|| answers.get(&class)) else {
            return Some(format!("{status} is not described"));
        };
        let Some(content) = said.get("content") else {
            return (!answer.bytes.is_empty()).then(|| "a body that is not described".to_owned());
        };
        let kind = answer.headers.get("content-type");
        let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default();
        let Some(schema) = content.get(kind).map(|said| &said["schema"]) else {
            return Some(format!("{status} as {kind} is not described"));
        };
        let text = answer.text();
        let parts: Result<Vec<Value>, _> = match kind {
            // A document a line.
            "application/x-ndjson" => text.lines().map(serde_json::from_str).collect(),
            kind if kind.ends_with("/json") || kind.ends_with("+json") => {
                serde_json::from_str(&text).map(|value| vec![value])
            }
            _ => Ok(vec![Value::String(text)]),
        };
        let parts = match parts {
            Ok(parts) => parts,
            Err(error) => return Some(format!("no JSON: {error}")),
        };
        let validator = self.validator(schema);
        let wrong = |part: &Value| Some(validator.iter_errors(part).next()?.to_string());
        let first = parts.iter().find_map(wrong)?;
        Some(format!("{status}: {first}"))
    }
}

#[test]
fn every_route_of_its_faces_is_described() {
    let document = web::contract::document();
    let paths = document["paths"].as_object().expect("paths");
    let described: BTreeSet<_> = paths
        .iter()
        .flat_map(|(path, methods)| {
            let methods = methods.as_object().expect("methods");
            methods
                .keys()
                .map(move |method| format!("{} {path}", method.to_uppercase()))
        })
        .collect();
    let routes: BTreeSet<_> = web::contract::described()
        .iter()
        .map(|(method, path)| format!("{method} {path}"))
        .collect();
    let differing: Vec<_> = described.symmetric_difference(&routes).collect();
    assert_eq!(differing, Vec::<&String>::new());
    let ids = paths
        .values()
        .flat_map(|methods| methods.as_object().expect("methods").values());
    let ids: Vec<_> = ids
        .map(|operation| operation["operationId"].to_string())
        .collect();
    assert_eq!(
        ids.iter().collect::<BTreeSet<_>>().len(),
        ids.len(),
        "ids are used once"
    );
}

#[test]
fn the_document_in_the_repository_is_the_generated_one() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/api/openapi.json");
    let document = web::contract::document();
    let text = serde_json::to_string_pretty(&document).expect("JSON") + "\n";
    if std::env::var_os(REGENERATE).is_some() {
        std::fs::write(&path, &text).expect("the document can be written");
    }
    let known = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        known == text,
        "docs/api/openapi.json is out of date: run this test with {REGENERATE}=1 and read the \
         difference"
    );
}

#[tokio::test]
async fn the_examples_are_valid_and_work() {
    let contract = Contract::new();
    let world = World::new().await;
    let mut worked = 0;
    for (seed, case) in (7000..).zip(cases(&world)) {
        let Some(operation) = contract.operation(&case) else {
            continue;
        };
        let content = &operation["requestBody"]["content"]["application/json"];
        let example = &content["example"];
        if example.is_null() {
            continue;
        }
        let validator = contract.validator(&content["schema"]);
        let wrong = validator.iter_errors(example).next();
        let id = operation["operationId"].as_str().expect("an id").to_owned();
        assert!(wrong.is_none(), "the example of {id}: {wrong:?}");
        // Devices ask without a token, and theirs is no device of this world.
        if operation["security"] == json!([]) || !case.note.is_empty() {
            continue;
        }
        let registry = Registry::copy_of(&world.registry, seed).await;
        let mut client = registry.visitor();
        let person = world.person("partner-admin").expect("an admin agent");
        client.bearer = Some(registry.api_token(person).await);
        let answer = case.with_body(example).send(&mut client).await;
        // Some addresses name what is not there.
        let works = answer.status.is_success() || answer.status == 404;
        assert!(works, "{id}: {}", answer.text());
        worked += usize::from(answer.status.is_success());
    }
    assert!(worked >= 5, "{worked} examples did something");
}

#[tokio::test]
async fn the_page_shows_every_operation_and_loads_from_here_alone() {
    let registry = Registry::empty().await;
    let page = registry.visitor().get("/api").await.is(200).text();
    let document = web::contract::document();
    for methods in document["paths"].as_object().expect("paths").values() {
        for operation in methods.as_object().expect("methods").values() {
            let id = operation["operationId"].as_str().expect("an id");
            assert!(page.contains(&format!("id=\"{id}\"")), "{id}");
        }
    }
    assert!(!page.contains("src=\"http") && !page.contains("href=\"http"));
    let served = registry.visitor().get("/api/openapi.json").await.is(200);
    assert_eq!(
        serde_json::from_slice::<Value>(&served.bytes).expect("JSON"),
        document
    );
}
