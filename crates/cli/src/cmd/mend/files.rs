//! What is written: the mended list, or its parts, and the rest file; each whole or not at all.

use std::fs::File;
use std::io::{BufReader, BufWriter, Seek as _};
use std::mem;
use std::path::{Path, PathBuf};

use device_list::{Dialect, LeftRow, ListWriter, MendedRow, RestEncoding, RestWriter, encode_rest};

use crate::exit::Failure;
use crate::output::{Closed, Output, is_same, scratch};

/// The name of a file that belongs to another one: `NAME-part.csv`, with that one's ending unless
/// another is given.
pub(super) fn named(path: &Path, part: &str, extension: Option<&str>) -> PathBuf {
    let mut name = path.file_stem().unwrap_or_default().to_owned();
    name.push("-");
    name.push(part);
    let own = path.extension().map(ToOwned::to_owned);
    if let Some(extension) = extension.map(Into::into).or(own) {
        name.push(".");
        name.push(extension);
    }
    path.with_file_name(name)
}

/// The mended list, in parts where it is longer than allowed.
pub(super) struct Parts {
    out: PathBuf,
    /// Most rows of a part.
    most: Option<u64>,
    /// Rows of the last part so far.
    rows: u64,
    last: ListWriter<Output>,
    full: Vec<Closed>,
}

impl Parts {
    pub(super) fn open(out: &Path, most: Option<u64>) -> Result<Self, Failure> {
        Ok(Self {
            out: out.to_owned(),
            most,
            rows: 0,
            last: ListWriter::new(Output::open(Some(out))?),
            full: Vec::new(),
        })
    }

    pub(super) fn row(&mut self, row: &MendedRow<'_>) -> Result<(), Failure> {
        if self.most == Some(self.rows) {
            let next = ListWriter::new(Output::open(Some(&self.out))?);
            let full = mem::replace(&mut self.last, next);
            self.full.push(full.end(row.dialect())?.close()?);
            self.rows = 0;
        }
        self.rows += 1;
        Ok(self.last.row(row)?)
    }

    /// Puts the list in its place, or its parts in theirs, and names these. None takes the place of
    /// the list it is made from.
    pub(super) fn commit(
        mut self,
        dialect: Dialect,
        source: &Path,
    ) -> Result<Vec<PathBuf>, Failure> {
        let last = self.last.end(dialect)?.close()?;
        if self.full.is_empty() {
            last.commit()?;
            return Ok(Vec::new());
        }
        self.full.push(last);
        let name = |part: usize| named(&self.out, &part.to_string(), None);
        let names: Vec<_> = (1..=self.full.len()).map(name).collect();
        if let Some(name) = names.iter().find(|name| is_same(name, source)) {
            return Err(Failure::new(
                format!(
                    "{} would overwrite the list it is made from.",
                    name.display()
                ),
                "Give --fix another name, so that the original stays.",
            ));
        }
        for (part, name) in self.full.into_iter().zip(&names) {
            part.commit_as(name)?;
        }
        Ok(names)
    }
}

/// The rows that can't be mended. How they are encoded is known only at the end, so they are kept in
/// a file without a name until then.
pub(super) struct Rest(Option<Kept>);

struct Kept {
    path: PathBuf,
    to: Output,
    rows: Option<RestWriter<BufWriter<File>>>,
}

/// A rest file that is to be put in its place.
pub(super) struct ClosedRest(Option<(PathBuf, Closed)>);

impl Rest {
    /// Fails where it could not be written. None is for rows that are only named.
    pub(super) fn open(path: Option<PathBuf>) -> Result<Self, Failure> {
        let Some(path) = path else {
            return Ok(Self(None));
        };
        Ok(Self(Some(Kept {
            to: Output::open(Some(&path))?,
            path,
            rows: None,
        })))
    }

    pub(super) fn row(&mut self, left: &LeftRow<'_>) -> Result<(), Failure> {
        let Some(kept) = &mut self.0 else {
            return Ok(());
        };
        let rows = match &mut kept.rows {
            Some(rows) => rows,
            none => {
                let file = scratch(kept.to.path())?;
                none.insert(RestWriter::new(BufWriter::new(file)))
            }
        };
        Ok(rows.row(left, None)?)
    }

    /// Ends it; nothing is written where there were no rows.
    pub(super) fn close(self) -> Result<ClosedRest, Failure> {
        let Some(Kept {
            path,
            mut to,
            rows: Some(rows),
        }) = self.0
        else {
            return Ok(ClosedRest(None));
        };
        let (text, encoding): (_, RestEncoding) = rows.end()?;
        let mut text = text
            .into_inner()
            .map_err(std::io::IntoInnerError::into_error)?;
        text.rewind()?;
        encode_rest(BufReader::new(text), &mut to, encoding)?;
        Ok(ClosedRest(Some((path, to.close()?))))
    }
}

impl ClosedRest {
    /// Puts it in its place, and says where that is.
    pub(super) fn commit(self) -> Result<Option<PathBuf>, Failure> {
        let Some((path, file)) = self.0 else {
            return Ok(None);
        };
        file.commit()?;
        Ok(Some(path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_keep_the_folder_and_the_ending() {
        for (path, part, extension, expected) in [
            ("a/mended.csv", "rest", Some("csv"), "a/mended-rest.csv"),
            ("mended", "rest", Some("csv"), "mended-rest.csv"),
            ("may.2026.txt", "2", None, "may.2026-2.txt"),
            ("mended", "2", None, "mended-2"),
        ] {
            let name = named(Path::new(path), part, extension);
            assert_eq!(name, Path::new(expected));
        }
    }
}
