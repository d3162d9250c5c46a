//! What files are called that belong to another one.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// Endings that a list's name is known by; any other belongs to the name.
const ENDINGS: [&str; 3] = ["csv", "txt", "tsv"];

/// `OUT-rest.csv` beside `OUT.csv`.
pub(in super::super) fn rest_beside(out: &Path) -> PathBuf {
    numbered(out, "rest")
}

/// `OUT-PART.csv` beside `OUT.csv`, whether or not the name has its ending.
pub(in super::super) fn numbered(out: &Path, part: &str) -> PathBuf {
    let is_list = |ending: &&OsStr| {
        ENDINGS
            .iter()
            .any(|known| ending.eq_ignore_ascii_case(known))
    };
    let ending = out.extension().filter(is_list);
    let stem = match ending {
        Some(_) => out.file_stem(),
        None => out.file_name(),
    };
    let mut name = stem.unwrap_or_default().to_owned();
    name.push(format!("-{part}."));
    name.push(ending.unwrap_or("csv".as_ref()));
    out.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_named_after_the_whole() {
        for (out, expected) in [
            ("a/all.csv", "a/all-rest.csv"),
            ("all.TXT", "all-rest.TXT"),
            ("may.2026.tsv", "may.2026-rest.tsv"),
            ("all", "all-rest.csv"),
            ("v1.2", "v1.2-rest.csv"),
        ] {
            assert_eq!(rest_beside(Path::new(out)), Path::new(expected));
        }
    }
}
