//! What is told only at the end, kept in a file without a name until then, so that there may be any
//! number of it.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, BufWriter, Seek as _, Write};
use std::path::Path;

use serde::Serialize;

use crate::exit::Failure;
use crate::output::scratch;
use crate::report::json_text::write_json;

/// Values as lines of JSON.
pub(crate) struct Spool {
    to: BufWriter<File>,
}

impl Spool {
    /// Nothing yet; it is kept in the folder of that file, where there must be room anyway.
    pub(crate) fn new(beside: Option<&Path>) -> Result<Self, Failure> {
        Ok(Self {
            to: BufWriter::new(scratch(beside)?),
        })
    }

    /// Adds one.
    pub(crate) fn add(&mut self, value: &impl Serialize) -> io::Result<()> {
        write_json(&mut self.to, value)?;
        self.to.write_all(b"\n")
    }

    /// Writes them as the array that they are.
    pub(crate) fn write(self, out: &mut impl Write) -> io::Result<()> {
        let mut before = "\n";
        let mut lines = self.lines()?;
        let mut line = Vec::new();
        out.write_all(b"[")?;
        while lines.read_until(b'\n', &mut line)? > 0 {
            out.write_all(before.as_bytes())?;
            out.write_all(line.trim_ascii_end())?;
            before = ",\n";
            line.clear();
        }
        out.write_all(b"]")
    }

    fn lines(self) -> io::Result<BufReader<File>> {
        let file = self.to.into_inner();
        let mut file = file.map_err(io::IntoInnerError::into_error)?;
        file.rewind()?;
        Ok(BufReader::new(file))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_comes_back() {
        let values = ["a\nb", "\u{1b}[2J", ""];
        let spool = || {
            let mut spool = Spool::new(None).unwrap();
            for value in &values {
                spool.add(value).unwrap();
            }
            spool
        };
        let mut array = Vec::new();
        spool().write(&mut array).unwrap();
        let array: Vec<String> = serde_json::from_slice(&array).unwrap();
        assert_eq!(array, values);
        let mut none = Vec::new();
        Spool::new(None).unwrap().write(&mut none).unwrap();
        assert_eq!(none, b"[]");
    }
}
