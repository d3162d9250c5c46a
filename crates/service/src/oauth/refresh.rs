//! A refresh token comes for the next access token and is followed by its successor. A client that
//! proves itself may keep one in a vault and use it again and again. Of one that can't, a spent
//! token that comes again shows that two have it: neither goes on (RFC 9700, 4.14).

use storage::grants::{Reuse, Spending};

use super::asked::Asked;
use super::code::grant_refusal;
use super::prove::Proven;
use super::signed_in::Wish;
use super::token::Tokens;
use super::{Endpoint, TokenForm, TokenRefusal, Version};
use crate::Desk;
use crate::caller::actor_of;
use crate::secret::Secret;

/// Seconds that a used refresh token of a public client is taken again: for an answer that was
/// lost, and for processes that share one cache.
const GRACE_SECONDS: i64 = 60;

impl Desk {
    /// Tokens for a refresh token.
    pub(super) async fn for_refresh(
        &self,
        at: &Endpoint<'_>,
        form: &TokenForm,
    ) -> Result<Tokens, TokenRefusal> {
        let Proven { known, by } = self.prove(at, form).await?;
        if form.refresh_token.is_empty() {
            return Err(TokenRefusal::missing("refresh_token"));
        }
        let digest = Secret::from_text(&form.refresh_token).digest();
        let found = self.storage.refresh_token(digest).await?;
        let found = found.filter(|found| found.client == known.client.id);
        let found = found.ok_or_else(no_such_token)?;
        let may = known.client.scopes.both(found.scopes);
        let mut asked = match at.version {
            Version::V1 => Asked::resource(&form.resource, at.base, may)?,
            Version::V2 if form.scope.trim().is_empty() => Asked::all(may),
            Version::V2 => Asked::scope(&form.scope, at.base, known.client.scopes)?,
        };
        asked.scopes = asked.scopes.both(may);
        let member = &found.member;
        let act = self.act(actor_of(&member.user, &member.organization), at.request_id);
        let (next, kept) = self.new_refresh();
        let client = known.client.id;
        let reuse = by.map_or(Reuse::Seconds(GRACE_SECONDS), |_| Reuse::WhileItHolds);
        let storage = &self.storage;
        let spent = storage.rotate_refresh(&act, digest, client, kept, reuse);
        match spent.await? {
            Spending::Spent => {}
            Spending::Again => return Err(used_before()),
            Spending::Void => return Err(no_such_token()),
        }
        self.storage.note_client_use(client, by, act.at).await?;
        let wish = Wish::of(&asked, "");
        let tokens = self.tokens_of(at, &known, member, found.grant, &wish, Some(next));
        Ok(Tokens {
            resource: form.resource.clone(),
            ..tokens.await?
        })
    }
}

fn no_such_token() -> TokenRefusal {
    grant_refusal(
        700_082,
        "The refresh token is not one of this client, has expired or was revoked. Sign in again.",
    )
}

fn used_before() -> TokenRefusal {
    grant_refusal(
        700_082,
        "The refresh token was used before, more than a minute ago, so somebody else may have it. \
         The sign-in has ended: sign in again, and always keep the newest refresh token.",
    )
}
