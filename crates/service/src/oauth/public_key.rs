//! Public keys of API clients, out of the PEM files that people have: a certificate, or the key
//! alone. Only as much of DER is read as leads to the key (RFC 5280, 4.1; RFC 3279, 2.3).

use base64_simd::STANDARD;
use registration::api_client::ClientError;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, RSA_PKCS1_2048_8192_SHA256, RSA_PSS_2048_8192_SHA256,
    UnparsedPublicKey, VerificationAlgorithm,
};

const SEQUENCE: u8 = 0x30;
const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;
/// `[0]`, the version of a certificate.
const VERSION: u8 = 0xA0;
/// `rsaEncryption` and no parameters.
const RSA: [u8; 13] = [6, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 1, 5, 0];
/// `id-ecPublicKey` on `secp256r1`.
const P256: [u8; 19] = [
    6, 7, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 2, 1, 6, 8, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 3, 1, 7,
];
/// Bits of an RSA key.
const RSA_BITS: std::ops::RangeInclusive<usize> = 2048..=8192;
/// The most that is looked at.
const BYTES_AT_MOST: usize = 32 * 1024;

/// A public key that assertions are checked with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum PublicKey {
    /// An `RSAPublicKey`.
    Rsa(Vec<u8>),
    /// An uncompressed point.
    P256(Vec<u8>),
}

/// The `SubjectPublicKeyInfo` of a PEM file with a certificate or a public key, once it is known to
/// be one that can be used.
pub(crate) fn parse_pem(text: &str) -> Result<Vec<u8>, ClientError> {
    if text.contains("PRIVATE KEY-----") {
        return Err(ClientError::PrivateKey);
    }
    let info = block(text, "CERTIFICATE")
        .and_then(|der| of_certificate(&der).map(<[u8]>::to_vec))
        .or_else(|| block(text, "PUBLIC KEY"));
    info.filter(|info| PublicKey::of_info(info).is_some())
        .ok_or(ClientError::Key)
}

/// The first block of a PEM file with this label.
fn block(text: &str, label: &str) -> Option<Vec<u8>> {
    if text.len() > BYTES_AT_MOST {
        return None;
    }
    let (_, after) = text.split_once(&format!("-----BEGIN {label}-----"))?;
    let (inside, _) = after.split_once(&format!("-----END {label}-----"))?;
    let letters: String = inside.split_whitespace().collect();
    STANDARD.decode_to_vec(letters.as_bytes()).ok()
}

impl PublicKey {
    /// Reads a `SubjectPublicKeyInfo`.
    pub(crate) fn of_info(info: &[u8]) -> Option<Self> {
        let (inside, _) = inside(info, SEQUENCE)?;
        let (algorithm, rest) = self::inside(inside, SEQUENCE)?;
        let (bits, _) = self::inside(rest, BIT_STRING)?;
        let (&unused, key) = bits.split_first()?;
        if unused != 0 {
            return None;
        }
        if algorithm == RSA {
            let (numbers, _) = self::inside(key, SEQUENCE)?;
            let (modulus, _) = self::inside(numbers, INTEGER)?;
            let first = modulus.iter().position(|&byte| byte != 0)?;
            let zeros = 8 * first + modulus[first].leading_zeros() as usize;
            let bits = 8 * modulus.len() - zeros;
            return RSA_BITS.contains(&bits).then(|| Self::Rsa(key.to_vec()));
        }
        let point = algorithm == P256 && key.len() == 65 && key[0] == 4;
        point.then(|| Self::P256(key.to_vec()))
    }

    /// Whether `signature` over `signed` is this key's, by the algorithm that the header names and
    /// that fits the key (RFC 7518, 3.1).
    pub(crate) fn has_signed(&self, algorithm: &str, signed: &[u8], signature: &[u8]) -> bool {
        let right = |how: &'static dyn VerificationAlgorithm, key: &[u8]| {
            UnparsedPublicKey::new(how, key)
                .verify(signed, signature)
                .is_ok()
        };
        match (algorithm, self) {
            ("RS256", Self::Rsa(key)) => right(&RSA_PKCS1_2048_8192_SHA256, key),
            ("PS256", Self::Rsa(key)) => right(&RSA_PSS_2048_8192_SHA256, key),
            ("ES256", Self::P256(point)) => right(&ECDSA_P256_SHA256_FIXED, point),
            _ => false,
        }
    }
}

