//! Building hashes, for samples and tests.

use sha2::{Digest, Sha256};

use super::container::RECORD_HEADER;

/// Builds a hash record by record.
#[derive(Debug, Clone)]
pub struct HashBuilder {
    content: Vec<u8>,
}

impl Default for HashBuilder {
    fn default() -> Self {
        Self {
            content: b"OA\0\0".to_vec(),
        }
    }
}

impl HashBuilder {
    /// Appends a record. What does not fit into the 65,535 bytes of a content is left out.
    #[must_use]
    pub fn record(mut self, kind: u16, payload: &[u8]) -> Self {
        let length = RECORD_HEADER + payload.len();
        if u16::try_from(self.content.len() + length).is_ok() {
            self.content.extend_from_slice(&kind.to_le_bytes());
            self.content
                .extend_from_slice(&(length as u16).to_le_bytes());
            self.content.extend_from_slice(payload);
        }
        self
    }

    /// Appends a record of NUL-terminated text.
    #[must_use]
    pub fn text(self, kind: u16, text: &str) -> Self {
        let mut payload = text.as_bytes().to_vec();
        payload.push(0);
        self.record(kind, &payload)
    }

    /// Appends an SMBIOS UUID (record 12), given in the order in which it is written.
    #[must_use]
    pub fn uuid(self, mut uuid: [u8; 16]) -> Self {
        uuid[..4].reverse();
        uuid[4..6].reverse();
        uuid[6..8].reverse();
        self.record(12, &uuid)
    }

    /// Content and trailer.
    pub fn finish(mut self) -> Vec<u8> {
        let length = self.content.len() as u16;
        self.content[2..4].copy_from_slice(&length.to_le_bytes());
        let digest = Sha256::digest(&self.content);
        self.content.extend_from_slice(b"CS\x24\0");
        self.content.extend_from_slice(&digest);
        self.content
    }
}
