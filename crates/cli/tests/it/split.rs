//! `enlist split`.

use std::fs;

use device_list::{Dialect, SampleDevice};

use crate::support::{Scratch, fixture, tuples};

fn text(scratch: &Scratch, name: &str) -> String {
    String::from_utf8(scratch.read(name)).unwrap()
}

/// How many rows a list has.
fn rows(scratch: &Scratch, name: &str) -> usize {
    text(scratch, name).lines().count() - 1
}

fn names(scratch: &Scratch) -> Vec<String> {
    let entries = fs::read_dir(scratch.path(".")).unwrap();
    let mut names: Vec<_> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// A list with a tag for each row.
fn tagged(tags: &[&str]) -> String {
    let mut list = format!("{}\r\n", Dialect::Intune4.header());
    for (at, tag) in (0..).zip(tags) {
        let device = SampleDevice::new(5, at);
        let (serial, hash) = (&device.serial, device.hash_text());
        let row = [serial.as_str(), "", &hash, tag].join(",");
        list.push_str(&row);
        list.push_str("\r\n");
    }
    list
}

#[test]
fn parts_have_so_many_rows_and_conform() {
    let scratch = Scratch::new();
    scratch.write("in.csv", tuples(25));
    let arguments = ["split", "in.csv", "-o", "part.csv", "--rows", "10"];
    let ran = scratch.enlist(&arguments);
    assert_eq!(ran.code, 0, "{} {}", ran.out, ran.err);
    let parts = ["part-1.csv", "part-2.csv", "part-3.csv"];
    assert_eq!(parts.map(|part| rows(&scratch, part)), [10, 10, 5]);
    for part in parts {
        assert!(ran.out.contains(part), "{}", ran.out);
        assert_eq!(scratch.enlist(&["check", part]).code, 0);
    }
    assert!(ran.out.contains("25 devices in 3 parts"), "{}", ran.out);
    let whole = [&["merge"], &parts[..], &["-o", "whole.csv"]].concat();
    assert_eq!(scratch.enlist(&whole).code, 0);
    assert_eq!(text(&scratch, "whole.csv"), tuples(25));
    // They are not replaced unless that is asked for; then they are the same.
    let before = parts.map(|part| scratch.read(part));
    let ran = scratch.enlist(&arguments);
    assert_eq!(ran.code, 2);
    assert!(
        ran.err.contains("part-1.csv is there already"),
        "{}",
        ran.err
    );
    let forced = [&arguments[..], &["--force"]].concat();
    assert_eq!(scratch.enlist(&forced).code, 0);
    assert_eq!(parts.map(|part| scratch.read(part)), before);
    // Parts that an earlier split left are named.
    let fewer = [
        "split", "in.csv", "-o", "part.csv", "--rows", "20", "--force",
    ];
    let ran = scratch.enlist(&fewer);
    assert!(
        ran.err.contains("part-3.csv is of an earlier"),
        "{}",
        ran.err
    );
}

#[test]
fn a_way_of_registering_says_how_many_rows() {
    let scratch = Scratch::new();
    scratch.write("in.csv", tuples(1001));
    let ran = scratch.enlist(&["split", "in.csv", "-o", "p", "--for", "partner-center"]);
    assert_eq!(ran.code, 0, "{} {}", ran.out, ran.err);
    assert_eq!(["p-1.csv", "p-2.csv"].map(|p| rows(&scratch, p)), [1000, 1]);
}

#[test]
fn no_row_is_lost() {
    let scratch = Scratch::new();
    let list = tuples(3) + "Contoso,,0042\r\n Contoso ,Book 13,S9\r\nContoso,Book 13,S9\r\n";
    let arguments = ["split", "-", "-o", "part.csv", "--rows", "3"];
    let ran = scratch.enlist_reading(&arguments, list.as_bytes());
    assert_eq!(ran.code, 1, "{} {}", ran.out, ran.err);
    assert_eq!(
        names(&scratch),
        ["part-1.csv", "part-2.csv", "part-rest.csv"]
    );
    assert!(text(&scratch, "part-2.csv").ends_with("\r\nContoso,Book 13,S9\r\n"));
    assert!(
        text(&scratch, "part-rest.csv").contains("standard input:5"),
        "{}",
        ran.out
    );
    let said = "4 devices in 2 parts of 6 rows; 1 dropped as the same device again; 1 left.";
    assert!(ran.out.contains(said), "{}", ran.out);
}

#[test]
fn every_tag_gets_a_part_with_a_safe_name() {
    let scratch = Scratch::new();
    scratch.write("in.csv", tagged(&["Shop", "../x", "Shop", "", "shop"]));
    let ran = scratch.enlist(&["split", "in.csv", "-o", "out.csv", "--by", "tag"]);
    assert!(ran.code < 2, "{} {}", ran.out, ran.err);
    let parts = [
        "in.csv",
        "out-Shop.csv",
        "out-___x.csv",
        "out-no-tag.csv",
        "out-shop-2.csv",
    ];
    assert_eq!(names(&scratch), parts);
    let counts = parts[1..].iter().map(|part| rows(&scratch, part));
    assert_eq!(counts.collect::<Vec<_>>(), [2, 1, 1, 1]);
    for part in &parts[1..] {
        assert!(text(&scratch, part).starts_with(Dialect::Intune4.header()));
    }
}

#[test]
fn a_guess_is_made_where_its_code_is_accepted_and_told() {
    let scratch = Scratch::new();
    let header = Dialect::PartnerCenter.header();
    let list = format!("{header}\r\n,3305000000013,,,\r\n,330500000001,,,\r\n");
    let arguments = ["split", "-", "-o", "part.csv", "--rows", "1", "--force"];
    let ran = scratch.enlist_reading(&arguments, list.as_bytes());
    assert_eq!(ran.code, 1, "{} {}", ran.out, ran.err);
    assert_eq!(names(&scratch), ["part-1.csv", "part-rest.csv"]);
    assert!(ran.out.contains("1 row is in part-rest.csv"), "{}", ran.out);
    let accepting = [&arguments[..], &["--accept", "EN0411"]].concat();
    let ran = scratch.enlist_reading(&accepting, list.as_bytes());
    assert_eq!(ran.code, 0, "{} {}", ran.out, ran.err);
    assert!(ran.out.contains("EN0411 (accepted)"), "{}", ran.out);
    let part = format!("{header}\r\n,0330500000001,,,\r\n");
    assert_eq!(text(&scratch, "part-2.csv"), part);
}

#[test]
fn a_sheet_of_a_workbook_can_be_said() {
    let scratch = Scratch::new();
    let book = fixture("EN0115.xlsx");
    let arguments = ["split", &book, "-o", "part.csv", "--rows", "500"];
    let ran = scratch.enlist(&[&arguments[..], &["--sheet", "No such"]].concat());
    assert_eq!(ran.code, 2, "{}", ran.out);
    assert!(names(&scratch).is_empty());
    let ran = scratch.enlist(&[&arguments[..], &["--sheet", "1"]].concat());
    assert!(ran.code < 2, "{}", ran.err);
    assert!(names(&scratch).contains(&"part-1.csv".to_owned()));
}

#[test]
fn hashes_are_split_by_what_they_carry() {
    let scratch = Scratch::new();
    scratch.enlist(&["sample", "--count", "30", "-o", "in.csv"]);
    for by in ["model", "manufacturer"] {
        let out = format!("{by}.csv");
        let ran = scratch.enlist(&["split", "in.csv", "-o", &out, "--by", by]);
        assert_eq!(ran.code, 0, "{} {}", ran.out, ran.err);
        let mut kinds: Vec<String> = (0..30)
            .map(|at| SampleDevice::new(1, at))
            .map(|device| match by {
                "model" => device.model.to_string(),
                _ => device.manufacturer.to_string(),
            })
            .collect();
        kinds.sort();
        kinds.dedup();
        let front = format!("{by}-");
        let parts = names(&scratch)
            .into_iter()
            .filter(|name| name.starts_with(&front));
        let parts: Vec<_> = parts.collect();
        assert_eq!(parts.len(), kinds.len(), "{parts:?}");
        let all: usize = parts.iter().map(|part| rows(&scratch, part)).sum();
        assert_eq!(all, 30);
    }
}

#[test]
fn wrong_arguments_and_lists_write_nothing() {
    let scratch = Scratch::new();
    scratch.write("in-1.csv", tuples(2));
    scratch.write("empty.csv", "");
    for wrong in [
        &["split", "in-1.csv", "-o", "p.csv"][..],
        &["split", "in-1.csv", "--rows", "5"],
        &["split", "in-1.csv", "-o", "p.csv", "--rows", "0"],
        &[
            "split", "in-1.csv", "-o", "p.csv", "--rows", "5", "--by", "tag",
        ],
        &["split", "in-1.csv", "-o", "-", "--rows", "5"],
        &["split", "in-1.csv", "-o", "no/such/p.csv", "--rows", "1"],
        &[
            "split", "in-1.csv", "-o", "in.csv", "--rows", "1", "--force",
        ],
        &[
            "split",
            "in-1.csv",
            "-o",
            "p.csv",
            "--rows",
            "1",
            "--rest",
            "empty.csv",
        ],
        &[
            "split", "in-1.csv", "-o", "p.csv", "--rows", "1", "--rest", "p-2.csv",
        ],
        &["split", "empty.csv", "-o", "p.csv", "--rows", "5"],
        &["split", "missing.csv", "-o", "p.csv", "--rows", "5"],
    ] {
        let ran = scratch.enlist(wrong);
        assert_eq!(ran.code, 2, "{wrong:?} {}", ran.out);
        assert_eq!(names(&scratch), ["empty.csv", "in-1.csv"], "{wrong:?}");
    }
    assert_eq!(text(&scratch, "in-1.csv"), tuples(2));
}
