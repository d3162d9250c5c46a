//! The lines of an operation: what an OEM says of one device, which customer it means, and what
//! became of it.

use std::str::FromStr;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::ids::OrganizationId;
use crate::upload::{RowResult, RowVerdict, UploadRow};

/// The name of the batch of devices that have neither group tag nor purchase order.
pub const UNNAMED_BATCH: &str = "OEM API";

/// What is wrong with one field of a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineFinding {
    /// Stable code: that of the finding (`EN0206`), or a word for what no list has.
    pub code: String,
    /// The property it is about; empty for the line as a whole.
    pub field: String,
    /// What is wrong.
    pub cause: String,
    /// What to do.
    pub fix: String,
}

/// What an OEM keeps of a device it ships: for its own queries, shown to nobody else.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Shipment {
    /// The OEM's own reference, empty if none.
    pub reference: String,
    /// Purchase order, empty if none.
    pub purchase_order: String,
    /// Ship date, `YYYY-MM-DD`, empty if none.
    pub ship_date: String,
}

impl Shipment {
    /// Whether nothing is known.
    pub fn is_empty(&self) -> bool {
        self.reference.is_empty() && self.purchase_order.is_empty() && self.ship_date.is_empty()
    }
}

/// One line of an operation, checked: with findings it can't be registered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperationLine {
    /// 1 for the first.
    pub number: u64,
    /// The customer: tenant id or domain, in small letters.
    pub customer: String,
    /// The group tag, as sent; empty if none.
    pub group_tag: String,
    /// Manufacturer, empty if none.
    pub manufacturer: String,
    /// Model, empty if none.
    pub model: String,
    /// Serial number, empty if none.
    pub serial: String,
    /// Product key id, empty if none.
    pub pkid: String,
    /// What the OEM keeps of it.
    pub shipment: Shipment,
    /// What is wrong with it.
    pub findings: Vec<LineFinding>,
}

impl OperationLine {
    /// The batch its device goes into: called by its group tag, as in the portal, else by its
    /// purchase order.
    pub fn batch_name(&self) -> &str {
        if !self.group_tag.is_empty() {
            &self.group_tag
        } else if !self.shipment.purchase_order.is_empty() {
            &self.shipment.purchase_order
        } else {
            UNNAMED_BATCH
        }
    }

    /// The same as a row of an upload, which is what rows are planned and applied as.
    pub fn to_row(&self) -> UploadRow {
        let verdict = match self.findings.first() {
            None => RowVerdict::Ready,
            Some(first) => RowVerdict::Invalid {
                code: first.code.clone(),
                cause: first.cause.clone(),
                fix: first.fix.clone(),
                dds: None,
            },
        };
        UploadRow {
            number: self.number,
            line: self.number,
            serial: self.serial.clone(),
            pkid: self.pkid.clone(),
            manufacturer: self.manufacturer.clone(),
            model: self.model.clone(),
            hash: String::new(),
            group_tag: None,
            verdict,
        }
    }
}

/// A line and its result, as shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineResult {
    /// The line.
    pub line: OperationLine,
    /// Its result; `None` while it waits, and for good where the operation was cancelled.
    pub result: Option<RowResult>,
}

impl LineResult {
    /// Whether its outcome is a failure.
    pub fn failed(&self) -> bool {
        let result = self.result.as_ref();
        result.is_some_and(|result| result.outcome.is_failure())
    }
}

/// Which customer a line means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CustomerName {
    /// By tenant id.
    Id(OrganizationId),
    /// By domain.
    Domain(String),
}

impl CustomerName {
    /// Takes a customer's name apart: whatever is no GUID is a domain.
    pub fn parse(text: &str) -> Self {
        let text = text.trim();
        match OrganizationId::from_str(text) {
            Ok(id) => Self::Id(id),
            Err(_) => Self::Domain(text.to_lowercase()),
        }
    }
}

/// Whether a text is a ship date: a day of the calendar as `YYYY-MM-DD`.
pub fn is_ship_date(text: &str) -> bool {
    text.len() == 10 && text.parse::<Date>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line() -> OperationLine {
        OperationLine {
            number: 1,
            customer: "contoso.example".to_owned(),
            group_tag: String::new(),
            manufacturer: String::new(),
            model: String::new(),
            serial: String::new(),
            pkid: String::new(),
            shipment: Shipment::default(),
            findings: Vec::new(),
        }
    }

    #[test]
    fn a_batch_is_called_by_its_tag_else_by_the_purchase_order() {
        let mut line = line();
        assert_eq!(line.batch_name(), UNNAMED_BATCH);
        line.shipment.purchase_order = "PO-7".to_owned();
        assert_eq!(line.batch_name(), "PO-7");
        line.group_tag = "Microsoft365Managed_Kiosk".to_owned();
        assert_eq!(line.batch_name(), "Microsoft365Managed_Kiosk");
    }

    #[test]
    fn customers_are_named_by_guid_or_domain() {
        let id = "d88a2c1e-2b9a-4d1c-8a54-0a1f5d0c8f11";
        let parsed = CustomerName::parse(&format!(" {} ", id.to_uppercase()));
        assert_eq!(parsed, CustomerName::Id(id.parse().expect("a GUID")));
        let domain = CustomerName::parse("Contoso.Example");
        assert_eq!(domain, CustomerName::Domain("contoso.example".to_owned()));
    }

    #[test]
    fn a_ship_date_is_a_day() {
        assert!(is_ship_date("2026-11-30"));
        for wrong in [
            "2026-02-30",
            "30.11.2026",
            "2026-11-30T00:00:00",
            "20261130",
            "",
        ] {
            assert!(!is_ship_date(wrong), "{wrong}");
        }
    }
}
