//! `kill -9` of a command half-way through a list: no half list stands anywhere, the same command
//! does it the next time, and what the killed one left goes away; what a running one writes stays.

use std::fs;
use std::io::{Read, Write};
use std::process::{Child, ChildStdin, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use device_list::{Dialect, SampleDevice};

use crate::support::Scratch;

const ROWS: u64 = 2_000;
const PATIENCE: Duration = Duration::from_mins(2);

/// A list with a blank to mend in every row; 8 MB of hashes.
fn list() -> Vec<u8> {
    let mut list = format!("{}\r\n", Dialect::PartnerCenter.header());
    for at in 0..ROWS {
        let device = SampleDevice::new(11, at);
        let row = format!(" {},,{},,\r\n", device.serial, device.hash_text());
        list.push_str(&row);
    }
    list.into_bytes()
}

/// The list as it is once it is mended.
fn mended() -> Vec<u8> {
    let list = String::from_utf8(list()).unwrap();
    list.replace("\r\n ", "\r\n").into_bytes()
}

/// A command under way that has read half of the list and waits for the rest.
struct HalfWay {
    child: Child,
    input: ChildStdin,
}

impl HalfWay {
    /// Starts it, and waits until what it writes is in the folder.
    fn start(scratch: &Scratch, arguments: &[&str]) -> Self {
        let before = temporaries(scratch);
        let mut command = scratch.command(arguments);
        let pipes = command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = pipes.stderr(Stdio::null()).spawn().unwrap();
        let mut input = child.stdin.take().unwrap();
        let list = list();
        input.write_all(&list[..list.len() / 2]).unwrap();
        input.flush().unwrap();
        let begun = Instant::now();
        while written(scratch, &before) == 0 {
            assert!(begun.elapsed() < PATIENCE, "nothing is written");
            thread::sleep(Duration::from_millis(2));
        }
        Self { child, input }
    }

    fn kill(mut self) {
        // SIGKILL, by its id.
        self.child.kill().unwrap();
        assert!(!self.child.wait().unwrap().success());
    }

    /// Gives it the rest of the list; its exit code.
    fn finish(mut self) -> i32 {
        let list = list();
        self.input.write_all(&list[list.len() / 2..]).unwrap();
        drop(self.input);
        let mut said = String::new();
        let mut out = self.child.stdout.take().unwrap();
        out.read_to_string(&mut said).unwrap();
        self.child.wait().unwrap().code().unwrap()
    }
}

/// Names of files in the folder that have no name of their own yet.
fn temporaries(scratch: &Scratch) -> Vec<String> {
    let entries = fs::read_dir(scratch.path(".")).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> = names.filter(|name| name.starts_with(".enlist-")).collect();
    names.sort();
    names
}

/// Bytes in those that were not there before.
fn written(scratch: &Scratch, before: &[String]) -> u64 {
    let size = |name: &String| fs::metadata(scratch.path(name)).map_or(0, |about| about.len());
    let now = temporaries(scratch);
    let new = now.iter().filter(|name| !before.contains(name));
    new.map(size).sum()
}

#[test]
fn a_killed_command_leaves_no_half_list_and_the_next_one_tidies_up() {
    for arguments in [
        &["check", "-", "--limit", "none", "--fix", "mended.csv"][..],
        &[
            "check",
            "-",
            "--limit",
            "none",
            "--fix",
            "mended.csv",
            "--format",
            "json",
        ],
        &["convert", "-", "-o", "mended.csv", "--to", "partner-center"],
        &["merge", "-", "-o", "mended.csv", "--to", "partner-center"],
    ] {
        let scratch = Scratch::new();
        HalfWay::start(&scratch, arguments).kill();
        assert!(!scratch.path("mended.csv").exists(), "{arguments:?}");
        assert!(!scratch.path("mended-rest.csv").exists(), "{arguments:?}");
        assert!(!temporaries(&scratch).is_empty(), "it was half-way");
        let ran = scratch.enlist_reading(arguments, &list());
        assert_eq!(ran.code, 0, "{arguments:?}: {} {}", ran.out, ran.err);
        assert!(scratch.read("mended.csv") == mended(), "{arguments:?}");
        assert_eq!(temporaries(&scratch), [""; 0], "{arguments:?}");
    }
}

#[test]
fn what_stood_there_stays_when_a_command_is_killed() {
    let scratch = Scratch::new();
    scratch.write("mended.csv", "as it was");
    let arguments = ["check", "-", "--limit", "none", "--fix", "mended.csv"];
    HalfWay::start(&scratch, &arguments).kill();
    assert_eq!(scratch.read("mended.csv"), b"as it was");
    assert_eq!(scratch.enlist_reading(&arguments, &list()).code, 0);
    assert!(scratch.read("mended.csv") == mended());
}

#[test]
fn parts_are_all_there_or_none() {
    let scratch = Scratch::new();
    for arguments in [
        ["split", "-", "-o", "part.csv", "--rows", "100"],
        ["check", "-", "--fix=part.csv", "--split", "--limit", "100"],
    ] {
        HalfWay::start(&scratch, &arguments).kill();
        assert!(temporaries(&scratch).len() > 1, "some parts are full");
        assert!(!scratch.path("part-1.csv").exists(), "{arguments:?}");
    }
    let split = ["split", "-", "-o", "part.csv", "--rows", "100"];
    let ran = scratch.enlist_reading(&split, &list());
    assert_eq!(ran.code, 0, "{} {}", ran.out, ran.err);
    assert!(scratch.path("part-20.csv").exists());
    assert_eq!(temporaries(&scratch), [""; 0]);
}

#[test]
fn what_a_running_command_writes_stays() {
    let scratch = Scratch::new();
    let other = ["check", "-", "--limit", "none", "--fix", "other.csv"];
    let arguments = ["check", "-", "--limit", "none", "--fix", "mended.csv"];
    let running = HalfWay::start(&scratch, &other);
    let its = temporaries(&scratch);
    HalfWay::start(&scratch, &arguments).kill();
    let names = [".enlist-notes.csv", ".enlist-0123456789ab-000000"];
    for name in names {
        scratch.write(name, "not ours");
    }
    assert!(temporaries(&scratch).len() > its.len() + names.len());
    let ran = scratch.enlist_reading(&arguments, &list());
    assert_eq!(ran.code, 0, "{} {}", ran.out, ran.err);
    let mut stay = [its, names.map(str::to_owned).to_vec()].concat();
    stay.sort();
    assert_eq!(temporaries(&scratch), stay);
    assert_eq!(running.finish(), 0);
    for list in ["mended.csv", "other.csv"] {
        assert!(scratch.read(list) == mended(), "{list}");
    }
    let mut names = names.map(str::to_owned);
    names.sort();
    assert_eq!(temporaries(&scratch), names);
}
