//! Whole files as they come: reports, exports, merged and sorted lists, lists for others, no lists.

mod separators;
mod wrapped;

use device_list::{
    Channel, CheckOptions, CheckedList, Code, Column, Dialect, Identification, SampleDevice,
    Severity, check_slice, repair,
};

use crate::{checked, checked_for, codes, places};

const PARTNER: &str =
    "Device Serial Number,Windows Product ID,Hardware Hash,Manufacturer name,Device model";
const TUPLES: &str = "Manufacturer,Model,Serial Number";
const INTUNE: &str =
    "Device Serial Number,Windows Product ID,Hardware Hash,Group Tag,Assigned User";

fn device(n: u64) -> SampleDevice {
    SampleDevice::new(40, n)
}

fn repaired(list: &CheckedList) -> String {
    String::from_utf8(repair(list).bytes)
        .unwrap()
        .replace("\r\n", "\n")
}

/// Every line is the header, a row, or skipped.
fn adds_up(text: &[u8], header: u64) {
    let summary = check_slice(text, &CheckOptions::default(), &mut |_| {});
    let sum = header + summary.row_lines + summary.skipped;
    assert_eq!(summary.lines, sum, "{summary:?}");
}

fn serials(list: &CheckedList) -> Vec<&str> {
    list.rows
        .iter()
        .map(|row| row.value(Column::Serial))
        .collect()
}

#[test]
fn a_configuration_manager_report_becomes_a_plain_list() {
    let names = "Device Serial Number,Windows Product ID,Hardware Hash";
    let rows: Vec<String> = (0..3)
        .map(|n| format!("{},,{}", device(n).serial, device(n).hash_text()))
        .collect();
    let labelled: Vec<String> = rows
        .iter()
        .map(|row| format!("{names},{row}\r\n"))
        .collect();
    let labelled = labelled.concat();
    let above = [
        "Title1,Textbox12\r\nWindows Autopilot Device Information,3/1/2024\r\n\r\n",
        "textbox4\r\nReport\r\n\r\nDevice_Serial_Number,Windows_Product_ID,Hardware_Hash,textbox5,textbox6,textbox7\r\n",
        "Device_Serial_Number,Windows_Product_ID,Hardware_Hash,Device_Serial_Number1,Windows_Product_ID1,Hardware_Hash1\r\n",
        "",
    ];
    for above in above {
        let text = format!("{above}{labelled}");
        let list = checked_for(Channel::CustomerOwn, &text);
        assert_eq!(places(&list), [(Code::REPORT_LAYOUT, 1, 0)], "{above}");
        assert_eq!(list.rows.len(), 3);
        let expected = format!("{}\n{}\n", Dialect::Intune3.header(), rows.join("\n"));
        assert_eq!(repaired(&list), expected);
        adds_up(text.as_bytes(), 0);
        let partner = checked(&text);
        assert_eq!(codes(&partner), [Code::REPORT_LAYOUT]);
        assert!(repaired(&partner).starts_with(PARTNER));
    }
    let list = checked(format!("{above}{labelled}", above = above[0]).replace(',', ";"));
    assert_eq!(codes(&list), [Code::REPORT_LAYOUT, Code::SEPARATOR]);
    assert_eq!(repair(&list).rows, 3);
}

#[test]
fn exports_are_one_finding_and_their_tuples_are_used() {
    let intune = "Device name,Managed by,Ownership,Compliance,OS,OS version,Last check-in,Primary user UPN,Serial number,Manufacturer,Model\nPC-1,Intune,Corporate,Compliant,Windows,10.0.22631,2024-03-01,ada@contoso.example,0042,Contoso,Book 13\n";
    let autopilot = "Serial number,Manufacturer,Model,Group tag,Profile status,Assigned profile,Date assigned,Enrollment state,Purchase order\n0042,Contoso,Book 13,Standard,Assigned,Default,2024-03-01,Enrolled,4711\n";
    let inventory = "Serial Number,Device Name,Device Last check-in,Managed By,Manufacturer,Model,OS,OS License,OS Version,Ownership,Enrollment Date,Ring Name,Enrolled by User UPN,Assigned User,Status\n0042,PC-1,2024-03-01,Intune,Contoso,Book 13,Windows,Enterprise,10.0,Corporate,2024-01-01,Broad,ada@contoso.example,,Active\n";
    for text in [intune, autopilot, inventory] {
        let list = checked(text);
        assert_eq!(places(&list), [(Code::DEVICE_EXPORT, 1, 0)]);
        assert_eq!(
            list.rows[0]
                .identification
                .as_ref()
                .unwrap()
                .tuple()
                .unwrap()
                .serial
                .as_str(),
            "0042"
        );
        assert_eq!(repaired(&list), format!("{TUPLES}\nContoso,Book 13,0042\n"));
    }
    let semicolons = checked(intune.replace(',', ";"));
    assert_eq!(codes(&semicolons), [Code::DEVICE_EXPORT, Code::SEPARATOR]);
    assert_eq!(repair(&semicolons).rows, 1);
    // Without manufacturer and model a serial number names no device.
    let scores = checked(
        "Device name,Cloud management,Cloud identity,Cloud provisioning,Serial number\nPC-1,1,1,0,0042\n",
    );
    assert_eq!(codes(&scores), [Code::DEVICE_EXPORT, Code::NO_COMBINATION]);
}

