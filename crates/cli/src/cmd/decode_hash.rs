//! `enlist decode-hash`: everything that a hardware hash says.

mod json;
mod list;
mod output;
mod source;
mod table;
mod words;
mod xml;

use std::io::{self, BufWriter, Write};

use clap::{Args, ValueEnum};
use device_list::{HashContents, HashError};

use crate::exit::{CODES, Exit, Failure};
use crate::terminal::counted;
use list::{Found, Pick};
use output::{Decoded, Place, Print};
use source::Given;

/// How the contents are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum Format {
    /// For people.
    #[default]
    Table,
    /// One JSON object; with --all one on each line.
    Json,
    /// The report that Microsoft's oa3tool prints; with --all several in one document.
    Xml,
}

/// Show what a hardware hash says about its device.
///
/// A hash is sensitive: it names serial numbers and network addresses. It stays on this machine.
/// A damaged hash is shown as far as it can be read.
#[derive(Debug, Args)]
#[command(after_help = format!("\
Examples:
  enlist decode-hash hash.txt
  enlist decode-hash --format json T0FsAAEAHAAAAAoA… | jq .serial
  enlist decode-hash devices.csv --row 3
  enlist decode-hash devices.csv --serial 0042 --format xml
  enlist decode-hash devices.csv --all --verify --format json | jq -c 'select(.verdict.right | not)'
  cut -d, -f3 devices.csv | sed -n 2p | enlist decode-hash --verify

{CODES}"))]
pub(crate) struct DecodeHash {
    /// The hash itself, a file that holds one, or a device list; standard input unless given.
    #[arg(value_name = "HASH|FILE", default_value = "-")]
    hash: String,

    #[command(flatten)]
    which: Which,

    /// How the contents are written.
    #[arg(long, value_enum, default_value_t)]
    format: Format,

    /// Say whether the hash is right, and which fields oa3tool's own validation would miss. Exit with
    /// 1 unless its checksum is whole and right, its records add up, and serial number and
    /// manufacturer are there.
    #[arg(long)]
    verify: bool,
}

/// Which hashes of a device list are meant.
#[derive(Debug, Args)]
#[group(multiple = false)]
struct Which {
    /// Of a device list, the hash in this row; the first row below the header is 1.
    #[arg(long, value_name = "NUMBER")]
    row: Option<u32>,

    /// Of a device list, the hash in this line of the file, as findings name it.
    #[arg(long, value_name = "NUMBER")]
    line: Option<u64>,

    /// Of a device list, the hash of the device with this serial number.
    #[arg(long, value_name = "NUMBER")]
    serial: Option<String>,

    /// Of a device list, all hashes, one after another.
    #[arg(long)]
    all: bool,
}

impl Which {
    fn pick(self) -> Pick {
        match self {
            Self { all: true, .. } => Pick::All,
            Self { row: Some(row), .. } => Pick::Row(row),
            Self {
                line: Some(line), ..
            } => Pick::Line(line),
            Self {
                serial: Some(serial),
                ..
            } => Pick::Serial(serial),
            _ => Pick::First,
        }
    }
}

/// How many hashes were shown, and how they are.
#[derive(Debug, Default)]
struct Tally {
    right: u64,
    damaged: u64,
    unreadable: u64,
}

impl DecodeHash {
    /// Reads the hashes and tells.
    pub(crate) fn run(self) -> Result<Exit, Failure> {
        let pick = self.which.pick();
        let out = BufWriter::new(io::stdout());
        let mut print = output::to(out, self.format, pick == Pick::All, self.verify);
        let tally = match source::open(&self.hash)? {
            Given::Hash(_) if pick != Pick::First => return Err(no_list(&self.hash)),
            Given::Hash(text) => one(&text, &mut *print)?,
            Given::List(input) => from_list(input, &pick, &mut *print)?,
        };
        print.end()?;
        if pick == Pick::All && self.verify {
            tally.say();
        }
        Ok(tally.exit(self.verify))
    }
}

/// Shows a hash that was given by itself.
fn one(text: &str, print: &mut dyn Print) -> Result<Tally, Failure> {
    let contents = HashContents::salvage(text).map_err(|error| unreadable(error, None))?;
    let mut tally = Tally::default();
    tally.show(&Decoded::new(None, Ok(contents)), print)?;
    Ok(tally)
}

/// Shows the picked hashes of a list.
fn from_list(
    input: crate::input::Input,
    pick: &Pick,
    print: &mut dyn Print,
) -> Result<Tally, Failure> {
    let mut tally = Tally::default();
    list::each(input, pick, &mut |found: Found<'_>| {
        let contents = HashContents::salvage(found.hash);
        if let (Err(error), true) = (&contents, *pick != Pick::All) {
            return Err(unreadable(*error, Some(found.place)));
        }
        tally.show(&Decoded::new(Some(found.place), contents), print)
    })?;
    Ok(tally)
}

impl Tally {
    fn say(&self) {
        let wrong = self.damaged + self.unreadable;
        let hashes = counted(self.right + wrong, "hash", "hashes");
        say(&format!(
            "{hashes}: {} right, {wrong} not right.",
            self.right
        ));
    }

    fn exit(&self, verify: bool) -> Exit {
        if self.right + self.damaged == 0 {
            Exit::Unusable
        } else if self.unreadable > 0 || (verify && self.damaged > 0) {
            Exit::Findings
        } else {
            Exit::Good
        }
    }

    fn show(&mut self, decoded: &Decoded, print: &mut dyn Print) -> Result<(), Failure> {
        match &decoded.contents {
            Ok(_) if decoded.faults.is_empty() => self.right += 1,
            Ok(_) => self.damaged += 1,
            Err(_) => self.unreadable += 1,
        }
        Ok(print.one(decoded)?)
    }
}

fn unreadable(error: HashError, place: Option<Place>) -> Failure {
    let what = place.map_or("This".to_owned(), |place| {
        format!("What stands in row {} (line {})", place.row, place.line)
    });
    Failure::new(
        format!("{what} is not a readable hardware hash: {error}."),
        "Collect the hash again; it begins with T0 and is about 4,000 characters long.",
    )
}

fn no_list(argument: &str) -> Failure {
    let what = match argument {
        "-" => "Standard input holds a single hash",
        _ => "That is a single hash",
    };
    Failure::new(
        format!("{what}; --row, --line, --serial and --all pick from a device list."),
        "Leave them out, or give the list.",
    )
}

/// Tells something beside the output; if standard error is closed there is nobody to tell.
fn say(text: &str) {
    let _ = writeln!(io::stderr(), "{}", crate::terminal::safe(text));
}
