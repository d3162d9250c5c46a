//! Files that are no workbook, and workbooks that are cut or spoilt.

use device_list::workbook::{Foreign, WorkbookError, is_workbook};

use super::books::{PACKAGE_RELS, XlsxBook, ods, pack, table};
use super::{open, read};

fn foreign(bytes: &[u8]) -> Foreign {
    match open(bytes).err() {
        Some(WorkbookError::NotRead(foreign)) => foreign,
        other => panic!("{other:?}"),
    }
}

/// A compound file of 512-byte sectors whose directory stands in the sector with this number.
fn compound(sector: u32, names: &[&str]) -> Vec<u8> {
    let mut bytes = vec![0; 512 * (sector as usize + 1)];
    bytes[..8].copy_from_slice(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1");
    bytes[30] = 9;
    bytes[48..52].copy_from_slice(&sector.to_le_bytes());
    for name in names {
        let mut entry: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        entry.resize(128, 0);
        bytes.extend(entry);
    }
    bytes
}

#[test]
fn old_and_locked_ones() {
    assert_eq!(
        foreign(&compound(3, &["Root Entry", "Workbook"])),
        Foreign::OldExcel
    );
    assert_eq!(
        foreign(&compound(0, &["Root Entry", "Book"])),
        Foreign::OldExcel
    );
    assert_eq!(
        foreign(&compound(1, &["Root Entry", "WordDocument"])),
        Foreign::Compound
    );
    let locked = compound(2, &["Root Entry", "EncryptionInfo", "EncryptedPackage"]);
    assert!(matches!(open(&locked), Err(WorkbookError::Locked)));
    let mut far = compound(0, &[]);
    far[48..52].copy_from_slice(&[0xff; 4]);
    far[30] = 0xff;
    for length in [8, 20, 49, 512] {
        assert_eq!(foreign(&far[..length]), Foreign::Compound);
    }
}

#[test]
fn other_documents_by_their_names() {
    for (parts, name) in [
        (
            &["[Content_Types].xml", "xl/workbook.bin"][..],
            "a binary workbook (.xlsb)",
        ),
        (
            &["[Content_Types].xml", "word/document.xml"],
            "an office document that is not a workbook",
        ),
        (
            &["Index/Document.iwa"],
            "a document of Apple's Numbers, Pages or Keynote",
        ),
        (
            &["Index.zip"],
            "a document of Apple's Numbers, Pages or Keynote",
        ),
        (&["devices.csv"], "a zip archive with no workbook in it"),
        (&[], "a zip archive with no workbook in it"),
    ] {
        let parts: Vec<(&str, &str)> = parts.iter().map(|part| (*part, "")).collect();
        let bytes = pack(&parts);
        assert!(is_workbook(&bytes[..4]));
        assert_eq!(
            open(&bytes).err().unwrap().to_string(),
            format!("it is {name}")
        );
    }
    let text = pack(&[
        ("mimetype", "application/vnd.oasis.opendocument.text"),
        ("content.xml", ""),
    ]);
    assert_eq!(foreign(&text), Foreign::OtherDocument);
    let word = pack(&[
        ("[Content_Types].xml", ""),
        (
            "_rels/.rels",
            &PACKAGE_RELS.replace("xl/workbook.xml", "word/document.xml"),
        ),
        ("word/document.xml", ""),
    ]);
    assert_eq!(foreign(&word), Foreign::OtherDocument);
    let binary = pack(&[
        (
            "_rels/.rels",
            &PACKAGE_RELS.replace("workbook.xml", "workbook.bin"),
        ),
        ("xl/workbook.bin", ""),
    ]);
    assert_eq!(foreign(&binary), Foreign::BinaryExcel);
    let long = "\u{1}".repeat(2_000_000);
    let binary = pack(&[
        (
            "_rels/.rels",
            &PACKAGE_RELS.replace("workbook.xml", "workbook.bin"),
        ),
        ("xl/workbook.bin", &long),
    ]);
    assert_eq!(foreign(&binary), Foreign::BinaryExcel);
}

#[test]
fn texts_are_no_workbooks() {
    for text in [
        "",
        "P",
        "PK",
        "PKID,Serial\n1,2",
        "%PDF-1.7",
        "\u{feff}Serial",
    ] {
        assert!(!is_workbook(text.as_bytes()));
        assert_eq!(foreign(text.as_bytes()), Foreign::Unknown);
    }
}

#[test]
fn cut_anywhere_it_is_damaged() {
    let row = r#"<row><c t="inlineStr"><is><t>text</t></is></c></row>"#;
    for bytes in [
        XlsxBook::one(row).bytes(),
        ods(&table("T", "<table:table-row/>")),
    ] {
        for length in 4..bytes.len() {
            match read(&bytes[..length], None) {
                Err(WorkbookError::Damaged { .. }) => {}
                other => panic!("{length}: {:?}", other.map(|rows| rows.len())),
            }
        }
    }
}

#[test]
fn a_changed_byte_in_a_sheet_is_found() {
    let row = r#"<row><c t="inlineStr"><is><t>SERIAL42</t></is></c></row>"#;
    let mut bytes = XlsxBook::one(row).bytes();
    let whole = bytes.clone();
    // The checksum in the directory, 16 bytes behind the beginning of the sheet's entry.
    let name = memchr::memmem::rfind(&bytes, b"xl/worksheets/sheet1.xml").unwrap();
    bytes[name - 46 + 16] ^= 1;
    assert_eq!(read(&whole, None).unwrap().len(), 1);
    assert_eq!(
        read(&bytes, None).unwrap_err().to_string(),
        "it is damaged: what is packed can't be unpacked (in xl/worksheets/sheet1.xml)"
    );
}

#[test]
fn a_broken_list_of_sheets_is_damage() {
    for broken in ["<workbook", "<workbook><sheets>", "\u{1}<"] {
        let bytes = XlsxBook::one("").bytes_with(&[("xl/workbook.xml", broken)]);
        match open(&bytes).err() {
            Some(WorkbookError::Damaged { part, .. }) => assert_eq!(part, "xl/workbook.xml"),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn parts_that_are_missing_are_named() {
    let bytes = XlsxBook::one("").bytes_with(&[(
        "xl/_rels/workbook.xml.rels",
        r#"<Relationships><Relationship Id="rId1" Type="x/worksheet" Target="gone.xml"/></Relationships>"#,
    )]);
    assert_eq!(
        read(&bytes, None).unwrap_err().to_string(),
        "it is damaged: it is missing (in xl/gone.xml)"
    );
}

#[test]
fn names_from_the_file_are_shown_escaped() {
    let book = XlsxBook {
        sheets: vec![("A&#9;\u{202e}B", "visible", "")],
        ..XlsxBook::default()
    };
    let error = read(&book.bytes(), Some("\u{1b}[2J"))
        .unwrap_err()
        .to_string();
    assert_eq!(
        error,
        "it has no sheet '\\u{1b}[2J'; it has 'A\\u{9}\\u{202e}B'"
    );
}
