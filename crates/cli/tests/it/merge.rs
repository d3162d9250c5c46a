//! `enlist merge`.

use std::fs;

use device_list::{Dialect, SampleDevice};

use crate::support::{Scratch, fixture, tuples};

const HEADER: &str = "Manufacturer,Model,Serial Number\r\n";

fn text(scratch: &Scratch, name: &str) -> String {
    String::from_utf8(scratch.read(name)).unwrap()
}

/// A list in Intune's layout of one device's hash with a tag, collected on some occasion.
fn hashes(tag: &str, occasion: u32) -> String {
    let device = SampleDevice::new(5, 0);
    let hash = device.fresh_hash(occasion).to_padded_text();
    let header = Dialect::Intune4.header();
    format!("{header}\r\n{},,{hash},{tag}\r\n", device.serial)
}

#[test]
fn lists_become_one_with_one_header_and_every_device_once() {
    let scratch = Scratch::new();
    scratch.write("a.csv", tuples(2));
    scratch.write(
        "b.csv",
        "serial number;model;manufacturer\n S00001;Book 13;Contoso\n0042;Book 13;Contoso\n",
    );
    let ran = scratch.enlist(&["merge", "a.csv", "b.csv", "-o", "all.csv"]);
    assert_eq!(ran.code, 0, "{} {}", ran.out, ran.err);
    let expected = tuples(2) + "Contoso,Book 13,0042\r\n";
    assert_eq!(text(&scratch, "all.csv"), expected);
    for said in [
        "3 devices of 2 lists with 4 rows",
        "1 row dropped",
        "0 rows left",
    ] {
        assert!(ran.out.contains(said), "{said}: {}", ran.out);
    }
    assert!(!scratch.path("all-rest.csv").exists());
    assert_eq!(scratch.enlist(&["check", "all.csv"]).code, 0);
    // The result and the same lists once more are the result.
    let again = scratch.enlist(&["merge", "all.csv", "a.csv", "b.csv", "-o", "twice.csv"]);
    assert_eq!(again.code, 0);
    assert_eq!(text(&scratch, "twice.csv"), expected);
}

#[test]
fn a_folder_gives_the_same_bytes_twice_though_the_results_lie_in_it() {
    let scratch = Scratch::new();
    fs::create_dir(scratch.path("lists")).unwrap();
    scratch.write("lists/a.csv", tuples(3));
    scratch.write("lists/b.csv", format!("{HEADER}Contoso,,S9\r\n"));
    let arguments = ["merge", "lists", "-o", "lists/all.csv"];
    let ran = scratch.enlist(&arguments);
    assert_eq!(ran.code, 1, "{} {}", ran.out, ran.err);
    let first = ["lists/all.csv", "lists/all-rest.csv"].map(|name| scratch.read(name));
    assert_eq!(scratch.enlist(&arguments).code, 1);
    let second = ["lists/all.csv", "lists/all-rest.csv"].map(|name| scratch.read(name));
    assert_eq!(first, second);
    assert_eq!(first[0], tuples(3).as_bytes());
    assert!(ran.out.contains("lists/b.csv:2"), "{}", ran.out);
    assert!(text(&scratch, "lists/all-rest.csv").contains("lists/b.csv:2"));
    let names = fs::read_dir(scratch.path("lists")).unwrap().count();
    assert_eq!(names, 4, "nothing else is left behind");
}

#[test]
fn rows_that_contradict_each_other_are_named_and_left() {
    let scratch = Scratch::new();
    scratch.write("a.csv", hashes("A", 1));
    scratch.write("b.csv", hashes("B", 2));
    let ran = scratch.enlist(&["merge", "a.csv", "b.csv", "-o", "all.csv"]);
    assert_eq!(ran.code, 1, "{} {}", ran.out, ran.err);
    assert!(ran.out.contains("b.csv:2"), "{}", ran.out);
    assert_eq!(text(&scratch, "all.csv"), hashes("A", 1));
    let rest = text(&scratch, "all-rest.csv");
    assert!(rest.starts_with("enlist code,enlist advice,enlist line,"));
    assert!(rest.contains("b.csv:2") && rest.ends_with(",B\r\n"));
    assert!(!ran.out.contains("T0"), "no hash: {}", ran.out);
}

