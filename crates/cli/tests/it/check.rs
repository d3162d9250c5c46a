//! `enlist check`.

use std::io::Read;
use std::process::Stdio;
use std::time::Instant;

use serde_json::Value;

use crate::support::{Ran, Scratch, published, tuples};

fn json(ran: &Ran) -> Value {
    serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{error}: {}", ran.out))
}

fn codes(file: &Value) -> Vec<&str> {
    let findings = file["findings"].as_array().unwrap();
    findings
        .iter()
        .map(|finding| finding["code"].as_str().unwrap())
        .collect()
}

#[test]
fn the_published_samples_get_the_right_findings() {
    let scratch = Scratch::new();
    let own = published("managed-desktop-sample-self.csv");
    let ran = scratch.enlist(&["check", "--format", "json", &own]);
    assert_eq!(ran.code, 1);
    let said = json(&ran);
    assert_eq!(codes(&said["files"][0]), ["EN0102", "EN0506"]);
    assert_eq!(said["files"][0]["summary"]["identified"], 1);
    let partner = published("managed-desktop-sample-partner.csv");
    let ran = scratch.enlist(&["check", "--format", "json", &partner]);
    assert_eq!(ran.code, 1);
    assert_eq!(codes(&json(&ran)["files"][0]), ["EN0102", "EN0403"]);
}

#[test]
fn exit_codes_tell_conforming_findings_and_unusable_apart() {
    let scratch = Scratch::new();
    scratch.write("good.csv", tuples(3));
    scratch.write("odd.csv", tuples(3) + "\r\n");
    scratch.write("empty.csv", "");
    scratch.write("letter.txt", "Dear customer,\nplease find enclosed\n");
    let code = |arguments: &[&str]| scratch.enlist(arguments).code;
    assert_eq!(code(&["check", "good.csv"]), 0);
    assert_eq!(code(&["check", "good.csv", "odd.csv"]), 1);
    assert_eq!(code(&["check", "empty.csv"]), 2);
    assert_eq!(code(&["check", "letter.txt"]), 2);
    assert_eq!(code(&["check", "odd.csv", "empty.csv", "good.csv"]), 2);
    assert_eq!(code(&["check"]), 2);
    assert_eq!(code(&["check", "."]), 2);
}

#[test]
fn a_missing_file_is_named_and_the_others_are_checked() {
    let scratch = Scratch::new();
    scratch.write("good.csv", tuples(3));
    let ran = scratch.enlist(&["check", "--format", "json", "missing.csv", "good.csv"]);
    assert_eq!(ran.code, 2);
    assert!(
        ran.err.contains("missing.csv does not exist."),
        "{}",
        ran.err
    );
    let said = json(&ran);
    assert_eq!(said["files"].as_array().unwrap().len(), 1);
    assert_eq!(said["files"][0]["summary"]["conforming"], true);
}

#[test]
fn standard_input_is_read() {
    let scratch = Scratch::new();
    let ran = scratch.enlist_reading(&["check", "-"], tuples(2).as_bytes());
    assert_eq!(ran.code, 0);
    assert!(
        ran.out.contains("standard input: conforming"),
        "{}",
        ran.out
    );
}

