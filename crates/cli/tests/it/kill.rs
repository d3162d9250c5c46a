//! `kill -9` of the server at a random moment of an upload: after the next start the upload ends by
//! itself, nothing is lost and nothing happens twice.

use std::collections::HashSet;
use std::thread;
use std::time::{Duration, Instant};

use registration::ids::UploadId;
use registration::organization::OrganizationKind;
use registration::plan::Outcome;
use registration::upload::{UploadRowResult, UploadStatus};

use crate::world::database::Database;
use crate::world::desk::{Ground, Member, PASSWORD};
use crate::world::http::Client;
use crate::world::lists::{draft, list, save};
use crate::world::server::{Server, wait_for_result};
use crate::world::webdriver::PATIENCE;

const ROWS: usize = 20_000;
const CHUNK_ROWS: usize = 250;
const SERVE: [&str; 4] = ["--upload-rows", "50000", "--chunk-rows", "250"];

/// What a kill interrupted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Interrupted {
    /// The saving: nobody was told that it was saved.
    Saving,
    /// The work on it.
    Working,
    /// Nothing: it had ended.
    Nothing,
}

/// A database, its people, and how long saving takes when nobody interrupts it.
struct Scene {
    database: Database,
    ground: Ground,
    partner: Member,
    customer: Member,
    saving: Duration,
    seed: u64,
}

#[test]
fn ten_kills_lose_nothing_on_sqlite() {
    // The lease of a killed worker is ten seconds: four databases wait for theirs side by side.
    let interrupted = side_by_side(&[3, 3, 2, 2], Database::sqlite);
    println!("interrupted: {interrupted:?}");
    assert_eq!(interrupted.len(), 10);
    assert!(
        interrupted.contains(&Interrupted::Working),
        "{interrupted:?}"
    );
}

#[test]
fn kills_lose_nothing_on_postgres() {
    let interrupted = side_by_side(&[2, 2], Database::postgres);
    println!("interrupted: {interrupted:?}");
    assert_eq!(interrupted.len(), 4);
    assert!(
        interrupted.contains(&Interrupted::Working),
        "{interrupted:?}"
    );
}

fn side_by_side(kills: &[u64], database: fn() -> Database) -> Vec<Interrupted> {
    thread::scope(|scope| {
        let scenes: Vec<_> = (0u64..)
            .zip(kills)
            .map(|(n, kills)| scope.spawn(move || kill_again_and_again(database(), n + 1, *kills)))
            .collect();
        scenes
            .into_iter()
            .flat_map(|scene| scene.join().expect("nothing is lost"))
            .collect()
    })
}

fn kill_again_and_again(database: Database, number: u64, kills: u64) -> Vec<Interrupted> {
    let scene = Scene::set(database, number * 100);
    let mut interrupted = Vec::new();
    for round in 1..=kills {
        interrupted.push(scene.kill_once(round));
    }
    let devices = scene.ground.devices(&scene.customer);
    let serials: HashSet<_> = devices
        .iter()
        .filter_map(|device| device.serial.clone())
        .collect();
    let expected = (kills as usize + 1) * ROWS;
    assert_eq!(
        (devices.len(), serials.len()),
        (expected, expected),
        "every device once"
    );
    interrupted
}

impl Scene {
    /// Lays the ground, and measures an upload that is left in peace.
    fn set(database: Database, seed: u64) -> Self {
        let ground = Ground::lay(&database.url());
        let partner = ground.organization(OrganizationKind::Partner, "Contoso");
        let customer = ground.organization(OrganizationKind::Customer, "Northwind");
        ground.consent(&partner, &customer);
        let mut scene = Self {
            database,
            ground,
            partner,
            customer,
            saving: Duration::ZERO,
            seed,
        };
        let server = scene.serve();
        let mut client = scene.sign_in(&server);
        let (upload, csrf) = scene.browse(&mut client, 0);
        let started = Instant::now();
        save(&mut client, upload, &csrf)
            .expect("an answer")
            .location();
        scene.saving = started.elapsed();
        wait_for_result(&mut client, &format!("/uploads/{upload}"));
        scene.check(upload);
        scene
    }

    fn serve(&self) -> Server {
        Server::start(&self.database.url(), &SERVE)
    }

    fn sign_in(&self, server: &Server) -> Client {
        server.signed_in(&self.partner.email, PASSWORD)
    }

