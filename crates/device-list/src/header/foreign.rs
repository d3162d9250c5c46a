//! Lists for other programmes: they know devices by other identifiers (peers.md 5).

use super::DELIMITERS;
use super::names::{bare, column_named};
use crate::code::Code;
use crate::dialect::Column;
use crate::fields::split;
use crate::finding::{Finding, is_blank};

/// A programme, and headers that no other list has, as [`bare`] writes them. One is enough.
const PROGRAMMES: [(&str, &[&str]); 4] = [
    (
        "Android zero-touch",
        &["modemtype", "modemid", "modemid2", "profiletype"],
    ),
    (
        // Which columns Knox Mobile Enrollment takes is inferred from its manual.
        "Samsung Knox",
        &[
            "imeimeid",
            "imeimeidserialnumber",
            "imeiormeid",
            "knoxprofile",
            "kmeprofile",
            "kmeusername",
        ],
    ),
    (
        // As Google's device provisioning names them (inferred).
        "ChromeOS",
        &[
            "attestedid",
            "attesteddeviceid",
            "preprovisioningtoken",
            "enrollmenttoken",
            "directoryapiid",
        ],
    ),
    (
        // What resellers and Apple Business Manager call their fields (inferred).
        "Apple",
        &[
            "depcustomerid",
            "depresellerid",
            "deporganizationid",
            "appleordernumber",
            "applecustomernumber",
            "appleorganizationid",
            "organizationidapple",
            "mdmserver",
            "assignedmdmserver",
            "udid",
            "ecid",
        ],
    ),
];

/// Identifiers of telephones. A list that has them and is not complete without them is for a
/// telephone programme.
const TELEPHONES: [&str; 6] = ["imei", "imei1", "imei2", "imeinumber", "meid", "imeisv"];

/// What a line shows to be in a list of that programme.
pub(super) fn header(text: &str) -> Option<Finding> {
    DELIMITERS.into_iter().find_map(|delimiter| {
        let fields = split(text, delimiter);
        let names: Vec<String> = fields.iter().map(|field| bare(&field.text)).collect();
        let programme = PROGRAMMES
            .iter()
            .find(|(_, marks)| names.iter().any(|name| marks.contains(&name.as_str())))
            .map(|(programme, _)| *programme);
        programme.map(finding).or_else(|| {
            let telephone = |name: &String| TELEPHONES.contains(&name.as_str());
            let registrable = {
                let has = |column| fields.iter().any(|f| column_named(&f.text) == Some(column));
                has(Column::Hash)
                    || has(Column::Pkid)
                    || [Column::Serial, Column::Manufacturer, Column::Model]
                        .into_iter()
                        .all(has)
            };
            let telephones = names.iter().any(telephone) && !registrable;
            telephones.then(telephones_finding)
        })
    })
}

/// What rows without a header show: a telephone's number in every row, or the words that zero-touch
/// has in each.
pub(super) fn rows(lines: &[&str]) -> Option<Finding> {
    let split = |line: &str| {
        DELIMITERS
            .into_iter()
            .map(|delimiter| split(line, delimiter))
            .max_by_key(Vec::len)
            .unwrap_or_default()
    };
    let every = |what: fn(&str) -> bool| {
        !lines.is_empty()
            && lines.iter().all(|line| {
                split(line)
                    .iter()
                    .any(|field| what(field.text.trim_matches(is_blank)))
            })
    };
    if every(|text| text.eq_ignore_ascii_case("zero_touch")) {
        Some(finding("Android zero-touch"))
    } else if every(is_imei) {
        Some(telephones_finding())
    } else {
        None
    }
}

/// 15 digits, the last of which checks the others.
fn is_imei(text: &str) -> bool {
    let digits: Vec<u32> = text.chars().filter_map(|c| c.to_digit(10)).collect();
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(at, digit)| match (at % 2, 2 * digit) {
            (0, _) => *digit,
            (_, double) => double / 10 + double % 10,
        })
        .sum();
    text.len() == 15
        && digits.len() == 15
        && sum.is_multiple_of(10)
        && digits.iter().any(|d| *d != 0)
}

fn telephones_finding() -> Finding {
    let cause = "The devices are named by IMEI or MEID, as Android zero-touch and Samsung Knox \
                 know telephones and tablets.";
    Finding::new(Code::OTHER_PROGRAMME, cause)
}

fn finding(programme: &str) -> Finding {
    let cause = format!("The columns are those of a list for {programme}.");
    Finding::new(Code::OTHER_PROGRAMME, cause)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_for_other_programmes_are_named() {
        for (text, programme) in [
            (
                "modemtype,modemid,serial,model,manufacturer,profiletype,owner",
                "zero-touch",
            ),
            ("IMEI", "Knox"),
            ("IMEI;MEID;Serial Number", "Knox"),
            ("IMEI/MEID,Serial number,User name,Password", "Knox"),
            ("AttestedId,PreProvisioningToken", "ChromeOS"),
            ("Order Number,DEP Customer ID,Serial Number", "Apple"),
            ("Serial Number,Product,MDM Server", "Apple"),
        ] {
            let finding = header(text).unwrap_or_else(|| panic!("{text}"));
            assert!(
                finding.cause.contains(programme),
                "{text}: {}",
                finding.cause
            );
        }
        for text in [
            "Device name,IMEI,Serial number,Manufacturer,Model",
            "Serial Number,Order Number",
            "Manufacturer,Model,Serial Number",
            "",
        ] {
            assert!(header(text).is_none(), "{text}");
        }
    }

    #[test]
    fn telephones_are_known_by_their_numbers_too() {
        assert!(rows(&["356938035643809", "490154203237518"]).is_some());
        assert!(rows(&["356938035643809;GT-1", "490154203237518;GT-2"]).is_some());
        assert!(rows(&["IMEI,356938035643800,,Phone 1,Contoso,ZERO_TOUCH,12"]).is_some());
        for lines in [
            &["356938035643809", "356938035643800"][..],
            &["000000000000000"],
            &["0042"],
            &[],
        ] {
            assert!(rows(lines).is_none(), "{lines:?}");
        }
    }
}
