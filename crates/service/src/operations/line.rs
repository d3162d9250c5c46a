//! One line as an OEM sends it, checked with the rules of a list.

use device_list::{
    Cells, Channel, CheckOptions, CheckedList, Code, Column, Dialect, Severity, check_cells,
};
use registration::group_tag;
use registration::operation::{LineFinding, OperationLine, Shipment, is_ship_date};
use registration::upload::check_batch_name;

use crate::register::{Canon, upload_row};

/// Letters that a customer's name, a reference or a purchase order may have.
const LETTERS: usize = 256;

/// A line as it was given; nothing is checked yet.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct GivenLine {
    /// The customer: tenant id or domain.
    pub customer: String,
    /// Group tag, empty if none.
    pub group_tag: String,
    /// Manufacturer.
    pub manufacturer: String,
    /// Model.
    pub model: String,
    /// Serial number.
    pub serial: String,
    /// Product key id.
    pub pkid: String,
    /// Whether there was a hardware hash, which this channel does not take: it is not even kept.
    pub has_hash: bool,
    /// The OEM's own reference.
    pub reference: String,
    /// Purchase order.
    pub purchase_order: String,
    /// Ship date.
    pub ship_date: String,
    /// What was wrong with it before it could be looked at: no object, a property that is unknown.
    pub findings: Vec<LineFinding>,
}

/// What is wrong with a field, in the words of no list.
pub fn finding(code: &str, field: &str, cause: &str, fix: &str) -> LineFinding {
    LineFinding {
        code: code.to_owned(),
        field: field.to_owned(),
        cause: cause.to_owned(),
        fix: fix.to_owned(),
    }
}

/// The property that a column of a list is called here.
pub(super) fn property_of(column: Option<Column>) -> &'static str {
    match column {
        Some(Column::Serial) => "serialNumber",
        Some(Column::Pkid) => "productKeyId",
        Some(Column::Hash) => "hardwareHash",
        Some(Column::Manufacturer) => "manufacturer",
        Some(Column::Model) => "model",
        Some(Column::GroupTag | Column::OrderId) => "groupTag",
        Some(Column::AssignedUser) | None => "",
    }
}

impl GivenLine {
    /// Adds what the line says to what the whole request says.
    pub(super) fn told(&self, canon: &mut Canon) {
        for part in [
            &self.customer,
            &self.group_tag,
            &self.manufacturer,
            &self.model,
            &self.serial,
            &self.pkid,
            &self.reference,
            &self.purchase_order,
            &self.ship_date,
        ] {
            canon.add(part);
        }
        canon.add(if self.has_hash { "hash" } else { "" });
        for known in &self.findings {
            canon.add(&known.code).add(&known.field);
        }
    }

    /// The line as it is kept: with the values after certain repairs, or with what is wrong.
    pub fn checked(self, number: u64) -> OperationLine {
        let mut findings = self.findings.clone();
        findings.extend(self.hash_finding());
        findings.extend(self.field_findings());
        let cells = self.cells();
        let (row, found) = check_cells(&cells, &options());
        let identifies = row.identification.is_some();
        let list = CheckedList {
            dialect: Some(Dialect::PartnerCenter),
            findings: found,
            ..CheckedList::default()
        };
        let values = upload_row(&list, &row);
        if !identifies && findings.is_empty() {
            findings.extend(device_findings(list.findings));
        }
        OperationLine {
            number,
            customer: readable(&self.customer).trim().to_lowercase(),
            group_tag: readable(&self.group_tag),
            manufacturer: readable(&values.manufacturer),
            model: readable(&values.model),
            serial: readable(&values.serial),
            pkid: readable(&values.pkid),
            shipment: Shipment {
                reference: readable(&self.reference),
                purchase_order: readable(&self.purchase_order),
                ship_date: readable(&self.ship_date),
            },
            findings,
        }
    }

    fn cells(&self) -> Cells {
        Cells::default()
            .with(Column::Serial, self.serial.as_str())
            .with(Column::Pkid, self.pkid.as_str())
            .with(Column::Manufacturer, self.manufacturer.as_str())
            .with(Column::Model, self.model.as_str())
    }

    fn hash_finding(&self) -> Option<LineFinding> {
        let code = Code::HASH_NOT_TAKEN;
        let cause =
            "An OEM registers by tuple or product key ID; hardware hashes are not accepted.";
        self.has_hash
            .then(|| finding(code.as_str(), "hardwareHash", cause, code.fix_hint()))
    }

