//! Values that stand under the headers of others.

use super::*;

#[test]
fn a_hash_under_another_header_goes_to_its_own() {
    let hash = hash("PF02NCT8");
    for (row, place) in [
        (format!("{hash},,PF02NCT8,,"), 1),
        (format!("{hash},,pf02nct8,,"), 1),
        (format!(",{hash},,,"), 2),
        (format!(",{hash},{PKID},,"), 2),
        (format!(",,,,{hash}"), 5),
    ] {
        let list = partner(&row);
        assert_eq!(places(&list)[0], (Code::COLUMNS_SWAPPED, 2, place), "{row}");
        assert!(list.findings.iter().all(|finding| finding.certain));
        assert!(list.rows[0].identification.is_some());
        assert_eq!(list.rows[0].value(Column::Hash), hash);
    }
    let row = format!("{hash},,OTHER1,,");
    let list = partner(&row);
    assert_eq!(codes(&list), [Code::COLUMNS_SWAPPED]);
    assert!(list.findings[0].guess && list.findings[0].found.is_none());
    assert!(list.rows[0].identification.is_none());
    let accept = [Code::COLUMNS_SWAPPED, Code::SERIAL_DIFFERS];
    let list = accepting(&row, &accept, Channel::PartnerCenter);
    assert_eq!(codes(&list), accept);
    assert_eq!(repaired(&list), format!("PF02NCT8,,{hash},,\n"));
    // Where no column is for hashes, there is no place to put it.
    let list = checked(format!(
        "Manufacturer,Model,Serial Number\nContoso,B,{hash}\n"
    ));
    assert_eq!(codes(&list), [Code::COLUMNS_SWAPPED]);
    assert!(!list.findings[0].guess && !list.findings[0].certain);
}

#[test]
fn a_second_hash_is_left_out_only_where_it_is_the_same() {
    let (own, other) = (hash("PF02NCT8"), hash("PF02NCT9"));
    for row in [
        format!("{own},,{own},,"),
        format!("PF02NCT8,,{own},{own},Book 13"),
        format!("PF02NCT8,,{own},,{own}"),
    ] {
        let list = partner(&row);
        assert_eq!(codes(&list)[0], Code::COLUMNS_SWAPPED, "{row}");
        assert!(list.findings[0].certain && list.rows[0].identification.is_some());
        let again = check(&repair(&list).bytes, &CheckOptions::default());
        assert!(again.rows[0].identification.is_some());
        assert!(!codes(&again).contains(&Code::COLUMNS_SWAPPED));
    }
    let damaged = &own[..90];
    for (row, channel) in [
        (format!("{other},,{own},,"), Channel::PartnerCenter),
        (
            format!("PF02NCT8,,{own},{damaged},Book 13"),
            Channel::PartnerCenter,
        ),
        (
            format!("PF02NCT8,,{damaged},{damaged},Book 13"),
            Channel::Oem,
        ),
        (format!("PF02NCT8,,{damaged},{own},Book 13"), Channel::Oem),
    ] {
        let list = accepting(&row, &[Code::COLUMNS_SWAPPED], channel);
        assert_eq!(codes(&list)[0], Code::COLUMNS_SWAPPED, "{row}");
        assert!(!list.findings[0].certain && list.rows[0].identification.is_none());
        assert_eq!(repaired(&list), "", "{row}");
    }
}

#[test]
fn a_damaged_hash_is_not_shown_wherever_it_stands() {
    let mut bytes = built("PF02NCT8").finish();
    bytes[50] ^= 1;
    let hash = base64_simd::STANDARD.encode_to_string(bytes);
    for row in [
        format!("{hash},,,,"),
        format!("PF02NCT8,{hash},,,"),
        format!("PF02NCT8,,{hash},,{hash}"),
        format!("PF02NCT8,,{hash},\"{hash}\",B"),
        format!("=\"{hash}\",,,Contoso,B"),
        format!("'{hash},,,Contoso,B"),
        format!("PF02NCT8,,={hash},Contoso,B"),
    ] {
        let list = partner(&row);
        let shown = format!("{:?} {:?}", list.findings, list.rows);
        let found: Vec<_> = list.findings.iter().flat_map(|f| &f.found).collect();
        assert!(!shown.contains(&hash[20..60]), "{shown}");
        assert!(
            found.iter().all(|found| !found.contains(&hash[20..40])),
            "{found:?}"
        );
        assert!(list.rows.iter().all(|row| row.identification.is_none()));
    }
}

