//! `enlist decode-hash`: everything that a hardware hash says.

use std::io::{self, BufWriter, Write};
use std::path::Path;

use clap::{Args, ValueEnum};
use comfy_table::Cell;
use device_list::hardware_hash::uuid_text;
use device_list::{DigestState, HardwareHash, HashContents};
use serde_json::Value;

use crate::exit::{CODES, Exit, Failure};
use crate::input::Input;
use crate::terminal::{print, safe, table};

/// Characters of a record in the table.
const SHOWN: usize = 240;

/// How the contents are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum Format {
    /// For people.
    #[default]
    Table,
    /// For programs.
    Json,
}

/// Show what a hardware hash says about its device.
///
/// A hash is sensitive: it names serial numbers and network addresses. It stays on this machine.
#[derive(Debug, Args)]
#[command(after_help = format!("\
Examples:
  enlist decode-hash hash.txt
  enlist decode-hash --format json T0FsAAEAHAAAAAoA… | jq .serial
  cut -d, -f3 devices.csv | sed -n 2p | enlist decode-hash --verify

{CODES}"))]
pub(crate) struct DecodeHash {
    /// The hash itself, or a file that holds one; standard input unless given.
    #[arg(value_name = "HASH|FILE", default_value = "-")]
    hash: String,

    /// How the contents are written.
    #[arg(long, value_enum, default_value_t)]
    format: Format,

    /// Exit with 1 unless the checksum is whole and right, and serial number and manufacturer are there.
    #[arg(long)]
    verify: bool,
}

impl DecodeHash {
    /// Reads the hash and tells.
    pub(crate) fn run(self) -> Result<Exit, Failure> {
        let text = text_of(&self.hash)?;
        let contents = HashContents::inspect(&text).map_err(|error| {
            Failure::new(
                format!("This is not a readable hardware hash: {error}."),
                "Collect the hash again; it begins with T0 and is about 4,000 characters long.",
            )
        })?;
        let mut out = BufWriter::new(io::stdout());
        match self.format {
            Format::Table => tell(&contents, &mut out)?,
            Format::Json => {
                serde_json::to_writer_pretty(&mut out, &contents).map_err(io::Error::from)?;
                writeln!(out)?;
            }
        }
        out.flush()?;
        let is_whole =
            HardwareHash::from_text(&text).is_ok_and(|hash| hash.digest() == DigestState::Verified);
        Ok(if self.verify && !is_whole {
            Exit::Findings
        } else {
            Exit::Good
        })
    }
}

/// The hash's text: the argument itself, or what the file of that name holds.
fn text_of(argument: &str) -> Result<String, Failure> {
    let path = Path::new(argument);
    // No file system has names as long as a hash; asking it about one would be an error.
    let is_file = argument == "-" || (argument.len() < 255 && path.exists());
    if !is_file && (argument.starts_with("T0") || argument.len() >= 255) {
        return Ok(argument.to_owned());
    }
    let bytes = Input::open(path)?.bytes()?;
    let text = String::from_utf8_lossy(&bytes);
    Ok(text
        .trim_matches(|c: char| c.is_whitespace() || c == '"' || c == '\u{feff}')
        .to_owned())
}

fn tell(contents: &HashContents, out: &mut impl Write) -> io::Result<()> {
    let uuid = contents.smbios_uuid.map(uuid_text).unwrap_or_default();
    let version = |known: Option<_>| {
        known.map_or(String::new(), |v: device_list::hardware_hash::Version| {
            v.to_string()
        })
    };
    let mut facts = table(["Device", ""]);
    for (name, value) in [
        ("Manufacturer", contents.manufacturer.as_str()),
        ("Model", &contents.model),
        ("Serial number", &contents.serial),
        ("PKID", &contents.pkid),
        ("SMBIOS UUID", &uuid),
        ("Tool version", &version(contents.tool_version)),
        ("Windows version", &version(contents.os_version)),
        ("Checksum", &checksum(contents.digest)),
        (
            "Behind the checksum",
            if contents.rest {
                "something that does not belong to it"
            } else {
                ""
            },
        ),
    ] {
        if !value.is_empty() {
            facts.add_row([Cell::new(name), Cell::new(safe(value))]);
        }
    }
    print(&facts, out)?;
    let mut records = table(["Record", "Value"]);
    for record in &contents.records {
        let said = serde_json::to_value(record)?;
        let name = said["record"]
            .as_str()
            .unwrap_or_default()
            .replace('_', " ");
        records.add_row([Cell::new(name), Cell::new(shown(&flat(&said["value"])))]);
    }
    print(&records, out)
}

fn checksum(digest: DigestState) -> String {
    match digest {
        DigestState::Verified => "whole and right".to_owned(),
        DigestState::CutShort { missing } => {
            format!("{missing} of 32 bytes are lost; the rest proves the content")
        }
        DigestState::Mismatch => "does not fit the content: it was changed".to_owned(),
        DigestState::Missing => "missing, so nothing proves the content".to_owned(),
    }
}

/// A record's value in a line: `capacity 476, bus 17`.
fn flat(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Object(fields) => {
            let parts = fields
                .iter()
                .map(|(name, value)| format!("{} {}", name.replace('_', " "), flat(value)));
            parts.collect::<Vec<_>>().join(", ")
        }
        Value::Array(values) => values.iter().map(flat).collect::<Vec<_>>().join(" "),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

fn shown(text: &str) -> String {
    let text = safe(text);
    let length = text.chars().count();
    if length <= SHOWN {
        return text;
    }
    let start: String = text.chars().take(SHOWN).collect();
    format!("{start}… ({length} characters)")
}