    /// What is wrong with the fields that no list has.
    fn field_findings(&self) -> Vec<LineFinding> {
        let mut found = Vec::new();
        let mut wrong = |code, field, cause, fix| found.push(finding(code, field, cause, fix));
        if self.customer.trim().is_empty() {
            wrong(
                "customer_missing",
                "customer",
                "The line names no customer.",
                "Give the customer's tenant id or domain.",
            );
        } else if !is_plain(&self.customer) {
            wrong(
                "customer_unreadable",
                "customer",
                "This is neither a tenant id nor a domain.",
                "Give the customer's tenant id or domain.",
            );
        }
        if !is_plain(&self.reference) {
            wrong(
                "reference_unreadable",
                "reference",
                "The reference has more than 256 characters, or one that can't be shown.",
                "Shorten it.",
            );
        }
        if !self.purchase_order.is_empty() && check_batch_name(&self.purchase_order).is_err() {
            wrong(
                "purchase_order_unreadable",
                "purchaseOrder",
                "The purchase order has more than 256 characters, or none that can be shown.",
                "Shorten it, or leave it out.",
            );
        }
        if !self.ship_date.is_empty() && !is_ship_date(&self.ship_date) {
            wrong(
                "ship_date_unreadable",
                "shipDate",
                "The ship date is no day of the calendar.",
                "Write it as YYYY-MM-DD.",
            );
        }
        if !is_plain(&self.group_tag) {
            let fix = "Give a tag of the catalogue, or none.";
            wrong(
                "group_tag_unreadable",
                "groupTag",
                "This is no group tag.",
                fix,
            );
        }
        found
    }
}

fn options() -> CheckOptions {
    CheckOptions {
        channel: Channel::Oem,
        ..CheckOptions::default()
    }
}

/// What the check says of a device that is none, errors first.
pub(super) fn device_findings(found: Vec<device_list::Finding>) -> Vec<LineFinding> {
    let mut errors: Vec<_> = found
        .into_iter()
        .filter(|finding| finding.severity == Severity::Error && !finding.certain)
        .map(|known| LineFinding {
            code: known.code.as_str().to_owned(),
            field: property_of(known.field).to_owned(),
            cause: known.cause,
            fix: known.fix,
        })
        .collect();
    if errors.is_empty() {
        let code = Code::NO_COMBINATION;
        let cause = "The line does not identify a device.";
        errors.push(finding(code.as_str(), "", cause, code.fix_hint()));
    }
    errors
}

fn is_plain(text: &str) -> bool {
    text.chars().count() <= LETTERS && !text.chars().any(char::is_control)
}

/// What is kept of a text that may hold anything: a database takes no NUL.
fn readable(text: &str) -> String {
    if is_plain(text) {
        return text.to_owned();
    }
    let shown = text.chars().filter(|c| !c.is_control());
    shown.take(LETTERS).collect()
}

/// What is wrong with a group tag, and what to do, in the words of the catalogue.
pub fn tag_words(tag: &str) -> Option<String> {
    group_tag::parse(tag).err().map(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line() -> GivenLine {
        GivenLine {
            customer: " Contoso.Example".to_owned(),
            manufacturer: "Contoso".to_owned(),
            model: "Book 13".to_owned(),
            serial: "0042".to_owned(),
            ..GivenLine::default()
        }
    }

    fn codes(given: GivenLine) -> Vec<(String, String)> {
        let checked = given.checked(7);
        let of = |known: LineFinding| (known.code, known.field);
        checked.findings.into_iter().map(of).collect()
    }

    #[test]
    fn a_good_line_has_no_findings_and_its_values_are_kept() {
        let checked = line().checked(7);
        assert_eq!(checked.findings, []);
        assert_eq!(
            (checked.number, checked.customer.as_str()),
            (7, "contoso.example")
        );
        assert_eq!(
            (checked.serial.as_str(), checked.model.as_str()),
            ("0042", "Book 13")
        );
        let pkid = GivenLine {
            customer: "a.example".to_owned(),
            pkid: "3305612345678".to_owned(),
            ..GivenLine::default()
        };
        assert_eq!(pkid.checked(1).findings, []);
    }

    #[test]
    fn a_hash_is_refused_even_where_the_line_says_enough_without() {
        let hashed = GivenLine {
            has_hash: true,
            ..line()
        };
        let code = Code::HASH_NOT_TAKEN.as_str().to_owned();
        assert_eq!(codes(hashed), [(code, "hardwareHash".to_owned())]);
    }

    #[test]
    fn what_is_wrong_is_told_with_its_field() {
        let wrong = GivenLine {
            customer: String::new(),
            ship_date: "30.11.2026".to_owned(),
            purchase_order: "\u{1}".to_owned(),
            ..line()
        };
        let fields: Vec<_> = codes(wrong).into_iter().map(|(_, field)| field).collect();
        assert_eq!(fields, ["customer", "purchaseOrder", "shipDate"]);
        let nothing = GivenLine {
            serial: String::new(),
            ..line()
        };
        let found = codes(nothing);
        assert!(found[0].0.starts_with("EN"), "{found:?}");
        let bad_pkid = GivenLine {
            customer: "a.example".to_owned(),
            pkid: "33056".to_owned(),
            ..GivenLine::default()
        };
        assert_eq!(codes(bad_pkid)[0].1, "productKeyId");
    }

    #[test]
    fn no_two_lines_tell_the_same() {
        let digest = |line: &GivenLine| {
            let id = registration::ids::OrganizationId(uuid::Uuid::nil());
            let mut canon = Canon::new("lines", id);
            line.told(&mut canon);
            canon.digest()
        };
        let moved = GivenLine {
            reference: "0042".to_owned(),
            serial: String::new(),
            ..line()
        };
        assert_ne!(digest(&line()), digest(&moved));
        assert_eq!(digest(&line()), digest(&line()));
    }
}
