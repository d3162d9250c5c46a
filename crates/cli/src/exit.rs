//! Exit codes, and how a command that failed says so.

use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::process::ExitCode;

use service::DeskError;
use storage::StorageError;

use crate::terminal::safe;

/// The exit codes, for the help.
pub(crate) const CODES: &str = "\
Exit codes:
  0  done; for check: every list conforms; for check --fix, convert, merge and split: what was
     written conforms and has every row; for diff: the same devices
  1  there are findings (check), something is left to mend (check --fix, convert, merge, split), the
     lists differ (diff), a hash is not right (decode-hash --verify) or one of several can't be read
     (decode-hash --all), or rows were skipped (directory import)
  2  nothing could be done: wrong arguments, an unusable list, a missing file, no database; with
     check --strict also: a list does not conform";

/// How a command ended that did its work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Exit {
    /// All is well.
    Good = 0,
    /// There is something to look at.
    Findings = 1,
    /// What was given is of no use.
    Unusable = 2,
}

/// Why a command did not do its work: what happened, and what to do.
#[derive(Debug)]
pub(crate) enum Failure {
    /// To be told to the person.
    Said {
        /// What happened.
        what: String,
        /// What to do next.
        remedy: String,
    },
    /// Whoever read our output has gone: nothing to tell, nobody to tell it to.
    BrokenPipe,
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Said { what, .. } => f.write_str(what),
            Self::BrokenPipe => f.write_str("whoever read the output has gone"),
        }
    }
}

impl Failure {
    /// A failure with its two sentences.
    pub(crate) fn new(what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::Said {
            what: what.into(),
            remedy: remedy.into(),
        }
    }

    /// Tells it on standard error; if even that is closed there is nobody to tell.
    pub(crate) fn tell(&self) {
        if let Self::Said { what, remedy } = self {
            let _ = writeln!(
                io::stderr(),
                "enlist: {}\n        {}",
                safe(what),
                safe(remedy)
            );
        }
    }
}

/// Says one sentence on standard error; if even that is closed there is nobody to tell.
pub(crate) fn say(sentence: &str) {
    let _ = writeln!(io::stderr(), "enlist: {}", safe(sentence));
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            Self::BrokenPipe
        } else {
            Self::new(
                format!("Reading or writing failed: {error}."),
                "Check the disk and the permissions, then try again.",
            )
        }
    }
}

impl From<StorageError> for Failure {
    fn from(error: StorageError) -> Self {
        let remedy = match &error {
            StorageError::Address => "Give --database sqlite:PATH or postgres://USER@HOST/NAME.",
            StorageError::Unavailable(_) => {
                "Check --database (or ENLIST_DATABASE): the folder must exist and be writable, the \
                 server must answer."
            }
            StorageError::Migration(_) => "Use the version of enlist that wrote it, or a copy.",
            _ => "Check --database (or ENLIST_DATABASE) and that it is an enlist database.",
        };
        Self::new(sentence(&chain(&error)), remedy)
    }
}

impl From<DeskError> for Failure {
    fn from(error: DeskError) -> Self {
        match error {
            DeskError::Unavailable(cause) => cause.into(),
            DeskError::Internal(cause) => Self::new(
                sentence(&chain(&*cause)),
                "Check that the database is an enlist database of this version.",
            ),
            other => Self::new(other.to_string(), "Mend what it says and try again."),
        }
    }
}

/// An error with its causes, `a: b: c`.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let said = error.to_string();
        if !text.ends_with(&said) {
            // Writing to a string can't fail.
            let _ = write!(text, ": {said}");
        }
        cause = error.source();
    }
    text
}

/// With a capital in front and a full stop behind.
fn sentence(text: &str) -> String {
    let mut letters = text.trim_end_matches('.').chars();
    letters.next().map_or_else(String::new, |first| {
        format!("{}{}.", first.to_uppercase(), letters.as_str())
    })
}

/// Tells a failure on standard error and gives the process its exit code.
pub(crate) fn code_of(ended: Result<Exit, Failure>) -> ExitCode {
    match ended {
        Ok(exit) => ExitCode::from(exit as u8),
        Err(failure @ Failure::Said { .. }) => {
            failure.tell();
            ExitCode::from(Exit::Unusable as u8)
        }
        // What a shell reports for a process that a closed pipe ended.
        Err(Failure::BrokenPipe) => ExitCode::from(141),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn causes_are_told_once_and_as_a_sentence() {
        let error = StorageError::unavailable("no such folder");
        let Failure::Said { what, remedy } = error.into() else {
            panic!("told");
        };
        assert_eq!(what, "The database is unavailable: no such folder.");
        assert!(remedy.contains("--database"));
    }

    #[test]
    fn a_closed_pipe_is_no_failure_to_talk_about() {
        let error = io::Error::from(io::ErrorKind::BrokenPipe);
        assert!(matches!(Failure::from(error), Failure::BrokenPipe));
    }
}
