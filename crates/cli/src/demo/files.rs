//! Lists to try things with, written to a folder.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use device_list::{Dialect, SampleKind};
use serde_json::json;

use super::lists;
use crate::exit::Failure;
use crate::mistakes;

/// Another sequence of devices than the story's.
const MISTAKES_SEED: u64 = 42;
/// Devices in the list with mistakes.
const MISTAKES_COUNT: u64 = 20;

/// The files, each with something to do.
pub(crate) struct DemoFiles {
    /// A list without a fault.
    pub(crate) good: PathBuf,
    /// A list with the five kinds of mistakes.
    pub(crate) mistakes: PathBuf,
    /// Hashes, for a customer's own registration.
    pub(crate) own: PathBuf,
    /// What a device sends when it asks: JSON.
    pub(crate) ask: PathBuf,
}

impl DemoFiles {
    /// Writes them all.
    pub(crate) fn write(folder: &Path) -> Result<Self, Failure> {
        let folder = std::path::absolute(folder)?;
        let files = Self {
            good: folder.join("good.csv"),
            mistakes: folder.join("with-mistakes.csv"),
            own: folder.join("own-hashes.csv"),
            ask: folder.join("device.json"),
        };
        let good = lists::partner_list("good.csv", SampleKind::Hash, 400..420)?;
        let own = lists::list(
            "own-hashes.csv",
            Dialect::Intune,
            SampleKind::Hash,
            420..430,
        )?;
        let ask = json!({ "hardwareHash": lists::device(0).fresh_hash(9).to_padded_text() });
        let mut spoilt = Vec::new();
        let kind = SampleKind::Hash;
        let dialect = Dialect::PartnerCenter;
        let written =
            mistakes::write_list(dialect, kind, MISTAKES_SEED, MISTAKES_COUNT, &mut spoilt)
                .and_then(|()| fs::create_dir_all(&folder))
                .and_then(|()| fs::write(&files.good, good.bytes))
                .and_then(|()| fs::write(&files.mistakes, spoilt))
                .and_then(|()| fs::write(&files.own, own.bytes))
                .and_then(|()| fs::write(&files.ask, ask.to_string()));
        written.map_err(|error: io::Error| {
            Failure::new(
                format!(
                    "The sample lists can't be written to {}: {error}.",
                    folder.display()
                ),
                "Give --files a folder that you may write to.",
            )
        })?;
        Ok(files)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use device_list::{Channel, CheckOptions, Code, check};

    #[test]
    fn the_files_are_what_they_are_called() {
        let folder = tempfile::tempdir().unwrap();
        let files = DemoFiles::write(folder.path()).unwrap();
        let checked = |file, channel| {
            check(
                &fs::read(file).unwrap(),
                &CheckOptions {
                    channel,
                    row_limit: Some(1000),
                    ..CheckOptions::default()
                },
            )
        };
        let good = checked(&files.good, Channel::PartnerCenter);
        assert!(
            good.is_conforming() && good.rows.len() == 20,
            "{:?}",
            good.findings
        );
        let own = checked(&files.own, Channel::CustomerOwn);
        assert!(
            own.is_conforming() && own.rows.len() == 10,
            "{:?}",
            own.findings
        );
        let spoilt = checked(&files.mistakes, Channel::PartnerCenter);
        assert!(
            spoilt
                .findings
                .iter()
                .any(|finding| finding.code == Code::SERIAL_LOST_ZEROS)
        );
    }
}
