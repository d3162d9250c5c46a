//! `enlist check --fix`.

mod output;

use device_list::Dialect;
use serde_json::Value;

use crate::support::{Scratch, fixture, published, tuples};

#[test]
fn a_mended_list_conforms() {
    let scratch = Scratch::new();
    scratch.enlist(&["sample", "--mistakes", "-o", "list.csv"]);
    let ran = scratch.enlist(&["check", "--fix", "mended.csv", "list.csv"]);
    assert_eq!(ran.code, 0, "{}", ran.out);
    assert!(ran.out.contains("5 changes. It conforms."), "{}", ran.out);
    assert_eq!(scratch.enlist(&["check", "mended.csv"]).code, 0);
    // The sample without mistakes is what mending arrives at.
    scratch.enlist(&["sample", "-o", "good.csv"]);
    assert!(scratch.read("mended.csv") == scratch.read("good.csv"));
}

#[test]
fn the_published_sample_is_mended_and_its_zero_stays() {
    let scratch = Scratch::new();
    let own = published("managed-desktop-sample-self.csv");
    let ran = scratch.enlist(&["check", "--fix", "mended.csv", &own]);
    assert_eq!(ran.code, 0, "{}", ran.out);
    assert_eq!(scratch.enlist(&["check", "mended.csv"]).code, 0);
    let mended = String::from_utf8(scratch.read("mended.csv")).unwrap();
    assert!(mended.contains("016520771357"), "{mended}");
}

#[test]
fn what_would_be_a_guess_is_left_out_and_named() {
    let scratch = Scratch::new();
    scratch.write("list.csv", tuples(2) + "Contoso,,0042\r\n");
    let arguments = [
        "check",
        "--format",
        "json",
        "--fix",
        "mended.csv",
        "list.csv",
    ];
    let ran = scratch.enlist(&arguments);
    assert_eq!(ran.code, 1);
    let told: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(told["left_out"][0]["line"], 4);
    assert_eq!(told["left_out"][0]["findings"][0]["code"], "EN0401");
    assert_eq!(
        String::from_utf8(scratch.read("mended.csv")).unwrap(),
        tuples(2)
    );
    let ran = scratch.enlist(&["check", "--fix", "mended.csv", "list.csv"]);
    assert!(ran.out.contains("1 row is not in it"), "{}", ran.out);
}

/// A list with mistakes that are certain to mend, one that is a guess, and one that is neither.
fn mixed() -> String {
    format!(
        "manufacturer,Model,Serial Number,Note\n Contoso ,\"Book 13\",0042,a\n\
         Contoso,Book 13,0043\n{}Contoso,,0045,b\n",
        "Contoso,Book\t13,0044,\n"
    )
}

fn json(out: &str) -> Value {
    serde_json::from_str(out).unwrap_or_else(|error| panic!("{error}: {out}"))
}

fn codes(told: &Value) -> Vec<&str> {
    let changes = told["changes"].as_array().unwrap();
    let codes = changes.iter().map(|change| &change["code"]);
    codes.map(|code| code.as_str().unwrap()).collect()
}

