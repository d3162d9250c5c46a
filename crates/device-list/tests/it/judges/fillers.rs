//! Fillers in columns that may be empty, and PKIDs that are not alone or not whole.

use super::*;

#[test]
fn a_filler_where_nothing_need_stand_is_left_out() {
    for filler in ["N/A", "-", "none", "NULL", "0", "n.a.", "not available"] {
        for row in [
            format!("0042,{filler},,Contoso,Book 13"),
            format!("0042,,{filler},Contoso,Book 13"),
            format!("0042,{filler},{filler},Contoso,Book 13"),
        ] {
            let list = partner(&row);
            let all = list.findings.iter();
            assert!(
                all.clone()
                    .all(|f| f.code == Code::PLACEHOLDER && f.certain),
                "{row}"
            );
            assert!(matches!(
                list.rows[0].identification,
                Some(Identification::Tuple { .. })
            ));
            assert_eq!(repaired(&list), "0042,,,Contoso,Book 13\n");
        }
    }
    let list = partner(&format!("N/A,N/A,{},N/A,-", hash("PF02NCT8")));
    assert!(list.findings.iter().all(|finding| finding.certain));
    let expected = [[Code::PLACEHOLDER; 4].as_slice(), &[Code::BESIDE_HASH]].concat();
    assert_eq!(codes(&list), expected);
    assert_eq!(
        repaired(&list),
        format!("PF02NCT8,,{},,\n", hash("PF02NCT8"))
    );
    // Nothing is left of a row that has nothing else, and digits may be what is left of a PKID.
    let list = partner(",N/A,,,");
    assert_eq!(codes(&list), [Code::PLACEHOLDER, Code::NO_COMBINATION]);
    let list = partner(",1234567,,,");
    assert_eq!(codes(&list), [Code::PKID_FORM]);
    let header = Dialect::Intune.header();
    let list = checked(format!("{header}\n,,{},Tag,N/A\n", hash("PF02NCT8")));
    let user = list
        .findings
        .iter()
        .find(|f| f.code == Code::PLACEHOLDER)
        .unwrap();
    assert!(user.certain && list.rows[0].value(Column::AssignedUser).is_empty());
}

#[test]
fn a_pkid_that_lacks_a_digit_is_guessed_from_the_hash() {
    for own in ["305612345678", "330561234567", "33056123456x8"] {
        let list = partner(&format!(",{own},{},,", hash("PF02NCT8")));
        let finding = list
            .findings
            .iter()
            .find(|f| f.field == Some(Column::Pkid))
            .unwrap();
        assert_eq!(finding.corrected.as_deref(), Some(PKID), "{own}");
        assert!(finding.guess && !finding.certain);
    }
}

#[test]
fn a_pkid_beside_other_identifiers_stays_alone_where_that_is_accepted() {
    for row in [
        format!("5CG1234ABF,{PKID},,,"),
        format!("5CG1234ABF,{PKID},,HP,EliteBook 840 G8"),
        format!(",{PKID},,HP,"),
    ] {
        let list = partner(&row);
        assert_eq!(codes(&list), [Code::NO_COMBINATION]);
        assert!(list.findings[0].guess && list.rows[0].identification.is_none());
        let list = accepting(&row, &[Code::NO_COMBINATION], Channel::PartnerCenter);
        assert_eq!(repaired(&list), format!(",{PKID},,,\n"));
        assert!(matches!(
            list.rows[0].identification,
            Some(Identification::Pkid { .. })
        ));
    }
    let list = accepting(
        "5CG1234ABF,,,,",
        &[Code::NO_COMBINATION],
        Channel::PartnerCenter,
    );
    assert!(!list.findings[0].guess && list.rows[0].identification.is_none());
}

#[test]
fn a_user_that_is_nothing_without_odd_blanks_is_left_out() {
    let header = Dialect::Intune.header();
    let options = CheckOptions {
        accept: [Code::BLANKS_INSIDE].into_iter().collect(),
        ..CheckOptions::default()
    };
    let text = format!("{header}\n,,{},,\"-\u{a0}-\"\n", hash("PF02NCT8"));
    let list = check(text.as_bytes(), &options);
    assert!(
        list.rows[0].value(Column::AssignedUser).is_empty(),
        "{:?}",
        list.findings
    );
}
