//! Takes the objects of a body apart while it comes, however long it is: one after the other from
//! JSON (`[…]`, or `{"lines": […]}`) or NDJSON. What an object says is read elsewhere.

use axum::body::Bytes;
use serde_json::{Map, Value};

use super::body::BodyError;
use super::scan::{Scan, Step};

/// Bytes of one object.
pub(crate) const OBJECT_BYTES: usize = 16 * 1024;

/// Properties beside the list; there are not so many that anything is done with.
const OTHERS: usize = 16;

/// Where in the body it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Start,
    /// An object a line.
    Lines,
    /// In the object around the list: before a property's name, or its end.
    Name {
        first: bool,
    },
    Colon,
    Value,
    AfterValue,
    /// In the list: before an object, or its end.
    Item {
        first: bool,
    },
    AfterItem,
    End,
}

/// The objects of a body.
pub(super) struct Splitter {
    /// The property that the list is in.
    list: &'static str,
    /// An object a line, whatever it begins with.
    is_ndjson: bool,
    place: Place,
    /// Whether the list is a property of an object.
    is_inside: bool,
    /// Whether the list was there.
    is_found: bool,
    given: Bytes,
    at: usize,
    scan: Option<Scan>,
    value: Vec<u8>,
    name: String,
    count: u64,
    others: Map<String, Value>,
}

impl Splitter {
    pub(super) fn new(list: &'static str, is_ndjson: bool) -> Self {
        Self {
            list,
            is_ndjson,
            place: Place::Start,
            is_inside: false,
            is_found: false,
            given: Bytes::new(),
            at: 0,
            scan: None,
            value: Vec::new(),
            name: String::new(),
            count: 0,
            others: Map::new(),
        }
    }

    /// The next piece of the body.
    pub(super) fn feed(&mut self, bytes: Bytes) {
        self.given = bytes;
        self.at = 0;
    }

    /// The properties beside the list.
    pub(super) fn others(&self) -> &Map<String, Value> {
        &self.others
    }

    /// The next object of what was fed; `None` asks for more.
    pub(super) fn next(&mut self) -> Result<Option<Vec<u8>>, BodyError> {
        if self.place == Place::Lines {
            return self.next_line();
        }
        while let Some(byte) = self.given.get(self.at).copied() {
            if let Some(object) = self.take(byte)? {
                return Ok(Some(object));
            }
            if self.place == Place::Lines {
                return self.next_line();
            }
        }
        Ok(None)
    }

    /// The body has ended: the last line, if it has no end of its own.
    pub(super) fn end(&mut self) -> Result<Option<Vec<u8>>, BodyError> {
        match self.place {
            Place::Lines | Place::Start if self.is_ndjson => Ok(self.line_taken()),
            Place::End => Ok(None),
            Place::Start => Err(BodyError::Empty),
            _ => Err(BodyError::Cut {
                line: self.count + 1,
            }),
        }
    }

    fn next_line(&mut self) -> Result<Option<Vec<u8>>, BodyError> {
        while self.at < self.given.len() {
            let rest = &self.given[self.at..];
            let end = rest.iter().position(|byte| *byte == b'\n');
            let piece = end.map_or(rest, |end| &rest[..end]);
            self.value.extend_from_slice(piece);
            self.at += piece.len() + usize::from(end.is_some());
            self.check_length()?;
            if end.is_some()
                && let Some(line) = self.line_taken()
            {
                return Ok(Some(line));
            }
        }
        Ok(None)
    }

    /// The line that was read, unless it is blank.
    fn line_taken(&mut self) -> Option<Vec<u8>> {
        let line = std::mem::take(&mut self.value);
        let blank = line.trim_ascii().is_empty();
        self.count += u64::from(!blank);
        (!blank).then_some(line)
    }

    fn check_length(&self) -> Result<(), BodyError> {
        if self.value.len() > OBJECT_BYTES {
            let line = self.count + 1;
            return Err(BodyError::TooLong { line });
        }
        Ok(())
    }

