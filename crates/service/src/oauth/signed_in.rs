//! Tokens for a person who signed in through a client: an access token that hangs on the sign-in, a
//! refresh token that follows it, and who it was for the client (api.md, 6.1).

use registration::api_client::ApiScopes;
use registration::ids::GrantId;
use serde::{Deserialize, Serialize};
use storage::grants::{NewGrant, NewRefresh};
use storage::people::Member;
use storage::tokens::{KnownClient, TokenRoot};

use super::asked::Asked;
use super::token::{Tokens, issuer};
use super::{ACCESS_SECONDS, Endpoint, TokenRefusal, jwt};
use crate::Desk;
use crate::secret::Secret;

/// Days that a refresh token holds; each use gives another that holds as long.
pub(super) const REFRESH_DAYS: i64 = 90;

/// What is kept between a person's consent and the tokens that come of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Wish {
    scopes: String,
    openid: bool,
    offline: bool,
    words: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    nonce: String,
}

impl Wish {
    pub(super) fn of(asked: &Asked, nonce: &str) -> Self {
        Self {
            scopes: asked.scopes.to_string(),
            openid: asked.openid,
            offline: asked.offline,
            words: asked.words.clone(),
            nonce: nonce.to_owned(),
        }
    }

    pub(super) fn to_text(&self) -> Result<String, TokenRefusal> {
        serde_json::to_string(self).map_err(|error| unreadable(&error))
    }

    pub(super) fn from_text(text: &str) -> Result<Self, TokenRefusal> {
        serde_json::from_str(text).map_err(|error| unreadable(&error))
    }

    pub(super) fn offline(&self) -> bool {
        self.offline
    }

    pub(super) fn scopes(&self) -> ApiScopes {
        ApiScopes::parse(&self.scopes)
    }
}

fn unreadable(error: &serde_json::Error) -> TokenRefusal {
    crate::DeskError::Internal(error.to_string().into()).into()
}

/// Who an `id_token` is about.
#[derive(Serialize)]
struct IdentityClaims<'a> {
    aud: String,
    iss: String,
    iat: i64,
    nbf: i64,
    exp: i64,
    tid: &'a str,
    oid: String,
    sub: String,
    preferred_username: &'a str,
    name: &'a str,
    ver: &'static str,
    #[serde(skip_serializing_if = "str::is_empty")]
    nonce: &'a str,
}

/// A sign-in that is about to be kept, with its refresh token if one was asked for.
pub(super) struct Beginning {
    pub(super) grant: NewGrant,
    pub(super) refresh: Option<(Secret, NewRefresh)>,
}

impl Desk {
    /// What is kept when this person's sign-in through the client begins.
    pub(super) fn begin(&self, known: &KnownClient, member: &Member, wish: &Wish) -> Beginning {
        let refresh = wish.offline.then(|| self.new_refresh());
        let alone = self.now().plus_seconds(ACCESS_SECONDS);
        let ends_at = refresh.as_ref().map_or(alone, |(_, kept)| kept.expires_at);
        Beginning {
            grant: NewGrant {
                id: GrantId(self.uuid()),
                client: known.client.id,
                person: member.user.id,
                scopes: wish.scopes().both(known.client.scopes),
                ends_at,
            },
            refresh,
        }
    }

    pub(super) fn new_refresh(&self) -> (Secret, NewRefresh) {
        let secret = Secret::generate(&*self.entropy);
        let kept = NewRefresh {
            digest: secret.digest(),
            expires_at: self.now().plus_days(REFRESH_DAYS),
        };
        (secret, kept)
    }

    /// The tokens of a sign-in.
    pub(super) async fn tokens_of(
        &self,
        at: &Endpoint<'_>,
        known: &KnownClient,
        member: &Member,
        grant: GrantId,
        wish: &Wish,
        refresh: Option<Secret>,
    ) -> Result<Tokens, TokenRefusal> {
        let (client, root) = (known.client.id, TokenRoot::Grant(grant));
        let scopes = wish.scopes().both(known.client.scopes);
        let tokens = self.access_token(at, client, member, root, scopes).await?;
        let id_token = if wish.openid {
            Some(self.id_token(at, known, member, &wish.nonce).await?)
        } else {
            None
        };
        let account = (
            member.user.id.to_string(),
            member.organization.id.to_string(),
        );
        Ok(Tokens {
            scope: Some(wish.words.clone()),
            refresh_token: refresh.map(|secret| secret.reveal().to_owned()),
            id_token,
            account: Some(account),
            ..tokens
        })
    }

    async fn id_token(
        &self,
        at: &Endpoint<'_>,
        known: &KnownClient,
        member: &Member,
        nonce: &str,
    ) -> Result<String, TokenRefusal> {
        let now = self.now().0 / 1_000_000;
        let tid = member.organization.id.to_string();
        let (iss, ver) = issuer(at, &tid);
        let claims = IdentityClaims {
            aud: known.client.id.to_string(),
            iss,
            iat: now,
            nbf: now,
            exp: now + ACCESS_SECONDS,
            tid: &tid,
            oid: member.user.id.to_string(),
            sub: member.user.id.to_string(),
            preferred_username: &member.user.email,
            name: &member.user.name,
            ver,
            nonce,
        };
        Ok(self.signed(jwt::IDENTITY, &claims).await?)
    }
}