#[test]
fn two_hashes_of_one_machine_are_one_device_and_tags_stay() {
    let scratch = Scratch::new();
    scratch.write("a.csv", hashes("A", 1));
    scratch.write("b.csv", hashes("A", 2));
    scratch.enlist(&[
        "sample", "--count", "2", "--seed", "9", "--kind", "hash", "-o", "c.csv",
    ]);
    let ran = scratch.enlist(&["merge", "a.csv", "b.csv", "c.csv", "-o", "all.csv"]);
    assert!(ran.out.contains("3 devices of 3 lists"), "{}", ran.out);
    let all = text(&scratch, "all.csv");
    assert!(all.starts_with(Dialect::Intune4.header()), "{}", ran.out);
    assert_eq!(all.lines().filter(|line| line.ends_with(",A")).count(), 1);
    // Tuples need another layout, and none of those has tags: that is said.
    scratch.write("d.csv", tuples(1));
    let ran = scratch.enlist(&["merge", "a.csv", "d.csv", "-o", "all.csv"]);
    assert!(
        text(&scratch, "all.csv").starts_with(Dialect::PartnerCenter.header()),
        "{}",
        ran.out
    );
    let said = "has no place for it: group tag (1 row).";
    assert!(ran.out.contains(said), "{}", ran.out);
}

#[test]
fn a_layout_and_a_tag_can_be_said() {
    let scratch = Scratch::new();
    scratch.enlist(&["sample", "--count", "2", "-o", "a.csv"]);
    let tag = "Microsoft365Managed_Kiosk";
    let arguments = ["merge", "a.csv", "-o", "all.csv", "--to", "intune"];
    let ran = scratch.enlist(&[&arguments[..], &["--tag", tag]].concat());
    assert_eq!(ran.code, 0, "{} {}", ran.out, ran.err);
    let all = text(&scratch, "all.csv");
    assert!(all.starts_with(Dialect::Intune.header()));
    let tagged = |line: &&str| line.ends_with(&format!(",{tag},"));
    assert_eq!(all.lines().filter(tagged).count(), 2);
    for wrong in [["--to", "excel"], ["--tag", "Kiosk of mine"]] {
        let ran = scratch.enlist(&[&arguments[..4], &wrong].concat());
        assert_eq!(ran.code, 2, "{wrong:?}");
    }
}

#[test]
fn a_guess_is_made_in_every_list_where_its_code_is_accepted_and_told() {
    let scratch = Scratch::new();
    let header = Dialect::PartnerCenter.header();
    scratch.write("a.csv", format!("{header}\r\n,330500000001,,,\r\n"));
    scratch.write("b.csv", format!("{header}\r\n, 3305000000013,,,\r\n"));
    let arguments = ["merge", "a.csv", "b.csv", "-o", "all.csv"];
    let ran = scratch.enlist(&arguments);
    assert_eq!(ran.code, 1, "{} {}", ran.out, ran.err);
    assert!(text(&scratch, "all-rest.csv").contains("EN0411"));
    let ran = scratch.enlist(&[&arguments[..], &["--accept", "en0411"]].concat());
    assert_eq!(ran.code, 0, "{} {}", ran.out, ran.err);
    let change = |place: &str| {
        let line = ran.out.lines().find(|line| line.trim().starts_with(place));
        let words = line.unwrap_or_default().split_whitespace();
        words.collect::<Vec<_>>().join(" ")
    };
    let accepted = "a.csv:2 PKID EN0411 (accepted) 330500000001 0330500000001";
    assert_eq!(change("a.csv:2"), accepted);
    assert!(change("b.csv:2").contains("EN0310"), "{}", ran.out);
    let all = format!("{header}\r\n,0330500000001,,,\r\n,3305000000013,,,\r\n");
    assert_eq!(text(&scratch, "all.csv"), all);
    assert!(ran.err.contains("all-rest.csv is of an earlier run"));
    // Only what is a guess can be accepted.
    let ran = scratch.enlist(&[&arguments[..], &["--accept", "EN0310"]].concat());
    assert!(
        ran.code == 2 && ran.err.contains("has no guess"),
        "{}",
        ran.err
    );
}

