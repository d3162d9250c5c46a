//! `enlist check`.

use std::io::Read;
use std::process::Stdio;
use std::time::Instant;

use serde_json::Value;

use crate::support::{Ran, Scratch, published, tuples};

pub(crate) fn json(ran: &Ran) -> Value {
    serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{error}: {}", ran.out))
}

pub(crate) fn codes(file: &Value) -> Vec<&str> {
    let findings = file["findings"].as_array().unwrap();
    findings
        .iter()
        .map(|finding| finding["code"].as_str().unwrap())
        .collect()
}

#[test]
fn the_published_samples_get_the_right_findings() {
    let scratch = Scratch::new();
    let own = published("managed-desktop-sample-self.csv");
    let ran = scratch.enlist(&["check", "--format", "json", &own]);
    assert_eq!(ran.code, 1);
    let said = json(&ran);
    // A note beside them: the hash was collected in 2019.
    assert_eq!(codes(&said["files"][0]), ["EN0102", "EN0506", "EN0517"]);
    assert_eq!(said["files"][0]["summary"]["identified"], 1);
    let partner = published("managed-desktop-sample-partner.csv");
    let ran = scratch.enlist(&["check", "--format", "json", &partner]);
    assert_eq!(ran.code, 1);
    assert_eq!(codes(&json(&ran)["files"][0]), ["EN0102", "EN0403"]);
}

#[test]
fn exit_codes_tell_conforming_findings_and_unusable_apart() {
    let scratch = Scratch::new();
    scratch.write("good.csv", tuples(3));
    scratch.write("odd.csv", tuples(3) + "\r\n");
    scratch.write("empty.csv", "");
    scratch.write("letter.txt", "Dear customer,\nplease find enclosed\n");
    let code = |arguments: &[&str]| scratch.enlist(arguments).code;
    assert_eq!(code(&["check", "good.csv"]), 0);
    assert_eq!(code(&["check", "good.csv", "odd.csv"]), 1);
    assert_eq!(code(&["check", "empty.csv"]), 2);
    assert_eq!(code(&["check", "letter.txt"]), 2);
    assert_eq!(code(&["check", "odd.csv", "empty.csv", "good.csv"]), 2);
    assert_eq!(code(&["check"]), 2);
    assert_eq!(code(&["check", "."]), 2);
}

