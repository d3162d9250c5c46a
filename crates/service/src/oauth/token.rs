//! The token endpoint: what comes in, what goes out, and the client credentials grant.

use registration::api_client::ApiScopes;
use registration::ids::{CredentialId, RequestId};
use serde::Serialize;
use storage::tokens::KnownClient;

use super::asked::{scopes_of, scopes_of_resource};
use super::prove::Proven;
use super::{ACCESS_SECONDS, TokenRefusal, jwt};
use crate::{Desk, Result};

/// Which of the two forms of the endpoints.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    /// `/oauth2/token`: a resource is asked for, numbers are strings.
    V1,
    /// `/oauth2/v2.0/token`: scopes are asked for.
    V2,
}

/// Where a request came in.
#[derive(Debug, Clone, Copy)]
pub struct Endpoint<'a> {
    /// The address of this service without a slash at the end: issuer and audience of its tokens.
    pub base: &'a str,
    /// The organization in the address.
    pub tenant: &'a str,
    /// Version 1 or 2.
    pub version: Version,
    /// The request.
    pub request_id: RequestId,
}

/// The form that a token endpoint is sent. Empty fields are as good as missing ones.
#[derive(Clone, Default)]
pub struct TokenForm {
    /// `client_credentials`, …
    pub grant_type: String,
    /// The client, from the form or from HTTP Basic.
    pub client_id: String,
    /// Its secret.
    pub client_secret: Option<String>,
    /// What is asked for, version 2.
    pub scope: String,
    /// What is asked for, version 1.
    pub resource: String,
}

/// What a token endpoint answers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tokens {
    /// The access token.
    pub access_token: String,
    /// Seconds that it holds.
    pub expires_in: i64,
    /// Since when it holds, in seconds since 1970.
    pub not_before: i64,
    /// The resource, version 1.
    pub resource: String,
}

/// What an access token says.
#[derive(Serialize)]
struct AccessClaims<'a> {
    aud: &'a str,
    iss: String,
    iat: i64,
    nbf: i64,
    exp: i64,
    tid: String,
    oid: String,
    sub: String,
    appid: String,
    azp: String,
    idtyp: &'static str,
    roles: ApiScopes,
    ver: &'static str,
    jti: String,
    /// The secret it was given for, by its id: without that the token is of no use.
    credential: String,
}

impl Desk {
    /// Answers a token endpoint.
    pub async fn token(&self, at: &Endpoint<'_>, form: &TokenForm) -> Result<Tokens, TokenRefusal> {
        match form.grant_type.as_str() {
            "client_credentials" => self.for_itself(at, form).await,
            "" => Err(TokenRefusal::missing("grant_type")),
            other => Err(TokenRefusal::new(
                "unsupported_grant_type",
                70_003,
                format!(
                    "The app requested an unsupported grant type '{}'.",
                    other
                        .chars()
                        .filter(|c| !c.is_control())
                        .take(80)
                        .collect::<String>()
                ),
            )),
        }
    }

    /// The client acts as itself.
    async fn for_itself(
        &self,
        at: &Endpoint<'_>,
        form: &TokenForm,
    ) -> Result<Tokens, TokenRefusal> {
        let Proven { known, by } = self.prove(at, form).await?;
        let scopes = asked_of(at, form, known.client.scopes)?;
        let tokens = self.access_token(at, &known, by, scopes).await?;
        let client = known.client.id;
        self.storage.note_client_use(client, by, self.now()).await?;
        Ok(Tokens {
            resource: form.resource.clone(),
            ..tokens
        })
    }

    /// An access token for this client's account.
    async fn access_token(
        &self,
        at: &Endpoint<'_>,
        known: &KnownClient,
        by: CredentialId,
        scopes: ApiScopes,
    ) -> Result<Tokens> {
        let now = self.now().0 / 1_000_000;
        let (client, member) = (known.client.id, &known.member);
        let tid = member.organization.id.to_string();
        let (iss, ver) = issuer(at, &tid);
        let claims = AccessClaims {
            aud: at.base,
            iss,
            iat: now,
            nbf: now,
            exp: now + ACCESS_SECONDS,
            oid: member.user.id.to_string(),
            sub: member.user.id.to_string(),
            appid: client.to_string(),
            azp: client.to_string(),
            idtyp: "app",
            roles: scopes,
            ver,
            jti: self.uuid().to_string(),
            credential: by.to_string(),
            tid,
        };
        Ok(Tokens {
            access_token: self.signed(jwt::ACCESS, &claims).await?,
            // A second less, as clients know it.
            expires_in: ACCESS_SECONDS - 1,
            not_before: now,
            ..Tokens::default()
        })
    }
}

/// What the form asks for, by the rules of the endpoint's version.
fn asked_of(
    at: &Endpoint<'_>,
    form: &TokenForm,
    may: ApiScopes,
) -> Result<ApiScopes, TokenRefusal> {
    match at.version {
        Version::V1 => scopes_of_resource(&form.resource, at.base, may),
        Version::V2 if form.scope.trim().is_empty() => Err(TokenRefusal::missing("scope")),
        Version::V2 => scopes_of(&form.scope, at.base, may),
    }
}

/// Who issues tokens of this organization at this endpoint, and the version they say.
fn issuer(at: &Endpoint<'_>, tid: &str) -> (String, &'static str) {
    match at.version {
        Version::V1 => (format!("{}/{tid}/", at.base), "1.0"),
        Version::V2 => (format!("{}/{tid}/v2.0", at.base), "2.0"),
    }
}
