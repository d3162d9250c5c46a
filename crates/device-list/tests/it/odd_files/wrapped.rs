//! Rows that something stands around or that go on in the next line.

use super::*;

#[test]
fn a_hash_that_a_mail_wrapped_is_put_together() {
    let (one, other) = (device(1), device(2));
    let wrap = |text: &str| {
        let lines = text.as_bytes().chunks(76).map(String::from_utf8_lossy);
        lines.collect::<Vec<_>>().join("\n")
    };
    for (header, tail) in [
        (PARTNER, ",,"),
        (INTUNE, ""),
        (Dialect::Intune3.header(), ""),
    ] {
        for padded in [true, false] {
            let mut text = format!("{header}\n");
            let mut strict = String::new();
            for device in [&one, &other] {
                let hash = if padded {
                    device.hash().to_padded_text()
                } else {
                    device.hash_text()
                };
                let more = ",".repeat(header.split(',').count() - 3);
                assert!(tail.is_empty() || tail == more);
                text.push_str(&wrap(&format!("{},,{hash}", device.serial)));
                text.push_str(&more);
                text.push('\n');
                strict.extend([device.serial.as_str(), ",,", &hash, &more, "\n"]);
            }
            let list = checked_for(Channel::Enlist, &text);
            assert!(
                list.findings.iter().all(|f| f.certain),
                "{:?}",
                list.findings
            );
            let joined = list
                .findings
                .iter()
                .filter(|f| f.code == Code::VALUE_ON_TWO_LINES);
            assert_eq!((joined.count(), list.rows.len()), (2, 2), "{header}");
            assert_eq!(repaired(&list).split_once('\n').unwrap().1, strict);
            let summary = check_slice(text.as_bytes(), &CheckOptions::default(), &mut |_| {});
            assert_eq!(summary.lines, summary.row_lines + summary.skipped + 1);
        }
    }
    // What is no hash does not swallow the lines below.
    let text = format!("{PARTNER}\n0042,,T0FzAQ\n0043,,,Contoso,Book 13\n");
    assert_eq!(checked(&text).rows.len(), 2);
}

#[test]
fn rows_and_headers_in_quotes_as_a_whole_are_taken_out_of_them() {
    let row = "0042,,,Contoso,Book 13";
    for by in [",", ";"] {
        let quoted = format!("\"{row}\"").replace(',', by);
        let text = format!("{PARTNER}\r\n{row}\r\n{quoted}\r\n").replace("\"0042", "\"0043");
        let list = checked(&text);
        let expected = match by {
            "," => vec![(Code::QUOTES, 3, 0)],
            _ => vec![(Code::QUOTES, 3, 0), (Code::OTHER_SEPARATOR, 3, 0)],
        };
        assert_eq!(places(&list), expected);
        assert_eq!(
            repaired(&list),
            format!("{PARTNER}\n{row}\n0043,,,Contoso,Book 13\n")
        );
    }
    let list = checked(format!(
        "\"{PARTNER}\"\n\"{row}\"\n\"{PARTNER}\"\n\" 0043,,,Contoso,Book 13\"\n"
    ));
    let expected = [
        (Code::HEADER_QUOTES, 1, 0),
        (Code::QUOTES, 2, 0),
        (Code::HEADER_REPEATED, 3, 0),
        (Code::QUOTES, 4, 0),
        (Code::BLANKS, 4, 1),
    ];
    assert_eq!(places(&list), expected);
    assert_eq!(
        repaired(&list),
        format!("{PARTNER}\n{row}\n0043,,,Contoso,Book 13\n")
    );
    // The place is that of the value inside the quotes.
    let start = 2 * (PARTNER.len() + 3) + row.len() + 3 + 1;
    assert_eq!(list.findings[4].byte, Some(start as u64));
    assert_eq!(list.findings[3].byte, Some(start as u64 - 1));
}

#[test]
fn a_mark_in_front_of_a_row_is_named_and_left_out() {
    let list = checked(format!(
        "{TUPLES}\nContoso,Book 13,0042\n\u{feff}Contoso,Book 13,0043\n\u{feff}{TUPLES}\nContoso,Book 13,0044\n"
    ));
    assert_eq!(
        places(&list),
        [(Code::BLANKS, 3, 1), (Code::HEADER_REPEATED, 4, 0)]
    );
    assert!(list.findings.iter().all(|finding| finding.certain));
    assert_eq!(
        repaired(&list),
        format!("{TUPLES}\nContoso,Book 13,0042\nContoso,Book 13,0043\nContoso,Book 13,0044\n")
    );
}

#[test]
fn a_line_end_of_another_kind_inside_a_hash_is_a_break_in_it() {
    let hash = device(1).hash_text();
    for channel in [Channel::PartnerCenter, Channel::Oem] {
        let text = format!("{PARTNER}\r0042,,{}\n{},,\r", &hash[..400], &hash[400..]);
        let list = checked_for(channel, &text);
        assert_eq!(list.rows.len(), 1);
        assert!(
            codes(&list).contains(&Code::VALUE_ON_TWO_LINES),
            "{channel:?}"
        );
    }
    // Elsewhere it ends a line.
    let text = format!("{PARTNER}\r0042,,{hash},,\n0043,,,Contoso,Book 13\r");
    assert_eq!(checked(&text).rows.len(), 2);
}
