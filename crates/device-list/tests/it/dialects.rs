//! Every layout, every encoding, and what the collecting script writes in each mode.

use device_list::{
    Channel, Code, Column, Dialect, Encoding, Identification, SampleDevices, SampleKind, Severity,
    sample,
};

use crate::{checked, checked_for, codes};

/// A list of three sample devices.
fn list_of(dialect: Dialect, kind: SampleKind) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    sample::list(dialect, kind, 5, 3, &mut bytes).ok()?;
    Some(bytes)
}

fn utf16(text: &[u8], big: bool) -> Vec<u8> {
    let text = std::str::from_utf8(text).unwrap();
    let units = std::iter::once(0xfeff).chain(text.encode_utf16());
    units
        .flat_map(|unit| {
            if big {
                unit.to_be_bytes()
            } else {
                unit.to_le_bytes()
            }
        })
        .collect()
}

#[test]
fn every_dialect_conforms_where_it_belongs_with_every_kind_it_can_carry() {
    let mut seen = 0;
    for dialect in Dialect::ALL {
        for kind in [SampleKind::Hash, SampleKind::Tuple, SampleKind::Pkid] {
            let Some(bytes) = list_of(dialect, kind) else {
                continue;
            };
            let list = checked_for(Channel::Enlist, &bytes);
            assert_eq!(codes(&list), [], "{dialect:?} {kind:?}");
            assert_eq!(list.dialect, Some(dialect));
            let devices = SampleDevices::new(5).take(3);
            for (row, device) in list.rows.iter().zip(devices) {
                let identification = row.identification.as_ref().unwrap();
                match kind {
                    SampleKind::Pkid => assert_eq!(identification.pkid(), Some(device.pkid)),
                    _ => assert_eq!(identification.tuple(), Some(device.tuple())),
                }
            }
            seen += 1;
        }
    }
    assert_eq!(seen, 24);
}

#[test]
fn the_script_writes_lists_that_partners_may_send() {
    let devices: Vec<_> = SampleDevices::new(9).take(2).collect();
    let (a, b) = (&devices[0], &devices[1]);
    let partner = Dialect::PartnerCenter.header();
    let alone = format!("{partner}\r\n{},,{},,\r\n", a.serial, a.hash_text());
    let forced = format!(
        "{partner}\r\n{},,,{},{}\r\n",
        b.serial, b.manufacturer, b.model
    );
    for text in [alone, forced] {
        for big in [false, true] {
            let list = checked(utf16(text.as_bytes(), big));
            assert_eq!(codes(&list), [Code::UTF16]);
            assert!(list.findings[0].certain && list.findings[0].severity == Severity::Warning);
            let expected = if big {
                Encoding::Utf16Be
            } else {
                Encoding::Utf16Le
            };
            assert_eq!((list.encoding, list.rows.len()), (expected, 1));
            assert!(list.rows[0].identification.is_some());
        }
    }
}

#[test]
fn the_scripts_other_modes_are_intunes_and_read_for_partners_with_a_warning() {
    let device = SampleDevices::new(9).next().unwrap();
    let tails = [
        (Dialect::Intune3, "", 0),
        (Dialect::Intune4, ",Microsoft365Managed_Standard", 1),
        (
            Dialect::Intune,
            ",Microsoft365Managed_Standard,ada@contoso.example",
            2,
        ),
    ];
    for (dialect, tail, extra) in tails {
        let text = format!(
            "{}\n{},,{}{tail}\n",
            dialect.header(),
            device.serial,
            device.hash_text()
        );
        let own = checked_for(Channel::CustomerOwn, &text);
        assert_eq!((codes(&own), own.dialect), (vec![], Some(dialect)));
        let tag = own.rows[0].group_tag.as_deref();
        assert_eq!(tag, (extra > 0).then_some("Microsoft365Managed_Standard"));
        let partner = checked_for(Channel::PartnerCenter, &text);
        let mut expected = vec![Code::OTHER_LAYOUT];
        expected.extend([Code::EXTRA_COLUMN; 2].iter().take(extra));
        assert_eq!(codes(&partner), expected);
        assert!(matches!(
            partner.rows[0].identification,
            Some(Identification::HashSerial { .. })
        ));
    }
}

