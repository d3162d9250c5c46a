//! EN04: Identifiers and the other values of a row.

use super::{Code, Entry, codes};

codes! {
    /// None of the six combinations.
    NO_COMBINATION = 401 Error "No accepted combination of identifiers",
        why "A device is identified by a hash (alone or with PKID, serial number or both), by a \
             PKID alone, or by manufacturer, model and serial number together.",
        fix "Complete the row to one of the accepted combinations.",
        accept "Where there is a PKID, it stays alone: serial number, manufacturer and model beside it are left out.",
        dds 803 "MissingZtdSerialNumberAndProductKey";
    /// Not a 13-digit PKID.
    PKID_FORM = 402 Error "Not a PKID",
        why "A PKID has exactly 13 digits. It stands on the box's label and on the certificate card.",
        fix "Take the 13-digit number from the label, or leave the field empty.",
        accept "The 13 digits that stand in it are taken, beside a hash the hash's own; without such, the field beside a hash is left empty.",
        dds 803 "MissingZtdSerialNumberAndProductKey";
    /// A filler instead of a real value.
    PLACEHOLDER = 403 Error "A placeholder instead of a value",
        why "Firmware carries such texts when nobody filled in the real value; many devices share them, so they identify none.",
        fix "Use the hardware hash or the PKID, or get the real value from the supplier.",
        dds 803 "MissingZtdSerialNumberAndProductKey";
    /// A serial number that a spreadsheet turned into a number.
    SERIAL_AS_NUMBER = 404 Error "A serial number that became a number",
        why "A spreadsheet turned it into scientific notation and dropped digits, or a program gave it decimals.",
        fix "Take the serial number anew from its source, and don't edit lists in a spreadsheet.",
        accept "The digits are written out, where none is missing.";
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
        fix "Write the user's sign-in name, or leave the field empty.",
        accept "The sign-in name inside takes its place, without what stands around it.";
    /// `00329-00000-00003-AA606`.
    PKID_PRODUCT_ID = 409 Error "A Windows product ID instead of a PKID",
        why "It names the edition and the installation, not the device. The column's header is misleading: it wants the PKID.",
        fix "Take the 13-digit PKID from the label, or leave the field empty.",
        dds 803 "MissingZtdSerialNumberAndProductKey";
    /// `XXXXX-XXXXX-XXXXX-XXXXX-XXXXX`.
    PKID_PRODUCT_KEY = 410 Error "A product key instead of a PKID",
        why "A product key is a secret that activates Windows; it must not be in a list.",
        fix "Delete it, and take the 13-digit PKID from the label or leave the field empty.",
        dds 803 "MissingZtdSerialNumberAndProductKey";
    /// 12 digits.
    PKID_TWELVE_DIGITS = 411 Error "A PKID with 12 digits",
        why "A PKID has 13 digits; spreadsheets drop a leading zero.",
        fix "Compare with the label.",
        accept "A zero is put in front; where the hash beside it has a PKID, that one is taken.",
        dds 803 "MissingZtdSerialNumberAndProductKey";
    /// `3.30561E+12`.
    PKID_AS_NUMBER = 412 Error "A PKID that became a number",
        why "A spreadsheet turned it into scientific notation and dropped digits.",
        fix "Take the 13-digit PKID from the label.",
        accept "A zero is put in front of 12 digits; where digits are missing, the hash's PKID takes its place, or the field beside a hash is left empty.",
        dds 803 "MissingZtdSerialNumberAndProductKey";
    /// 15 digits with an IMEI's check digit.
    SERIAL_IS_IMEI = 413 Warning "An IMEI instead of a serial number",
        why "Phones and modems are known by it; a computer's firmware has another serial number.",
        fix "Take the serial number from the firmware or the label.";
    /// Six pairs of hexadecimal digits.
    SERIAL_IS_MAC = 414 Warning "A network address instead of a serial number",
        why "A MAC address belongs to an adapter, not to the device's firmware.",
        fix "Take the serial number from the firmware or the label.";
    /// A value under the wrong header.
    COLUMNS_SWAPPED = 415 Error "Values under the wrong headers",
        why "A hash, a PKID, a maker's name or what the hash says stands under another header: columns were moved without them.",
        fix "Put each value under its header.",
        accept "The two values change places.";
    /// `12-Mar`, `03/12/2024`.
    SERIAL_AS_DATE = 416 Error "A serial number that became a date",
        why "A spreadsheet took it for a date; what it was can't be told from that.",
        fix "Take the serial number anew from its source, and don't edit lists in a spreadsheet.";
    /// A number cell of a workbook.
    NUMBER_CELL = 417 Error "A serial number stored as a number",
        why "A number has no leading zeros, so nobody can tell whether there were any.",
        fix "Compare with the device or the label; format the column as text before typing.",
        accept "The digits stand as shown.";
    /// More digits than a spreadsheet keeps.
    DIGITS_LOST = 418 Error "Digits were lost",
        why "A spreadsheet keeps 15 digits of a number and makes zeros of the others.",
        fix "Take the value anew from its source.";
    /// Shorter or longer than those of the same model.
    SERIAL_LENGTH = 419 Warning "A serial number of another length than the others",
        why "A maker's serial numbers for one model mostly have one length; a shorter one may have lost its zeros. \
            Told where four or more of a model have ten digits or more and others fewer, and else where one in ten \
            or fewer of at least eight differ.",
        fix "Compare with the device or the label.";
    /// A dot in a serial number.
    SERIAL_DOT = 420 Note "A dot in a serial number",
        why "Intune refused whole files for it in 2018.",
        fix "Leave it if the firmware has it; if Intune refuses the list, send the row alone.";
    /// A maker's name in another spelling.
    MAKER_SPELLING = 421 Warning "Another spelling of the manufacturer",
        why "Manufacturers are compared exactly with what their firmware says, capitals and dots included.",
        fix "Write it as the firmware of the device does.",
        accept "The maker's usual spelling takes its place.";
    /// A guest's sign-in name.
    ASSIGNED_USER_GUEST = 422 Warning "A guest instead of a user",
        why "A guest of the directory can't set up a device.",
        fix "Write a user of the customer's own domain, or leave the field empty.";
    /// The row's tag is the list's but for capitals or blanks.
    GROUP_TAG_CASE = 423 Error "The group tag is spelled differently",
        why "Tags must match exactly, capitals and special characters included.",
        fix "Write the tag exactly, or use the repaired list.";
    /// The row has another tag than the list is for.
    GROUP_TAG_DIFFERS = 424 Warning "Another group tag than the list's",
        why "One list is registered under one tag; a device that needs another belongs into another list.",
        fix "Move the row to the list of its tag, or correct the tag.",
        accept "The list's tag takes its place.";
    /// `S/N: PF02NCT8`.
    SERIAL_LABEL = 425 Error "A label in front of the serial number",
        why "What stands in front names the column; no firmware has it in the number.",
        fix "Delete it.",
        accept "It is left out.";
    /// `PF02NCT8; PF02NCT9`.
    SEVERAL_SERIALS = 426 Error "Several serial numbers in one field",
        why "Each row is one device; together they are the number of none.",
        fix "Write a row for each of them.";
    /// `[PF02NCT8]`, `> PF02NCT8`, `*PF02NCT8*`.
    SERIAL_IN_MARKS = 427 Error "Signs around the serial number",
        why "Lists, quoted mails and barcode fonts put signs around a value; no firmware has them in the number.",
        fix "Delete them.",
        accept "They are left out.";
}