#[test]
fn values_that_changed_places_are_told_by_the_hash_or_guessed_by_their_form() {
    let hash = hash("PF02NCT8");
    let list = partner(&format!("{PKID},PF02NCT8,{hash},,"));
    assert_eq!(places(&list), [(Code::COLUMNS_SWAPPED, 2, 1)]);
    assert_eq!(repaired(&list), format!("PF02NCT8,{PKID},{hash},,\n"));
    let list = partner(&format!("{PKID},,{hash},,"));
    assert_eq!(repaired(&list), format!(",{PKID},{hash},,\n"));
    let list = partner(&format!("Book 13,,{hash},,PF02NCT8"));
    assert_eq!(codes(&list), [Code::COLUMNS_SWAPPED, Code::BESIDE_HASH]);
    assert_eq!(repaired(&list), format!("PF02NCT8,,{hash},,\n"));

    // All in a ring, in the layout that keeps them.
    let header = Dialect::ManagedDesktopSelf.header();
    let list = checked(format!("{header}\nPF02NCT8,Contoso,Book 13,{hash}\n"));
    assert_eq!(codes(&list), [Code::COLUMNS_SWAPPED; 2]);
    assert_eq!(
        repaired(&list),
        format!("Contoso,Book 13,PF02NCT8,{hash}\n")
    );

    let row = "PF02NCT8,,,ThinkPad T14,LENOVO";
    assert_eq!(codes(&partner(row)), [Code::COLUMNS_SWAPPED]);
    let list = accepting(row, &[Code::COLUMNS_SWAPPED], Channel::PartnerCenter);
    assert_eq!(repaired(&list), "PF02NCT8,,,LENOVO,ThinkPad T14\n");
    let list = accepting(
        &format!("{PKID},,,,"),
        &[Code::COLUMNS_SWAPPED],
        Channel::PartnerCenter,
    );
    assert_eq!(codes(&list), [Code::COLUMNS_SWAPPED]);
    assert!(matches!(
        list.rows[0].identification,
        Some(Identification::Pkid { .. })
    ));
}

#[test]
fn a_model_under_the_serial_number_is_known_by_its_words() {
    let rows = "Latitude 5520,,,Dell Inc.,7XK2L9N\nLatitude 5520,,,Dell Inc.,8XK2L9N";
    let list = partner(rows);
    assert_eq!(
        places(&list),
        [(Code::COLUMNS_SWAPPED, 2, 1), (Code::COLUMNS_SWAPPED, 3, 1)]
    );
    assert!(list.rows.iter().all(|row| row.identification.is_none()));
    let list = accepting(rows, &[Code::COLUMNS_SWAPPED], Channel::PartnerCenter);
    assert_eq!(
        repaired(&list),
        "7XK2L9N,,,Dell Inc.,Latitude 5520\n8XK2L9N,,,Dell Inc.,Latitude 5520\n"
    );
    for row in [
        "VMware-56 4d 7c 11,,,\"VMware\",VMware71",
        "PF02NCT8,,,LENOVO,20XK004GMZ",
        "R90ABC 123456,,,LENOVO,20XK004GMZ",
        "AB12 3456,,,Contoso,BOOK13",
    ] {
        assert!(
            !codes(&partner(row)).contains(&Code::COLUMNS_SWAPPED),
            "{row}"
        );
    }
}

#[test]
fn a_serial_number_under_the_pkid_is_known_by_what_is_missing() {
    let row = ",PF02NCT8,,Contoso,Book 13";
    let list = partner(row);
    assert_eq!(places(&list), [(Code::COLUMNS_SWAPPED, 2, 2)]);
    let list = accepting(row, &[Code::COLUMNS_SWAPPED], Channel::PartnerCenter);
    assert_eq!(repaired(&list), "PF02NCT8,,,Contoso,Book 13\n");
    let list = partner(",00329-00000-00003-AA606,,Contoso,Book 13");
    assert!(codes(&list).contains(&Code::PKID_PRODUCT_ID));
}

#[test]
fn a_pkid_that_stands_twice_goes_where_it_does_not_belong() {
    let hash = hash("PF02NCT8");
    let header = Dialect::ManagedDesktopSelf.header();
    let list = checked(format!("{header}\n{PKID},{PKID},{hash},\n"));
    assert!(
        list.findings.iter().all(|f| f.certain),
        "{:?}",
        list.findings
    );
    let again = checked(repair(&list).bytes);
    assert!(again.is_conforming(), "{:?}", again.findings);
    let list = partner(&format!("{PKID},{PKID},{hash},,"));
    assert_eq!(codes(&list), [Code::COLUMNS_SWAPPED]);
    assert_eq!(repaired(&list), format!(",{PKID},{hash},,\n"));
}