#[test]
fn each_change_is_told_before_and_after() {
    let scratch = Scratch::new();
    scratch.write(
        "list.csv",
        "Manufacturer;Model;Serial Number\n Contoso ;Book 13;0042\n",
    );
    let ran = scratch.enlist(&["check", "--fix", "mended.csv", "list.csv"]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    let row = ran.out.lines().find(|line| line.contains("manufacturer"));
    let words: Vec<_> = row.unwrap().split_whitespace().collect();
    assert_eq!(
        words,
        ["2", "manufacturer", "EN0310", "␣Contoso␣", "Contoso"]
    );
    assert_eq!(scratch.read("mended.csv"), TUPLE.as_bytes());
    let arguments = ["check", "--fix", "-", "list.csv", "--format", "json"];
    let ran = scratch.enlist(&arguments);
    assert_eq!(ran.out, TUPLE);
    let told = json(&ran.err);
    assert_eq!(told["written"], "-");
    assert_eq!(told["dialect"], "managed-desktop-partner");
    assert_eq!((&told["rows"], &told["whole"]), (&1.into(), &true.into()));
    let blank = told["changes"].as_array().unwrap().iter();
    let blank = blank.clone().find(|change| change["code"] == "EN0310");
    let blank = blank.unwrap();
    assert_eq!(blank["before"], " Contoso ");
    assert_eq!(
        (&blank["after"], &blank["accepted"]),
        (&"Contoso".into(), &false.into())
    );
}

const TUPLE: &str = "Manufacturer,Model,Serial Number\r\nContoso,Book 13,0042\r\n";

#[test]
fn a_guess_is_made_where_its_code_is_accepted() {
    let scratch = Scratch::new();
    let header = Dialect::PartnerCenter.header();
    scratch.write("list.csv", format!("{header}\r\n,330500000001,,,\r\n"));
    let ran = scratch.enlist(&["check", "--fix", "mended.csv", "list.csv"]);
    assert_eq!(ran.code, 1);
    assert!(ran.out.contains("EN0411"), "{}", ran.out);
    assert_eq!(
        scratch.read("mended.csv"),
        format!("{header}\r\n").as_bytes()
    );
    let arguments = [
        "check",
        "--fix",
        "mended.csv",
        "--accept",
        "en0411,EN0307",
        "list.csv",
    ];
    let ran = scratch.enlist(&arguments);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    assert!(ran.out.contains("EN0411 (accepted)"), "{}", ran.out);
    let expected = format!("{header}\r\n,0330500000001,,,\r\n");
    assert_eq!(
        String::from_utf8(scratch.read("mended.csv")).unwrap(),
        expected
    );
    // A check alone says what would be done.
    let arguments = [
        "check", "--format", "json", "--accept", "EN0411", "list.csv",
    ];
    let told = json(&scratch.enlist(&arguments).out);
    assert_eq!(told["files"][0]["findings"][0]["certain"], true);
}

#[test]
fn the_rest_is_read_back_with_the_same_codes_and_mended_by_hand() {
    let scratch = Scratch::new();
    scratch.write("list.csv", mixed());
    let arguments = [
        "check",
        "--fix",
        "mended.csv",
        "list.csv",
        "--format",
        "json",
    ];
    let ran = scratch.enlist(&arguments);
    assert_eq!(ran.code, 1, "{}", ran.err);
    let told = json(&ran.out);
    assert_eq!(told["rest"], "mended-rest.csv");
    let left = told["left_out"].as_array().unwrap();
    let ran = scratch.enlist(&[
        "check",
        "--fix",
        "again.csv",
        "mended-rest.csv",
        "--format",
        "json",
    ]);
    let again = json(&ran.out);
    assert_eq!(again["rest"], "again-rest.csv");
    let codes = |rows: &Value| -> Vec<Value> {
        let rows = rows.as_array().unwrap().iter();
        rows.map(|row| row["findings"][0]["code"].clone()).collect()
    };
    assert!(!left.is_empty());
    assert_eq!(codes(&told["left_out"]), codes(&again["left_out"]));
    assert_eq!(again["rows"], 0);
    let rest = String::from_utf8(scratch.read("mended-rest.csv")).unwrap();
    assert!(
        rest.starts_with(
            "enlist code,enlist advice,enlist line,manufacturer,Model,Serial Number,Note\r\n"
        ),
        "{rest}"
    );
    assert!(rest.contains("EN0401"), "{rest}");
    // Mended by hand, it is a list like any other.
    let mended = rest
        .replace(",Contoso,,", ",Contoso,Book 15,")
        .replace('\t', " ");
    scratch.write("mended-rest.csv", mended);
    let ran = scratch.enlist(&["check", "--fix", "again.csv", "mended-rest.csv"]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    let again = String::from_utf8(scratch.read("again.csv")).unwrap();
    assert!(
        again.ends_with("Contoso,Book 13,0044\r\nContoso,Book 15,0045\r\n"),
        "{again}"
    );
}

#[test]
fn rows_without_a_tag_get_the_lists() {
    let scratch = Scratch::new();
    scratch.enlist(&[
        "sample",
        "--dialect",
        "intune-3",
        "--count",
        "2",
        "-o",
        "list.csv",
    ]);
    let tag = "Microsoft365Managed_Kiosk";
    let fix = |tag: &str| {
        scratch.enlist(&[
            "check",
            "--for",
            "intune",
            "--dialect",
            "intune-4",
            "--tag",
            tag,
            "--fix",
            "mended.csv",
            "list.csv",
        ])
    };
    assert_eq!(fix(tag).code, 0);
    let mended = String::from_utf8(scratch.read("mended.csv")).unwrap();
    assert_eq!(
        mended
            .lines()
            .filter(|line| line.ends_with(&format!(",{tag}")))
            .count(),
        2
    );
    let ran = fix("microsoft365managed-kiosk");
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains(&format!("\"{tag}\" is")), "{}", ran.err);
    let ran = scratch.enlist(&["check", "--tag", "sales", "list.csv"]);
    assert_eq!(ran.code, 2);
}

#[test]
fn mending_again_changes_nothing() {
    let scratch = Scratch::new();
    scratch.write("list.csv", mixed());
    let fix =
        |from: &str, to: &str| scratch.enlist(&["check", "--format", "json", "--fix", to, from]);
    fix("list.csv", "one.csv");
    fix("list.csv", "same.csv");
    assert_eq!(scratch.read("one.csv"), scratch.read("same.csv"));
    assert_eq!(scratch.read("one-rest.csv"), scratch.read("same-rest.csv"));
    let ran = fix("one.csv", "two.csv");
    assert_eq!(ran.code, 0, "{}", ran.out);
    assert!(codes(&json(&ran.out)).is_empty());
    assert_eq!(scratch.read("one.csv"), scratch.read("two.csv"));
    assert!(!scratch.path("two-rest.csv").exists());
}

#[test]
fn the_table_is_bounded_and_json_has_everything() {
    let scratch = Scratch::new();
    let rows = (0..150).map(|row| format!(" Contoso,Book 13,S{row:04}\r\n"));
    let header = "Manufacturer,Model,Serial Number\r\n".to_owned();
    scratch.write("list.csv", rows.fold(header, |list, row| list + &row));
    let ran = scratch.enlist(&["check", "--fix", "a.csv", "list.csv"]);
    assert!(ran.out.contains("… and 50 more changes"), "{}", ran.out);
    let ran = scratch.enlist(&["check", "--fix", "b.csv", "--format", "json", "list.csv"]);
    assert_eq!(codes(&json(&ran.out)).len(), 150);
}

#[test]
fn a_sheet_of_a_workbook_becomes_a_list() {
    let scratch = Scratch::new();
    let book = fixture("EN0115.xlsx");
    let ran = scratch.enlist(&["check", "--fix", "mended.csv", &book]);
    assert!(ran.code < 2, "{}", ran.err);
    let first = scratch.read("mended.csv");
    assert!(first.ends_with(b"\r\n") && !first.starts_with(b"PK"));
    let ran = scratch.enlist(&["check", "--fix", "same.csv", "--sheet", "1", &book]);
    assert!(ran.code < 2, "{}", ran.err);
    assert_eq!(scratch.read("same.csv"), first);
    let ran = scratch.enlist(&["check", "--sheet", "No such", &book]);
    assert_eq!(ran.code, 2, "{}", ran.out);
}

#[test]
fn a_list_whose_header_changes_keeps_every_row() {
    let scratch = Scratch::new();
    let [short, long] =
        [Dialect::ManagedDesktopPartner, Dialect::PartnerCenter].map(Dialect::header);
    let list = format!("{short}\r\nContoso,Book 13,0042\r\n{long}\r\n,3305000000013,,,\r\n");
    scratch.write("list.csv", &list);
    let ran = scratch.enlist(&["check", "--fix", "mended.csv", "list.csv"]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    let expected = format!("{long}\r\n0042,,,Contoso,Book 13\r\n,3305000000013,,,\r\n");
    assert_eq!(
        String::from_utf8(scratch.read("mended.csv")).unwrap(),
        expected
    );
    // What has gone into a pipe can't be taken back.
    let ran = scratch.enlist_reading(&["check", "--fix", "-", "-"], list.as_bytes());
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("--dialect partner-center "), "{}", ran.err);
    let again = ["check", "--fix", "-", "--dialect", "partner-center", "-"];
    let ran = scratch.enlist_reading(&again, list.as_bytes());
    assert_eq!((ran.code, ran.out), (0, expected), "{}", ran.err);
}
