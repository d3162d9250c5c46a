//! A client proves who it is by an assertion that it signed (RFC 7523, 2.2; `OpenID` Connect Core,
//! section 9, `private_key_jwt`). Each is of use once.

use registration::api_client::CredentialKind;
use registration::clock::Timestamp;
use registration::ids::CredentialId;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use storage::tokens::{KnownClient, KnownCredential};

use super::jwt::Parts;
use super::public_key::PublicKey;
use super::{Endpoint, TokenForm, TokenRefusal};
use crate::Desk;

/// The only sort of assertion.
const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// Seconds that an assertion may hold from now on.
const HOLDS_AT_MOST: i64 = 600;
/// Seconds that the clocks of two machines may differ.
const LEEWAY_SECONDS: i64 = 60;
/// Letters of a `jti`.
const ID_AT_MOST: usize = 512;

#[derive(Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: Audience,
    exp: f64,
    #[serde(default)]
    nbf: f64,
    jti: String,
}

/// One, or a list.
#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

impl Audience {
    fn has(&self, name: &str) -> bool {
        match self {
            Self::One(own) => own == name,
            Self::Several(all) => all.iter().any(|own| own == name),
        }
    }
}

/// Whose client id an assertion has; nothing is checked yet. Clients may leave it out of the form
/// (RFC 7523, 3).
pub(super) fn subject(form: &TokenForm) -> Option<String> {
    let parts = Parts::of(form.client_assertion.as_deref()?)?;
    Some(parts.claims::<Claims>()?.sub)
}

impl Desk {
    /// The key that this assertion was signed with; it can't be used again.
    pub(super) async fn by_assertion(
        &self,
        at: &Endpoint<'_>,
        known: &KnownClient,
        kind: &str,
        assertion: &str,
    ) -> Result<CredentialId, TokenRefusal> {
        if kind != JWT_BEARER {
            let text = format!("The client_assertion_type must be '{JWT_BEARER}'.");
            return Err(TokenRefusal::new("invalid_request", 900_144, text));
        }
        let malformed = || wrong(50_027, "Invalid JWT token: the assertion is malformed.");
        let parts = Parts::of(assertion).ok_or_else(malformed)?;
        let key = self.signer_of(known, &parts)?;
        let claims: Claims = parts.claims().ok_or_else(malformed)?;
        let ends = self.check_claims(at, known, &claims)?;
        let id: [u8; 32] = Sha256::digest(claims.jti.as_bytes()).into();
        // Its id is remembered for as long as it would be taken.
        let until = ends.plus_seconds(LEEWAY_SECONDS);
        if !self
            .storage
            .spend_assertion(known.client.id, id, until)
            .await?
        {
            return Err(wrong(
                700_030,
                "The client assertion was used before. Sign another one, with a jti of its own.",
            ));
        }
        Ok(key)
    }

    /// The key of the client that signed; a client has two at most, so each is tried whatever `kid`
    /// or `x5t` say.
    fn signer_of(
        &self,
        known: &KnownClient,
        parts: &Parts<'_>,
    ) -> Result<CredentialId, TokenRefusal> {
        let has_signed = |credential: &&KnownCredential| {
            let info = credential.public_key.as_deref();
            let key = info.and_then(PublicKey::of_info);
            let signed = parts.signed.as_bytes();
            credential.shown.kind == CredentialKind::Key
                && key
                    .is_some_and(|key| key.has_signed(&parts.header.alg, signed, &parts.signature))
        };
        let found = known.credentials.iter().find(has_signed).ok_or_else(|| {
            wrong(
                700_027,
                &format!(
                    "The key used to sign the client assertion is not registered for app '{}'. \
                     Algorithms are RS256, PS256 and ES256.",
                    known.client.id
                ),
            )
        })?;
        if found.shown.expires_at <= self.now() {
            let since = found.shown.expires_at.to_date();
            let text = format!("The key of the client assertion is expired since {since}.");
            return Err(wrong(700_027, &text));
        }
        Ok(found.shown.id)
    }

    fn check_claims(
        &self,
        at: &Endpoint<'_>,
        known: &KnownClient,
        claims: &Claims,
    ) -> Result<Timestamp, TokenRefusal> {
        let id = known.client.id.to_string();
        if claims.iss != id || claims.sub != id {
            let text = "The assertion's iss and sub must both be the client id.";
            return Err(wrong(700_021, text));
        }
        if !audiences(at, known).iter().any(|name| claims.aud.has(name)) {
            let text = "The assertion's aud must be the address of the token endpoint.";
            return Err(wrong(700_023, text));
        }
        let now = self.now().0 / Timestamp::SECOND;
        let (from, until) = (seconds(claims.nbf), seconds(claims.exp));
        if until + LEEWAY_SECONDS <= now || from > now + LEEWAY_SECONDS {
            let text = "The assertion is not within its valid time range: check the clock.";
            return Err(wrong(700_024, text));
        }
        if until > now + HOLDS_AT_MOST + LEEWAY_SECONDS {
            let text = "The assertion's exp must be at most ten minutes ahead.";
            return Err(wrong(700_024, text));
        }
        if claims.jti.is_empty() || claims.jti.len() > ID_AT_MOST {
            return Err(wrong(50_027, "The assertion needs a jti of its own."));
        }
        Ok(Timestamp(until * Timestamp::SECOND))
    }
}

/// Seconds since 1970; some clients send fractions. Far away is as good as never.
fn seconds(value: f64) -> i64 {
    value.clamp(0.0, 1e11) as i64
}

/// What an assertion may be for: the token endpoints of the organization in both versions, its
/// issuers, and the service.
fn audiences(at: &Endpoint<'_>, known: &KnownClient) -> Vec<String> {
    let own = &known.member.organization;
    let (id, base) = (own.id.to_string(), at.base);
    let endings = ["oauth2/v2.0/token", "oauth2/token", "v2.0", ""];
    let names = [at.tenant, &id, &own.domain];
    let of = |name: &&str| endings.map(|ending| format!("{base}/{name}/{ending}"));
    let mut all: Vec<_> = names.iter().flat_map(of).collect();
    all.push(base.to_owned());
    all
}

fn wrong(number: u32, text: &str) -> TokenRefusal {
    TokenRefusal::invalid_client(number, text)
}
