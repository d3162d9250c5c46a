//! The parts of a list: each is there whole or not at all, and none before all are written.

use std::collections::{HashMap, HashSet};
use std::fs::{self, File};
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};

use device_list::{Dialect, ListWriter, MendedRow};
use tempfile::TempPath;

use super::super::several::{numbered, refuse_overwriting};
use crate::exit::{Failure, say};

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
    all: Vec<Part>,
    /// Which part a text has.
    of: HashMap<String, usize>,
    /// Names in small letters, as some systems don't tell capitals apart.
    names: HashSet<String>,
}

struct Part {
    path: PathBuf,
    temporary: TempPath,
    /// `None` once it is full.
    writer: Option<ListWriter<BufWriter<File>>>,
    dialect: Dialect,
    rows: u64,
}

impl Parts {
    /// None so far.
    pub(super) fn new(out: &Path, others: [&Path; 2], force: bool) -> Self {
        Self {
            out: out.to_owned(),
            others: others.map(Path::to_owned),
            force,
            all: Vec::new(),
            of: HashMap::new(),
            names: HashSet::from(["rest".to_owned()]),
        }
    }

    /// Writes a row into the last part, or into a new one when that has so many rows.
    pub(super) fn next(&mut self, most: Option<u64>, row: &MendedRow<'_>) -> Result<(), Failure> {
        let is_full = |part: &Part| most.is_some_and(|most| part.rows >= most);
        match self.all.last_mut() {
            Some(part) if !is_full(part) => {}
            full => {
                if let Some(part) = full {
                    part.end()?;
                }
                let number = (self.all.len() + 1).to_string();
                self.begin(&number, row.dialect())?;
            }
        }
        let last = self.all.len() - 1;
        self.write(last, row)
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
        if self.all.len() == MOST {
            return Err(Failure::new(
                format!("The list would have more than {MOST} parts."),
                "Split it by something else, or by --rows.",
            ));
        }
        let name = self.name(text, none);
        let part = self.all.len();
        self.begin(&name, row.dialect())?;
        self.of.insert(text.to_owned(), part);
        self.write(part, row)
    }

    /// Puts all parts in their places; their names and rows.
    pub(super) fn commit(mut self) -> Result<Vec<(String, u64)>, Failure> {
        for part in &mut self.all {
            part.end()?;
        }
        let mut written = Vec::with_capacity(self.all.len());
        for part in self.all {
            let path = &part.path;
            let kept = if self.force {
                part.temporary.persist(path)
            } else {
                part.temporary.persist_noclobber(path)
            };
            kept.map_err(|error| not_written(path, &error.error))?;
            written.push((path.display().to_string(), part.rows));
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
        let (file, temporary) = beside(&path).map_err(|error| not_written(&path, &error))?;
        self.all.push(Part {
            path,
            temporary,
            writer: Some(ListWriter::new(BufWriter::new(file))),
            dialect,
            rows: 0,
        });
        Ok(())
    }

    fn write(&mut self, part: usize, row: &MendedRow<'_>) -> Result<(), Failure> {
        let part = &mut self.all[part];
        if let Some(writer) = &mut part.writer {
            writer.row(row)?;
            part.rows += 1;
        }
        Ok(())
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
    fn end(&mut self) -> io::Result<()> {
        match self.writer.take() {
            Some(writer) => writer.end(self.dialect).map(drop),
            None => Ok(()),
        }
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

/// A file with no name of its own yet, in the folder of `path`.
fn beside(path: &Path) -> io::Result<(File, TempPath)> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let mut builder = tempfile::Builder::new();
    builder.prefix(".enlist-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        // As any new file: what is taken away from that is the user's setting.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let file = builder.tempfile_in(folder.unwrap_or(Path::new(".")))?;
    Ok(file.into_parts())
}

fn not_written(path: &Path, error: &io::Error) -> Failure {
    Failure::new(
        format!("{} can't be written: {error}.", path.display()),
        "Give -o a place that you may write to.",
    )
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
