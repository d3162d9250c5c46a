//! From a checked list to the rows an upload keeps.

use device_list::{
    CheckedList, CheckedRow, Code, Column, HardwareHash, Identification, Pkid, SerialNumber,
    Severity,
};
use registration::upload::{RowVerdict, UploadRow};

/// The rows of a checked list as an upload keeps them: ready rows with their repaired values,
/// the others exactly as sent.
pub(super) fn upload_rows(list: &CheckedList) -> Vec<UploadRow> {
    list.rows.iter().map(|row| upload_row(list, row)).collect()
}

/// One of them.
pub(crate) fn upload_row(list: &CheckedList, row: &CheckedRow) -> UploadRow {
    let cell = |column| row.cells.get(column).to_owned();
    let as_sent = |verdict| UploadRow {
        number: u64::from(row.number),
        line: row.line,
        serial: cell(Column::Serial),
        pkid: cell(Column::Pkid),
        manufacturer: cell(Column::Manufacturer),
        model: cell(Column::Model),
        hash: cell(Column::Hash),
        group_tag: row.group_tag.clone(),
        verdict,
    };
    let Some(identification) = &row.identification else {
        return as_sent(invalid(list, row));
    };
    if let Some(first) = row.duplicate_of {
        let of_line = list
            .rows
            .iter()
            .find(|other| other.number == first)
            .map_or(0, |other| other.line);
        return as_sent(RowVerdict::Duplicate { of_line });
    }
    ready(row, identification)
}

fn ready(row: &CheckedRow, identification: &Identification) -> UploadRow {
    let tuple = identification.tuple();
    let text = |known: Option<&str>, column| known.unwrap_or_else(|| row.value(column)).to_owned();
    UploadRow {
        number: u64::from(row.number),
        line: row.line,
        serial: text(
            identification.serial().as_ref().map(SerialNumber::as_str),
            Column::Serial,
        ),
        pkid: text(
            identification.pkid().as_ref().map(Pkid::as_str),
            Column::Pkid,
        ),
        manufacturer: text(
            tuple.as_ref().map(|t| t.manufacturer.as_str()),
            Column::Manufacturer,
        ),
        model: text(tuple.as_ref().map(|t| t.model.as_str()), Column::Model),
        hash: identification
            .hash()
            .map(HardwareHash::to_text)
            .unwrap_or_default(),
        group_tag: row.group_tag.clone(),
        verdict: RowVerdict::Ready,
    }
}

fn invalid(list: &CheckedList, row: &CheckedRow) -> RowVerdict {
    let mut findings: Vec<_> = list.findings_of(row.number).collect();
    findings.sort_by_key(|finding| (finding.severity != Severity::Error, finding.certain));
    let (code, cause, fix) = if let Some(finding) = findings.first() {
        (finding.code, &*finding.cause, &*finding.fix)
    } else {
        let code = Code::NO_COMBINATION;
        (code, "The row does not identify a device.", code.fix_hint())
    };
    RowVerdict::Invalid {
        code: code.as_str().to_owned(),
        cause: cause.to_owned(),
        fix: fix.to_owned(),
        dds: code.dds().map(|(code, name)| (code, name.to_owned())),
    }
}
