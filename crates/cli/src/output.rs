//! Where a report goes: standard output, or a file that is there whole or not at all.

mod claim;

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tempfile::{NamedTempFile, TempPath};

use crate::exit::Failure;
use claim::Claim;

/// An output under way; nothing is there under its name before [`Output::commit`].
pub(crate) struct Output {
    to: BufWriter<To>,
    path: Option<PathBuf>,
}

enum To {
    Standard(io::Stdout),
    /// A device or a pipe: written as it is.
    Special(File),
    /// A file with no name of its own yet, and what says that it is being written.
    Temporary(NamedTempFile, Arc<Claim>),
}

impl Output {
    /// Opens it; none, or `-`, is standard output.
    pub(crate) fn open(path: Option<&Path>) -> Result<Self, Failure> {
        let Some(path) = path.filter(|path| !is_standard(path)) else {
            let to = BufWriter::new(To::Standard(io::stdout()));
            return Ok(Self { to, path: None });
        };
        let refused = |error: io::Error| not_written(path, &error);
        let there = fs::metadata(path);
        let to = match &there {
            Ok(about) if about.is_dir() => {
                return Err(Failure::new(
                    format!("{} is a folder.", path.display()),
                    "Give the name of a file.",
                ));
            }
            Ok(about) if !about.is_file() => {
                To::Special(File::options().write(true).open(path).map_err(refused)?)
            }
            _ => {
                let claim = Claim::on(&folder_of(path)).map_err(refused)?;
                To::Temporary(claim.file().map_err(refused)?, claim)
            }
        };
        // A link stays one: what it leads to is replaced.
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        Ok(Self {
            to: BufWriter::new(to),
            path: Some(path),
        })
    }

    /// Whether it is standard output.
    pub(crate) fn is_standard(&self) -> bool {
        self.path.is_none()
    }

    /// The file that is written.
    pub(crate) fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// Puts what was written in its place.
    pub(crate) fn commit(self) -> Result<(), Failure> {
        self.close()?.commit()
    }

    /// Ends writing. A file is not there under its name before [`Closed::commit`].
    pub(crate) fn close(self) -> io::Result<Closed> {
        let to = self.to.into_inner();
        let file = match (to.map_err(io::IntoInnerError::into_error)?, self.path) {
            (To::Temporary(file, claim), Some(path)) => {
                // On the disk before it takes the name.
                file.as_file().sync_all()?;
                Some(Temporary {
                    file: file.into_temp_path(),
                    path,
                    _claim: claim,
                })
            }
            (mut to, _) => {
                to.flush()?;
                None
            }
        };
        Ok(Closed(file))
    }
}

/// What was written whole, and is to be put in its place.
pub(crate) struct Closed(Option<Temporary>);

struct Temporary {
    file: TempPath,
    path: PathBuf,
    /// Until it is in its place.
    _claim: Arc<Claim>,
}

impl Closed {
    /// Puts it there.
    pub(crate) fn commit(self) -> Result<(), Failure> {
        match self.0 {
            Some(whole) => keep(whole.file, &whole.path),
            None => Ok(()),
        }
    }

    /// Puts it there under another name in the same folder, where nothing has that name yet.
    pub(crate) fn commit_new_as(self, path: &Path) -> Result<(), Failure> {
        match self.0 {
            Some(whole) => {
                let kept = whole.file.persist_noclobber(path);
                kept.map_err(|error| not_written(path, &error.error))
            }
            None => Ok(()),
        }
    }

    /// Puts it there under another name in the same folder.
    pub(crate) fn commit_as(self, path: &Path) -> Result<(), Failure> {
        match self.0 {
            Some(whole) => keep(whole.file, path),
            None => Ok(()),
        }
    }
}

fn keep(file: TempPath, path: &Path) -> Result<(), Failure> {
    let kept = file.persist(path);
    kept.map_err(|error| not_written(path, &error.error))
}

/// A file without a name, to keep something in until it can be written: in the folder of `path`,
/// where there must be room for it anyway.
pub(crate) fn scratch(path: Option<&Path>) -> Result<File, Failure> {
    let made = match path {
        Some(path) => tempfile::tempfile_in(folder_of(path)),
        None => tempfile::tempfile(),
    };
    Ok(made?)
}

/// The folder of a file, wherever links lead.
fn folder_of(path: &Path) -> PathBuf {
    let real = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    match real.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => PathBuf::from("."),
    }
}

/// Whether a path is standard input or output.
pub(crate) fn is_standard(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// Whether two names lead to the same file, or would if it were there.
pub(crate) fn is_same(one: &Path, other: &Path) -> bool {
    let real = |path: &Path| {
        let there = fs::canonicalize(path);
        there.or_else(|_| {
            Ok::<_, io::Error>(
                fs::canonicalize(folder_of(path))?.join(path.file_name().unwrap_or_default()),
            )
        })
    };
    match (real(one), real(other)) {
        (Ok(one), Ok(other)) => one == other,
        _ => false,
    }
}

fn not_written(path: &Path, error: &io::Error) -> Failure {
    Failure::new(
        format!("{} can't be written: {error}.", path.display()),
        "Give a place that you may write to.",
    )
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.to.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

impl Write for To {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Standard(out) => out.write(bytes),
            Self::Special(out) => out.write(bytes),
            Self::Temporary(out, _) => out.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Standard(out) => out.flush(),
            Self::Special(out) => out.flush(),
            Self::Temporary(out, _) => out.flush(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_there_whole_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("report.csv");
        let mut given_up = Output::open(Some(&path)).unwrap();
        given_up.write_all(b"half").unwrap();
        drop(given_up);
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 0);
        for text in ["first", "second"] {
            let mut output = Output::open(Some(&path)).unwrap();
            output.write_all(text.as_bytes()).unwrap();
            output.commit().unwrap();
            assert_eq!(fs::read_to_string(&path).unwrap(), text);
        }
        assert!(Output::open(Some(folder.path())).is_err());
        assert!(Output::open(Some(&folder.path().join("no/such.csv"))).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_a_link() {
        let folder = tempfile::tempdir().unwrap();
        let [real, link] = ["real.csv", "link.csv"].map(|name| folder.path().join(name));
        fs::write(&real, "old").unwrap();
        std::os::unix::fs::symlink(&real, &link).unwrap();
        let mut output = Output::open(Some(&link)).unwrap();
        output.write_all(b"new").unwrap();
        output.commit().unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read_to_string(&real).unwrap(), "new");
    }
}
