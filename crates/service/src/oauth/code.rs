//! An authorization code comes back for tokens.

use sha2::{Digest, Sha256};
use storage::grants::{KnownCode, Spending};
use subtle::ConstantTimeEq;

use super::prove::Proven;
use super::signed_in::{Beginning, Wish};
use super::token::Tokens;
use super::{Endpoint, TokenForm, TokenRefusal, jwt};
use crate::Desk;
use crate::caller::actor_of;
use crate::secret::Secret;

impl Desk {
    /// Tokens for a code, once. The second time ends what came of the first (RFC 6749, 4.1.2).
    pub(super) async fn for_code(
        &self,
        at: &Endpoint<'_>,
        form: &TokenForm,
    ) -> Result<Tokens, TokenRefusal> {
        let Proven { known, by } = self.prove(at, form).await?;
        if form.code.is_empty() {
            return Err(TokenRefusal::missing("code"));
        }
        let digest = Secret::from_text(&form.code).digest();
        let found = self.storage.code(digest).await?;
        let found = found.filter(|found| found.code.client == known.client.id);
        let found = found.ok_or_else(no_such_code)?;
        check(&found, form)?;
        let wish = Wish::from_text(&found.code.asked)?;
        let member = &found.member;
        let Beginning { grant, refresh } = self.begin(&known, member, &wish);
        let (refresh, kept) = refresh.unzip();
        let act = self.act(actor_of(&member.user, &member.organization), at.request_id);
        match self.storage.redeem_code(&act, digest, grant, kept).await? {
            Spending::Spent => {}
            Spending::Again => return Err(used_before()),
            Spending::Void => return Err(no_such_code()),
        }
        let client = known.client.id;
        self.storage.note_client_use(client, by, act.at).await?;
        let tokens = self.tokens_of(at, &known, member, grant.id, &wish, refresh);
        Ok(Tokens {
            resource: form.resource.clone(),
            ..tokens.await?
        })
    }
}

/// Whoever brings the code must be whom it was made for, by address and by PKCE.
fn check(found: &KnownCode, form: &TokenForm) -> Result<(), TokenRefusal> {
    if form.redirect_uri != found.code.redirect {
        return Err(grant_refusal(
            50_011,
            "The redirect_uri is not the one that the code was sent to.",
        ));
    }
    let Some(challenge) = &found.code.challenge else {
        return Ok(());
    };
    let made = jwt::encode(&Sha256::digest(form.code_verifier.as_bytes()));
    if bool::from(made.as_bytes().ct_eq(challenge.as_bytes())) {
        Ok(())
    } else {
        Err(grant_refusal(
            501_481,
            "The code_verifier does not match the code_challenge of the authorization request.",
        ))
    }
}

fn no_such_code() -> TokenRefusal {
    grant_refusal(
        70_008,
        "The provided authorization code is not one of this client, has expired or was revoked. \
         Sign in again.",
    )
}

fn used_before() -> TokenRefusal {
    grant_refusal(
        54_005,
        "The authorization code was already redeemed. What came of it has ended: sign in again.",
    )
}

pub(super) fn grant_refusal(number: u32, text: &str) -> TokenRefusal {
    TokenRefusal::new("invalid_grant", number, text)
}
