//! Twenty uploads of the same 500 devices at once, by two partners for two customers: every device
//! ends with exactly one owner and every row with exactly one outcome, on both databases.

use std::collections::{HashMap, HashSet};
use std::sync::Barrier;
use std::thread;

use registration::ids::UploadId;
use registration::organization::OrganizationKind;
use registration::plan::Outcome;

use crate::world::database::Database;
use crate::world::desk::{Ground, Member, PASSWORD};
use crate::world::http::Client;
use crate::world::lists::{draft, list, rotated, save};
use crate::world::server::{Server, wait_for_result};

const DEVICES: usize = 500;
const UPLOADS: usize = 20;

/// One of the twenty.
struct Sent {
    party: usize,
    id: UploadId,
    failed_rows: usize,
}

#[test]
fn twenty_parallel_uploads_leave_one_owner_per_device_on_sqlite() {
    upload_all_at_once(&Database::sqlite());
}

#[test]
fn twenty_parallel_uploads_leave_one_owner_per_device_on_postgres() {
    upload_all_at_once(&Database::postgres());
}

fn upload_all_at_once(database: &Database) {
    let ground = Ground::lay(&database.url());
    let partners =
        ["Contoso", "Fabrikam"].map(|name| ground.organization(OrganizationKind::Partner, name));
    let customers =
        ["Northwind", "Tailspin"].map(|name| ground.organization(OrganizationKind::Customer, name));
    for partner in &partners {
        for customer in &customers {
            ground.consent(partner, customer);
        }
    }
    let server = Server::start(&database.url(), &["--chunk-rows", "50"]);
    let clients = partners
        .each_ref()
        .map(|partner| server.signed_in(&partner.email, PASSWORD));
    let devices = list(20, DEVICES);
    let barrier = Barrier::new(UPLOADS);
    let sent: Vec<Sent> = thread::scope(|scope| {
        let running: Vec<_> = (0..UPLOADS)
            .map(|n| {
                let (party, customer) = (n % 2, &customers[n / 2 % 2]);
                let list = rotated(&devices, n * DEVICES / UPLOADS);
                let client = clients[party].clone();
                let barrier = &barrier;
                scope.spawn(move || send(client, party, customer, &list, barrier))
            })
            .collect();
        running
            .into_iter()
            .map(|thread| thread.join().expect("an upload that ends"))
            .collect()
    });
    let registered: usize = sent
        .iter()
        .map(|one| outcomes(&ground, &partners, one))
        .sum();
    assert_eq!(registered, DEVICES, "each device is registered once");
    one_owner_each(&ground, &customers);
}

/// Browse, then save at the same moment as the others, then wait for the end.
fn send(
    mut client: Client,
    party: usize,
    customer: &Member,
    list: &[u8],
    barrier: &Barrier,
) -> Sent {
    let id = draft(&mut client, customer.organization(), list).expect("an answer");
    let page = client
        .get(&format!("/uploads/{id}/check"))
        .expect("an answer");
    assert_eq!(page.status, 200, "{}", page.text());
    let csrf = page.csrf();
    barrier.wait();
    let saved = save(&mut client, id, &csrf).expect("an answer");
    assert_eq!(saved.status, 303, "{}", saved.text());
    wait_for_result(&mut client, &format!("/uploads/{id}"));
    let failed = client
        .get(&format!("/uploads/{id}/failed.csv"))
        .expect("an answer");
    assert_eq!(failed.status, 200, "{}", failed.text());
    let failed_rows = failed.text().lines().count().saturating_sub(1);
    Sent {
        party,
        id,
        failed_rows,
    }
}

/// Every row has one outcome that fits; the answer is how many devices this upload registered.
fn outcomes(ground: &Ground, partners: &[Member; 2], sent: &Sent) -> usize {
    let party = &partners[sent.party];
    let upload = ground.upload(party, sent.id);
    let rows = ground.rows(party, sent.id);
    let numbers: HashSet<_> = rows.iter().map(|row| row.row.number).collect();
    assert_eq!(
        (rows.len(), numbers.len()),
        (DEVICES, DEVICES),
        "one outcome for each row"
    );
    let mut counts: HashMap<Outcome, usize> = HashMap::new();
    for row in &rows {
        let result = row.result.as_ref().expect("a row with its outcome");
        *counts.entry(result.outcome).or_default() += 1;
    }
    let of = |outcome| counts.get(&outcome).copied().unwrap_or_default();
    let known = [
        Outcome::Registered,
        Outcome::AlreadyRegistered,
        Outcome::RegisteredElsewhere,
    ];
    assert_eq!(
        known.into_iter().map(of).sum::<usize>(),
        DEVICES,
        "{counts:?}"
    );
    for outcome in known {
        assert_eq!(upload.counts.of(outcome), of(outcome) as u64, "{outcome:?}");
    }
    assert_eq!(
        sent.failed_rows,
        of(Outcome::RegisteredElsewhere),
        "rows of failed.csv"
    );
    of(Outcome::Registered)
}

fn one_owner_each(ground: &Ground, customers: &[Member; 2]) {
    let serials: Vec<String> = customers
        .iter()
        .flat_map(|customer| ground.devices(customer))
        .filter_map(|device| device.serial)
        .collect();
    let distinct: HashSet<_> = serials.iter().collect();
    assert_eq!(
        (serials.len(), distinct.len()),
        (DEVICES, DEVICES),
        "one owner for each device"
    );
}
