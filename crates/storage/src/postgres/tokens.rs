//! What giving and checking tokens needs.

use async_trait::async_trait;
use registration::api_client::ApiScopes;
use registration::clock::Timestamp;
use registration::ids::{ClientId, CredentialId, SigningKeyId};
use registration::organization::Organization;
use tokio_postgres::Row;

use super::api_clients::{api_client, credential};
use super::trouble::Trouble;
use super::{Postgres, query, rows};
use crate::Result;
use crate::api_sql as text;
use crate::sql::dollars;
use crate::tokens::{
    KnownClient, KnownCredential, SigningKey, Standing, TenantName, TokenRoot, Tokens,
};

const BY_ID: &str = concat!(
    "SELECT ",
    organization_columns!("o"),
    " FROM organization o WHERE o.id = $1"
);

const BY_DOMAIN: &str = concat!(
    "SELECT ",
    organization_columns!("o"),
    " FROM organization o WHERE o.domain = $1"
);

const ACCOUNT: &str = concat!(
    "SELECT ",
    member_columns!(),
    " FROM person p JOIN organization o ON o.id = p.organization_id WHERE p.id = $1"
);

macro_rules! standing {
    ($from:literal, $account:literal, $given:literal) => {
        concat!(
            "SELECT ",
            member_columns!(),
            ", a.name, c.scopes, ",
            $given,
            " FROM ",
            $from,
            " r JOIN api_client c ON c.id = r.client_id JOIN person p ON p.id = ",
            $account,
            " JOIN person a ON a.id = c.id JOIN organization o ON o.id = p.organization_id"
        )
    };
}

const BY_CREDENTIAL: &str = standing!("client_credential", "c.id", "c.scopes");
const BY_GRANT: &str = standing!("api_grant", "r.person_id", "r.scopes");

#[async_trait]
impl Tokens for Postgres {
    async fn tenant(&self, name: TenantName) -> Result<Option<Organization>> {
        let client = self.client().await?;
        let row = match name {
            TenantName::Id(id) => query::first(&client, BY_ID, &[&id.0]).await?,
            TenantName::Domain(domain) => query::first(&client, BY_DOMAIN, &[&domain]).await?,
        };
        row.map(|row| rows::organization(&row, 0)).transpose()
    }

    async fn known_client(&self, id: ClientId) -> Result<Option<KnownClient>> {
        let db = self.client().await?;
        let client = query::first(&db, &dollars(text::KNOWN_CLIENT), &[&id.0]).await?;
        let account = query::first(&db, ACCOUNT, &[&id.0]).await?;
        let (Some(client), Some(account)) = (client, account) else {
            return Ok(None);
        };
        let found = query::all(&db, &dollars(text::CREDENTIALS), &[&id.0]).await?;
        Ok(Some(KnownClient {
            client: api_client(&client, 0)?,
            member: rows::member(&account, 0)?,
            credentials: found.iter().map(known).collect::<Result<_>>()?,
        }))
    }

    async fn note_client_use(
        &self,
        client: ClientId,
        credential: Option<CredentialId>,
        at: Timestamp,
    ) -> Result<()> {
        let before = at.plus_seconds(-60).0;
        let [of_client, of_credential] = text::NOTE_USE.map(dollars);
        in_transaction!(self, tx => {
            query::run(tx, &of_client, &[&client.0, &at.0, &before]).await?;
            if let Some(credential) = credential {
                query::run(tx, &of_credential, &[&credential.0, &at.0, &before]).await?;
            }
            Ok(())
        })
    }

    async fn standing(
        &self,
        client: ClientId,
        root: TokenRoot,
        now: Timestamp,
    ) -> Result<Option<Standing>> {
        let db = self.client().await?;
        let (text, rest, id) = match root {
            TokenRoot::Credential(id) => (BY_CREDENTIAL, text::CREDENTIAL_STANDS, id.0),
            TokenRoot::Grant(id) => (BY_GRANT, text::GRANT_STANDS, id.0),
        };
        let text = format!("{text}{}", dollars(rest));
        let row = query::first(&db, &text, &[&id, &client.0, &now.0]).await?;
        row.map(|row| {
            let scopes = |at| Ok::<_, tokio_postgres::Error>(ApiScopes::parse(row.try_get(at)?));
            Ok(Standing {
                member: rows::member(&row, 0)?,
                client_name: row.try_get(13)?,
                scopes: scopes(14)?.both(scopes(15)?),
            })
        })
        .transpose()
    }

    async fn signing_keys(&self, now: Timestamp) -> Result<Vec<SigningKey>> {
        let client = self.client().await?;
        let found = query::all(&client, &dollars(text::SIGNING_KEYS), &[&now.0]).await?;
        found.iter().map(signing_key).collect()
    }

    async fn add_signing_key(&self, key: SigningKey) -> Result<()> {
        let add = dollars(text::ADD_SIGNING_KEY);
        in_transaction!(self, tx => {
            query::run(
                tx,
                &add,
                &[
                    &key.id.0,
                    &key.public_key,
                    &key.sealed,
                    &key.seal.as_slice(),
                    &key.created_at.0,
                    &key.signs_until.0,
                    &key.ends_at.0,
                ],
            )
            .await?;
            Ok(())
        })
    }

    async fn spend_assertion(
        &self,
        client: ClientId,
        digest: [u8; 32],
        expires_at: Timestamp,
    ) -> Result<bool> {
        let spend = dollars(crate::grants_sql::SPEND_ASSERTION);
        let digest = digest.as_slice();
        in_transaction!(self, tx => {
            let values: query::Parameters<'_> = &[&client.0, &digest, &expires_at.0];
            Ok(query::run(tx, &spend, values).await? == 1)
        })
    }
}

fn known(row: &Row) -> Result<KnownCredential> {
    let digest: &[u8] = row.try_get(7)?;
    let wrong = |_| Trouble::Column("client_credential.digest");
    Ok(KnownCredential {
        shown: credential(row)?,
        digest: digest.try_into().map_err(wrong)?,
        public_key: row.try_get(8)?,
    })
}

fn signing_key(row: &Row) -> Result<SigningKey> {
    let seal: &[u8] = row.try_get(3)?;
    let wrong = |_| Trouble::Column("signing_key.seal");
    Ok(SigningKey {
        id: SigningKeyId(row.try_get(0)?),
        public_key: row.try_get(1)?,
        sealed: row.try_get(2)?,
        seal: seal.try_into().map_err(wrong)?,
        created_at: Timestamp(row.try_get(4)?),
        signs_until: Timestamp(row.try_get(5)?),
        ends_at: Timestamp(row.try_get(6)?),
    })
}
