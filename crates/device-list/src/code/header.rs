//! EN02: Headers.

use super::{Code, Entry, codes};

codes! {
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
    /// What Intune, Endpoint Analytics or another console exports.
    DEVICE_EXPORT = 214 Error "An export of devices, not a device list",
        why "Consoles export what they know of devices under other headers, without the hash, and no portal takes that back.",
        fix "Its identifiers are used as far as they go; use the repaired list for them.";
    /// The report of Configuration Manager.
    REPORT_LAYOUT = 215 Error "A Configuration Manager report",
        why "The report viewer puts lines of its own on top and repeats the column names in each row.",
        fix "Use the repaired list: the names become the header and the rest goes.";
    /// A list for Android zero-touch, `ChromeOS`, Knox or Apple.
    OTHER_PROGRAMME = 216 Error "A list for another programme",
        why "Android zero-touch, ChromeOS, Samsung Knox and Apple know devices by other identifiers; nothing of it can be registered here.",
        fix "Upload it in that programme's own portal, and send the list of the Windows devices here.";
    /// Serial numbers and nothing else.
    SERIALS_ONLY = 217 Error "Serial numbers alone",
        why "A serial number is unique only together with manufacturer and model.",
        fix "Add manufacturer and model (they may be the same in every row), or send hashes or PKIDs.";
    /// The old name of the group tag.
    ORDER_ID = 218 Warning "An Order ID column",
        why "Group tags were called order IDs until May 2019; today's layouts have no such column.",
        fix "Write the value under Group Tag, or use the repaired list.";
    /// Another header further down.
    HEADER_CHANGES = 219 Error "Another header further down",
        why "Lists of different layouts were put together; every line below the first must be a device.",
        fix "Send the parts as lists of their own, or use the repaired list.";
    /// A column's name with a slip in it.
    HEADER_MISSPELT = 220 Error "A misspelt header",
        why "Headers must match exactly; this one is a column's name but for a letter or two.",
        fix "Write the header exactly as in the sample, or use the repaired list.";
}
