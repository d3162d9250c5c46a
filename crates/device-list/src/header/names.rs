//! The names under which columns are known.

use crate::dialect::Column;

/// The names under which a column is known, as letters and digits only, in lower case.
const NAMES: [(Column, &[&str]); Column::COUNT] = [
    (
        Column::Serial,
        &[
            "deviceserialnumber",
            "serialnumber",
            "serial",
            "serialno",
            "deviceserial",
            "servicetag",
        ],
    ),
    (
        Column::Pkid,
        &[
            "windowsproductid",
            "productid",
            "pkid",
            "productkeyid",
            "productkey",
            "windowspkid",
        ],
    ),
    (
        Column::Hash,
        &[
            "hardwarehash",
            "hash",
            "4khh",
            "4khardwarehash",
            "devicehash",
            "hardwareidentifier",
            "devicehardwaredata",
        ],
    ),
    (
        Column::Manufacturer,
        &[
            "manufacturername",
            "manufacturer",
            "oemmanufacturername",
            "oemname",
            "devicemanufacturer",
            "make",
            "systemmanufacturer",
        ],
    ),
    (
        Column::Model,
        &[
            "devicemodel",
            "model",
            "modelname",
            "systemproductname",
            "systemmodel",
        ],
    ),
    (Column::GroupTag, &["grouptag"]),
    (
        Column::AssignedUser,
        &[
            "assigneduser",
            "assigneduserprincipalname",
            "userprincipalname",
            "upn",
        ],
    ),
];

/// The column that a header names, if it is known under any name.
pub(super) fn column_named(header: &str) -> Option<Column> {
    let bare: String = header
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect();
    NAMES
        .iter()
        .find(|(_, names)| names.contains(&bare.as_str()))
        .map(|(column, _)| *column)
}
