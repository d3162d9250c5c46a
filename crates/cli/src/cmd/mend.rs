//! Mending a list into a file while it is read, whatever its length: for `enlist check --fix` and
//! `enlist convert`.

mod files;
mod ledger;
mod told;

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use device_list::{CheckOptions, Code, Mend, MendTarget, Mended, Mender, Severity, check_stream};

use crate::exit::{Exit, Failure};
use crate::input::progress::Progress;
use crate::input::{Input, not_read};
use crate::output::is_same;
use crate::report::Format;
use crate::terminal::stdout_is_terminal;
use files::{Parts, Rest, named};
use ledger::Ledger;
use told::Told;

/// A list to mend.
pub(super) struct Job<'a> {
    /// The list; `-` is standard input.
    pub(super) file: &'a Path,
    /// Where the mended list goes; `-` is standard output.
    pub(super) out: &'a Path,
    /// Where rows go that can't be mended; beside `out` unless given.
    pub(super) rest: Option<&'a Path>,
    /// What it is held against, and which guesses are accepted.
    pub(super) options: CheckOptions,
    /// What it is to look like.
    pub(super) target: MendTarget,
    /// Whether a list over the limit is written as several.
    pub(super) split: bool,
    /// How the changes are told: a table or JSON.
    pub(super) format: Format,
    /// The option that names `out`, for advice.
    pub(super) option: &'static str,
}

/// Everything that is written.
struct Desk {
    parts: Parts,
    rest: Rest,
    ledger: Ledger,
    splits: bool,
}

