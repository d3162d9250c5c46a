//! Help, completions, manual pages.

use crate::support::Scratch;

#[test]
fn every_command_shows_examples() {
    let scratch = Scratch::new();
    for command in [
        &["serve"][..],
        &["demo"],
        &["check"],
        &["convert"],
        &["merge"],
        &["split"],
        &["diff"],
        &["explain"],
        &["sample"],
        &["decode-hash"],
        &["directory", "import"],
        &["admin", "first-operator"],
        &["admin", "reset-password"],
        &["admin", "client", "add"],
        &["admin", "client", "list"],
        &["admin", "client", "change"],
        &["admin", "client", "secret"],
        &["admin", "client", "remove-secret"],
        &["admin", "client", "revoke"],
        &["admin", "client", "key", "add"],
        &["admin", "client", "key", "remove"],
        &["migrate"],
        &["completions"],
        &["man"],
    ] {
        let ran = scratch.enlist(&[command, &["--help"]].concat());
        assert_eq!(ran.code, 0);
        assert!(
            ran.out.contains("Examples:\n  enlist "),
            "{command:?}: {}",
            ran.out
        );
        assert!(!ran.out.contains('\u{1b}'), "colours in a pipe");
    }
    assert!(scratch.enlist(&["--help"]).out.contains("Exit codes:"));
    assert_eq!(scratch.enlist(&[]).code, 2);
    assert_eq!(scratch.enlist(&["frobnicate"]).code, 2);
}

#[test]
fn every_shell_gets_its_completions() {
    let scratch = Scratch::new();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let ran = scratch.enlist(&["completions", shell]);
        assert_eq!(ran.code, 0, "{shell}");
        assert!(ran.out.contains("decode-hash"), "{shell}");
    }
}

#[test]
fn every_command_gets_a_manual_page() {
    let scratch = Scratch::new();
    assert_eq!(scratch.enlist(&["man", "share/man1"]).code, 0);
    for page in ["enlist.1", "enlist-check.1", "enlist-directory-import.1"] {
        let page = scratch.read(&format!("share/man1/{page}"));
        assert!(String::from_utf8(page).unwrap().contains(".TH"));
    }
}
