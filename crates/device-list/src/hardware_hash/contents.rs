//! What a hardware hash says, all of it, for people to read.

use std::fmt;

use serde::Serialize;

use super::container::{self, Frame, Identity};
use super::error::{DigestState, HashError};
use super::record::{Hex, Record, Version};
use super::text;

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
    /// Version of the program that made the hash (record 1).
    pub tool_version: Option<Version>,
    /// Version of the operating system it ran on (record 1).
    pub os_version: Option<Version>,
    /// What the trailer says.
    pub digest: DigestState,
    /// Whether something other than zeros follows the trailer.
    pub rest: bool,
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
        Self::read(&container::frame(bytes)?)
    }

    fn read(frame: &Frame<'_>) -> Result<Self, HashError> {
        let identity = container::identity(frame.content)?;
        let records = container::records(frame.content)
            .map(|record| record.map(|(kind, payload)| Record::read(kind, payload)))
            .collect::<Result<Vec<_>, _>>()?;
        Ok(Self::new(frame, &identity, records))
    }

    fn new(frame: &Frame<'_>, identity: &Identity<'_>, records: Vec<Record>) -> Self {
        let versions = records.iter().find_map(|record| match record {
            Record::Build { tool, os, .. } => Some((*tool, *os)),
            _ => None,
        });
        let tpm_ek = records.iter().find_map(|record| match record {
            Record::TpmEndorsementKey(modulus) => Some(modulus.clone()),
            _ => None,
        });
        let owned = |bytes| container::text(bytes).into_owned();
        Self {
            serial: owned(identity.serial),
            manufacturer: owned(identity.manufacturer),
            model: owned(identity.model),
            pkid: owned(identity.pkid),
            smbios_uuid: identity.uuid,
            tpm_ek,
            tool_version: versions.map(|(tool, _)| tool),
            os_version: versions.map(|(_, os)| os),
            digest: state(frame.proof),
            rest: frame.rest,
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
