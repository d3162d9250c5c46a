//! Signing in and out, and the session behind it.

use registration::audit::AuditAction;
use registration::ids::RequestId;
use registration::user::parse_email;

use crate::caller::actor_of;
use crate::secret::Secret;
use crate::{Caller, Desk, DeskError, Result};

/// How long a session lasts, in hours.
pub const SESSION_HOURS: i64 = 12;

/// The one answer to every failed sign-in: whether the account exists is not told.
const REFUSED: &str = "E-mail address or password is wrong.";

impl Desk {
    /// Signs a person in; the answer is the session's secret, for the cookie.
    pub async fn sign_in(
        &self,
        email: &str,
        password: &str,
        request_id: RequestId,
    ) -> Result<Secret> {
        let refused = || DeskError::field("password", REFUSED);
        let credential = match parse_email(email) {
            Ok(email) => self.storage.credential(&email).await?,
            Err(_) => None,
        };
        let hash = credential
            .as_ref()
            .and_then(|known| known.password_hash.clone());
        let right = self.password_matches(password, hash).await?;
        let Some(credential) = credential else {
            return Err(refused());
        };
        let member = credential.member;
        let act = self.act(actor_of(&member.user, &member.organization), request_id);
        if !right || member.user.disabled_at.is_some() {
            let entry = act.entry(
                0,
                AuditAction::SignInRefused,
                member.user.id.0,
                &member.user.email,
            );
            self.storage.note(entry.refused()).await?;
            return Err(refused());
        }
        let session = Secret::generate(&*self.entropy);
        let expires_at = self.now().plus_seconds(SESSION_HOURS * 3600);
        self.storage
            .open_session(&act, session.digest(), expires_at)
            .await?;
        Ok(session)
    }

    /// Who has this session.
    pub async fn caller(&self, session: &Secret, request_id: RequestId) -> Result<Caller> {
        let member = self.storage.session(session.digest(), self.now()).await?;
        member
            .map(|m| Caller::new(m, request_id))
            .ok_or(DeskError::Unauthenticated)
    }

    /// Signs out.
    pub async fn sign_out(&self, caller: &Caller, session: &Secret) -> Result<()> {
        Ok(self
            .storage
            .close_session(&caller.act(self), session.digest())
            .await?)
    }
}
