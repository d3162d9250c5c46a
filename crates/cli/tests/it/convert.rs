//! `enlist convert`.

use device_list::Dialect;
use serde_json::Value;

use crate::support::{Scratch, tuples};

fn text(scratch: &Scratch, name: &str) -> String {
    String::from_utf8(scratch.read(name)).unwrap()
}

fn sample(scratch: &Scratch, dialect: Dialect, kind: &str) {
    let arguments = [
        "sample",
        "--dialect",
        dialect.name(),
        "--kind",
        kind,
        "--count",
        "4",
        "-o",
        "list.csv",
    ];
    assert_eq!(scratch.enlist(&arguments).code, 0);
}

#[test]
fn hashes_go_from_every_layout_into_every_layout_and_back() {
    let has_hash = |dialect: &Dialect| dialect.has(device_list::Column::Hash);
    let scratch = Scratch::new();
    for from in Dialect::ALL.into_iter().filter(has_hash) {
        sample(&scratch, from, "hash");
        for to in Dialect::ALL.into_iter().filter(has_hash) {
            let there = ["convert", "list.csv", "-o", "there.csv", "--to", to.name()];
            let ran = scratch.enlist(&there);
            assert!(ran.code < 2, "{from:?} {to:?}: {}", ran.err);
            assert!(text(&scratch, "there.csv").starts_with(to.header()));
            let ran = scratch.enlist(&[
                "convert",
                "there.csv",
                "-o",
                "back.csv",
                "--to",
                from.name(),
            ]);
            assert!(ran.code < 2, "{from:?} {to:?}: {}", ran.err);
            let hashes = |name: &str| -> Vec<String> {
                let list = device_list::check(
                    &scratch.read(name),
                    &device_list::CheckOptions {
                        channel: device_list::Channel::Enlist,
                        ..device_list::CheckOptions::default()
                    },
                );
                list.rows
                    .iter()
                    .map(|row| row.value(device_list::Column::Hash).to_owned())
                    .collect()
            };
            assert_eq!(hashes("list.csv").len(), 4);
            assert_eq!(hashes("list.csv"), hashes("back.csv"), "{from:?} {to:?}");
        }
    }
}

#[test]
fn rows_are_written_as_what_is_asked_for() {
    let scratch = Scratch::new();
    sample(&scratch, Dialect::Intune3, "hash");
    let to = Dialect::ManagedDesktopPartner;
    let arguments = ["convert", "list.csv", "--to", to.name(), "--as", "tuple"];
    let ran = scratch.enlist(&arguments);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let mut lines = ran.out.lines();
    assert_eq!(lines.next(), Some(to.header()));
    assert_eq!(lines.clone().count(), 4);
    assert!(
        lines.all(|line| line.split(',').all(|value| !value.is_empty())),
        "{}",
        ran.out
    );
    // Those of a list of tuples have no hash that could be written.
    scratch.write("tuples.csv", tuples(2));
    let arguments = [
        "convert",
        "tuples.csv",
        "-o",
        "out.csv",
        "--to",
        "partner-center",
        "--as",
        "hash",
    ];
    let ran = scratch.enlist(&arguments);
    assert_eq!(ran.code, 1, "{}", ran.err);
    assert!(
        ran.out
            .contains("2 rows are not in it, but in out-rest.csv"),
        "{}",
        ran.out
    );
    assert_eq!(text(&scratch, "out-rest.csv").lines().count(), 3);
    let ran = scratch.enlist(&["convert", "list.csv", "--to", to.name(), "--as", "words"]);
    assert_eq!(ran.code, 2);
}

#[test]
fn what_the_layout_cant_carry_is_named_and_counted() {
    let scratch = Scratch::new();
    sample(&scratch, Dialect::Intune3, "hash");
    let tag = "Microsoft365Managed_Standard";
    let tagged = [
        "convert",
        "list.csv",
        "-o",
        "tagged.csv",
        "--to",
        "intune-4",
        "--tag",
        tag,
    ];
    assert_eq!(scratch.enlist(&tagged).code, 0);
    assert_eq!(text(&scratch, "tagged.csv").matches(tag).count(), 4);
    let back = [
        "convert",
        "tagged.csv",
        "-o",
        "back.csv",
        "--to",
        "intune-3",
    ];
    let ran = scratch.enlist(&back);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(
        ran.out.contains("has no place for it: group tag (4 rows)."),
        "{}",
        ran.out
    );
    assert_eq!(scratch.read("back.csv"), scratch.read("list.csv"));
    let ran = scratch.enlist(&[&back[..], &["--format", "json"]].concat());
    let told: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(told["dropped"], serde_json::json!({"group_tag": 4}));
    assert_eq!(told["rest"], Value::Null);
}

#[test]
fn identifiers_are_never_lost() {
    let scratch = Scratch::new();
    sample(&scratch, Dialect::PartnerCenter, "pkid");
    let arguments = [
        "convert",
        "list.csv",
        "-o",
        "out.csv",
        "--to",
        "managed-desktop-partner",
    ];
    let ran = scratch.enlist(&arguments);
    assert_eq!(ran.code, 1);
    let rest = text(&scratch, "out-rest.csv");
    assert_eq!(
        rest.lines()
            .filter(|line| line.starts_with("EN0401,"))
            .count(),
        4,
        "{rest}"
    );
    // The rest file is a list with its own columns, and converts like one.
    let arguments = [
        "convert",
        "out-rest.csv",
        "-o",
        "again.csv",
        "--to",
        "partner-center",
    ];
    let ran = scratch.enlist(&arguments);
    assert!(ran.code < 2, "{}", ran.err);
    assert_eq!(scratch.read("again.csv"), scratch.read("list.csv"));
}

#[test]
fn a_list_goes_through_a_pipe() {
    let scratch = Scratch::new();
    let ran = scratch.enlist_reading(
        &["convert", "-", "--to", "partner-center"],
        tuples(1).as_bytes(),
    );
    let header = Dialect::PartnerCenter.header();
    assert_eq!(ran.out, format!("{header}\r\nS00000,,,Contoso,Book 13\r\n"));
    assert_eq!(ran.code, 0, "{}", ran.err);
}

#[test]
fn what_cant_be_done_leaves_nothing() {
    let scratch = Scratch::new();
    scratch.write("list.csv", tuples(1));
    scratch.write("notes.txt", "Dear all,\r\nthe devices come tomorrow.\r\n");
    for (arguments, expected) in [
        (
            ["list.csv", "-o", "list.csv", "--to", "intune"],
            "overwrite",
        ),
        (
            ["list.csv", "-o", "out.csv", "--to", "excel"],
            "managed-desktop-self",
        ),
        (
            ["list.csv", "-o", "no/such.csv", "--to", "intune"],
            "can't be written",
        ),
        (
            ["notes.txt", "-o", "out.csv", "--to", "intune"],
            "not usable",
        ),
        (
            ["none.csv", "-o", "out.csv", "--to", "intune"],
            "does not exist",
        ),
    ] {
        let ran = scratch.enlist(&[&["convert"], &arguments[..]].concat());
        assert_eq!(ran.code, 2, "{arguments:?}: {}", ran.out);
        assert!(ran.err.contains(expected), "{arguments:?}: {}", ran.err);
        assert!(ran.out.is_empty() && !scratch.path("out.csv").exists());
    }
    assert_eq!(text(&scratch, "list.csv"), tuples(1));
}
