//! What both dialects share of their text, and the codecs of columns that hold more than a value.

use registration::audit::{Act, NEW_BATCH};
use registration::device::Device;
use registration::ids::{DeviceId, DirectoryEntryId, RelationshipId, nth_uuid};
use registration::imported::{ImportState, ImportedIdentity};
use registration::plan::Outcome;
use registration::upload::{
    OutcomeCounts, RowResult, RowVerdict, Upload, UploadRow, UploadRowResult,
};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Result, StorageError};

/// A statement written with `?1` as `PostgreSQL` wants it: with `$1`. (`SQLite` would take `$1` for
/// a name and number it by first appearance, so the shared text uses `?1`.)
pub fn dollars(text: &str) -> String {
    text.replace('?', "$")
}

/// A row as it is stored: a list of its values without their names, since a million rows would
/// repeat them. Number, line, serial, PKID, manufacturer, model, hash, group tag, verdict.
#[derive(Serialize)]
struct WrittenRow<'a>(u64, u64, [&'a str; 5], Option<&'a str>, &'a RowVerdict);

/// The same, read.
#[derive(Deserialize)]
struct ReadRow(u64, u64, [String; 5], Option<String>, RowVerdict);

/// The rows of a chunk, as a JSON list of lists.
pub fn rows_to_bytes(rows: &[UploadRow]) -> Result<Vec<u8>> {
    let written = rows.iter().map(|row| {
        let cells = [
            &row.serial,
            &row.pkid,
            &row.manufacturer,
            &row.model,
            &row.hash,
        ];
        let tag = row.group_tag.as_deref();
        WrittenRow(
            row.number,
            row.line,
            cells.map(String::as_str),
            tag,
            &row.verdict,
        )
    });
    to_json(&written.collect::<Vec<_>>())
}

/// Reads the rows of a chunk.
pub fn rows_from_bytes(bytes: &[u8]) -> Result<Vec<UploadRow>> {
    let read: Vec<ReadRow> = from_json(bytes)?;
    let row = |ReadRow(number, line, cells, group_tag, verdict)| {
        let [serial, pkid, manufacturer, model, hash] = cells;
        UploadRow {
            number,
            line,
            serial,
            pkid,
            manufacturer,
            model,
            hash,
            group_tag,
            verdict,
        }
    };
    Ok(read.into_iter().map(row).collect())
}

/// The results of a chunk, each one byte (the number of its outcome in [`Outcome::ALL`], 0x40 if
/// a device follows, 0x80 if it is unverified) and the 16 bytes of the device's id.
pub fn results_to_bytes(results: &[RowResult]) -> Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(results.len() * 17);
    for result in results {
        let device = if result.device_id.is_some() {
            HAS_DEVICE
        } else {
            0
        };
        let unverified = if result.unverified { UNVERIFIED } else { 0 };
        bytes.push(result.outcome as u8 | device | unverified);
        bytes.extend(result.device_id.iter().flat_map(|id| id.0.into_bytes()));
    }
    Ok(bytes)
}

const HAS_DEVICE: u8 = 0x40;
const UNVERIFIED: u8 = 0x80;

/// Reads the results of a chunk.
pub fn results_from_bytes(mut bytes: &[u8]) -> Result<Vec<RowResult>> {
    let damaged = || StorageError::unexpected("damaged results of a chunk");
    let mut results = Vec::new();
    while let Some((first, rest)) = bytes.split_first() {
        bytes = rest;
        let number = usize::from(first & !(HAS_DEVICE | UNVERIFIED));
        let outcome = *Outcome::ALL.get(number).ok_or_else(damaged)?;
        let mut device_id = None;
        if first & HAS_DEVICE != 0 {
            let (id, rest) = bytes.split_first_chunk().ok_or_else(damaged)?;
            device_id = Some(DeviceId(Uuid::from_bytes(*id)));
            bytes = rest;
        }
        let unverified = first & UNVERIFIED != 0;
        results.push(RowResult {
            outcome,
            device_id,
            unverified,
        });
    }
    Ok(results)
}

/// Counts, as JSON text.
pub fn counts_to_text(counts: &OutcomeCounts) -> Result<String> {
    serde_json::to_string(counts).map_err(StorageError::unexpected)
}

