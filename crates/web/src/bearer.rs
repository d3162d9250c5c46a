//! Whoever calls an API: the access token in the header, checked on each call.

use std::ops::Deref;

use axum::extract::MatchedPath;
use axum::http::header;
use axum::http::request::Parts;
use service::oauth::{Bearer as OfToken, BearerError, TokenFault};

use crate::app::App;
use crate::known::Known;
use crate::request::id_of;
use crate::session::address_of;

/// Whoever calls, with what its token may be used for.
pub struct Bearer(OfToken);

impl Deref for Bearer {
    type Target = OfToken;

    fn deref(&self) -> &OfToken {
        &self.0
    }
}

impl Bearer {
    /// Whoever sent this request, if its organization may call now. Each face says in its own form
    /// why it is nobody.
    pub async fn of(parts: &Parts, app: &App) -> Result<Self, BearerError> {
        let known = Known::of(&parts.extensions);
        known.took(parts.extensions.get::<MatchedPath>());
        let bearer = match Self::read(parts, app).await {
            Ok(bearer) => bearer,
            Err(fault @ BearerError::Token(_)) => {
                known.charge(&app.strangers, &address_of(&parts.extensions))?;
                return Err(fault);
            }
            Err(error) => return Err(error),
        };
        known.acts(&bearer.caller);
        known.charge(&app.calls, &bearer.caller.organization.id)?;
        Ok(bearer)
    }

    async fn read(parts: &Parts, app: &App) -> Result<Self, BearerError> {
        let token = parts
            .headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(token_of)
            .ok_or(TokenFault::Missing)?;
        let request = id_of(&parts.extensions, app);
        let known = app.desk.bearer(&app.public_url, token, request).await?;
        Ok(Self(known))
    }
}

/// The token of `Authorization: Bearer TOKEN`; the scheme's letters may be of any size (RFC 7235).
fn token_of(header: &str) -> Option<&str> {
    let (scheme, token) = header.trim().split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("bearer")
        .then(|| token.trim_start())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scheme_may_be_written_in_any_way() {
        assert_eq!(token_of("Bearer a.b.c"), Some("a.b.c"));
        assert_eq!(token_of("bearer  a.b.c"), Some("a.b.c"));
        assert_eq!(token_of("Basic YTpi"), None);
        assert_eq!(token_of("a.b.c"), None);
    }
}
