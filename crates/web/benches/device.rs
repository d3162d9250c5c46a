//! How fast a device gets its profile over HTTP, with a million devices in `SQLite`, held against a
//! handler on the same server that reads the same request bodies and answers a constant
//! (design, section 6: at least half of it).
//!
//! `cargo bench -p web --bench device`. `ENLIST_BENCH_DEVICES` sets the number of devices (1,000,000).
//!
//! The registry is filled through the real path: lists that a partner saves, applied by the job
//! runner. Every tenth list is one of hashes, the others are of tuples, so most asks find their
//! device by the tuple inside the hash: the longer way. Each body is the hash of another machine,
//! picked at random, so the notes of who asked are written meanwhile, too. The load comes from a
//! thread of its own over kept-alive connections on the loopback.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use axum::body::Bytes;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::post;
use device_list::Dialect;
use device_list::sample::{SampleDevice, SampleKind};
use device_list::write_rows;
use registration::clock::{Clock, Timestamp};
use registration::ids::{Entropy, OrganizationId};
use registration::organization::OrganizationKind;
use service::consent::InvitationForm;
use service::jobs::JobRunner;
use service::organizations::OrganizationForm;
use service::people::PersonForm;
use service::register::ListFile;
use service::{Caller, Desk, Limits};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const SEED: u64 = 2026;
const LIST: u64 = 50_000;
const BODIES: u64 = 50_000;
const CONNECTIONS: usize = 64;
const WARM_UP: Duration = Duration::from_secs(2);
const MEASURED: Duration = Duration::from_secs(5);
const ROUNDS: usize = 3;
const PASSWORD: &str = "correct horse battery staple";
const TAG: &str = "Microsoft365Managed_Standard";
/// As long as a real answer.
const CONSTANT: &str = include_str!("constant.json");

struct WallClock;

impl Clock for WallClock {
    #[expect(clippy::disallowed_methods, reason = "a bench measures real time")]
    fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        let micros = since.map_or(0, |since| since.as_micros());
        Timestamp(i64::try_from(micros).unwrap_or(i64::MAX))
    }
}

struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("the operating system gives random bytes");
    }
}

fn main() {
    let devices = std::env::var("ENLIST_BENCH_DEVICES")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(1_000_000);
    let folder = tempfile::tempdir().expect("a folder for the database");
    let path = folder.path().join("bench.db");
    let server = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("the server's threads");
    let address = server.block_on(async {
        let desk = open(&format!("sqlite:{}", path.display())).await;
        fill(&desk, devices).await;
        serve(desk).await
    });
    let constant = requests("/constant", devices);
    let profile = requests("/device/profile", devices);
    println!("{devices} devices, {CONNECTIONS} connections, median of {ROUNDS} rounds");
    compare("kept connections", address, [&constant, &profile], true);
    compare(
        "a connection for each ask",
        address,
        [&constant, &profile],
        false,
    );
}

/// Turn by turn, so that what else the machine does meets both.
fn compare(how: &str, address: SocketAddr, requests: [&Arc<Vec<Vec<u8>>>; 2], keep: bool) {
    let mut rounds = [Vec::new(), Vec::new()];
    for _ in 0..ROUNDS {
        for (requests, rounds) in requests.iter().zip(&mut rounds) {
            rounds.push(load(address, requests, keep));
        }
    }
    let [constant, asked] = rounds.map(median);
    println!("{how}:");
    for (name, round) in [("constant", &constant), ("profile", &asked)] {
        println!(
            "  {name:<9} {:>9.0} requests/s   p50 {:>6} us   p99 {:>6} us",
            round.per_second, round.p50, round.p99
        );
    }
    let ratio = asked.per_second / constant.per_second * 100.0;
    println!("  profile / constant: {ratio:.0} % (target: at least 50 %)");
}

async fn open(url: &str) -> Arc<Desk> {
    let storage = storage::open(url).await.expect("a database");
    storage
        .migrate(WallClock.now())
        .await
        .expect("the migrations apply");
    let limits = Limits {
        upload_rows: LIST,
        upload_bytes: 1 << 30,
        chunk_rows: 10_000,
        ..Limits::default()
    };
    Desk::new(
        storage,
        Arc::new(WallClock),
        Arc::new(SystemEntropy),
        limits,
    )
}

