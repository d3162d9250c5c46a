//! Sign-ins of people through API clients.

use async_trait::async_trait;
use registration::access::Scope;
use registration::api_client::ApiScopes;
use registration::audit::{Act, AuditAction};
use registration::clock::Timestamp;
use registration::ids::{ClientId, GrantId, UserId};
use rusqlite::{Connection, Row, Transaction, params};
use uuid::Uuid;

use super::api_clients::{own_client, read_client};
use super::people::read_member;
use super::rows::{self, ORGANIZATION, ORGANIZATION_WIDTH, USER, USER_WIDTH};
use super::{Sqlite, audit};
use crate::api_sql::CLIENT_WIDTH;
use crate::grants::{
    GrantView, Grants, KnownCode, KnownRefresh, NewCode, NewGrant, NewRefresh, Reuse, Spending,
};
use crate::grants_sql as text;
use crate::{Refused, Result, StorageError};

/// Where the columns after a person and its organization begin.
const REST: usize = USER_WIDTH + ORGANIZATION_WIDTH;

#[async_trait]
impl Grants for Sqlite {
    async fn keep_code(&self, scope: &Scope, act: &Act, code: NewCode) -> Result<()> {
        let (own, act) = (scope.organization_id(), act.clone());
        self.write(move |tx| {
            let client = own_client(tx, own, code.client)?.ok_or(StorageError::NotFound)?;
            if client.revoked_at.is_some() {
                return Err(Refused::ClientRevoked.into());
            }
            rows::run(
                tx,
                text::ADD_CODE,
                params![
                    code.digest,
                    code.client.0,
                    act.actor.user_id.0,
                    code.redirect,
                    code.challenge,
                    code.asked,
                    code.expires_at.0,
                ],
            )?;
            let action = AuditAction::ClientApproved;
            audit::append(tx, &act.entry(0, action, client.id.0, &client.name))
        })
        .await
    }

    async fn code(&self, digest: [u8; 32]) -> Result<Option<KnownCode>> {
        self.read(move |conn| known_code(conn, digest)).await
    }

    async fn redeem_code(
        &self,
        act: &Act,
        digest: [u8; 32],
        grant: NewGrant,
        refresh: Option<NewRefresh>,
    ) -> Result<Spending> {
        let act = act.clone();
        self.write(move |tx| {
            let Some(name) = together(tx, grant.client, grant.person)? else {
                return Ok(Spending::Void);
            };
            let spend = params![digest, grant.id.0, act.at.0];
            if rows::run(tx, text::SPEND_CODE, spend)? == 1 {
                keep_grant(tx, &grant, refresh, act.at)?;
                return Ok(Spending::Spent);
            }
            let before = rows::first(tx, text::GRANT_OF_CODE, [digest], first)?;
            end_after_reuse(tx, &act, grant.client, &name, before)
        })
        .await
    }

    async fn refresh_token(&self, digest: [u8; 32]) -> Result<Option<KnownRefresh>> {
        self.read(move |conn| known_refresh(conn, digest)).await
    }

    async fn rotate_refresh(
        &self,
        act: &Act,
        digest: [u8; 32],
        client: ClientId,
        next: NewRefresh,
        reuse: Reuse,
    ) -> Result<Spending> {
        let act = act.clone();
        self.write(move |tx| {
            let Some(name) = together(tx, client, act.actor.user_id)? else {
                return Ok(Spending::Void);
            };
            let since = reuse.since(act.at).0;
            let spend = params![digest, act.at.0, since];
            if let Some(grant) = rows::first(tx, text::SPEND_REFRESH, spend, first)? {
                let until = params![grant, next.expires_at.0, act.at.0];
                if rows::run(tx, text::PROLONG_GRANT, until)? == 0 {
                    return Ok(Spending::Void);
                }
                keep_refresh(tx, GrantId(grant), next)?;
                return Ok(Spending::Spent);
            }
            let before = params![digest, since];
            let before = rows::first(tx, text::GRANT_OF_REFRESH, before, first)?;
            end_after_reuse(tx, &act, client, &name, before)
        })
        .await
    }

    async fn grants(
        &self,
        scope: &Scope,
        person: UserId,
        now: Timestamp,
    ) -> Result<Vec<GrantView>> {
        let own = scope.organization_id().0;
        self.read(move |conn| {
            rows::all(conn, text::GRANTS, params![own, person.0, now.0], |row| {
                Ok(GrantView {
                    client: read_client(row, 0)?,
                    id: GrantId(row.get(CLIENT_WIDTH)?),
                    scopes: ApiScopes::parse(&row.get::<_, String>(CLIENT_WIDTH + 1)?),
                    created_at: Timestamp(row.get(CLIENT_WIDTH + 2)?),
                    last_used_at: Timestamp(row.get(CLIENT_WIDTH + 3)?),
                })
            })
        })
        .await
    }

