//! The token endpoint: what comes in, what goes out, and the client credentials grant.

use registration::api_client::ApiScopes;
use registration::ids::{ClientId, RequestId};
use serde::Serialize;
use storage::people::Member;
use storage::tokens::TokenRoot;

use super::asked::Asked;
use super::prove::Proven;
use super::refusal::shown;
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
    /// Or what it signed instead.
    pub client_assertion: Option<String>,
    /// What sort of assertion that is.
    pub client_assertion_type: String,
    /// What is asked for, version 2.
    pub scope: String,
    /// What is asked for, version 1.
    pub resource: String,
    /// An authorization code.
    pub code: String,
    /// The secret behind its challenge.
    pub code_verifier: String,
    /// Where it was sent.
    pub redirect_uri: String,
    /// A refresh token.
    pub refresh_token: String,
    /// A device code.
    pub device_code: String,
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
    /// What it is for, as it was asked; of a sign-in.
    pub scope: Option<String>,
    /// The resource, version 1.
    pub resource: String,
    /// A refresh token; of a sign-in.
    pub refresh_token: Option<String>,
    /// Who signed in, for the client.
    pub id_token: Option<String>,
    /// `uid` and `utid` for MSAL; of a sign-in.
    pub account: Option<(String, String)>,
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
    #[serde(skip_serializing_if = "Option::is_none")]
    roles: Option<ApiScopes>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scp: Option<String>,
    ver: &'static str,
    jti: String,
    /// The secret or key it was given for, by its id: without that the token is of no use.
    #[serde(skip_serializing_if = "Option::is_none")]
    credential: Option<String>,
    /// Or the sign-in.
    #[serde(skip_serializing_if = "Option::is_none")]
    sid: Option<String>,
}

impl Desk {
    /// Answers a token endpoint.
    pub async fn token(&self, at: &Endpoint<'_>, form: &TokenForm) -> Result<Tokens, TokenRefusal> {
        match form.grant_type.as_str() {
            "client_credentials" => self.for_itself(at, form).await,
            "authorization_code" => self.for_code(at, form).await,
            "refresh_token" => self.for_refresh(at, form).await,
            // The second is what clients of version 1 send.
            "urn:ietf:params:oauth:grant-type:device_code" | "device_code" => {
                self.for_device(at, form).await
            }
            "" => Err(TokenRefusal::missing("grant_type")),
            other => Err(TokenRefusal::new(
                "unsupported_grant_type",
                70_003,
                format!(
                    "The app requested an unsupported grant type '{}'.",
                    shown(other)
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
        let by = by.ok_or_else(|| {
            TokenRefusal::new(
                "unauthorized_client",
                700_025,
                "A public client acts in a person's name alone: sign in by device code or \
                 authorization code.",
            )
        })?;
        let asked = asked_of(at, form, known.client.scopes)?;
        let (client, root) = (known.client.id, TokenRoot::Credential(by));
        let tokens = self
            .access_token(at, client, &known.member, root, asked.scopes)
            .await?;
        self.storage
            .note_client_use(client, Some(by), self.now())
            .await?;
        Ok(Tokens {
            resource: form.resource.clone(),
            ..tokens
        })
    }

    /// An access token for this account.
    pub(crate) async fn access_token(
        &self,
        at: &Endpoint<'_>,
        client: ClientId,
        member: &Member,
        root: TokenRoot,
        scopes: ApiScopes,
    ) -> Result<Tokens> {
        let now = self.now().0 / 1_000_000;
        let tid = member.organization.id.to_string();
        let (credential, sid) = match root {
            TokenRoot::Credential(id) => (Some(id.to_string()), None),
            TokenRoot::Grant(id) => (None, Some(id.to_string())),
        };
        let for_itself = credential.is_some();
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
            idtyp: if for_itself { "app" } else { "user" },
            roles: for_itself.then_some(scopes),
            scp: (!for_itself).then(|| scopes.to_string()),
            ver,
            jti: self.uuid().to_string(),
            credential,
            sid,
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
pub(crate) fn asked_of(
    at: &Endpoint<'_>,
    form: &TokenForm,
    may: ApiScopes,
) -> Result<Asked, TokenRefusal> {
    match at.version {
        Version::V1 => Asked::resource(&form.resource, at.base, may),
        Version::V2 if form.scope.trim().is_empty() => Err(TokenRefusal::missing("scope")),
        Version::V2 => Asked::scope(&form.scope, at.base, may),
    }
}

/// Who issues tokens of this organization at this endpoint, and the version they say.
pub(crate) fn issuer(at: &Endpoint<'_>, tid: &str) -> (String, &'static str) {
    match at.version {
        Version::V1 => (format!("{}/{tid}/", at.base), "1.0"),
        Version::V2 => (format!("{}/{tid}/v2.0", at.base), "2.0"),
    }
}
