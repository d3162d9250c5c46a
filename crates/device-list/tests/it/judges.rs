//! What is judged about the values of a row: by themselves, against its hash, for its channel.

mod fillers;
mod misplaced;
mod one_device;

use device_list::{
    Cells, Channel, CheckOptions, CheckedList, Code, CodeSet, Column, Dialect, HashBuilder,
    Identification, Severity, check, check_cells, repair,
};
use proptest::prelude::*;

use crate::{checked, checked_for, codes, places};

const PARTNER: &str =
    "Device Serial Number,Windows Product ID,Hardware Hash,Manufacturer name,Device model";
const PKID: &str = "3305612345678";

fn built(serial: &str) -> HashBuilder {
    HashBuilder::default()
        .uuid([7; 16])
        .text(14, serial)
        .text(16, "Contoso")
        .text(17, "Book 13")
        .text(24, PKID)
}

/// The text of a hash that says these.
fn hash(serial: &str) -> String {
    text(built(serial))
}

fn text(builder: HashBuilder) -> String {
    base64_simd::STANDARD.encode_to_string(builder.finish())
}

fn partner(row: &str) -> CheckedList {
    checked(format!("{PARTNER}\n{row}\n"))
}

/// Checks a row of Partner Center's layout with some guesses accepted.
fn accepting(row: &str, accept: &[Code], channel: Channel) -> CheckedList {
    let options = CheckOptions {
        channel,
        accept: accept.iter().copied().collect::<CodeSet>(),
        ..CheckOptions::default()
    };
    check(format!("{PARTNER}\n{row}\n").as_bytes(), &options)
}

/// What the repaired list holds below its header.
fn repaired(list: &CheckedList) -> String {
    let text = String::from_utf8(repair(list).bytes).unwrap();
    text.split_once("\r\n").unwrap().1.replace("\r\n", "\n")
}

#[test]
fn where_the_hash_counts_it_takes_the_place_of_what_contradicts_it() {
    let hash = hash("PF02NCT8");
    let row = format!("PFO2NCT8,3305612345670,{hash},,");
    let list = partner(&row);
    assert_eq!(codes(&list), [Code::SERIAL_DIFFERS, Code::PKID_DIFFERS]);
    assert!(list.findings[0].cause.contains("look alike"));
    let accept = [Code::SERIAL_DIFFERS, Code::PKID_DIFFERS];
    let list = accepting(&row, &accept, Channel::PartnerCenter);
    assert_eq!(repaired(&list), format!("PF02NCT8,{PKID},{hash},,\n"));
    let row = format!("PF02NCT8,,{hash},Fabrikam,Book 13");
    let list = accepting(&row, &[Code::MANUFACTURER_DIFFERS], Channel::PartnerCenter);
    assert_eq!(repaired(&list), format!("PF02NCT8,,{hash},,\n"));

    let header = Dialect::ManagedDesktopSelf.header();
    let text = format!("{header}\nFabrikam,3-Jan,PF02NCT9,{hash}\n");
    let options = CheckOptions {
        accept: [
            Code::MANUFACTURER_DIFFERS,
            Code::MODEL_DIFFERS,
            Code::SERIAL_DIFFERS,
        ]
        .into_iter()
        .collect(),
        ..CheckOptions::default()
    };
    let list = check(text.as_bytes(), &options);
    assert_eq!((list.errors(), list.warnings()), (0, 3));
    assert_eq!(
        repaired(&list),
        format!("Contoso,Book 13,PF02NCT8,{hash}\n")
    );
    // Another way to write the same maker is no contradiction.
    let dell = text_of_dell();
    let list = partner(&format!("8XK2PQ3,,{dell},Dell,Latitude 5440"));
    assert_eq!(codes(&list), [Code::BESIDE_HASH]);
    let list = checked(format!("{header}\nDell,Latitude  5440,8XK2PQ3,{dell}\n"));
    assert_eq!(codes(&list), [Code::DISPLAY_SPELLING, Code::BLANKS_INSIDE]);
    assert!(list.is_conforming() || list.findings[1].certain);
}

fn text_of_dell() -> String {
    let built = HashBuilder::default()
        .uuid([8; 16])
        .text(14, "8XK2PQ3")
        .text(16, "Dell Inc.")
        .text(17, "Latitude 5440");
    text(built)
}

#[test]
fn a_placeholder_beside_a_hash_that_knows_better_is_put_right() {
    let hash = hash("PF02NCT8");
    let list = partner(&format!("Default string,0000000000000,{hash},,"));
    assert_eq!(codes(&list), [Code::PLACEHOLDER, Code::PLACEHOLDER]);
    assert_eq!(repaired(&list), format!("PF02NCT8,{PKID},{hash},,\n"));
    // What is no PKID at all goes, as the hash does without.
    for (wrong, code) in [
        ("00329-00000-00003-AA606", Code::PKID_PRODUCT_ID),
        ("AB2CD-EF3GH-JK4LM-NP5QR-ST6VW", Code::PKID_PRODUCT_KEY),
    ] {
        let list = partner(&format!("PF02NCT8,{wrong},{hash},,"));
        assert_eq!(codes(&list), [code]);
        assert_eq!(repaired(&list), format!("PF02NCT8,,{hash},,\n"));
    }
    let row = format!("PF02NCT8,12345,{hash},,");
    assert!(partner(&row).rows[0].identification.is_none());
    let list = accepting(&row, &[Code::PKID_FORM], Channel::PartnerCenter);
    assert_eq!(repaired(&list), format!("PF02NCT8,{PKID},{hash},,\n"));
}

