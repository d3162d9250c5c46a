//! The zip around a workbook.

use std::collections::BTreeMap;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use zip::ZipArchive;
use zip::result::ZipError;

use super::error::{Limit, WorkbookError, damaged, from_io};
use super::limits::{SMALL_PART, WorkbookLimits};
use super::part::{Allowance, Part};
use super::xml::Xml;

/// What the directory of a zip may take for each entry that is allowed: twice what it needs.
const DIRECTORY_ENTRY: u64 = 256;
/// What may be read besides, in search of the directory.
const SEARCH: u64 = 1 << 20;

/// Bytes that can be read from anywhere.
pub(super) trait Input: Read + Seek {}
impl<T: Read + Seek> Input for T {}

/// The parts of a workbook by name.
pub(super) struct Package<'a> {
    archive: ZipArchive<Metered<'a>>,
    /// Names as [`folded`], with their places in the archive.
    names: BTreeMap<String, usize>,
    length: u64,
    /// Bytes that may still be unpacked.
    left: u64,
    limits: WorkbookLimits,
}

impl<'a> Package<'a> {
    /// Reads the directory, and no more of it than the limits allow.
    pub(super) fn open(
        mut input: impl Read + Seek + Send + 'a,
        limits: &WorkbookLimits,
    ) -> Result<Self, WorkbookError> {
        let length = input.seek(SeekFrom::End(0))?;
        let left = Arc::new(AtomicU64::new(
            limits.entries.saturating_mul(DIRECTORY_ENTRY) + SEARCH,
        ));
        let metered = Metered {
            input: BufReader::new(Box::new(input)),
            left: Arc::clone(&left),
        };
        let archive = ZipArchive::new(metered).map_err(|error| {
            if left.load(Ordering::Relaxed) == 0 {
                limits.error(Limit::Entries)
            } else {
                from_zip(error)
            }
        })?;
        left.store(u64::MAX, Ordering::Relaxed);
        limits.check(Limit::Entries, archive.len() as u64)?;
        let names = (0..archive.len())
            .filter_map(|at| {
                let name = archive.name_for_index(at)?.ok()?;
                Some((folded(&name), at))
            })
            .collect();
        Ok(Self {
            archive,
            names,
            length,
            left: limits.unpacked,
            limits: *limits,
        })
    }

    pub(super) fn limits(&self) -> &WorkbookLimits {
        &self.limits
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.names.contains_key(&folded(name))
    }

    /// Whether a part's name ends so.
    pub(super) fn has_ending(&self, ending: &str) -> bool {
        self.names.keys().any(|name| name.ends_with(ending))
    }

    /// The beginning of a part that is not XML.
    pub(super) fn beginning(&mut self, name: &str) -> Result<Option<Vec<u8>>, WorkbookError> {
        /// Enough for any media type.
        const LENGTH: u64 = 256;
        let Some(part) = self.part(name, SMALL_PART)? else {
            return Ok(None);
        };
        let mut bytes = Vec::new();
        part.take(LENGTH).read_to_end(&mut bytes).map_err(from_io)?;
        Ok(Some(bytes))
    }

    /// A part that is small in any honest workbook.
    pub(super) fn small_xml(&mut self, name: &str) -> Result<Option<Xml<'_>>, WorkbookError> {
        Ok(self.part(name, SMALL_PART)?.map(Xml::new))
    }

    /// A part that can be as large as all limits together allow.
    pub(super) fn large_xml(&mut self, name: &str) -> Result<Xml<'_>, WorkbookError> {
        let part = self.part(name, u64::MAX)?;
        part.map(Xml::new).ok_or_else(|| damaged("it is missing"))
    }

    fn part(&mut self, name: &str, most: u64) -> Result<Option<Part<'_>>, WorkbookError> {
        let Some(at) = self.names.get(&folded(name)) else {
            return Ok(None);
        };
        let entry = self.archive.by_index(*at).map_err(from_zip)?;
        let allowance = Allowance {
            limits: &self.limits,
            part: most,
            packed: entry.compressed_size().min(self.length),
        };
        Ok(Some(Part::new(Box::new(entry), allowance, &mut self.left)))
    }
}

/// Names are compared without case; some programs write `\` and a `/` in front.
fn folded(name: &str) -> String {
    let slashes = name.replace('\\', "/");
    slashes.trim_start_matches('/').to_lowercase()
}

fn from_zip(error: ZipError) -> WorkbookError {
    match error {
        ZipError::Io(error) => from_io(error),
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) | ZipError::InvalidPassword => {
            WorkbookError::Locked
        }
        ZipError::CompressionMethodNotSupported(_) => {
            damaged("it is packed in a way that spreadsheet programs don't use")
        }
        _ => damaged("its zip is broken or cut short"),
    }
}

/// Counts what the search for the directory reads: a made-up directory can be as long as the file.
struct Metered<'a> {
    input: BufReader<Box<dyn Input + Send + 'a>>,
    left: Arc<AtomicU64>,
}

impl Read for Metered<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.left.load(Ordering::Relaxed);
        if left == 0 {
            return Err(io::Error::other("refused"));
        }
        let read = self.input.read(buffer)?;
        self.left
            .store(left.saturating_sub(read as u64), Ordering::Relaxed);
        Ok(read)
    }
}

impl Seek for Metered<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.input.seek(to)
    }
}
