//! `kill -9` of the server in the middle of an OEM's operation: after the next start it goes on with
//! the first chunk that has no results, every line has one result, and every device is there once.
//! What came before, and broke off in the middle of its body, never runs.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::thread;
use std::time::Duration;

use registration::organization::OrganizationKind;
use serde_json::Value;

use crate::api_client::{PUBLIC, json_of, printed, program};
use crate::support::Scratch;
use crate::world::database::Database;
use crate::world::desk::Ground;
use crate::world::http::Client;
use crate::world::server::Server;
use crate::world::webdriver::until;

const LINES: usize = 50_000;

#[test]
fn an_operation_goes_on_after_a_kill_on_sqlite() {
    killed(&Database::sqlite());
}

#[test]
fn an_operation_goes_on_after_a_kill_on_postgres() {
    killed(&Database::postgres());
}

fn killed(database: &Database) {
    let url = database.url();
    let ground = Ground::lay(&url);
    let oem = ground.organization(OrganizationKind::Oem, "Contoso");
    let customers = [
        ground.organization(OrganizationKind::Customer, "Northwind"),
        ground.organization(OrganizationKind::Customer, "Litware"),
    ];
    for customer in &customers {
        ground.consent(&oem, customer);
    }
    let scratch = Scratch::new();
    let mut add = vec![
        "admin", "client", "add", "--name", "Line 4", "--as", &oem.email,
    ];
    add.extend(["--database", &url, "--role", "admin_agent"]);
    add.extend(["--scope", "devices.read", "--scope", "devices.register"]);
    let added = scratch.enlist(&add);
    assert_eq!(added.code, 0, "{}", added.err);
    let (id, secret) = (printed(&added, "client id"), printed(&added, "secret"));

    let mut server = Server::start(&url, PUBLIC);
    let mut client = program(&server, id, secret);
    let kind = "application/x-ndjson";
    let all = lines();
    let half = &all[..all.len() / 2];
    let hung_up = client.hang_up("/oem/v1/registrations", kind, half, all.len());
    hung_up.expect("the server takes what comes");
    let sent = client.send("POST", "/oem/v1/registrations", Some((kind, all)));
    let sent = sent.expect("the server answers");
    assert_eq!(sent.status, 202, "{}", sent.text());
    let place = sent.location().to_owned();
    loop {
        let known = look(&mut client, &place);
        let done = known["metadata"]["done"].as_u64().expect("a number");
        assert_ne!(known["done"], true, "it ended before it could be killed");
        if done > 0 {
            break;
        }
        thread::sleep(Duration::from_millis(3));
    }
    server.kill();

    let server = Server::start(&url, PUBLIC);
    client.moved_to(&server.address);
    let before = look(&mut client, &place);
    assert_eq!(before["done"], false, "{before}");
    let ended = until("the operation ends", || {
        let known = look(&mut client, &place);
        if known["done"] == true {
            Ok(known)
        } else {
            Err(known.to_string())
        }
    });
    assert_eq!(ended["response"]["counts"]["registered"], LINES);
    let mut numbers = Vec::new();
    while numbers.len() < LINES {
        let path = format!("{place}/results?after={}", numbers.len());
        let page = client.get(&path).expect("the server answers").text();
        let before = numbers.len();
        for line in page.lines() {
            let line: Value = serde_json::from_str(line).expect("JSON a line");
            assert_eq!(line["outcome"], "registered", "{line}");
            numbers.push(line["line"].as_u64().expect("a number") as usize);
        }
        assert!(numbers.len() > before, "the results go on");
    }
    assert!(
        numbers.iter().copied().eq(1..=LINES),
        "each line once, in order"
    );
    let devices = customers
        .iter()
        .flat_map(|customer| ground.devices(customer));
    let serials: Vec<_> = devices.filter_map(|device| device.serial).collect();
    let distinct: HashSet<_> = serials.iter().collect();
    assert_eq!(
        (serials.len(), distinct.len()),
        (LINES, LINES),
        "every device once"
    );
}

fn look(client: &mut Client, place: &str) -> Value {
    json_of(&client.get(place).expect("the server answers"))
}

fn lines() -> Vec<u8> {
    let mut body = String::new();
    for n in 0..LINES {
        let customer = if n % 3 == 0 { "litware" } else { "northwind" };
        let _ = writeln!(
            body,
            "{{\"customer\":\"{customer}.example\",\"manufacturer\":\"Contoso\",\
             \"model\":\"Book 13\",\"serialNumber\":\"K{n:06}\",\"purchaseOrder\":\"PO-{}\"}}",
            n / 1000
        );
    }
    body.into_bytes()
}
