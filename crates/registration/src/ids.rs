//! Identifiers of everything stored: version 7 UUIDs, so that new rows append to their index
//! (reference/stack.md, part A "ids"), each in a type of its own.

use std::sync::Mutex;

use crate::clock::Timestamp;

/// Where random bytes come from.
pub trait Entropy: Send + Sync {
    /// Fills the whole of `bytes` with unpredictable bytes.
    fn fill(&self, bytes: &mut [u8]);
}

/// Predictable bytes for tests: SHA-256 of a seed and a counter. Never use it for secrets.
#[derive(Debug)]
pub struct SeededEntropy {
    seed: u64,
    counter: Mutex<u64>,
}

impl SeededEntropy {
    /// Bytes that depend on `seed` alone.
    pub fn new(seed: u64) -> Self {
        Self {
            seed,
            counter: Mutex::new(0),
        }
    }
}

impl Entropy for SeededEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        use sha2::{Digest, Sha256};
        let mut counter = self
            .counter
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        for piece in bytes.chunks_mut(32) {
            *counter += 1;
            let mut hasher = Sha256::new();
            hasher.update(self.seed.to_le_bytes());
            hasher.update(counter.to_le_bytes());
            piece.copy_from_slice(&hasher.finalize()[..piece.len()]);
        }
    }
}

/// 16 bytes of a version 7 UUID: milliseconds, then randomness.
pub fn uuid_v7(now: Timestamp, entropy: &dyn Entropy) -> uuid::Uuid {
    let mut random = [0u8; 10];
    entropy.fill(&mut random);
    let millis = u64::try_from(now.0 / 1000).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
}

/// The `n`th id of a series that starts at `first` and ascends: the last eight bytes count up
/// within the series, so a chunk of rows enters its index in order.
pub fn nth_uuid(first: uuid::Uuid, n: u64) -> uuid::Uuid {
    let mut bytes = *first.as_bytes();
    let mut tail = [0u8; 8];
    tail.copy_from_slice(&bytes[8..]);
    // The variant bits stay: only the low 62 bits count, and the start leaves room above it.
    let start = u64::from_be_bytes(tail) & 0x1FFF_FFFF_FFFF_FFFF;
    let counted = (start + n) & 0x3FFF_FFFF_FFFF_FFFF;
    bytes[8..].copy_from_slice(&(counted | 0x8000_0000_0000_0000).to_be_bytes());
    uuid::Uuid::from_bytes(bytes)
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash,
            serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub uuid::Uuid);

        impl $name {
            /// A new id, ascending with time.
            pub fn generate(now: Timestamp, entropy: &dyn Entropy) -> Self {
                Self(uuid_v7(now, entropy))
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, uuid::Error> {
                text.parse().map(Self)
            }
        }
    )+};
}

ids! {
    /// An organization; for a customer this is also its tenant id.
    OrganizationId,
    /// A person who signs in.
    UserId,
    /// One relationship between a partner or OEM and a customer.
    RelationshipId,
    /// One invitation link.
    InvitationId,
    /// A batch of devices of one customer.
    BatchId,
    /// One upload: its tracking id.
    UploadId,
    /// A registered device.
    DeviceId,
    /// An identity that a customer's script imported.
    ImportId,
    /// A deployment profile.
    ProfileId,
    /// A configuration policy: a party's own deployment profile for one customer.
    PolicyId,
    /// A corporate identifier of a customer's list.
    IdentifierId,
    /// One line of the audit log.
    AuditId,
    /// A job in the queue.
    JobId,
    /// An entry of the device directory.
    DirectoryEntryId,
    /// An API client; its account among the people has the same id.
    ClientId,
    /// A secret of an API client.
    CredentialId,
    /// A key that tokens are signed with.
    SigningKeyId,
    /// One request of a client, shown in answers and in the audit log.
    RequestId,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_series_ascends_and_stays_version_7() {
        let first = uuid_v7(Timestamp(1_795_342_500_000_000), &SeededEntropy::new(7));
        let mut before = nth_uuid(first, 0);
        for n in 1..5000 {
            let next = nth_uuid(first, n);
            assert!(next > before);
            assert_eq!(next.get_version_num(), 7);
            assert_eq!(next.get_variant(), uuid::Variant::RFC4122);
            before = next;
        }
    }
}
