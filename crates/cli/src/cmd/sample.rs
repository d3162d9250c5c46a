//! `enlist sample`: synthetic device lists, the same for the same seed.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueEnum};
use device_list::{Column, Dialect, SampleKind, sample};

use crate::exit::{Exit, Failure};
use crate::mistakes;
use crate::output::is_standard;

/// What the rows identify their devices by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// Serial number and hardware hash.
    Hash,
    /// Manufacturer, model and serial number.
    Tuple,
    /// Product key ID.
    Pkid,
}

/// Write a list of invented devices, in any layout and of any length.
///
/// The same seed gives the same devices. Their hardware hashes are valid; none is of a real device.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  enlist sample
  enlist sample --kind tuple --count 500 -o devices.csv
  enlist sample --dialect intune --count 10 --seed 7 -o hashes.csv
  enlist sample --mistakes | enlist check -")]
pub(crate) struct Sample {
    /// The layout.
    #[arg(long, default_value = Dialect::PartnerCenter.name(), value_parser = dialects())]
    dialect: Dialect,

    /// What the rows identify their devices by; a hash unless the layout has no column for it.
    #[arg(long, value_enum)]
    kind: Option<Kind>,

    /// How many devices.
    #[arg(long, default_value_t = 20, value_name = "ROWS")]
    count: u64,

    /// Another number gives other devices.
    #[arg(long, default_value_t = 1)]
    seed: u64,

    /// Plant the five kinds of mistakes that people make most.
    #[arg(long)]
    mistakes: bool,

    /// The file to write; standard output unless given.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

impl Sample {
    /// Writes the list.
    pub(crate) fn run(self) -> Result<Exit, Failure> {
        let kind = self.kind()?;
        if self.mistakes && self.count < mistakes::FEWEST {
            return Err(Failure::new(
                format!("{} devices are too few for all the mistakes.", self.count),
                format!("Give --count {} or more.", mistakes::FEWEST),
            ));
        }
        let Some(file) = self.output.as_ref().filter(|file| !is_standard(file)) else {
            let mut out = BufWriter::new(io::stdout());
            self.write(kind, &mut out)?;
            out.flush()?;
            return Ok(Exit::Good);
        };
        let refused = |error: io::Error| {
            Failure::new(
                format!("{} can't be written: {error}.", file.display()),
                "Give -o a place that you may write to.",
            )
        };
        let mut out = BufWriter::new(File::create(file).map_err(refused)?);
        self.write(kind, &mut out)
            .and_then(|()| out.flush())
            .map_err(refused)?;
        Ok(Exit::Good)
    }

    fn write(&self, kind: SampleKind, out: &mut impl Write) -> io::Result<()> {
        if self.mistakes {
            return mistakes::write_list(self.dialect, kind, self.seed, self.count, out);
        }
        let count = usize::try_from(self.count).unwrap_or(usize::MAX);
        sample::list(self.dialect, kind, self.seed, count, out)
    }

    fn kind(&self) -> Result<SampleKind, Failure> {
        let (kind, column) = match self.kind {
            None if self.dialect.has(Column::Hash) => return Ok(SampleKind::Hash),
            None => return Ok(SampleKind::Tuple),
            Some(Kind::Hash) => (SampleKind::Hash, Column::Hash),
            Some(Kind::Tuple) => (SampleKind::Tuple, Column::Manufacturer),
            Some(Kind::Pkid) => (SampleKind::Pkid, Column::Pkid),
        };
        if self.dialect.has(column) {
            return Ok(kind);
        }
        Err(Failure::new(
            format!(
                "The layout {} has no column for a {}.",
                self.dialect.name(),
                column.name()
            ),
            "Choose another --kind, or --dialect partner-center, which has all of them.",
        ))
    }
}

/// Reads the name of a layout, and names all of them in the help.
pub(super) fn dialects() -> impl TypedValueParser<Value = Dialect> {
    PossibleValuesParser::new(Dialect::ALL.map(Dialect::name))
        .try_map(|name| Dialect::from_name(&name).ok_or("not a layout"))
}
