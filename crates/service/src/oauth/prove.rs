//! A client proves who it is: by a secret, or by nothing at all if it can't keep one.

use registration::api_client::CredentialKind;
use registration::ids::{ClientId, CredentialId};
use storage::tokens::KnownClient;
use subtle::ConstantTimeEq;

use super::{Endpoint, TokenForm, TokenRefusal};
use crate::Desk;
use crate::secret::Secret;

/// A client that is who it says.
pub(crate) struct Proven {
    pub(crate) known: KnownClient,
    /// What it was proven with; nothing, if it is a public client.
    pub(crate) by: Option<CredentialId>,
}

impl Desk {
    /// The client of this form, once it has proven itself.
    pub(crate) async fn prove(
        &self,
        at: &Endpoint<'_>,
        form: &TokenForm,
    ) -> Result<Proven, TokenRefusal> {
        let known = self.client_of(at, &form.client_id).await?;
        if known.client.public {
            return public(known, form);
        }
        let by = match &form.client_secret {
            Some(secret) => Some(self.by_secret(&known, secret)?),
            None => None,
        };
        let by = by.ok_or_else(|| {
            TokenRefusal::invalid_client(
                7_000_218,
                "The request body must contain the following parameter: 'client_assertion' or \
                 'client_secret'.",
            )
        })?;
        Ok(Proven {
            known,
            by: Some(by),
        })
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
                let shown: String = client_id
                    .chars()
                    .filter(|c| !c.is_control())
                    .take(80)
                    .collect();
                let text = format!(
                    "Application with identifier '{shown}' was not found in the directory '{}'. \
                     Check the client id and the organization in the address; a revoked client \
                     is not found either.",
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
