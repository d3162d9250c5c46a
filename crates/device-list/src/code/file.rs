//! EN01: Files and encodings.

use super::{Code, Entry, codes};

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
        fix "Get the value anew from its source.",
        accept "The control characters are left out.";
    /// Lines end with a bare carriage return.
    LINE_ENDS = 109 Error "Lines end with CR only",
        why "Such a file is one long line to the original.",
        fix "Save with CRLF line ends, or use the repaired list.";
    /// Header, but no rows.
    NO_ROWS = 110 Error "No devices in the list",
        why "There is nothing to register.",
        fix "Add a row for each device.";
    /// NUL bytes between or behind the lines.
    NUL_BYTES = 111 Warning "NUL bytes in the file",
        why "A crash or a broken copy fills files with them; no text has them.",
        fix "Get the file anew from its source, or use the repaired list.";
    /// A picture, a PDF, a program: no list of any kind.
    NOT_TEXT = 112 Error "Not a text file",
        why "A device list is a text file of rows and commas.",
        fix "Export the list as CSV, or give the workbook itself (.xlsx or .ods).";
    /// A workbook where a text file is wanted.
    WORKBOOK = 113 Error "A workbook, not a CSV file",
        why "The original reads only text files; saved from a spreadsheet, values change.",
        fix "Use the repaired list: it is written from the workbook's cells as they are.";
    /// A workbook that can't be read, or is too large to be one.
    WORKBOOK_REFUSED = 114 Error "The workbook can't be read",
        why "It is damaged, protected by a password, of another kind, or grows beyond all bounds when unpacked.",
        fix "Save it anew as .xlsx or .ods without a password, or export the sheet as CSV.";
    /// More sheets with something in them.
    OTHER_SHEETS = 115 Note "The workbook has other sheets",
        why "Only one sheet is read; devices on the others are not in this list.",
        fix "Name the sheet to read (--sheet), one run for each sheet.";
    /// Some lines end one way, others another.
    MIXED_LINE_ENDS = 116 Warning "Two kinds of line ends",
        why "A merged file whose parts come from different systems; some programs take two lines for one.",
        fix "Save with CRLF line ends, or use the repaired list.";
    /// The last line stops in the middle.
    CUT_OFF = 117 Warning "The file may have been cut off",
        why "Its last line has no end and fewer fields than the others: the rest may be missing.",
        fix "Compare the last device with the source, and get the file anew if any are missing.";
    /// A line of a form, a letter, a web page.
    WEB_PAGE = 118 Error "A web page, not a device list",
        why "A download that asked for a sign-in saves the sign-in page under the list's name.",
        fix "Sign in, download the list again, and look into the file.";
    /// A workbook's rows that nobody sees.
    HIDDEN_ROWS = 119 Warning "Hidden rows",
        why "A filter or a hand hides them in the workbook; they are read like the others.",
        fix "Show all rows, and delete those that don't belong into the list.";
    /// A workbook's cells that several rows share.
    MERGED_CELLS = 120 Warning "Cells merged over rows",
        why "A merged cell has its value in its first row only; in the rows below it is empty.",
        fix "Unmerge the cells in the workbook and write the value into each row.";
}
