//! Every route × every role, held against `access_matrix.golden`. What tenant A owns does not exist
//! for strangers, and a route that is missing here fails the test.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::PathBuf;

use axum::http::Method;

use crate::contract::Contract;
use crate::harness::{Answer, Registry};
use crate::requests::{Case, cases};
use crate::world::{ROLES, World};

/// Set to write the golden file anew.
const REGENERATE: &str = "ENLIST_WRITE_GOLDEN";

/// What a cell says: the status, or that one is sent to sign in.
fn cell(answer: &Answer) -> String {
    if answer.status == 303 && answer.location().starts_with("/sign-in") {
        "sign-in".to_owned()
    } else {
        answer.status.as_u16().to_string()
    }
}

/// Asks as this role. What changes something is asked of a registry of its own, so that one
/// role's act is never another's state.
async fn ask(world: &World, case: &Case, role: &str, seed: u64) -> Answer {
    let copy;
    let registry = if case.method == Method::GET {
        &world.registry
    } else {
        copy = Registry::copy_of(&world.registry, seed).await;
        &copy
    };
    let mut client = match world.person(role) {
        Some(person) if case.by_token() => {
            let mut client = registry.visitor();
            client.bearer = Some(registry.api_token(person).await);
            client
        }
        Some(person) => registry.client(person),
        None => registry.visitor(),
    };
    case.send(&mut client).await
}

fn line(case: &Case) -> String {
    let route = format!("{} {}", case.method, case.pattern);
    if case.note.is_empty() {
        route
    } else {
        format!("{route} ({})", case.note)
    }
}

fn golden_path() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/it/access_matrix.golden")
}

fn differences(golden: &str, found: &str) -> String {
    let known: BTreeSet<_> = golden.lines().collect();
    let now: BTreeSet<_> = found.lines().collect();
    let mut text = String::new();
    for line in known.difference(&now) {
        let _ = writeln!(text, "- {line}");
    }
    for line in now.difference(&known) {
        let _ = writeln!(text, "+ {line}");
    }
    text
}

/// The matrix, what strangers learn that they must not, and what is not as the contract says.
async fn asked_by_everybody(world: &World, cases: &[Case]) -> (String, Vec<String>) {
    let contract = Contract::new();
    let ids = world.ids_of_tenant_a();
    let header = ROLES.map(|role| format!("{role:<15}")).join(" ");
    let mut found = format!("{:<80} {}\n", "route", header.trim_end());
    let mut leaks = Vec::new();
    let mut seed = 1000;
    for case in cases {
        let mut cells = Vec::new();
        for role in ROLES {
            seed += 1;
            let answer = ask(world, case, role, seed).await;
            let says = cell(&answer);
            if let Some(breach) = contract.breach(case, &answer) {
                leaks.push(format!(
                    "{} breaks the contract: {role} gets {breach}",
                    line(case)
                ));
            }
            if matches!(role, "rival-partner" | "other-customer")
                && learns_of_tenant_a(case, &answer, &ids)
            {
                leaks.push(format!("{}: {role} gets {says}", line(case)));
            }
            cells.push(format!("{says:<15}"));
        }
        let _ = writeln!(found, "{:<80} {}", line(case), cells.join(" ").trim_end());
    }
    (found, leaks)
}

/// Whether a stranger is answered that something of tenant A's is there, or reads a name or an id
/// of it. To the service, whoever has a one-time link or a hash is its owner.
fn learns_of_tenant_a(case: &Case, answer: &Answer, ids: &[String]) -> bool {
    if case.names_any(ids) && answer.status != 404 {
        return true;
    }
    let secret = matches!(case.pattern, "/welcome/{secret}" | "/device/profile");
    let text = answer.text();
    let told = ids
        .iter()
        .map(String::as_str)
        .chain(["Harrow", "Brightwater"]);
    !secret && told.into_iter().any(|word| text.contains(word))
}

#[tokio::test]
async fn every_route_answers_every_role_as_the_golden_matrix_says() {
    let world = World::new().await;
    let cases = cases(&world);
    let listed: BTreeSet<_> = web::routes()
        .list()
        .iter()
        .map(|(method, path)| format!("{method} {path}"))
        .collect();
    let asked: BTreeSet<_> = cases
        .iter()
        .map(|case| format!("{} {}", case.method, case.pattern))
        .collect();
    assert_eq!(
        listed.symmetric_difference(&asked).collect::<Vec<_>>(),
        Vec::<&String>::new(),
        "every route needs a request in this file, and every request a route"
    );

    let (found, leaks) = asked_by_everybody(&world, &cases).await;
    assert_eq!(
        leaks,
        Vec::<String>::new(),
        "a stranger learns something of tenant A's, or an answer breaks the contract"
    );

    if std::env::var_os(REGENERATE).is_some() {
        std::fs::write(golden_path(), &found).expect("the golden file can be written");
    }
    let golden = std::fs::read_to_string(golden_path()).unwrap_or_default();
    assert!(
        golden == found,
        "the access matrix differs from tests/it/access_matrix.golden; if every change is meant, \
         write it anew with {REGENERATE}=1 and read the difference:\n{}",
        differences(&golden, &found)
    );
}
