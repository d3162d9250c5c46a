//! `enlist diff`.

use device_list::{Dialect, SampleDevice};
use serde_json::Value;

use crate::support::{Ran, Scratch, tuples};

const INTUNE: Dialect = Dialect::Intune;

/// A row with a device's hash as collected on some occasion.
fn row(device: u64, occasion: u32, tag: &str, user: &str) -> String {
    let device = SampleDevice::new(5, device);
    let hash = device.fresh_hash(occasion).to_padded_text();
    format!("{},,{hash},{tag},{user}\r\n", device.serial)
}

fn list(rows: &[String]) -> String {
    format!("{}\r\n{}", INTUNE.header(), rows.concat())
}

fn json(ran: &Ran) -> Value {
    serde_json::from_str(&ran.out).unwrap_or_else(|_| panic!("{} {}", ran.out, ran.err))
}

#[test]
fn devices_are_compared_by_identity_and_not_by_text() {
    let scratch = Scratch::new();
    scratch.write("a.csv", tuples(3));
    scratch.write(
        "b.csv",
        "serial number;model;manufacturer\nS00002;book 13;CONTOSO\nS00000;Book 13;Contoso\n\
         \"S00001\";Book 13;Contoso\n",
    );
    let ran = scratch.enlist(&["diff", "a.csv", "b.csv"]);
    assert_eq!(ran.code, 0, "{} {}", ran.out, ran.err);
    let said = "a.csv → b.csv: 0 new, 0 gone, 0 changed, 3 the same.\n";
    assert_eq!(ran.out, said);
}

#[test]
fn two_hashes_of_one_machine_are_the_same_device() {
    let scratch = Scratch::new();
    scratch.write("a.csv", list(&[row(0, 1, "", ""), row(1, 1, "", "")]));
    scratch.write("b.csv", list(&[row(1, 2, "", ""), row(0, 3, "", "")]));
    let ran = scratch.enlist(&["diff", "a.csv", "b.csv"]);
    assert_eq!(ran.code, 0, "{} {}", ran.out, ran.err);
    assert!(ran.out.contains("2 the same"), "{}", ran.out);
}

#[test]
fn new_gone_and_changed_devices_are_told_in_every_form() {
    let scratch = Scratch::new();
    let user = "ada@contoso.example";
    scratch.write("a.csv", list(&[row(0, 1, "A", ""), row(1, 1, "", "")]));
    scratch.write("b.csv", list(&[row(2, 1, "", ""), row(0, 2, "B", user)]));
    let arguments = ["diff", "a.csv", "b.csv", "--format"];
    let ran = |form| {
        let ran = scratch.enlist(&[&arguments[..], &[form]].concat());
        assert_eq!(ran.code, 1, "{} {}", ran.out, ran.err);
        let long = |word: &str| word.len() > 100;
        assert!(
            !ran.out
                .split(|c: char| !c.is_ascii_alphanumeric() && !"+/".contains(c))
                .any(long),
            "no hash: {}",
            ran.out
        );
        assert!(!ran.out.contains('\u{1b}'));
        ran
    };
    let said = json(&ran("json"));
    let serial = |device| SampleDevice::new(5, device).serial.to_string();
    assert_eq!(said["before"], "a.csv");
    let summary = &said["summary"];
    let numbers = ["new", "gone", "changed", "same"].map(|name| summary[name].as_u64().unwrap());
    assert_eq!(numbers, [1, 1, 1, 0]);
    assert_eq!(said["new"][0]["serial"], serial(2));
    assert_eq!(said["new"][0]["line"], 2);
    assert_eq!(said["gone"][0]["serial"], serial(1));
    let changed = &said["changed"][0];
    assert_eq!(changed["line_before"], 2);
    assert_eq!(changed["device"]["line"], 3);
    assert_eq!(changed["device"]["identified_by"], "hash");
    let expected = serde_json::json!([
        {"what": "group_tag", "before": "A", "after": "B"},
        {"what": "assigned_user", "before": "", "after": user},
    ]);
    assert_eq!(changed["changes"], expected);

    let csv = ran("csv").out;
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let lines: Vec<_> = reader.records().map(Result::unwrap).collect();
    let kinds: Vec<_> = lines.iter().map(|line| line[0].to_owned()).collect();
    assert_eq!(kinds, ["new", "gone", "changed", "changed"]);
    assert_eq!(&lines[2][7], "group tag");
    assert_eq!((&lines[2][8], &lines[2][9]), ("A", "B"));

    let table = ran("table").out;
    for said in ["New\n", "Gone\n", "Changed\n", "2 → 3", user] {
        assert!(table.contains(said), "{said}: {table}");
    }
    assert!(
        table.ends_with("1 new, 1 gone, 1 changed, 0 the same.\n"),
        "{table}"
    );
}

#[test]
fn what_is_told_of_a_list_can_not_drive_the_terminal_or_show_a_hash() {
    let scratch = Scratch::new();
    let hash = SampleDevice::new(5, 7).hash_text();
    let rows = [row(0, 1, "\u{1b}[2J", ""), row(1, 1, &hash, "")];
    scratch.write("a.csv", list(&[row(0, 1, "", ""), row(1, 1, "", "")]));
    scratch.write("b.csv", list(&rows));
    for form in ["table", "json", "csv"] {
        let ran = scratch.enlist(&["diff", "a.csv", "b.csv", "--format", form]);
        assert_eq!(ran.code, 1, "{} {}", ran.out, ran.err);
        assert!(!ran.out.contains('\u{1b}'), "{}", ran.out);
        assert!(!ran.out.contains(&hash[..40]), "{}", ran.out);
    }
}

#[test]
fn rows_that_name_no_device_are_counted_and_are_a_difference() {
    let scratch = Scratch::new();
    scratch.write("a.csv", tuples(1));
    let list = tuples(1) + "Contoso,,S9\r\n";
    let ran = scratch.enlist_reading(&["diff", "a.csv", "-"], list.as_bytes());
    assert_eq!(ran.code, 1, "{} {}", ran.out, ran.err);
    let said = "1 row names no device in standard input";
    assert!(ran.out.contains(said), "{}", ran.out);
}

#[test]
fn a_way_of_registering_takes_its_rows_only() {
    let scratch = Scratch::new();
    scratch.write("a.csv", tuples(1));
    let ran = scratch.enlist(&["diff", "a.csv", "a.csv", "--for", "oem"]);
    assert_eq!(ran.code, 0, "{} {}", ran.out, ran.err);
}

#[test]
fn what_can_not_be_compared_is_refused() {
    let scratch = Scratch::new();
    scratch.write("a.csv", tuples(1));
    scratch.write("empty.csv", "");
    for wrong in [
        &["diff", "a.csv"][..],
        &["diff", "a.csv", "missing.csv"],
        &["diff", "a.csv", "empty.csv"],
        &["diff", "empty.csv", "a.csv"],
        &["diff", "-", "a.csv"],
        &["diff", "a.csv", "."],
        &["diff", "a.csv", "a.csv", "--format", "html"],
    ] {
        let ran = scratch.enlist(wrong);
        assert_eq!((ran.code, &*ran.out), (2, ""), "{wrong:?}");
        assert!(!ran.err.is_empty());
    }
}
