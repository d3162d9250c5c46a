//! Sign-ins of people through API clients.

use async_trait::async_trait;
use registration::access::Scope;
use registration::api_client::{ApiClient, ApiScopes};
use registration::audit::{Act, AuditAction};
use registration::clock::Timestamp;
use registration::ids::{ClientId, GrantId, UserId};
use tokio_postgres::Row;
use uuid::Uuid;

use super::api_clients::{api_client, lock};
use super::{Postgres, Tx, people, query, rows, trail};
use crate::api_sql::CLIENT_WIDTH;
use crate::grants::{
    GrantView, Grants, KnownCode, KnownRefresh, NewCode, NewGrant, NewRefresh, Reuse, Spending,
};
use crate::grants_sql as text;
use crate::sql::dollars;
use crate::{Refused, Result, StorageError};

/// Where the columns after a person and its organization begin.
const REST: usize = 13;

const CODE: &str = concat!(
    "SELECT ",
    member_columns!(),
    ", d.client_id, d.redirect, d.challenge, d.asked, d.expires_at \
     FROM authorization_code d JOIN api_client c ON c.id = d.client_id \
     JOIN person p ON p.id = d.person_id AND p.organization_id = c.organization_id \
     JOIN organization o ON o.id = p.organization_id \
     WHERE d.digest = $1 AND p.disabled_at IS NULL"
);

const REFRESH: &str = concat!(
    "SELECT ",
    member_columns!(),
    ", g.id, g.client_id, g.scopes FROM refresh_token t JOIN api_grant g ON g.id = t.grant_id \
     JOIN api_client c ON c.id = g.client_id \
     JOIN person p ON p.id = g.person_id AND p.organization_id = c.organization_id \
     JOIN organization o ON o.id = p.organization_id \
     WHERE t.digest = $1 AND p.disabled_at IS NULL"
);

#[async_trait]
impl Grants for Postgres {
    async fn keep_code(&self, scope: &Scope, act: &Act, code: NewCode) -> Result<()> {
        let add = dollars(text::ADD_CODE);
        in_transaction!(self, tx => {
            let client = lock(tx, scope, code.client).await?;
            if client.revoked_at.is_some() {
                return Err(Refused::ClientRevoked.into());
            }
            query::run(
                tx,
                &add,
                &[
                    &code.digest.as_slice(),
                    &code.client.0,
                    &act.actor.user_id.0,
                    &code.redirect,
                    &code.challenge,
                    &code.asked,
                    &code.expires_at.0,
                ],
            )
            .await?;
            let action = AuditAction::ClientApproved;
            trail::write(tx, &[act.entry(0, action, client.id.0, &client.name)]).await
        })
    }

    async fn code(&self, digest: [u8; 32]) -> Result<Option<KnownCode>> {
        let client = self.client().await?;
        let row = query::first(&client, CODE, &[&digest.as_slice()]).await?;
        row.map(|row| known_code(&row, digest)).transpose()
    }

    async fn redeem_code(
        &self,
        act: &Act,
        digest: [u8; 32],
        grant: NewGrant,
        refresh: Option<NewRefresh>,
    ) -> Result<Spending> {
        let (spend, before) = (dollars(text::SPEND_CODE), dollars(text::GRANT_OF_CODE));
        let digest = digest.as_slice();
        in_transaction!(self, tx => {
            let Some(name) = together(tx, grant.client, grant.person).await? else {
                return Ok(Spending::Void);
            };
            if query::run(tx, &spend, &[&digest, &grant.id.0, &act.at.0]).await? == 1 {
                keep_grant(tx, &grant, refresh, act.at).await?;
                return Ok(Spending::Spent);
            }
            let before = query::first(tx, &before, &[&digest]).await?;
            end_after_reuse(tx, act, grant.client, &name, before).await
        })
    }

    async fn refresh_token(&self, digest: [u8; 32]) -> Result<Option<KnownRefresh>> {
        let client = self.client().await?;
        let row = query::first(&client, REFRESH, &[&digest.as_slice()]).await?;
        row.map(|row| {
            Ok(KnownRefresh {
                member: rows::member(&row, 0)?,
                grant: GrantId(row.try_get(REST)?),
                client: ClientId(row.try_get(REST + 1)?),
                scopes: ApiScopes::parse(row.try_get(REST + 2)?),
            })
        })
        .transpose()
    }

    async fn rotate_refresh(
        &self,
        act: &Act,
        digest: [u8; 32],
        client: ClientId,
        next: NewRefresh,
        reuse: Reuse,
    ) -> Result<Spending> {
        let (spend, prolong) = (dollars(text::SPEND_REFRESH), dollars(text::PROLONG_GRANT));
        let before = dollars(text::GRANT_OF_REFRESH);
        let (digest, since) = (digest.as_slice(), reuse.since(act.at).0);
        in_transaction!(self, tx => {
            let Some(name) = together(tx, client, act.actor.user_id).await? else {
                return Ok(Spending::Void);
            };
            if let Some(row) = query::first(tx, &spend, &[&digest, &act.at.0, &since]).await? {
                let grant: Uuid = row.try_get(0)?;
                let until: query::Parameters<'_> = &[&grant, &next.expires_at.0, &act.at.0];
                if query::run(tx, &prolong, until).await? == 0 {
                    return Ok(Spending::Void);
                }
                keep_refresh(tx, GrantId(grant), next).await?;
                return Ok(Spending::Spent);
            }
            let before = query::first(tx, &before, &[&digest, &since]).await?;
            end_after_reuse(tx, act, client, &name, before).await
        })
    }

