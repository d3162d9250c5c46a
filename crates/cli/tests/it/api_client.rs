//! A program that registers devices: from `enlist admin client add` to the result of every device,
//! over a server that is killed in between.

use registration::organization::OrganizationKind;
use serde_json::{Value, json};

use crate::support::{Ran, Scratch};
use crate::world::desk::{Ground, Member};
use crate::world::http::{Answer, Client};
use crate::world::server::Server;
use crate::world::webdriver::until;

/// Tokens are for an address, which must outlast the port of a test.
pub(crate) const PUBLIC: &[&str] = &["--public-url", "http://registry.example"];
const DATABASE: &str = "sqlite:enlist.db";

/// The id and the secret that a command printed.
pub(crate) fn printed<'a>(ran: &'a Ran, name: &str) -> &'a str {
    let line = ran.out.lines().find_map(|line| line.strip_prefix(name));
    line.unwrap_or_else(|| panic!("no {name} in {}{}", ran.out, ran.err))
        .trim()
}

/// The JSON of an answer.
pub(crate) fn json_of(answer: &Answer) -> Value {
    serde_json::from_slice(&answer.body).unwrap_or_else(|_| panic!("no JSON: {}", answer.text()))
}

fn ask_token(client: &mut Client, id: &str, secret: &str) -> Answer {
    let fields = [
        ("grant_type", "client_credentials"),
        ("client_id", id),
        ("client_secret", secret),
        ("scope", "https://api.partnercenter.microsoft.com/.default"),
    ];
    let answer = client.post_form("/contoso.example/oauth2/v2.0/token", &fields);
    answer.expect("the server answers")
}

/// A client that calls with a token for this secret.
pub(crate) fn program(server: &Server, id: &str, secret: &str) -> Client {
    let mut client = server.client();
    let answer = ask_token(&mut client, id, secret);
    assert_eq!(answer.status, 200, "{}", answer.text());
    let token = json_of(&answer);
    client.set_bearer(token["access_token"].as_str().expect("a token"));
    client
}

fn status(client: &mut Client) -> u16 {
    let answer = client.get("/v1/customers").expect("the server answers");
    answer.status
}

pub(crate) fn admin(scratch: &Scratch, by: &Member, arguments: &[&str]) -> Ran {
    let mut all = vec!["admin", "client"];
    all.extend(arguments);
    all.extend(["--as", &by.email, "--database", DATABASE]);
    scratch.enlist(&all)
}

#[test]
fn a_program_registers_devices_and_its_secret_is_changed() {
    let scratch = Scratch::new();
    let database = format!("sqlite:{}", scratch.path("enlist.db").display());
    let ground = Ground::lay(&database);
    let partner = ground.organization(OrganizationKind::Partner, "Contoso");
    let customer = ground.organization(OrganizationKind::Customer, "Northwind");
    ground.consent(&partner, &customer);
    let mut server = Server::start(&database, PUBLIC);

    let add = [
        "add",
        "--name",
        "Stock system",
        "--role",
        "sales_agent",
        "--scope",
        "devices.read",
        "--scope",
        "devices.register",
        "--scope",
        "customers.read",
    ];
    let added = admin(&scratch, &partner, &add);
    assert_eq!(added.code, 0, "{}", added.err);
    let (id, first) = (printed(&added, "client id"), printed(&added, "secret"));
    let mut client = program(&server, id, first);
    let place = format!("/v1/customers/{}/deviceBatches", customer.organization());
    let device = |serial: &str| json!({"serialNumber": serial, "modelName": "Book 13", "oemManufacturerName": "Contoso"});
    let body = json!({"batchId": "Ward 7", "devices": [device("0042"), device("")]});
    let sent = client.post_json(&place, &body).expect("the server answers");
    assert_eq!(sent.status, 202, "{}", sent.text());
    let place = format!("/v1{}", sent.location());

    // Killed at once: what was acknowledged is done by the next start, and the token still holds.
    server.kill();
    let server = Server::start(&database, PUBLIC);
    client.moved_to(&server.address);
    let done = until("the devices are registered", || {
        let answer = client.get(&place).map_err(|error| error.to_string())?;
        let known = json_of(&answer);
        match known["status"].as_str() {
            Some("finished_with_errors") => Ok(known),
            _ => Err(known.to_string()),
        }
    });
    let rows = done["devicesStatus"].as_array().expect("rows");
    assert_eq!(rows[0]["status"], "finished", "{done}");
    assert_eq!(rows[1]["status"], "finished_with_errors", "{done}");
    assert_eq!(ground.devices(&customer).len(), 1);

    let made = admin(&scratch, &partner, &["secret", id]);
    let second = printed(&made, "secret");
    let mut rotated = program(&server, id, second);
    let hint = &first[..11];
    let removed = admin(&scratch, &partner, &["remove-secret", id, hint]);
    assert_eq!(removed.code, 0, "{}", removed.err);
    assert_eq!((status(&mut client), status(&mut rotated)), (401, 200));
    let refused = ask_token(&mut server.client(), id, first);
    assert_eq!(refused.status, 401, "{}", refused.text());
    let again = admin(&scratch, &partner, &["remove-secret", id, hint]);
    assert_eq!(again.code, 2, "{}", again.out);

    let listed = admin(&scratch, &partner, &["list"]);
    assert!(
        listed.out.contains("Stock system, sales_agent, last used"),
        "{}",
        listed.out
    );
    assert!(!listed.out.contains(second), "a secret is shown once");
    assert_eq!(admin(&scratch, &partner, &["revoke", id]).code, 0);
    assert_eq!(status(&mut rotated), 401);
}

#[test]
fn a_client_gets_no_more_than_whoever_adds_it_has() {
    let scratch = Scratch::new();
    let database = format!("sqlite:{}", scratch.path("enlist.db").display());
    let ground = Ground::lay(&database);
    let customer = ground.organization(OrganizationKind::Customer, "Northwind");
    let add = |role: &str, scope: &str| {
        admin(
            &scratch,
            &customer,
            &["add", "--name", "X", "--role", role, "--scope", scope],
        )
    };
    for (role, scope) in [("admin_agent", "devices.read"), ("reader", "devices.fly")] {
        let refused = add(role, scope);
        assert_eq!(refused.code, 2, "{}", refused.out);
        assert_eq!(refused.out, "");
    }
    assert_eq!(add("reader", "devices.read").code, 0);
    let nobody = scratch.enlist(&["admin", "client", "list", "--as", "x@y.example"]);
    assert!(nobody.err.contains("x@y.example"), "{}", nobody.err);
}

#[cfg(unix)]
#[test]
fn the_server_s_key_is_for_its_owner_alone_and_stays() {
    use std::os::unix::fs::PermissionsExt;
    let scratch = Scratch::new();
    let list = ["admin", "client", "list", "--as", "x@y.example"];
    scratch.enlist(&list);
    let path = scratch.path("enlist.db.key");
    let key = std::fs::read(&path).expect("a key");
    let mode = std::fs::metadata(&path)
        .expect("a file")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
    scratch.enlist(&list);
    assert_eq!(std::fs::read(&path).expect("a key"), key);
    scratch.write("enlist.db.key", "not a key");
    let ran = scratch.enlist(&list);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("enlist.db.key"), "{}", ran.err);
}
