//! The table of finding codes: stable, grouped by what they are about.
//!
//! EN01 file and encoding, EN02 header, EN03 form of a row, EN04 identifiers, EN05 hardware hash,
//! EN06 across the columns of a row, EN07 across rows. A number is never used for something else.

use std::fmt;

use crate::finding::Severity;

/// A finding code such as `EN0402`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(u16);

/// One line of the table.
struct Entry {
    code: Code,
    text: &'static str,
    severity: Severity,
    title: &'static str,
    why: &'static str,
    fix: &'static str,
    dds: Option<(u16, &'static str)>,
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $number:literal $severity:ident $title:literal,
        why $why:literal, fix $fix:literal $(, dds $dds:literal $dds_name:literal)?;)*) => {
        impl Code {
            $($(#[$doc])* pub const $name: Self = Self($number);)*

            /// Every code, in order.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];
        }

        static TABLE: &[Entry] = &[$(Entry {
            code: Code($number),
            text: concat!("EN0", stringify!($number)),
            severity: Severity::$severity,
            title: $title,
            why: $why,
            fix: $fix,
            dds: codes!(@dds $($dds $dds_name)?),
        }),*];
    };
    (@dds) => { None };
    (@dds $dds:literal $name:literal) => { Some(($dds, $name)) };
}

impl Code {
    /// `EN0402`.
    pub fn as_str(self) -> &'static str {
        self.entry().text
    }

    /// The code with that text.
    pub fn from_text(text: &str) -> Option<Self> {
        TABLE
            .iter()
            .find(|entry| entry.text == text)
            .map(|entry| entry.code)
    }

    /// A few words: what it is.
    pub fn title(self) -> &'static str {
        self.entry().title
    }

    /// How bad it usually is.
    pub fn severity(self) -> Severity {
        self.entry().severity
    }

    /// Why there is such a rule.
    pub fn why(self) -> &'static str {
        self.entry().why
    }

    /// What to do about it in general.
    pub fn fix_hint(self) -> &'static str {
        self.entry().fix
    }

    /// The code and name under which the original's back end reports the same (registration.md
    /// 8.1).
    pub fn dds(self) -> Option<(u16, &'static str)> {
        self.entry().dds
    }

    fn entry(self) -> &'static Entry {
        // Every value is one of the constants, so the search always ends at its entry.
        let at = TABLE
            .binary_search_by_key(&self, |entry| entry.code)
            .unwrap_or_default();
        &TABLE[at]
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl serde::Serialize for Code {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

codes! {
    /// Nothing in the file.
    EMPTY_FILE = 101 Error "The file is empty",
        why "There is nothing to register.",
        fix "Choose the file that holds the device list.";
    /// UTF-8 with a byte-order mark.
    UTF8_MARK = 102 Warning "UTF-8 with a byte-order mark",
        why "Only ANSI text is allowed; the mark in front of the first header is not.",
        fix "Save as ANSI, or use the repaired list.";
    /// UTF-16 with a byte-order mark, as the collecting script writes it.
    UTF16 = 103 Warning "UTF-16 (\"Unicode\") text",
        why "Only ANSI text is allowed.",
        fix "Save as ANSI, or use the repaired list.";
    /// UTF-16 that nothing announces.
    UTF16_UNMARKED = 104 Error "UTF-16 text without a byte-order mark",
        why "Only ANSI text is allowed.",
        fix "Save as ANSI, or use the repaired list.";
    /// Letters outside ASCII written as UTF-8.
    UTF8_TEXT = 105 Error "UTF-8 text",
        why "Only ANSI text is allowed; read as ANSI, these letters turn into others.",
        fix "Save as ANSI, or use the repaired list.";
    /// Some lines UTF-8, some Windows-1252.
    MIXED_ENCODINGS = 106 Warning "Two encodings in one file",
        why "A merged file whose parts were saved differently shows wrong letters somewhere.",
        fix "Look at the letters outside A to Z and save the file once as ANSI.";
    /// A character that Windows-1252 does not have.
    NOT_ANSI = 107 Error "A character that ANSI text does not have",
        why "Only ANSI text is allowed.",
        fix "Write the value as the maker's firmware has it.";
    /// A control character or NUL in a value.
    CONTROL_CHARACTER = 108 Error "A control character in a value",
        why "It was not typed: the file was damaged or is no text.",
        fix "Get the value anew from its source.";
    /// Lines end with a bare carriage return.
    LINE_ENDS = 109 Error "Lines end with CR only",
        why "Such a file is one long line to the original.",
        fix "Save with CRLF line ends, or use the repaired list.";
    /// Header, but no rows.
    NO_ROWS = 110 Error "No devices in the list",
        why "There is nothing to register.",
        fix "Add a row for each device.";

    /// No header line.
    HEADER_MISSING = 201 Error "The header line is missing",
        why "The first line must name the columns, exactly.",
        fix "Put the header line on top.";
    /// A first line that is no known header.
    HEADER_UNKNOWN = 202 Error "The header is not one of a device list",
        why "The columns can't be told apart.",
        fix "Start from the sample list and copy the values into it.";
    /// Right words, wrong capitals.
    HEADER_CASE = 203 Error "Wrong capitals in a header",
        why "Headers are case-sensitive.",
        fix "Write the header exactly as in the sample, or use the repaired list.";
    /// Another known name for a column.
    HEADER_SYNONYM = 204 Error "Another name for a column",
        why "Headers must match exactly.",
        fix "Write the header exactly as in the sample, or use the repaired list.";
    /// Columns in another order.
    HEADER_ORDER = 205 Error "Columns in another order",
        why "The order of the columns is fixed.",
        fix "Put the columns in the order of the sample, or use the repaired list.";
    /// A column that the layout does not have.
    EXTRA_COLUMN = 206 Error "Extra column",
        why "Extra columns are not supported.",
        fix "Delete the column, or use the repaired list.";
    /// A column that the layout has and the file has not.
    MISSING_COLUMN = 207 Error "Missing column",
        why "All columns must be there, empty ones too.",
        fix "Add the column, or use the repaired list.";
    /// A layout that belongs to another way of registering.
    OTHER_LAYOUT = 208 Warning "The layout of another portal",
        why "Partner Center and Intune want different columns.",
        fix "Use the layout of the sample, or use the repaired list.";
    /// The same column twice.
    DUPLICATE_COLUMN = 209 Error "The same column twice",
        why "It is not clear which of the two counts.",
        fix "Delete one of the two columns.";
    /// Quotes in the header.
    HEADER_QUOTES = 210 Error "Quotes in the header",
        why "Quotes are not supported.",
        fix "Remove the quotes, or use the repaired list.";
    /// Blanks around a header.
    HEADER_BLANKS = 211 Error "Blanks around a header",
        why "Headers must match exactly.",
        fix "Remove the blanks, or use the repaired list.";
    /// Lines above the header.
    TEXT_ABOVE_HEADER = 212 Error "Lines above the header",
        why "The header must be the first line.",
        fix "Delete the lines above the header, or use the repaired list.";
    /// Semicolons or tabs between the columns.
    SEPARATOR = 213 Error "Columns are not separated by commas",
        why "Excel writes semicolons or tabs in many countries; only commas are supported.",
        fix "Replace the separators by commas, or use the repaired list.";

    /// A line too long to be a row.
    LINE_TOO_LONG = 301 Error "The line is too long",
        why "No row of a device list is that long; the file is damaged or no device list.",
        fix "Get the file anew from its source.";
    /// An empty line.
    BLANK_ROW = 302 Error "Blank row",
        why "Every line below the header must be a device.",
        fix "Delete the line, or use the repaired list.";
    /// A line of commas only.
    ROW_OF_COMMAS = 303 Error "Row of commas",
        why "Excel leaves such rows behind; every line must be a device.",
        fix "Delete the line, or use the repaired list.";
    /// The header again further down.
    HEADER_REPEATED = 304 Error "The header again",
        why "Merged files leave headers behind; every line must be a device.",
        fix "Delete the line, or use the repaired list.";
    /// Quoted values.
    QUOTES = 305 Error "Quotes",
        why "Quotes are not supported.",
        fix "Remove the quotes, or use the repaired list.";
    /// A quote that opens or closes in the wrong place.
    QUOTE_UNCLOSED = 306 Error "A stray quote",
        why "Where the value ends can't be told; quotes are not supported.",
        fix "Remove the quotes from the line.";
    /// A comma inside a quoted value.
    COMMA_IN_VALUE = 307 Error "A comma in a value",
        why "A comma can't occur in any value, because quotes are not supported.",
        fix "Write the value without the comma, exactly as the maker reported it.";
    /// More fields than columns.
    EXTRA_FIELDS = 308 Error "More fields than columns",
        why "Extra columns are not supported; a comma inside a value looks the same.",
        fix "Remove the extra commas.";
    /// Fewer fields than columns.
    MISSING_FIELDS = 309 Error "Fewer fields than columns",
        why "The commas of empty columns must stay.",
        fix "Add the missing commas, or use the repaired list.";
    /// Blanks or invisible characters around a value.
    BLANKS = 310 Error "Blanks around a value",
        why "Values are compared exactly; blanks and invisible characters make them differ.",
        fix "Remove the blanks, or use the repaired list.";

    /// None of the six combinations.
    NO_COMBINATION = 401 Error "No accepted combination of identifiers",
        why "A device is identified by a hash (alone or with PKID, serial number or both), by a \
             PKID alone, or by manufacturer, model and serial number together.",
        fix "Complete the row to one of the accepted combinations.",
        dds 803 "MissingZtdSerialNumberAndProductKey";
    /// Not a 13-digit PKID.
    PKID_FORM = 402 Error "Not a PKID",
        why "A PKID has exactly 13 digits. It stands on the box's label and on the certificate card.",
        fix "Take the 13-digit number from the label, or leave the field empty.",
        dds 803 "MissingZtdSerialNumberAndProductKey";
    /// A filler instead of a real value.
    PLACEHOLDER = 403 Error "A placeholder instead of a value",
        why "Firmware carries such texts when nobody filled in the real value; many devices share them.",
        fix "Use the hardware hash or the PKID, or get the real value from the supplier.",
        dds 803 "MissingZtdSerialNumberAndProductKey";
    /// A serial number that a spreadsheet turned into a number.
    SERIAL_AS_NUMBER = 404 Error "A serial number that became a number",
        why "A spreadsheet turned it into scientific notation and dropped digits.",
        fix "Take the serial number anew from its source, and don't edit lists in a spreadsheet.";
    /// Manufacturer and model in a Partner Center row that has a hash.
    BESIDE_HASH = 405 Warning "Manufacturer or model beside a hash",
        why "It is not one of the six accepted combinations: the hash carries both itself.",
        fix "Leave both empty, or use the repaired list.";
    /// Too long, or a character that no identifier has.
    VALUE_FORM = 406 Error "Not a value of this column",
        why "SMBIOS values are short, printable texts.",
        fix "Take the value anew from its source.";
    /// No hash where only hashes count.
    HASH_MISSING = 407 Error "The hardware hash is missing",
        why "Customers register their own devices by hardware hash only.",
        fix "Collect the hash on the device, or ask the partner who sold it to register it.",
        dds 802 "InvalidZtdHardwareHash";
    /// Not a user name.
    ASSIGNED_USER_FORM = 408 Warning "Not a user name",
        why "A wrong user makes the device unusable until it is removed; a user name looks like name@domain.",
        fix "Write the user's sign-in name, or leave the field empty.";

    /// Not base64.
    HASH_NOT_BASE64 = 501 Error "The hash is not base64",
        why "A character that a hash never has shows that it was damaged.",
        fix "Collect the hash again; never edit it.",
        dds 802 "InvalidZtdHardwareHash";
    /// No `=` at the end.
    HASH_PADDING = 502 Error "The hash lacks its padding",
        why "Devices write it without the \"=\" at the end; the original wants it.",
        fix "Add the padding, or use the repaired list.";
    /// Some other base64.
    HASH_NO_MAGIC = 503 Error "Not a hardware hash",
        why "Every hardware hash begins with the letters T0.",
        fix "Check that the columns are in the right order, and collect the hash again.",
        dds 802 "InvalidZtdHardwareHash";
    /// Ends inside its content.
    HASH_CONTENT_CUT = 504 Error "The hash is cut short",
        why "Part of its content is missing: the file or the cell was cut off.",
        fix "Collect the hash again.",
        dds 802 "InvalidZtdHardwareHash";
    /// No checksum behind the content.
    HASH_TRAILER_MISSING = 505 Error "The hash has lost its checksum",
        why "Without it nobody can tell whether the hash is whole.",
        fix "Collect the hash again.",
        dds 802 "InvalidZtdHardwareHash";
    /// Some checksum bytes lost, the others right.
    HASH_TRAILER_CUT = 506 Warning "The hash has lost the end of its checksum",
        why "What is left of the checksum proves that the content is whole.",
        fix "Use the corrected hash, or the repaired list.";
    /// Some checksum bytes lost, and the others prove nothing or differ.
    HASH_TRAILER_BROKEN = 507 Error "The hash's checksum is cut short and proves nothing",
        why "What is left of the checksum is too little or does not fit the content.",
        fix "Collect the hash again.",
        dds 802 "InvalidZtdHardwareHash";
    /// Whole checksum that does not fit.
    HASH_DIGEST = 508 Error "The hash's checksum does not fit",
        why "The content was changed after the device wrote it.",
        fix "Collect the hash again; never edit it.",
        dds 802 "InvalidZtdHardwareHash";
    /// Inner structure broken.
    HASH_RECORDS = 509 Error "The hash is damaged inside",
        why "Its records don't add up to its length.",
        fix "Collect the hash again.",
        dds 802 "InvalidZtdHardwareHash";
    /// Serial number or manufacturer empty inside.
    HASH_EMPTY_INSIDE = 510 Error "The hash has no serial number or manufacturer",
        why "The device's firmware was never filled in; the original refuses such a hash.",
        fix "Have the maker write the firmware's serial number and manufacturer, then collect again.",
        dds 802 "InvalidZtdHardwareHash";
    /// Something behind the checksum.
    HASH_REST = 511 Warning "Text behind the end of the hash",
        why "The hash is whole, and something that does not belong to it follows.",
        fix "Use the corrected hash, or the repaired list.";
    /// Blanks or the URL alphabet, proven by the checksum.
    HASH_ALPHABET = 512 Error "The hash's text was altered on the way",
        why "Blanks or other letters got into it; its checksum proves the original text.",
        fix "Use the corrected hash, or the repaired list.";

    /// Leading zeros lost, proven by the hash.
    SERIAL_LOST_ZEROS = 601 Error "The serial number has lost its leading zeros",
        why "Spreadsheets drop them; the hash proves what they were.",
        fix "Write the serial number as the hash has it, or use the repaired list.";
    /// Row and hash name different serial numbers.
    SERIAL_DIFFERS = 602 Error "Serial number and hash belong to different devices",
        why "The hash carries another serial number.",
        fix "Find out which of the two is right.";
    /// Row and hash name different manufacturers.
    MANUFACTURER_DIFFERS = 603 Error "Manufacturer and hash don't fit",
        why "The hash carries another manufacturer.",
        fix "Find out which of the two is right.";
    /// Row and hash name different models.
    MODEL_DIFFERS = 604 Error "Model and hash don't fit",
        why "The hash carries another model.",
        fix "Find out which of the two is right.";
    /// Row and hash name different PKIDs.
    PKID_DIFFERS = 605 Error "PKID and hash belong to different devices",
        why "The hash carries another PKID.",
        fix "Find out which of the two is right.";
    /// Same serial number but for capitals or blanks.
    SERIAL_SPELLING = 606 Warning "The serial number is spelled differently in the hash",
        why "Values are compared exactly; capitals and blanks count.",
        fix "Write the serial number as the hash has it, or use the repaired list.";
    /// Leading zeros of the PKID lost, proven by the hash.
    PKID_LOST_ZEROS = 607 Error "The PKID has lost its leading zeros",
        why "Spreadsheets drop them; the hash proves what they were.",
        fix "Write the PKID as the hash has it, or use the repaired list.";
    /// Serial in scientific notation, proven by the hash.
    SERIAL_FROM_NUMBER = 608 Error "A serial number that became a number, known from the hash",
        why "A spreadsheet turned it into scientific notation; the hash proves what it was.",
        fix "Write the serial number as the hash has it, or use the repaired list.";
    /// The firmware carries no real serial number.
    HASH_PLACEHOLDER = 609 Warning "The hash carries no real serial number",
        why "The firmware was never filled in, so the hash alone can't tell such devices apart.",
        fix "Have the maker write the serial number into the firmware.";

    /// The same row again.
    DUPLICATE_ROW = 701 Error "The same row again",
        why "Of a device that is listed twice, one is processed and the other fails (ZtdDeviceDuplicated).",
        fix "Delete the line, or use the repaired list.";
    /// The same device in another row.
    DUPLICATE_DEVICE = 702 Error "The same device again",
        why "Of a device that is listed twice, one is processed and the other fails (ZtdDeviceDuplicated).",
        fix "Delete one of the two lines.";
    /// More rows than one list may have.
    ROW_LIMIT = 703 Error "Too many devices in one list",
        why "One list has a published limit.",
        fix "Split the list.";
}