/// The `SubjectPublicKeyInfo` in a certificate.
fn of_certificate(der: &[u8]) -> Option<&[u8]> {
    let (certificate, _) = inside(der, SEQUENCE)?;
    let (mut rest, _) = inside(certificate, SEQUENCE)?;
    if rest.first() == Some(&VERSION) {
        rest = inside(rest, VERSION)?.1;
    }
    rest = inside(rest, INTEGER)?.1;
    // Algorithm, issuer, validity, subject.
    for _ in 0..4 {
        rest = inside(rest, SEQUENCE)?.1;
    }
    let (_, after) = inside(rest, SEQUENCE)?;
    Some(&rest[..rest.len() - after.len()])
}

/// What is in the element that `der` begins with, if it has this tag, and what follows it.
fn inside(der: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (&found, rest) = der.split_first()?;
    let (&first, rest) = rest.split_first()?;
    if found != tag {
        return None;
    }
    let (length, rest) = match first {
        0..=0x7F => (usize::from(first), rest),
        0x81..=0x83 => {
            let (digits, rest) = rest.split_at_checked(usize::from(first & 0x7F))?;
            let add = |length, &digit| length << 8 | usize::from(digit);
            (digits.iter().fold(0, add), rest)
        }
        _ => return None,
    };
    rest.split_at_checked(length)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const EC_KEY: &str = include_str!("test_keys/ec_public.pem");
    const EC_CERTIFICATE: &str = include_str!("test_keys/ec_certificate.pem");
    const RSA_KEY: &str = include_str!("test_keys/rsa_public.pem");
    const RSA_CERTIFICATE: &str = include_str!("test_keys/rsa_certificate.pem");
    const RSA_SHORT: &str = include_str!("test_keys/rsa_1024_public.pem");
    const P384: &str = include_str!("test_keys/p384_public.pem");

    #[test]
    fn a_certificate_has_the_same_key_as_the_key_alone() {
        for (key, certificate) in [(EC_KEY, EC_CERTIFICATE), (RSA_KEY, RSA_CERTIFICATE)] {
            let alone = parse_pem(key).expect("a key");
            assert_eq!(parse_pem(certificate), Ok(alone));
        }
    }

    #[test]
    fn what_can_not_be_used_is_refused_and_a_private_key_is_told_apart() {
        let broken = EC_KEY.replace('M', "!");
        for bad in ["", "hello", RSA_SHORT, P384, &broken] {
            assert_eq!(parse_pem(bad), Err(ClientError::Key));
        }
        let private = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----";
        assert_eq!(parse_pem(private), Err(ClientError::PrivateKey));
    }

    #[test]
    fn signatures_of_an_rsa_key_are_told_apart_by_their_algorithm() {
        let key = PublicKey::of_info(&parse_pem(RSA_KEY).expect("a key")).expect("reads");
        let rs256 = signature(include_str!("test_keys/rs256.txt"));
        let ps256 = signature(include_str!("test_keys/ps256.txt"));
        let right = |algorithm, bytes: &[u8]| key.has_signed(algorithm, b"header.payload", bytes);
        assert!(right("RS256", &rs256) && right("PS256", &ps256));
        assert!(!right("RS256", &ps256) && !right("PS256", &rs256));
        assert!(!right("ES256", &rs256) && !right("none", &rs256));
        assert!(!key.has_signed("RS256", b"header.Payload", &rs256));
    }

    fn signature(text: &str) -> Vec<u8> {
        let letters: String = text.split_whitespace().collect();
        STANDARD.decode_to_vec(letters).expect("base64")
    }

    #[test]
    fn the_algorithm_must_fit_the_key() {
        let key = PublicKey::of_info(&parse_pem(EC_KEY).expect("a key")).expect("reads");
        for algorithm in ["ES256", "RS256", "none", "HS256", ""] {
            assert!(!key.has_signed(algorithm, b"x", b"y"), "{algorithm}");
        }
    }

    proptest! {
        #[test]
        fn nothing_that_comes_in_panics(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = PublicKey::of_info(&bytes);
            let _ = of_certificate(&bytes);
        }

        #[test]
        fn a_damaged_certificate_panics_neither(at in 0usize..400, byte in any::<u8>()) {
            let mut der = block(RSA_CERTIFICATE, "CERTIFICATE").expect("a certificate");
            let at = at % der.len();
            der[at] = byte;
            if let Some(info) = of_certificate(&der) {
                let _ = PublicKey::of_info(info);
            }
        }
    }
}
