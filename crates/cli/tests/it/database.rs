//! The commands at the server's console.

use crate::support::{Scratch, word};

#[test]
fn migrating_again_changes_nothing() {
    let scratch = Scratch::new();
    let first = scratch.enlist(&["migrate"]);
    assert_eq!(first.code, 0, "{}", first.err);
    assert!(
        first.out.contains("Applied 0001 foundation."),
        "{}",
        first.out
    );
    assert!(scratch.path("enlist.db").exists());
    let again = scratch.enlist(&["migrate", "--database", "sqlite:enlist.db"]);
    assert_eq!(
        (again.code, again.out.as_str()),
        (0, "The database is up to date.\n")
    );
}

#[test]
fn a_database_that_is_not_there_is_told_with_what_to_do() {
    let scratch = Scratch::new();
    for url in ["mysql:x", "sqlite:no/such/folder/enlist.db"] {
        let ran = scratch.enlist(&["migrate", "--database", url]);
        assert_eq!(ran.code, 2, "{url}");
        assert!(ran.err.contains("--database"), "{}", ran.err);
    }
    scratch.write("list.csv", "Manufacturer,Model,Serial Number\r\n");
    let ran = scratch.enlist(&["migrate", "--database", "sqlite:list.csv"]);
    assert_eq!(ran.code, 2, "{}", ran.out);
}

#[test]
fn a_directory_is_imported_once() {
    let scratch = Scratch::new();
    scratch.enlist(&[
        "sample",
        "--dialect",
        "managed-desktop-self",
        "-o",
        "built.csv",
    ]);
    let import = [
        "directory",
        "import",
        "--source",
        "Contoso, November",
        "built.csv",
    ];
    let ran = scratch.enlist(&import);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(
        ran.out,
        "20 rows read: 20 added, 0 known before, 0 skipped.\n"
    );
    let ran = scratch.enlist(&import);
    assert_eq!(
        ran.out,
        "20 rows read: 0 added, 20 known before, 0 skipped.\n"
    );
    let pkids = scratch
        .enlist(&["sample", "--kind", "pkid", "--count", "3"])
        .out;
    let ran = scratch.enlist_reading(&["directory", "import", "-"], pkids.as_bytes());
    assert_eq!(ran.code, 1);
    assert!(
        ran.out
            .starts_with("3 rows read: 0 added, 0 known before, 3 skipped.")
    );
}

#[test]
fn console_links_come_only_where_they_make_sense() {
    let scratch = Scratch::new();
    let ran = scratch.enlist(&[
        "admin",
        "first-operator",
        "--public-url",
        "https://x.example/",
    ]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(
        word(&ran.out, "https").len(),
        "https://x.example/set-up/".len() + 64
    );
    let ran = scratch.enlist(&["admin", "reset-password", "nobody@contoso.example"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("Nobody has an account"), "{}", ran.err);
    assert_eq!(
        scratch.enlist(&["admin", "reset-password", "nobody"]).code,
        2
    );
}
