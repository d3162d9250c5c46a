//! Workbooks: the sheets of XLSX and ODS files, row by row, as device lists are sent in them.
//!
//! A workbook is a zip of XML parts. Both come from well-kept crates (`zip`, `quick-xml`); what
//! the parts mean is read here, because no ready-made reader could be held to limits: what is
//! packed in a few hundred bytes may ask for all memory there is. So a sheet is streamed, every
//! part is unpacked no further than [`WorkbookLimits`] allow, no length that a file states is
//! believed, and each number keeps the digits that the file holds.
//!
//! ```no_run
//! use device_list::workbook::{Workbook, WorkbookError, WorkbookLimits};
//!
//! # fn main() -> Result<(), WorkbookError> {
//! let file = std::fs::File::open("devices.xlsx")?;
//! let mut workbook = Workbook::open(file, &WorkbookLimits::default())?;
//! for row in workbook.sheet(None)? {
//!     let row = row?;
//!     println!("row {} has {} cells", row.number, row.cells.len());
//! }
//! # Ok(())
//! # }
//! ```

mod cell;
mod date;
mod error;
mod foreign;
mod limits;
mod merged;
mod number;
mod number_format;
mod ods;
mod ods_cell;
mod ods_rows;
mod package;
mod part;
mod relationships;
mod row;
mod sheet;
mod strings;
mod styles;
mod xlsx;
mod xlsx_rows;
mod xml;

use std::io::{Read, Seek};

pub use cell::{CellKind, SheetCell, SheetRow};
pub use error::{Limit, WorkbookError};
pub use foreign::{Foreign, is_workbook};
pub use limits::WorkbookLimits;
pub use merged::Merged;
pub use sheet::Sheet;

use package::Package;

/// Which of the two formats a workbook has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WorkbookKind {
    /// Excel since 2007, with or without macros (`.xlsx`, `.xlsm`, `.xltx`).
    Xlsx,
    /// `OpenDocument` (`.ods`, `.ots`).
    Ods,
}

/// A sheet's name, and whether the workbook hides it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetInfo {
    /// As it stands in the workbook.
    pub name: String,
    /// Not among the tabs that a person sees.
    pub hidden: bool,
}

/// An open workbook.
pub struct Workbook<'a> {
    package: Package<'a>,
    sheets: Vec<SheetInfo>,
    /// What the cells of an XLSX workbook refer to.
    book: Option<xlsx::Book>,
}

impl<'a> Workbook<'a> {
    /// Opens a workbook and lists its sheets. Of an XLSX workbook the texts that cells share are
    /// kept in memory; nothing else grows with its length.
    ///
    /// A file of another kind is refused by its name, one with a password as locked.
    pub fn open(
        mut input: impl Read + Seek + Send + 'a,
        limits: &WorkbookLimits,
    ) -> Result<Self, WorkbookError> {
        foreign::refuse_other(&mut input)?;
        let mut package = Package::open(input, limits)?;
        let (sheets, book) = if ods::is_ods(&mut package)? {
            (ods::open(&mut package)?, None)
        } else if let Some(part) = xlsx::main_part(&mut package)? {
            let (sheets, book) = xlsx::open(&mut package, &part)?;
            (sheets, Some(book))
        } else {
            return Err(WorkbookError::NotRead(foreign::name(&package)));
        };
        Ok(Self {
            package,
            sheets,
            book,
        })
    }

    /// Which format it has.
    pub fn kind(&self) -> WorkbookKind {
        match self.book {
            Some(_) => WorkbookKind::Xlsx,
            None => WorkbookKind::Ods,
        }
    }

    /// Its sheets of cells in their order, hidden ones too.
    pub fn sheets(&self) -> &[SheetInfo] {
        &self.sheets
    }

    /// A sheet by its name (of any case) or its number from 1, or else the first one that a person
    /// sees and in which something stands.
    pub fn sheet(&mut self, name_or_number: Option<&str>) -> Result<Sheet<'_>, WorkbookError> {
        let at = match name_or_number {
            Some(asked) => self.find(asked)?,
            None => self.first()?,
        };
        self.rows(at)
    }

    fn find(&self, asked: &str) -> Result<usize, WorkbookError> {
        let same = |name: &str| name.trim().to_lowercase() == asked.trim().to_lowercase();
        let mut sheets = self.sheets.iter();
        let by_name = sheets.position(|sheet| sheet.name == asked);
        by_name
            .or_else(|| self.sheets.iter().position(|sheet| same(&sheet.name)))
            .or_else(|| {
                let number: usize = asked.trim().parse().ok()?;
                (1..=self.sheets.len())
                    .contains(&number)
                    .then(|| number - 1)
            })
            .ok_or_else(|| WorkbookError::NoSuchSheet {
                asked: asked.to_string(),
                names: self.sheets.iter().map(|sheet| sheet.name.clone()).collect(),
            })
    }

    /// The first sheet that is seen and not empty, or else the first that is seen.
    fn first(&mut self) -> Result<usize, WorkbookError> {
        let mut seen: Vec<usize> = (0..self.sheets.len())
            .filter(|at| !self.sheets[*at].hidden)
            .collect();
        if seen.is_empty() {
            seen = (0..self.sheets.len()).collect();
        }
        let first = *seen.first().ok_or(WorkbookError::NoSheet)?;
        if seen.len() > 1 {
            for at in seen {
                // Damage is told when the sheet is read.
                if self.rows(at)?.next().is_some() {
                    return Ok(at);
                }
            }
        }
        Ok(first)
    }

    fn rows(&mut self, at: usize) -> Result<Sheet<'_>, WorkbookError> {
        let limits = *self.package.limits();
        Sheet::open(
            &self.sheets[at].name,
            at,
            &mut self.package,
            self.book.as_ref(),
            &limits,
        )
    }
}
