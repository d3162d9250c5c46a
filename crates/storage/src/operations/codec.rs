//! How the lines of a chunk are stored.

use std::collections::BTreeMap;

use registration::ids::DeviceId;
use registration::operation::{LineFinding, LineResult, OperationLine, Shipment};
use registration::upload::RowResult;
use serde::{Deserialize, Serialize};

use crate::{Result, sql};

/// A line as it is stored, without the names of its values, since a million lines would repeat
/// them: customer, group tag, manufacturer, model, serial, PKID, reference, purchase order, ship
/// date.
#[derive(Serialize)]
struct Written<'a>([&'a str; 9], &'a [LineFinding]);

/// The same, read.
#[derive(Deserialize)]
struct Read([String; 9], Vec<LineFinding>);

/// The lines of a chunk, as a JSON list of lists.
pub fn lines_to_bytes(lines: &[OperationLine]) -> Result<Vec<u8>> {
    sql::to_json(&lines.iter().map(of_line).collect::<Vec<_>>())
}

fn of_line(line: &OperationLine) -> Written<'_> {
    let cells = [
        &line.customer,
        &line.group_tag,
        &line.manufacturer,
        &line.model,
        &line.serial,
        &line.pkid,
        &line.shipment.reference,
        &line.shipment.purchase_order,
        &line.shipment.ship_date,
    ];
    Written(cells.map(String::as_str), &line.findings)
}

/// Reads the lines of a chunk whose first has this number.
pub fn lines_from_bytes(first_line: u64, bytes: &[u8]) -> Result<Vec<OperationLine>> {
    let read: Vec<Read> = sql::from_json(bytes)?;
    let line = |(number, Read(cells, findings)): (u64, Read)| {
        let [
            customer,
            group_tag,
            manufacturer,
            model,
            serial,
            pkid,
            reference,
            purchase_order,
            ship_date,
        ] = cells;
        OperationLine {
            number,
            customer,
            group_tag,
            manufacturer,
            model,
            serial,
            pkid,
            shipment: Shipment {
                reference,
                purchase_order,
                ship_date,
            },
            findings,
        }
    };
    Ok((first_line..).zip(read).map(line).collect())
}

/// Lines of a chunk with their results, if it has them.
pub(crate) fn with_results(
    first_line: u64,
    lines: &[u8],
    results: Option<&[u8]>,
) -> Result<Vec<LineResult>> {
    let results = results.map(sql::results_from_bytes).transpose()?;
    let mut results = results.map(Vec::into_iter);
    let lines = lines_from_bytes(first_line, lines)?.into_iter();
    let with = lines.map(|line| LineResult {
        line,
        result: results.as_mut().and_then(Iterator::next),
    });
    Ok(with.collect())
}

/// The devices that lines registered, by the customer as the lines name it.
pub(crate) fn by_customer(lines: &[LineResult]) -> BTreeMap<&str, Vec<DeviceId>> {
    let mut found: BTreeMap<&str, Vec<DeviceId>> = BTreeMap::new();
    for line in lines {
        let device = line.result.as_ref().and_then(RowResult::registered);
        if let Some(device) = device {
            found.entry(&line.line.customer).or_default().push(device);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_come_back_as_they_were() {
        let line = |number: u64| OperationLine {
            number,
            customer: "contoso.example".to_owned(),
            group_tag: "T".to_owned(),
            manufacturer: "Contoso".to_owned(),
            model: "Böok".to_owned(),
            serial: format!("00\"4{number}"),
            pkid: String::new(),
            shipment: Shipment {
                reference: "R-1".to_owned(),
                purchase_order: "PO".to_owned(),
                ship_date: "2026-11-30".to_owned(),
            },
            findings: vec![LineFinding {
                code: "EN0206".to_owned(),
                field: "serialNumber".to_owned(),
                cause: "wrong".to_owned(),
                fix: "mend it".to_owned(),
            }],
        };
        let lines = [line(7), line(8)];
        let bytes = lines_to_bytes(&lines).expect("writes");
        assert_eq!(lines_from_bytes(7, &bytes).expect("reads"), lines);
    }
}