#[test]
fn a_product_key_is_nowhere_to_be_seen() {
    let key = "AB2CD-EF3GH-JK4LM-NP5QR-ST6VW";
    for row in [
        format!(",{key},,,"),
        format!(",'{key},,,"),
        format!("{key},,,Contoso,"),
        format!(",,,{key},\"{key},\""),
        format!(",{},,,", key.replace('-', " ")),
        format!("{key}\t,,,,"),
    ] {
        let list = partner(&row);
        let shown = format!("{:?} {:?}", list.findings, list.rows);
        let kept: Vec<_> = list
            .findings
            .iter()
            .flat_map(|f| [f.found.clone(), f.excerpt.as_ref().map(|e| e.text.clone())])
            .collect();
        assert!(
            !shown.contains("EF3GH") && !format!("{kept:?}").contains("EF3GH"),
            "{row}: {shown} {kept:?}"
        );
    }
}

#[test]
fn the_text_of_a_hash_is_found_behind_what_was_done_to_it() {
    let device = built("PF02NCT8").text(19, "»»»??>>~~");
    let whole = text(device.clone());
    let hex = device_list::hardware_hash::Hex(device.finish().into()).to_string();
    assert!(whole.contains('+') && whole.contains('/'), "{whole}");
    let percent = whole
        .replace('+', "%2B")
        .replace('/', "%2f")
        .replace('=', "%3D");
    for (sent, code) in [
        (hex.clone(), Code::HASH_HEX),
        (format!("0x{}", hex.to_uppercase()), Code::HASH_HEX),
        (whole.replace('+', " "), Code::HASH_ALPHABET),
        (
            whole.replace('+', "-").replace('/', "_"),
            Code::HASH_ALPHABET,
        ),
        (percent, Code::HASH_ALPHABET),
        (format!("'{whole}"), Code::APOSTROPHE),
        (format!("=\"{whole}\""), Code::FORMULA_TEXT),
    ] {
        let list = partner(&format!("PF02NCT8,,{sent},,"));
        assert_eq!((codes(&list), list.findings[0].certain), (vec![code], true));
        assert_eq!(
            list.findings[0].corrected.as_deref(),
            Some(&*whole),
            "{code}"
        );
        assert_eq!(repaired(&list), format!("PF02NCT8,,{whole},,\n"));
    }
    let list = partner(&format!("PF02NCT8,,{},,", &hex[..hex.len() - 2]));
    assert_eq!(codes(&list), [Code::HASH_NO_MAGIC]);
}

#[test]
fn what_a_hash_tells_of_the_hardware_leaves_the_list_conforming() {
    let disk = [64, 0, 0, 0, 0, 0, 0, 0, 11, 0, 1, 0];
    let poor = built("PF02NCT8").record(2, &[12, 0]).record(6, &disk);
    let list = partner(&format!("PF02NCT8,,{},,", text(poor)));
    assert_eq!(codes(&list), [Code::HASH_UNSUPPORTED]);
    let cause = &list.findings[0].cause;
    assert!(
        cause.contains("ARM") && cause.contains("64 GB") && cause.contains("hard disk"),
        "{cause}"
    );
    assert!(list.is_conforming() && list.findings[0].severity == Severity::Note);
    // The UUID and the PKID of nobody in particular are told, and the rest identifies the device.
    let shared = HashBuilder::default()
        .uuid([0xff; 16])
        .text(14, "PF02NCT8")
        .text(16, "Contoso")
        .text(17, "Book 13")
        .text(24, "0000000000000");
    let list = partner(&format!("PF02NCT8,,{},,", text(shared)));
    assert_eq!(codes(&list), [Code::HASH_UUID_SHARED, Code::HASH_PKID_FORM]);
    assert!(list.is_conforming() && list.rows[0].identification.is_some());
}