    async fn grants(
        &self,
        scope: &Scope,
        person: UserId,
        now: Timestamp,
    ) -> Result<Vec<GrantView>> {
        let client = self.client().await?;
        let own = scope.organization_id().0;
        let text = dollars(text::GRANTS);
        let found = query::all(&client, &text, &[&own, &person.0, &now.0]).await?;
        found.iter().map(grant_view).collect()
    }

    async fn end_grant(&self, scope: &Scope, act: &Act, grant: GrantId) -> Result<()> {
        let own_grant = dollars(text::OWN_GRANT);
        let own = scope.organization_id().0;
        in_transaction!(self, tx => {
            let ids: query::Parameters<'_> = &[&grant.0, &act.actor.user_id.0, &own];
            let found = query::first(tx, &own_grant, ids).await?;
            let row = found.ok_or(StorageError::NotFound)?;
            for statement in text::END_GRANT {
                query::run(tx, &dollars(statement), &[&grant.0]).await?;
            }
            let action = AuditAction::ClientApprovalEnded;
            let entry = act.entry(0, action, row.try_get(0)?, row.try_get(1)?);
            trail::write(tx, &[entry]).await
        })
    }

    async fn end_all_grants(&self, scope: &Scope, act: &Act) -> Result<usize> {
        let (own, person) = (scope.organization_id(), act.actor.user_id.0);
        let grants = dollars(text::GRANTS);
        in_transaction!(self, tx => {
            // A code or refresh token that is being redeemed comes before this, or finds nothing.
            people::lock(tx, act.actor.user_id, Some(own)).await?;
            let of_person: query::Parameters<'_> = &[&own.0, &person, &act.at.0];
            let all = query::all(tx, &grants, of_person).await?;
            let all = all.iter().map(|row| api_client(row, 0)).collect::<Result<Vec<_>>>()?;
            for statement in text::DROP_ALL_OF_PERSON {
                query::run(tx, &dollars(statement), &[&person]).await?;
            }
            let entry = |(line, client): (u64, &ApiClient)| {
                let action = AuditAction::ClientApprovalEnded;
                act.entry(line, action, client.id.0, &client.name)
            };
            let entries: Vec<_> = (0..).zip(&all).map(entry).collect();
            trail::write(tx, &entries).await?;
            Ok(all.len())
        })
    }
}

fn known_code(row: &Row, digest: [u8; 32]) -> Result<KnownCode> {
    let code = NewCode {
        digest,
        client: ClientId(row.try_get(REST)?),
        redirect: row.try_get(REST + 1)?,
        challenge: row.try_get(REST + 2)?,
        asked: row.try_get(REST + 3)?,
        expires_at: Timestamp(row.try_get(REST + 4)?),
    };
    let member = rows::member(row, 0)?;
    Ok(KnownCode { code, member })
}

fn grant_view(row: &Row) -> Result<GrantView> {
    Ok(GrantView {
        client: api_client(row, 0)?,
        id: GrantId(row.try_get(CLIENT_WIDTH)?),
        scopes: ApiScopes::parse(row.try_get(CLIENT_WIDTH + 1)?),
        created_at: Timestamp(row.try_get(CLIENT_WIDTH + 2)?),
        last_used_at: Timestamp(row.try_get(CLIENT_WIDTH + 3)?),
    })
}

/// The client's name, if client and person may still act together. Neither is revoked or shut
/// before this transaction ends.
pub(super) async fn together(
    tx: &Tx<'_>,
    client: ClientId,
    person: UserId,
) -> Result<Option<String>> {
    let text = format!("{} FOR SHARE OF c, p", dollars(text::TOGETHER));
    let row = query::first(tx, &text, &[&client.0, &person.0]).await?;
    Ok(row.map(|row| row.try_get(0)).transpose()?)
}

pub(super) async fn keep_grant(
    tx: &Tx<'_>,
    grant: &NewGrant,
    refresh: Option<NewRefresh>,
    now: Timestamp,
) -> Result<()> {
    query::run(
        tx,
        &dollars(text::ADD_GRANT),
        &[
            &grant.id.0,
            &grant.client.0,
            &grant.person.0,
            &grant.scopes.to_string(),
            &now.0,
            &grant.ends_at.0,
        ],
    )
    .await?;
    match refresh {
        Some(refresh) => keep_refresh(tx, grant.id, refresh).await,
        None => Ok(()),
    }
}

async fn keep_refresh(tx: &Tx<'_>, grant: GrantId, refresh: NewRefresh) -> Result<()> {
    let add = dollars(text::ADD_REFRESH);
    let digest = refresh.digest.as_slice();
    query::run(tx, &add, &[&digest, &grant.0, &refresh.expires_at.0]).await?;
    Ok(())
}

/// Whoever came second may be the thief or the one who was robbed: neither goes on.
async fn end_after_reuse(
    tx: &Tx<'_>,
    act: &Act,
    client: ClientId,
    name: &str,
    grant: Option<Row>,
) -> Result<Spending> {
    let Some(row) = grant else {
        return Ok(Spending::Void);
    };
    let grant: Uuid = row.try_get(0)?;
    let [tokens, itself] = text::END_GRANT.map(dollars);
    query::run(tx, &tokens, &[&grant]).await?;
    if query::run(tx, &itself, &[&grant]).await? == 1 {
        let entry = act.entry(0, AuditAction::ClientReuseFound, client.0, name);
        trail::write(tx, &[entry.refused()]).await?;
    }
    Ok(Spending::Again)
}
