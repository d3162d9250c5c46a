//! `enlist decode-hash`, on the study's synthetic vector (api.md 8.4).

use serde_json::Value;

use crate::support::Scratch;

const VECTOR: &str = "T0FsAAEAHAAAAAoAIAPwVQAACgAgA/BVAAAAAAACCQgMABQARDMiEWZViHeZqrvM3e7/AA4ADgBURVNULTAwMDEAEAAMAENvbnRvc28AEQAMAE1vZGVsIFgAGAASADMzMDU2MTIzNDU2NzgAQ1MkABHyX7J/MOKddlri9W5h9nFAjowqcJ/VNOagC8JjD6UW";

#[test]
fn the_published_vector_reads_from_argument_file_and_pipe() {
    let scratch = Scratch::new();
    scratch.write("hash.txt", format!("{VECTOR:A<4000}\r\n"));
    let arguments = ["decode-hash", "--verify", "--format", "json"];
    let from = |last: &str| scratch.enlist(&[&arguments[..], &[last]].concat());
    let ran = from(VECTOR);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let told: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(told["serial"], "TEST-0001");
    assert_eq!(told["manufacturer"], "Contoso");
    assert_eq!(told["model"], "Model X");
    assert_eq!(told["pkid"], "3305612345678");
    assert_eq!(told["smbios_uuid"], "11223344-5566-7788-99aa-bbccddeeff00");
    assert_eq!(from("hash.txt").out, ran.out);
    let piped = scratch.enlist_reading(&arguments, VECTOR.as_bytes());
    assert_eq!((piped.code, piped.out), (0, ran.out));
    let table = scratch.enlist(&["decode-hash", VECTOR]).out;
    for text in ["TEST-0001", "Model X", "10.0.22000.800", "whole and right"] {
        assert!(table.contains(text), "{text} in {table}");
    }
}

#[test]
fn damage_is_told_by_the_exit_code() {
    let scratch = Scratch::new();
    let changed = VECTOR.replace("BURVNU", "BURVNV");
    let ran = scratch.enlist(&["decode-hash", "--verify", &changed]);
    assert_eq!(ran.code, 1);
    assert!(ran.out.contains("does not fit the content"), "{}", ran.out);
    assert_eq!(scratch.enlist(&["decode-hash", &changed]).code, 0);
    let ran = scratch.enlist(&["decode-hash", "T0no+hash=here"]);
    assert_eq!(ran.code, 2);
    assert!(
        !ran.err.contains("T0no"),
        "a hash stays out of messages: {}",
        ran.err
    );
    assert_eq!(scratch.enlist(&["decode-hash", "missing.txt"]).code, 2);
    assert_eq!(scratch.enlist_reading(&["decode-hash"], b"").code, 2);
}