/// The sample that partner tools carry: its header, rows of six fields, rows of commas, text.
#[test]
fn the_embedded_sample_with_its_explanations_is_read() {
    let device = device(0);
    let header = Dialect::PartnerCenterEmbedded.header();
    let text = format!(
        "\u{feff}{header}\r\n0042,,,,,\r\n,123451234567,,,,\r\n,,{},,,\r\n0043,,,Contoso,Book 13,\r\n,,,,,\r\n,,,,,\r\nDelete the lines from here on before uploading this file,,,,,\r\n\"A device is named by its PKID, by its hash, or by serial number, manufacturer and model.\",,,,,\r\n",
        device.hash_text()
    );
    let list = checked(&text);
    let expected = [
        (Code::UTF8_MARK, 0, 0),
        (Code::EXTRA_FIELDS, 2, 6),
        (Code::NO_COMBINATION, 2, 0),
        (Code::EXTRA_FIELDS, 3, 6),
        (Code::PKID_TWELVE_DIGITS, 3, 2),
        (Code::EXTRA_FIELDS, 4, 6),
        (Code::EXTRA_FIELDS, 5, 6),
        (Code::ROW_OF_COMMAS, 6, 0),
        (Code::ROW_OF_COMMAS, 7, 0),
        (Code::TEXT_LINE, 8, 0),
        (Code::TEXT_LINE, 9, 0),
    ];
    assert_eq!(places(&list), expected);
    assert_eq!(list.dialect, Some(Dialect::PartnerCenterEmbedded));
    assert_eq!((repair(&list).rows, list.rows.len()), (2, 4));
    adds_up(text.as_bytes(), 1);
}

#[test]
fn headers_that_stand_again_in_a_merged_file_are_left_out() {
    let again = [
        PARTNER.to_owned(),
        PARTNER.to_uppercase(),
        PARTNER.to_lowercase(),
        format!("\u{feff}{PARTNER}"),
        format!("\"{}\"", PARTNER.replace(',', "\",\"")),
        Dialect::PartnerCenterSample.header().to_owned(),
    ];
    for header in again {
        let text = format!("{PARTNER}\n0042,,,Contoso,B 1\n{header}\n0043,,,Contoso,B 1\n");
        let list = checked(&text);
        assert_eq!(places(&list), [(Code::HEADER_REPEATED, 3, 0)], "{header}");
        assert_eq!(serials(&list), ["0042", "0043"]);
        adds_up(text.as_bytes(), 1);
    }
}

