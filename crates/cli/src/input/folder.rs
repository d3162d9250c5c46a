//! From the arguments to the lists that are checked: folders are gone through.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use crate::exit::Failure;

/// What a list in a folder may be called; a file that is named itself may be called anything.
const EXTENSIONS: [&str; 5] = ["csv", "txt", "tsv", "xlsx", "ods"];

/// The lists that were asked for.
#[derive(Debug, Default)]
pub(crate) struct Lists {
    /// Each once: in the order of the arguments, those of a folder in the order of their names.
    pub(crate) paths: Vec<PathBuf>,
    /// What could not be gone through, and folders without a list.
    pub(crate) failures: Vec<Failure>,
    known: HashSet<PathBuf>,
}

impl Lists {
    /// Looks them up. `output` is what is about to be written: no list, even if it lies there from
    /// the last time.
    pub(crate) fn find(given: &[PathBuf], output: Option<&Path>) -> Self {
        let mut lists = Self::default();
        let output = output.and_then(|path| fs::canonicalize(path).ok());
        for path in given {
            if path.is_dir() {
                lists.folder(path, output.as_deref());
            } else {
                lists.add(path);
            }
        }
        lists
    }

    fn folder(&mut self, folder: &Path, output: Option<&Path>) {
        let mut found = false;
        let entries = WalkDir::new(folder).follow_links(true).sort_by_file_name();
        let shown = |entry: &DirEntry| entry.depth() == 0 || !is_hidden(entry.file_name());
        for entry in entries.into_iter().filter_entry(shown) {
            match entry {
                Ok(entry) if entry.file_type().is_file() && is_list(entry.path()) => {
                    let real = fs::canonicalize(entry.path()).ok();
                    if real.is_none() || real.as_deref() != output {
                        found = true;
                        // Nobody writes ./ in front of a name.
                        self.add(entry.path().strip_prefix(".").unwrap_or(entry.path()));
                    }
                }
                Ok(_) => {}
                // A link to a folder above: what is in there is gone through already.
                Err(error) if error.loop_ancestor().is_some() => {}
                Err(error) => self.failures.push(not_walked(folder, &error)),
            }
        }
        if !found {
            self.failures.push(Failure::new(
                format!("There is no device list in {}.", folder.display()),
                format!("In a folder, lists end in .{}.", EXTENSIONS.join(", .")),
            ));
        }
    }

    fn add(&mut self, path: &Path) {
        let real = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        if self.known.insert(real) {
            self.paths.push(path.to_owned());
        }
    }
}

/// Names that begin with a dot, and the notes that spreadsheet programs leave beside an open file.
fn is_hidden(name: &OsStr) -> bool {
    let name = name.to_string_lossy();
    name.starts_with('.') || name.starts_with("~$")
}

fn is_list(path: &Path) -> bool {
    let extension = path.extension().unwrap_or_default();
    EXTENSIONS
        .iter()
        .any(|known| extension.eq_ignore_ascii_case(known))
}

fn not_walked(folder: &Path, error: &walkdir::Error) -> Failure {
    let at = error.path().unwrap_or(folder).display();
    let why = error
        .io_error()
        .map_or_else(|| error.to_string(), ToString::to_string);
    Failure::new(
        format!("{at} can't be looked into: {why}."),
        "Check the permissions, or name the files themselves.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_files_and_others_are_no_lists() {
        for name in [".a.csv", "~$a.xlsx"] {
            assert!(is_hidden(OsStr::new(name)), "{name}");
        }
        for (name, expected) in [
            ("a.CSV", true),
            ("b.ods", true),
            ("c.pdf", false),
            ("csv", false),
        ] {
            assert_eq!(is_list(Path::new(name)), expected, "{name}");
        }
    }
}
