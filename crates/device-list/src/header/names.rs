//! The names under which columns are known: tables to be added to.

mod near;
mod translated;

pub(super) use near::{Near, near};

use super::said::name_beside;
use crate::dialect::Column;
use translated::TRANSLATED;

/// The names under which a column is known, as [`bare`] writes them: headers of other portals, of
/// the API (GR-IMP), of Configuration Manager's views, and what people write.
const NAMES: [(Column, &[&str]); Column::COUNT] = [
    (
        Column::Serial,
        &[
            "deviceserialnumber",
            "serialnumber",
            "serial",
            "serialno",
            "serialnr",
            "serialnum",
            "deviceserial",
            "deviceserialno",
            "assetserial",
            "assetserialnumber",
            "biosserialnumber",
            "computerserialnumber",
            "hardwareserial",
            "sn",
            "servicetag",
            "dellservicetag",
            "devicesn",
            "identifyingnumber",
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
            "windowsproductkeyid",
            "oempkid",
        ],
    ),
    (
        Column::Hash,
        &[
            "hardwarehash",
            "hash",
            "4khh",
            "4khash",
            "4khardwarehash",
            "hwhash",
            "devicehash",
            "autopilothash",
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
            "oem",
            "devicemanufacturer",
            "devicemanufacturername",
            "make",
            "maker",
            "brand",
            "mfr",
            "mfg",
            "systemmanufacturer",
            "vendor",
            "vendorname",
        ],
    ),
    (
        Column::Model,
        &[
            "devicemodel",
            "devicemodelname",
            "model",
            "modelname",
            "product",
            "productname",
            "systemproductname",
            "systemmodel",
        ],
    ),
    (Column::GroupTag, &["grouptag", "autopilotgrouptag"]),
    (
        Column::AssignedUser,
        &[
            "assigneduser",
            "assigneduserprincipalname",
            "assigneduserupn",
            "userprincipalname",
            "upn",
        ],
    ),
    (Column::OrderId, &["orderid", "orderidentifier"]),
];

/// The column that a header names, if it is known under any name: "Serial Number (S/N)" and the
/// `SerialNumber0` of Configuration Manager's views are serial numbers too.
pub(crate) fn column_named(header: &str) -> Option<Column> {
    let name = bare(header);
    known(&name)
        .or_else(|| {
            let (front, _) = header.split_once(['(', '['])?;
            known(&bare(front))
        })
        .or_else(|| known(without_number(header, &name)?))
        .or_else(|| known(name.strip_suffix('s')?))
        .or_else(|| known(&bare(name_beside(header)?)))
}

fn known(name: &str) -> Option<Column> {
    NAMES
        .iter()
        .chain(TRANSLATED)
        .find(|(_, names)| names.contains(&name))
        .map(|(column, _)| *column)
}

/// A name without the number that a reporting service puts behind it: any number where words are
/// joined by `_`, and a zero.
fn without_number<'n>(header: &str, name: &'n str) -> Option<&'n str> {
    let digits = |c: char| c.is_ascii_digit();
    let short = if header.contains('_') {
        name.trim_end_matches(digits)
    } else {
        name.strip_suffix('0')?
    };
    (short.len() >= 5 && !short.ends_with(digits)).then_some(short)
}

/// Letters and digits of a header only, in lower case and without accents.
pub(super) fn bare(header: &str) -> String {
    header
        .chars()
        .flat_map(char::to_lowercase)
        .map(without_accent)
        .filter(|c| c.is_alphanumeric() && !matches!(c, 'º' | 'ª'))
        .collect()
}

fn without_accent(c: char) -> char {
    match c {
        'à'..='å' => 'a',
        'ç' | 'č' => 'c',
        'è'..='ë' | 'ě' => 'e',
        'ì'..='ï' => 'i',
        'ñ' => 'n',
        'ò'..='ö' => 'o',
        'ù'..='ü' => 'u',
        'ý' => 'y',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_known_under_the_names_that_people_and_programs_use() {
        let cases: [(Column, &[&str]); 8] = [
            (
                Column::Serial,
                &[
                    "Device Serial Number",
                    "SERIAL NUMBER",
                    "serialNumber",
                    "SerialNumber0",
                    "Device_Serial_Number",
                    "Device_Serial_Number3",
                    "Serial Number (S/N)",
                    "Serial Numbers",
                    "Serial №",
                    "S/N",
                    "Service Tag",
                    "Asset serial",
                    "Seriennummer",
                    "Numéro de série",
                    "N° de série",
                    "Número de serie",
                    "Nº de serie",
                    "Sériové číslo",
                    "シリアル番号",
                    "\u{feff}Serial Number",
                ],
            ),
            (
                Column::Pkid,
                &[
                    "PKID",
                    "productKey",
                    "Windows Product ID",
                    "Windows-Produkt-ID",
                ],
            ),
            (
                Column::Hash,
                &[
                    "hardwareIdentifier",
                    "Hardware Hash*",
                    "4K HH",
                    "Hachage matériel",
                ],
            ),
            (
                Column::Manufacturer,
                &[
                    "oemManufacturerName",
                    "Make",
                    "Manufacturer0",
                    "Hersteller",
                    "Fabricant",
                    "Fabricante",
                ],
            ),
            (
                Column::Model,
                &[
                    "modelName",
                    "Model0",
                    "Modell",
                    "Modèle",
                    "Modelo",
                    "Device Model",
                ],
            ),
            (
                Column::GroupTag,
                &["groupTag", "Gruppentag", "Étiquette de groupe"],
            ),
            (Column::AssignedUser, &["assignedUserPrincipalName", "UPN"]),
            (Column::OrderId, &[" Order ID", "OrderID", "order_id"]),
        ];
        for (column, names) in cases {
            for name in names {
                assert_eq!(column_named(name), Some(column), "{name}");
            }
        }
    }

    #[test]
    fn values_are_no_names() {
        for value in [
            "", "0042", "SN0", "SN1", "Model 3", "Serial 5", "Contoso", "Book 10", "Tag", "User",
        ] {
            assert_eq!(column_named(value), None, "{value}");
        }
    }

    #[test]
    fn every_name_is_bare_and_stands_for_one_column() {
        let all = NAMES.iter().chain(TRANSLATED);
        for (column, names) in all {
            for name in *names {
                assert_eq!(&bare(name), name);
                assert_eq!(known(name), Some(*column), "{name}");
            }
        }
    }
}
