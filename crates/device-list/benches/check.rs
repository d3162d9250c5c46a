//! How fast a list is checked, beside the bare limit measured in the same run.
//!
//! `cargo bench -p device-list`. One core, best of several rounds. The bare limit with hashes finds
//! every delimiter, decodes the base64 and digests the same bytes; a second one digests only what a
//! hash's own digest covers, the least that any checker must. With tuples it finds every delimiter.

#![expect(
    clippy::cast_precision_loss,
    reason = "figures for people, far below 2^52"
)]

use std::hint::black_box;
use std::io::Read;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use base64_simd::{AsOut, STANDARD};
use device_list::{
    CheckOptions, Dialect, Event, SampleKind, check, check_slice, check_stream, sample,
};
use memchr::memchr3_iter;
use sha2::{Digest, Sha256};

const ROUNDS: usize = 7;
/// How long each work is repeated in a round.
const AT_LEAST: Duration = Duration::from_millis(250);
const HASH_ROWS: usize = 50_000;
const TUPLE_ROWS: usize = 1_000_000;

/// What is timed: a name and the work.
type Work = (&'static str, fn(&[u8]) -> u64);

fn main() {
    // `cargo bench -p device-list -- tuples slice` runs one group, and of it one line, only.
    let wanted = std::env::args().nth(1).filter(|arg| !arg.starts_with('-'));
    let runs = |name: &str| wanted.as_ref().is_none_or(|wanted| wanted == name);
    if runs("memory") {
        // First, while nothing else has been in memory.
        memory();
    }
    println!(
        "{:<44} {:>8} {:>14}  of each limit",
        "per CPU-second of one core", "GB/s", "rows/s"
    );
    if runs("hashes") {
        let list = list(SampleKind::Hash, HASH_ROWS);
        let works: [Work; 7] = [
            ("limit: split, decode, SHA-256 of all", bare),
            ("limit: split, decode, SHA-256 of content", least),
            ("check_stream, hashes", streamed),
            ("check_slice, hashes", sliced),
            ("check to a list in memory, hashes", in_memory),
            ("reference: read memory", read_memory),
            ("reference: SHA-256 of 4,000-byte pieces", sha256),
        ];
        group(&list, HASH_ROWS, &works);
    }
    if runs("tuples") {
        let list = list(SampleKind::Tuple, TUPLE_ROWS);
        let works: [Work; 4] = [
            ("limit: split", split),
            ("check_stream, tuples", streamed),
            ("check_slice, tuples", sliced),
            ("check to a list in memory, tuples", in_memory),
        ];
        group(&list, TUPLE_ROWS, &works);
    }
}

fn list(kind: SampleKind, rows: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    sample::list(Dialect::PartnerCenter, kind, 1, rows, &mut bytes)
        .expect("memory takes all writes");
    bytes
}

/// Times the best of several rounds of each work, in turns, and prints them beside the limits.
fn group(list: &[u8], rows: usize, works: &[Work]) {
    let only = std::env::args().nth(2).unwrap_or_default();
    let works: Vec<&Work> = works
        .iter()
        .filter(|(name, _)| name.contains(&only))
        .collect();
    let mut best = vec![Duration::MAX; works.len()];
    for _ in 0..ROUNDS {
        for ((_, work), best) in works.iter().copied().zip(&mut best) {
            let start = clock();
            let mut times = 0;
            // The system may tell a thread's time in steps of 4 ms.
            while times == 0 || clock().saturating_sub(start) < AT_LEAST {
                black_box(work(black_box(list)));
                times += 1;
            }
            *best = (clock().saturating_sub(start) / times).min(*best);
        }
    }
    println!("{rows} rows, {} MB", list.len() / 1_000_000);
    let timed = || works.iter().copied().zip(&best);
    let limits: Vec<_> = timed()
        .filter(|((name, _), _)| name.starts_with("limit"))
        .collect();
    for ((name, _), time) in timed() {
        let seconds = time.as_secs_f64();
        let speed = list.len() as f64 / seconds / 1e9;
        print!("{name:<44} {speed:>8.2} {:>14.0}", rows as f64 / seconds);
        for (_, limit) in &limits {
            print!(" {:>5.0} %", 100.0 * limit.as_secs_f64() / seconds);
        }
        println!();
    }
}

/// Time this thread has had on a core, so that other work on the machine counts little; the
/// plain clock where the system does not tell.
fn clock() -> Duration {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds = text.split(' ').next().and_then(|first| first.parse().ok());
    nanoseconds.map_or_else(|| START.elapsed(), Duration::from_nanos)
}

fn streamed(list: &[u8]) -> u64 {
    let mut identified = 0;
    let mut on = |event: Event<'_>| {
        if let Event::Row(row) = event {
            identified += u64::from(row.is_identified());
        }
    };
    let summary =
        check_stream(list, &CheckOptions::default(), &mut on).expect("memory can be read");
    assert!(summary.is_conforming() && identified == summary.rows);
    identified
}

