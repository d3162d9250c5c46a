//! What holds for every list that is mended, converted, merged or compared.

use std::collections::BTreeSet;

use device_list::{
    Channel, CheckOptions, CheckedList, CheckedRow, Code, Column, Dialect, Differ, Event, Finding,
    Identification, IdentityKey, MendTarget, RowForm, RowRef, SampleDevice, check, check_slice,
};
use proptest::prelude::*;

use crate::mends::{mend, mend_all, repaired};
use crate::properties::{channel, dialect, list};

fn options(channel: Channel) -> CheckOptions {
    CheckOptions {
        channel,
        ..CheckOptions::default()
    }
}

fn target() -> impl Strategy<Value = MendTarget> {
    let form = prop::sample::select(vec![
        RowForm::AsSent,
        RowForm::Hash,
        RowForm::Pkid,
        RowForm::Tuple,
    ]);
    (prop::option::of(dialect()), form).prop_map(|(dialect, form)| MendTarget { dialect, form })
}

/// A list as it can be read in a failed test's output.
fn shown(list: &[u8]) -> String {
    let text = String::from_utf8_lossy(list);
    let fields = text.split(',').map(|field| match field.len() {
        0..100 => field.to_owned(),
        length => format!("({length})"),
    });
    fields.collect::<Vec<_>>().join(",")
}

fn keys(row: &CheckedRow) -> BTreeSet<IdentityKey> {
    let identification = row.identification.as_ref();
    identification
        .map(Identification::keys)
        .unwrap_or_default()
        .into_iter()
        .collect()
}

/// Codes that don't come from other rows, from where in its file the row stands, or from another
/// separator than the header's, which a rest file does not have.
fn own_codes(list: &CheckedList, row: &CheckedRow) -> BTreeSet<Code> {
    let of_place = [Code::CUT_OFF, Code::OTHER_SEPARATOR, Code::SERIAL_LENGTH];
    // Quotes and marks around a whole row stay behind when its fields are written.
    let around = |finding: &&Finding| match finding.code {
        Code::QUOTES => finding.column == 0,
        Code::BLANKS => finding.field.is_none(),
        _ => false,
    };
    let findings = list.findings_of(row.number).filter(|f| !around(f));
    // What a row next to it tells about a serial number that is not its hash's.
    let codes = findings.map(|finding| match finding.code {
        Code::ROWS_SHIFTED => Code::SERIAL_DIFFERS,
        code => code,
    });
    codes
        .filter(|code| !code.as_str().starts_with("EN07") && !of_place.contains(code))
        .collect()
}