#[test]
fn every_form_parses_and_says_the_same() {
    let scratch = Scratch::new();
    scratch.enlist(&["sample", "--mistakes", "-o", "list.csv"]);
    let in_form = |form| scratch.enlist(&["check", "--format", form, "list.csv"]);
    let said = json(&in_form("json"));
    let expected = codes(&said["files"][0]);
    assert_eq!(expected, ["EN0203", "EN0305", "EN0303", "EN0601", "EN0701"]);
    let sarif = json(&in_form("sarif"));
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    let rules: Vec<_> = results
        .iter()
        .map(|result| result["ruleId"].as_str().unwrap())
        .collect();
    assert_eq!(
        (sarif["version"].as_str().unwrap(), rules),
        ("2.1.0", expected.clone())
    );
    let place = &results[1]["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "list.csv");
    assert_eq!(place["region"]["startLine"], 3);
    let csv = in_form("csv").out;
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let in_csv: Vec<_> = reader
        .records()
        .map(|row| row.unwrap()[6].to_owned())
        .collect();
    assert_eq!(in_csv, expected);
    let table = in_form("table").out;
    assert!(expected.iter().all(|code| table.contains(code)), "{table}");
    assert!(table.contains("add --fix"), "{table}");
}

#[test]
fn no_files_findings_still_make_a_document() {
    let scratch = Scratch::new();
    for form in ["json", "sarif", "csv"] {
        let ran = scratch.enlist(&["check", "--format", form, "missing.csv"]);
        assert_eq!(ran.code, 2);
        if form != "csv" {
            json(&ran);
        }
    }
}

#[test]
fn a_list_can_not_drive_the_terminal_or_a_spreadsheet() {
    let scratch = Scratch::new();
    let header =
        "Device Serial Number,Windows Product ID,Hardware Hash,Manufacturer name,Device model";
    scratch.write(
        "evil.csv",
        format!("{header}\r\n,=1+1,,,\r\n,\u{1b}[2J,,,\r\n"),
    );
    let table = scratch.enlist(&["check", "evil.csv"]).out;
    assert!(
        !table.contains('\u{1b}') && table.contains("=1+1"),
        "{table}"
    );
    let csv = scratch
        .enlist(&["check", "--format", "csv", "evil.csv"])
        .out;
    assert!(!csv.contains('\u{1b}'), "{csv}");
    assert!(csv.contains(",'=1+1,") && !csv.contains(",=1+1"), "{csv}");
}

#[test]
fn a_table_is_bounded_and_says_what_it_left_out() {
    let scratch = Scratch::new();
    scratch.write("blank.csv", tuples(1) + &",,\r\n".repeat(700));
    let ran = scratch.enlist(&["check", "blank.csv"]);
    assert!(
        ran.out
            .contains("… and 600 more findings; --all shows them:"),
        "{}",
        ran.out
    );
    assert!(ran.out.contains("EN0303 × 600"), "{}", ran.out);
    let all = scratch.enlist(&["check", "--all", "blank.csv"]);
    assert_eq!(all.out.matches("EN0303").count(), 700);
}

#[test]
fn limit_and_way_are_held_against_the_list() {
    let scratch = Scratch::new();
    scratch.write("five.csv", tuples(5));
    let ran = scratch.enlist(&["check", "--limit", "4", "--format", "json", "five.csv"]);
    assert_eq!(
        (ran.code, codes(&json(&ran)["files"][0])),
        (1, vec!["EN0703"])
    );
    let ran = scratch.enlist(&["check", "--for", "customer", "--format", "json", "five.csv"]);
    assert_eq!(ran.code, 1);
    assert!(ran.out.contains("EN0407"), "{}", ran.out);
}

#[test]
fn ten_megabytes_of_noise_are_unusable_and_nothing_else() {
    let scratch = Scratch::new();
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let noise: Vec<u8> = std::iter::repeat_with(|| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()
    })
    .take(10_000_000 / 8)
    .flatten()
    .collect();
    scratch.write("noise.csv", noise);
    let begun = Instant::now();
    let ran = scratch.enlist(&["check", "noise.csv"]);
    assert_eq!(ran.code, 2);
    assert!(
        ran.out.len() < 100_000 && !ran.out.contains('\u{1b}'),
        "{} bytes",
        ran.out.len()
    );
    assert!(begun.elapsed().as_secs() < 60);
}

#[test]
fn a_reader_that_leaves_early_is_no_error() {
    let scratch = Scratch::new();
    scratch.write("blank.csv", tuples(1) + &",,\r\n".repeat(20_000));
    let mut command = scratch.command(&["check", "--all", "--format", "csv", "blank.csv"]);
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = [0; 10];
    child.stdout.take().unwrap().read_exact(&mut first).unwrap();
    let ended = child.wait_with_output().unwrap();
    assert_eq!(ended.status.code(), Some(141));
    assert!(
        ended.stderr.is_empty(),
        "{}",
        String::from_utf8_lossy(&ended.stderr)
    );
}