/// A partner and a customer who consents, and the devices that the partner registers for it.
async fn fill(desk: &Arc<Desk>, devices: u64) {
    let link = desk.offer_set_up().await.expect("a link");
    let form = organization("operator");
    let set_up = desk.set_up(&link, &form, PASSWORD, desk.request_id()).await;
    set_up.expect("the service is set up");
    let operator = sign_in(desk, "operator").await;
    let partner = member(desk, &operator, OrganizationKind::Partner, "partner").await;
    let customer = member(desk, &operator, OrganizationKind::Customer, "customer").await;
    let form = InvitationForm {
        customer_label: "customer".to_owned(),
        ..Default::default()
    };
    let token = desk
        .invite(&partner, &form)
        .await
        .expect("an invitation")
        .token;
    let accepted = desk.accept_invitation(&customer, &token, true, "").await;
    accepted.expect("the customer consents");

    let (_stop, stopped) = tokio::sync::watch::channel(false);
    let runner = JobRunner::new(Arc::clone(desk), stopped);
    let started = Instant::now();
    for first in (0..devices).step_by(LIST as usize) {
        let count = LIST.min(devices - first);
        let file = list(first, count);
        register(desk, &partner, customer.organization.id, file).await;
        runner.work_off().await.expect("the jobs run");
    }
    let seconds = started.elapsed().as_secs_f64();
    println!("filled with {devices} devices in {seconds:.1} s");
}

async fn register(desk: &Desk, partner: &Caller, customer: OrganizationId, file: ListFile) {
    let draft = desk.browse(partner, customer, TAG, file).await;
    let draft = draft.expect("the list is read");
    desk.save(partner, draft).await.expect("the list is saved");
}

/// Every tenth list carries hashes, the others tuples.
fn list(first: u64, count: u64) -> ListFile {
    let kind = if (first / LIST).is_multiple_of(10) {
        SampleKind::Hash
    } else {
        SampleKind::Tuple
    };
    let rows: Vec<_> = (first..first + count)
        .filter_map(|n| SampleDevice::new(SEED, n).cells(Dialect::PartnerCenter, kind))
        .collect();
    ListFile {
        name: format!("{first}.csv"),
        bytes: write_rows(Dialect::PartnerCenter, &rows),
    }
}

fn organization(name: &str) -> OrganizationForm {
    OrganizationForm {
        name: name.to_owned(),
        domain: format!("{name}.example"),
        administrator: PersonForm {
            email: format!("admin@{name}.example"),
            name: name.to_owned(),
        },
    }
}

async fn member(desk: &Desk, operator: &Caller, kind: OrganizationKind, name: &str) -> Caller {
    let made = desk
        .create_organization(operator, kind, &organization(name))
        .await;
    let (_, link) = made.expect("the organization is created");
    let set = desk.set_password(&link, PASSWORD, desk.request_id()).await;
    set.expect("the password is set");
    sign_in(desk, name).await
}

async fn sign_in(desk: &Desk, name: &str) -> Caller {
    let email = format!("admin@{name}.example");
    let session = desk.sign_in(&email, PASSWORD, desk.request_id()).await;
    let caller = desk
        .caller(&session.expect("signed in"), desk.request_id())
        .await;
    caller.expect("the session holds")
}

/// The service as `enlist serve` runs it, with the job runner beside it, and the constant handler
/// outside of all our layers: the limit.
async fn serve(desk: Arc<Desk>) -> SocketAddr {
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let runner = JobRunner::new(Arc::clone(&desk), stopped);
    tokio::spawn(async move {
        let _held_while_it_runs = stop;
        runner.run().await;
    });
    let router = web::router(web::Portal {
        desk,
        public_url: "http://registry.example".to_owned(),
        calls: web::CallAllowance::default(),
        partner_center: web::PartnerCenter::default(),
    });
    let router = router.route("/constant", post(constant));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("a bound address");
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, service).await });
    address
}

async fn constant(body: Bytes) -> impl IntoResponse {
    std::hint::black_box(&body);
    ([(header::CONTENT_TYPE, "application/json")], CONSTANT)
}

