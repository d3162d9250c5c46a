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
use crate::tokens::{
    KnownClient, KnownCredential, SigningKey, Standing, TenantName, TokenRoot, Tokens,
};

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
        credential: Option<CredentialId>,
        at: Timestamp,
    ) -> Result<()> {
        let before = at.plus_seconds(-60).0;
        let [of_client, of_credential] = text::NOTE_USE;
        self.write(move |tx| {
            rows::run(tx, of_client, params![client.0, at.0, before])?;
            if let Some(credential) = credential {
                rows::run(tx, of_credential, params![credential.0, at.0, before])?;
            }
            Ok(())
        })
        .await
    }

    async fn standing(
        &self,
        client: ClientId,
        root: TokenRoot,
        now: Timestamp,
    ) -> Result<Option<Standing>> {
        self.readers
            .run_here(|conn| standing(conn, client, root, now))
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

    async fn spend_assertion(
        &self,
        client: ClientId,
        digest: [u8; 32],
        expires_at: Timestamp,
    ) -> Result<bool> {
        self.write(move |tx| {
            let values = params![client.0, digest, expires_at.0];
            Ok(rows::run(tx, crate::grants_sql::SPEND_ASSERTION, values)? == 1)
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
            digest: row.get(7)?,
            public_key: row.get(8)?,
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
    root: TokenRoot,
    now: Timestamp,
) -> Result<Option<Standing>> {
    let (from, account, given, rest, id) = match root {
        TokenRoot::Credential(id) => (
            "client_credential",
            "c.id",
            "c.scopes",
            text::CREDENTIAL_STANDS,
            id.0,
        ),
        TokenRoot::Grant(id) => (
            "api_grant",
            "r.person_id",
            "r.scopes",
            text::GRANT_STANDS,
            id.0,
        ),
    };
    let text = format!(
        "SELECT {USER}, {ORGANIZATION}, a.name, c.scopes, {given} FROM {from} r \
         JOIN api_client c ON c.id = r.client_id JOIN person p ON p.id = {account} \
         JOIN person a ON a.id = c.id JOIN organization o ON o.id = p.organization_id{rest}"
    );
    rows::first(conn, &text, params![id, client.0, now.0], |row| {
        let at = USER_WIDTH + ORGANIZATION_WIDTH;
        let scopes = |at: usize| {
            let words: String = row.get(at)?;
            Ok::<_, rusqlite::Error>(ApiScopes::parse(&words))
        };
        Ok(Standing {
            member: read_member(row, 0)?,
            client_name: row.get(at)?,
            scopes: scopes(at + 1)?.both(scopes(at + 2)?),
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
