//! Registering devices by their tuples: plan, apply and audit, held against the limit measured in
//! the same run, which is the same device rows and identity keys inserted bare, in the same
//! chunks, with nothing but the primary and unique keys.
//!
//! `cargo bench -p storage --bench register`. `SQLite` always; `PostgreSQL` too when
//! `ENLIST_TEST_POSTGRES` names a server. `ENLIST_BENCH_ROWS` (1,000,000), `ENLIST_BENCH_CHUNK`
//! (20,000) and `ENLIST_BENCH_ONLY` (`sqlite` or `postgres`) change what is run. Rates are printed
//! per million rows, so that a run of ten million shows the growth.

mod bare;
#[expect(dead_code, reason = "shared with the battery, which needs more of it")]
#[path = "../../tests/it/world.rs"]
mod world;

use std::sync::Arc;
use std::time::{Duration, Instant};

use device_list::{SampleDevice, SampleDevices};
use registration::upload::UploadRow;
use storage::Storage;
use storage::uploads::Applied;

use bare::{BarePostgres, BareSqlite, Device};
use world::{Database, START, TAG, World, draft, empty_row, save};

/// Rows after which a rate is printed; also the size of one upload.
const PART: usize = 1_000_000;

struct Setting {
    rows: usize,
    chunk: usize,
}

/// What a part took: wall time, and processor time of this process where the system tells it.
#[derive(Clone, Copy, Default)]
struct Took {
    wall: Duration,
    processor: Duration,
}

/// A moment to measure from.
struct Since {
    wall: Instant,
    processor: Duration,
}

impl Since {
    fn now() -> Self {
        Self {
            wall: Instant::now(),
            processor: processor_time(),
        }
    }

    fn add_to(&self, took: &mut Took) {
        took.wall += self.wall.elapsed();
        took.processor += processor_time().saturating_sub(self.processor);
    }
}

/// Ticks of ten milliseconds, by `/proc`; nothing elsewhere.
fn processor_time() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat
        .rsplit(')')
        .next()
        .unwrap_or_default()
        .split_whitespace();
    let ticks: u64 = fields
        .skip(11)
        .take(2)
        .filter_map(|field| field.parse::<u64>().ok())
        .sum();
    Duration::from_millis(ticks * 10)
}

fn number(name: &str, default: usize) -> usize {
    let text = std::env::var(name).ok();
    text.and_then(|text| text.parse().ok()).unwrap_or(default)
}

#[tokio::main]
async fn main() {
    let setting = Setting {
        rows: number("ENLIST_BENCH_ROWS", PART),
        chunk: number("ENLIST_BENCH_CHUNK", 20_000),
    };
    let only = std::env::var("ENLIST_BENCH_ONLY").unwrap_or_default();
    println!(
        "{} rows in chunks of {}, tag {TAG}",
        setting.rows, setting.chunk
    );
    if only.is_empty() || only == "sqlite" {
        on_sqlite(&setting).await;
    }
    if std::env::var_os("ENLIST_TEST_POSTGRES").is_some() && only != "sqlite" {
        on_postgres(&setting).await;
    }
}

async fn on_sqlite(setting: &Setting) {
    let folder = tempfile::tempdir().expect("a folder for the databases");
    let url = format!("sqlite:{}", folder.path().join("registry.db").display());
    let store = storage::open(&url).await.expect("opens");
    let bare = Bare::Sqlite(BareSqlite::create(&folder.path().join("bare.db")));
    Bench::start(store, bare).await.run("sqlite", setting).await;
}

async fn on_postgres(setting: &Setting) {
    let (database, beside) = (Database::create().await, Database::create().await);
    let store = storage::open(&database.url).await.expect("opens");
    let bare = Bare::Postgres(BarePostgres::create(&beside.url).await);
    Bench::start(store, bare)
        .await
        .run("postgres", setting)
        .await;
    database.drop().await;
    beside.drop().await;
}

