//! The parts of a list: each is there whole or not at all, and none before all are written.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use device_list::{Dialect, ListWriter, MendedRow};

use super::super::mend::{Counted, numbered};
use super::super::several::refuse_overwriting;
use crate::exit::{Failure, say};
use crate::output::{Closed, Output};

/// Parts that are written at a time. A tag, a model or a manufacturer has a part each; a list that
/// has more of them is split by something that nobody wants.
const MOST: usize = 500;
/// Characters of what a part is called after.
const NAME: usize = 40;

/// The parts of a list.
pub(super) struct Parts {
    /// What they are called after.
    out: PathBuf,
    /// The list and the rest, which must not be overwritten.
    others: [PathBuf; 2],
    force: bool,
    /// Those that are full.
    full: Vec<Full>,
    /// Those that rows go into.
    open: Vec<Part>,
    /// Which open part a text has.
    of: HashMap<String, usize>,
    /// Names in small letters, as some systems don't tell capitals apart.
    names: HashSet<String>,
}

struct Part {
    path: PathBuf,
    writer: ListWriter<Output>,
    dialect: Dialect,
    rows: u64,
}

/// A part that is whole, and to be put in its place.
struct Full {
    text: Closed,
    written: Counted,
    path: PathBuf,
}

impl Parts {
    /// None so far.
    pub(super) fn new(out: &Path, others: [&Path; 2], force: bool) -> Self {
        Self {
            out: out.to_owned(),
            others: others.map(Path::to_owned),
            force,
            full: Vec::new(),
            open: Vec::new(),
            of: HashMap::new(),
            names: HashSet::from(["rest".to_owned()]),
        }
    }

    /// Writes a row into the last part, or into a new one when that has so many rows.
    pub(super) fn next(&mut self, most: Option<u64>, row: &MendedRow<'_>) -> Result<(), Failure> {
        let is_full = |part: &Part| most.is_some_and(|most| part.rows >= most);
        let has_room = self.open.last().is_some_and(|part| !is_full(part));
        if !has_room {
            if let Some(part) = self.open.pop() {
                self.full.push(part.end()?);
            }
            let number = (self.full.len() + 1).to_string();
            self.begin(&number, row.dialect())?;
        }
        self.write(0, row)
    }

    /// Writes a row into the part of this text; `none` is what the part is called that has none.
    pub(super) fn of(
        &mut self,
        text: &str,
        none: &str,
        row: &MendedRow<'_>,
    ) -> Result<(), Failure> {
        if let Some(part) = self.of.get(text) {
            return self.write(*part, row);
        }
        if self.open.len() == MOST {
            return Err(Failure::new(
                format!("The list would have more than {MOST} parts."),
                "Split it by something else, or by --rows.",
            ));
        }
        let name = self.name(text, none);
        let part = self.open.len();
        self.begin(&name, row.dialect())?;
        self.of.insert(text.to_owned(), part);
        self.write(part, row)
    }

    /// Puts all parts in their places; their names and rows.
    pub(super) fn commit(mut self) -> Result<Vec<Counted>, Failure> {
        for part in self.open {
            self.full.push(part.end()?);
        }
        let mut written = Vec::with_capacity(self.full.len());
        for part in self.full {
            if self.force {
                part.text.commit_as(&part.path)?;
            } else {
                part.text.commit_new_as(&part.path)?;
            }
            written.push(part.written);
        }
        if self.of.is_empty() {
            let next = numbered(&self.out, &(written.len() + 1).to_string());
            if next.exists() {
                let next = next.display();
                say(&format!("{next} is of an earlier split into more parts."));
            }
        }
        Ok(written)
    }

    fn begin(&mut self, name: &str, dialect: Dialect) -> Result<(), Failure> {
        let path = numbered(&self.out, name);
        refuse_overwriting(&self.others, &path)?;
        if self.others.contains(&path) {
            return Err(Failure::new(
                format!("{} would be a part and the rest.", path.display()),
                "Give --rest another name.",
            ));
        }
        if !self.force {
            refuse_existing(&path)?;
        }
        let output = Output::open(Some(&path))?;
        self.open.push(Part {
            path,
            writer: ListWriter::new(output),
            dialect,
            rows: 0,
        });
        Ok(())
    }

    fn write(&mut self, part: usize, row: &MendedRow<'_>) -> Result<(), Failure> {
        let part = &mut self.open[part];
        part.rows += 1;
        Ok(part.writer.row(row)?)
    }

    /// A name that no other part has.
    fn name(&mut self, text: &str, none: &str) -> String {
        let name = file_name(text, none);
        let mut free = name.clone();
        let mut number = 1;
        while !self.names.insert(free.to_lowercase()) {
            number += 1;
            free = format!("{name}-{number}");
        }
        free
    }
}

impl Part {
    /// Ends its text, which is on the disk then.
    fn end(self) -> Result<Full, Failure> {
        Ok(Full {
            text: self.writer.end(self.dialect)?.close()?,
            written: Counted::of(&self.path, self.rows),
            path: self.path,
        })
    }
}

/// Files that are there already are replaced only where that is asked for.
pub(super) fn refuse_existing(path: &Path) -> Result<(), Failure> {
    // A link that leads nowhere is there, too.
    if fs::symlink_metadata(path).is_ok() {
        return Err(Failure::new(
            format!("{} is there already.", path.display()),
            "Choose another name, or add --force to replace it.",
        ));
    }
    Ok(())
}

/// A text as a piece of a file's name, on every system.
fn file_name(text: &str, none: &str) -> String {
    let safe = |c: char| if c.is_alphanumeric() { c } else { '_' };
    let name = text.chars().take(NAME);
    let name: String = name.map(|c| if c == '-' { c } else { safe(c) }).collect();
    if text.is_empty() { none.into() } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_safe_and_no_two_are_alike() {
        let mut parts = Parts::new(Path::new("out.csv"), [Path::new("in.csv"); 2], false);
        for (text, expected) in [
            ("Kiosk_A-1", "Kiosk_A-1"),
            ("../kiosk", "___kiosk"),
            ("kiosk_a-1", "kiosk_a-1-2"),
            ("", "no-tag"),
            ("no-tag", "no-tag-2"),
            ("rest", "rest-2"),
            ("a\u{202e}b:c", "a_b_c"),
            ("Müller", "Müller"),
        ] {
            assert_eq!(parts.name(text, "no-tag"), expected, "{text:?}");
        }
        assert_eq!(file_name(&"x".repeat(300), "").len(), NAME);
    }
}
