//! API clients and what they prove themselves with.

use async_trait::async_trait;
use registration::access::Scope;
use registration::api_client::{
    ApiClient, ApiScopes, CREDENTIALS_AT_ONCE, ClientCredential, ClientTerms, CredentialKind,
};
use registration::audit::{Act, AuditAction};
use registration::clock::Timestamp;
use registration::ids::{ClientId, CredentialId, OrganizationId, UserId};
use registration::user::Role;
use rusqlite::{Connection, Row, Transaction, params};
use uuid::Uuid;

use super::rows::{self, time, word};
use super::{Sqlite, audit};
use crate::api_clients::{ApiClients, Changed, ClientView, NewCredential, changed};
use crate::api_sql as text;
use crate::{Refused, Result, StorageError};

#[async_trait]
impl ApiClients for Sqlite {
    async fn clients(&self, scope: &Scope) -> Result<Vec<ClientView>> {
        let own = scope.organization_id().0;
        self.read(move |conn| {
            let clients = rows::all(conn, text::CLIENTS, [own], |row| read_client(row, 0))?;
            let credentials = rows::all(conn, text::ALL_CREDENTIALS, [own], |row| {
                Ok((row.get::<_, Uuid>(6)?, read_credential(row)?))
            })?;
            Ok(with_credentials(clients, &credentials))
        })
        .await
    }

    async fn client(&self, scope: &Scope, id: ClientId) -> Result<Option<ClientView>> {
        let own = scope.organization_id();
        self.read(move |conn| {
            let Some(client) = own_client(conn, own, id)? else {
                return Ok(None);
            };
            let credentials = rows::all(conn, text::CREDENTIALS, [id.0], read_credential)?;
            Ok(Some(ClientView {
                client,
                credentials,
            }))
        })
        .await
    }

    async fn add_client(
        &self,
        scope: &Scope,
        act: &Act,
        client: ApiClient,
        credential: Option<NewCredential>,
    ) -> Result<()> {
        let (own, act) = (scope.organization_id(), act.clone());
        self.write(move |tx| {
            keep_client(tx, own, &client)?;
            let entry = act.entry(0, AuditAction::ClientAdded, client.id.0, &client.name);
            let said = format!("{}: {}", client.role.title(), client.scopes);
            audit::append(tx, &entry.saying(said))?;
            match credential {
                Some(credential) => keep_credential(tx, &act, 1, &client, &credential),
                None => Ok(()),
            }
        })
        .await
    }

    async fn add_credential(
        &self,
        scope: &Scope,
        act: &Act,
        client: ClientId,
        credential: NewCredential,
    ) -> Result<()> {
        let (own, act) = (scope.organization_id(), act.clone());
        self.write(move |tx| {
            let client = own_client(tx, own, client)?.ok_or(StorageError::NotFound)?;
            add_credential(tx, &act, &client, &credential)
        })
        .await
    }

    async fn remove_credential(
        &self,
        scope: &Scope,
        act: &Act,
        client: ClientId,
        credential: CredentialId,
    ) -> Result<()> {
        let (own, act) = (scope.organization_id(), act.clone());
        self.write(move |tx| {
            let client = own_client(tx, own, client)?.ok_or(StorageError::NotFound)?;
            let ids = [credential.0, client.id.0];
            let dropped = rows::first(tx, text::DROP_CREDENTIAL, ids, |row| {
                Ok((
                    word(row, 0, CredentialKind::parse)?,
                    row.get::<_, String>(1)?,
                ))
            })?;
            let (kind, said) = dropped.ok_or(StorageError::NotFound)?;
            let action = kind.removed();
            let entry = act.entry(0, action, client.id.0, &client.name);
            audit::append(tx, &entry.saying(said))
        })
        .await
    }

    async fn change_client(
        &self,
        scope: &Scope,
        act: &Act,
        client: ClientId,
        before: ClientTerms,
        after: ClientTerms,
    ) -> Result<()> {
        let (own, act) = (scope.organization_id(), act.clone());
        self.write(move |tx| {
            let client = own_client(tx, own, client)?.ok_or(StorageError::NotFound)?;
            match changed(client, &act, &before, after)? {
                Some(changed) => keep_change(tx, &changed),
                None => Ok(()),
            }
        })
        .await
    }

    async fn revoke_client(&self, scope: &Scope, act: &Act, client: ClientId) -> Result<()> {
        let (own, act) = (scope.organization_id(), act.clone());
        self.write(move |tx| {
            let client = own_client(tx, own, client)?.ok_or(StorageError::NotFound)?;
            if client.revoked_at.is_some() {
                return Ok(());
            }
            for statement in text::REVOKE {
                rows::run(tx, statement, params![client.id.0, act.at.0])?;
            }
            for statement in crate::grants_sql::DROP_ALL_OF_CLIENT {
                rows::run(tx, statement, [client.id.0])?;
            }
            audit::append(
                tx,
                &act.entry(0, AuditAction::ClientRevoked, client.id.0, &client.name),
            )
        })
        .await
    }
}