/// The limit on one of the two.
enum Bare {
    Sqlite(BareSqlite),
    Postgres(BarePostgres),
}

impl Bare {
    async fn insert(&mut self, devices: &[Device]) {
        match self {
            Self::Sqlite(bare) => bare.insert(devices),
            Self::Postgres(bare) => bare.insert(devices).await,
        }
    }
}

/// A registry with a partner that a customer consented to, and the limit beside it.
struct Bench {
    world: World,
    bare: Bare,
    /// Since the start: every chunk has a moment of its own.
    seconds: i64,
}

impl Bench {
    async fn start(store: Arc<dyn Storage>, bare: Bare) -> Self {
        store.migrate(START).await.expect("migrates");
        let world = World::new(store).await;
        world.consent(&world.partner, &world.customer, None).await;
        Self {
            world,
            bare,
            seconds: 0,
        }
    }

    async fn run(mut self, backend: &str, setting: &Setting) {
        for from in (0..setting.rows).step_by(PART) {
            let count = PART.min(setting.rows - from);
            let devices: Vec<_> = SampleDevices::new(77).skip(from).take(count).collect();
            let total = from + count;
            let [bare, save, apply] = self.part(&devices, setting.chunk).await;
            println!("{backend}, {count} rows, then {total}:");
            tell("bare", count, bare, bare);
            tell("register", count, apply, bare);
            let both = Took {
                wall: save.wall + apply.wall,
                processor: save.processor + apply.processor,
            };
            tell("register, with saving the list", count, both, bare);
        }
    }

    /// One upload, chunk by chunk in turn with the limit, so that both see the same machine.
    async fn part(&mut self, devices: &[SampleDevice], chunk: usize) -> [Took; 3] {
        let [mut bare, mut save_took, mut apply] = [Took::default(); 3];
        let (partner, customer) = (&self.world.partner, &self.world.customer);
        let (store, scope) = (&self.world.store, partner.scope());
        let upload = draft(partner, customer, 0);
        store
            .keep_draft(&scope, upload.clone(), Vec::new())
            .await
            .expect("keeps");
        let rows: Vec<_> = (1..)
            .zip(devices)
            .map(|(n, device)| row(n, device))
            .collect();
        let save = save(upload.id, &rows, chunk);
        drop(rows);
        let since = Since::now();
        store
            .save_upload(&scope, &partner.act(), save)
            .await
            .expect("saves");
        since.add_to(&mut save_took);
        for devices in devices.chunks(chunk) {
            self.seconds += 1;
            let devices = bare::chunk(devices, self.seconds);
            let since = Since::now();
            self.bare.insert(&devices).await;
            since.add_to(&mut bare);
            let since = Since::now();
            let applied = store
                .apply_next_chunk(&partner.act_at(self.seconds), upload.id)
                .await;
            since.add_to(&mut apply);
            if let Applied::Finished(upload) = applied.expect("applies") {
                assert_eq!(upload.counts.failed(), 0, "every device is free");
            }
        }
        [bare, save_took, apply]
    }
}

fn row(number: u64, device: &SampleDevice) -> UploadRow {
    UploadRow {
        manufacturer: device.manufacturer.as_str().to_owned(),
        model: device.model.as_str().to_owned(),
        serial: device.serial.as_str().to_owned(),
        ..empty_row(number)
    }
}

fn tell(what: &str, count: usize, took: Took, limit: Took) {
    let count = u32::try_from(count).map_or(f64::NAN, f64::from);
    let rate = count / took.wall.as_secs_f64();
    let share = |limit: Duration, took: Duration| 100.0 * limit.as_secs_f64() / took.as_secs_f64();
    println!(
        "  {what}: {rate:.0} rows/s, {:.0} % of bare; processor {:.2} s, {:.0} % of bare",
        share(limit.wall, took.wall),
        took.processor.as_secs_f64(),
        share(limit.processor, took.processor),
    );
}
