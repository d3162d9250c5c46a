//! EN06: A row's values against its hash.

use super::{Code, Entry, codes};

codes! {
    /// Leading zeros lost, proven by the hash.
    SERIAL_LOST_ZEROS = 601 Error "The serial number has lost its leading zeros",
        why "Spreadsheets drop them; the hash proves what they were.",
        fix "Write the serial number as the hash has it, or use the repaired list.";
    /// Row and hash name different serial numbers.
    SERIAL_DIFFERS = 602 Error "Serial number and hash belong to different devices",
        why "The hash carries another serial number.",
        fix "Find out which of the two is right.",
        accept "The hash counts: its serial number takes the place of the row's.";
    /// Row and hash name different manufacturers.
    MANUFACTURER_DIFFERS = 603 Error "Manufacturer and hash don't fit",
        why "The hash carries another manufacturer.",
        fix "Find out which of the two is right.",
        accept "The hash counts: its manufacturer takes the place of the row's, or the field is left empty.";
    /// Row and hash name different models.
    MODEL_DIFFERS = 604 Error "Model and hash don't fit",
        why "The hash carries another model.",
        fix "Find out which of the two is right.",
        accept "The hash counts: its model takes the place of the row's, or the field is left empty.";
    /// Row and hash name different PKIDs.
    PKID_DIFFERS = 605 Error "PKID and hash belong to different devices",
        why "The hash carries another PKID.",
        fix "Find out which of the two is right.",
        accept "The hash counts: its PKID takes the place of the row's.";
    /// Same serial number but for capitals or blanks.
    SERIAL_SPELLING = 606 Warning "The serial number is spelled differently in the hash",
        why "Values are compared exactly; capitals and blanks count.",
        fix "Write the serial number as the hash has it, or use the repaired list.";
    /// Leading zeros of the PKID lost, proven by the hash.
    PKID_LOST_ZEROS = 607 Error "The PKID has lost its leading zeros",
        why "Spreadsheets drop them; the hash proves what they were.",
        fix "Write the PKID as the hash has it, or use the repaired list.";
    /// Serial in scientific notation or with decimals, proven by the hash.
    SERIAL_FROM_NUMBER = 608 Error "A serial number that became a number, known from the hash",
        why "A spreadsheet turned it into scientific notation, or a program gave it decimals; the hash proves what it was.",
        fix "Write the serial number as the hash has it, or use the repaired list.";
    /// The firmware carries no real serial number, manufacturer or model.
    HASH_PLACEHOLDER = 609 Warning "The hash carries a placeholder",
        why "The firmware was never filled in, so the hash tells such devices apart by its other values only, if at all.",
        fix "Have the maker write serial number, manufacturer and model into the firmware.";
    /// A date, proven by the hash.
    SERIAL_FROM_DATE = 610 Error "A serial number that became a date, known from the hash",
        why "A spreadsheet took it for a date; the hash proves what it was.",
        fix "Write the serial number as the hash has it, or use the repaired list.";
    /// Last digits made zeros, proven by the hash.
    SERIAL_ROUNDED = 611 Error "A serial number that lost digits, known from the hash",
        why "A spreadsheet keeps 15 digits of a number; the hash proves the others.",
        fix "Write the serial number as the hash has it, or use the repaired list.";
    /// Manufacturer or model in another spelling than in the hash.
    DISPLAY_SPELLING = 612 Note "Spelled differently in the hash",
        why "The hash decides; manufacturer and model beside it are only for people to read.",
        fix "Nothing to do, or write them as the hash has them.";
    /// PKID in scientific notation, proven by the hash.
    PKID_FROM_NUMBER = 613 Error "A PKID that became a number, known from the hash",
        why "A spreadsheet turned it into scientific notation; the hash proves what it was.",
        fix "Write the PKID as the hash has it, or use the repaired list.";
    /// Hash and serial number are one row apart.
    ROWS_SHIFTED = 614 Error "The hash is the one of the row above or below",
        why "One column was sorted or moved by a row without the others.",
        fix "Take the rows anew from the source; each hash tells which device it belongs to.";
}
