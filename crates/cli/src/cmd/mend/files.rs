//! The mended list, or its parts; each whole or not at all.

use std::mem;
use std::path::{Path, PathBuf};

use device_list::{Dialect, ListWriter, MendedRow};

use super::names::numbered;
use super::told::Counted;
use crate::exit::Failure;
use crate::output::{Closed, Output, is_same};

/// The mended list, in parts where it is longer than allowed.
pub(super) struct Parts {
    out: PathBuf,
    /// Most rows of a part.
    most: Option<u64>,
    /// Rows of the last part so far.
    rows: u64,
    last: ListWriter<Output>,
    full: Vec<(Closed, u64)>,
}

/// What was written: one list, or parts of one.
pub(super) enum Written {
    /// The list as a whole.
    Whole(Counted),
    /// Its parts.
    Parts(Vec<Counted>),
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
            self.full
                .push((full.end(row.dialect())?.close()?, self.rows));
            self.rows = 0;
        }
        self.rows += 1;
        Ok(self.last.row(row)?)
    }

    /// Puts the list in its place, or its parts in theirs, and names what was written. None takes
    /// the place of the list it is made from.
    pub(super) fn commit(mut self, dialect: Dialect, source: &Path) -> Result<Written, Failure> {
        let last = self.last.end(dialect)?.close()?;
        if self.full.is_empty() {
            last.commit()?;
            return Ok(Written::Whole(Counted::of(&self.out, self.rows)));
        }
        self.full.push((last, self.rows));
        let name = |part: usize| numbered(&self.out, &part.to_string());
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
        let mut written = Vec::with_capacity(names.len());
        for ((part, rows), name) in self.full.into_iter().zip(&names) {
            part.commit_as(name)?;
            written.push(Counted::of(name, rows));
        }
        Ok(Written::Parts(written))
    }
}
