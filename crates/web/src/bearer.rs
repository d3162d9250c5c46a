//! Whoever calls an API: the access token in the header, checked on each call.

use std::net::IpAddr;
use std::ops::Deref;

use axum::extract::{MatchedPath, Request};
use axum::http::request::Parts;
use axum::http::{HeaderValue, header};
use registration::ids::RequestId;
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
        let (header, request) = (
            parts.headers.get(header::AUTHORIZATION),
            id_of(&parts.extensions, app),
        );
        let bearer = match Self::read(header, request, app).await {
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

    async fn read(
        header: Option<&HeaderValue>,
        request: RequestId,
        app: &App,
    ) -> Result<Self, BearerError> {
        let token = header
            .and_then(|value| value.to_str().ok())
            .and_then(token_of)
            .ok_or(TokenFault::Missing)?;
        let known = app.desk.bearer(&app.public_url, token, request).await?;
        Ok(Self(known))
    }
}

/// A call that no handler may hear: there is none at its address, or none of its method.
pub(crate) struct Unheard {
    header: Option<HeaderValue>,
    request: RequestId,
    address: IpAddr,
}

impl Unheard {
    pub(crate) fn of(request: &Request, id: RequestId, address: IpAddr) -> Self {
        Self {
            header: request.headers().get(header::AUTHORIZATION).cloned(),
            request: id,
            address,
        }
    }

    /// Counts it among the calls of whoever sent it, so that its answer tells what is left. There is
    /// nothing that could be refused any more.
    pub(crate) async fn count(self, app: &App, known: &Known) {
        let read = Bearer::read(self.header.as_ref(), self.request, app).await;
        let _ = match read {
            Ok(bearer) => {
                known.acts(&bearer.caller);
                known.charge(&app.calls, &bearer.caller.organization.id)
            }
            Err(BearerError::Token(_)) => known.charge(&app.strangers, &self.address),
            Err(BearerError::Desk(_)) => Ok(()),
        };
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
