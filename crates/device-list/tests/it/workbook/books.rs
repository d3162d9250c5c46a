//! Workbooks made by hand.

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// Packs parts; later ones replace earlier ones of the same name.
pub(crate) fn pack(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (at, (name, text)) in parts.iter().enumerate() {
        if parts[at + 1..].iter().any(|(later, _)| later == name) {
            continue;
        }
        let method = if *name == "mimetype" {
            CompressionMethod::Stored
        } else {
            CompressionMethod::Deflated
        };
        let options = SimpleFileOptions::default().compression_method(method);
        writer.start_file(*name, options).unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

pub(crate) const PACKAGE_RELS: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;

/// An XLSX workbook: sheets as (name, state, content of `sheetData`), shared texts as the content
/// of `sst`, and the number formats of styles 1, 2 …
#[derive(Default, Clone)]
pub(crate) struct XlsxBook<'a> {
    pub(crate) sheets: Vec<(&'a str, &'a str, &'a str)>,
    pub(crate) strings: &'a str,
    pub(crate) formats: Vec<&'a str>,
    pub(crate) from_1904: bool,
}

impl XlsxBook<'_> {
    pub(crate) fn one(rows: &str) -> XlsxBook<'_> {
        XlsxBook {
            sheets: vec![("Devices", "visible", rows)],
            ..XlsxBook::default()
        }
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        self.bytes_with(&[])
    }

    /// With parts added or replaced.
    pub(crate) fn bytes_with(&self, more: &[(&str, &str)]) -> Vec<u8> {
        const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
        let (mut list, mut rels) = (String::new(), String::new());
        let mut parts = vec![
            ("[Content_Types].xml".to_string(), "<Types/>".to_string()),
            ("_rels/.rels".to_string(), PACKAGE_RELS.to_string()),
        ];
        for (at, (name, state, rows)) in self.sheets.iter().enumerate() {
            let number = at + 1;
            let _ = write!(
                list,
                r#"<sheet name="{name}" sheetId="{number}" state="{state}" r:id="rId{number}"/>"#
            );
            let _ = write!(
                rels,
                r#"<Relationship Id="rId{number}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{number}.xml"/>"#
            );
            parts.push((
                format!("xl/worksheets/sheet{number}.xml"),
                format!(r#"<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>"#),
            ));
        }
        for kind in ["styles", "sharedStrings"] {
            let _ = write!(
                rels,
                r#"<Relationship Id="{kind}" Type="{OFFICE}/{kind}" Target="{kind}.xml"/>"#
            );
        }
        let date1904 = u8::from(self.from_1904);
        parts.push(("xl/workbook.xml".to_string(), format!(
            r#"<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><workbookPr date1904="{date1904}"/><sheets>{list}</sheets></workbook>"#
        )));
        parts.push((
            "xl/_rels/workbook.xml.rels".to_string(),
            format!("<Relationships>{rels}</Relationships>"),
        ));
        parts.push((
            "xl/sharedStrings.xml".to_string(),
            format!(r#"<sst xmlns="{MAIN}">{}</sst>"#, self.strings),
        ));
        parts.push(("xl/styles.xml".to_string(), self.styles()));
        let mut parts: Vec<(&str, &str)> = parts
            .iter()
            .map(|(name, text)| (name.as_str(), text.as_str()))
            .collect();
        parts.extend(more);
        pack(&parts)
    }

    fn styles(&self) -> String {
        let (mut formats, mut cells) = (String::new(), r#"<xf numFmtId="0"/>"#.to_string());
        for (at, code) in self.formats.iter().enumerate() {
            let id = 164 + at;
            let code = code.replace('"', "&quot;");
            let _ = write!(formats, r#"<numFmt numFmtId="{id}" formatCode="{code}"/>"#);
            let _ = write!(cells, r#"<xf numFmtId="{id}"><alignment/></xf>"#);
        }
        format!(
            r#"<styleSheet><numFmts>{formats}</numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs>{cells}</cellXfs></styleSheet>"#
        )
    }
}

pub(crate) const ODS_MIME: &str = "application/vnd.oasis.opendocument.spreadsheet";

/// An ODS workbook with this content of `office:spreadsheet`.
pub(crate) fn ods(tables: &str) -> Vec<u8> {
    ods_content(&format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="urn:o" xmlns:table="urn:t" xmlns:text="urn:x" xmlns:style="urn:s" xmlns:calcext="urn:c"><office:automatic-styles><style:style style:name="ta1" style:family="table"><style:table-properties table:display="true"/></style:style><style:style style:name="ta2" style:family="table"><style:table-properties table:display="false"/></style:style></office:automatic-styles><office:body><office:spreadsheet><table:tracked-changes><table:table-cell><text:p>old</text:p></table:table-cell></table:tracked-changes>{tables}</office:spreadsheet></office:body></office:document-content>"#
    ))
}

/// An ODS workbook with this `content.xml`.
pub(crate) fn ods_content(content: &str) -> Vec<u8> {
    pack(&[
        ("mimetype", ODS_MIME),
        ("META-INF/manifest.xml", "<manifest:manifest/>"),
        ("content.xml", content),
    ])
}

/// An ODS table with these rows.
pub(crate) fn table(name: &str, rows: &str) -> String {
    format!(r#"<table:table table:name="{name}" table:style-name="ta1">{rows}</table:table>"#)
}
