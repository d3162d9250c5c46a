//! Device lists: identifiers, hardware hashes, dialects, findings and repair.
//!
//! Pure: no async, no network, no files beyond [`std::io::Read`] and [`std::io::Write`].
//!
//! ```
//! use device_list::{CheckOptions, check, repair};
//!
//! let bytes = b"Manufacturer,Model,Serial Number\nContoso,Book 13,0042\n\n";
//! let list = check(bytes, &CheckOptions::default());
//! assert!(!list.is_conforming()); // the blank row
//! assert_eq!(list.rows.len(), 1);
//! let repaired = repair(&list).bytes;
//! assert_eq!(repaired, b"Manufacturer,Model,Serial Number\r\nContoso,Book 13,0042\r\n");
//! ```

pub mod cells;
pub mod check;
pub mod code;
mod content;
pub mod dialect;
pub mod diff;
pub mod edit;
pub mod encoding;
mod excerpt;
mod fields;
pub mod finding;
pub mod hardware_hash;
mod header;
pub mod identification;
pub mod identifier;
pub mod identity_key;
mod placeholder;
mod product_key;
pub mod repair;
pub mod rest;
pub mod sample;
mod source;
pub mod workbook;
pub mod writer;

pub use cells::Cells;
pub use check::{
    Channel, CheckOptions, CheckedList, CheckedRow, Checker, Event, RowRef, Summary, UnreadLine,
    check, check_cells, check_rows, check_slice, check_stream,
};
pub use code::{Code, CodeSet};
pub use dialect::{Column, Dialect};
pub use diff::{Aspect, DiffSummary, Differ, Fate, IdentifiedBy, Listed, Met};
pub use encoding::Encoding;
pub use finding::{Excerpt, Finding, Severity};
pub use hardware_hash::{DigestState, HardwareHash, HashBuilder, HashContents, HashError, Record};
pub use identification::Identification;
pub use identifier::{IdentifierError, Manufacturer, Model, Pkid, SerialNumber, Tuple};
pub use identity_key::IdentityKey;
pub use repair::{
    Change, LeftLine, LeftRow, Mend, MendTarget, Mended, MendedRow, Mender, RepairedList, RowForm,
    repair,
};
pub use rest::{Remarks, RestEncoding, RestWriter, encode_rest};
pub use sample::{SampleDevice, SampleDevices, SampleKind};
pub use writer::{ListWriter, WriteError, write_list, write_rows};