    fn take(&mut self, byte: u8) -> Result<Option<Vec<u8>>, BodyError> {
        if self.scan.is_some() {
            return self.scanned(byte);
        }
        let is_mark = self.place == Place::Start && matches!(byte, 0xEF | 0xBB | 0xBF);
        if matches!(byte, b' ' | b'\t' | b'\r' | b'\n') || is_mark {
            self.at += 1;
            return Ok(None);
        }
        if self.place == Place::Start && self.is_ndjson {
            self.place = Place::Lines;
            return Ok(None);
        }
        if let Some(place) = self.after(byte) {
            self.is_inside |= matches!(place, Place::Name { .. });
            self.is_found |= matches!(place, Place::Item { .. });
            self.place = place;
            self.at += 1;
            return Ok(None);
        }
        let begins = match self.place {
            Place::Name { .. } => byte == b'"',
            Place::Value | Place::Item { .. } => !matches!(byte, b',' | b':' | b'}' | b']'),
            _ => false,
        };
        if !begins {
            let line = self.count + 1;
            return Err(BodyError::Unexpected { line });
        }
        self.scan = Some(Scan::default());
        self.value.clear();
        Ok(None)
    }

    /// Where a byte that is no part of a value leads.
    fn after(&self, byte: u8) -> Option<Place> {
        let first = true;
        match (self.place, byte) {
            (Place::Start, b'[') => Some(Place::Item { first }),
            (Place::Start, b'{') => Some(Place::Name { first }),
            (Place::Colon, b':') => Some(Place::Value),
            (Place::Value, b'[') if self.name == self.list && !self.is_found => {
                Some(Place::Item { first })
            }
            (Place::AfterValue, b',') => Some(Place::Name { first: false }),
            (Place::AfterItem, b',') => Some(Place::Item { first: false }),
            (Place::Item { first: true } | Place::AfterItem, b']') if self.is_inside => {
                Some(Place::AfterValue)
            }
            (Place::Item { first: true } | Place::AfterItem, b']')
            | (Place::Name { first: true } | Place::AfterValue, b'}') => Some(Place::End),
            _ => None,
        }
    }

