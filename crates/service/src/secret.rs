//! Secrets that travel in links and cookies: shown once, kept as their SHA-256 alone.

use std::fmt;

use registration::ids::Entropy;
use sha2::{Digest, Sha256};

/// 32 random bytes as 64 hex digits. Its `Debug` never shows them.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// A new one.
    pub fn generate(entropy: &dyn Entropy) -> Self {
        let mut bytes = [0u8; 32];
        entropy.fill(&mut bytes);
        Self(hex(&bytes))
    }

    /// One that came in; anything that can't be a secret has no digest anybody knows.
    pub fn from_text(text: &str) -> Self {
        Self(text.trim().to_owned())
    }

    /// The text, to put into a link or a cookie.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What is stored.
    pub fn digest(&self) -> [u8; 32] {
        Sha256::digest(self.0.as_bytes()).into()
    }

    /// Another secret that follows from this one, for a purpose of its own (CSRF tokens).
    #[must_use]
    pub fn derive(&self, purpose: &str) -> Self {
        let mut hasher = Sha256::new();
        hasher.update(purpose.as_bytes());
        hasher.update([0]);
        hasher.update(self.0.as_bytes());
        Self(hex(&hasher.finalize()))
    }

    /// Whether both are the same, in constant time.
    pub fn matches(&self, other: &str) -> bool {
        use subtle::ConstantTimeEq;
        self.0.as_bytes().ct_eq(other.as_bytes()).into()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Lower-case hex.
pub fn hex(bytes: &[u8]) -> String {
    use fmt::Write;
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use registration::ids::SeededEntropy;

    #[test]
    fn a_secret_is_never_shown_by_debug_and_derives_others() {
        let secret = Secret::generate(&SeededEntropy::new(1));
        assert_eq!(secret.reveal().len(), 64);
        assert!(!format!("{secret:?}").contains(secret.reveal()));
        let csrf = secret.derive("csrf");
        assert_ne!(csrf, secret);
        assert!(csrf.matches(secret.derive("csrf").reveal()));
        assert!(!csrf.matches(secret.derive("other").reveal()));
    }
}
