//! API clients and what they prove themselves with.

use async_trait::async_trait;
use deadpool_postgres::GenericClient;
use registration::access::Scope;
use registration::api_client::{
    ApiClient, ApiScopes, CREDENTIALS_AT_ONCE, ClientCredential, ClientTerms, CredentialKind,
};
use registration::audit::{Act, AuditAction};
use registration::clock::Timestamp;
use registration::ids::{ClientId, CredentialId, OrganizationId, UserId};
use registration::user::Role;
use tokio_postgres::Row;
use uuid::Uuid;

use super::{Postgres, Tx, query, rows, trail};
use crate::api_clients::{ApiClients, Changed, ClientView, NewCredential, changed};
use crate::api_sql as text;
use crate::sql::dollars;
use crate::{Refused, Result, StorageError};

#[async_trait]
impl ApiClients for Postgres {
    async fn clients(&self, scope: &Scope) -> Result<Vec<ClientView>> {
        let client = self.client().await?;
        let own = scope.organization_id().0;
        let clients = query::all(&client, &dollars(text::CLIENTS), &[&own]).await?;
        let credentials = query::all(&client, &dollars(text::ALL_CREDENTIALS), &[&own]).await?;
        let read = |row: &Row| Ok((row.try_get::<_, Uuid>(6)?, credential(row)?));
        let credentials = credentials.iter().map(read).collect::<Result<Vec<_>>>()?;
        let of = |id: ClientId| {
            let own = credentials.iter().filter(|(of, _)| *of == id.0);
            own.map(|(_, credential)| credential.clone()).collect()
        };
        let view = |row: &Row| {
            let client = api_client(row, 0)?;
            let credentials = of(client.id);
            Ok(ClientView {
                client,
                credentials,
            })
        };
        clients.iter().map(view).collect()
    }

    async fn client(&self, scope: &Scope, id: ClientId) -> Result<Option<ClientView>> {
        let db = self.client().await?;
        let own = scope.organization_id().0;
        let found = query::first(&db, &dollars(text::CLIENT), &[&own, &id.0]).await?;
        let Some(row) = found else {
            return Ok(None);
        };
        Ok(Some(ClientView {
            client: api_client(&row, 0)?,
            credentials: credentials(&db, id).await?,
        }))
    }

    async fn add_client(
        &self,
        scope: &Scope,
        act: &Act,
        client: ApiClient,
        credential: Option<NewCredential>,
    ) -> Result<()> {
        let own = scope.organization_id();
        in_transaction!(self, tx => {
            keep_client(tx, own, &client).await?;
            let entry = act.entry(0, AuditAction::ClientAdded, client.id.0, &client.name);
            let said = format!("{}: {}", client.role.title(), client.scopes);
            trail::write(tx, &[entry.saying(said)]).await?;
            match &credential {
                Some(credential) => keep_credential(tx, act, 1, &client, credential).await,
                None => Ok(()),
            }
        })
    }

    async fn add_credential(
        &self,
        scope: &Scope,
        act: &Act,
        client: ClientId,
        credential: NewCredential,
    ) -> Result<()> {
        in_transaction!(self, tx => {
            let client = lock(tx, scope, client).await?;
            if client.revoked_at.is_some() {
                return Err(Refused::ClientRevoked.into());
            }
            let kind = credential.kind;
            let drop = dollars(text::DROP_EXPIRED);
            query::run(tx, &drop, &[&client.id.0, &kind.as_str(), &act.at.0]).await?;
            let there = credentials(tx, client.id).await?;
            if there.iter().filter(|known| known.kind == kind).count() >= CREDENTIALS_AT_ONCE {
                return Err(Refused::TooManyCredentials.into());
            }
            keep_credential(tx, act, 0, &client, &credential).await
        })
    }

    async fn remove_credential(
        &self,
        scope: &Scope,
        act: &Act,
        client: ClientId,
        credential: CredentialId,
    ) -> Result<()> {
        in_transaction!(self, tx => {
            let client = lock(tx, scope, client).await?;
            let drop = dollars(text::DROP_CREDENTIAL);
            let dropped = query::first(tx, &drop, &[&credential.0, &client.id.0]).await?;
            let row = dropped.ok_or(StorageError::NotFound)?;
            let kind = rows::word(&row, 0, "client_credential.kind", CredentialKind::parse)?;
            let (said, action): (&str, _) = (row.try_get(1)?, kind.removed());
            let entry = act.entry(0, action, client.id.0, &client.name);
            trail::write(tx, &[entry.saying(said)]).await
        })
    }

    async fn change_client(
        &self,
        scope: &Scope,
        act: &Act,
        client: ClientId,
        before: ClientTerms,
        after: ClientTerms,
    ) -> Result<()> {
        in_transaction!(self, tx => {
            let client = lock(tx, scope, client).await?;
            match changed(client, act, &before, after.clone())? {
                Some(changed) => keep_change(tx, changed).await,
                None => Ok(()),
            }
        })
    }

