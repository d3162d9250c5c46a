//! `kill -9` of the server in the middle of an import of hashes through the Graph API: after the next
//! start every identity that was acknowledged ends in a final state, and every device is there once;
//! the call that got no answer is sent again and makes no device a second time.

use std::collections::{BTreeMap, HashSet};
use std::thread;
use std::time::Duration;

use device_list::sample::SampleDevice;
use registration::organization::OrganizationKind;
use serde_json::{Value, json};

use crate::api_client::{PUBLIC, json_of, printed, program};
use crate::support::Scratch;
use crate::world::database::Database;
use crate::world::desk::{Ground, Member};
use crate::world::http::Client;
use crate::world::server::Server;
use crate::world::webdriver::until;

const IDENTITIES: &str = "/beta/deviceManagement/importedWindowsAutopilotDeviceIdentities";
/// Calls that would be made, and the devices of each.
const CALLS: usize = 30;
const DEVICES: usize = 50;
/// Calls that must be acknowledged before the kill.
const BEFORE: usize = 6;

#[test]
fn an_import_goes_on_after_a_kill_on_sqlite() {
    killed(&Database::sqlite());
}

#[test]
fn an_import_goes_on_after_a_kill_on_postgres() {
    killed(&Database::postgres());
}

fn killed(database: &Database) {
    let url = database.url();
    let ground = Ground::lay(&url);
    let customer = ground.organization(OrganizationKind::Customer, "Contoso");
    // A few rows a transaction: there is much to do when the server is killed.
    let options = [PUBLIC, &["--chunk-rows", "5"]].concat();
    let mut server = Server::start(&url, &options);
    let mut client = script(&url, &customer, &server);

    let mut sender = client.clone();
    let sending = thread::spawn(move || send_until_it_breaks_off(&mut sender));
    until("some of it is done", || {
        let (all, done) = counted(&mut client)?;
        if all >= BEFORE * DEVICES && done > 0 {
            Ok(())
        } else {
            Err(format!("{done} of {all}"))
        }
    });
    thread::sleep(Duration::from_millis(u64::from(std::process::id() % 40)));
    server.kill();
    let acknowledged = sending.join().expect("the script lives");
    let calls = acknowledged.len() / DEVICES;
    assert!(
        (BEFORE..CALLS).contains(&calls),
        "{calls} calls were acknowledged"
    );

    let server = Server::start(&url, &options);
    client.moved_to(&server.address);
    let (all, done) = counted(&mut client).expect("the server answers");
    assert!(done < all, "all {all} were done before it was killed");
    // What a script does that got no answer: once more. It may have been taken.
    let again = import(&mut client, calls).expect("the server answers");
    let ended = until("every identity is final", || {
        let known = identities(&mut client)?;
        let open = known.values().filter(|item| status(item) == "unknown");
        match open.count() {
            0 => Ok(known),
            open => Err(format!("{open} are open")),
        }
    });
    for id in &acknowledged {
        let known = ended.get(id).expect("what was acknowledged is there");
        assert_eq!(status(known), "complete", "{known}");
    }
    let mut registered = HashSet::new();
    for item in ended.values().filter(|item| status(item) == "complete") {
        let device = item["state"]["deviceRegistrationId"].as_str();
        assert!(registered.insert(device.expect("an id")), "twice: {item}");
    }
    for id in &again {
        let known = &ended[id];
        let name = known["state"]["deviceErrorName"].as_str();
        let taken = (status(known), name) == ("error", Some("ZtdDeviceAlreadyAssigned"));
        assert!(status(known) == "complete" || taken, "{known}");
    }
    let devices = ground.devices(&customer);
    let serials: HashSet<_> = devices.iter().filter_map(|d| d.serial.as_ref()).collect();
    let expected = (calls + 1) * DEVICES;
    assert_eq!(
        (devices.len(), serials.len(), registered.len()),
        (expected, expected, expected),
        "every device once"
    );
}

/// A program of the customer's that calls with a token.
fn script(url: &str, customer: &Member, server: &Server) -> Client {
    let scratch = Scratch::new();
    let mut add = vec!["admin", "client", "add", "--name", "Imports"];
    add.extend(["--as", &customer.email, "--database", url]);
    add.extend(["--role", "global_administrator"]);
    add.extend(["--scope", "devices.read", "--scope", "devices.register"]);
    let added = scratch.enlist(&add);
    assert_eq!(added.code, 0, "{}", added.err);
    program(
        server,
        printed(&added, "client id"),
        printed(&added, "secret"),
    )
}

/// Imports call after call until one gets no answer; the ids that were acknowledged.
fn send_until_it_breaks_off(client: &mut Client) -> Vec<String> {
    let calls = (0..CALLS).map_while(|call| import(client, call).ok());
    calls.flatten().collect()
}

/// One call of `/import`; the ids of its identities.
fn import(client: &mut Client, call: usize) -> std::io::Result<Vec<String>> {
    let device = |n: usize| SampleDevice::new(91, (call * DEVICES + n) as u64);
    let identity = |n: usize| {
        json!({
            "hardwareIdentifier": device(n).hash_text(),
            "groupTag": "Lab",
            "importId": format!("{call}-{n}"),
        })
    };
    let items: Vec<_> = (0..DEVICES).map(identity).collect();
    let body = json!({ "importedWindowsAutopilotDeviceIdentities": items });
    let answer = client.post_json(&format!("{IDENTITIES}/import"), &body)?;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let made = json_of(&answer);
    let made = made["value"].as_array().expect("a list");
    assert_eq!(made.len(), DEVICES);
    Ok(made.iter().map(id).collect())
}

fn id(item: &Value) -> String {
    item["id"].as_str().expect("an id").to_owned()
}

fn status(item: &Value) -> &str {
    let status = item["state"]["deviceImportStatus"].as_str();
    status.expect("a status")
}

/// Identities, and how many of them are final.
fn counted(client: &mut Client) -> Result<(usize, usize), String> {
    let all = identities(client)?;
    let done = all.values().filter(|item| status(item) != "unknown");
    Ok((all.len(), done.count()))
}

/// All identities by their ids; none is listed twice.
fn identities(client: &mut Client) -> Result<BTreeMap<String, Value>, String> {
    let mut all = BTreeMap::new();
    let mut next = Some(format!("{IDENTITIES}?$top=1000"));
    while let Some(path) = next {
        let answer = client.get(&path).map_err(|error| error.to_string())?;
        assert_eq!(answer.status, 200, "{}", answer.text());
        let page = json_of(&answer);
        for item in page["value"].as_array().expect("a list") {
            assert!(
                all.insert(id(item), item.clone()).is_none(),
                "twice: {item}"
            );
        }
        let link = page["@odata.nextLink"].as_str();
        next = link.map(|link| link.trim_start_matches(PUBLIC[1]).to_owned());
    }
    Ok(all)
}
