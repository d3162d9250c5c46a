//! Files that look like a workbook and are none that can be read, by their right names.

use std::fmt;
use std::io::{self, Read, Seek, SeekFrom};

use super::error::WorkbookError;
use super::package::Package;

/// A zip begins so; the second is an empty one.
const ZIP: [&[u8]; 2] = [b"PK\x03\x04", b"PK\x05\x06"];
/// A compound file begins so: old office documents, and new ones behind a password.
const COMPOUND: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";

/// What a file is that is not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Foreign {
    /// Excel 97 to 2003.
    OldExcel,
    /// Excel's binary workbook of today.
    BinaryExcel,
    /// Apple's Numbers, or Pages or Keynote: they can't be told apart without reading them.
    Apple,
    /// A text document, a presentation, a drawing.
    OtherDocument,
    /// A zip with no document that is known.
    Zip,
    /// A compound file with no document that is known.
    Compound,
    /// None of these.
    Unknown,
}

impl fmt::Display for Foreign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::OldExcel => "a workbook of Excel 97 to 2003 (.xls)",
            Self::BinaryExcel => "a binary workbook (.xlsb)",
            Self::Apple => "a document of Apple's Numbers, Pages or Keynote",
            Self::OtherDocument => "an office document that is not a workbook",
            Self::Zip => "a zip archive with no workbook in it",
            Self::Compound => "an old office document that is not a workbook",
            Self::Unknown => "not a workbook",
        })
    }
}

/// Whether a file that begins so is no text: [`super::Workbook::open`] reads it, or says what it
/// is. Eight bytes are enough.
pub fn is_workbook(first_bytes: &[u8]) -> bool {
    first_bytes.starts_with(COMPOUND) || ZIP.iter().any(|magic| first_bytes.starts_with(magic))
}

/// Refuses what is not a zip, by name.
pub(super) fn refuse_other(input: &mut (impl Read + Seek)) -> Result<(), WorkbookError> {
    let mut head = Vec::new();
    input.seek(SeekFrom::Start(0))?;
    input.take(512).read_to_end(&mut head)?;
    if head.starts_with(COMPOUND) {
        return Err(compound(&head, input)?);
    }
    if is_workbook(&head) {
        Ok(())
    } else {
        Err(WorkbookError::NotRead(Foreign::Unknown))
    }
}

/// Tells compound files apart by the names in the first sectors of their directory.
fn compound(head: &[u8], input: &mut (impl Read + Seek)) -> io::Result<WorkbookError> {
    /// Where the header says how large a sector is (as a power of two), and in which one the
    /// directory begins.
    const SECTOR_POWER: usize = 30;
    const DIRECTORY: usize = 48;
    /// The directory's first sectors mostly follow each other.
    const LENGTH: u64 = 4096;

    let (Some(power), Some(sector)) = (head.get(SECTOR_POWER), head.get(DIRECTORY..DIRECTORY + 4))
    else {
        return Ok(WorkbookError::NotRead(Foreign::Compound));
    };
    let sector = sector
        .iter()
        .rev()
        .fold(0, |number: u64, byte| number << 8 | u64::from(*byte));
    input.seek(SeekFrom::Start((sector + 1) << power.min(&16)))?;
    let mut directory = Vec::new();
    input.take(LENGTH).read_to_end(&mut directory)?;
    let names = |name: &str| {
        let wide: Vec<u8> = name
            .encode_utf16()
            .chain([0])
            .flat_map(u16::to_le_bytes)
            .collect();
        memchr::memmem::find(&directory, &wide).is_some()
    };
    Ok(if names("EncryptedPackage") {
        WorkbookError::Locked
    } else if names("Workbook") || names("Book") {
        WorkbookError::NotRead(Foreign::OldExcel)
    } else {
        WorkbookError::NotRead(Foreign::Compound)
    })
}

/// Names a package that holds no workbook that can be read.
pub(super) fn name(package: &Package<'_>) -> Foreign {
    if package.has("xl/workbook.bin") {
        Foreign::BinaryExcel
    } else if package.has_ending(".iwa") || package.has("index.zip") {
        Foreign::Apple
    } else if package.has("mimetype") || package.has("[content_types].xml") {
        Foreign::OtherDocument
    } else {
        Foreign::Zip
    }
}
