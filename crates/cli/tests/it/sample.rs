//! `enlist sample`.

use device_list::Dialect;

use crate::support::Scratch;

#[test]
fn the_same_seed_gives_the_same_list() {
    let scratch = Scratch::new();
    let sample = |seed| {
        scratch
            .enlist(&["sample", "--count", "7", "--seed", seed])
            .out
    };
    assert_eq!(sample("5"), sample("5"));
    assert_ne!(sample("5"), sample("6"));
    let arguments = ["sample", "--count", "7", "--seed", "5", "-o", "list.csv"];
    assert_eq!(scratch.enlist(&arguments).out, "");
    assert_eq!(scratch.read("list.csv"), sample("5").into_bytes());
    let arguments = ["sample", "--count", "7", "--seed", "5", "-o", "-"];
    assert_eq!(scratch.enlist(&arguments).out, sample("5"));
}

#[test]
fn every_layout_conforms_and_every_one_can_be_spoilt() {
    let scratch = Scratch::new();
    for dialect in Dialect::ALL {
        let name = dialect.name();
        let list = scratch
            .enlist(&["sample", "--dialect", name, "--count", "9"])
            .out;
        assert_eq!(list.lines().count(), 10, "{name}");
        let checked = scratch.enlist_reading(&["check", "--for", "enlist", "-"], list.as_bytes());
        assert_eq!(checked.code, 0, "{name}: {}", checked.out);
        let spoilt = scratch
            .enlist(&["sample", "--dialect", name, "--mistakes"])
            .out;
        let arguments = ["check", "--for", "enlist", "--format", "csv", "-"];
        let checked = scratch.enlist_reading(&arguments, spoilt.as_bytes());
        assert_eq!(checked.code, 1, "{name}");
        assert_eq!(checked.out.lines().count(), 6, "{name}: {}", checked.out);
    }
}

#[test]
fn what_a_layout_can_not_carry_is_refused() {
    let scratch = Scratch::new();
    let arguments = ["sample", "--dialect", "intune", "--kind", "tuple"];
    let ran = scratch.enlist(&arguments);
    assert_eq!(ran.code, 2);
    assert!(
        ran.err.contains("no column for a manufacturer"),
        "{}",
        ran.err
    );
    assert_eq!(
        scratch
            .enlist(&["sample", "--mistakes", "--count", "2"])
            .code,
        2
    );
    assert_eq!(
        scratch.enlist(&["sample", "-o", "no/such/folder.csv"]).code,
        2
    );
    assert_eq!(scratch.enlist(&["sample", "--dialect", "excel"]).code, 2);
}