/// Reads the columns of a client.
pub(super) fn read_client(row: &Row<'_>, at: usize) -> rusqlite::Result<ApiClient> {
    let redirects: String = row.get(at + 5)?;
    Ok(ApiClient {
        id: ClientId(row.get(at)?),
        organization_id: OrganizationId(row.get(at + 1)?),
        name: row.get(at + 2)?,
        role: word(row, at + 3, Role::parse)?,
        scopes: ApiScopes::parse(&row.get::<_, String>(at + 4)?),
        redirects: redirects.lines().map(str::to_owned).collect(),
        public: row.get(at + 6)?,
        created_by: UserId(row.get(at + 7)?),
        created_at: Timestamp(row.get(at + 8)?),
        revoked_at: time(row, at + 9)?,
        last_used_at: time(row, at + 10)?,
    })
}

/// Reads the first six columns of a credential.
pub(super) fn read_credential(row: &Row<'_>) -> rusqlite::Result<ClientCredential> {
    Ok(ClientCredential {
        id: CredentialId(row.get(0)?),
        kind: word(row, 1, CredentialKind::parse)?,
        hint: row.get(2)?,
        created_at: Timestamp(row.get(3)?),
        expires_at: Timestamp(row.get(4)?),
        last_used_at: time(row, 5)?,
    })
}

fn with_credentials(
    clients: Vec<ApiClient>,
    credentials: &[(Uuid, ClientCredential)],
) -> Vec<ClientView> {
    let of = |client: &ApiClient| {
        let own = credentials.iter().filter(|(id, _)| *id == client.id.0);
        own.map(|(_, credential)| credential.clone()).collect()
    };
    clients
        .into_iter()
        .map(|client| ClientView {
            credentials: of(&client),
            client,
        })
        .collect()
}

pub(super) fn own_client(
    conn: &Connection,
    own: OrganizationId,
    id: ClientId,
) -> Result<Option<ApiClient>> {
    rows::first(conn, text::CLIENT, [own.0, id.0], |row| read_client(row, 0))
}

fn keep_client(tx: &Transaction<'_>, own: OrganizationId, client: &ApiClient) -> Result<()> {
    rows::run(
        tx,
        text::ADD_ACCOUNT,
        params![
            client.id.0,
            own.0,
            client.called(),
            client.name,
            client.role.as_str(),
            client.created_at.0,
            true,
        ],
    )?;
    rows::run(
        tx,
        text::ADD_CLIENT,
        params![
            client.id.0,
            own.0,
            client.scopes.to_string(),
            client.redirects.join("\n"),
            client.public,
            client.created_by.0,
        ],
    )?;
    Ok(())
}

fn keep_change(tx: &Transaction<'_>, changed: &Changed) -> Result<()> {
    let client = &changed.client;
    let (id, role) = (client.id.0, client.role.as_str());
    let account = params![id, client.name, client.called(), role];
    rows::run(tx, text::CHANGE_ACCOUNT, account)?;
    let (scopes, redirects) = (client.scopes.to_string(), client.redirects.join("\n"));
    rows::run(tx, text::CHANGE_CLIENT, params![id, scopes, redirects])?;
    if changed.drops_codes {
        rows::run(tx, crate::grants_sql::DROP_UNSPENT_CODES, [id])?;
    }
    audit::append(tx, &changed.entry)
}

fn add_credential(
    tx: &Transaction<'_>,
    act: &Act,
    client: &ApiClient,
    credential: &NewCredential,
) -> Result<()> {
    if client.revoked_at.is_some() {
        return Err(Refused::ClientRevoked.into());
    }
    let kind = credential.kind;
    rows::run(
        tx,
        text::DROP_EXPIRED,
        params![client.id.0, kind.as_str(), act.at.0],
    )?;
    let there = rows::all(tx, text::CREDENTIALS, [client.id.0], read_credential)?;
    if there.iter().filter(|known| known.kind == kind).count() >= CREDENTIALS_AT_ONCE {
        return Err(Refused::TooManyCredentials.into());
    }
    keep_credential(tx, act, 0, client, credential)
}

fn keep_credential(
    tx: &Transaction<'_>,
    act: &Act,
    line: u64,
    client: &ApiClient,
    credential: &NewCredential,
) -> Result<()> {
    rows::run(
        tx,
        text::ADD_CREDENTIAL,
        params![
            credential.id.0,
            client.id.0,
            credential.kind.as_str(),
            credential.digest,
            credential.public_key,
            credential.hint,
            act.at.0,
            credential.expires_at.0,
        ],
    )?;
    let action = credential.kind.added();
    let entry = act.entry(line, action, client.id.0, &client.name);
    let until = credential.expires_at.to_date();
    audit::append(
        tx,
        &entry.saying(format!("{} until {until}", credential.hint)),
    )
}
