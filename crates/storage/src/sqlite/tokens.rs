//! What giving and checking tokens needs.

use async_trait::async_trait;
use registration::api_client::ApiScopes;
use registration::clock::Timestamp;
use registration::ids::{ClientId, CredentialId, SigningKeyId};
use registration::organization::Organization;
use rusqlite::{Connection, Row, params};

use super::Sqlite;
use super::api_clients::{read_client, read_credential};
use super::people::{self, read_member};
use super::rows::{self, ORGANIZATION, ORGANIZATION_WIDTH, USER, USER_WIDTH};
use crate::Result;
use crate::api_sql as text;
use crate::tokens::{KnownClient, KnownCredential, SigningKey, Standing, TenantName, Tokens};

#[async_trait]
impl Tokens for Sqlite {
    async fn tenant(&self, name: TenantName) -> Result<Option<Organization>> {
        let one = |column: &str| {
            format!("SELECT {ORGANIZATION} FROM organization o WHERE o.{column} = ?1")
        };
        let read = |row: &Row<'_>| rows::organization(row, 0);
        self.read(move |conn| match name {
            TenantName::Id(id) => rows::first(conn, &one("id"), [id.0], read),
            TenantName::Domain(domain) => rows::first(conn, &one("domain"), [domain], read),
        })
        .await
    }

    async fn known_client(&self, id: ClientId) -> Result<Option<KnownClient>> {
        self.read(move |conn| known_client(conn, id)).await
    }

    async fn note_client_use(
        &self,
        client: ClientId,
        credential: CredentialId,
        at: Timestamp,
    ) -> Result<()> {
        let before = at.plus_seconds(-60).0;
        let [of_client, of_credential] = text::NOTE_USE;
        self.write(move |tx| {
            rows::run(tx, of_client, params![client.0, at.0, before])?;
            rows::run(tx, of_credential, params![credential.0, at.0, before])?;
            Ok(())
        })
        .await
    }

    async fn standing(
        &self,
        client: ClientId,
        credential: CredentialId,
    ) -> Result<Option<Standing>> {
        self.readers
            .run_here(|conn| standing(conn, client, credential))
    }

    async fn signing_keys(&self, now: Timestamp) -> Result<Vec<SigningKey>> {
        self.read(move |conn| rows::all(conn, text::SIGNING_KEYS, [now.0], signing_key))
            .await
    }

    async fn add_signing_key(&self, key: SigningKey) -> Result<()> {
        self.write(move |tx| {
            rows::run(
                tx,
                text::ADD_SIGNING_KEY,
                params![
                    key.id.0,
                    key.public_key,
                    key.sealed,
                    key.seal,
                    key.created_at.0,
                    key.signs_until.0,
                    key.ends_at.0,
                ],
            )?;
            Ok(())
        })
        .await
    }
}

fn known_client(conn: &Connection, id: ClientId) -> Result<Option<KnownClient>> {
    let client = rows::first(conn, text::KNOWN_CLIENT, [id.0], |row| read_client(row, 0))?;
    let member = people::member(conn, "WHERE p.id = ?1", [id.0])?;
    let (Some(client), Some(member)) = (client, member) else {
        return Ok(None);
    };
    let credentials = rows::all(conn, text::CREDENTIALS, [id.0], |row| {
        Ok(KnownCredential {
            shown: read_credential(row)?,
            digest: row.get(6)?,
        })
    })?;
    Ok(Some(KnownClient {
        client,
        member,
        credentials,
    }))
}

fn standing(
    conn: &Connection,
    client: ClientId,
    credential: CredentialId,
) -> Result<Option<Standing>> {
    let text = format!(
        "SELECT {USER}, {ORGANIZATION}, c.scopes FROM client_credential r \
         JOIN api_client c ON c.id = r.client_id JOIN person p ON p.id = c.id \
         JOIN organization o ON o.id = p.organization_id \
         WHERE r.id = ?1 AND c.id = ?2 AND c.revoked_at IS NULL AND p.disabled_at IS NULL"
    );
    rows::first(conn, &text, [credential.0, client.0], |row| {
        let words: String = row.get(USER_WIDTH + ORGANIZATION_WIDTH)?;
        Ok(Standing {
            member: read_member(row, 0)?,
            scopes: ApiScopes::parse(&words),
        })
    })
}

fn signing_key(row: &Row<'_>) -> rusqlite::Result<SigningKey> {
    Ok(SigningKey {
        id: SigningKeyId(row.get(0)?),
        public_key: row.get(1)?,
        sealed: row.get(2)?,
        seal: row.get(3)?,
        created_at: Timestamp(row.get(4)?),
        signs_until: Timestamp(row.get(5)?),
        ends_at: Timestamp(row.get(6)?),
    })
}
