//! Programs without a browser: they show a code, which a person types in on a page of the portal
//! (RFC 8628).

use registration::access::Action;
use registration::api_client::{ApiClient, ApiScopes};
use registration::clock::Timestamp;
use registration::ids::Entropy;
use storage::device_codes::{DeviceCodeState, NewDeviceCode, PolledCode};

use super::code::grant_refusal;
use super::prove::Proven;
use super::signed_in::{Beginning, Wish};
use super::token::{Tokens, asked_of};
use super::{Endpoint, TokenForm, TokenRefusal};
use crate::secret::Secret;
use crate::{Caller, Desk, DeskError, Result};

/// Seconds that a device code holds.
pub const DEVICE_CODE_SECONDS: i64 = 900;
/// Seconds between two polls.
pub const POLL_SECONDS: i64 = 5;
/// Letters that are hard to mistake and make no words (RFC 8628, 6.1).
const LETTERS: [u8; 20] = *b"BCDFGHJKLMNPQRSTVWXZ";
/// How many a code has.
const CODE_LETTERS: usize = 8;

/// What a program shows and polls with.
#[derive(Debug, Clone)]
pub struct DeviceCode {
    /// What it polls with.
    pub device_code: Secret,
    /// What a person types in.
    pub user_code: String,
}

/// A program that waits for a person's decision.
#[derive(Debug, Clone)]
pub struct WaitingProgram {
    /// The client.
    pub client: ApiClient,
    /// What it wants to be used for.
    pub scopes: ApiScopes,
    /// Whether it wants to go on while the person is away.
    pub offline: bool,
    /// The code, as it is shown.
    pub user_code: String,
}

impl Desk {
    /// Begins a sign-in through a program without a browser.
    pub async fn device_code(
        &self,
        at: &Endpoint<'_>,
        form: &TokenForm,
    ) -> Result<DeviceCode, TokenRefusal> {
        let known = self.client_of(at, &form.client_id).await?;
        let asked = asked_of(at, form, known.client.scopes)?;
        let wish = Wish::of(&asked, "").to_text()?;
        // A second try, should the code be another's: one in ten thousand millions.
        for _ in 0..3 {
            let device_code = Secret::generate(&*self.entropy);
            let user_code = new_code(&*self.entropy);
            let kept = NewDeviceCode {
                digest: device_code.digest(),
                user_code: user_code.clone(),
                client: known.client.id,
                asked: wish.clone(),
                expires_at: self.now().plus_seconds(DEVICE_CODE_SECONDS),
            };
            if self.storage.keep_device_code(kept).await? {
                return Ok(DeviceCode {
                    device_code,
                    user_code: as_shown(&user_code),
                });
            }
        }
        Err(DeskError::Internal("no free device code was found".into()).into())
    }

    /// The program of one's own organization that shows this code, if it still waits.
    pub async fn waiting_program(
        &self,
        caller: &Caller,
        typed: &str,
    ) -> Result<Option<WaitingProgram>> {
        let scope = caller.may(Action::ApproveClients)?;
        let Some(code) = folded(typed) else {
            return Ok(None);
        };
        let found = self.storage.waiting_code(&scope, &code, self.now()).await?;
        let Some(found) = found else {
            return Ok(None);
        };
        let wish = Wish::from_text(&found.asked);
        let wish = wish.map_err(|refusal| DeskError::Internal(refusal.into()))?;
        Ok(Some(WaitingProgram {
            scopes: wish.scopes().both(found.client.scopes),
            offline: wish.offline(),
            client: found.client,
            user_code: as_shown(&code),
        }))
    }

    /// The person says yes or no. `false` if nothing waits with this code any more.
    pub async fn decide_program(
        &self,
        caller: &Caller,
        typed: &str,
        approved: bool,
    ) -> Result<bool> {
        let scope = caller.may(Action::ApproveClients)?;
        let Some(code) = folded(typed) else {
            return Ok(false);
        };
        let act = caller.act(self);
        let decided = self
            .storage
            .decide_device_code(&scope, &act, &code, approved);
        Ok(decided.await?)
    }

