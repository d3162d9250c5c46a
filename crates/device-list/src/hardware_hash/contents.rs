//! What a hardware hash says, all of it, for people to read.

use std::fmt;

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::container::{self, Frame, HEADER};
use super::error::{DigestState, HashError};
use super::facts::{HardwareFacts, hardware_facts};
use super::record::Record;
use super::text;
use super::tpm::TpmText;
use super::value::{Hex, Version};

/// Kind of an offline device id (record 11) that is made from the TPM's endorsement key.
const TPM_KEY: u8 = 1;

/// Everything a hash says. Sensitive like the hash: its `Debug` prints no content.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct HashContents {
    /// Record 14; empty when missing.
    pub serial: String,
    /// Record 16; empty when missing.
    pub manufacturer: String,
    /// Record 17; empty when missing.
    pub model: String,
    /// Record 24; empty when missing.
    pub pkid: String,
    /// Record 12, in the order in which a UUID is written (SMBIOS stores the first three parts
    /// turned round).
    #[serde(serialize_with = "as_uuid")]
    pub smbios_uuid: Option<[u8; 16]>,
    /// Record 25: the TPM endorsement key's modulus.
    pub tpm_ek: Option<Hex>,
    /// Record 13, taken apart.
    pub tpm: Option<TpmText>,
    /// Whether the offline device id (record 11) is the digest of the TPM key (record 25), where it
    /// should be.
    pub offline_id_fits: Option<bool>,
    /// Version of the program that made the hash (record 1).
    pub tool_version: Option<Version>,
    /// Version of the operating system it ran on (record 1).
    pub os_version: Option<Version>,
    /// What it says about the hardware, and when it was collected.
    pub facts: HardwareFacts,
    /// What the trailer says.
    pub digest: DigestState,
    /// Whether something other than zeros follows the trailer.
    pub rest: bool,
    /// Whether the text could be read only without blanks and with other letters.
    pub altered: bool,
    /// Where reading ended before the end: see [`HashContents::salvage`].
    #[serde(serialize_with = "as_text")]
    pub fault: Option<HashError>,
    /// All records, in order.
    pub records: Vec<Record>,
}

impl HashContents {
    /// Reads a hash whatever its trailer says, so that a damaged one can be looked into.
    ///
    /// # Errors
    /// Only where no content can be read: not base64, no magic, content cut short, broken records.
    pub fn inspect(text: &str) -> Result<Self, HashError> {
        let mut bytes = Vec::new();
        text::decode(text.trim().as_bytes(), &mut bytes)?;
        Self::inspect_bytes(&bytes)
    }

    /// [`HashContents::inspect`] for the binary form.
    pub fn inspect_bytes(bytes: &[u8]) -> Result<Self, HashError> {
        let contents = Self::read(&container::frame(bytes)?);
        contents.fault.map_or(Ok(contents), Err)
    }

    /// Reads what is left of a hash: up to the character that is not base64, the end of a content
    /// that is cut short, the record that does not fit. [`HashContents::fault`] says what ended it.
    ///
    /// # Errors
    /// Where there is nothing of a hash: it does not begin like one.
    pub fn salvage(text: &str) -> Result<Self, HashError> {
        let text = text.trim();
        let mut bytes = Vec::new();
        let Err(error) = text::decode(text.as_bytes(), &mut bytes) else {
            return Self::salvage_bytes(&bytes);
        };
        if let Some(normal) = text::normalized(text)
            && text::decode(normal.as_bytes(), &mut bytes).is_ok()
        {
            let contents = Self::salvage_bytes(&bytes)?;
            return Ok(Self {
                altered: true,
                ..contents
            });
        }
        let HashError::NotBase64 { position } = error else {
            return Err(error);
        };
        text::decode(&text.as_bytes()[..position], &mut bytes)?;
        let contents = Self::salvage_bytes(&bytes).map_err(|_| error)?;
        Ok(Self {
            fault: Some(error),
            ..contents
        })
    }

