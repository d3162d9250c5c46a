//! Where a mended list goes, and in what form.

use super::*;

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

#[test]
fn the_rest_goes_where_it_is_asked_for() {
    let scratch = Scratch::new();
    scratch.write("list.csv", tuples(1) + "Contoso,,0042\r\n");
    let arguments = [
        "check",
        "--fix",
        "mended.csv",
        "--rest",
        "todo.csv",
        "list.csv",
    ];
    let ran = scratch.enlist(&arguments);
    assert!(ran.out.contains("but in todo.csv"), "{}", ran.out);
    assert!(!scratch.path("mended-rest.csv").exists());
    // On standard output there is no file beside it.
    let ran = scratch.enlist(&["check", "--fix", "-", "list.csv"]);
    assert_eq!((ran.code, ran.out), (1, tuples(1)));
    assert!(ran.err.contains("1 row is not in it: mend"), "{}", ran.err);
    let ran = scratch.enlist(&["check", "--fix", "-", "--rest", "more.csv", "list.csv"]);
    assert!(ran.err.contains("but in more.csv"), "{}", ran.err);
    assert_eq!(scratch.read("more.csv"), scratch.read("todo.csv"));
    // And none where nothing is left.
    scratch.write("good.csv", tuples(1));
    let arguments = ["check", "--fix", "a.csv", "--rest", "b.csv", "good.csv"];
    assert_eq!(scratch.enlist(&arguments).code, 0);
    assert!(scratch.path("a.csv").exists() && !scratch.path("b.csv").exists());
}

#[test]
fn a_list_over_the_limit_is_split() {
    let scratch = Scratch::new();
    scratch.write("list.csv", tuples(7));
    let split = [
        "check", "--fix", "out.csv", "--split", "--limit", "3", "list.csv",
    ];
    let ran = scratch.enlist(&split);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    assert!(
        ran.out
            .contains("3 lists: out-1.csv, out-2.csv, out-3.csv."),
        "{}",
        ran.out
    );
    assert!(!scratch.path("out.csv").exists());
    let parts = ["out-1.csv", "out-2.csv", "out-3.csv"];
    let rows: Vec<_> = parts
        .map(|part| {
            assert_eq!(scratch.enlist(&["check", "--limit", "3", part]).code, 0);
            String::from_utf8(scratch.read(part))
                .unwrap()
                .lines()
                .skip(1)
                .map(str::to_owned)
                .collect::<Vec<_>>()
        })
        .concat();
    let expected: Vec<_> = tuples(7).lines().skip(1).map(str::to_owned).collect();
    assert_eq!(rows, expected);
    let ran = scratch.enlist(&[&split[..], &["--format", "json"]].concat());
    assert_eq!(json(&ran.out)["parts"], serde_json::json!(parts));
    // Without it the list is too long, and one that is not is not split.
    let ran = scratch.enlist(&["check", "--fix", "whole.csv", "--limit", "3", "list.csv"]);
    assert_eq!(ran.code, 1);
    let ran = scratch.enlist(&[
        "check", "--fix", "one.csv", "--split", "--limit", "7", "list.csv",
    ]);
    assert_eq!(
        (ran.code, scratch.read("one.csv")),
        (0, tuples(7).into_bytes())
    );
    for refused in [
        [
            "check", "--fix", "o.csv", "--split", "--limit", "none", "list.csv",
        ],
        ["check", "--fix", "-", "--split", "--limit", "3", "list.csv"],
        // Its second part would be the list itself.
        [
            "check",
            "--fix",
            "out.csv",
            "--split",
            "--limit",
            "1",
            "out-2.csv",
        ],
    ] {
        let before = scratch.read("out-2.csv");
        assert_eq!(scratch.enlist(&refused).code, 2, "{refused:?}");
        assert!(!scratch.path("o.csv").exists());
        assert_eq!(scratch.read("out-2.csv"), before);
    }
}

#[test]
fn what_does_not_exist_is_named() {
    let scratch = Scratch::new();
    scratch.write("list.csv", tuples(1));
    for (arguments, expected) in [
        (
            ["--fix", "a.csv", "--dialect", "excel"],
            "partner-center-sample",
        ),
        (["--fix", "a.csv", "--accept", "EN9999"], "EN0411"),
        (["--fix", "a.csv", "--accept", "EN0310"], "has no guess"),
        (
            ["--fix", "no/such/a.csv", "--limit", "5"],
            "can't be written",
        ),
        (
            ["--fix", "a.csv", "--rest", "no/such/b.csv"],
            "can't be written",
        ),
        (["--fix", "a.csv", "--rest", "a.csv"], "overwrite"),
        (["--fix", "a.csv", "--rest", "list.csv"], "overwrite"),
        (["--fix", "a.csv", "--format", "html"], "--format json"),
        (["--dialect", "intune", "--limit", "5"], "--fix"),
    ] {
        let ran = scratch.enlist(&[&["check", "list.csv"], &arguments[..]].concat());
        assert_eq!(ran.code, 2, "{arguments:?}");
        assert!(ran.err.contains(expected), "{arguments:?}: {}", ran.err);
    }
    // Nothing is left behind, not even a temporary file.
    let folder = scratch.path("list.csv");
    let files = std::fs::read_dir(folder.parent().unwrap()).unwrap();
    assert_eq!(files.count(), 1);
}

#[cfg(unix)]
#[test]
fn a_device_or_a_pipe_takes_a_list_too() {
    let scratch = Scratch::new();
    scratch.write("list.csv", tuples(2) + "Contoso,,0042\r\n");
    let ran = scratch.enlist(&["check", "--fix", "/dev/null", "list.csv"]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    assert!(!std::path::Path::new("/dev/null-rest.csv").exists());
    assert!(ran.out.contains("1 row is not in it: mend"), "{}", ran.out);
}
