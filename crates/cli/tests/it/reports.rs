//! What `enlist check` found, in its forms; the page has its own file.

mod sarif;

use std::collections::BTreeSet;
use std::fs;
use std::io::Write as _;
use std::process::Stdio;

use device_list::SampleDevice;
use serde_json::{Value, json};
use unicode_width::UnicodeWidthStr as _;

use crate::check::{codes, json};
use crate::schema::differences;
use crate::support::{Scratch, repository, tuples};

/// Two lists with something of everything: certain, uncertain, a guess, a file's own findings, a
/// device in both, a list of no use, and names and values that would do harm.
pub(crate) fn lists(scratch: &Scratch) {
    scratch.enlist(&["sample", "--mistakes", "-o", "a.csv"]);
    let bad = "Contoso,,S3\r\n Contoso,Book 13,0042\r\nContoso,Book 13,1.23E+15\r\n\
               Contoso,Book 13,S00001\r\n=1+1,<script>alert(1)</script>,\u{1b}[2J\u{9b}\r\n";
    scratch.write("b\u{1b}[2J\u{202e}<b>.csv", tuples(3) + bad);
    scratch.write("c.csv", tuples(2));
    scratch.write("d.csv", "Dear customer,\nplease find enclosed\n");
}

/// The lists' names, for the command line.
pub(crate) const LISTS: [&str; 4] = ["a.csv", "b\u{1b}[2J\u{202e}<b>.csv", "c.csv", "d.csv"];

fn in_form(scratch: &Scratch, form: &str) -> String {
    let ran = scratch.enlist(&[&["check", "--format", form], &LISTS[..]].concat());
    assert_eq!((ran.code, ran.err.as_str()), (2, ""));
    for c in ran.out.chars() {
        let drives = c.is_control() && !matches!(c, '\n' | '\r');
        assert!(!drives && c != '\u{202e}', "{form}: {c:?} in {}", ran.out);
    }
    ran.out
}

#[test]
fn every_form_parses_and_says_the_same() {
    let scratch = Scratch::new();
    lists(&scratch);
    let said: Value = serde_json::from_str(&in_form(&scratch, "json")).unwrap();
    let files = said["files"].as_array().unwrap();
    let names: Vec<_> = files
        .iter()
        .map(|file| file["file"].as_str().unwrap())
        .collect();
    assert_eq!(names, LISTS);
    let expected: Vec<&str> = files.iter().flat_map(codes).collect();
    assert_eq!(
        expected[..5],
        ["EN0203", "EN0305", "EN0303", "EN0601", "EN0701"]
    );
    assert!(
        expected.contains(&"EN0707"),
        "a device in two lists: {expected:?}"
    );

    let sarif: Value = serde_json::from_str(&in_form(&scratch, "sarif")).unwrap();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    let in_sarif: Vec<_> = results
        .iter()
        .map(|r| r["ruleId"].as_str().unwrap())
        .collect();
    assert_eq!(in_sarif, expected);

    let csv = in_form(&scratch, "csv");
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let column = reader
        .headers()
        .unwrap()
        .iter()
        .position(|name| name == "code")
        .unwrap();
    let in_csv: Vec<_> = reader
        .records()
        .map(|row| row.unwrap()[column].to_owned())
        .collect();
    assert_eq!(in_csv, expected);

    let distinct: BTreeSet<_> = expected.iter().copied().collect();
    for form in ["table", "html"] {
        let text = in_form(&scratch, form);
        for code in &distinct {
            assert!(text.contains(code), "{code} is not in {form}");
        }
    }
    let explained: BTreeSet<_> = said["codes"].as_object().unwrap().keys().collect();
    assert!(explained.into_iter().eq(distinct.iter().copied()));
}

#[test]
fn the_json_is_as_its_schema_says() {
    let scratch = Scratch::new();
    lists(&scratch);
    let path = repository("docs/schema/check-report.schema.json");
    let schema: Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
    let all = in_form(&scratch, "json");
    let none = scratch
        .enlist(&["check", "--format", "json", "missing.csv"])
        .out;
    let unlimited = scratch
        .enlist(&["check", "--format", "json", "--for", "enlist", "c.csv"])
        .out;
    for text in [all, none, unlimited] {
        let document = serde_json::from_str(&text).unwrap_or_else(|e| panic!("{e}: {text}"));
        assert_eq!(differences(&schema, &document), Vec::<String>::new());
    }
}

