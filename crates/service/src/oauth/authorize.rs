//! The authorization endpoint: a program sends a person's browser here, the person says yes or no,
//! and the browser goes back with a code (RFC 6749, 4.1; PKCE: RFC 7636).

use registration::access::Action;
use registration::api_client::{ApiClient, ApiScopes};
use registration::redirect;
use storage::grants::NewCode;

use super::asked::Asked;
use super::signed_in::Wish;
use super::{Endpoint, TokenRefusal, Version};
use crate::secret::Secret;
use crate::{Caller, Desk, DeskError, Result};

/// Seconds that a code holds.
const CODE_SECONDS: i64 = 300;
/// Bytes of state and nonce together, which are carried from the request to the answer.
const CARRIED_BYTES: usize = 4096;
/// Letters of an S256 challenge: 32 bytes in base64url.
const CHALLENGE_LETTERS: usize = 43;

/// What a browser brings along. Empty fields are as good as missing ones.
#[derive(Debug, Clone, Default)]
pub struct AuthorizeForm {
    /// The client.
    pub client_id: String,
    /// `code` is the only one.
    pub response_type: String,
    /// Where the code is to go.
    pub redirect_uri: String,
    /// How: `query`, `fragment` or `form_post`.
    pub response_mode: String,
    /// What is asked for, version 2.
    pub scope: String,
    /// What is asked for, version 1.
    pub resource: String,
    /// What the client knows its request by.
    pub state: String,
    /// The PKCE challenge.
    pub code_challenge: String,
    /// `S256` is the only one.
    pub code_challenge_method: String,
    /// What the client knows its `id_token` by.
    pub nonce: String,
    /// `none`: nobody is to be asked anything.
    pub prompt: String,
}

/// How a browser brings an answer back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResponseMode {
    /// Behind a question mark.
    Query,
    /// Behind a hash.
    Fragment,
    /// In a form.
    FormPost,
}

/// Where an answer goes: an address that is known to be the client's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Return {
    /// The address.
    pub redirect: String,
    /// How.
    pub mode: ResponseMode,
    /// What the client knows its request by.
    pub state: String,
}

/// Why there is no code.
#[derive(Debug)]
pub enum AuthorizeRefusal {
    /// Client or address are not known to be right: the person is told, and nobody else.
    Here(TokenRefusal),
    /// The client is told.
    There(Return, TokenRefusal),
}

impl From<TokenRefusal> for AuthorizeRefusal {
    fn from(refusal: TokenRefusal) -> Self {
        Self::Here(refusal)
    }
}

/// A request that is in order: the person can be asked.
#[derive(Debug, Clone)]
pub struct Authorize {
    /// The client that asks.
    pub client: ApiClient,
    /// Where the answer goes.
    pub back: Return,
    /// Whether nobody is to be asked anything.
    pub silent: bool,
    asked: Asked,
    challenge: Option<String>,
    nonce: String,
}

impl Authorize {
    /// What the client wants to be used for.
    pub fn scopes(&self) -> ApiScopes {
        self.asked.scopes
    }

    /// Whether it wants to go on while the person is away.
    pub fn offline(&self) -> bool {
        self.asked.offline
    }

    /// Whether this person is one of the client's organization: nobody else can say yes.
    pub fn is_for(&self, caller: &Caller) -> bool {
        self.client.organization_id == caller.organization.id
    }
}

impl Desk {
    /// Reads what a browser brought along.
    pub async fn read_authorize(
        &self,
        at: &Endpoint<'_>,
        form: &AuthorizeForm,
    ) -> Result<Authorize, AuthorizeRefusal> {
        let client = self.client_of(at, &form.client_id).await?.client;
        if !redirect::may_go_to(&client, &form.redirect_uri) {
            let text = format!(
                "The redirect URI in the request does not match those registered for the \
                 application '{}'. An administrator of its organization can look at them under \
                 API clients.",
                client.id
            );
            return Err(TokenRefusal::new("invalid_request", 50_011, text).into());
        }
        let mode = mode_of(&form.response_mode);
        let back = Return {
            redirect: form.redirect_uri.clone(),
            mode: *mode.as_ref().unwrap_or(&ResponseMode::Query),
            state: form.state.clone(),
        };
        let there = |refusal| AuthorizeRefusal::There(back.clone(), refusal);
        mode.map_err(there)?;
        check_form(form, &client).map_err(there)?;
        let asked = match at.version {
            Version::V1 => Asked::resource(&form.resource, at.base, client.scopes),
            Version::V2 if form.scope.trim().is_empty() => Err(TokenRefusal::missing("scope")),
            Version::V2 => Asked::scope(&form.scope, at.base, client.scopes),
        };
        let asked = asked.map_err(there)?;
        let challenge = Some(form.code_challenge.clone()).filter(|text| !text.is_empty());
        Ok(Authorize {
            client,
            back,
            silent: form.prompt.split(' ').any(|word| word == "none"),
            asked,
            challenge,
            nonce: form.nonce.clone(),
        })
    }

    /// The person says yes: a code that holds for five minutes and is of use once.
    pub async fn approve_authorize(&self, caller: &Caller, asks: &Authorize) -> Result<Secret> {
        let scope = caller.may(Action::ApproveClients)?;
        let code = Secret::generate(&*self.entropy);
        let wish = Wish::of(&asks.asked, &asks.nonce).to_text();
        let kept = NewCode {
            digest: code.digest(),
            client: asks.client.id,
            redirect: asks.back.redirect.clone(),
            challenge: asks.challenge.clone(),
            asked: wish.map_err(|refusal| DeskError::Internal(refusal.into()))?,
            expires_at: self.now().plus_seconds(CODE_SECONDS),
        };
        self.storage
            .keep_code(&scope, &caller.act(self), kept)
            .await?;
        Ok(code)
    }
}

fn mode_of(word: &str) -> Result<ResponseMode, TokenRefusal> {
    match word {
        "" | "query" => Ok(ResponseMode::Query),
        "fragment" => Ok(ResponseMode::Fragment),
        "form_post" => Ok(ResponseMode::FormPost),
        _ => Err(TokenRefusal::new(
            "invalid_request",
            70_007,
            "The response_mode is not one of query, fragment and form_post.",
        )),
    }
}

fn check_form(form: &AuthorizeForm, client: &ApiClient) -> Result<(), TokenRefusal> {
    if form.response_type != "code" {
        return Err(TokenRefusal::new(
            "unsupported_response_type",
            700_054,
            "The response_type must be 'code'.",
        ));
    }
    if form.state.len() + form.nonce.len() > CARRIED_BYTES {
        let text = format!(
            "The query string is too long: state and nonce may have {CARRIED_BYTES} bytes together."
        );
        return Err(TokenRefusal::new("invalid_request", 90_015, text));
    }
    let challenge = &form.code_challenge;
    if challenge.is_empty() {
        // Whoever has a secret proves with it that the code came to the right one (RFC 9700, 2.1.1).
        return if client.public {
            Err(TokenRefusal::new(
                "invalid_request",
                9_002_325,
                "Proof Key for Code Exchange is required for a public client: send code_challenge.",
            ))
        } else {
            Ok(())
        };
    }
    let letters = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
    let right = challenge.len() == CHALLENGE_LETTERS && challenge.bytes().all(letters);
    if form.code_challenge_method != "S256" || !right {
        return Err(TokenRefusal::new(
            "invalid_request",
            501_481,
            "The code_challenge must be the SHA-256 of the code_verifier in base64url, and \
             code_challenge_method must be 'S256'.",
        ));
    }
    Ok(())
}