/// Reads counts.
pub fn counts_from_text(text: &str) -> Result<OutcomeCounts> {
    from_json(text.as_bytes())
}

/// The words of the audit line about an upload that waits: "12 rows, TAG", and whether its batch was
/// made for it ([`registration::audit::NEW_BATCH`]).
pub fn queued_in_words(upload: &Upload, makes_batch: bool) -> String {
    let tag = tag_in_words(&upload.group_tag);
    let made = if makes_batch { NEW_BATCH } else { "" };
    format!("{} rows, {tag}{made}", upload.row_count)
}

/// The words of the audit line about a device that is released: "TAG, registered by PARTY".
pub fn released_in_words(group_tag: &str, party: &str) -> String {
    format!("{}, registered by {party}", tag_in_words(group_tag))
}

fn tag_in_words(tag: &str) -> &str {
    if tag.is_empty() { "no group tag" } else { tag }
}

/// Any value as JSON bytes.
pub fn to_json<T: Serialize>(value: &T) -> Result<Vec<u8>> {
    serde_json::to_vec(value).map_err(StorageError::unexpected)
}

/// Any value back from JSON bytes.
pub fn from_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    serde_json::from_slice(bytes).map_err(StorageError::unexpected)
}

/// Any value as JSON text.
pub fn to_text<T: Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(StorageError::unexpected)
}

/// The `LIKE` pattern (with `ESCAPE '\'`) for text that contains `search`.
pub fn containing(search: &str) -> String {
    let mut pattern = String::with_capacity(search.len() + 2);
    pattern.push('%');
    for c in search.chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

/// The first text after all those that begin with `prefix`, in the order of bytes.
pub fn after_prefix(prefix: &str) -> String {
    format!("{prefix}{}", char::MAX)
}

/// The id of the `n`th relationship that an act makes. Ids of audit lines begin at the same
/// place; they live in another table, so the two can't meet.
pub fn relationship_id(act: &Act, n: u64) -> RelationshipId {
    RelationshipId(nth_uuid(act.audit_seed, n))
}

/// The id of the `n`th directory entry that an import makes.
pub fn directory_entry_id(act: &Act, n: u64) -> DirectoryEntryId {
    DirectoryEntryId(nth_uuid(act.audit_seed, n))
}

/// Rows of a chunk with their results, if it has them.
pub fn with_results(
    rows: Vec<UploadRow>,
    results: Option<&[u8]>,
) -> Result<impl Iterator<Item = UploadRowResult>> {
    let results = results.map(results_from_bytes).transpose()?;
    let mut results = results.map(Vec::into_iter);
    Ok(rows.into_iter().map(move |row| UploadRowResult {
        row,
        result: results.as_mut().and_then(Iterator::next),
    }))
}

/// Columns of an imported identity.
pub const IMPORTED: &str = "SELECT id, upload_id, number, serial, product_key, group_tag, \
     import_name, user_principal_name, status, error_code, error_name, device_id, created_at \
     FROM imported_identity";

/// Columns of a device's properties.
pub const PROPERTIES: &str = "SELECT device_id, user_principal_name, addressable_user_name, \
     display_name, purchase_order, resource_name, account_upn, friendly_name, \
     enrollment_allowed_at FROM device_property";

/// An import's state as it is stored: status, code and name of what failed, the device.
pub fn import_columns(state: &ImportState) -> (&'static str, u16, &str, Option<DeviceId>) {
    match state {
        ImportState::Waiting => ("waiting", 0, "", None),
        ImportState::Complete(device) => ("complete", 0, "", Some(*device)),
        ImportState::Failed { code, name, device } => ("failed", *code, name, *device),
    }
}

/// Reads an import's state.
pub fn import_state(
    status: &str,
    code: u16,
    name: String,
    device: Option<DeviceId>,
) -> Option<ImportState> {
    match (status, device) {
        ("waiting", _) => Some(ImportState::Waiting),
        ("complete", Some(device)) => Some(ImportState::Complete(device)),
        ("failed", device) => Some(ImportState::Failed { code, name, device }),
        _ => None,
    }
}

/// What people call an imported identity in the audit log: its serial number, else its id.
pub fn import_name(identity: &ImportedIdentity) -> String {
    if identity.serial.is_empty() {
        identity.id.to_string()
    } else {
        identity.serial.clone()
    }
}

/// The row with this number and its result.
pub fn row_of<'a>(
    number: u64,
    chunk: &'a [UploadRow],
    results: &'a [RowResult],
) -> Option<(&'a UploadRow, &'a RowResult)> {
    let at = chunk.iter().position(|row| row.number == number)?;
    Some((&chunk[at], results.get(at)?))
}

