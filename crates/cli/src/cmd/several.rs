//! What merge, split and diff share: which lists they take, how they read them, and the rows that
//! are left.

use std::fs;
use std::io::{self, BufReader, BufWriter, Seek as _, Write};
use std::path::{Path, PathBuf};
use std::thread;

use clap::ValueEnum;
use comfy_table::Cell;
use device_list::{
    Channel, CheckOptions, Checker, Event, LeftRow, RestWriter, Summary, encode_rest,
};
use registration::group_tag;

use crate::exit::{Failure, say};
use crate::input::progress::Progress;
use crate::input::{Input, not_read};
use crate::output::Output;
use crate::terminal::{counted, print, ruled_table, safe};

/// Rows that are left of which the summary says something; the rest file has them all.
const SHOWN: usize = 20;

/// Which way of registering a list is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Way {
    /// A partner registers for a customer: hash, PKID or tuple; 1,000 devices a list.
    PartnerCenter,
    /// A customer imports its own devices: hashes only; 500 devices a list.
    Intune,
    /// An OEM: tuple or PKID, no hashes; 1,000 devices a list.
    Oem,
    /// enlist itself: every layout, every identifier, and lists of any length.
    Enlist,
}

impl Way {
    /// Its identifiers, layouts and limit.
    pub(super) fn channel(self) -> Channel {
        match self {
            Self::PartnerCenter => Channel::PartnerCenter,
            Self::Intune => Channel::Intune,
            Self::Oem => Channel::Oem,
            Self::Enlist => Channel::Enlist,
        }
    }

    /// Options for lists that are for it.
    pub(super) fn options(self) -> CheckOptions {
        let channel = self.channel();
        CheckOptions {
            channel,
            row_limit: channel.row_limit(),
            threads: thread::available_parallelism().map_or(1, std::num::NonZero::get),
            ..CheckOptions::default()
        }
    }
}

/// A group tag of the catalogue, to the letter.
pub(super) fn tag(text: &str) -> Result<String, group_tag::GroupTagError> {
    group_tag::parse(text).map(|known| known.tag.to_owned())
}

/// Whether a path is standard input or output.
pub(super) fn is_standard(path: &Path) -> bool {
    path.as_os_str() == "-"
}

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
    let real = |path: &Path| fs::canonicalize(path).ok();
    let output_is = real(output);
    if output_is.is_some() && lists.iter().any(|list| real(list) == output_is) {
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

/// `OUT-rest.csv` beside `OUT.csv`.
pub(super) fn rest_beside(out: &Path) -> PathBuf {
    numbered(out, "rest")
}

/// `OUT-PART.csv` beside `OUT.csv`, whether or not the name has its ending.
pub(super) fn numbered(out: &Path, part: &str) -> PathBuf {
    let is_list = |ending: &&std::ffi::OsStr| {
        ["csv", "txt"]
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

/// The rows that are left, for a file that is mended by hand.
pub(super) struct Rest {
    path: PathBuf,
    writer: Option<RestWriter<BufWriter<fs::File>>>,
    /// Where the first of them are, and why.
    shown: Vec<[String; 3]>,
    rows: u64,
}

impl Rest {
    /// Nothing is left so far.
    pub(super) fn new(path: PathBuf) -> Self {
        Self {
            path,
            writer: None,
            shown: Vec::new(),
            rows: 0,
        }
    }

    /// Takes a row of the list of that name.
    pub(super) fn row(&mut self, left: &LeftRow<'_>, list: &str) -> io::Result<()> {
        self.rows += 1;
        if self.shown.len() < SHOWN {
            self.shown.push(reason(left, list));
        }
        let writer = match &mut self.writer {
            Some(writer) => writer,
            none => none.insert(RestWriter::new(BufWriter::new(tempfile::tempfile()?))),
        };
        writer.row(left, Some(list))
    }

    /// Ends it: the file, if there is something to put in it, ready to be committed.
    pub(super) fn end(&mut self) -> Result<Option<Output>, Failure> {
        let Some(writer) = self.writer.take() else {
            if self.path.is_file() {
                say(&format!(
                    "{} is of an earlier run; nothing is left this time.",
                    self.path.display()
                ));
            }
            return Ok(None);
        };
        let (rows, encoding) = writer.end()?;
        let mut rows = rows.into_inner().map_err(io::IntoInnerError::into_error)?;
        rows.rewind()?;
        let mut output = Output::open(Some(&self.path))?;
        encode_rest(BufReader::new(rows), &mut output, encoding)?;
        Ok(Some(output))
    }

    /// Names the first of them, and the file that has all.
    pub(super) fn tell(&self, to: &mut impl Write) -> io::Result<()> {
        if self.rows == 0 {
            return Ok(());
        }
        writeln!(to, "Left, because mending them would be a guess:")?;
        let mut table = ruled_table(["Row", "Code", "Cause"]);
        for row in &self.shown {
            table.add_row(row.iter().map(|text| Cell::new(safe(text))));
        }
        print(&table, to)?;
        let rows = counted(self.rows, "row is", "rows are");
        writeln!(
            to,
            "{rows} in {}, with codes and advice: mend them there, and give that file too.",
            safe(&self.path.display().to_string())
        )
    }
}

fn reason(left: &LeftRow<'_>, list: &str) -> [String; 3] {
    let place = format!("{list}:{}", left.row.line());
    let first = left.reasons().next();
    let code = first.map(|finding| finding.code.to_string());
    let cause = first.map(|finding| finding.cause.clone());
    [place, code.unwrap_or_default(), cause.unwrap_or_default()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_named_after_the_whole() {
        for (out, expected) in [
            ("a/all.csv", "a/all-rest.csv"),
            ("all.TXT", "all-rest.TXT"),
            ("all", "all-rest.csv"),
            ("v1.2", "v1.2-rest.csv"),
        ] {
            assert_eq!(rest_beside(Path::new(out)), Path::new(expected));
        }
    }
}
