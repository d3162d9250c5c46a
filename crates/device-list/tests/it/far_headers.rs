//! Headers far below the top of a file.

use device_list::{CheckOptions, Code, SampleDevice, check, check_stream};

use crate::{checked, codes};

const HEADER: &str = "Manufacturer,Model,Serial Number";

/// Lines of a letter, with a comma in some.
fn letter(lines: usize) -> String {
    let lines =
        (0..lines).map(|line| format!("Dear colleague, this is line {line} of a letter.\n"));
    lines.collect::<Vec<_>>().concat()
}

#[test]
fn a_header_below_a_letter_is_found() {
    for lines in [24, 25, 40, 500, 999] {
        let text = format!("{}{HEADER}\nContoso,Book 13,0042\n", letter(lines));
        let list = checked(&text);
        assert_eq!(codes(&list), [Code::TEXT_ABOVE_HEADER], "{lines}");
        let cause = &list.findings[0].cause;
        assert!(cause.contains(&format!("Lines 1 to {lines} ")), "{cause}");
        assert_eq!((list.rows.len(), list.rows[0].line), (1, lines as u64 + 2));
        let mut streamed = Vec::new();
        let options = CheckOptions {
            threads: 2,
            ..CheckOptions::default()
        };
        let summary = check_stream(text.as_bytes(), &options, &mut |event| {
            if let device_list::Event::Finding(finding) = event {
                streamed.push(finding);
            }
        });
        let summary = summary.unwrap();
        assert_eq!(streamed, list.findings);
        assert_eq!(
            (summary.lines, summary.skipped),
            (lines as u64 + 2, lines as u64)
        );
    }
}

#[test]
fn blank_lines_on_top_dont_count() {
    let text = format!(
        "{}{}{HEADER}\nContoso,Book 13,0042\n",
        "\n".repeat(100),
        letter(20)
    );
    assert_eq!(codes(&checked(&text)), [Code::TEXT_ABOVE_HEADER]);
    // Nor do they where no header tells the columns.
    let hash = SampleDevice::new(1, 7).hash_text();
    let text = format!("{}{hash}\n", " \n".repeat(100));
    let list = checked(&text);
    assert!(codes(&list).contains(&Code::HEADER_MISSING));
    assert_eq!((list.rows.len(), list.rows[0].line), (1, 101));
}

#[test]
fn rows_above_a_header_far_below_are_rows() {
    let rows = (0..40).map(|row| format!("Contoso,Book 13,00{row}\n"));
    let rows = rows.collect::<Vec<_>>().concat();
    let list = checked(format!("{rows}{HEADER}\nContoso,Book 13,0100\n"));
    assert_eq!(list.rows.len(), 41);
    assert_eq!(list.findings[0].code, Code::HEADER_MISSING);
    assert!(list.findings[0].cause.contains("line 41"));
}

#[test]
fn what_has_no_header_within_bounds_is_no_list() {
    let far = format!("{}{HEADER}\nContoso,Book 13,0042\n", letter(1000));
    assert_eq!(codes(&checked(&far)), [Code::HEADER_UNKNOWN]);
    let wide = format!("{}\n", "long words ".repeat(1000)).repeat(30);
    let far = format!("{wide}{HEADER}\nContoso,Book 13,0042\n");
    assert_eq!(codes(&checked(&far)), [Code::HEADER_UNKNOWN]);
    let blank = format!("{}{HEADER}\n", "\n".repeat(2000));
    assert!(
        checked(&blank).findings[0]
            .cause
            .contains("1024 lines are blank")
    );
    // A row whose values look like names is none.
    let list = check(
        format!("{}Hash,9,Model\n", letter(30)).as_bytes(),
        &CheckOptions::default(),
    );
    assert_eq!(codes(&list), [Code::HEADER_UNKNOWN]);
}

#[test]
fn a_list_of_another_programme_is_told_far_below_too() {
    let list = checked(format!("{}IMEI,Order\n356938035643809,1\n", letter(30)));
    assert_eq!(crate::places(&list), [(Code::OTHER_PROGRAMME, 31, 0)]);
}