#[test]
fn parts_of_a_merged_file_are_read_by_their_own_headers() {
    let device = device(1);
    let (serial, hash) = (&device.serial, device.hash_text());
    let text = format!(
        "{TUPLES}\nContoso,Book 13,0042\n{INTUNE}\n{serial},,{hash},Standard,\nSerial Number;Manufacturer;Model\n0043;Contoso;Book 13\n"
    );
    let list = checked(&text);
    assert_eq!(
        places(&list),
        [(Code::HEADER_CHANGES, 3, 0), (Code::HEADER_CHANGES, 5, 0)]
    );
    assert_eq!(serials(&list), ["0042", serial.as_str(), "0043"]);
    assert_eq!(list.rows[1].group_tag.as_deref(), Some("Standard"));
    // The first layout has no column for a hash, so one that has takes its place.
    assert_eq!(list.dialect, Some(Dialect::PartnerCenter));
    let cause = &list.findings[0].cause;
    assert!(
        cause.contains("no column for the group tag, assigned user"),
        "{cause}"
    );
    let expected =
        format!("{PARTNER}\n0042,,,Contoso,Book 13\n{serial},,{hash},,\n0043,,,Contoso,Book 13\n");
    assert_eq!(repaired(&list), expected);
    adds_up(text.as_bytes(), 1);
    // Where the first layout holds them all, it stays.
    let list = checked(format!(
        "{PARTNER}\n0042,,,Contoso,Book 13\n{TUPLES}\nContoso,Book 13,0043\n"
    ));
    assert_eq!(list.dialect, Some(Dialect::PartnerCenter));
    assert_eq!(
        repaired(&list),
        format!("{PARTNER}\n0042,,,Contoso,Book 13\n0043,,,Contoso,Book 13\n")
    );
}

#[test]
fn what_stands_beside_a_hash_is_left_out_where_a_list_became_another() {
    let device = device(6);
    let (serial, hash) = (&device.serial, device.hash_text());
    let own = Dialect::ManagedDesktopSelf.header();
    let part = format!("{own}\nContoso,Other,{serial},{hash}\n");
    let partner = format!("{PARTNER}\n0042,,,Contoso,Book 13\n");
    for text in [format!("{part}{partner}"), format!("{partner}{part}")] {
        let list = checked(&text);
        assert_eq!(list.dialect, Some(Dialect::PartnerCenter));
        assert!(repaired(&list).contains(&format!("{serial},,{hash},,\n")));
        assert!(repaired(&list).contains("0042,,,Contoso,Book 13\n"));
    }
}

#[test]
fn a_header_below_devices_is_no_reason_to_drop_them() {
    let text =
        format!("Contoso,Book 13,0042\nFabrikam,Book 14,0043\n{TUPLES}\nTailspin,Wing 1,0044\n");
    let list = checked(&text);
    assert_eq!(
        places(&list),
        [(Code::HEADER_MISSING, 1, 0), (Code::HEADER_REPEATED, 3, 0)]
    );
    assert!(
        list.findings[0].cause.contains("line 3"),
        "{}",
        list.findings[0].cause
    );
    assert_eq!(serials(&list), ["0042", "0043", "0044"]);
    adds_up(text.as_bytes(), 0);
    // Rows that prove another layout than the header's are read by theirs.
    let text = format!("0042,,,Contoso,Book 13\n{TUPLES}\nContoso,Book 13,0043\n");
    let list = checked(&text);
    assert_eq!(codes(&list), [Code::HEADER_MISSING, Code::HEADER_CHANGES]);
    assert_eq!(serials(&list), ["0042", "0043"]);
    adds_up(text.as_bytes(), 0);
}

#[test]
fn lists_for_other_programmes_are_named_and_not_read() {
    for (text, name) in [
        (
            "modemtype,modemid,serial,model,manufacturer,profiletype,owner\nIMEI,356938035643809,,Phone 5,Contoso,ZERO_TOUCH,42\n",
            "Android zero-touch",
        ),
        (
            "IMEI,356938035643809,,Phone 5,Contoso,ZERO_TOUCH,42\n",
            "Android zero-touch",
        ),
        ("356938035643809\n490154203237518\n", "Knox"),
        (
            "IMEI/MEID,User name,Password\n356938035643809,ada,x\n",
            "Knox",
        ),
        (
            "Order Number,Order Date,DEP Customer ID,Serial Number\n1,2024-03-01,42,C02XY1\n",
            "Apple",
        ),
    ] {
        let list = checked(text);
        assert_eq!(codes(&list), [Code::OTHER_PROGRAMME], "{text}");
        assert!(
            list.findings[0].cause.contains(name),
            "{}",
            list.findings[0].cause
        );
        assert!(!list.is_usable() && list.rows.is_empty() && repair(&list).bytes.is_empty());
        let summary = check_slice(text.as_bytes(), &CheckOptions::default(), &mut |_| {});
        assert_eq!(summary.lines, summary.skipped);
    }
}