/// A list whose lines hold every sign that has a meaning somewhere.
fn odd_list() -> impl Strategy<Value = Vec<u8>> {
    let header = prop::sample::select(vec![
        "Manufacturer,Model,Serial Number",
        "Serial Number;Note;=1+2;Model;Manufacturer",
        "Device Serial Number\tWindows Product ID\tHardware Hash\tManufacturer name\tDevice model",
    ]);
    let line = prop_oneof![
        12 => "[ ,;\t\"'=+@\u{0}\u{1b}\u{a0}a05éŁ-]{0,24}",
        1 => Just("[no row] Contoso,,0042".to_owned()),
        1 => "[,;\"=é]{0,9}".prop_map(|begins| format!("{begins}{}", "x\",".repeat(22_000))),
    ];
    let lines = prop::collection::vec(line, 0..6);
    let end = prop::sample::select(vec!["\n", "\r\n", "\r"]);
    (header, lines, end).prop_map(|(header, lines, end)| {
        let lines: Vec<_> = std::iter::once(header.to_owned()).chain(lines).collect();
        lines.join(end).into_bytes()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn a_stream_mends_as_a_check_in_memory_does(bytes in list(), channel in channel()) {
        let options = options(channel);
        let (checked, in_memory) = repaired(&bytes, &options);
        let repaired = device_list::repair(&checked);
        let mut outcome = mend(&bytes, &options, MendTarget::default());
        if let Some(dialect) = outcome.mended.outgrown_by {
            prop_assert_eq!(Some(dialect), repaired.dialect);
            let target = MendTarget { dialect: Some(dialect), form: RowForm::AsSent };
            outcome = mend(&bytes, &options, target);
        }
        prop_assert!(outcome.list == in_memory, "{}", shown(&outcome.list));
        let left: Vec<_> = outcome.left.iter().map(|(row, _)| *row).collect();
        prop_assert_eq!(left, repaired.left_out);
        prop_assert_eq!(outcome.mended.rows as usize, repaired.rows);
        if checked.is_usable() {
            let mut changes = outcome.changes;
            changes.sort_by_key(|change| change.line);
            prop_assert_eq!(changes, repaired.changes);
        }
    }

    #[test]
    fn what_is_written_has_no_certain_finding_and_stays_as_it_is(
        bytes in list(),
        target in target(),
    ) {
        let options = options(Channel::Enlist);
        let outcome = mend(&bytes, &options, target);
        let rows = check(&bytes, &options).rows.len() as u64;
        let mended = outcome.mended;
        prop_assert_eq!(mended.rows + mended.repeated + mended.left_out, rows);
        if mended.dialect.is_none() {
            return Ok(());
        }
        let list = check(&outcome.list, &options);
        let certain: Vec<_> = list.findings.iter().filter(|f| f.certain).collect();
        prop_assert!(certain.is_empty(), "{certain:?}");
        prop_assert_eq!(list.rows.len() as u64, mended.rows);
        if mended.is_conforming() {
            prop_assert!(list.is_conforming(), "{:?}", list.findings);
        }
        for (_, reasons) in &outcome.left {
            prop_assert!(!reasons.is_empty());
        }
        let again = mend(&outcome.list, &options, target);
        prop_assert!(again.left.is_empty() && again.changes.is_empty(), "{:?}", again.changes);
        prop_assert!(again.list == outcome.list, "{}", shown(&again.list));
    }

    #[test]
    fn there_and_back_every_identifier_stays(
        bytes in list(),
        there in dialect(),
        back in dialect(),
    ) {
        let options = options(Channel::Enlist);
        let to = |dialect| MendTarget { dialect: Some(dialect), form: RowForm::AsSent };
        let mut list = bytes;
        for target in [to(there), to(back)] {
            let before = check(&list, &options);
            let outcome = mend(&list, &options, target);
            let after = check(&outcome.list, &options);
            let left: Vec<_> = outcome.left.iter().map(|(row, _)| *row).collect();
            let kept = before.rows.iter().filter(|row| {
                !left.contains(&row.number) && row.duplicate_of.is_none()
            });
            for (before, after) in kept.zip(&after.rows) {
                prop_assert!(keys(before).is_subset(&keys(after)), "{before:?} {after:?}");
                let hash = |row: &CheckedRow| row.identification.as_ref().and_then(|i| i.hash().cloned());
                prop_assert!(hash(before) == hash(after));
            }
            list = outcome.list;
        }
    }

    #[test]
    fn a_rest_file_reads_back_as_the_rows_that_were_sent(
        bytes in prop_oneof![list(), odd_list()],
        channel in channel(),
    ) {
        let options = options(channel);
        let sent = check(&bytes, &options);
        let outcome = mend(&bytes, &options, MendTarget::default());
        if outcome.left.is_empty() && outcome.mended.unread == 0 {
            prop_assert!(outcome.rest.is_empty());
            return Ok(());
        }
        let read = check(&outcome.rest, &options);
        let changes = |finding: &Finding| finding.code == Code::HEADER_CHANGES;
        let one_layout = !sent.findings.iter().any(changes);
        if one_layout {
            prop_assert_eq!(read.dialect, sent.dialect);
        }
        prop_assert_eq!(read.rows.len(), outcome.left.len());
        let too_long = read.findings.iter().filter(|f| f.code == Code::LINE_TOO_LONG);
        prop_assert_eq!(too_long.count() as u64, outcome.mended.unread);
        for ((number, _), read_row) in outcome.left.iter().zip(&read.rows) {
            let sent_row = &sent.rows[*number as usize - 1];
            let separator = sent
                .findings_of(*number)
                .find(|finding| finding.code == Code::OTHER_SEPARATOR);
            if separator.is_some_and(|finding| !finding.certain) {
                prop_assert!(read_row.identification.is_none());
                continue;
            }
            let of_sent = own_codes(&sent, sent_row);
            let mut of_read = own_codes(&read, read_row);
            if !of_sent.contains(&Code::QUOTES) {
                // What was no separator may be one now, and quotes inside need others around.
                of_read.remove(&Code::QUOTES);
            }
            if one_layout {
                prop_assert_eq!(&of_sent, &of_read);
            }
            if one_layout && !of_sent.contains(&Code::QUOTE_UNCLOSED) {
                prop_assert!(sent_row.cells == read_row.cells);
                prop_assert!(sent_row.values() == read_row.values());
            }
        }
        // What was left is left again, byte by byte, where no other row had to do with it.
        let again = mend(&outcome.rest, &options, MendTarget::default());
        if again.left.len() == outcome.left.len() {
            let own = |rest: &[u8]| check(rest, &options).rows.into_iter().map(|row| row.cells).collect::<Vec<_>>();
            prop_assert!(own(&again.rest) == own(&outcome.rest), "{}", shown(&again.rest));
        }
    }

    #[test]
    fn a_merged_list_has_every_device_of_its_lists_once(lists in prop::collection::vec(list(), 1..4)) {
        let options = options(Channel::Enlist);
        let target = MendTarget { dialect: Some(Dialect::PartnerCenter), form: RowForm::AsSent };
        let slices: Vec<_> = lists.iter().map(Vec::as_slice).collect();
        let outcome = mend_all(&slices, &options, target);
        let merged = check(&outcome.list, &options);
        let merged: BTreeSet<_> = merged.rows.iter().flat_map(keys).collect();
        let sent = lists.iter().flat_map(|list| check(list, &options).rows);
        let sent: BTreeSet<_> = sent.flat_map(|row| keys(&row)).collect();
        prop_assert!(merged.is_subset(&sent));
        // What is not there was left in contradiction, and named.
        if outcome.left.is_empty() {
            prop_assert_eq!(merged, sent);
        }
    }

    #[test]
    fn a_mended_list_has_the_devices_of_the_list_sent(bytes in list()) {
        let options = options(Channel::Enlist);
        let outcome = mend(&bytes, &options, MendTarget::default());
        let left: BTreeSet<_> = outcome.left.iter().map(|(row, _)| *row).collect();
        let mut differ = Differ::default();
        each_row(&bytes, &options, |row| differ.before(row));
        differ.turn();
        each_row(&outcome.list, &options, |row| drop(differ.after(row)));
        let summary = differ.summary();
        prop_assert_eq!((summary.new, summary.unknown_after), (0, 0));
        // A user or a tag that the layout has no column for is left out, and that is told.
        let dropped = outcome.changes.iter().filter(|change| {
            change.after.is_empty() && matches!(change.field, Some(Column::GroupTag | Column::AssignedUser))
        });
        let dropped = dropped.count() as u64;
        prop_assert!(summary.changed <= dropped, "{summary:?}");
        for row in check(&bytes, &options).rows {
            if differ.fate(row.number) == device_list::Fate::Gone {
                prop_assert!(left.contains(&row.number));
            }
        }
        if left.is_empty() && dropped == 0 {
            prop_assert!(summary.is_same(), "{summary:?}");
        }
    }

    #[test]
    fn differences_are_those_of_the_identity_keys(a in list(), b in list()) {
        let options = options(Channel::Enlist);
        let mut differ = Differ::default();
        each_row(&a, &options, |row| differ.before(row));
        differ.turn();
        each_row(&b, &options, |row| drop(differ.after(row)));
        let (a, b) = (check(&a, &options), check(&b, &options));
        let all = |rows: &[CheckedRow]| rows.iter().flat_map(keys).collect::<BTreeSet<_>>();
        let (in_a, in_b) = (all(&a.rows), all(&b.rows));
        let summary = differ.summary();
        let shared = in_a.intersection(&in_b).count();
        prop_assert_eq!(summary.same + summary.changed == 0, shared == 0);
        let unknown = |rows: &[CheckedRow]| rows.iter().filter(|row| row.identification.is_none()).count() as u64;
        prop_assert_eq!(summary.unknown_before, unknown(&a.rows));
        prop_assert_eq!(summary.unknown_after, unknown(&b.rows));
        let first = |rows: &[CheckedRow]| {
            rows.iter().filter(|row| row.identification.is_some() && row.duplicate_of.is_none()).count() as u64
        };
        prop_assert_eq!(summary.gone + summary.same + summary.changed, first(&a.rows));
        for row in &b.rows {
            let known = keys(row).intersection(&in_a).count() > 0;
            prop_assert!(!(known && differ.is_new(row.number)));
        }
    }

    #[test]
    fn any_bytes_are_mended_without_panic(
        bytes in prop::collection::vec(any::<u8>(), 0..300),
        target in target(),
        channel in channel(),
    ) {
        let options = options(channel);
        let _ = mend(&bytes, &options, target);
        let with_header = [b"enlist code,Serial Number,Manufacturer,Model,Hardware Hash\n", &bytes[..]].concat();
        let outcome = mend(&with_header, &options, target);
        let read = check(&outcome.rest, &options);
        let _ = read;
    }
}

fn each_row(bytes: &[u8], options: &CheckOptions, mut on: impl FnMut(&RowRef<'_>)) {
    check_slice(bytes, options, &mut |event| {
        if let Event::Row(row) = event {
            on(&row);
        }
    });
}

#[test]
fn devices_that_one_row_joins_are_the_same_device() {
    let device = SampleDevice::new(3, 0);
    let header = Dialect::PartnerCenter.header();
    let pkid = format!(",{},,,\n", device.pkid);
    let tuple = format!(
        "{},,,{},{}\n",
        device.serial, device.manufacturer, device.model
    );
    let hash = format!(",,{},,\n", device.hash_text());
    let fresh = format!(",,{},,\n", device.fresh_hash(1).to_padded_text());
    let list = |rows: &[&String]| {
        let rows: String = rows.iter().map(|row| row.as_str()).collect();
        format!("{header}\n{rows}")
    };
    let compared = |a: &[&String], b: &[&String]| {
        let options = options(Channel::Enlist);
        let mut differ = Differ::default();
        each_row(list(a).as_bytes(), &options, |row| differ.before(row));
        differ.turn();
        each_row(list(b).as_bytes(), &options, |row| drop(differ.after(row)));
        let summary = differ.summary();
        (summary.new, summary.gone, summary.changed, summary.same)
    };
    assert_eq!(compared(&[&hash], &[&fresh]), (0, 0, 0, 1));
    assert_eq!(compared(&[&hash], &[&tuple]), (0, 0, 1, 0));
    assert_eq!(compared(&[&pkid, &tuple], &[&hash]), (0, 0, 1, 1));
    assert_eq!(compared(&[&tuple], &[&pkid, &hash]), (0, 0, 1, 0));
    assert_eq!(compared(&[&tuple], &[&pkid]), (1, 1, 0, 0));
    assert_eq!(compared(&[&hash], &[&tuple, &pkid]), (0, 0, 1, 0));
}
