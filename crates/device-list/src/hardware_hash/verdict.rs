//! Whether a hash is right, and what it lacks for Microsoft's own validation.

use super::contents::HashContents;
use super::error::{DigestState, HashError};
use super::facts::{Presence, TpmState};

impl HashContents {
    /// Whether nothing is wrong with it: checksum whole and right, records that add up, serial number
    /// and manufacturer there, nothing behind its end.
    pub fn is_right(&self) -> bool {
        self.faults().is_empty()
    }

    /// What is wrong with it, each as a part of a sentence; never tells content. Empty when it is
    /// right.
    pub fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        if self.altered {
            faults.push("blanks or foreign letters stand in its text".to_owned());
        }
        faults.extend(self.fault.map(|fault| fault.to_string()));
        // Without an end there can't be a checksum: once is enough.
        let is_cut = self.fault.is_some_and(|fault| {
            matches!(
                fault,
                HashError::ContentCut { .. } | HashError::NotBase64 { .. }
            )
        });
        match self.digest {
            DigestState::Verified => {}
            DigestState::CutShort { missing } => faults.push(format!(
                "its checksum has lost {missing} of 32 bytes, and those that are left fit"
            )),
            DigestState::Mismatch => faults.push(HashError::DigestMismatch.to_string()),
            DigestState::Missing if is_cut => {}
            DigestState::Missing => faults.push(HashError::TrailerMissing.to_string()),
        }
        if self.manufacturer.is_empty() {
            faults.push(HashError::NoManufacturer.to_string());
        }
        if self.serial.is_empty() {
            faults.push(HashError::NoSerial.to_string());
        }
        if self.rest {
            faults.push("something follows its end".to_owned());
        }
        faults
    }

    /// Which of the fields that `oa3tool /ValidateHwHash` calls critical it lacks, by that tool's names
    /// (api.md 8.3). A hash without them is taken all the same.
    pub fn missing_critical(&self) -> Vec<&'static str> {
        let facts = &self.facts;
        let has_family = self
            .records
            .iter()
            .any(|record| matches!(record, super::Record::Family(family) if !family.is_empty()));
        let fields = [
            ("DiskSerialNumber", facts.has_disk_serial),
            ("TpmVersion", facts.tpm != TpmState::Absent),
            ("EkPubHash", facts.has_tpm_key),
            ("MacAddress", facts.has_network),
            ("ProductKeyId", facts.pkid == Presence::Present),
            ("SmbiosSystemFamily", has_family),
            ("SmbiosSystemManufacturer", !self.manufacturer.is_empty()),
            ("SmbiosSystemProductName", !self.model.is_empty()),
            ("SmbiosSystemSerialNumber", !self.serial.is_empty()),
            ("SmbiosUuid", facts.uuid == Presence::Present),
        ];
        let missing = fields.into_iter().filter(|(_, there)| !there);
        missing.map(|(name, _)| name).collect()
    }
}
