//! What was changed: before and after, for each certain finding.

use serde::Serialize;

use crate::code::Code;
use crate::dialect::Column;
use crate::finding::{Finding, display_safe};

/// One change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Line in the list as sent, from 1; 0 is the whole file.
    pub line: u64,
    /// Which column, when it is about one value.
    pub field: Option<Column>,
    /// What stood there, safe to show; never a hash.
    pub before: String,
    /// What stands there now, safe to show; never a hash. Empty when it was dropped.
    pub after: String,
    /// The finding that called for it.
    pub code: Code,
}

/// What is said in the place of a hash.
const HASH_AS_SENT: &str = "(the hash as sent)";

impl Change {
    /// What is done about a certain finding.
    pub(super) fn of(finding: &Finding) -> Self {
        let hash = finding.field == Some(Column::Hash);
        let before = match &finding.found {
            Some(found) => found.clone(),
            None if hash => HASH_AS_SENT.into(),
            None => finding.code.title().into(),
        };
        let after = match &finding.corrected {
            Some(_) if hash => "(the hash put right)".into(),
            Some(corrected) => display_safe(corrected),
            None => outcome(finding.code).into(),
        };
        Self {
            line: finding.line,
            field: finding.field,
            before,
            after,
            code: finding.code,
        }
    }

    /// A value is left out, because the layout has no place for it.
    pub(super) fn dropped(line: u64, column: Column, value: &str) -> Self {
        let beside_hash = matches!(column, Column::Manufacturer | Column::Model);
        Self {
            line,
            field: Some(column),
            before: match column {
                Column::Hash => HASH_AS_SENT.into(),
                _ => display_safe(value),
            },
            after: String::new(),
            code: if beside_hash {
                Code::BESIDE_HASH
            } else {
                Code::EXTRA_COLUMN
            },
        }
    }

    /// A row without a group tag gets the list's.
    pub(super) fn tagged(line: u64, tag: &str) -> Self {
        Self {
            line,
            field: Some(Column::GroupTag),
            before: String::new(),
            after: display_safe(tag),
            code: Code::GROUP_TAG_DIFFERS,
        }
    }
}

/// What stands in the mended list where no single value was replaced; nothing where a line went.
fn outcome(code: Code) -> &'static str {
    match code {
        Code::UTF8_MARK | Code::UTF16 | Code::UTF16_UNMARKED | Code::UTF8_TEXT => "ANSI text",
        Code::LINE_ENDS | Code::MIXED_LINE_ENDS => "CRLF line ends",
        Code::NUL_BYTES => "no NUL bytes",
        Code::WORKBOOK => "a text file",
        Code::HEADER_MISSING
        | Code::HEADER_ORDER
        | Code::OTHER_LAYOUT
        | Code::DEVICE_EXPORT
        | Code::REPORT_LAYOUT
        | Code::ORDER_ID => "the exact header",
        Code::HEADER_CHANGES => "one header for all rows",
        Code::HEADER_QUOTES | Code::QUOTES | Code::QUOTE_UNCLOSED => "no quotes",
        Code::DUPLICATE_COLUMN => "one column",
        Code::MISSING_COLUMN => "an empty column",
        Code::SEPARATOR | Code::OTHER_SEPARATOR => "commas",
        Code::EXTRA_FIELDS => "no extra fields",
        Code::MISSING_FIELDS => "empty fields added",
        Code::VALUE_ON_TWO_LINES => "one line",
        Code::BESIDE_HASH => "manufacturer and model left empty",
        _ => "",
    }
}
