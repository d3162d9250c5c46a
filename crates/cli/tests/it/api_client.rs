//! A program that registers devices: from `enlist admin client add` to the result of every device,
//! over a server that is killed in between.

use registration::organization::OrganizationKind;
use serde_json::{Value, json};

use crate::support::{Ran, Scratch};
use crate::world::desk::{Ground, Member, PASSWORD};
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

    changes_it(&scratch, &partner, id);
    assert_eq!(status(&mut rotated), 403, "its token lost the scope");
    let listed = admin(&scratch, &partner, &["list"]);
    assert!(
        listed
            .out
            .contains("Stock system 2, sales_agent, last used"),
        "{}",
        listed.out
    );
    assert!(!listed.out.contains(second), "a secret is shown once");
    assert_eq!(admin(&scratch, &partner, &["revoke", id]).code, 0);
    assert_eq!(status(&mut rotated), 401);
}

/// Another name and fewer scopes, once.
fn changes_it(scratch: &Scratch, partner: &Member, id: &str) {
    let change = [
        "change",
        id,
        "--name",
        "Stock system 2",
        "--scope",
        "devices.read",
    ];
    let changed = admin(scratch, partner, &change);
    assert_eq!(changed.code, 0, "{}", changed.err);
    assert_eq!(
        changed.out,
        "called Stock system 2, before: Stock system\nremoved devices.register customers.read\n"
    );
    let same = admin(scratch, partner, &change);
    assert!(same.out.contains("Nothing changed"), "{}", same.out);
    let wrong = ["change", id, "--role", "administrator"];
    assert_eq!(admin(scratch, partner, &wrong).code, 2);
}

#[test]
fn the_partner_center_api_behaves_as_the_operator_chose() {
    let scratch = Scratch::new();
    let database = format!("sqlite:{}", scratch.path("enlist.db").display());
    let ground = Ground::lay(&database);
    let partner = ground.organization(OrganizationKind::Partner, "Contoso");
    let customer = ground.organization(OrganizationKind::Customer, "Northwind");
    ground.consent(&partner, &customer);
    let add = ["add", "--name", "Stock", "--role", "sales_agent"];
    let scopes = ["--scope", "devices.register"];
    let added = admin(&scratch, &partner, &[&add[..], &scopes].concat());
    let (id, secret) = (printed(&added, "client id"), printed(&added, "secret"));
    let chosen = [
        "--partner-center-batches-by",
        "people",
        "--partner-center-bom",
    ];
    let server = Server::start(&database, &[PUBLIC, &chosen].concat());
    let mut client = program(&server, id, secret);
    let place = format!("/v1/customers/{}/deviceBatches", customer.organization());
    let body = json!({"batchId": "Ward 7", "devices": []});
    let refused = client.post_json(&place, &body).expect("the server answers");
    assert_eq!(refused.status, 403, "{}", refused.text());
    let rest = refused.body.strip_prefix(b"\xEF\xBB\xBF");
    let fault: Value = serde_json::from_slice(rest.expect("a mark")).expect("JSON");
    assert_eq!(fault["code"], 2030);
}

fn tokens(client: &mut Client, form: &[(&str, &str)]) -> Answer {
    let answer = client.post_form("/common/oauth2/v2.0/token", form);
    answer.expect("the server answers")
}

#[test]
fn keys_are_registered_and_removed_at_the_console() {
    let scratch = Scratch::new();
    let database = format!("sqlite:{}", scratch.path("enlist.db").display());
    let ground = Ground::lay(&database);
    let partner = ground.organization(OrganizationKind::Partner, "Contoso");
    let made = rcgen::generate_simple_self_signed(["stock.contoso.example".to_owned()]);
    let made = made.expect("a certificate");
    scratch.write("certificate.pem", made.cert.pem());
    scratch.write("private.pem", made.signing_key.serialize_pem());
    let add = ["add", "--name", "Stock", "--role", "sales_agent"];
    let scopes = ["--scope", "devices.read"];
    let added = admin(&scratch, &partner, &[&add[..], &scopes].concat());
    let id = printed(&added, "client id");
    let key = admin(&scratch, &partner, &["key", "add", id, "certificate.pem"]);
    assert_eq!(key.code, 0, "{}", key.err);
    let thumbprint = printed(&key, "thumbprint");
    let private = admin(&scratch, &partner, &["key", "add", id, "private.pem"]);
    assert_eq!(private.code, 2);
    assert!(private.err.contains("private key"), "{}", private.err);
    let listed = admin(&scratch, &partner, &["list"]).out;
    assert!(
        listed.contains(&format!("key {thumbprint} until")),
        "{listed}"
    );
    let as_secret = admin(&scratch, &partner, &["remove-secret", id, thumbprint]);
    assert_eq!(as_secret.code, 2, "it is no secret");
    let removed = admin(&scratch, &partner, &["key", "remove", id, thumbprint]);
    assert_eq!(removed.code, 0, "{}", removed.err);
    let listed = admin(&scratch, &partner, &["list"]).out;
    assert!(!listed.contains(thumbprint), "{listed}");
}

#[test]
fn a_person_s_sign_in_outlives_a_killed_server() {
    let scratch = Scratch::new();
    let database = format!("sqlite:{}", scratch.path("enlist.db").display());
    let ground = Ground::lay(&database);
    let partner = ground.organization(OrganizationKind::Partner, "Contoso");
    let mut server = Server::start(&database, PUBLIC);
    let add = ["add", "--name", "Desk script", "--role", "sales_agent"];
    let more = ["--public", "--scope", "customers.read"];
    let added = admin(&scratch, &partner, &[&add[..], &more].concat());
    assert!(!added.out.contains("secret"), "{}", added.out);
    let id = printed(&added, "client id");
    let mut program = server.client();
    let scope = ("scope", "customers.read offline_access");
    let path = "/common/oauth2/v2.0/devicecode";
    let asked = program.post_form(path, &[("client_id", id), scope]);
    let asked = json_of(&asked.expect("the server answers"));
    let code = asked["user_code"].as_str().expect("a code");
    let mut person = server.signed_in(&partner.email, PASSWORD);
    let page = person.get(&format!("/device-login?code={code}"));
    let page = page.expect("a page");
    let token = page.csrf();
    let answer = [("csrf", &*token), ("code", code), ("decision", "approve")];
    let approved = person.post_form("/device-login", &answer);
    assert_eq!(approved.expect("a page").status, 200);

    server.kill();
    let mut server = Server::start(&database, PUBLIC);
    program.moved_to(&server.address);
    let grant = "urn:ietf:params:oauth:grant-type:device_code";
    let device = asked["device_code"].as_str().expect("a code");
    let form = [
        ("grant_type", grant),
        ("client_id", id),
        ("device_code", device),
    ];
    let first = tokens(&mut program, &form);
    assert_eq!(first.status, 200, "{}", first.text());
    let first = json_of(&first);

    server.kill();
    let server = Server::start(&database, PUBLIC);
    program.moved_to(&server.address);
    program.set_bearer(first["access_token"].as_str().expect("a token"));
    assert_eq!(status(&mut program), 200);
    let refresh = first["refresh_token"].as_str().expect("one");
    let form = [
        ("grant_type", "refresh_token"),
        ("client_id", id),
        ("refresh_token", refresh),
    ];
    let again = || tokens(&mut server.client(), &form).status;
    // Two processes that share what a public client keeps may use it within the same minute.
    assert_eq!((again(), again()), (200, 200));
    assert_eq!(status(&mut program), 200);
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
