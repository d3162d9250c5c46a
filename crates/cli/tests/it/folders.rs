//! `enlist check` on folders and on several lists.

use std::fs;

use serde_json::Value;

use crate::check::{codes, json};
use crate::support::{Scratch, tuples};

fn names(said: &Value) -> Vec<&str> {
    let files = said["files"].as_array().unwrap();
    files
        .iter()
        .map(|file| file["file"].as_str().unwrap())
        .collect()
}

/// A list of one device of its own.
fn one(serial: &str) -> String {
    format!("Manufacturer,Model,Serial Number\r\nContoso,Book 13,{serial}\r\n")
}

#[test]
fn a_folder_is_gone_through_in_order() {
    let scratch = Scratch::new();
    for folder in ["lists/b/deep", "lists/.git", "lists/a"] {
        fs::create_dir_all(scratch.path(folder)).unwrap();
    }
    let lists = [
        "lists/a/2.txt",
        "lists/b/deep/x.CSV",
        "lists/b/1.tsv",
        "lists/c.csv",
    ];
    for (number, name) in lists.iter().enumerate() {
        scratch.write(name, one(&format!("S{number}")));
    }
    for name in [
        "lists/.hidden.csv",
        "lists/.git/in.csv",
        "lists/~$c.csv",
        "lists/notes.pdf",
    ] {
        scratch.write(name, "no list");
    }
    let ran = scratch.enlist(&["check", "--format", "json", "lists"]);
    let said = json(&ran);
    // Of each folder in the order of the names; each list once, also where it is named itself.
    let expected = [
        "lists/a/2.txt",
        "lists/b/1.tsv",
        "lists/b/deep/x.CSV",
        "lists/c.csv",
    ];
    assert_eq!(names(&said), expected);
    assert_eq!(ran.code, 0, "{}", ran.out);
    let ran = scratch.enlist(&[
        "check",
        "--format",
        "json",
        "lists/c.csv",
        "lists",
        "./lists/b",
    ]);
    assert_eq!(names(&json(&ran)).len(), 4);
    assert_eq!(names(&json(&ran))[0], "lists/c.csv");
    // What is named is read, whatever it is called.
    let ran = scratch.enlist(&["check", "--format", "json", "lists/.hidden.csv"]);
    assert_eq!(names(&json(&ran)), ["lists/.hidden.csv"]);
}

#[test]
fn a_folder_without_a_list_is_named() {
    let scratch = Scratch::new();
    fs::create_dir(scratch.path("empty")).unwrap();
    scratch.write("good.csv", tuples(2));
    let ran = scratch.enlist(&["check", "--format", "json", "empty", "good.csv"]);
    assert_eq!(ran.code, 2);
    assert!(
        ran.err.contains("There is no device list in empty."),
        "{}",
        ran.err
    );
    assert_eq!(names(&json(&ran)), ["good.csv"]);
}

#[cfg(unix)]
#[test]
fn links_are_followed_and_circles_are_not() {
    use std::os::unix::fs::symlink;
    let scratch = Scratch::new();
    for folder in ["lists/a", "elsewhere"] {
        fs::create_dir_all(scratch.path(folder)).unwrap();
    }
    scratch.write("lists/a/1.csv", one("S1"));
    scratch.write("elsewhere/2.csv", one("S2"));
    symlink("../..", scratch.path("lists/a/up")).unwrap();
    symlink(".", scratch.path("lists/self")).unwrap();
    symlink("../elsewhere", scratch.path("lists/z")).unwrap();
    symlink("a/1.csv", scratch.path("lists/same.csv")).unwrap();
    symlink("nothing", scratch.path("lists/broken.csv")).unwrap();
    let ran = scratch.enlist(&["check", "--format", "json", "lists"]);
    let said = json(&ran);
    // By the way of `up` the second list is below the first folder too, and met there first.
    let mut real: Vec<_> = names(&said)
        .iter()
        .map(|name| fs::canonicalize(scratch.path(name)).unwrap())
        .collect();
    real.sort();
    let expected = ["elsewhere/2.csv", "lists/a/1.csv"]
        .map(|name| fs::canonicalize(scratch.path(name)).unwrap());
    assert_eq!(real, expected);
    assert!(ran.err.contains("broken.csv"), "{}", ran.err);
    assert_eq!(ran.code, 2);
}

#[test]
fn a_device_in_two_lists_is_found() {
    let scratch = Scratch::new();
    scratch.write("may.csv", tuples(3));
    scratch.write("june.csv", one("s00002") + "Contoso,Book 13,S9\r\n");
    let ran = scratch.enlist(&["check", "--format", "json", "may.csv", "june.csv"]);
    assert_eq!(ran.code, 1);
    let said = json(&ran);
    assert_eq!(codes(&said["files"][0]), Vec::<&str>::new());
    assert_eq!(codes(&said["files"][1]), ["EN0707"]);
    let finding = &said["files"][1]["findings"][0];
    assert_eq!((&finding["line"], &finding["row"]), (&2.into(), &1.into()));
    assert!(
        finding["cause"].as_str().unwrap().contains("may.csv"),
        "{finding}"
    );
    assert_eq!(said["total"]["devices"], 4);
    // The same list twice is no such thing.
    let ran = scratch.enlist(&["check", "may.csv", "./may.csv"]);
    assert_eq!(ran.code, 0, "{}", ran.out);
}

#[test]
fn the_report_of_the_last_time_is_no_list() {
    let scratch = Scratch::new();
    fs::create_dir(scratch.path("lists")).unwrap();
    scratch.write("lists/a.csv", tuples(2));
    let arguments = [
        "check",
        "--format",
        "csv",
        "-o",
        "lists/report.csv",
        "lists",
    ];
    for _ in 0..2 {
        assert_eq!(scratch.enlist(&arguments).code, 0);
    }
}
