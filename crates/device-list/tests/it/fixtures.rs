//! Every code has a fixture that produces exactly it: a file `fixtures/EN0107.csv` (of any
//! extension), or a folder `fixtures/EN0707` whose files are one check, in order of their names.
//!
//! `fixtures/EN0107.options` may stand beside it, a word and a value a line: `for intune`, `limit 3`,
//! `tag X`, `accept EN0308`, and `with EN0401` for another code that can't be had apart.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use device_list::{Channel, CheckOptions, Checker, Code, Event, Finding};

/// A fixture: its files, what it is checked with, and the codes it must produce.
struct Fixture {
    files: Vec<PathBuf>,
    options: CheckOptions,
    expected: BTreeSet<Code>,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")
}

fn sorted(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap();
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

fn fixture(code: Code) -> Option<Fixture> {
    let is_it = |path: &PathBuf| {
        path.file_stem().is_some_and(|stem| stem == code.as_str())
            && path.extension().is_none_or(|kind| kind != "options")
    };
    let path = sorted(&folder()).into_iter().find(is_it)?;
    let files = if path.is_dir() {
        sorted(&path)
    } else {
        vec![path]
    };
    let mut fixture = Fixture {
        files,
        options: CheckOptions::default(),
        expected: BTreeSet::from([code]),
    };
    let options = folder().join(format!("{code}.options"));
    for line in fs::read_to_string(options).unwrap_or_default().lines() {
        set(&mut fixture, line);
    }
    Some(fixture)
}

fn set(fixture: &mut Fixture, line: &str) {
    let (word, value) = line.split_once(' ').unwrap();
    let options = &mut fixture.options;
    match word {
        "for" => {
            options.channel = match value {
                "partner-center" => Channel::PartnerCenter,
                "customer-own" => Channel::CustomerOwn,
                "intune" => Channel::Intune,
                "oem" => Channel::Oem,
                "enlist" => Channel::Enlist,
                other => panic!("{other}"),
            }
        }
        "limit" => options.row_limit = Some(value.parse().unwrap()),
        "tag" => options.tag = Some(value.into()),
        "accept" => options.accept = options.accept.with(Code::from_text(value).unwrap()),
        "with" => {
            fixture.expected.insert(Code::from_text(value).unwrap());
        }
        other => panic!("{other}"),
    }
}

fn found(fixture: &Fixture) -> Vec<Finding> {
    let mut checker = Checker::new(fixture.options.clone());
    let mut findings = Vec::new();
    for file in &fixture.files {
        let name = file.file_name().unwrap().to_str().unwrap();
        let mut on = |event: Event<'_>| {
            if let Event::Finding(finding) = event {
                findings.push(finding);
            }
        };
        checker
            .check(name, fs::File::open(file).unwrap(), &mut on)
            .unwrap();
    }
    findings
}

#[test]
fn every_code_has_a_fixture_that_produces_exactly_it() {
    let mut wrong = Vec::new();
    for code in Code::all() {
        let Some(fixture) = fixture(code) else {
            wrong.push(format!("{code} has no fixture"));
            continue;
        };
        let findings = found(&fixture);
        let codes: BTreeSet<_> = findings.iter().map(|finding| finding.code).collect();
        if codes != fixture.expected {
            wrong.push(format!("{code}: {findings:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
