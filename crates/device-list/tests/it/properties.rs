//! What holds for every list.

use device_list::{
    Cells, Channel, CheckOptions, Code, Column, Dialect, Finding, Identification, SampleDevices,
    SampleKind, check, repair, write_list,
};
use proptest::prelude::*;

pub(crate) fn channel() -> impl Strategy<Value = Channel> {
    prop_oneof![
        Just(Channel::PartnerCenter),
        Just(Channel::CustomerOwn),
        Just(Channel::Oem),
        Just(Channel::Enlist)
    ]
}

pub(crate) fn dialect() -> impl Strategy<Value = Dialect> {
    prop::sample::select(Dialect::ALL.to_vec())
}

/// A value as people and programs write them, now and then a bad one.
fn value() -> impl Strategy<Value = String> {
    let device = SampleDevices::new(1).next().unwrap();
    let whole = device.hash_text();
    let short = device.hash().to_text().trim_end_matches('=').to_string();
    prop_oneof![
        4 => "[A-Za-z0-9][A-Za-z0-9 .-]{0,12}[A-Za-z0-9]",
        2 => "[0-9]{13}",
        2 => Just(String::new()),
        1 => "[ \"',;\tÄßé€Ł\u{200b}\u{a0}a0]{0,5}",
        1 => Just(device.serial.to_string()),
        1 => Just(device.serial.as_str().trim_start_matches('0').to_string()),
        1 => Just("Default string".to_string()),
        2 => odd_value(),
        1 => Just(whole.clone()),
        1 => Just(short.clone()),
        1 => (0..short.len()).prop_map(move |end| short[..end].to_string()),
        1 => (0..whole.len()).prop_map(move |at| format!("{} {}", &whole[..at], &whole[at..])),
    ]
}

/// A value as spreadsheets, word processors and slips leave them.
fn odd_value() -> impl Strategy<Value = String> {
    let device = SampleDevices::new(1).next().unwrap();
    let digits = device.pkid.as_str();
    let odd = [
        "=\"0042\"",
        "'0042",
        "=A1",
        "#N/A",
        "1.65208E+10",
        "16520771357.0",
        "12-Mar",
        "12345678901234500000",
        "490154203237518",
        "00:1A:2B:3C:4D:5E",
        "PF\u{2013}02",
        "\u{420}F02",
        "PF\u{a0}02",
        "PF  02",
        "Dell",
        "00329-00000-00003-AA606",
        "AB2CD-EF3GH-JK4LM-NP5QR-ST6VW",
        "Anna <anna@contoso.example>",
        "CONTOSO\\anna",
        "N/A",
        "[PF02NCT8]",
        "> PF02NCT8",
        "S/N: PF02NCT8",
        "Latitude 5520",
        "7XK2L9N",
        "it@contoso.example",
        "@SUM(1)",
        "3.305.612.345.678",
        "microsoft365managed_standard",
        device.manufacturer.as_str(),
        device.model.as_str(),
        digits,
        &digits[1..],
        &format!("{} {}", &digits[..4], &digits[4..]),
        &device.serial.as_str().to_lowercase(),
    ];
    prop::sample::select(odd.map(String::from).to_vec())
}

/// The codes about values, whose guesses may be accepted.
fn about_values() -> Vec<Code> {
    let about = |code: &Code| matches!(&code.as_str()[..4], "EN03" | "EN04" | "EN05" | "EN06");
    Code::all().filter(about).collect()
}

/// A header as people mangle it.
fn header() -> impl Strategy<Value = String> {
    let name = prop::sample::select(vec![
        "Device Serial Number",
        "serial number",
        "Windows Product ID",
        "PKID",
        "Hardware Hash",
        " hardware hash",
        "Manufacturer name",
        "Manufacturer",
        "\"Model\"",
        "Device model",
        "Group Tag",
        "Assigned User",
        "Hardware Hsh",
        "Manufacturer ID",
        "Vendor",
        "Note",
        "",
    ]);
    prop_oneof![
        3 => dialect().prop_map(|dialect| dialect.header().to_string()),
        1 => prop::collection::vec(name, 1..7).prop_map(|names| names.join(",")),
    ]
}

