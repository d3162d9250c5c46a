//! Files to read: by name, or `-` for standard input.

pub(crate) mod folder;
pub(crate) mod progress;

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use progress::Progress;

use crate::exit::Failure;

/// Something to read.
pub(crate) struct Input {
    /// What to call it.
    pub(crate) name: String,
    /// Its bytes.
    pub(crate) reader: Box<dyn Read + Send>,
    size: Option<u64>,
}

impl Input {
    /// Opens a file, or standard input for `-`.
    pub(crate) fn open(path: &Path) -> Result<Self, Failure> {
        if path.as_os_str() == "-" {
            let name = "standard input".to_owned();
            return Ok(Self {
                name,
                reader: Box::new(io::stdin()),
                size: None,
            });
        }
        let name = path.display().to_string();
        let refused = |error: io::Error| not_opened(&name, &error);
        let file = File::open(path).map_err(refused)?;
        let about = file.metadata().map_err(refused)?;
        if about.is_dir() {
            return Err(Failure::new(
                format!("{name} is a folder."),
                "Give a file in it.",
            ));
        }
        let size = about.is_file().then_some(about.len());
        Ok(Self {
            name,
            reader: Box::new(file),
            size,
        })
    }

    /// How many bytes a file has; `None` where that shows only at its end.
    pub(crate) fn size(path: &Path) -> Option<u64> {
        let about = std::fs::metadata(path).ok()?;
        about.is_file().then_some(about.len())
    }

    /// Shows a bar while it is read, if it is large and somebody watches.
    pub(crate) fn with_bar(mut self, what: &str) -> (Self, Option<Progress>) {
        if !self.size.is_some_and(Progress::is_long) {
            return (self, None);
        }
        let progress = Progress::over(self.size, what, true);
        self.reader = Box::new(progress.reader(self.reader));
        (self, Some(progress))
    }
}

fn not_opened(name: &str, error: &io::Error) -> Failure {
    let (what, remedy) = match error.kind() {
        io::ErrorKind::NotFound => ("does not exist", "Check the name and the folder."),
        io::ErrorKind::PermissionDenied => ("may not be read", "Check its permissions."),
        _ => return not_read(name, error),
    };
    Failure::new(format!("{name} {what}."), remedy)
}

/// What to say when reading breaks off.
pub(crate) fn not_read(name: &str, error: &io::Error) -> Failure {
    Failure::new(
        format!("{name} can't be read: {error}."),
        "Copy it anew and try again.",
    )
}
