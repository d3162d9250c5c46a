//! JSON Web Tokens in their compact form (RFC 7519): three parts in base64url. Signed by us with
//! ES256 alone; the header of a token that comes back never chooses the algorithm.

use base64_simd::URL_SAFE_NO_PAD;
use ring::signature::{ECDSA_P256_SHA256_FIXED, EcdsaKeyPair, UnparsedPublicKey};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// The most that a token may have: nobody's is longer, and nothing larger is looked at.
const LENGTH_AT_MOST: usize = 16 * 1024;

/// The `typ` of access tokens (RFC 9068): an `id_token` is none.
pub const ACCESS: &str = "at+jwt";
/// The `typ` of `id_token`s.
pub const IDENTITY: &str = "JWT";

/// What a token's header says.
#[derive(Debug, Clone, Deserialize, Serialize)]
pub struct Header {
    /// The algorithm.
    pub alg: String,
    /// What sort of token it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub typ: Option<String>,
    /// The key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kid: Option<String>,
}

/// A token taken apart; nothing is checked yet.
pub struct Parts<'a> {
    /// Its header.
    pub header: Header,
    /// What is signed.
    pub signed: &'a str,
    /// The signature.
    pub signature: Vec<u8>,
    payload: Vec<u8>,
}

impl<'a> Parts<'a> {
    /// Takes a token apart; `None` if it is none.
    pub fn of(token: &'a str) -> Option<Self> {
        if token.len() > LENGTH_AT_MOST {
            return None;
        }
        let (signed, signature) = token.rsplit_once('.')?;
        let (header, payload) = signed.split_once('.')?;
        Some(Self {
            header: serde_json::from_slice(&decode(header)?).ok()?,
            signed,
            signature: decode(signature)?,
            payload: decode(payload)?,
        })
    }

    /// What the token says. Check the signature first.
    pub fn claims<T: DeserializeOwned>(&self) -> Option<T> {
        serde_json::from_slice(&self.payload).ok()
    }

    /// Whether it was signed with the private key of this point by ES256.
    pub fn is_signed_by(&self, point: &[u8]) -> bool {
        self.header.alg == "ES256"
            && UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point)
                .verify(self.signed.as_bytes(), &self.signature)
                .is_ok()
    }
}

/// A token with these claims.
pub(crate) fn sign(
    key: &EcdsaKeyPair,
    random: &dyn ring::rand::SecureRandom,
    kid: &str,
    typ: &str,
    claims: &impl Serialize,
) -> Option<String> {
    let header = Header {
        alg: "ES256".to_owned(),
        typ: Some(typ.to_owned()),
        kid: Some(kid.to_owned()),
    };
    let header = encode(&serde_json::to_vec(&header).ok()?);
    let payload = encode(&serde_json::to_vec(claims).ok()?);
    let signed = format!("{header}.{payload}");
    let signature = key.sign(random, signed.as_bytes()).ok()?;
    Some(format!("{signed}.{}", encode(signature.as_ref())))
}

/// base64url without padding.
pub fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode_to_string(bytes)
}

/// The reverse of [`encode`].
pub fn decode(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode_to_vec(text.as_bytes()).ok()
}

#[cfg(test)]
mod tests {
    use ring::rand::SystemRandom;
    use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, KeyPair};

    use super::*;

    fn pair() -> EcdsaKeyPair {
        let algorithm = &ECDSA_P256_SHA256_FIXED_SIGNING;
        let random = SystemRandom::new();
        let document = EcdsaKeyPair::generate_pkcs8(algorithm, &random).expect("a key");
        EcdsaKeyPair::from_pkcs8(algorithm, document.as_ref(), &random).expect("a key")
    }

    #[test]
    fn a_token_is_read_back_and_any_change_breaks_its_signature() {
        let (pair, random) = (pair(), SystemRandom::new());
        let token = sign(&pair, &random, "k1", ACCESS, &["a"]).expect("signs");
        let parts = Parts::of(&token).expect("a token");
        assert!(parts.is_signed_by(pair.public_key().as_ref()));
        assert_eq!(parts.claims::<Vec<String>>(), Some(vec!["a".to_owned()]));
        assert_eq!(parts.header.kid.as_deref(), Some("k1"));
        assert!(!parts.is_signed_by(self::pair().public_key().as_ref()));

        let (signed, signature) = token.rsplit_once('.').expect("parts");
        let (header, _) = signed.split_once('.').expect("parts");
        let forged = format!("{header}.{}.{signature}", encode(b"[\"b\"]"));
        let forged = Parts::of(&forged).expect("a token");
        assert!(!forged.is_signed_by(pair.public_key().as_ref()));
    }

    #[test]
    fn no_header_chooses_another_algorithm() {
        let (pair, random) = (pair(), SystemRandom::new());
        let token = sign(&pair, &random, "k1", ACCESS, &["a"]).expect("signs");
        let (_, rest) = token.split_once('.').expect("parts");
        for alg in ["none", "HS256", "es256"] {
            let header = encode(format!("{{\"alg\":\"{alg}\"}}").as_bytes());
            let odd = format!("{header}.{rest}");
            let parts = Parts::of(&odd).expect("a token");
            assert!(!parts.is_signed_by(pair.public_key().as_ref()), "{alg}");
        }
    }

    #[test]
    fn what_is_no_token_is_none() {
        for text in ["", "a.b", "..", "a.b.c", "e30.e30", "é.é.é"] {
            assert!(Parts::of(text).is_none(), "{text}");
        }
        assert!(Parts::of(&"a".repeat(LENGTH_AT_MOST + 1)).is_none());
    }
}
