//! `enlist demo`.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::support::{Scratch, http, word};

#[test]
fn it_shows_who_signs_in_what_to_try_and_answers_a_device() {
    let scratch = Scratch::new();
    let server = scratch.start(&["demo", "--listen", "127.0.0.1:0"]);
    let said = server.says("Ctrl-C");
    let url = word(&said, "http://127.0.0.1:");
    let people = said.lines().filter(|line| line.contains(".example  "));
    assert!(people.count() >= 12, "{said}");

    let curl = said
        .lines()
        .find(|line| line.contains("curl --data @"))
        .unwrap();
    let file = word(curl, "@").trim_start_matches('@');
    let asking = fs::read_to_string(file).unwrap();
    let (status, profile) = http("POST", &format!("{url}/device/profile"), &asking);
    assert_eq!(status, 200, "{profile}");
    let profile: Value = serde_json::from_str(&profile).unwrap();
    assert_eq!(
        profile["CloudAssignedTenantDomain"],
        "adventure-works.example"
    );
    assert_eq!(http("GET", &format!("{url}/sign-in"), "").0, 200);

    let folder = Path::new(file).parent().unwrap();
    let checked = |name: &str| {
        scratch
            .enlist(&[
                "check",
                "--for",
                "enlist",
                folder.join(name).to_str().unwrap(),
            ])
            .code
    };
    assert_eq!((checked("good.csv"), checked("with-mistakes.csv")), (0, 1));
    assert_eq!(checked("own-hashes.csv"), 0);
    assert_eq!(server.stop(), 0);
    assert!(!folder.exists(), "the demo leaves nothing behind");
}

#[test]
fn a_kept_demo_is_not_mixed_with_another() {
    let scratch = Scratch::new();
    let arguments = [
        "demo",
        "--listen",
        "127.0.0.1:0",
        "--database",
        "sqlite:kept.db",
        "--files",
        "lists",
        "--password",
        "a long enough password",
    ];
    let server = scratch.start(&arguments);
    let said = server.says("Ctrl-C");
    assert!(said.contains("a long enough password"), "{said}");
    assert!(scratch.path("lists/good.csv").exists());
    assert_eq!(server.stop(), 0);
    let again = scratch.enlist(&arguments);
    assert_eq!(again.code, 2);
    assert!(again.err.contains("not empty"), "{}", again.err);
    let reset = scratch.enlist(&[
        "admin",
        "reset-password",
        "--database",
        "sqlite:kept.db",
        "pat@wideworld.example",
    ]);
    assert!(
        reset.out.starts_with("http://127.0.0.1:8040/welcome/"),
        "{}",
        reset.err
    );
    let taken = ["admin", "first-operator", "--database", "sqlite:kept.db"];
    assert!(scratch.enlist(&taken).err.contains("set up already"));
}