/// A line as reports, merging and people leave them among devices.
fn odd_line() -> impl Strategy<Value = String> {
    let device = SampleDevices::new(2).next().unwrap();
    let (serial, hash) = (&device.serial, device.hash_text());
    let names = "Device Serial Number,Windows Product ID,Hardware Hash";
    let wide = |text: &str| text.chars().flat_map(|c| [c, '\0']).collect::<String>();
    prop_oneof![
        dialect().prop_map(|dialect| dialect.header().to_string()),
        dialect().prop_map(|dialect| format!("\u{feff}{}", dialect.header().to_uppercase())),
        dialect().prop_map(|dialect| dialect.header().replace(',', ";")),
        prop::sample::select(vec![
            "0043;;;Contoso;B".to_string(),
            "Contoso\tBook 13\t0044".to_string(),
            "Please delete the lines from here on,,,,".to_string(),
            "Delivery of March".to_string(),
            "# a comment, with a comma".to_string(),
            "sep=;".to_string(),
            "Total: 25".to_string(),
            ",,,,,,".to_string(),
            "\0\0\0\0\0".to_string(),
            wide("Contoso,Book 13,0045"),
            format!("{names},{serial},,{hash}"),
            format!("{serial},,{hash}"),
            format!("{serial},,{}\n{},,", &hash[..400], &hash[400..]),
            format!("{serial},,{}\n{}", &hash[..400], &hash[400..]),
            "\"0043,,,Contoso,B\"".to_string(),
            "\"Contoso;Book 13;0046\"".to_string(),
            "\u{feff}Contoso,Book 13,0047".to_string(),
            "0048,3305612345678,,,".to_string(),
            "Latitude 5520,,,Dell Inc.,7XK2L9N".to_string(),
            ",7XK2L9N,,Dell Inc.,Latitude 5520".to_string(),
            "|---|---|".to_string(),
            "Kind regards, Max".to_string(),
            "\u{1a}".to_string(),
            "IMEI,356938035643809".to_string(),
            "<html>".to_string(),
        ]),
    ]
}

prop_compose! {
    pub(crate) fn list()(
        above in prop_oneof![
            50 => Just(None),
            10 => odd_line().prop_map(Some),
            1 => (23_usize..40).prop_map(|lines| Some(vec!["Dear colleague, read on."; lines].join("\n"))),
        ],
        header in prop_oneof![6 => header(), 1 => odd_line()],
        rows in prop::collection::vec(
            prop_oneof![
                5 => prop::collection::vec(value(), 1..7).prop_map(|row| row.join(",")),
                1 => odd_line(),
            ],
            0..8,
        ),
        end in prop::sample::select(vec!["\n", "\r\n", "\r"]),
        last in any::<bool>(),
        mark in prop::sample::select(vec!["", "\u{feff}"]),
    ) -> Vec<u8> {
        let above = above.map(|lines| lines.replace('\n', end));
        let lines: Vec<_> = above.into_iter().chain([header]).chain(rows).collect();
        let last = if last { end } else { "" };
        format!("{mark}{}{last}", lines.join(end)).into_bytes()
    }
}

