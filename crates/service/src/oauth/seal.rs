//! The key of the server, under which private keys are stored: AES-256-GCM.

use registration::ids::Entropy;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use sha2::{Digest, Sha256};

/// 32 bytes that never leave the server. Who has them and the database can sign tokens.
#[derive(Clone)]
pub struct ServerKey([u8; 32]);

impl ServerKey {
    /// A new one.
    pub fn generate(entropy: &dyn Entropy) -> Self {
        let mut bytes = [0; 32];
        entropy.fill(&mut bytes);
        Self(bytes)
    }

    /// Reads 64 hex digits; blanks around them don't matter.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.len() != 64 || !text.is_ascii() {
            return None;
        }
        let mut bytes = [0; 32];
        for (n, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(text.get(2 * n..2 * n + 2)?, 16).ok()?;
        }
        Some(Self(bytes))
    }

    /// The text that [`Self::parse`] reads. A secret.
    pub fn reveal(&self) -> String {
        crate::secret::hex(&self.0)
    }

    /// Tells this key from others without saying anything about it.
    pub fn id(&self) -> [u8; 16] {
        let mut hasher = Sha256::new();
        hasher.update(b"enlist server key\0");
        hasher.update(self.0);
        let digest: [u8; 32] = hasher.finalize().into();
        let mut id = [0; 16];
        id.copy_from_slice(&digest[..16]);
        id
    }

    /// Seals `secret` for the place called `about`: nonce, ciphertext, tag. `None` never happens
    /// with a key of this length.
    pub(crate) fn seal(
        &self,
        entropy: &dyn Entropy,
        about: &[u8],
        secret: &[u8],
    ) -> Option<Vec<u8>> {
        let mut nonce = [0; NONCE_LEN];
        entropy.fill(&mut nonce);
        let mut sealed = secret.to_vec();
        let place = Nonce::assume_unique_for_key(nonce);
        self.key()?
            .seal_in_place_append_tag(place, Aad::from(about), &mut sealed)
            .ok()?;
        Some([nonce.as_slice(), &sealed].concat())
    }

    /// Opens what was sealed for the same place under the same key.
    pub(crate) fn open(&self, about: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
        let (nonce, rest) = sealed.split_first_chunk::<NONCE_LEN>()?;
        let mut rest = rest.to_vec();
        let nonce = Nonce::assume_unique_for_key(*nonce);
        let key = self.key()?;
        let secret = key.open_in_place(nonce, Aad::from(about), &mut rest).ok()?;
        Some(secret.to_vec())
    }

    fn key(&self) -> Option<LessSafeKey> {
        UnboundKey::new(&AES_256_GCM, &self.0)
            .ok()
            .map(LessSafeKey::new)
    }
}

impl std::fmt::Debug for ServerKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ServerKey(…)")
    }
}

#[cfg(test)]
mod tests {
    use registration::ids::SeededEntropy;

    use super::*;

    #[test]
    fn what_is_sealed_opens_under_the_same_key_for_the_same_place_alone() {
        let entropy = SeededEntropy::new(1);
        let key = ServerKey::generate(&entropy);
        let sealed = key.seal(&entropy, b"a", b"secret").expect("seals");
        assert!(!sealed.windows(6).any(|bytes| bytes == b"secret"));
        assert_eq!(key.open(b"a", &sealed).as_deref(), Some(&b"secret"[..]));
        assert_eq!(key.open(b"b", &sealed), None);
        let other = ServerKey::generate(&entropy);
        assert_eq!(other.open(b"a", &sealed), None);
        assert_ne!(other.id(), key.id());
        let mut damaged = sealed.clone();
        damaged[14] ^= 1;
        assert_eq!(key.open(b"a", &damaged), None);
        assert_eq!(key.open(b"a", &sealed[..5]), None);
    }

    #[test]
    fn a_key_is_64_hex_digits_and_never_shown() {
        let key = ServerKey::generate(&SeededEntropy::new(2));
        let text = format!(" {}\n", key.reveal());
        assert_eq!(ServerKey::parse(&text).expect("reads").id(), key.id());
        assert!(ServerKey::parse("abc").is_none());
        assert!(ServerKey::parse(&"x".repeat(64)).is_none());
        assert_eq!(format!("{key:?}"), "ServerKey(…)");
    }
}