impl Job<'_> {
    /// Mends the list and tells every change. Good when what was written conforms and has every row;
    /// fails, and leaves no file, when the list is unusable.
    pub(super) fn run(self) -> Result<Exit, Failure> {
        let rest = self.rest_path();
        self.refuse(rest.as_deref())?;
        let (name, desk, mended) = self.mend_whole(rest)?;
        let Some(dialect) = mended.dialect else {
            return Err(Failure::new(
                format!("{name} can't be repaired: it is not usable as a device list."),
                format!("Run enlist check {name} to see why."),
            ));
        };
        let rest = desk.rest.close()?;
        // The rest first: no list ever stands there with rows missing that are nowhere.
        let left = rest.commit()?;
        let parts = desk.parts.commit(dialect, self.file)?;
        let told = Told {
            file: &name,
            written: self.out,
            parts: &parts,
            rest: left.as_deref(),
            dialect,
            mended,
        };
        // A list on standard output leaves no room there for anything else.
        let is_standard = |path: &Path| path.as_os_str() == "-";
        if is_standard(self.out) || self.rest.is_some_and(is_standard) {
            tell(&told, desk.ledger, &mut io::stderr().lock())?;
        } else {
            tell(&told, desk.ledger, &mut io::stdout().lock())?;
        }
        let whole = mended.is_whole();
        Ok(if whole { Exit::Good } else { Exit::Findings })
    }

    /// Mends the list; again where its header changes further down and another layout would have
    /// held every row. What has gone into a pipe can't be taken back: that is told.
    fn mend_whole(&self, rest: Option<PathBuf>) -> Result<(String, Desk, Mended), Failure> {
        let Input { name, reader, .. } = Input::open(self.file)?;
        let mut desk = self.desk(rest.clone())?;
        let mut mended = self.mend(reader, &name, self.target, &mut desk)?;
        if mended.outgrown_by.is_some() && self.file.is_file() && !self.is_stream() {
            let target = MendTarget {
                dialect: mended.outgrown_by,
                ..self.target
            };
            desk = self.desk(rest)?;
            mended = self.mend(Input::open(self.file)?.reader, &name, target, &mut desk)?;
        }
        Ok((name, desk, mended))
    }

    fn desk(&self, rest: Option<PathBuf>) -> Result<Desk, Failure> {
        let most = self.options.row_limit.filter(|_| self.split);
        let beside = (!self.is_stream()).then_some(self.out);
        let accepted = self.options.accept;
        Ok(Desk {
            parts: Parts::open(self.out, most)?,
            rest: Rest::open(rest)?,
            ledger: match self.format {
                Format::Json => Ledger::complete(accepted, beside)?,
                _ => Ledger::short(accepted),
            },
            splits: self.split,
        })
    }

    fn mend(
        &self,
        reader: Box<dyn io::Read + Send>,
        name: &str,
        target: MendTarget,
        desk: &mut Desk,
    ) -> Result<Mended, Failure> {
        let watched = self.out.as_os_str() != "-" || !stdout_is_terminal();
        let progress = Progress::over(Input::size(self.file), "Mending", watched);
        let mut mender = Mender::new(&self.mending(), target);
        let mut written = Ok(());
        let mut keep = |mend: Mend<'_>| {
            if written.is_ok() {
                written = desk.take(mend);
                // Nobody gets what would still come.
                progress.stop_on(&written);
            }
        };
        let mut rows = 0;
        let reader = progress.reader(reader);
        let summary = check_stream(reader, &self.options, &mut |event| {
            if let device_list::Event::Row(_) = event {
                rows += 1;
                progress.rows(rows);
            }
            mender.take(event, &mut keep);
        });
        progress.end();
        match summary {
            Ok(summary) => mender.end_file(&summary, &mut keep),
            Err(error) => return Err(not_read(name, &error)),
        }
        written?;
        Ok(mender.mended())
    }

    /// Lists that are split are as long as they may be.
    fn mending(&self) -> CheckOptions {
        let limit = self.options.row_limit.filter(|_| !self.split);
        CheckOptions {
            row_limit: limit,
            ..self.options.clone()
        }
    }

    /// Where the rest goes; nowhere beside what is no file.
    fn rest_path(&self) -> Option<PathBuf> {
        match self.rest {
            Some(rest) => Some(rest.to_owned()),
            None if self.is_stream() => None,
            None => Some(named(self.out, "rest", Some("csv"))),
        }
    }

    /// Whether the mended list goes to standard output, a pipe or a device.
    fn is_stream(&self) -> bool {
        let special = |path: &Path| path.exists() && !path.is_file();
        self.out.as_os_str() == "-" || special(self.out)
    }

    fn refuse(&self, rest: Option<&Path>) -> Result<(), Failure> {
        if !matches!(self.format, Format::Table | Format::Json) {
            return Err(Failure::new(
                "Changes are told as a table or as JSON.",
                "Leave --format out, or give --format json.",
            ));
        }
        if self.split && self.options.row_limit.is_none() {
            return Err(Failure::new(
                "There is no limit to split the list at.",
                "Give --limit, or leave --split out.",
            ));
        }
        if self.split && self.is_stream() && !self.out.is_dir() {
            return Err(Failure::new(
                "Only a file can be split into several.",
                format!(
                    "Give {} the name of a file, or leave --split out.",
                    self.option
                ),
            ));
        }
        let is_source = |path: &Path| self.file.as_os_str() != "-" && is_same(path, self.file);
        if is_source(self.out) {
            return Err(Failure::new(
                "The repaired list would overwrite the list it is made from.",
                format!(
                    "Give {} another name, so that the original stays.",
                    self.option
                ),
            ));
        }
        match rest {
            Some(rest) if is_source(rest) || is_same(rest, self.out) => Err(Failure::new(
                format!(
                    "The rest file {} would overwrite the list, or the repaired one.",
                    rest.display()
                ),
                "Give --rest another name.",
            )),
            _ => Ok(()),
        }
    }
}

impl Desk {
    fn take(&mut self, mend: Mend<'_>) -> Result<(), Failure> {
        match mend {
            Mend::Row(row) => return self.parts.row(&row),
            Mend::Change(change) => self.ledger.change(change)?,
            Mend::Left(left) => {
                self.rest.row(&left)?;
                self.ledger.left(&left)?;
            }
            // Its length is put right.
            Mend::Finding(finding) if self.splits && finding.code == Code::ROW_LIMIT => {}
            Mend::Finding(finding) if finding.severity == Severity::Note => {}
            Mend::Finding(finding) => self.ledger.unmended(finding)?,
        }
        Ok(())
    }
}

fn tell(told: &Told<'_>, ledger: Ledger, to: &mut impl Write) -> io::Result<()> {
    told.tell(ledger, to)?;
    to.flush()
}
