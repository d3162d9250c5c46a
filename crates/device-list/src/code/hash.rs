//! EN05: Hardware hashes.

use super::{Code, Entry, codes};

codes! {
    /// Not base64.
    HASH_NOT_BASE64 = 501 Error "The hash is not base64",
        why "A character that a hash never has shows that it was damaged, or that it is something else.",
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
        why "Blanks, the signs of a link or other letters got into it; its checksum proves the original text.",
        fix "Use the corrected hash, or the repaired list.";
    /// 128 bytes: the hash of Windows before 1709.
    HASH_NOT_4K = 513 Error "The short hash of an old Windows",
        why "Windows 10 up to 1703 wrote hashes of 128 bytes, which identify nothing here (HashNot4k).",
        fix "Update Windows and collect the hash again.",
        dds 802 "InvalidZtdHardwareHash";
    /// Hexadecimal, proven by the checksum.
    HASH_HEX = 514 Error "The hash is written in hexadecimal",
        why "It must be base64; its checksum proves that it is whole.",
        fix "Use the corrected hash, or the repaired list.";
    /// A virtual machine.
    HASH_VIRTUAL = 515 Note "A virtual machine",
        why "It can be registered; check that it is meant to be in the list.",
        fix "Nothing to do if it is for a test; leave it out if it got in by accident.";
    /// Less than managed devices need.
    HASH_UNSUPPORTED = 516 Note "Hardware below the requirements",
        why "Managed Desktop asks for TPM 2.0, 8 GB of memory, a disk of 128 GB that does not spin, and no ARM processor.",
        fix "Check the order: the device can be registered and may fail later.";
    /// Collected long ago.
    HASH_OLD = 517 Note "An old hash",
        why "It was collected years ago, or under a Windows that is long out of date; parts may have been replaced since.",
        fix "Collect it again if the device was repaired.";
    /// Collected in a setup environment.
    HASH_NOT_FULL_WINDOWS = 518 Note "Collected outside of Windows",
        why "In a setup or recovery environment drivers are missing, so the hash may lack network adapters or the TPM.",
        fix "Collect it again in the installed Windows if registering fails.";
    /// A UUID that many machines share.
    HASH_UUID_SHARED = 519 Note "A UUID that many machines share",
        why "The firmware was never given one of its own, so the device is known by its other identifiers only.",
        fix "Have the maker write the firmware's UUID.";
    /// 24 is there and is none.
    HASH_PKID_FORM = 520 Note "The hash carries no valid PKID",
        why "What stands in the place of the 13-digit PKID is something else.",
        fix "Nothing to do: the hash identifies the device without it.";
    /// Hashes in the list of a maker.
    HASH_NOT_TAKEN = 590 Error "No hashes here",
        why "An OEM registers by tuple or product key ID; hardware hashes are not accepted.",
        fix "Give manufacturer, model and serial number, or the product key ID, and leave the hash out.",
        accept "Manufacturer, model and serial number are taken from the hash, and the hash is left out.";
}
