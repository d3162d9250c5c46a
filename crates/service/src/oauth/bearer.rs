//! Whoever comes with an access token: the token is checked, then whether everything that it
//! stands on still does.

use registration::api_client::{ApiScope, ApiScopes};
use registration::ids::{ClientId, RequestId};
use serde::Deserialize;
use storage::tokens::TokenRoot;
use thiserror::Error;

use super::jwt::{self, Parts};
use crate::{Caller, Desk, DeskError, Result};

/// Seconds that the clocks of two servers may differ.
const LEEWAY_SECONDS: i64 = 60;

/// Whoever acts in a call of an API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bearer {
    /// The account: of the client itself, or of the person who signed in through it.
    pub caller: Caller,
    /// What the token may be used for now.
    pub scopes: ApiScopes,
    /// The client.
    pub client: ClientId,
}

impl Bearer {
    /// Whether the client acts as itself (client credentials), and not in a person's name.
    pub fn is_client_alone(&self) -> bool {
        self.caller.client.is_none()
    }

    /// Asks for a scope; the permission policy is asked by the use case itself.
    pub fn needs(&self, scope: ApiScope) -> Result<()> {
        if self.scopes.contains(scope) {
            return Ok(());
        }
        Err(DeskError::Forbidden(format!(
            "The token is not for the scope {}. It has: {}.",
            scope.as_str(),
            if self.scopes.is_empty() {
                "none".to_owned()
            } else {
                self.scopes.to_string()
            }
        )))
    }
}

/// What is wrong with a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum TokenFault {
    /// There is none.
    #[error("Access token is missing. Send the header Authorization: Bearer TOKEN.")]
    Missing,
    /// It is none of ours, or was changed.
    #[error("Access token is not one of this service.")]
    Unknown,
    /// Its time has passed, or has not begun.
    #[error("Access token has expired. Get a new one.")]
    Expired,
    /// It is for another address.
    #[error("Access token is for another audience.")]
    Audience,
    /// Client, secret, sign-in or account are gone.
    #[error("Access token was revoked: its client, secret, sign-in or account is gone.")]
    Revoked,
}

/// Why there is no bearer.
#[derive(Debug, Error)]
pub enum BearerError {
    /// The token is of no use.
    #[error(transparent)]
    Token(#[from] TokenFault),
    /// It could not be checked.
    #[error(transparent)]
    Desk(#[from] DeskError),
}

/// What of an access token is looked at.
#[derive(Deserialize)]
struct Claims {
    aud: String,
    nbf: i64,
    exp: i64,
    azp: String,
    #[serde(default)]
    credential: String,
    #[serde(default)]
    sid: String,
    #[serde(default)]
    scp: String,
    #[serde(default)]
    roles: Vec<String>,
}

impl Desk {
    /// Whoever comes with this token; `base` is the address of this service.
    pub async fn bearer(
        &self,
        base: &str,
        token: &str,
        request_id: RequestId,
    ) -> Result<Bearer, BearerError> {
        let claims = self.proven_claims(base, token).await?;
        let (client, root) = named(&claims).ok_or(TokenFault::Unknown)?;
        let standing = self.storage.standing(client, root, self.now()).await;
        let standing = standing.map_err(DeskError::from)?;
        let standing = standing.ok_or(TokenFault::Revoked)?;
        let given = ApiScopes::parse(&format!("{} {}", claims.scp, claims.roles.join(" ")));
        let caller = Caller::new(standing.member, request_id);
        Ok(Bearer {
            caller: match root {
                TokenRoot::Credential(_) => caller,
                TokenRoot::Grant(_) => caller.through(&standing.client_name, client),
            },
            scopes: standing.scopes.both(given),
            client,
        })
    }

    async fn proven_claims(&self, base: &str, token: &str) -> Result<Claims, BearerError> {
        let parts = Parts::of(token).ok_or(TokenFault::Unknown)?;
        if parts.header.typ.as_deref() != Some(jwt::ACCESS) {
            return Err(TokenFault::Unknown.into());
        }
        let kid = parts.header.kid.as_deref().unwrap_or_default();
        let point = self.public_point(kid).await?;
        let point = point.ok_or(TokenFault::Unknown)?;
        if !parts.is_signed_by(&point) {
            return Err(TokenFault::Unknown.into());
        }
        let claims: Claims = parts.claims().ok_or(TokenFault::Unknown)?;
        let now = self.now().0 / 1_000_000;
        if claims.exp <= now || claims.nbf > now + LEEWAY_SECONDS {
            return Err(TokenFault::Expired.into());
        }
        if claims.aud != base {
            return Err(TokenFault::Audience.into());
        }
        Ok(claims)
    }
}

fn named(claims: &Claims) -> Option<(ClientId, TokenRoot)> {
    let client = claims.azp.parse().ok()?;
    let root = if claims.sid.is_empty() {
        TokenRoot::Credential(claims.credential.parse().ok()?)
    } else {
        TokenRoot::Grant(claims.sid.parse().ok()?)
    };
    Some((client, root))
}
