//! `enlist check --fix`.

use serde_json::Value;

use crate::support::{Scratch, published, tuples};

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

#[test]
fn a_list_goes_to_standard_output_and_the_changes_beside_it() {
    let scratch = Scratch::new();
    let list = tuples(2) + ",,\r\n";
    let ran = scratch.enlist_reading(&["check", "--fix", "-", "-"], list.as_bytes());
    assert_eq!((ran.code, ran.out), (0, tuples(2)));
    assert!(ran.err.contains("EN0303"), "{}", ran.err);
}

#[test]
fn the_original_is_never_overwritten() {
    let scratch = Scratch::new();
    let list = tuples(1) + ",,\r\n";
    scratch.write("list.csv", &list);
    let ran = scratch.enlist(&["check", "--fix", "./list.csv", "list.csv"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("overwrite"), "{}", ran.err);
    assert_eq!(scratch.read("list.csv"), list.as_bytes());
    assert_eq!(
        scratch
            .enlist(&["check", "--fix", "a.csv", "list.csv", "list.csv"])
            .code,
        2
    );
    scratch.write("empty.csv", "");
    assert_eq!(
        scratch
            .enlist(&["check", "--fix", "a.csv", "empty.csv"])
            .code,
        2
    );
    assert!(!scratch.path("a.csv").exists());
}