#[test]
fn a_sheet_of_every_workbook_can_be_said() {
    let scratch = Scratch::new();
    let book = fixture("EN0115.xlsx");
    let arguments = ["merge", &book, "-o", "all.csv"];
    let ran = scratch.enlist(&[&arguments[..], &["--sheet", "1"]].concat());
    assert!(ran.code < 2, "{}", ran.err);
    let first = text(&scratch, "all.csv");
    let ran = scratch.enlist(&[&arguments[..], &["--sheet", "No such"]].concat());
    assert!(
        ran.code == 2 && ran.err.contains("not usable"),
        "{}",
        ran.err
    );
    assert_eq!(text(&scratch, "all.csv"), first);
}

#[test]
fn standard_input_and_output_need_to_be_told_more() {
    let scratch = Scratch::new();
    let list = tuples(2);
    let arguments = ["merge", "-", "-o", "-", "--rest", "rest.csv"];
    let ran = scratch.enlist_reading(&arguments, list.as_bytes());
    assert_eq!(ran.code, 2);
    assert!(
        ran.err.contains("only once") && ran.err.contains("--to"),
        "{}",
        ran.err
    );
    let arguments = [&arguments[..], &["--to", "managed-desktop-partner"]].concat();
    let ran = scratch.enlist_reading(&arguments, list.as_bytes());
    assert_eq!((ran.code, ran.out), (0, list.clone()));
    assert!(ran.err.contains("2 devices of 1 list"), "{}", ran.err);
    let ran = scratch.enlist_reading(&["merge", "-", "-o", "-"], list.as_bytes());
    assert!(ran.code == 2 && ran.err.contains("--rest"), "{}", ran.err);
}

#[test]
fn nothing_is_written_where_a_list_is_of_no_use() {
    let scratch = Scratch::new();
    scratch.write("a.csv", tuples(2));
    scratch.write("empty.csv", "");
    scratch.write("all.csv", "as it was");
    for (lists, said) in [
        (["a.csv", "empty.csv"], "not usable"),
        (["a.csv", "missing.csv"], "does not exist"),
        (["a.csv", "all.csv"], "overwrite"),
    ] {
        for to in [&[][..], &["--to", "partner-center"]] {
            let ran = scratch.enlist(&[&["merge"], &lists[..], &["-o", "all.csv"], to].concat());
            assert_eq!(ran.code, 2, "{lists:?}");
            assert!(ran.err.contains(said), "{}", ran.err);
            assert_eq!(text(&scratch, "all.csv"), "as it was");
        }
    }
    for wrong in [
        &["merge", "a.csv"][..],
        &["merge", "-o", "all.csv"],
        &["merge", "a.csv", "-o", "no/such/all.csv"],
        &["merge", "a.csv", "-o", "all.csv", "--rest", "-"],
        &["merge", "a.csv", "-o", "b.csv", "--rest", "a.csv"],
        &["merge", "a.csv", "-o", "b.csv", "--rest", "b.csv"],
    ] {
        assert_eq!(scratch.enlist(wrong).code, 2, "{wrong:?}");
    }
    let names = fs::read_dir(scratch.path(".")).unwrap().count();
    assert_eq!(names, 3, "nothing is left behind");
}

#[test]
fn a_rest_that_is_mended_makes_the_list_whole() {
    let scratch = Scratch::new();
    scratch.write("a.csv", tuples(1) + "Contoso,,0042\r\n");
    assert_eq!(scratch.enlist(&["merge", "a.csv", "-o", "all.csv"]).code, 1);
    let rest = text(&scratch, "all-rest.csv");
    assert!(rest.contains("Contoso,,'0042"), "{rest}");
    scratch.write("mended.csv", rest.replace("Contoso,,", "Contoso,Book 13,"));
    let ran = scratch.enlist(&["merge", "all.csv", "mended.csv", "-o", "whole.csv"]);
    assert_eq!(ran.code, 0, "{} {}", ran.out, ran.err);
    let expected = tuples(1) + "Contoso,Book 13,0042\r\n";
    assert_eq!(text(&scratch, "whole.csv"), expected);
}