    async fn revoke_client(&self, scope: &Scope, act: &Act, client: ClientId) -> Result<()> {
        in_transaction!(self, tx => {
            let client = lock(tx, scope, client).await?;
            if client.revoked_at.is_some() {
                return Ok(());
            }
            for statement in text::REVOKE {
                query::run(tx, &dollars(statement), &[&client.id.0, &act.at.0]).await?;
            }
            for statement in crate::grants_sql::DROP_ALL_OF_CLIENT {
                query::run(tx, &dollars(statement), &[&client.id.0]).await?;
            }
            let entry = act.entry(0, AuditAction::ClientRevoked, client.id.0, &client.name);
            trail::write(tx, &[entry]).await
        })
    }
}

/// Reads the columns of a client.
pub(super) fn api_client(row: &Row, at: usize) -> Result<ApiClient> {
    let redirects: &str = row.try_get(at + 5)?;
    Ok(ApiClient {
        id: ClientId(row.try_get(at)?),
        organization_id: OrganizationId(row.try_get(at + 1)?),
        name: row.try_get(at + 2)?,
        role: rows::word(row, at + 3, "person.role", Role::parse)?,
        scopes: ApiScopes::parse(row.try_get(at + 4)?),
        redirects: redirects.lines().map(str::to_owned).collect(),
        public: row.try_get(at + 6)?,
        created_by: UserId(row.try_get(at + 7)?),
        created_at: Timestamp(row.try_get(at + 8)?),
        revoked_at: rows::time(row, at + 9)?,
        last_used_at: rows::time(row, at + 10)?,
    })
}

/// Reads the first six columns of a credential.
pub(super) fn credential(row: &Row) -> Result<ClientCredential> {
    let kind = rows::word(row, 1, "client_credential.kind", CredentialKind::parse)?;
    Ok(ClientCredential {
        id: CredentialId(row.try_get(0)?),
        kind,
        hint: row.try_get(2)?,
        created_at: Timestamp(row.try_get(3)?),
        expires_at: Timestamp(row.try_get(4)?),
        last_used_at: rows::time(row, 5)?,
    })
}

async fn credentials(db: &impl GenericClient, id: ClientId) -> Result<Vec<ClientCredential>> {
    let found = query::all(db, &dollars(text::CREDENTIALS), &[&id.0]).await?;
    found.iter().map(credential).collect()
}

/// Locks a client of the scope's organization.
pub(super) async fn lock(tx: &Tx<'_>, scope: &Scope, id: ClientId) -> Result<ApiClient> {
    let text = format!("{} FOR UPDATE OF c", dollars(text::CLIENT));
    let row = query::first(tx, &text, &[&scope.organization_id().0, &id.0]).await?;
    api_client(&row.ok_or(StorageError::NotFound)?, 0)
}

async fn keep_client(tx: &Tx<'_>, own: OrganizationId, client: &ApiClient) -> Result<()> {
    query::run(
        tx,
        &dollars(text::ADD_ACCOUNT),
        &[
            &client.id.0,
            &own.0,
            &client.called(),
            &client.name,
            &client.role.as_str(),
            &client.created_at.0,
            &true,
        ],
    )
    .await?;
    query::run(
        tx,
        &dollars(text::ADD_CLIENT),
        &[
            &client.id.0,
            &own.0,
            &client.scopes.to_string(),
            &client.redirects.join("\n"),
            &client.public,
            &client.created_by.0,
        ],
    )
    .await?;
    Ok(())
}

async fn keep_change(tx: &Tx<'_>, changed: Changed) -> Result<()> {
    let client = &changed.client;
    let (id, role) = (&client.id.0, client.role.as_str());
    let account: query::Parameters<'_> = &[id, &client.name, &client.called(), &role];
    query::run(tx, &dollars(text::CHANGE_ACCOUNT), account).await?;
    let (scopes, redirects) = (client.scopes.to_string(), client.redirects.join("\n"));
    let itself: query::Parameters<'_> = &[id, &scopes, &redirects];
    query::run(tx, &dollars(text::CHANGE_CLIENT), itself).await?;
    if changed.drops_codes {
        query::run(tx, &dollars(crate::grants_sql::DROP_UNSPENT_CODES), &[id]).await?;
    }
    trail::write(tx, &[changed.entry]).await
}

async fn keep_credential(
    tx: &Tx<'_>,
    act: &Act,
    line: u64,
    client: &ApiClient,
    credential: &NewCredential,
) -> Result<()> {
    query::run(
        tx,
        &dollars(text::ADD_CREDENTIAL),
        &[
            &credential.id.0,
            &client.id.0,
            &credential.kind.as_str(),
            &credential.digest.as_slice(),
            &credential.public_key,
            &credential.hint,
            &act.at.0,
            &credential.expires_at.0,
        ],
    )
    .await?;
    let action = credential.kind.added();
    let entry = act.entry(line, action, client.id.0, &client.name);
    let until = credential.expires_at.to_date();
    let entry = entry.saying(format!("{} until {until}", credential.hint));
    trail::write(tx, &[entry]).await
}