/// The same act again and again, each with audit lines of its own: for what does several things that
/// are told by themselves.
pub fn acts(act: &Act) -> impl Iterator<Item = Act> + '_ {
    (0..).map(|n| Act {
        audit_seed: nth_uuid(act.audit_seed, n * LINES_OF_AN_ACT),
        ..act.clone()
    })
}

/// Audit lines that one of [`acts`] has at most.
const LINES_OF_AN_ACT: u64 = 16;

/// The keys of a device, stored one after the other.
pub fn split_keys(joined: &[u8]) -> Vec<[u8; 16]> {
    joined.as_chunks().0.to_vec()
}

/// What people call a device in the audit log: its serial number, else its PKID, else its id.
pub fn device_name(device: &Device) -> String {
    let named = device.serial.as_ref().or(device.pkid.as_ref());
    named.cloned().unwrap_or_else(|| device.id.to_string())
}

/// The words of the audit line about something that devices had: "3 devices had it".
pub fn devices_had_it(devices: u64) -> String {
    match devices {
        1 => "1 device had it".to_owned(),
        _ => format!("{devices} devices had it"),
    }
}

/// What corporate identifiers are called in the audit log: "3 identifiers".
pub fn identifiers_in_words(count: usize) -> String {
    match count {
        1 => "1 identifier".to_owned(),
        _ => format!("{count} identifiers"),
    }
}

#[cfg(test)]
mod tests {
    use registration::clock::Timestamp;
    use registration::ids::{SeededEntropy, uuid_v7};

    use super::*;

    fn row(verdict: RowVerdict, group_tag: Option<&str>) -> UploadRow {
        UploadRow {
            number: 7,
            line: 9,
            serial: "00\"42".to_owned(),
            pkid: "3305000000017".to_owned(),
            manufacturer: "Contoso".to_owned(),
            model: "Böok".to_owned(),
            hash: "AAAA".to_owned(),
            group_tag: group_tag.map(str::to_owned),
            verdict,
        }
    }

    #[test]
    fn rows_come_back_as_they_were() {
        let invalid = RowVerdict::Invalid {
            code: "EN0401".to_owned(),
            cause: "wrong".to_owned(),
            fix: "mend it".to_owned(),
            dds: Some((803, "InvalidZtdHardwareHash".to_owned())),
        };
        let rows = [
            row(RowVerdict::Ready, None),
            row(invalid, Some("tag")),
            row(RowVerdict::Duplicate { of_line: 3 }, Some("")),
        ];
        let bytes = rows_to_bytes(&rows).expect("writes");
        assert_eq!(rows_from_bytes(&bytes).expect("reads"), rows);
    }

    #[test]
    fn results_come_back_as_they_were_and_damaged_ones_are_refused() {
        let id = DeviceId(uuid_v7(Timestamp(1), &SeededEntropy::new(1)));
        let mut results = Vec::new();
        for outcome in Outcome::ALL {
            for device_id in [None, Some(id)] {
                for unverified in [false, true] {
                    results.push(RowResult {
                        outcome,
                        device_id,
                        unverified,
                    });
                }
            }
        }
        let bytes = results_to_bytes(&results).expect("writes");
        assert_eq!(results_from_bytes(&bytes).expect("reads"), results);
        for damaged in [&bytes[..bytes.len() - 1], &[0x3f], &[HAS_DEVICE]] {
            assert!(results_from_bytes(damaged).is_err());
        }
    }

    #[test]
    fn patterns_stand_for_themselves() {
        assert_eq!(containing("a%b_c\\"), "%a\\%b\\_c\\\\%");
        assert!(after_prefix("ab").as_str() > "ab\u{10fffe}");
        assert!(after_prefix("ab").as_str() < "ac");
    }
}
