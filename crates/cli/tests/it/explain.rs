//! `enlist explain`.

use serde_json::Value;
use unicode_width::UnicodeWidthStr as _;

use device_list::Code;

use crate::support::Scratch;

#[test]
fn a_code_is_explained() {
    let scratch = Scratch::new();
    let ran = scratch.enlist(&["explain", "en0411"]);
    assert_eq!(ran.code, 0);
    let code = Code::PKID_TWELVE_DIGITS;
    // Long sentences are wrapped.
    let said = ran.out.split_whitespace().collect::<Vec<_>>().join(" ");
    for text in [
        "EN0411",
        code.title(),
        code.why(),
        code.fix_hint(),
        code.accepting().unwrap(),
        "error, Identifiers",
        "803 MissingZtdSerialNumberAndProductKey",
    ] {
        assert!(said.contains(text), "{text}: {}", ran.out);
    }
}

#[test]
fn a_group_and_the_whole_table_are_listed() {
    let scratch = Scratch::new();
    let group = scratch.enlist(&["explain", "EN06"]).out;
    let in_group = || Code::all().filter(|code| code.as_str().starts_with("EN06"));
    let headings = group.lines().filter(|line| line.starts_with("EN06"));
    assert_eq!(headings.count(), in_group().count());
    assert!(in_group().all(|code| group.contains(code.title())));
    let all = scratch.enlist(&["explain"]).out;
    for code in Code::all() {
        assert!(
            all.contains(code.as_str()) && all.contains(code.group()),
            "{code}"
        );
    }
    let mut narrow = scratch.command(&["explain", "EN04", "EN0101"]);
    let narrow = narrow.env("COLUMNS", "40").output().unwrap();
    let narrow = String::from_utf8(narrow.stdout).unwrap();
    // Headings are one line each, whatever the width.
    let paragraphs = narrow.lines().filter(|line| line.starts_with("   "));
    assert!(
        paragraphs.into_iter().all(|line| line.width() <= 40),
        "{narrow}"
    );
}

#[test]
fn json_has_the_whole_table() {
    let scratch = Scratch::new();
    let ran = scratch.enlist(&["explain", "--format", "json"]);
    let said: Value = serde_json::from_str(&ran.out).unwrap();
    let said = said.as_array().unwrap();
    assert_eq!(said.len(), Code::all().count());
    for (about, code) in said.iter().zip(Code::all()) {
        assert_eq!(about["code"], code.as_str());
        assert_eq!(about["why"], code.why());
        assert_eq!(about["help"], format!("docs/findings/{code}.md"));
        assert_eq!(
            about["dds"]["code"].as_u64(),
            code.dds().map(|(number, _)| number.into())
        );
    }
    let ran = scratch.enlist(&["explain", "--format", "json", "EN0101"]);
    let said: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(said.as_array().unwrap().len(), 1);
}

#[test]
fn an_unknown_code_is_answered_with_the_nearest() {
    let scratch = Scratch::new();
    let ran = scratch.enlist(&["explain", "EN0101", "EN0499"]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert!(ran.err.contains("There is no code EN0499."), "{}", ran.err);
    assert!(ran.err.contains("The nearest are EN04"), "{}", ran.err);
    let ran = scratch.enlist(&["explain", "\u{1b}[2Jwhat"]);
    assert_eq!(ran.code, 2);
    assert!(
        ran.err.contains("enlist explain lists all codes."),
        "{}",
        ran.err
    );
    assert!(!ran.err.contains('\u{1b}'), "{:?}", ran.err);
}