/// How many of the first lines one finding says that they are skipped.
fn skipped_together(findings: &[Finding]) -> u64 {
    let Some(finding) = findings
        .iter()
        .find(|f| matches!(f.code, Code::TEXT_ABOVE_HEADER | Code::REPORT_LAYOUT))
    else {
        return 0;
    };
    if finding.cause.contains("Line 1 ") {
        return 1;
    }
    let (_, rest) = finding.cause.split_once("Lines 1 to ").unwrap_or_default();
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().unwrap_or(0)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn a_repaired_list_needs_no_certain_repair_and_stays_as_it_is(
        bytes in list(),
        channel in channel(),
        accepted in prop::collection::vec(prop::sample::select(about_values()), 0..20),
    ) {
        let accept = accepted.into_iter().collect();
        let tag = Some("Microsoft365Managed_Standard".into());
        let options = CheckOptions { channel, row_limit: None, accept, tag, ..CheckOptions::default() };
        let first = check(&bytes, &options);
        for finding in first.findings.iter().filter(|finding| finding.guess) {
            prop_assert!(finding.code.accepting().is_some(), "{finding:?}");
        }
        let repaired = repair(&first);
        if first.is_usable() {
            let second = check(&repaired.bytes, &options);
            let certain: Vec<_> = second.findings.iter().filter(|f| f.certain).collect();
            prop_assert!(certain.is_empty(), "{certain:?}");
            prop_assert_eq!(second.rows.len(), repaired.rows);
            let again = repair(&second);
            prop_assert_eq!(&again.bytes, &repaired.bytes);
            prop_assert!(again.changes.is_empty() && again.left_out.is_empty());
            let kept = first.rows.iter().filter(|row| {
                row.duplicate_of.is_none() && !repaired.left_out.contains(&row.number)
            });
            for (before, after) in kept.zip(&second.rows) {
                let keys = |row: &device_list::CheckedRow| row.identification.as_ref().map(Identification::keys);
                prop_assert_eq!(keys(before), keys(after));
            }
        } else {
            prop_assert!(repaired.bytes.is_empty());
        }
    }

    #[test]
    fn every_line_is_a_row_or_named(bytes in list(), channel in channel()) {
        let list = check(&bytes, &CheckOptions { channel, row_limit: None, ..CheckOptions::default() });
        let options = CheckOptions { channel, ..CheckOptions::default() };
        let summary = device_list::check_slice(&bytes, &options, &mut |_| {});
        if list.is_usable() {
            let headless = list.findings.iter().any(|f| {
                matches!(f.code, Code::HEADER_MISSING | Code::REPORT_LAYOUT)
            });
            let header = u64::from(!headless);
            prop_assert_eq!(summary.lines, header + summary.row_lines + summary.skipped, "{:?}", list.findings);
            let together = skipped_together(&list.findings);
            let named = list.findings.iter().filter(|f| f.row.is_none() && f.line > together + header);
            let lines: std::collections::HashSet<_> = named.map(|f| f.line).collect();
            prop_assert!(lines.len() as u64 + together >= summary.skipped, "{:?}", list.findings);
        } else {
            prop_assert_eq!(summary.lines, summary.skipped);
            prop_assert!(list.rows.is_empty() && list.findings.iter().any(|f| !f.certain));
        }
        for row in &list.rows {
            let spoilt = list.findings_of(row.number).any(|f| !f.certain && f.severity == device_list::Severity::Error);
            prop_assert!(row.identification.is_some() || spoilt);
        }
    }

    #[test]
    fn an_identified_row_has_the_keys_that_its_duplicates_share(bytes in list()) {
        let list = check(&bytes, &CheckOptions::default());
        for row in &list.rows {
            let Some(identification) = &row.identification else { continue };
            let keys = identification.keys();
            prop_assert!(!keys.is_empty());
            let earlier = list.rows.iter().take_while(|other| other.number < row.number);
            let shared = earlier
                .filter_map(|other| Some((other.number, other.identification.as_ref()?.keys())))
                .find(|(_, others)| others.iter().any(|key| keys.contains(key)));
            prop_assert_eq!(shared.is_some(), row.duplicate_of.is_some());
        }
    }

    #[test]
    fn any_bytes_are_checked_without_panic(
        bytes in prop::collection::vec(any::<u8>(), 0..300),
        header in header(),
        channel in channel(),
    ) {
        let options = CheckOptions { channel, row_limit: Some(2), ..CheckOptions::default() };
        let _ = repair(&check(&bytes, &options));
        let with_header = [header.as_bytes(), b"\n", &bytes].concat();
        let _ = repair(&check(&with_header, &options));
    }

    #[test]
    fn what_is_written_is_what_is_read(
        dialect in dialect(),
        kind in prop::sample::select(vec![SampleKind::Hash, SampleKind::Tuple, SampleKind::Pkid]),
        seed in any::<u64>(),
    ) {
        let devices = SampleDevices::new(seed).take(5);
        let rows: Vec<Cells> = devices.filter_map(|device| device.cells(dialect, kind)).collect();
        let mut bytes = Vec::new();
        write_list(&mut bytes, dialect, &rows).unwrap();
        let list = check(&bytes, &CheckOptions { channel: Channel::Enlist, ..CheckOptions::default() });
        prop_assert_eq!(&list.rows.iter().map(|row| row.cells.clone()).collect::<Vec<_>>(), &rows);
        let mut reader = csv::ReaderBuilder::new().quoting(false).from_reader(&bytes[..]);
        let oracle: Vec<Vec<String>> =
            reader.records().map(|r| r.unwrap().iter().map(Into::into).collect()).collect();
        let ours: Vec<Vec<String>> = list.rows.iter()
            .map(|row| dialect.columns().iter().map(|c| row.cells.get(*c).to_string()).collect())
            .collect();
        prop_assert_eq!(oracle, ours);
    }

    #[test]
    fn order_encoding_separators_quotes_and_line_ends_do_not_matter(
        order in Just(vec![0_usize, 1, 2, 3, 4]).prop_shuffle(),
        encoding in prop::sample::select(vec![Form::Ansi, Form::Utf8, Form::Utf8Mark, Form::Little, Form::LittleMark, Form::Big, Form::BigMark]),
        delimiter in prop::sample::select(vec![",", ";", "\t", "|"]),
        quoted in any::<bool>(),
        end in prop::sample::select(vec!["\n", "\r\n", "\r"]),
        last in any::<bool>(),
        seed in any::<u64>(),
    ) {
        let dialect = Dialect::PartnerCenter;
        let kinds = [SampleKind::Hash, SampleKind::Tuple, SampleKind::Pkid, SampleKind::Tuple];
        let mut rows: Vec<Cells> = SampleDevices::new(seed)
            .zip(kinds)
            .filter_map(|(device, kind)| device.cells(dialect, kind))
            .collect();
        rows[1].set(Column::Model, "Büro é 13");
        let quote = |value: &str| if quoted { format!("\"{value}\"") } else { value.to_owned() };
        let line = |values: Vec<&str>| {
            let values: Vec<_> = order.iter().map(|at| quote(values[*at])).collect();
            values.join(delimiter)
        };
        let mut lines = vec![line(dialect.header().split(',').collect())];
        lines.extend(rows.iter().map(|row| line(dialect.columns().iter().map(|c| row.get(*c)).collect())));
        let text = lines.join(end) + if last { end } else { "" };
        let list = check(&encoding.encode(&text), &CheckOptions::default());
        let read: Vec<_> = list.rows.iter().map(|row| row.cells.clone()).collect();
        prop_assert_eq!(read, rows, "{:?}", list.findings);
        prop_assert!(list.rows.iter().all(|row| row.identification.is_some()));
        let wrong: Vec<_> = list.findings.iter().filter(|finding| !finding.certain).collect();
        prop_assert!(wrong.is_empty(), "{wrong:?}");
    }
}

/// How a text is encoded.
#[derive(Debug, Clone, Copy)]
enum Form {
    Ansi,
    Utf8,
    Utf8Mark,
    Little,
    LittleMark,
    Big,
    BigMark,
}

impl Form {
    fn encode(self, text: &str) -> Vec<u8> {
        let marked = format!("\u{feff}{text}");
        match self {
            // Every letter of these tests is the same in Latin-1.
            Self::Ansi => text.chars().map(|c| c as u8).collect(),
            Self::Utf8 => text.into(),
            Self::Utf8Mark => marked.into(),
            Self::Little => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            Self::LittleMark => marked.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            Self::Big => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
            Self::BigMark => marked.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        }
    }
}
