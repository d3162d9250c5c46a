//! What `check --fix`, `convert`, `merge` and `split` say as JSON: one form for all four.

use std::fs;

use device_list::Dialect;
use serde_json::{Value, json};

use crate::schema::differences;
use crate::support::{Scratch, repository, tuples};

/// Two lists with something of everything: a certain repair, a guess, a row that is left, a device
/// twice in a list and across them, and a name that would do harm.
fn lists(scratch: &Scratch) {
    let header = Dialect::PartnerCenter.header();
    let rows = "S1,,,Contoso,Book 13\r\n S2 ,,,Contoso,Book 13\r\n,330500000001,,,\r\n\
                S1,,,Contoso,Book 13\r\nS3,,,Contoso,\r\n";
    scratch.write(A, format!("{header}\r\n{rows}"));
    let rows = "S2,,,Contoso,Book 13\r\nS4,,,Contoso,Book 13\r\n";
    scratch.write("b.csv", format!("{header}\r\n{rows}"));
}

const A: &str = "a\u{1b}[2J.csv";

/// Every way to say it, each with the name of its command and how it ends.
const RUNS: [(&str, i32, &[&str]); 7] = [
    ("check --fix", 1, &["check", A, "--fix", "fixed.csv"]),
    (
        "check --fix",
        1,
        &["check", A, "--fix", "part.csv", "--split", "--limit", "1"],
    ),
    ("check --fix", 0, &["check", "b.csv", "--fix", "good.csv"]),
    (
        "convert",
        1,
        &["convert", A, "-o", "converted.csv", "--to", "intune"],
    ),
    (
        "merge",
        1,
        &[
            "merge",
            A,
            "b.csv",
            "-o",
            "merged.csv",
            "--accept",
            "EN0411",
        ],
    ),
    ("split", 1, &["split", A, "-o", "cut.csv", "--rows", "2"]),
    ("split", 1, &["split", A, "-o", "kind.csv", "--by", "model"]),
];

fn said(scratch: &Scratch, arguments: &[&str], code: i32) -> Value {
    let ran = scratch.enlist(&[arguments, &["--format", "json"]].concat());
    assert_eq!((ran.code, &*ran.err), (code, ""), "{arguments:?}");
    assert!(!ran.out.contains('\u{1b}'), "{arguments:?}");
    serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{error}: {}", ran.out))
}

fn sum(lists: &Value) -> u64 {
    let lists = lists.as_array().unwrap().iter();
    lists.map(|list| list["rows"].as_u64().unwrap()).sum()
}

fn length(values: &Value) -> u64 {
    values.as_array().unwrap().len() as u64
}

#[test]
fn it_is_as_its_schema_says_and_every_row_is_accounted_for() {
    let scratch = Scratch::new();
    lists(&scratch);
    let path = repository("docs/schema/mend-report.schema.json");
    let schema: Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
    for (command, code, arguments) in RUNS {
        let said = said(&scratch, arguments, code);
        assert_eq!(differences(&schema, &said), Vec::<String>::new());
        assert_eq!(said["command"], command);
        let number = |name: &str| said[name].as_u64().unwrap();
        let [rows, repeated, left] = ["rows", "repeated", "left"].map(number);
        assert_eq!(sum(&said["files"]), rows + repeated + left, "{said}");
        assert_eq!(sum(&said["outputs"]), rows, "{said}");
        assert_eq!(length(&said["repetitions"]), repeated, "{said}");
        assert_eq!(length(&said["left_out"]), left, "{said}");
        // Every file that it names is there, with that many rows.
        for output in said["outputs"].as_array().unwrap() {
            let list = String::from_utf8(scratch.read(output["file"].as_str().unwrap())).unwrap();
            assert_eq!(
                list.lines().count() as u64,
                1 + output["rows"].as_u64().unwrap()
            );
        }
        let rest = said["rest"].as_str();
        assert_eq!(rest.is_some(), left > 0);
        if let Some(rest) = rest {
            let rest = String::from_utf8(scratch.read(rest)).unwrap();
            assert_eq!(rest.lines().count() as u64, 1 + left, "{rest}");
        }
        // And every code that it names is told about.
        let told = |place: &Value| said["codes"].get(place["code"].as_str().unwrap()).is_some();
        for name in ["changes", "repetitions", "unmended"] {
            assert!(said[name].as_array().unwrap().iter().all(told), "{said}");
        }
        let left = said["left_out"].as_array().unwrap().iter();
        let mut findings = left.flat_map(|row| row["findings"].as_array().unwrap());
        assert!(findings.all(told), "{said}");
        assert_eq!(said["whole"], code == 0);
    }
}

#[test]
fn it_says_what_was_done_to_which_list() {
    let scratch = Scratch::new();
    lists(&scratch);
    let (_, code, merge) = RUNS[4];
    let said = said(&scratch, merge, code);
    assert_eq!(said["file"], Value::Null);
    let files = json!([{"file": A, "rows": 5}, {"file": "b.csv", "rows": 2}]);
    assert_eq!(said["files"], files);
    assert_eq!(said["outputs"], json!([{"file": "merged.csv", "rows": 4}]));
    assert_eq!(said["rest"], "merged-rest.csv");
    let guess = json!({
        "file": A, "line": 4, "field": "pkid", "code": "EN0411", "accepted": true,
        "before": "330500000001", "after": "0330500000001",
    });
    let blank = json!({
        "file": A, "line": 3, "field": "serial", "code": "EN0310", "accepted": false,
        "before": " S2 ", "after": "S2",
    });
    for change in [guess, blank] {
        assert!(
            said["changes"].as_array().unwrap().contains(&change),
            "{said}"
        );
    }
    let places = |name: &str| -> Vec<Value> {
        let rows = said[name].as_array().unwrap().iter();
        rows.map(|row| json!([row["file"], row["line"], row["row"]]))
            .collect()
    };
    assert_eq!(
        places("repetitions"),
        [json!([A, 5, 4]), json!(["b.csv", 2, 1])]
    );
    let cause = said["repetitions"][1]["cause"].as_str().unwrap();
    assert!(cause.contains("Row 2 of"), "{cause}");
    assert_eq!(places("left_out"), [json!([A, 6, 5])]);
    let finding = &said["left_out"][0]["findings"][0];
    assert_eq!(finding["code"], "EN0401");
    assert!(!finding["fix"].as_str().unwrap().is_empty());
}

#[test]
fn a_list_on_standard_output_leaves_it_to_standard_error() {
    let scratch = Scratch::new();
    let arguments = [
        "merge",
        "-",
        "-o",
        "-",
        "--rest",
        "rest.csv",
        "--to",
        "managed-desktop-partner",
        "--format",
        "json",
    ];
    let ran = scratch.enlist_reading(&arguments, tuples(2).as_bytes());
    assert_eq!((ran.code, ran.out), (0, tuples(2)), "{}", ran.err);
    let said: Value = serde_json::from_str(&ran.err).unwrap();
    assert_eq!(
        said["files"],
        json!([{"file": "standard input", "rows": 2}])
    );
    assert_eq!(said["outputs"], json!([{"file": "-", "rows": 2}]));
    assert_eq!(
        scratch
            .enlist(&["split", "-", "--rows", "1", "--format", "csv"])
            .code,
        2
    );
}
