//! Hashes in the shape of the report that Microsoft's `oa3tool /DecodeHwHash` prints (api.md 8.3).
//!
//! One hash is a document `<HardwareReport><HardwareInventory><p n="…" v="…"/>…`. Several are such
//! reports within `<HardwareReports>`, each with the row and line it stands in.

use std::io::{self, Write};

use device_list::HashContents;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

use super::output::{Decoded, Print, missing, verdict};
use super::say;
use crate::terminal::safe;

/// The root around several reports.
const SEVERAL: &str = "HardwareReports";

pub(super) struct XmlPrint<W: Write> {
    out: Writer<W>,
    all: bool,
    verify: bool,
    begun: bool,
}

impl<W: Write> XmlPrint<W> {
    pub(super) fn new(out: W, all: bool, verify: bool) -> Self {
        Self {
            out: Writer::new_with_indent(out, b' ', 2),
            all,
            verify,
            begun: false,
        }
    }

    fn begin(&mut self) -> io::Result<()> {
        if self.begun {
            return Ok(());
        }
        self.begun = true;
        let declaration = BytesDecl::new("1.0", Some("UTF-8"), None);
        self.out.write_event(Event::Decl(declaration))?;
        if self.all {
            let root = Event::Start(BytesStart::new(SEVERAL));
            self.out.write_event(root)?;
        }
        Ok(())
    }

    fn report(&mut self, decoded: &Decoded) -> io::Result<()> {
        let mut report = BytesStart::new("HardwareReport");
        if let (Some(place), true) = (decoded.place, self.all) {
            report.push_attribute(("row", &*place.row.to_string()));
            report.push_attribute(("line", &*place.line.to_string()));
        }
        match &decoded.contents {
            Err(error) => {
                report.push_attribute(("error", &*error.to_string()));
                self.out.write_event(Event::Empty(report))
            }
            Ok(contents) => {
                self.out.write_event(Event::Start(report))?;
                inventory(contents, &mut self.out)?;
                let end = BytesEnd::new("HardwareReport");
                self.out.write_event(Event::End(end))
            }
        }
    }
}

fn inventory<W: Write>(contents: &HashContents, out: &mut Writer<W>) -> io::Result<()> {
    let told = contents.inventory();
    out.create_element("HardwareInventory")
        .write_inner_content(|out| {
            for (name, value) in &told {
                out.create_element("p")
                    .with_attribute(("n", *name))
                    .with_attribute(("v", &*allowed(value)))
                    .write_empty()?;
            }
            Ok(())
        })
        .map(|_| ())
}

/// A text with what XML can't hold escaped: control characters, and the two that are none.
fn allowed(text: &str) -> String {
    let text = safe(text);
    text.replace('\u{fffe}', "\\u{fffe}")
        .replace('\u{ffff}', "\\u{ffff}")
}

impl<W: Write> Print for XmlPrint<W> {
    fn one(&mut self, decoded: &Decoded) -> io::Result<()> {
        self.begin()?;
        self.report(decoded)?;
        if self.verify && !self.all {
            // The document has no place for it.
            say(&verdict(decoded));
            decoded
                .contents
                .iter()
                .filter_map(missing)
                .for_each(|text| say(&text));
        }
        Ok(())
    }

    fn end(&mut self) -> io::Result<()> {
        if self.all {
            self.begin()?;
            self.out.write_event(Event::End(BytesEnd::new(SEVERAL)))?;
        }
        self.out.write_event(Event::Text(BytesText::new("\n")))?;
        self.out.get_mut().flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cmd::decode_hash::output::Place;
    use device_list::HashBuilder;
    use quick_xml::Reader;

    /// Every element with its attributes, unescaped.
    fn read(xml: &str) -> Vec<(String, Vec<String>)> {
        let mut reader = Reader::from_str(xml);
        reader.config_mut().check_end_names = true;
        let mut elements = Vec::new();
        loop {
            match reader.read_event().unwrap() {
                Event::Start(element) | Event::Empty(element) => {
                    let name = element.name().as_ref().to_owned();
                    let values = element.attributes().map(|attribute| {
                        let attribute = attribute.unwrap();
                        let value = quick_xml::escape::unescape(&attribute.value);
                        value.unwrap().into_owned()
                    });
                    elements.push((name, values.collect()));
                }
                Event::Eof => return elements,
                _ => {}
            }
        }
    }

    fn decoded(model: &str, place: Option<Place>) -> Decoded {
        let bytes = HashBuilder::default()
            .text(14, "0042")
            .text(16, "Contoso")
            .text(17, model)
            .finish();
        Decoded::new(place, HashContents::inspect_bytes(&bytes))
    }

    fn written(all: bool, hashes: &[Decoded]) -> String {
        let mut bytes = Vec::new();
        let mut print = XmlPrint::new(&mut bytes, all, false);
        for hash in hashes {
            print.one(hash).unwrap();
        }
        print.end().unwrap();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn what_means_something_to_xml_is_escaped() {
        let odd = "<a b=\"c\" d='e'> & \u{1b}[2J\t\u{ffff}]]>";
        let elements = read(&written(false, &[decoded(odd, None)]));
        let names: Vec<_> = elements.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(
            names,
            ["HardwareReport", "HardwareInventory", "p", "p", "p"]
        );
        let shown = "<a b=\"c\" d='e'> & \\u{1b}[2J\\u{9}\\u{ffff}]]>";
        assert_eq!(elements[3].1, ["SmbiosSystemProductName", shown]);
    }

    #[test]
    fn several_reports_have_one_root_and_their_places() {
        let places = [Place { row: 1, line: 2 }, Place { row: 3, line: 4 }];
        let mut hashes = Vec::from(places.map(|place| decoded("Book", Some(place))));
        hashes.push(Decoded::new(Some(places[0]), HashContents::salvage("T0!")));
        let elements = read(&written(true, &hashes));
        assert_eq!(elements[0], ("HardwareReports".to_owned(), vec![]));
        let reports = elements.iter().filter(|(name, _)| name == "HardwareReport");
        let places: Vec<_> = reports.map(|(_, values)| values[..2].join(":")).collect();
        assert_eq!(places, ["1:2", "3:4", "1:2"]);
        assert_eq!(read(&written(true, &[])).len(), 1);
    }
}