    /// The program polls.
    pub(super) async fn for_device(
        &self,
        at: &Endpoint<'_>,
        form: &TokenForm,
    ) -> Result<Tokens, TokenRefusal> {
        let Proven { known, by } = self.prove(at, form).await?;
        // Some clients send it under the older name.
        let code = [&form.device_code, &form.code];
        let code = code.into_iter().find(|code| !code.is_empty());
        let code = code.ok_or_else(|| TokenRefusal::missing("device_code"))?;
        let digest = Secret::from_text(code).digest();
        let (client, now) = (known.client.id, self.now());
        let polled = self.storage.poll_device_code(digest, client, now).await?;
        let polled = polled.filter(|polled| polled.client == client);
        let polled = polled.ok_or_else(no_such_code)?;
        check(&polled, now)?;
        let member = polled.member.ok_or_else(no_such_code)?;
        let wish = Wish::from_text(&polled.asked)?;
        let Beginning { grant, refresh } = self.begin(&known, &member, &wish);
        let (refresh, kept) = refresh.unzip();
        let redeemed = self.storage.redeem_device_code(digest, grant, kept, now);
        if !redeemed.await? {
            return Err(no_such_code());
        }
        self.storage.note_client_use(client, by, now).await?;
        let tokens = self.tokens_of(at, &known, &member, grant.id, &wish, refresh);
        Ok(Tokens {
            resource: form.resource.clone(),
            ..tokens.await?
        })
    }
}

fn check(polled: &PolledCode, now: Timestamp) -> Result<(), TokenRefusal> {
    if polled.expires_at <= now {
        let text = "The device code has expired. Begin again.";
        return Err(TokenRefusal::new("expired_token", 70_019, text));
    }
    // A second less: clients count from when they were answered.
    let soon = |before: Timestamp| before.plus_seconds(POLL_SECONDS - 1) > now;
    match polled.state {
        DeviceCodeState::Approved => Ok(()),
        DeviceCodeState::Declined => Err(TokenRefusal::new(
            "authorization_declined",
            65_004,
            "The person declined.",
        )),
        DeviceCodeState::Waiting if polled.polled_at.is_some_and(soon) => Err(TokenRefusal::new(
            "slow_down",
            70_016,
            format!("Ask every {POLL_SECONDS} seconds, and five seconds more seldom after this."),
        )),
        DeviceCodeState::Waiting => Err(TokenRefusal::new(
            "authorization_pending",
            70_016,
            "OAuth 2.0 device flow error. Authorization is pending. Continue polling.",
        )),
    }
}

fn no_such_code() -> TokenRefusal {
    TokenRefusal {
        error: "bad_verification_code",
        ..grant_refusal(
            70_018,
            "The device code is not one of this client, or was used. Begin again.",
        )
    }
}

fn new_code(entropy: &dyn Entropy) -> String {
    let mut code = String::with_capacity(CODE_LETTERS);
    // Bytes above the last whole round would make some letters likelier than others.
    let whole = 256 / LETTERS.len() * LETTERS.len();
    while code.len() < CODE_LETTERS {
        let mut byte = [0];
        entropy.fill(&mut byte);
        let byte = usize::from(byte[0]);
        if byte < whole {
            code.push(char::from(LETTERS[byte % LETTERS.len()]));
        }
    }
    code
}

/// A code as it is stored, however it was typed; `None` if it can't be one.
fn folded(typed: &str) -> Option<String> {
    let letters = typed.chars().filter(|c| !matches!(c, '-' | ' '));
    let code: String = letters.map(|c| c.to_ascii_uppercase()).collect();
    let right = code.len() == CODE_LETTERS && code.bytes().all(|b| LETTERS.contains(&b));
    right.then_some(code)
}

fn as_shown(code: &str) -> String {
    let (first, second) = code.split_at(code.len() / 2);
    format!("{first}-{second}")
}

#[cfg(test)]
mod tests {
    use registration::ids::SeededEntropy;

    use super::*;

    #[test]
    fn a_code_is_read_however_it_was_typed() {
        let code = new_code(&SeededEntropy::new(1));
        let shown = as_shown(&code);
        assert_eq!(shown.len(), 9);
        for typed in [&shown, &code, &shown.to_lowercase(), &format!(" {shown} ")] {
            assert_eq!(folded(typed).as_ref(), Some(&code), "{typed}");
        }
        for typed in ["", "ABCD-EFGH", "BCDF-GHJ", "BCDF-GHJKL", "bcdf-ghjé"] {
            assert_eq!(folded(typed), None, "{typed}");
        }
    }
}
