//! The XML of one part, event by event: bounded in depth and in the size of its pieces.

use std::borrow::Cow;
use std::io;

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::error::{Limit, WorkbookError, damaged, from_io};
use super::limits::NESTING;
use super::part::Part;

const BROKEN: &str = "its XML is broken";

/// An XML part of a package.
pub(super) struct Xml<'w> {
    reader: Reader<Part<'w>>,
    buffer: Vec<u8>,
    depth: u32,
}

impl<'w> Xml<'w> {
    pub(super) fn new(part: Part<'w>) -> Self {
        let mut reader = Reader::from_reader(part);
        reader.config_mut().expand_empty_elements = true;
        Self {
            reader,
            buffer: Vec::new(),
            depth: 0,
        }
    }

    /// What comes next; `Eof` only where every element is closed.
    pub(super) fn next(&mut self) -> Result<Event<'_>, WorkbookError> {
        self.buffer.clear();
        self.reader.get_mut().begin_piece();
        let event = match self.reader.read_event_into(&mut self.buffer) {
            Ok(event) => event,
            Err(error) => return Err(refusal(self.reader.get_ref(), error)),
        };
        match event {
            Event::Start(_) if self.depth == NESTING => {
                return Err(self.reader.get_ref().limits().error(Limit::Nesting));
            }
            Event::Start(_) => self.depth += 1,
            Event::End(_) => self.depth -= 1,
            Event::Eof if self.depth > 0 => return Err(damaged("it ends early")),
            _ => {}
        }
        Ok(event)
    }

    /// Passes over the rest of the element that has just begun.
    pub(super) fn skip(&mut self) -> Result<(), WorkbookError> {
        let end = self.depth - 1;
        while self.depth > end {
            self.next()?;
        }
        Ok(())
    }

    /// Appends the text of the element that has just begun, to its end; not that of elements in it.
    pub(super) fn text(&mut self, text: &mut String) -> Result<(), WorkbookError> {
        let begin = text.len();
        loop {
            match self.next()? {
                Event::Start(_) => self.skip()?,
                Event::End(_) => return Ok(()),
                event => append(&event, text)?,
            }
            self.check_cell(text.len() - begin)?;
        }
    }

    /// Refuses a text that is longer than a cell's may be.
    pub(super) fn check_cell(&self, length: usize) -> Result<(), WorkbookError> {
        let limits = self.reader.get_ref().limits();
        limits.check(Limit::CellText, length as u64)
    }

    /// Unpacks the rest, so that a wrong checksum is found.
    pub(super) fn finish(&mut self) -> Result<(), WorkbookError> {
        let part = self.reader.get_mut();
        match io::copy(part, &mut io::sink()) {
            Ok(_) => Ok(()),
            Err(error) => Err(part
                .refused()
                .map_or_else(|| from_io(error), |limit| part.limits().error(limit))),
        }
    }
}

fn refusal(part: &Part<'_>, error: quick_xml::Error) -> WorkbookError {
    if let Some(limit) = part.refused() {
        return part.limits().error(limit);
    }
    match error {
        quick_xml::Error::Io(error) => from_io(io::Error::new(error.kind(), error)),
        _ => damaged(BROKEN),
    }
}

/// Appends what an event says as text: characters, references, quoted sections.
pub(super) fn append(event: &Event<'_>, text: &mut String) -> Result<(), WorkbookError> {
    match event {
        Event::Text(piece) => text.push_str(&piece.xml10_content()),
        Event::CData(piece) => text.push_str(&piece.xml10_content()),
        Event::GeneralRef(name) => match name.resolve_char_ref() {
            Ok(Some(c)) => text.push(c),
            Ok(None) => match quick_xml::escape::resolve_xml_entity(name) {
                Some(known) => text.push_str(known),
                // Entities of a document's own are never resolved.
                None => return Err(damaged("it uses an entity that XML does not have")),
            },
            Err(_) => return Err(damaged(BROKEN)),
        },
        _ => {}
    }
    Ok(())
}

/// The attributes of an element by their local names.
pub(super) fn attributes<'e>(
    element: &'e BytesStart<'_>,
) -> impl Iterator<Item = Result<(&'e str, Cow<'e, str>), WorkbookError>> {
    // The check for doubles would compare each with all before it.
    let mut attributes = element.attributes();
    attributes.with_checks(false);
    attributes.map(|attribute| {
        let attribute = attribute.map_err(|_| damaged(BROKEN))?;
        let value = attribute.normalized_value(XmlVersion::Explicit1_0);
        let value = value.map_err(|_| damaged(BROKEN))?;
        Ok((attribute.key.local_name().into_inner(), value))
    })
}

/// One attribute of an element by its local name.
pub(super) fn attribute(
    element: &BytesStart<'_>,
    name: &str,
) -> Result<Option<String>, WorkbookError> {
    for pair in attributes(element) {
        let (key, value) = pair?;
        if key == name {
            return Ok(Some(value.into_owned()));
        }
    }
    Ok(None)
}