fn sliced(list: &[u8]) -> u64 {
    let mut identified = 0;
    let mut on = |event: Event<'_>| {
        if let Event::Row(row) = event {
            identified += u64::from(row.is_identified());
        }
    };
    let summary = check_slice(list, &CheckOptions::default(), &mut on);
    assert!(summary.is_conforming() && identified == summary.rows);
    identified
}

fn in_memory(list: &[u8]) -> u64 {
    check(list, &CheckOptions::default()).rows.len() as u64
}

/// Split, decode, digest.
fn bare(list: &[u8]) -> u64 {
    split_and_decode(list, |bytes| bytes)
}

/// The same, but of the decoded bytes only those are digested that a hash's own digest covers.
fn least(list: &[u8]) -> u64 {
    split_and_decode(list, |bytes| {
        let length = usize::from(u16::from_le_bytes([bytes[2], bytes[3]]));
        &bytes[..length]
    })
}

fn split_and_decode(list: &[u8], digested: fn(&[u8]) -> &[u8]) -> u64 {
    let mut buffer = vec![0; 3000];
    let (mut from, mut sum) = (0, 0);
    for at in memchr3_iter(b',', b'\n', b'"', list) {
        let field = &list[from..at];
        from = at + 1;
        if field.len() == 4000
            && let Ok(bytes) = STANDARD.decode(field, buffer.as_mut_slice().as_out())
        {
            sum += u64::from(Sha256::digest(digested(bytes))[0]);
        }
    }
    sum
}

fn split(list: &[u8]) -> u64 {
    memchr3_iter(b',', b'\n', b'"', list).fold(0, |sum, at| sum ^ at as u64)
}

fn read_memory(list: &[u8]) -> u64 {
    let (words, _) = list.as_chunks::<8>();
    words
        .iter()
        .fold(0, |sum, word| sum ^ u64::from_le_bytes(*word))
}

fn sha256(list: &[u8]) -> u64 {
    list.chunks(4000)
        .map(|piece| u64::from(Sha256::digest(piece)[0]))
        .sum()
}

/// Checks a million hashed rows that are made while they are read, and prints the memory that took.
fn memory() {
    let before = resident();
    let rows = 1_000_000;
    let source = Endless {
        rows,
        ..Endless::default()
    };
    let summary = check_stream(source, &CheckOptions::default(), &mut |_| {})
        .expect("made-up rows can be read");
    assert_eq!((summary.rows, summary.duplicates), (rows, 0));
    let per_row = peak().saturating_sub(before) * 1024 / rows;
    println!(
        "memory: {rows} hashed rows streamed, {} MiB at the peak over {} MiB before: \
         {per_row} bytes a row in all",
        peak().saturating_sub(before) / 1024,
        before / 1024
    );
}

/// Sample rows, made when they are read.
#[derive(Default)]
struct Endless {
    rows: u64,
    made: u64,
    left: Vec<u8>,
    at: usize,
}

impl Read for Endless {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.at == self.left.len() && self.made < self.rows {
            let device = device_list::SampleDevice::new(1, self.made);
            let header = if self.made == 0 {
                Dialect::PartnerCenter.header()
            } else {
                ""
            };
            let end = if self.made == 0 { "\r\n" } else { "" };
            let text = format!(
                "{header}{end}{},,{},,\r\n",
                device.serial,
                device.hash_text()
            );
            (self.left, self.at, self.made) = (text.into_bytes(), 0, self.made + 1);
        }
        let taken = (&self.left[self.at..]).read(buffer)?;
        self.at += taken;
        Ok(taken)
    }
}

/// Resident memory now, in KiB.
fn resident() -> u64 {
    status("VmRSS:")
}

/// Resident memory at most so far since the last reset, in KiB.
fn peak() -> u64 {
    status("VmHWM:")
}

fn status(name: &str) -> u64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix(name));
    line.and_then(|rest| rest.trim().trim_end_matches(" kB").parse().ok())
        .unwrap_or_default()
}
