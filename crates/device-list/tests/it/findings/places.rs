//! Where in the file a finding is.

use super::*;

#[test]
fn the_bytes_at_a_place_are_the_field_in_every_encoding() {
    let text = "Manufacturer,Model,Serial number\r\n Contoso,\"Müller 13\",S1\r\n";
    let wide = |of: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(of).collect::<Vec<u8>>();
    let mark = |mark: &[u8], bytes: Vec<u8>| [mark, &bytes].concat();
    for bytes in [
        text.as_bytes().to_vec(),
        mark(b"\xef\xbb\xbf", text.into()),
        text.chars().map(|c| c as u8).collect(),
        mark(b"\xff\xfe", wide(u16::to_le_bytes)),
        mark(b"\xfe\xff", wide(u16::to_be_bytes)),
    ] {
        let list = check(&bytes, &CheckOptions::default());
        let mut seen = Vec::new();
        for finding in list.findings.iter().filter(|finding| finding.column > 0) {
            let from = usize::try_from(finding.byte.unwrap()).unwrap();
            let length = usize::try_from(finding.length.unwrap()).unwrap();
            let field = &bytes[from..][..length];
            let letters = field.iter().filter(|byte| byte.is_ascii() && **byte != 0);
            let letters: String = letters.map(|byte| char::from(*byte)).collect();
            seen.push((finding.code, letters));
        }
        for (code, letters) in [
            (Code::HEADER_CASE, "Serial number"),
            (Code::BLANKS, " Contoso"),
            (Code::QUOTES, "\"Mller 13\""),
        ] {
            assert!(seen.contains(&(code, letters.into())), "{seen:?}");
        }
        // What is about a line has the line's place, what is about the file has none.
        let whole = list.findings.iter().filter(|finding| finding.column == 0);
        assert!(whole.into_iter().all(|finding| {
            let has_place = finding.byte.is_some() && finding.length.is_some();
            has_place == (finding.line > 0)
        }));
    }
}
