//! Any bytes as a workbook, and any text as one of its parts: no panic, nothing beyond the limits,
//! and the same rows each time.
#![no_main]

use std::io::{Cursor, Write};

use device_list::workbook::{SheetRow, Workbook, WorkbookError, WorkbookLimits};
use libfuzzer_sys::fuzz_target;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

const LIMITS: WorkbookLimits = WorkbookLimits {
    entries: 50,
    unpacked: 1 << 20,
    ratio: 250,
    rows: 2000,
    columns: 200,
    cells: 5000,
    cell_text: 2000,
    text: 50_000,
};

fuzz_target!(|bytes: &[u8]| {
    let Some((mode, text)) = bytes.split_first() else {
        return;
    };
    let around = |before: &str, after: &str| [before.as_bytes(), text, after.as_bytes()].concat();
    let sheet = || around("<worksheet><sheetData>", "</sheetData></worksheet>");
    let table = || {
        around(
            "<o:document-content><o:body><o:spreadsheet><t:table t:name='A'>",
            "</t:table></o:spreadsheet></o:body></o:document-content>",
        )
    };
    match mode {
        b's' => exhaust(&xlsx(&[("xl/worksheets/sheet1.xml", &sheet())])),
        b'S' => exhaust(&xlsx(&[("xl/worksheets/sheet1.xml", text)])),
        b't' => exhaust(&xlsx(&[("xl/sharedStrings.xml", &around("<sst>", "</sst>"))])),
        b'f' => exhaust(&xlsx(&[("xl/styles.xml", text)])),
        b'w' => exhaust(&xlsx(&[("xl/workbook.xml", text)])),
        b'r' => exhaust(&xlsx(&[("xl/_rels/workbook.xml.rels", text)])),
        b'p' => exhaust(&xlsx(&[("_rels/.rels", text)])),
        b'o' => exhaust(&ods(&table())),
        b'O' => exhaust(&ods(text)),
        _ => exhaust(bytes),
    }
});

type Read = Result<Vec<SheetRow>, WorkbookError>;

fn exhaust(bytes: &[u8]) {
    let Ok(mut workbook) = Workbook::open(Cursor::new(bytes), &LIMITS) else {
        return;
    };
    let sheets = workbook.sheets().len();
    let _ = workbook.sheet(Some("no such sheet")).map(drop).map_err(|error| error.to_string());
    for number in 0..=sheets.min(5) {
        let number = (number > 0).then(|| number.to_string());
        let read = read(&mut workbook, number.as_deref());
        let again = self::read(&mut workbook, number.as_deref());
        if let (Ok(rows), Ok(again)) = (&read, &again) {
            assert_eq!(rows, again);
        }
    }
}

fn read(workbook: &mut Workbook<'_>, sheet: Option<&str>) -> Read {
    let mut rows = Vec::new();
    let (mut cells, mut text) = (0, 0);
    for row in workbook.sheet(sheet)? {
        let row = row.inspect_err(|error| drop(error.to_string()))?;
        assert!((1..=2000).contains(&row.number) && row.cells.len() <= 200);
        assert!(row.cells.last().is_some_and(|cell| !cell.is_empty()));
        cells += row.cells.len();
        text += row.cells.iter().map(|cell| cell.text.len()).sum::<usize>();
        rows.push(row);
    }
    assert!(cells <= 5000 && text <= 50_000);
    Ok(rows)
}

fn xlsx(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let whole: [(&str, &[u8]); 6] = [
        (
            "_rels/.rels",
            b"<Relationships><Relationship Id='a' Type='x/officeDocument' Target='xl/workbook.xml'/></Relationships>",
        ),
        (
            "xl/workbook.xml",
            b"<workbook><sheets><sheet name='A' r:id='a'/></sheets></workbook>",
        ),
        (
            "xl/_rels/workbook.xml.rels",
            b"<Relationships><Relationship Id='a' Type='x/worksheet' Target='worksheets/sheet1.xml'/><Relationship Id='b' Type='x/sharedStrings' Target='sharedStrings.xml'/><Relationship Id='c' Type='x/styles' Target='styles.xml'/></Relationships>",
        ),
        (
            "xl/worksheets/sheet1.xml",
            b"<worksheet><sheetData><row><c t='s'><v>0</v></c><c t='s'><v>1</v></c><c s='1'><v>42</v></c><c s='2'><v>45413.5</v></c></row></sheetData></worksheet>",
        ),
        ("xl/sharedStrings.xml", b"<sst><si><t>A</t></si><si><t>B</t></si></sst>"),
        (
            "xl/styles.xml",
            b"<styleSheet><numFmts><numFmt numFmtId='164' formatCode='0000'/></numFmts><cellXfs><xf numFmtId='0'/><xf numFmtId='164'/><xf numFmtId='14'/></cellXfs></styleSheet>",
        ),
    ];
    pack(whole.iter().map(|(name, bytes)| {
        let other = parts.iter().find(|(other, _)| other == name);
        (*name, other.map_or(*bytes, |(_, bytes)| bytes))
    }))
}

fn ods(content: &[u8]) -> Vec<u8> {
    let mime: &[u8] = b"application/vnd.oasis.opendocument.spreadsheet";
    pack([("mimetype", mime), ("content.xml", content)].into_iter())
}

fn pack<'a>(parts: impl Iterator<Item = (&'a str, &'a [u8])>) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for (name, bytes) in parts {
        writer.start_file(name, options).expect("a name");
        writer.write_all(bytes).expect("memory");
    }
    writer.finish().expect("memory").into_inner()
}
