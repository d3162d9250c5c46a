//! Lines that can't be read: named, and in the rest file with their beginning.

use crate::support::{Scratch, tuples};

fn list_with_endless_line() -> String {
    tuples(2) + &"x".repeat(2_000_000) + "\r\nContoso,,0042\r\n"
}

fn rest(scratch: &Scratch, name: &str) -> Vec<String> {
    let rest = String::from_utf8(scratch.read(name)).unwrap();
    rest.lines().map(str::to_owned).collect()
}

#[test]
fn an_endless_line_is_in_the_rest_file_and_stays_there() {
    let scratch = Scratch::new();
    scratch.write("list.csv", list_with_endless_line());
    let ran = scratch.enlist(&["check", "--fix", "mended.csv", "list.csv"]);
    assert_eq!(ran.code, 1);
    let said = "1 row and 1 line that can't be read are not in it, but in mended-rest.csv";
    assert!(ran.out.contains(said), "{}", ran.out);
    let lines = rest(&scratch, "mended-rest.csv");
    assert_eq!(lines.len(), 3);
    assert!(lines[1].starts_with("EN0301,") && lines[1].contains(",4,[no row] xxx"));
    let ran = scratch.enlist(&["check", "mended-rest.csv"]);
    assert!(
        ran.out.contains("EN0301") && ran.out.contains("EN0401"),
        "{}",
        ran.out
    );
    let ran = scratch.enlist(&["check", "--fix", "2.csv", "mended-rest.csv"]);
    assert_eq!(ran.code, 1);
    assert!(rest(&scratch, "2-rest.csv")[1].ends_with(lines[1].rsplit(',').next().unwrap()));
}

#[test]
fn merging_and_splitting_leave_it_too() {
    let scratch = Scratch::new();
    scratch.write("list.csv", list_with_endless_line());
    for command in ["merge", "split"] {
        let mut arguments = vec![command, "list.csv", "-o", "out.csv"];
        if command == "split" {
            arguments.extend(["--rows", "5", "--force"]);
        }
        let ran = scratch.enlist(&arguments);
        assert_eq!(ran.code, 1, "{}", ran.err);
        let said = "1 row and 1 line that can't be read are in out-rest.csv";
        assert!(ran.out.contains(said), "{}", ran.out);
        assert!(rest(&scratch, "out-rest.csv")[1].contains(",list.csv:4,[no row] xxx"));
    }
}
