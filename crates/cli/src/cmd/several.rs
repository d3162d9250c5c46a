//! What merge, split and diff share: which lists they take, and how they read them.

use std::io;
use std::path::{Path, PathBuf};

use device_list::{Checker, Event, Mended, Summary};

use crate::exit::Failure;
use crate::input::progress::Progress;
use crate::input::{Input, not_read};
use crate::output::{is_same, is_standard};
use crate::terminal::{counted, safe};

/// What a list is called in places.
pub(super) fn called(path: &Path) -> String {
    if is_standard(path) {
        "standard input".to_owned()
    } else {
        path.display().to_string()
    }
}

/// Refuses to write over one of the lists that are read.
pub(super) fn refuse_overwriting(lists: &[PathBuf], output: &Path) -> Result<(), Failure> {
    if output.exists() && lists.iter().any(|list| is_same(list, output)) {
        return Err(Failure::new(
            format!("{} would overwrite a list that is read.", output.display()),
            "Choose another name, so that the original stays.",
        ));
    }
    Ok(())
}

/// Reads a list to its end. One that can't be read, or is no device list, is a failure: what comes
/// of several lists must not lack one of them.
pub(super) fn read(
    checker: &mut Checker,
    path: &Path,
    progress: &Progress,
    on: &mut impl FnMut(Event<'_>) -> Result<(), Failure>,
) -> Result<(String, Summary), Failure> {
    let input = Input::open(path)?;
    let mut told = Ok(());
    let reader = progress.reader(input.reader);
    let summary = checker.check(&input.name, reader, &mut |event| {
        if told.is_ok() {
            told = on(event);
        }
        if told.is_err() {
            // Nobody needs what would still come.
            progress.stop_on(&io::Result::<()>::Err(io::ErrorKind::Other.into()));
        }
    });
    told?;
    let summary = summary.map_err(|error| not_read(&input.name, &error))?;
    if !summary.is_usable() {
        return Err(Failure::new(
            format!("{} is not usable as a device list.", input.name),
            format!("Run enlist check {} to see why.", path.display()),
        ));
    }
    Ok((input.name, summary))
}

/// A bar over lists that are read so many times.
pub(super) fn progress<'a>(
    lists: impl IntoIterator<Item = &'a PathBuf>,
    times: u64,
    what: &str,
) -> Progress {
    let bytes: Option<u64> = lists.into_iter().map(|path| Input::size(path)).sum();
    Progress::over(bytes.map(|bytes| bytes * times), what, true)
}

/// Where the rows are that are left.
pub(super) fn left(rest: Option<&Path>, mended: &Mended) -> String {
    let Some(rest) = rest else {
        return String::new();
    };
    format!(
        "{} in {}, with codes and advice: mend them there, and give that file too.\n",
        what_is_left(mended),
        safe(&rest.display().to_string())
    )
}

/// How many rows and lines are left, up to the verb.
pub(super) fn what_is_left(mended: &Mended) -> String {
    let Mended {
        left_out, unread, ..
    } = *mended;
    let lines = |one, several| counted(unread, one, several);
    match (left_out, unread) {
        (rows, 0) => counted(rows, "row is", "rows are"),
        (0, _) => lines("line that can't be read is", "lines that can't be read are"),
        (rows, _) => format!(
            "{} and {} are",
            counted(rows, "row", "rows"),
            lines("line that can't be read", "lines that can't be read")
        ),
    }
}
