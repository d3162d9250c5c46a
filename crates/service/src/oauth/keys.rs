//! The keys that tokens are signed with. A key signs for a month and is published a day longer
//! than any token of it holds; its private half is stored under the server's key. A process signs
//! with the newest key that it can open, and makes one if there is none: should the server's key
//! be lost, tokens given before hold until they end, and a new signing key takes over.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError};

use registration::clock::Timestamp;
use registration::ids::SigningKeyId;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use serde::Serialize;
use storage::tokens::SigningKey;

use super::{ACCESS_SECONDS, jwt};
use crate::{Desk, DeskError, Result};

/// Days that a key signs.
const SIGNS_DAYS: i64 = 30;
/// Seconds that a key is published after its last token has ended.
const PUBLISHED_AFTER_SECONDS: i64 = 86_400;
/// Keys are read again after this: another process may have made one.
const STALE_SECONDS: i64 = 60;

/// The keys as this process last read them.
#[derive(Default)]
pub(crate) struct KeyRing {
    read_at: Timestamp,
    signer: Option<Arc<Signer>>,
    published: HashMap<SigningKeyId, SigningKey>,
}

/// A key that this process can sign with.
pub(crate) struct Signer {
    id: String,
    pair: EcdsaKeyPair,
    until: Timestamp,
}

/// A public key as JWKS has it (RFC 7517).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PublicKey {
    kty: &'static str,
    #[serde(rename = "use")]
    purpose: &'static str,
    alg: &'static str,
    crv: &'static str,
    kid: String,
    x: String,
    y: String,
}

impl PublicKey {
    fn of(key: &SigningKey) -> Option<Self> {
        // An uncompressed point: 4, then both coordinates.
        let (x, y) = key.public_key.get(1..65)?.split_at(32);
        Some(Self {
            kty: "EC",
            purpose: "sig",
            alg: "ES256",
            crv: "P-256",
            kid: key.id.to_string(),
            x: jwt::encode(x),
            y: jwt::encode(y),
        })
    }
}

impl Desk {
    /// The public keys of all tokens that may be in use.
    pub async fn published_keys(&self) -> Result<Vec<PublicKey>> {
        self.signer().await?;
        let keys = self.storage.signing_keys(self.now()).await?;
        Ok(keys.iter().filter_map(PublicKey::of).collect())
    }

    /// A token with these claims.
    pub(crate) async fn signed(&self, typ: &str, claims: &impl Serialize) -> Result<String> {
        let signer = self.signer().await?;
        jwt::sign(&signer.pair, &self.oauth.random, &signer.id, typ, claims)
            .ok_or_else(|| DeskError::Internal("a token could not be signed".into()))
    }

    /// The public point of a published key.
    pub(crate) async fn public_point(&self, kid: &str) -> Result<Option<Vec<u8>>> {
        let Ok(id) = kid.parse::<SigningKeyId>() else {
            return Ok(None);
        };
        let now = self.now();
        let known = |ring: &KeyRing| {
            let key = ring.published.get(&id).filter(|key| key.ends_at > now)?;
            Some(key.public_key.clone())
        };
        let (point, fresh) = {
            let ring = self.oauth.ring.read();
            let ring = ring.unwrap_or_else(PoisonError::into_inner);
            (known(&ring), ring.read_at.plus_seconds(1) > now)
        };
        // Whoever sends made-up key ids causes one read a second.
        if point.is_some() || fresh {
            return Ok(point);
        }
        self.read_keys().await?;
        let ring = self.oauth.ring.read();
        Ok(known(&ring.unwrap_or_else(PoisonError::into_inner)))
    }

    async fn signer(&self) -> Result<Arc<Signer>> {
        let now = self.now();
        let known = {
            let ring = self.oauth.ring.read();
            let ring = ring.unwrap_or_else(PoisonError::into_inner);
            let fresh = ring.read_at.plus_seconds(STALE_SECONDS) > now;
            ring.signer
                .clone()
                .filter(|signer| fresh && signer.until > now)
        };
        if let Some(signer) = known {
            return Ok(signer);
        }
        if let Some(signer) = self.read_keys().await?.filter(|signer| signer.until > now) {
            return Ok(signer);
        }
        self.storage.add_signing_key(self.new_key()?).await?;
        self.read_keys()
            .await?
            .ok_or_else(|| DeskError::Internal("the new signing key can't be read".into()))
    }

    fn new_key(&self) -> Result<SigningKey> {
        let broken = || DeskError::Internal("a signing key could not be made".into());
        let algorithm = &ECDSA_P256_SHA256_FIXED_SIGNING;
        let random = &self.oauth.random;
        let document = EcdsaKeyPair::generate_pkcs8(algorithm, random).map_err(|_| broken())?;
        let pair =
            EcdsaKeyPair::from_pkcs8(algorithm, document.as_ref(), random).map_err(|_| broken())?;
        let (id, now) = (SigningKeyId(self.uuid()), self.now());
        let seal = &self.oauth.seal;
        let sealed = seal.seal(&*self.entropy, id.0.as_bytes(), document.as_ref());
        let signs_until = now.plus_days(SIGNS_DAYS);
        Ok(SigningKey {
            id,
            public_key: pair.public_key().as_ref().to_vec(),
            sealed: sealed.ok_or_else(broken)?,
            seal: seal.id(),
            created_at: now,
            signs_until,
            ends_at: signs_until.plus_seconds(ACCESS_SECONDS + PUBLISHED_AFTER_SECONDS),
        })
    }

    /// Reads the keys and answers with the newest one that this process can open.
    async fn read_keys(&self) -> Result<Option<Arc<Signer>>> {
        let now = self.now();
        let keys = self.storage.signing_keys(now).await?;
        let signer = keys
            .iter()
            .filter(|key| key.signs_until > now)
            .find_map(|key| self.open_key(key))
            .map(Arc::new);
        let ring = self.oauth.ring.write();
        let mut ring = ring.unwrap_or_else(PoisonError::into_inner);
        ring.read_at = now;
        ring.signer.clone_from(&signer);
        ring.published = keys.into_iter().map(|key| (key.id, key)).collect();
        Ok(signer)
    }

    fn open_key(&self, key: &SigningKey) -> Option<Signer> {
        let seal = &self.oauth.seal;
        if key.seal != seal.id() {
            return None;
        }
        let document = seal.open(key.id.0.as_bytes(), &key.sealed)?;
        let algorithm = &ECDSA_P256_SHA256_FIXED_SIGNING;
        let pair = EcdsaKeyPair::from_pkcs8(algorithm, &document, &self.oauth.random).ok()?;
        Some(Signer {
            id: key.id.to_string(),
            pair,
            until: key.signs_until,
        })
    }
}