/// Whole requests, each with the hash of another device.
fn requests(path: &str, devices: u64) -> Arc<Vec<Vec<u8>>> {
    let mut random = SEED;
    let pick = |_| {
        random = random
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        let device = SampleDevice::new(SEED, (random >> 33) % devices);
        let body = format!("{{\"hardwareHash\":\"{}\"}}", device.hash_text());
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: registry.example\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        [head.as_bytes(), body.as_bytes()].concat()
    };
    Arc::new((0..BODIES.min(devices)).map(pick).collect())
}

struct Round {
    per_second: f64,
    /// Microseconds.
    p50: u32,
    p99: u32,
}

/// Sends from a thread of its own for a while.
fn load(address: SocketAddr, requests: &Arc<Vec<Vec<u8>>>, keep: bool) -> Round {
    let requests = Arc::clone(requests);
    let thread = std::thread::spawn(move || {
        let client = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        client
            .expect("the load's runtime")
            .block_on(load_here(address, requests, keep))
    });
    thread.join().expect("the load ran")
}

async fn load_here(address: SocketAddr, requests: Arc<Vec<Vec<u8>>>, keep: bool) -> Round {
    let next = Arc::new(AtomicUsize::new(0));
    let measuring = Arc::new(AtomicBool::new(false));
    let over = Arc::new(AtomicBool::new(false));
    let senders: Vec<_> = (0..CONNECTIONS)
        .map(|_| {
            let requests = Arc::clone(&requests);
            let (next, measuring, over) =
                (Arc::clone(&next), Arc::clone(&measuring), Arc::clone(&over));
            tokio::spawn(async move {
                let mut stream = connect(address).await;
                let mut times = Vec::new();
                let mut buffer = Vec::with_capacity(8192);
                while !over.load(Ordering::Relaxed) {
                    let n = next.fetch_add(1, Ordering::Relaxed) % requests.len();
                    let started = Instant::now();
                    if !keep {
                        stream = connect(address).await;
                    }
                    stream
                        .write_all(&requests[n])
                        .await
                        .expect("the request is sent");
                    read_answer(&mut stream, &mut buffer).await;
                    if measuring.load(Ordering::Relaxed) {
                        times.push(started.elapsed().as_micros() as u32);
                    }
                }
                times
            })
        })
        .collect();
    tokio::time::sleep(WARM_UP).await;
    measuring.store(true, Ordering::Relaxed);
    let started = Instant::now();
    tokio::time::sleep(MEASURED).await;
    measuring.store(false, Ordering::Relaxed);
    let seconds = started.elapsed().as_secs_f64();
    over.store(true, Ordering::Relaxed);
    let mut times = Vec::new();
    for sender in senders {
        times.extend(sender.await.expect("the sender ended"));
    }
    times.sort_unstable();
    Round {
        per_second: f64::from(times.len() as u32) / seconds,
        p50: times[times.len() / 2],
        p99: times[times.len() * 99 / 100],
    }
}

/// A connection that leaves nothing behind when it is dropped: waiting ends would run out of ports.
async fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).await.expect("a connection");
    stream.set_nodelay(true).expect("an option");
    stream.set_zero_linger().expect("an option");
    stream
}

/// Reads one answer to its end; anything but a 200 is a mistake of the bench.
async fn read_answer(stream: &mut TcpStream, buffer: &mut Vec<u8>) {
    buffer.clear();
    loop {
        let read = stream.read_buf(buffer).await.expect("an answer");
        assert!(read > 0, "the server hung up");
        let Some(end) = find(buffer, b"\r\n\r\n") else {
            continue;
        };
        assert!(
            buffer.starts_with(b"HTTP/1.1 200"),
            "{}",
            String::from_utf8_lossy(buffer)
        );
        let name = b"content-length: ";
        let at = find(&buffer[..end], name).expect("a length") + name.len();
        let digits = buffer[at..].iter().take_while(|byte| byte.is_ascii_digit());
        let length = digits.fold(0, |sum, digit| sum * 10 + usize::from(digit - b'0'));
        while buffer.len() < end + 4 + length {
            let read = stream.read_buf(buffer).await.expect("the rest");
            assert!(read > 0, "the server hung up");
        }
        return;
    }
}

fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    text.windows(part.len()).position(|window| window == part)
}

fn median(mut rounds: Vec<Round>) -> Round {
    rounds.sort_by(|a, b| a.per_second.total_cmp(&b.per_second));
    rounds.swap_remove(rounds.len() / 2)
}
