//! Tokens for API clients: OAuth 2.0 and what of `OpenID` Connect the clients in use ask for
//! (api.md, 1.2 and 6.1). A token names an account, a client and what it hangs on; each call asks
//! the database whether all three still stand, so that revoking works at once.

mod asked;
mod assertion;
pub mod authorize;
pub mod bearer;
mod code;
pub mod device;
pub mod jwt;
mod keys;
mod prove;
mod public_key;
mod refresh;
pub mod refusal;
pub mod seal;
mod signed_in;
mod tenant;
pub mod token;

use std::sync::RwLock;

use registration::ids::Entropy;

pub use authorize::{Authorize, AuthorizeForm, AuthorizeRefusal, ResponseMode, Return};
pub use bearer::{Bearer, BearerError, TokenFault};
pub use device::{DeviceCode, WaitingProgram};
pub use keys::PublicKey;
pub use refusal::TokenRefusal;
pub use seal::ServerKey;
pub use tenant::Tenant;
pub use token::{Endpoint, TokenForm, Tokens, Version};

pub(crate) use public_key::parse_pem;

use keys::KeyRing;

/// Seconds that an access token holds.
pub const ACCESS_SECONDS: i64 = 3600;

/// What the desk keeps in memory for tokens.
pub(crate) struct OAuthState {
    seal: ServerKey,
    random: ring::rand::SystemRandom,
    ring: RwLock<KeyRing>,
}

impl OAuthState {
    pub(crate) fn new(seal: ServerKey) -> Self {
        Self {
            seal,
            random: ring::rand::SystemRandom::new(),
            ring: RwLock::default(),
        }
    }

    /// With a key of this process alone: what it seals, no other process opens.
    pub(crate) fn of_this_process(entropy: &dyn Entropy) -> Self {
        Self::new(ServerKey::generate(entropy))
    }
}