#[test]
fn each_row_is_counted_once_and_the_total_is_the_sum() {
    let scratch = Scratch::new();
    lists(&scratch);
    let said: Value = serde_json::from_str(&in_form(&scratch, "json")).unwrap();
    let files = said["files"].as_array().unwrap();
    let number = |value: &Value, name: &str| value[name].as_u64().unwrap();
    let parts = ["ready", "repaired", "to_mend", "repeated"];
    for summary in files
        .iter()
        .map(|file| &file["summary"])
        .chain([&said["total"]])
    {
        let rows: u64 = parts.iter().map(|part| number(summary, part)).sum();
        assert_eq!(rows, number(summary, "rows"), "{summary}");
    }
    for name in ["rows", "devices", "errors", "warnings", "notes", "certain"] {
        let sum: u64 = files
            .iter()
            .map(|file| number(&file["summary"], name))
            .sum();
        assert_eq!(sum, number(&said["total"], name), "{name}");
    }
    let b = &files[1]["summary"];
    let counted: Vec<u64> = parts.iter().map(|part| number(b, part)).collect();
    // S00000 to S00002; one with a blank; one without a model, one that became a number, one that
    // is no value; S00001 again.
    assert_eq!(counted, [3, 1, 3, 1]);
    assert_eq!((number(b, "rows"), number(b, "devices")), (8, 4));
    // Both rows of the third list stand in the second, word for word.
    assert_eq!(number(&files[2]["summary"], "repeated"), 2);
    assert_eq!(number(&files[2]["summary"], "duplicates"), 2);
    assert_eq!(
        (
            number(&said["total"], "files"),
            number(&said["total"], "unusable")
        ),
        (4, 1)
    );
}

#[test]
fn no_form_but_json_has_a_whole_hash() {
    let scratch = Scratch::new();
    // A hash whose padding is gone: the corrected value is the whole hash.
    let device = (0..).map(|n| SampleDevice::new(1, n));
    let mut hashes = device.map(|device| device.hash().to_text());
    let hash = hashes.find(|hash| hash.ends_with('=')).unwrap();
    let header = "Device Serial Number,Windows Product ID,Hardware Hash";
    let unpadded = hash.trim_end_matches('=');
    scratch.write("list.csv", format!("{header}\r\n,,{unpadded}\r\n"));
    let json = scratch
        .enlist(&["check", "--format", "json", "list.csv"])
        .out;
    assert!(json.contains("EN0502"), "{json}");
    assert!(json.contains(&hash), "{json}");
    for form in ["table", "csv", "sarif", "html"] {
        let ran = scratch.enlist(&["check", "--all", "--format", form, "list.csv"]);
        assert!(ran.out.contains("EN0502"), "{form}: {}", ran.out);
        let mut longest = 0;
        for word in ran.out.split(|c: char| !c.is_ascii_alphanumeric()) {
            longest = longest.max(word.len());
        }
        assert!(longest < 48, "{form} has {longest} letters in a row");
    }
}

#[test]
fn no_list_still_makes_a_document() {
    let scratch = Scratch::new();
    for form in ["json", "sarif", "csv", "table", "html"] {
        let ran = scratch.enlist(&["check", "--format", form, "missing.csv"]);
        assert_eq!(ran.code, 2);
        if ["json", "sarif"].contains(&form) {
            json(&ran);
        }
    }
}

#[test]
fn no_cell_is_a_formula() {
    let scratch = Scratch::new();
    let header =
        "Device Serial Number,Windows Product ID,Hardware Hash,Manufacturer name,Device model";
    let rows =
        ["=1+1", "@SUM(A1)", "+1", "-1", "＝1+1", " =1"].map(|pkid| format!(",{pkid},,,\r\n"));
    scratch.write("=cmd.csv", format!("{header}\r\n{}", rows.concat()));
    let csv = scratch
        .enlist(&["check", "--format", "csv", "=cmd.csv"])
        .out;
    assert!(csv.contains(",'=1+1,") && !csv.contains(",=1+1"), "{csv}");
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let names: Vec<&str> = csv.lines().next().unwrap().split(',').collect();
    let column = |name: &str| names.iter().position(|own| *own == name).unwrap();
    let mut rows = 0;
    for row in reader.records() {
        let row = row.unwrap();
        let formula = |cell: &str| cell.trim_start().starts_with(['=', '+', '-', '@', '＝']);
        assert!(!row.iter().any(formula), "{row:?}");
        let (byte, original) = (&row[column("byte")], &row[column("dds")]);
        assert!(byte.parse::<u64>().is_ok() || byte.is_empty());
        assert!(original.is_empty() || original.starts_with("80"));
        rows += 1;
    }
    assert!(rows >= 6, "{csv}");
}

