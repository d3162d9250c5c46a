//! EN03: The form of a row.

use super::{Code, Entry, codes};

codes! {
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
        fix "Remove the quotes from the line.",
        accept "The quotation marks are left out.";
    /// A comma inside a quoted value.
    COMMA_IN_VALUE = 307 Error "A comma in a value",
        why "A comma can't occur in any value, because quotes are not supported.",
        fix "Write the value without the comma if the maker does; a value that has one can't stand in a list: use the hardware hash or the PKID then.",
        accept "A blank takes the comma's place.";
    /// More fields than columns.
    EXTRA_FIELDS = 308 Error "More fields than columns",
        why "Extra columns are not supported; a comma inside a value looks the same.",
        fix "Remove the extra commas.",
        accept "Where the manufacturer reads like a company's name that a comma splits (VMware, Inc.), a blank \
            takes the comma's place; else the fields beyond the columns are left out.";
    /// Fewer fields than columns.
    MISSING_FIELDS = 309 Error "Fewer fields than columns",
        why "The commas of empty columns must stay.",
        fix "Add the missing commas, or use the repaired list.";
    /// Blanks or invisible characters around a value.
    BLANKS = 310 Error "Blanks around a value",
        why "Values are compared exactly; blanks and invisible characters make them differ.",
        fix "Remove the blanks, or use the repaired list.";
    /// `="0042"`, as spreadsheets are made to keep zeros.
    FORMULA_TEXT = 311 Error "A formula around a value",
        why "It keeps a spreadsheet from changing the value, or computes it; here it becomes part of it.",
        fix "Write the value alone, or use the repaired list.";
    /// Words, not devices.
    TEXT_LINE = 312 Error "A line of text",
        why "Samples carry lines that explain them; every line below the header must be a device.",
        fix "Delete the line, or use the repaired list.";
    /// A line end inside quotes.
    VALUE_ON_TWO_LINES = 313 Error "A value with a line break",
        why "A device is one line; quotes that would hold the break are not supported.",
        fix "Write the value in one line, or use the repaired list.",
        accept "A blank takes the place of the line break.";
    /// The row has another separator than the header.
    OTHER_SEPARATOR = 314 Error "Another separator than in the header",
        why "A merged file mixes the separators of its parts; only commas are supported.",
        fix "Replace the separators by commas, or use the repaired list.";
    /// `#N/A`, `#REF!`, `#####`.
    SPREADSHEET_ERROR = 315 Error "A spreadsheet's error instead of a value",
        why "A formula failed, or the column was too narrow, and that was saved as the value.",
        fix "Get the value anew from its source.";
    /// A no-break space or a run of blanks inside.
    BLANKS_INSIDE = 316 Warning "Odd blanks inside a value",
        why "A no-break space or two blanks look like one blank and are not the same to the original.",
        fix "Write one plain blank where the maker has one.",
        accept "Each run of blanks becomes one plain blank.";
    /// Curly quotes, long dashes, letters of another alphabet.
    AUTOCORRECTED = 317 Error "A letter that only looks right",
        why "Word processors and other alphabets put signs in that look like plain ones and are not the same.",
        fix "Type the value anew, exactly as the maker reported it.",
        accept "The plain letter takes the place of the look-alike.";
    /// An apostrophe that tells a spreadsheet to leave the value alone.
    APOSTROPHE = 318 Error "An apostrophe in front of a value",
        why "It tells a spreadsheet to leave the value alone; here it becomes part of it.",
        fix "Write the value without it.",
        accept "The apostrophe is left out.";
}