#[test]
fn a_tag_is_held_against_the_lists_own() {
    let header = Dialect::Intune.header();
    let tag = "Microsoft365Managed_Standard";
    let hash = hash("PF02NCT8");
    let list = |tag: Option<&str>, own: &str, accept: &[Code]| {
        let options = CheckOptions {
            channel: Channel::Intune,
            tag: tag.map(Into::into),
            accept: accept.iter().copied().collect(),
            ..CheckOptions::default()
        };
        let list = check(
            format!("{header}\nPF02NCT8,,{hash},{own},\n").as_bytes(),
            &options,
        );
        (codes(&list), list.rows[0].group_tag.clone())
    };
    let is = |tag: &str| Some(tag.to_owned());
    assert_eq!(list(Some(tag), tag, &[]), (vec![], is(tag)));
    assert_eq!(list(Some(tag), "", &[]), (vec![], None));
    let spelled = "MICROSOFT365Managed _Standard";
    assert_eq!(
        list(Some(tag), spelled, &[]),
        (vec![Code::GROUP_TAG_CASE], is(tag))
    );
    assert_eq!(list(None, spelled, &[]), (vec![], is(spelled)));
    let differs = vec![Code::GROUP_TAG_DIFFERS];
    assert_eq!(
        list(Some(tag), "Sales", &[]),
        (differs.clone(), is("Sales"))
    );
    assert_eq!(
        list(Some(tag), "Sales", &differs),
        (differs.clone(), is(tag))
    );
    assert_eq!(
        list(None, "'Sales", &[]),
        (vec![Code::APOSTROPHE], is("'Sales"))
    );
}

/// A serial number of digits, and what became of it in a spreadsheet or a program.
fn damaged() -> impl Strategy<Value = (String, String, Code)> {
    let serial = ("0{0,3}", "[1-9][0-9]{7,19}").prop_map(|(zeros, digits)| zeros + &digits);
    let real = serial.prop_filter("a real one", |serial| {
        !device_list::identifier::is_placeholder(serial)
    });
    (real, 0_usize..8, 0..5).prop_filter_map("something happened", |(serial, decimals, how)| {
        let digits = serial.trim_start_matches('0').to_owned();
        let number: f64 = digits.parse().unwrap();
        let (own, code) = match how {
            0 => (digits.clone(), Code::SERIAL_LOST_ZEROS),
            1 if digits.len() > 15 => {
                let cut = format!("{}{}", &digits[..15], "0".repeat(digits.len() - 15));
                (cut, Code::SERIAL_ROUNDED)
            }
            2 if digits.len() < 16 => (format!("{digits}.0"), Code::SERIAL_FROM_NUMBER),
            3 => (
                format!("{number:.decimals$E}").replace('E', "E+"),
                Code::SERIAL_FROM_NUMBER,
            ),
            _ => (
                format!("{number:.0$e}", decimals + 1),
                Code::SERIAL_FROM_NUMBER,
            ),
        };
        (own != serial && (own != digits || how == 0)).then_some((serial, own, code))
    })
}

#[test]
fn a_decimal_comma_is_a_spreadsheets_work_too() {
    let header = PARTNER.replace(',', ";");
    let hash = hash("016520771357");
    let list = checked(format!("{header}\n1,65208E+10;;{hash};;\n"));
    assert_eq!(codes(&list), [Code::SEPARATOR, Code::SERIAL_FROM_NUMBER]);
    assert_eq!(repaired(&list), format!("016520771357,,{hash},,\n"));
    let list = checked(format!(
        "{header}\n1,65208E+10;;;Contoso;Book 13\n;3,30561E+12;;;\n"
    ));
    assert_eq!(
        codes(&list),
        [
            Code::SEPARATOR,
            Code::SERIAL_AS_NUMBER,
            Code::PKID_AS_NUMBER
        ]
    );
    assert!(list.rows.iter().all(|row| row.identification.is_none()));
    let header = Dialect::ManagedDesktopSelf.header().replace(',', ";");
    let list = checked(format!("{header}\nContoso;Book 13;9,65208E+10;{hash}\n"));
    assert_eq!(
        codes(&list)[1..],
        [Code::SERIAL_DIFFERS, Code::COMMA_IN_VALUE]
    );
    assert_eq!(repair(&list).left_out, [1]);
}

proptest! {
    /// Whatever a spreadsheet made of a serial number of digits: the hash proves what it was.
    #[test]
    fn what_a_spreadsheet_did_is_undone_where_the_hash_proves_it((serial, own, code) in damaged()) {
        let hash = hash(&serial);
        let list = partner(&format!("{own},,{hash},,"));
        prop_assert_eq!(codes(&list), [code], "{} {}", own, serial);
        prop_assert!(list.findings[0].certain);
        prop_assert_eq!(repaired(&list), format!("{serial},,{hash},,\n"));
        let serial_then = list.rows[0].identification.as_ref().and_then(Identification::serial);
        prop_assert_eq!(serial_then.unwrap().to_string(), serial);
        prop_assert_eq!(codes(&checked(repair(&list).bytes)), []);
    }

    /// Without a hash, such a value is never taken for a serial number.
    #[test]
    fn what_a_spreadsheet_did_is_not_taken_for_real_without_a_hash((_, own, code) in damaged()) {
        prop_assume!(code == Code::SERIAL_FROM_NUMBER);
        let list = partner(&format!("{own},,,Contoso,Book 13"));
        prop_assert_eq!(codes(&list), [Code::SERIAL_AS_NUMBER], "{}", own);
        prop_assert!(list.rows[0].identification.is_none());
    }
}