    /// [`HashContents::salvage`] for the binary form.
    pub fn salvage_bytes(bytes: &[u8]) -> Result<Self, HashError> {
        match container::frame(bytes) {
            Ok(frame) => Ok(Self::read(&frame)),
            Err(cut @ HashError::ContentCut { .. }) => {
                let contents = Self::read(&Frame {
                    content: bytes,
                    sha256: [0; 32],
                    proof: Err(HashError::TrailerMissing),
                    rest: false,
                });
                Ok(Self {
                    fault: Some(cut),
                    ..contents
                })
            }
            Err(error) => Err(error),
        }
    }

    /// Reads the records as far as they add up.
    fn read(frame: &Frame<'_>) -> Self {
        let mut fault = None;
        let mut end = HEADER;
        let mut records = Vec::new();
        for record in container::records(frame.content) {
            match record {
                Ok((kind, payload)) => {
                    end += container::RECORD_HEADER + payload.len();
                    records.push(Record::read(kind, payload));
                }
                Err(error) => fault = Some(error),
            }
        }
        let content = &frame.content[..end.min(frame.content.len())];
        let mut contents = Self::of(content, records);
        contents.digest = state(frame.proof);
        contents.rest = frame.rest;
        contents.fault = fault;
        contents
    }

    /// The contents of records that add up.
    fn of(content: &[u8], records: Vec<Record>) -> Self {
        let identity = container::identity(content).unwrap_or_default();
        let owned = |bytes| container::text(bytes).into_owned();
        let facts = hardware_facts(content);
        let tpm_ek = records.iter().find_map(|record| match record {
            Record::TpmEndorsementKey(modulus) => Some(modulus.clone()),
            _ => None,
        });
        let tpm = records.iter().find_map(|record| match record {
            Record::TpmVersion(text) => TpmText::read(text.as_bytes()),
            _ => None,
        });
        Self {
            serial: owned(identity.serial),
            manufacturer: owned(identity.manufacturer),
            model: owned(identity.model),
            pkid: owned(identity.pkid),
            smbios_uuid: identity.uuid,
            offline_id_fits: offline_id_fits(&records, tpm_ek.as_ref()),
            tpm_ek,
            tpm,
            tool_version: facts.tool,
            os_version: facts.os,
            facts,
            digest: DigestState::Missing,
            rest: false,
            altered: false,
            fault: None,
            records,
        }
    }
}

impl fmt::Debug for HashContents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "HashContents({} records, {:?})",
            self.records.len(),
            self.digest
        )
    }
}

fn state(proof: Result<DigestState, HashError>) -> DigestState {
    match proof {
        Ok(state) => state,
        Err(
            HashError::DigestMismatch
            | HashError::TrailerCut {
                rest_matches: false,
                ..
            },
        ) => DigestState::Mismatch,
        Err(_) => DigestState::Missing,
    }
}

/// Whether the offline device id is SHA-256 of the key; `None` where there is nothing to compare.
fn offline_id_fits(records: &[Record], key: Option<&Hex>) -> Option<bool> {
    let id = records.iter().find_map(|record| match record {
        Record::OfflineDeviceId { kind: TPM_KEY, id } => Some(id),
        _ => None,
    })?;
    Some(Sha256::digest(&key?.0).as_slice() == &*id.0)
}

/// The written form of a UUID, as in `11223344-5566-7788-99aa-bbccddeeff00`.
pub fn uuid_text(uuid: [u8; 16]) -> String {
    let hex = Hex(uuid.into()).to_string();
    [
        &hex[..8],
        &hex[8..12],
        &hex[12..16],
        &hex[16..20],
        &hex[20..],
    ]
    .join("-")
}

#[expect(clippy::ref_option, reason = "the shape that serde asks for")]
fn as_uuid<S: serde::Serializer>(
    uuid: &Option<[u8; 16]>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    uuid.map(uuid_text).serialize(serializer)
}

#[expect(clippy::ref_option, reason = "the shape that serde asks for")]
fn as_text<S: serde::Serializer>(
    fault: &Option<HashError>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    fault.map(|fault| fault.to_string()).serialize(serializer)
}

#[cfg(test)]
mod tests;
