//! A client proves who it is: by a secret, by an assertion, or by nothing at all if it can't keep a
//! secret.

use registration::api_client::CredentialKind;
use registration::audit::AuditAction;
use registration::ids::{ClientId, CredentialId};
use storage::tokens::KnownClient;
use subtle::ConstantTimeEq;

use super::assertion::subject;
use super::refusal::shown;
use super::{Endpoint, TokenForm, TokenRefusal};
use crate::Desk;
use crate::caller::actor_of;
use crate::secret::Secret;

/// A client that is who it says.
pub(crate) struct Proven {
    pub(crate) known: KnownClient,
    /// What it was proven with; nothing, if it is a public client.
    pub(crate) by: Option<CredentialId>,
}

impl Desk {
    /// The client of this form, once it has proven itself. Audit: `ClientRefused`.
    pub(crate) async fn prove(
        &self,
        at: &Endpoint<'_>,
        form: &TokenForm,
    ) -> Result<Proven, TokenRefusal> {
        let named = match subject(form) {
            Some(subject) if form.client_id.is_empty() => subject,
            _ => form.client_id.clone(),
        };
        let known = self.client_of(at, &named).await?;
        if known.client.public {
            return public(known, form);
        }
        let by = match (&form.client_secret, &form.client_assertion) {
            (Some(secret), None) => self.by_secret(&known, secret),
            (None, Some(assertion)) => {
                let kind = &form.client_assertion_type;
                self.by_assertion(at, &known, kind, assertion).await
            }
            (Some(_), Some(_)) => {
                let text = "Send client_secret or client_assertion, not both.";
                return Err(TokenRefusal::malformed(text));
            }
            (None, None) => {
                return Err(TokenRefusal::invalid_client(
                    7_000_218,
                    "The request body must contain the following parameter: 'client_assertion' or \
                     'client_secret'.",
                ));
            }
        };
        match by {
            Ok(by) => Ok(Proven {
                known,
                by: Some(by),
            }),
            Err(refusal) => {
                let (member, id) = (&known.member, known.client.id.0);
                let act = self.act(actor_of(&member.user, &member.organization), at.request_id);
                let entry = act.entry(0, AuditAction::ClientRefused, id, &known.client.name);
                self.storage.note(entry.refused()).await?;
                Err(refusal)
            }
        }
    }

    /// The client with this id at this endpoint.
    pub(crate) async fn client_of(
        &self,
        at: &Endpoint<'_>,
        client_id: &str,
    ) -> Result<KnownClient, TokenRefusal> {
        let tenant = self.tenant(at.tenant).await?;
        if client_id.is_empty() {
            return Err(TokenRefusal::missing("client_id"));
        }
        let found = match client_id.trim().parse::<ClientId>() {
            Ok(id) => self.storage.known_client(id).await?,
            Err(_) => None,
        };
        found
            .filter(|known| tenant.admits(known.client.organization_id))
            .ok_or_else(|| {
                let text = format!(
                    "Application with identifier '{}' was not found in the directory '{}'. \
                     Check the client id and the organization in the address; a revoked client \
                     is not found either.",
                    shown(client_id),
                    at.tenant
                );
                TokenRefusal::new("unauthorized_client", 700_016, text)
            })
    }

    fn by_secret(&self, known: &KnownClient, secret: &str) -> Result<CredentialId, TokenRefusal> {
        let digest = Secret::from_text(secret).digest();
        let same = known.credentials.iter().find(|credential| {
            credential.shown.kind == CredentialKind::Secret
                && bool::from(credential.digest.ct_eq(&digest))
        });
        match same {
            Some(credential) if credential.shown.expires_at > self.now() => Ok(credential.shown.id),
            Some(credential) => Err(TokenRefusal::invalid_client(
                7_000_222,
                format!(
                    "The provided client secret keys for app '{}' are expired since {}. Make a \
                     new secret.",
                    known.client.id,
                    credential.shown.expires_at.to_date()
                ),
            )),
            None => Err(TokenRefusal::invalid_client(
                7_000_215,
                format!(
                    "Invalid client secret provided. Ensure the secret being sent in the request \
                     is the client secret value, for app '{}', and was not removed.",
                    known.client.id
                ),
            )),
        }
    }
}

fn public(known: KnownClient, form: &TokenForm) -> Result<Proven, TokenRefusal> {
    if form.client_secret.is_some() || form.client_assertion.is_some() {
        return Err(TokenRefusal::invalid_client(
            700_025,
            "Client is public so neither 'client_assertion' nor 'client_secret' should be \
             presented.",
        ));
    }
    Ok(Proven { known, by: None })
}