#[test]
fn strict_refuses_what_does_not_conform_to_the_letter() {
    let scratch = Scratch::new();
    scratch.write("good.csv", tuples(3));
    scratch.write("odd.csv", tuples(3) + "\r\n");
    let ran = scratch.enlist(&["check", "--strict", "good.csv"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let ran = scratch.enlist(&["check", "--strict", "good.csv", "odd.csv"]);
    assert_eq!(ran.code, 2);
    assert_eq!(
        ran.err,
        "enlist: odd.csv is refused, because it does not conform to the letter.\n"
    );
    assert!(ran.out.contains("EN0302"), "{}", ran.out);
}

#[test]
fn a_missing_file_is_named_and_the_others_are_checked() {
    let scratch = Scratch::new();
    scratch.write("good.csv", tuples(3));
    let ran = scratch.enlist(&["check", "--format", "json", "missing.csv", "good.csv"]);
    assert_eq!(ran.code, 2);
    assert!(
        ran.err.contains("missing.csv does not exist."),
        "{}",
        ran.err
    );
    let said = json(&ran);
    assert_eq!(said["files"].as_array().unwrap().len(), 1);
    assert_eq!(said["files"][0]["summary"]["conforming"], true);
}

#[test]
fn standard_input_is_read() {
    let scratch = Scratch::new();
    let ran = scratch.enlist_reading(&["check", "-"], tuples(2).as_bytes());
    assert_eq!(ran.code, 0);
    assert!(
        ran.out.contains("standard input: conforming"),
        "{}",
        ran.out
    );
}

#[test]
fn each_way_of_registering_has_its_own_rules() {
    let scratch = Scratch::new();
    scratch.write("five.csv", tuples(5));
    for (way, expected) in [
        ("partner-center", &[][..]),
        ("oem", &[]),
        ("enlist", &[]),
        ("intune", &["EN0208", "EN0206", "EN0407"]),
    ] {
        let ran = scratch.enlist(&["check", "--for", way, "--format", "json", "five.csv"]);
        let said = json(&ran);
        let mut found = codes(&said["files"][0]);
        found.dedup();
        assert_eq!(found, expected, "{way}");
        assert_eq!(said["against"]["for"], way);
        assert_eq!(ran.code, i32::from(!expected.is_empty()));
    }
    assert_eq!(
        scratch
            .enlist(&["check", "--for", "phones", "five.csv"])
            .code,
        2
    );
}

#[test]
fn a_list_over_the_limit_of_its_way_is_told() {
    let scratch = Scratch::new();
    for rows in [500, 501, 1000, 1001] {
        scratch.write(&format!("{rows}.csv"), tuples(rows));
    }
    let over = |arguments: &[&str]| {
        let all = [&["check", "--format", "json"], arguments].concat();
        let said = json(&scratch.enlist(&all));
        codes(&said["files"][0]).contains(&"EN0703")
    };
    for (list, partner, intune) in [
        ("500.csv", false, false),
        ("501.csv", false, true),
        ("1000.csv", false, true),
        ("1001.csv", true, true),
    ] {
        assert_eq!(over(&[list]), partner, "{list}");
        assert_eq!(over(&["--for", "oem", list]), partner, "{list}");
        assert_eq!(over(&["--for", "intune", list]), intune, "{list}");
        assert!(!over(&["--for", "enlist", list]), "{list}");
    }
    assert!(over(&["--limit", "499", "--for", "enlist", "500.csv"]));
    for lifted in ["none", "0", "1001"] {
        assert!(!over(&["--limit", lifted, "1001.csv"]), "{lifted}");
    }
    for wrong in ["-1", "many", ""] {
        let ran = scratch.enlist(&["check", "--limit", wrong, "500.csv"]);
        assert_eq!(ran.code, 2, "{wrong}");
    }
}

#[test]
fn any_number_of_threads_finds_the_same() {
    let scratch = Scratch::new();
    let list = tuples(20_000) + ",,\r\nContoso,Book 13,S00007\r\nContoso,,S1\r\n";
    scratch.write("list.csv", list);
    let with = |threads: &[&str]| {
        let ran = scratch.enlist(&[&["check", "--format", "csv", "list.csv"], threads].concat());
        assert_eq!(ran.code, 1);
        ran.out
    };
    let one = with(&["--threads", "1"]);
    assert!(
        ["EN0303", "EN0701", "EN0401"]
            .iter()
            .all(|code| one.contains(code)),
        "{one}"
    );
    assert_eq!(with(&["--threads", "4"]), one);
    assert_eq!(with(&[]), one);
    assert_eq!(
        scratch
            .enlist(&["check", "--threads", "0", "list.csv"])
            .code,
        2
    );
}

#[test]
fn a_report_in_a_file_is_whole_and_never_one_of_the_lists() {
    let scratch = Scratch::new();
    scratch.write("list.csv", tuples(2) + ",,\r\n");
    for form in ["table", "csv", "sarif", "html"] {
        let shown = scratch.enlist(&["check", "--format", form, "list.csv"]);
        let ran = scratch.enlist(&["check", "--format", form, "-o", "report", "list.csv"]);
        assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (1, "", ""));
        if form != "html" {
            assert_eq!(scratch.read("report"), shown.out.as_bytes(), "{form}");
        }
    }
    let before = scratch.read("list.csv");
    let ran = scratch.enlist(&["check", "-o", "./list.csv", "list.csv"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("overwrite"), "{}", ran.err);
    assert_eq!(scratch.read("list.csv"), before);
    assert_eq!(
        scratch
            .enlist(&["check", "-o", "no/such/folder", "list.csv"])
            .code,
        2
    );
    assert_eq!(scratch.enlist(&["check", "-o", ".", "list.csv"]).code, 2);
    // Nothing is left beside them.
    let names = std::fs::read_dir(scratch.path(".")).unwrap();
    assert_eq!(names.count(), 2);
}

#[cfg(target_os = "linux")]
#[test]
fn a_report_that_can_not_be_written_is_told_once() {
    let scratch = Scratch::new();
    scratch.write("a.csv", tuples(1) + &",,\r\n".repeat(2000));
    scratch.write("b.csv", tuples(1) + &",,\r\n".repeat(2000));
    for form in ["table", "csv", "json", "html"] {
        let ran = scratch.enlist(&[
            "check",
            "--format",
            form,
            "-o",
            "/dev/full",
            "a.csv",
            "b.csv",
        ]);
        assert_eq!(ran.code, 2, "{form}");
        assert_eq!(
            ran.err.matches("enlist: ").count(),
            1,
            "{form}: {}",
            ran.err
        );
        assert!(ran.err.contains("No space left"), "{form}: {}", ran.err);
    }
}

#[test]
fn ten_megabytes_of_noise_are_unusable_and_nothing_else() {
    let scratch = Scratch::new();
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let noise: Vec<u8> = std::iter::repeat_with(|| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()
    })
    .take(10_000_000 / 8)
    .flatten()
    .collect();
    scratch.write("noise.csv", noise);
    let begun = Instant::now();
    let ran = scratch.enlist(&["check", "noise.csv"]);
    assert_eq!(ran.code, 2);
    assert!(
        ran.out.len() < 100_000 && !ran.out.contains('\u{1b}'),
        "{} bytes",
        ran.out.len()
    );
    assert!(begun.elapsed().as_secs() < 60);
}

#[test]
fn a_reader_that_leaves_early_is_no_error() {
    let scratch = Scratch::new();
    scratch.write("blank.csv", tuples(1) + &",,\r\n".repeat(20_000));
    let mut command = scratch.command(&["check", "--all", "--format", "csv", "blank.csv"]);
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = [0; 10];
    child.stdout.take().unwrap().read_exact(&mut first).unwrap();
    let ended = child.wait_with_output().unwrap();
    assert_eq!(ended.status.code(), Some(141));
    assert!(
        ended.stderr.is_empty(),
        "{}",
        String::from_utf8_lossy(&ended.stderr)
    );
}