#[test]
fn customers_register_by_hash_only() {
    let bytes = list_of(Dialect::PartnerCenter, SampleKind::Tuple).unwrap();
    let list = checked_for(Channel::CustomerOwn, bytes);
    assert!(codes(&list).starts_with(&[
        Code::OTHER_LAYOUT,
        Code::EXTRA_COLUMN,
        Code::EXTRA_COLUMN
    ]));
    assert_eq!(codes(&list)[3..], [Code::HASH_MISSING; 3]);
    assert!(list.rows.iter().all(|row| row.identification.is_none()));
}

#[test]
fn an_empty_hash_in_a_layout_with_a_hash_column_is_a_tuple() {
    let text = "Manufacturer,Model,Serial Number,Hardware Hash\nContoso,Book 13,0042,\n";
    let list = checked(text);
    assert!(list.is_conforming());
    assert!(matches!(
        list.rows[0].identification,
        Some(Identification::Tuple { .. })
    ));
}

#[test]
fn encodings_are_told_apart() {
    let text = "Manufacturer,Model,Serial Number\nMüller,Büro,0042\n";
    let ansi: Vec<u8> = text.chars().map(|c| c as u8).collect();
    let cases: [(Vec<u8>, Encoding, &[Code]); 5] = [
        (ansi.clone(), Encoding::Windows1252, &[]),
        (text.into(), Encoding::Utf8, &[Code::UTF8_TEXT]),
        (
            format!("\u{feff}{text}").into(),
            Encoding::Utf8Mark,
            &[Code::UTF8_MARK],
        ),
        (
            utf16(text.as_bytes(), false),
            Encoding::Utf16Le,
            &[Code::UTF16],
        ),
        (
            utf16(text.as_bytes(), false)[2..].into(),
            Encoding::Utf16Le,
            &[Code::UTF16_UNMARKED],
        ),
    ];
    for (bytes, encoding, expected) in cases {
        let list = checked(&bytes);
        assert_eq!((list.encoding, &codes(&list)[..]), (encoding, expected));
        assert_eq!(list.rows[0].cells.get(Column::Manufacturer), "Müller");
        assert_eq!(
            device_list::repair(&list).bytes,
            [&ansi[..32], b"\r\n", &ansi[33..49], b"\r\n"].concat()
        );
    }
    let mixed = [&ansi[..], "Łódź,Büro,0043\n".as_bytes()].concat();
    let list = checked(&mixed);
    assert_eq!(list.encoding, Encoding::Mixed);
    assert_eq!(
        codes(&list),
        [Code::UTF8_TEXT, Code::MIXED_ENCODINGS, Code::NOT_ANSI]
    );
}

#[test]
fn line_ends_of_three_kinds_are_read() {
    for (end, expected) in [
        ("\n", vec![]),
        ("\r\n", vec![]),
        ("\r", vec![Code::LINE_ENDS]),
    ] {
        let text = [
            "Manufacturer,Model,Serial Number",
            "Contoso,Book 13,0042",
            "Contoso,Book 13,7",
        ];
        for last in ["", end] {
            let list = checked(text.join(end) + last);
            assert_eq!(
                (codes(&list), list.rows.len()),
                (expected.clone(), 2),
                "{end:?}"
            );
        }
    }
}

#[test]
fn a_list_without_header_is_read_where_the_first_row_proves_the_layout() {
    let device = SampleDevices::new(3).next().unwrap();
    let (hash, serial) = (device.hash_text(), &device.serial);
    let proven = [
        (format!("{serial},,{hash}"), Dialect::Intune3),
        (
            format!("Contoso,Book 13,{serial},{hash}"),
            Dialect::ManagedDesktopSelf,
        ),
        (
            format!("{serial},,,Contoso,Book 13"),
            Dialect::PartnerCenter,
        ),
        (",3305612345678,,,".into(), Dialect::PartnerCenter),
        (
            format!("{serial},,{hash},,ada@contoso.example"),
            Dialect::Intune,
        ),
    ];
    for (text, dialect) in proven {
        let list = checked_for(Channel::Enlist, &text);
        assert_eq!(
            (list.dialect, codes(&list)[0]),
            (Some(dialect), Code::HEADER_MISSING)
        );
        assert_eq!((list.rows.len(), list.rows[0].line), (1, 1));
    }
    for unproven in ["Contoso,Book 13,0042", "hello", "a,b,c,d,e,f\n1,2,3,4,5,6"] {
        let list = checked(unproven);
        assert_eq!(codes(&list), [Code::HEADER_UNKNOWN]);
        assert!(!list.is_usable() && list.rows.is_empty());
    }
}
