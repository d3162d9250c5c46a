//! EN07: Across rows and files.

use super::{Code, Entry, codes};

codes! {
    /// The same row again.
    DUPLICATE_ROW = 701 Error "The same row again",
        why "Of a device that is listed twice, one is processed and the other fails (ZtdDeviceDuplicated).",
        fix "Delete the line, or use the repaired list.";
    /// The same device in another row.
    DUPLICATE_DEVICE = 702 Error "The same device again",
        why "Of a device that is listed twice, one is processed and the other fails (ZtdDeviceDuplicated).",
        fix "Delete one of the two lines.",
        accept "The first row stays.";
    /// More rows than one list may have.
    ROW_LIMIT = 703 Error "Too many devices in one list",
        why "One list has a published limit.",
        fix "Split the list.";
    /// One machine, two hashes.
    TWO_HASHES = 704 Error "Two hashes of one device",
        why "The hash changes each time it is collected; one of the two is enough, and the second fails (ZtdDeviceDuplicated).",
        fix "Keep the newer one.",
        accept "The first one stays.";
    /// One serial number, two models.
    SERIAL_TWO_MODELS = 705 Warning "One serial number on two models",
        why "Serial numbers of different makers can be alike, but in one list it is mostly a slip.",
        fix "Compare both rows with the devices.";
    /// The same device with two tags.
    TAGS_CONFLICT = 706 Error "The same device with two group tags",
        why "A device has one group tag; which of the two is meant can't be told.",
        fix "Decide which tag the device gets, and delete the other row.",
        accept "The first row stays.";
    /// The same device in another file.
    IN_OTHER_FILE = 707 Error "The same device in another file",
        why "Of a device that is sent twice, one is registered and the other fails.",
        fix "Delete the row from one of the two files.",
        accept "The first one stays.";
    /// One PKID, two machines.
    PKID_TWICE = 708 Error "One PKID on two devices",
        why "A PKID belongs to one device; one of the two rows has the wrong one.",
        fix "Compare both with the labels.";
}
