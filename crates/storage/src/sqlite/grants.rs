//! Sign-ins of people through API clients.

use async_trait::async_trait;
use registration::api_client::ApiScopes;
use registration::audit::{Act, AuditAction};
use registration::clock::Timestamp;
use registration::ids::{ClientId, GrantId, UserId};
use rusqlite::{Connection, Transaction, params};
use uuid::Uuid;

use super::api_clients::read_client;
use super::people::read_member;
use super::rows::{self, ORGANIZATION, ORGANIZATION_WIDTH, USER, USER_WIDTH, time, word};
use super::{Sqlite, audit, people};
use crate::Result;
use crate::api_sql::{self as text, CLIENT_WIDTH};
use crate::grants::{
    DeviceCodeState, Grants, KnownCode, KnownRefresh, NewCode, NewDeviceCode, NewGrant, NewRefresh,
    PolledCode, WaitingCode,
};

/// Where the columns after a person and its organization begin.
const REST: usize = USER_WIDTH + ORGANIZATION_WIDTH;

#[async_trait]
impl Grants for Sqlite {
    async fn keep_code(&self, act: &Act, client_name: &str, code: NewCode) -> Result<()> {
        let entry = act.entry(0, AuditAction::ClientApproved, code.client.0, client_name);
        self.write(move |tx| {
            rows::run(
                tx,
                text::ADD_CODE,
                params![
                    code.digest,
                    code.client.0,
                    code.person.0,
                    code.redirect,
                    code.challenge,
                    code.asked,
                    code.expires_at.0,
                ],
            )?;
            audit::append(tx, &entry)
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
    ) -> Result<bool> {
        let act = act.clone();
        self.write(move |tx| {
            if rows::run(tx, text::SPEND_CODE, params![digest, grant.id.0])? == 1 {
                keep_grant(tx, &grant, refresh)?;
                return Ok(true);
            }
            let before = rows::first(tx, text::GRANT_OF_CODE, [digest], |row| {
                row.get::<_, Uuid>(0)
            })?;
            end_after_reuse(tx, &act, grant.client, before)?;
            Ok(false)
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
    ) -> Result<bool> {
        let act = act.clone();
        let first = |row: &rusqlite::Row<'_>| row.get::<_, Uuid>(0);
        self.write(move |tx| {
            let spent = params![digest, act.at.0];
            if let Some(grant) = rows::first(tx, text::SPEND_REFRESH, spent, first)? {
                rows::run(tx, text::PROLONG_GRANT, params![grant, next.expires_at.0])?;
                keep_refresh(tx, GrantId(grant), next)?;
                return Ok(true);
            }
            let before = rows::first(tx, text::GRANT_OF_REFRESH, [digest], first)?;
            end_after_reuse(tx, &act, client, before)?;
            Ok(false)
        })
        .await
    }

    async fn keep_device_code(&self, code: NewDeviceCode) -> Result<bool> {
        self.write(move |tx| {
            let values = params![
                code.digest,
                code.user_code,
                code.client.0,
                code.asked,
                code.expires_at.0,
            ];
            Ok(rows::run(tx, text::ADD_DEVICE_CODE, values)? == 1)
        })
        .await
    }

    async fn waiting_code(&self, user_code: &str, now: Timestamp) -> Result<Option<WaitingCode>> {
        let code = user_code.to_owned();
        self.read(move |conn| {
            rows::first(conn, text::WAITING_CODE, params![code, now.0], |row| {
                Ok(WaitingCode {
                    client: read_client(row, 0)?,
                    asked: row.get(CLIENT_WIDTH)?,
                })
            })
        })
        .await
    }

    async fn decide_device_code(&self, act: &Act, user_code: &str, approved: bool) -> Result<bool> {
        let (act, code) = (act.clone(), user_code.to_owned());
        let (state, action) = if approved {
            (DeviceCodeState::Approved, AuditAction::ClientApproved)
        } else {
            (DeviceCodeState::Declined, AuditAction::ClientDeclined)
        };
        self.write(move |tx| {
            let values = params![code, state.as_str(), act.actor.user_id.0, act.at.0];
            let decided = rows::first(tx, text::DECIDE_DEVICE_CODE, values, |row| {
                row.get::<_, Uuid>(0)
            })?;
            let Some(client) = decided else {
                return Ok(false);
            };
            let name: String = rows::value(tx, text::CLIENT_NAME, [client])?;
            audit::append(tx, &act.entry(0, action, client, &name))?;
            Ok(true)
        })
        .await
    }

    async fn poll_device_code(
        &self,
        digest: [u8; 32],
        now: Timestamp,
    ) -> Result<Option<PolledCode>> {
        self.write(move |tx| {
            let polled = polled_code(tx, digest)?;
            rows::run(tx, text::NOTE_POLL, params![digest, now.0])?;
            Ok(polled)
        })
        .await
    }

    async fn redeem_device_code(
        &self,
        digest: [u8; 32],
        grant: NewGrant,
        refresh: Option<NewRefresh>,
    ) -> Result<bool> {
        self.write(move |tx| {
            if rows::run(tx, text::SPEND_DEVICE_CODE, [digest])? == 0 {
                return Ok(false);
            }
            keep_grant(tx, &grant, refresh)?;
            Ok(true)
        })
        .await
    }
}

fn known_code(conn: &Connection, digest: [u8; 32]) -> Result<Option<KnownCode>> {
    let text = format!(
        "SELECT {USER}, {ORGANIZATION}, d.client_id, d.redirect, d.challenge, d.asked, \
         d.expires_at FROM authorization_code d JOIN person p ON p.id = d.person_id \
         JOIN organization o ON o.id = p.organization_id \
         WHERE d.digest = ?1 AND p.disabled_at IS NULL"
    );
    rows::first(conn, &text, [digest], |row| {
        let member = read_member(row, 0)?;
        let code = NewCode {
            digest,
            client: ClientId(row.get(REST)?),
            person: member.user.id,
            redirect: row.get(REST + 1)?,
            challenge: row.get(REST + 2)?,
            asked: row.get(REST + 3)?,
            expires_at: Timestamp(row.get(REST + 4)?),
        };
        Ok(KnownCode { code, member })
    })
}

fn known_refresh(conn: &Connection, digest: [u8; 32]) -> Result<Option<KnownRefresh>> {
    let text = format!(
        "SELECT {USER}, {ORGANIZATION}, g.id, g.client_id, g.scopes, t.expires_at, t.used_at \
         FROM refresh_token t JOIN api_grant g ON g.id = t.grant_id \
         JOIN person p ON p.id = g.person_id JOIN organization o ON o.id = p.organization_id \
         WHERE t.digest = ?1 AND p.disabled_at IS NULL"
    );
    rows::first(conn, &text, [digest], |row| {
        Ok(KnownRefresh {
            member: read_member(row, 0)?,
            grant: GrantId(row.get(REST)?),
            client: ClientId(row.get(REST + 1)?),
            scopes: ApiScopes::parse(&row.get::<_, String>(REST + 2)?),
            expires_at: Timestamp(row.get(REST + 3)?),
            used_at: time(row, REST + 4)?,
        })
    })
}

fn polled_code(conn: &Connection, digest: [u8; 32]) -> Result<Option<PolledCode>> {
    let text = "SELECT client_id, state, person_id, asked, expires_at, polled_at \
                FROM device_code WHERE digest = ?1";
    let read = |row: &rusqlite::Row<'_>| {
        let person = row.get::<_, Option<Uuid>>(2)?;
        let polled = PolledCode {
            client: ClientId(row.get(0)?),
            state: word(row, 1, DeviceCodeState::parse)?,
            member: None,
            asked: row.get(3)?,
            expires_at: Timestamp(row.get(4)?),
            polled_at: time(row, 5)?,
        };
        Ok((polled, person))
    };
    let Some((mut polled, person)) = rows::first(conn, text, [digest], read)? else {
        return Ok(None);
    };
    if let Some(person) = person {
        let rest = "WHERE p.id = ?1 AND p.disabled_at IS NULL";
        polled.member = people::member(conn, rest, [person])?;
    }
    Ok(Some(polled))
}

fn keep_grant(tx: &Transaction<'_>, grant: &NewGrant, refresh: Option<NewRefresh>) -> Result<()> {
    let UserId(person) = grant.person;
    rows::run(
        tx,
        text::ADD_GRANT,
        params![
            grant.id.0,
            grant.client.0,
            person,
            grant.scopes.to_string(),
            grant.created_at.0,
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
    grant: Option<Uuid>,
) -> Result<()> {
    let Some(grant) = grant else {
        return Ok(());
    };
    let [tokens, itself] = text::END_GRANT;
    rows::run(tx, tokens, [grant])?;
    if rows::run(tx, itself, [grant])? == 0 {
        return Ok(());
    }
    let name: String = rows::value(tx, text::CLIENT_NAME, [client.0])?;
    let entry = act.entry(0, AuditAction::ClientReuseFound, client.0, &name);
    audit::append(tx, &entry.refused())
}
