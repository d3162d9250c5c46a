//! The memory that `enlist check` takes as a process. The lists are made while they are read, so
//! they may be of any size; Linux tells the peak of the resident set (`VmHWM`).

use std::fs;
use std::io::{BufWriter, Read, Write};
use std::process::{Child, Stdio};
use std::thread;
use std::time::Duration;

use device_list::{Dialect, HardwareHash, SampleDevice};
use serde_json::Value;

use crate::support::Scratch;

const MIB: u64 = 1024 * 1024;

/// What a check may take with up to a million hashed rows.
const MOST: u64 = 64 * MIB;

/// The rows of the long test: 4 GB of text.
const MANY: u64 = 1_000_000;

/// The rows of the others: 80 MB of text, 160 MB as UTF-16.
const SOME: u64 = 20_000;

/// The lines of those that are short.
const LINES: u64 = 300_000;

/// How a list is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Plain,
    Utf16,
    /// Every cell in quotes: each row is repaired.
    Quoted,
    /// No hash fits its checksum: each row has an error.
    Altered,
}

/// What a check said, and the memory it took.
struct Checked {
    summary: Value,
    /// Bytes of text that it read.
    text: u64,
    /// Peak when a tenth was read, in bytes.
    early: u64,
    /// Peak at the end.
    peak: u64,
}

#[test]
fn memory_does_not_grow_with_the_text() {
    for form in [Form::Plain, Form::Utf16, Form::Quoted, Form::Altered] {
        let checked = check(SOME, form);
        assert_eq!(checked.summary["rows"], SOME, "{form:?}");
        let identified = if form == Form::Altered { 0 } else { SOME };
        assert_eq!(checked.summary["identified"], identified, "{form:?}");
        assert_little(&checked, form, 32 * MIB);
        // What tells devices apart grows, by the keys of a row and not by its text.
        let grown = checked.peak - checked.early;
        assert!(grown < 8 * MIB, "{form:?}: {grown} more bytes");
    }
}

/// Where nearly every line has something to tell, little may wait for its turn.
#[test]
fn memory_does_not_grow_with_what_there_is_to_tell() {
    let header = "Manufacturer,Model,Serial Number\n";
    for (what, line) in [
        ("blank lines", "\n"),
        ("serial numbers alone", "42\n"),
        ("blanks around values", " Contoso , Book 13 , 0042 \n"),
    ] {
        let scratch = Scratch::new();
        let mut command = scratch.command(&["check", "--threads", "2", "-"]);
        let pipes = command.stdin(Stdio::piped()).stdout(Stdio::null());
        let child = pipes.spawn().unwrap();
        let mut list = BufWriter::new(child.stdin.as_ref().unwrap());
        list.write_all(header.as_bytes()).unwrap();
        for _ in 0..LINES {
            list.write_all(line.as_bytes()).unwrap();
        }
        list.flush().unwrap();
        drop(list);
        let mut child = child;
        let input = child.stdin.take().unwrap();
        let peak = peak_at_end(child, input);
        eprintln!("{what}: at most {} KiB in memory", peak / 1024);
        assert!(peak <= 32 * MIB, "{what}: {peak} bytes");
    }
}

#[test]
fn a_million_hashed_rows_take_at_most_64_mib_and_their_duplicate_is_found() {
    if std::env::var_os("ENLIST_TEST_LONG").is_none_or(|value| value != "1") {
        eprintln!("no check of 4 GB: ENLIST_TEST_LONG is not 1");
        return;
    }
    let checked = check(MANY, Form::Plain);
    assert_eq!(checked.summary["rows"], MANY);
    assert_eq!(checked.summary["duplicates"], 1);
    assert!(checked.text > 4_000_000_000, "{} bytes", checked.text);
    assert_little(&checked, Form::Plain, MOST);
}

fn assert_little(checked: &Checked, form: Form, most: u64) {
    let Checked { text, peak, .. } = *checked;
    eprintln!(
        "{form:?}: {} MiB of text, at most {} KiB in memory",
        text / MIB,
        peak / 1024
    );
    assert!(peak <= most, "{form:?}: {peak} bytes for {text} of text");
}

/// Streams a list of `rows` devices into `enlist check -`. The last is the first once more, with
/// another hash.
fn check(rows: u64, form: Form) -> Checked {
    let scratch = Scratch::new();
    let mut command = scratch.command(&["check", "--format", "json", "-"]);
    let pipes = command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = pipes.spawn().unwrap();
    let mut out = child.stdout.take().unwrap();
    let saying = thread::spawn(move || {
        let mut said = Vec::new();
        out.read_to_end(&mut said).map(|_| said)
    });
    let mut list = BufWriter::new(child.stdin.take().unwrap());
    let header = Dialect::PartnerCenter.header();
    let mark = if form == Form::Utf16 { "\u{feff}" } else { "" };
    let mut text = write(&mut list, &format!("{mark}{header}\r\n"), form);
    let mut early = 0;
    for at in 0..rows {
        let line = if at + 1 == rows {
            let device = SampleDevice::new(1, 0);
            row(&device, &device.fresh_hash(1), form)
        } else {
            let device = SampleDevice::new(1, at);
            row(&device, &device.hash(), form)
        };
        text += write(&mut list, &line, form);
        if at == rows / 10 {
            early = peak_now(&child).unwrap();
        }
    }
    list.flush().unwrap();
    let peak = peak_at_end(child, list);
    let said = saying.join().unwrap().unwrap();
    let mut said: Value = serde_json::from_slice(&said).unwrap();
    let summary = said["files"][0]["summary"].take();
    Checked {
        summary,
        text,
        early,
        peak,
    }
}

/// Ends the input and waits for the process; its peak until then.
fn peak_at_end(mut child: Child, input: impl Write) -> u64 {
    let mut peak = peak_now(&child).unwrap();
    drop(input);
    while child.try_wait().unwrap().is_none() {
        peak = peak.max(peak_now(&child).unwrap_or_default());
        thread::sleep(Duration::from_millis(1));
    }
    peak
}

/// The most that was resident so far, in bytes; `None` when the process has ended.
fn peak_now(child: &Child) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: u64 = line.trim().trim_end_matches(" kB").parse().ok()?;
    Some(kib * 1024)
}

fn row(device: &SampleDevice, hash: &HardwareHash, form: Form) -> String {
    let serial = device.serial.as_str();
    let mut hash = hash.to_padded_text();
    if form == Form::Altered {
        let other = if hash.as_bytes()[100] == b'A' {
            "B"
        } else {
            "A"
        };
        hash.replace_range(100..101, other);
    }
    match form {
        Form::Quoted => format!("\"{serial}\",\"\",\"{hash}\",\"\",\"\"\r\n"),
        _ => format!("{serial},,{hash},,\r\n"),
    }
}

/// Writes a piece of text and gives its length in bytes.
fn write(list: &mut impl Write, text: &str, form: Form) -> u64 {
    let wide: Vec<u8>;
    let bytes = if form == Form::Utf16 {
        wide = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        &wide
    } else {
        text.as_bytes()
    };
    list.write_all(bytes).unwrap();
    bytes.len() as u64
}