    /// A draft of 20,000 devices that are new in this round, and the token to save it with.
    fn browse(&self, client: &mut Client, round: u64) -> (UploadId, String) {
        let list = list(self.seed + round, ROWS);
        let upload = draft(client, self.customer.organization(), &list).expect("an answer");
        let page = client
            .get(&format!("/uploads/{upload}/check"))
            .expect("an answer");
        (upload, page.csrf())
    }

    /// Saves an upload, kills the server somewhere in between, starts it again and waits.
    fn kill_once(&self, round: u64) -> Interrupted {
        let mut server = self.serve();
        let mut client = self.sign_in(&server);
        let (upload, csrf) = self.browse(&mut client, round);
        let mut saver = client.clone();
        let token = csrf.clone();
        let saving = thread::spawn(move || save(&mut saver, upload, &token));
        self.wait_for_the_moment(upload);
        server.kill();
        let answer = saving.join().expect("the client lives");
        let acknowledged = answer.is_ok_and(|answer| answer.status == 303);
        let interrupted = self.interrupted(upload, acknowledged);

        let server = self.serve();
        client.moved_to(&server.address);
        if !acknowledged {
            // What a person does who got no answer: once more. It may have been saved.
            let again = save(&mut client, upload, &csrf).expect("an answer");
            assert_eq!(again.location(), format!("/uploads/{upload}"));
        }
        wait_for_result(&mut client, &format!("/uploads/{upload}"));
        self.check(upload);
        interrupted
    }

    /// One time in five a random moment while it is being saved, else one while it is worked on.
    fn wait_for_the_moment(&self, upload: UploadId) {
        let moment = random_below(1000);
        if moment < 200 {
            thread::sleep(self.saving * moment / 200);
            return;
        }
        let rows = ROWS as u64 * u64::from(moment - 200) / 800;
        let started = Instant::now();
        while started.elapsed() < PATIENCE {
            let saved = self.ground.uploads(&self.partner, &self.customer);
            let known = saved.iter().find(|known| known.id == upload);
            if known.is_some_and(|known| known.counts.decided() >= rows) {
                return;
            }
            thread::sleep(Duration::from_millis(2));
        }
        panic!("the upload does not go on");
    }

    fn interrupted(&self, upload: UploadId, acknowledged: bool) -> Interrupted {
        let saved = self.ground.uploads(&self.partner, &self.customer);
        match saved.iter().find(|known| known.id == upload) {
            None => {
                assert!(!acknowledged, "what was acknowledged is lost");
                Interrupted::Saving
            }
            Some(upload) if upload.status.is_final() => Interrupted::Nothing,
            Some(_) => Interrupted::Working,
        }
    }

    /// Every row registered its device once, and the audit log says each thing once.
    fn check(&self, id: UploadId) {
        let upload = self.ground.upload(&self.partner, id);
        let rows = self.ground.rows(&self.partner, id);
        let odd = |row: &&UploadRowResult| {
            row.result
                .as_ref()
                .is_none_or(|result| result.outcome != Outcome::Registered)
        };
        if let Some(row) = rows.iter().find(odd) {
            panic!("{:?} of {row:?}", upload.counts);
        }
        assert_eq!(upload.status, UploadStatus::Finished);
        assert_eq!(upload.row_count, ROWS as u64);
        assert_eq!(
            upload.counts.of(Outcome::Registered),
            ROWS as u64,
            "{:?}",
            upload.counts
        );
        assert_eq!(upload.counts.decided(), ROWS as u64, "{:?}", upload.counts);
        let devices: HashSet<_> = rows
            .iter()
            .filter_map(|row| row.result.as_ref())
            .filter_map(|result| result.device_id)
            .collect();
        assert_eq!(
            (rows.len(), devices.len()),
            (ROWS, ROWS),
            "a device for each row"
        );
        let activity = self.ground.activity(&self.partner, id);
        let times = |action: &str| activity.iter().filter(|line| line.action == action).count();
        assert_eq!(times("upload.queued"), 1);
        assert_eq!(times("upload.applied"), ROWS.div_ceil(CHUNK_ROWS));
        assert_eq!(times("upload.finished"), 1);
    }
}

fn random_below(limit: u32) -> u32 {
    let mut bytes = [0; 4];
    getrandom::fill(&mut bytes).expect("random bytes");
    u32::from_le_bytes(bytes) % limit
}