#[test]
fn a_table_shows_the_first_places_and_all_when_asked() {
    let scratch = Scratch::new();
    scratch.write("blank.csv", tuples(1) + &",,\r\n".repeat(700));
    let ran = scratch.enlist(&["check", "blank.csv"]);
    let out = &ran.out;
    // The summary first, then the findings.
    assert!(
        out.starts_with("blank.csv: not conforming (700 errors)\n"),
        "{out}"
    );
    assert!(
        out.contains("EN0303 Row of commas: 700 times, mended with certainty"),
        "{out}"
    );
    assert!(
        out.contains("… and 697 more places; --all shows them."),
        "{out}"
    );
    assert_eq!(out.matches("blank.csv:").count(), 1 + 3);
    assert!(out.contains("Add --fix OUT.csv"), "{out}");
    assert!(out.contains("enlist explain EN0303"), "{out}");
    let all = scratch.enlist(&["check", "--all", "blank.csv"]).out;
    assert_eq!(all.matches("  blank.csv:").count(), 700);
    let lines: Vec<&str> = all
        .lines()
        .filter(|line| line.starts_with("  blank.csv:"))
        .collect();
    let expected: Vec<String> = (3..703).map(|line| format!("  blank.csv:{line}")).collect();
    assert_eq!(lines, expected);
    let quiet = scratch.enlist(&["check", "-q", "blank.csv"]);
    assert_eq!(quiet.code, 1);
    assert!(
        out.starts_with(&quiet.out) && quiet.out.lines().count() == 4,
        "{}",
        quiet.out
    );
}

#[test]
fn many_lists_are_summed_up() {
    let scratch = Scratch::new();
    for number in 0..30 {
        scratch.write(
            &format!("{number:02}.csv"),
            format!("Manufacturer,Model,Serial Number\r\nContoso,B,S{number}\r\n"),
        );
    }
    let ran = scratch.enlist(&["check", "."]);
    assert_eq!(ran.code, 0);
    assert!(
        ran.out.contains("… and 10 more lists; --all shows them."),
        "{}",
        ran.out
    );
    assert!(ran.out.contains("30 lists: 30 conform"), "{}", ran.out);
    assert!(ran.out.contains("30 rows, 30 devices"), "{}", ran.out);
    let all = scratch.enlist(&["check", "--all", "."]);
    assert_eq!(all.out.matches(".csv: conforming").count(), 30);
}

#[test]
fn a_narrow_terminal_is_written_for() {
    let scratch = Scratch::new();
    lists(&scratch);
    scratch.write("wide.csv", tuples(1) + "東京の会社,モデル,\u{3000}S1\r\n");
    for width in ["24", "40", "60", "80", "300"] {
        let mut command = scratch.command(&[&["check", "wide.csv"], &LISTS[..]].concat());
        let ran = command.env("COLUMNS", width).output().unwrap();
        let text = String::from_utf8(ran.stdout).unwrap();
        let most = width.parse::<usize>().unwrap().min(100);
        for line in text.lines() {
            assert!(
                line.width() <= most,
                "{} columns of {width}: {line}",
                line.width()
            );
        }
        assert!(text.contains("EN0401") && text.contains('^'), "{text}");
    }
}

/// How much memory a check takes that has found so many things; its report in this form is read
/// to the end, and its length returned too.
#[cfg(target_os = "linux")]
fn peak(scratch: &Scratch, arguments: &[&str], findings: usize) -> (u64, usize) {
    let all = [&["check", "--threads", "1"], arguments, &["-"]].concat();
    let mut child = scratch
        .command(&all)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let mut stdout = child.stdout.take().unwrap();
    let reading = std::thread::spawn(move || {
        let mut out = Vec::new();
        std::io::Read::read_to_end(&mut stdout, &mut out).unwrap();
        out.len()
    });
    stdin.write_all(tuples(1).as_bytes()).unwrap();
    let some = "Contoso,,S1\r\n,,\r\n".repeat(1000);
    for _ in 0..findings / 2000 {
        stdin.write_all(some.as_bytes()).unwrap();
    }
    // All but the last few thousand lines were read by now: the pipe holds no more.
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
    let peak = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .unwrap();
    let peak = peak.trim().trim_end_matches(" kB").parse().unwrap();
    drop(stdin);
    assert_eq!(child.wait().unwrap().code(), Some(1));
    (peak, reading.join().unwrap())
}

#[cfg(target_os = "linux")]
#[test]
fn memory_does_not_grow_with_what_is_found() {
    let scratch = Scratch::new();
    for (arguments, at_most) in [
        (&[][..], 4_000),
        (&["--all"], usize::MAX),
        (&["--format", "json"], usize::MAX),
        (&["--format", "html"], 12_000_000),
    ] {
        let (few, _) = peak(&scratch, arguments, 40_000);
        let (many, length) = peak(&scratch, arguments, 400_000);
        assert!(
            many < few + 8_000,
            "{arguments:?}: {few} kB, then {many} kB"
        );
        assert!(length < at_most, "{arguments:?}: {length} bytes");
    }
}