    async fn end_grant(&self, scope: &Scope, act: &Act, grant: GrantId) -> Result<()> {
        let (own, act) = (scope.organization_id(), act.clone());
        self.write(move |tx| {
            let ids = [grant.0, act.actor.user_id.0, own.0];
            let client = |row: &Row<'_>| Ok((row.get::<_, Uuid>(0)?, row.get::<_, String>(1)?));
            let found = rows::first(tx, text::OWN_GRANT, ids, client)?;
            let (client, name) = found.ok_or(StorageError::NotFound)?;
            for statement in text::END_GRANT {
                rows::run(tx, statement, [grant.0])?;
            }
            let action = AuditAction::ClientApprovalEnded;
            audit::append(tx, &act.entry(0, action, client, &name))
        })
        .await
    }

    async fn end_all_grants(&self, scope: &Scope, act: &Act) -> Result<usize> {
        let (own, act) = (scope.organization_id(), act.clone());
        self.write(move |tx| {
            let person = act.actor.user_id.0;
            let all = rows::all(tx, text::GRANTS, params![own.0, person, act.at.0], |row| {
                read_client(row, 0)
            })?;
            for statement in text::DROP_ALL_OF_PERSON {
                rows::run(tx, statement, [person])?;
            }
            for (line, client) in (0..).zip(&all) {
                let action = AuditAction::ClientApprovalEnded;
                audit::append(tx, &act.entry(line, action, client.id.0, &client.name))?;
            }
            Ok(all.len())
        })
        .await
    }
}

fn first(row: &Row<'_>) -> rusqlite::Result<Uuid> {
    row.get(0)
}

fn known_code(conn: &Connection, digest: [u8; 32]) -> Result<Option<KnownCode>> {
    let text = format!(
        "SELECT {USER}, {ORGANIZATION}, d.client_id, d.redirect, d.challenge, d.asked, \
         d.expires_at FROM authorization_code d JOIN api_client c ON c.id = d.client_id \
         JOIN person p ON p.id = d.person_id AND p.organization_id = c.organization_id \
         JOIN organization o ON o.id = p.organization_id \
         WHERE d.digest = ?1 AND p.disabled_at IS NULL"
    );
    rows::first(conn, &text, [digest], |row| {
        let code = NewCode {
            digest,
            client: ClientId(row.get(REST)?),
            redirect: row.get(REST + 1)?,
            challenge: row.get(REST + 2)?,
            asked: row.get(REST + 3)?,
            expires_at: Timestamp(row.get(REST + 4)?),
        };
        let member = read_member(row, 0)?;
        Ok(KnownCode { code, member })
    })
}

fn known_refresh(conn: &Connection, digest: [u8; 32]) -> Result<Option<KnownRefresh>> {
    let text = format!(
        "SELECT {USER}, {ORGANIZATION}, g.id, g.client_id, g.scopes \
         FROM refresh_token t JOIN api_grant g ON g.id = t.grant_id \
         JOIN api_client c ON c.id = g.client_id \
         JOIN person p ON p.id = g.person_id AND p.organization_id = c.organization_id \
         JOIN organization o ON o.id = p.organization_id \
         WHERE t.digest = ?1 AND p.disabled_at IS NULL"
    );
    rows::first(conn, &text, [digest], |row| {
        Ok(KnownRefresh {
            member: read_member(row, 0)?,
            grant: GrantId(row.get(REST)?),
            client: ClientId(row.get(REST + 1)?),
            scopes: ApiScopes::parse(&row.get::<_, String>(REST + 2)?),
        })
    })
}

/// The client's name, if client and person may still act together.
pub(super) fn together(
    tx: &Transaction<'_>,
    client: ClientId,
    person: UserId,
) -> Result<Option<String>> {
    rows::first(tx, text::TOGETHER, [client.0, person.0], |row| row.get(0))
}

pub(super) fn keep_grant(
    tx: &Transaction<'_>,
    grant: &NewGrant,
    refresh: Option<NewRefresh>,
    now: Timestamp,
) -> Result<()> {
    rows::run(
        tx,
        text::ADD_GRANT,
        params![
            grant.id.0,
            grant.client.0,
            grant.person.0,
            grant.scopes.to_string(),
            now.0,
            grant.ends_at.0,
        ],
    )?;
    refresh.map_or(Ok(()), |refresh| keep_refresh(tx, grant.id, refresh))
}

fn keep_refresh(tx: &Transaction<'_>, grant: GrantId, refresh: NewRefresh) -> Result<()> {
    let values = params![refresh.digest, grant.0, refresh.expires_at.0];
    rows::run(tx, text::ADD_REFRESH, values)?;
    Ok(())
}

/// Whoever came second may be the thief or the one who was robbed: neither goes on.
fn end_after_reuse(
    tx: &Transaction<'_>,
    act: &Act,
    client: ClientId,
    name: &str,
    grant: Option<Uuid>,
) -> Result<Spending> {
    let Some(grant) = grant else {
        return Ok(Spending::Void);
    };
    let [tokens, itself] = text::END_GRANT;
    rows::run(tx, tokens, [grant])?;
    if rows::run(tx, itself, [grant])? == 1 {
        let entry = act.entry(0, AuditAction::ClientReuseFound, client.0, name);
        audit::append(tx, &entry.refused())?;
    }
    Ok(Spending::Again)
}