    /// One byte of a value, and what the value is when it ends.
    fn scanned(&mut self, byte: u8) -> Result<Option<Vec<u8>>, BodyError> {
        let Some(scan) = self.scan.as_mut() else {
            return Ok(None);
        };
        let step = scan.step(byte);
        if !matches!(step, Step::Behind) {
            self.value.push(byte);
            self.at += 1;
            self.check_length()?;
        }
        if matches!(step, Step::Inside) {
            return Ok(None);
        }
        self.scan = None;
        let value = std::mem::take(&mut self.value);
        let odd = BodyError::Unexpected {
            line: self.count + 1,
        };
        match self.place {
            Place::Name { .. } => {
                self.name = serde_json::from_slice(&value).map_err(|_| odd)?;
                self.place = Place::Colon;
                Ok(None)
            }
            Place::Value => {
                let value = serde_json::from_slice(&value).map_err(|_| odd)?;
                let name = std::mem::take(&mut self.name);
                let is_list = self.is_found && name == self.list;
                if is_list || self.others.len() >= OTHERS || self.others.contains_key(&name) {
                    return Err(odd);
                }
                self.others.insert(name, value);
                self.place = Place::AfterValue;
                Ok(None)
            }
            _ => {
                self.count += 1;
                self.place = Place::AfterItem;
                Ok(Some(value))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn split(text: &str, is_ndjson: bool, size: usize) -> Result<Vec<String>, BodyError> {
        let mut splitter = Splitter::new("lines", is_ndjson);
        let mut found = Vec::new();
        for piece in text.as_bytes().chunks(size) {
            splitter.feed(Bytes::copy_from_slice(piece));
            while let Some(object) = splitter.next()? {
                found.push(String::from_utf8(object).expect("text"));
            }
        }
        found.extend(
            splitter
                .end()?
                .map(|last| String::from_utf8(last).expect("text")),
        );
        Ok(found)
    }

    #[test]
    fn lists_come_apart_however_the_body_is_cut() {
        let objects = [r#"{"a":"]}\"{","b":[{}]}"#, r#"{"c":"\\"}"#, "{}"];
        let list = format!("[{}]", objects.join(" , "));
        let bodies = [
            (list.clone(), false),
            (format!("\u{feff} {list} \n"), false),
            (format!(r#"{{"x":[1,{{}}],"lines":{list},"y":"z"}}"#), false),
            (format!(r#"{{"lines" : {list}}}"#), false),
            (objects.join("\n"), true),
            (format!("\n{}\r\n\n", objects.join("\r\n")), true),
        ];
        for (body, is_ndjson) in bodies {
            for size in [1, 2, 3, 7, 1000] {
                let found = split(&body, is_ndjson, size).expect("reads");
                let found: Vec<_> = found.iter().map(|one| one.trim()).collect();
                assert_eq!(found, objects, "{body} by {size}");
            }
        }
    }

    #[test]
    fn what_is_no_list_is_refused_with_its_line() {
        assert_eq!(split("", false, 9), Err(BodyError::Empty));
        assert_eq!(split("[{}, {", false, 9), Err(BodyError::Cut { line: 2 }));
        assert_eq!(split("[{}", false, 1), Err(BodyError::Cut { line: 2 }));
        let odd = |line| Err(BodyError::Unexpected { line });
        assert_eq!(split("[{} {}]", false, 9), odd(2));
        assert_eq!(split("[{}]]", false, 9), odd(2));
        assert_eq!(split("[{},]", false, 9), odd(2));
        assert_eq!(split("nothing", false, 9), odd(1));
        assert_eq!(
            split(r#"{"lines":{}"#, false, 9),
            Err(BodyError::Cut { line: 1 })
        );
        let long = format!("[{{}}, \"{}\"]", "x".repeat(OBJECT_BYTES));
        assert_eq!(
            split(&long, false, 999),
            Err(BodyError::TooLong { line: 2 })
        );
        assert_eq!(split("", true, 9), Ok(Vec::new()));
    }

    #[test]
    fn properties_beside_the_list_are_kept() {
        let mut splitter = Splitter::new("lines", false);
        splitter.feed(Bytes::from_static(br#"{"lines":[],"allOrNothing":true}"#));
        assert_eq!(splitter.next(), Ok(None));
        assert_eq!(
            splitter.others().get("allOrNothing"),
            Some(&Value::Bool(true))
        );
    }

    fn any_object() -> impl Strategy<Value = String> {
        let text = "[a-z\\\\\"{}\\[\\],: é\n]{0,12}";
        let pair = (text, text, any::<i32>());
        let value = |(name, text, number): (String, String, i32)| {
            json!({ name: text, "n": [number, {}], "o": {"x": null} }).to_string()
        };
        pair.prop_map(value)
    }

    proptest! {
        #[test]
        fn whatever_comes_and_however_it_is_cut_nothing_panics(
            bytes in vec(any::<u8>(), 0..200), is_ndjson in any::<bool>(), size in 1..20usize,
        ) {
            let mut splitter = Splitter::new("lines", is_ndjson);
            for piece in bytes.chunks(size) {
                splitter.feed(Bytes::copy_from_slice(piece));
                while let Ok(Some(_)) = splitter.next() {}
            }
            let _ = splitter.end();
        }

        #[test]
        fn any_objects_come_apart_as_they_were(
            objects in vec(any_object(), 0..6), size in 1..30usize, inside in any::<bool>(),
        ) {
            let list = format!("[{}]", objects.join(","));
            let body = if inside { format!("{{\"a\":{list},\"lines\":{list}}}") } else { list };
            prop_assert_eq!(split(&body, false, size), Ok(objects.clone()));
            prop_assert_eq!(split(&objects.join("\n"), true, size), Ok(objects));
        }
    }
}
