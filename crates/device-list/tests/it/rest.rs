//! What a repair leaves, and that it stays so: the second file read back, the list checked again.

use device_list::{
    CheckOptions, Code, Dialect, Event, MendTarget, SampleDevice, check, check_stream,
};

use crate::mends::{Outcome, mend};

fn plainly(list: impl AsRef<[u8]>) -> Outcome {
    mend(list, &CheckOptions::default(), MendTarget::default())
}

#[test]
fn a_row_that_is_left_out_does_not_bring_the_next_one_into_doubt() {
    let device = |number| SampleDevice::new(3, number);
    let row = |serial: &str, number| {
        let device = device(number);
        let (maker, model, hash) = (&device.manufacturer, &device.model, device.hash_text());
        format!("{maker},{model},{serial},{hash}")
    };
    let slipped = device(1).serial;
    let list = format!(
        "{}\n{}\nContoso,,0042,\n{}\n",
        Dialect::ManagedDesktopSelf.header(),
        row("X1", 1),
        row(slipped.as_str(), 2),
    );
    let outcome = plainly(list);
    assert_eq!((outcome.mended.rows, outcome.left.len()), (2, 1));
    let read = check(&outcome.list, &CheckOptions::default());
    assert!(crate::codes(&read).contains(&Code::ROWS_SHIFTED));
    let again = plainly(&outcome.list);
    assert!(again.left.is_empty() && again.list == outcome.list);
}

/// Header, a row to keep, and lines that are given; the cells of what is read again from the rest.
fn tuples(lines: &str) -> String {
    format!("Manufacturer,Model,Serial Number\nContoso,B,1\n{lines}\n")
}

fn own(line: &str) -> &str {
    let at = line.find("[no row]").unwrap_or(line.len());
    &line[at..]
}

#[test]
fn a_line_too_long_to_be_read_is_left_with_its_beginning() {
    let endless = format!("Contoso,\"B\",2,é{}", "x".repeat(3_000_000));
    let outcome = plainly(tuples(&format!("{endless}\nContoso,,3")));
    assert_eq!((outcome.mended.rows, outcome.mended.left_out), (1, 1));
    assert_eq!((outcome.mended.unread, outcome.mended.unmended), (1, 1));
    let rest = String::from_utf8_lossy(&outcome.rest).into_owned();
    let lines: Vec<_> = rest.lines().collect();
    assert_eq!(lines.len(), 3, "{rest}");
    assert!(
        lines[1].starts_with("EN0301,") && lines[1].contains("it is not read."),
        "{}",
        lines[1]
    );
    let beginning = own(lines[1]);
    assert!(
        beginning.starts_with("[no row] Contoso,\"\"B\"\",2,") && beginning.ends_with("xx\""),
        "{beginning}"
    );
    assert!(beginning.chars().count() < 1100);
    // Read again it is a row no more than before, and a row stands beside it as it was.
    let read = check(&outcome.rest, &CheckOptions::default());
    assert_eq!(
        crate::places(&read),
        [(Code::LINE_TOO_LONG, 2, 0), (Code::NO_COMBINATION, 3, 0)],
        "{:?}",
        read.findings
    );
    let again = plainly(&outcome.rest);
    assert_eq!((again.mended.unread, again.mended.rows), (1, 0));
    let rest_of_rest = String::from_utf8_lossy(&again.rest).into_owned();
    assert_eq!(rest_of_rest.lines().nth(1).map(own), Some(beginning));
    // Until somebody puts the device in its place.
    let mended = rest.replace(&format!("\"{beginning}"), "Contoso,B,2");
    let read = check(mended.as_bytes(), &CheckOptions::default());
    assert_eq!(crate::codes(&read), [Code::NO_COMBINATION]);
    assert_eq!(read.rows.len(), 2);
}

#[test]
fn the_beginning_of_a_line_is_the_same_however_the_list_is_read() {
    let endless = format!("=\u{1}\"{}", "\"é,".repeat(100_000));
    let list = tuples(&endless);
    let whole = plainly(&list);
    for threads in [1, 2] {
        let options = CheckOptions {
            threads,
            ..CheckOptions::default()
        };
        assert!(mend(&list, &options, MendTarget::default()).rest == whole.rest);
    }
    let utf16: Vec<u8> = std::iter::once(0xfeff)
        .chain(list.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    assert!(plainly(utf16).rest == whole.rest);
    let read = check(&whole.rest, &CheckOptions::default());
    assert!(read.rows.is_empty(), "{:?}", read.rows);
    assert!(crate::codes(&read).contains(&Code::LINE_TOO_LONG));
}

#[test]
fn a_value_that_says_that_it_is_no_row_is_a_value() {
    let outcome = plainly(tuples("[no row] Contoso,,3"));
    let read = check(&outcome.rest, &CheckOptions::default());
    assert_eq!(crate::codes(&read), [Code::NO_COMBINATION]);
    assert_eq!(
        read.rows[0].value(device_list::Column::Manufacturer),
        "[no row] Contoso"
    );
    let again = plainly(&outcome.rest).rest;
    assert!(again.ends_with(b",'[no row] Contoso,,3\r\n"));
}

#[test]
fn a_row_that_would_be_too_long_with_its_advice_is_left_with_its_beginning() {
    let row = format!("Contoso,,{}", "x".repeat(65_500));
    let outcome = plainly(tuples(&row));
    assert_eq!(outcome.left.len(), 1);
    assert!(outcome.rest.len() < 3000);
    let read = check(&outcome.rest, &CheckOptions::default());
    assert!(read.rows.is_empty());
    assert_eq!(crate::codes(&read), [Code::NO_ROWS, Code::LINE_TOO_LONG]);
}

#[test]
fn a_formula_behind_closed_quotes_is_one_in_the_rest_too() {
    let list = tuples("\"\"=\"\"");
    let outcome = plainly(&list);
    let read = check(&outcome.rest, &CheckOptions::default());
    let sent = check(list.as_bytes(), &CheckOptions::default());
    assert!(crate::codes(&sent).contains(&Code::FORMULA_TEXT));
    let codes = |list| {
        crate::codes(list)
            .into_iter()
            .filter(|code| *code != Code::QUOTES)
    };
    assert!(codes(&read).eq(codes(&sent)), "{:?}", read.findings);
}

#[test]
fn places_behind_an_endless_line_are_those_of_the_file() {
    let list = tuples(&format!(
        "{}\nContoso,,3\n{}\n Contoso,B,4",
        "x".repeat(500_000),
        "é".repeat(200_000)
    ));
    let utf16: Vec<u8> = std::iter::once(0xfeff)
        .chain(list.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    let place = list.find(" Contoso,B,4").unwrap() as u64;
    let in_utf16 = 2 + 2 * list[..place as usize].encode_utf16().count() as u64;
    for (bytes, place) in [(list.as_bytes(), place), (&utf16, in_utf16)] {
        for threads in [1, 2] {
            let options = CheckOptions {
                threads,
                ..CheckOptions::default()
            };
            let (mut places, mut lengths) = (Vec::new(), Vec::new());
            check_stream(bytes, &options, &mut |event| match event {
                Event::Row(row) => places.push(row.byte()),
                Event::Finding(finding) if finding.code == Code::LINE_TOO_LONG => {
                    lengths.push(finding.length);
                }
                _ => {}
            })
            .unwrap();
            assert_eq!(places.last(), Some(&place), "{threads}");
            let letters = if bytes.len() == list.len() { 1 } else { 2 };
            assert_eq!(lengths, [Some(letters * 500_000), Some(400_000)]);
        }
    }
}