#[test]
fn serial_numbers_alone_are_explained_row_by_row() {
    for (text, expected) in [
        (
            "Serial Number\nPF02NCT8\nPF02NCT9\n",
            vec![Code::SERIALS_ONLY],
        ),
        (
            "Stock,S/N,Room\nx,PF02NCT8,1\ny,PF02NCT9,2\n",
            vec![Code::SERIALS_ONLY],
        ),
        (
            "PF02NCT8\nPF02NCT9\n",
            vec![Code::HEADER_MISSING, Code::SERIALS_ONLY],
        ),
    ] {
        let list = checked(text);
        let (first, rest) = list.findings.split_at(expected.len());
        let found: Vec<_> = first.iter().map(|finding| finding.code).collect();
        assert_eq!(found, expected, "{text}");
        assert!(
            rest.iter()
                .all(|finding| finding.code == Code::NO_COMBINATION)
                && rest.len() == 2
        );
        assert_eq!(repair(&list).left_out, [1, 2]);
    }
}

#[test]
fn an_order_id_becomes_the_group_tag() {
    let device = device(2);
    let (serial, hash) = (&device.serial, device.hash_text());
    for dialect in [Dialect::IntuneOrderId, Dialect::ScriptOrderId] {
        let text = format!("{}\n{serial},,{hash},Standard\n", dialect.header());
        let list = checked_for(Channel::Intune, &text);
        assert_eq!(places(&list), [(Code::ORDER_ID, 1, 4)]);
        assert_eq!(list.findings[0].severity, Severity::Warning);
        assert_eq!(list.rows[0].group_tag.as_deref(), Some("Standard"));
        let expected = format!("{}\n{serial},,{hash},Standard\n", Dialect::Intune4.header());
        assert_eq!(repaired(&list), expected);
        let own = checked_for(Channel::Enlist, &text);
        assert_eq!((codes(&own), repaired(&own)), (vec![], text.clone()));
        // Partner Center has no column for it.
        let partner = checked(&text);
        assert_eq!(codes(&partner), [Code::OTHER_LAYOUT, Code::ORDER_ID]);
        assert_eq!(
            repaired(&partner),
            format!("{PARTNER}\n{serial},,{hash},,\n")
        );
    }
    let withdrawn = Dialect::IntuneWithdrawn.header();
    let text = format!(
        "{withdrawn}\n{serial},,{hash},Kiosk,,Standard\n{},,{},,,Standard\n",
        SampleDevice::new(40, 3).serial,
        SampleDevice::new(40, 3).hash_text()
    );
    let list = checked_for(Channel::Intune, &text);
    assert_eq!(
        places(&list),
        [(Code::ORDER_ID, 1, 6), (Code::ORDER_ID, 2, 6)]
    );
    let tags: Vec<_> = list
        .rows
        .iter()
        .map(|row| row.group_tag.as_deref())
        .collect();
    assert_eq!(tags, [Some("Kiosk"), Some("Standard")]);
    let list =
        checked("Serial Number,Manufacturer,Model,order id\n0042,Contoso,Book 13,Standard\n");
    assert_eq!(codes(&list), [Code::HEADER_ORDER, Code::ORDER_ID]);
    assert_eq!(repaired(&list), format!("{TUPLES}\nContoso,Book 13,0042\n"));
}

#[test]
fn a_header_may_name_hashes_alone_beside_what_is_not_known() {
    let device = device(5);
    let list = checked(format!(
        "Computer,Hardware Hash\nPC-1,{}\n",
        device.hash_text()
    ));
    assert!(matches!(
        list.rows[0].identification,
        Some(Identification::Hash { .. })
    ));
    assert!(codes(&list).contains(&Code::EXTRA_COLUMN));
    // Two columns make a header wherever they stand among the first lines.
    let above = "Delivery note\n\n".repeat(9);
    let list = checked(format!("{above}{TUPLES}\nContoso,Book 13,0042\n"));
    assert_eq!(places(&list), [(Code::TEXT_ABOVE_HEADER, 1, 0)]);
    assert_eq!(list.rows[0].line, 20);
}

#[test]
fn a_header_and_a_row_in_one_line_do_not_become_a_header() {
    let row = "Device Serial Number,Windows Product ID,Hardware Hash,0042,,Contoso";
    let list = checked(format!("{TUPLES}\n{row}\n"));
    let extra = list
        .findings
        .iter()
        .find(|finding| finding.code == Code::EXTRA_FIELDS);
    assert_eq!(extra.map(|finding| finding.guess), Some(false));
}
