//! Sign-ins of people for programs that have no browser.

use async_trait::async_trait;
use registration::access::Scope;
use registration::audit::{Act, AuditAction};
use registration::clock::Timestamp;
use registration::ids::ClientId;
use rusqlite::{Connection, Row, Transaction, params};
use uuid::Uuid;

use super::api_clients::read_client;
use super::grants::{keep_grant, together};
use super::rows::{self, time, word};
use super::{Sqlite, audit, people};
use crate::Result;
use crate::api_sql::CLIENT_WIDTH;
use crate::device_codes::{DeviceCodeState, DeviceCodes, NewDeviceCode, PolledCode, WaitingCode};
use crate::grants::{NewGrant, NewRefresh};
use crate::grants_sql as text;

#[async_trait]
impl DeviceCodes for Sqlite {
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

    async fn waiting_code(
        &self,
        scope: &Scope,
        user_code: &str,
        now: Timestamp,
    ) -> Result<Option<WaitingCode>> {
        let (own, code) = (scope.organization_id().0, user_code.to_owned());
        self.read(move |conn| waiting_code(conn, &code, now, own))
            .await
    }

    async fn decide_device_code(
        &self,
        scope: &Scope,
        act: &Act,
        user_code: &str,
        approved: bool,
    ) -> Result<bool> {
        let (own, act) = (scope.organization_id().0, act.clone());
        let code = user_code.to_owned();
        self.write(move |tx| {
            let Some(waiting) = waiting_code(tx, &code, act.at, own)? else {
                return Ok(false);
            };
            decide(tx, &act, &code, &waiting, approved)?;
            Ok(true)
        })
        .await
    }

    async fn poll_device_code(
        &self,
        digest: [u8; 32],
        client: ClientId,
        now: Timestamp,
    ) -> Result<Option<PolledCode>> {
        self.write(move |tx| {
            let polled = polled_code(tx, digest)?;
            rows::run(tx, text::NOTE_POLL, params![digest, client.0, now.0])?;
            Ok(polled)
        })
        .await
    }

    async fn redeem_device_code(
        &self,
        digest: [u8; 32],
        grant: NewGrant,
        refresh: Option<NewRefresh>,
        now: Timestamp,
    ) -> Result<bool> {
        self.write(move |tx| {
            let spend = params![digest, now.0];
            if together(tx, grant.client, grant.person)?.is_none()
                || rows::run(tx, text::SPEND_DEVICE_CODE, spend)? == 0
            {
                return Ok(false);
            }
            keep_grant(tx, &grant, refresh, now)?;
            Ok(true)
        })
        .await
    }
}

fn waiting_code(
    conn: &Connection,
    code: &str,
    now: Timestamp,
    own: Uuid,
) -> Result<Option<WaitingCode>> {
    rows::first(conn, text::WAITING_CODE, params![code, now.0, own], |row| {
        Ok(WaitingCode {
            client: read_client(row, 0)?,
            asked: row.get(CLIENT_WIDTH)?,
        })
    })
}

fn decide(
    tx: &Transaction<'_>,
    act: &Act,
    code: &str,
    waiting: &WaitingCode,
    approved: bool,
) -> Result<()> {
    let (state, action) = if approved {
        (DeviceCodeState::Approved, AuditAction::ClientApproved)
    } else {
        (DeviceCodeState::Declined, AuditAction::ClientDeclined)
    };
    let values = params![code, state.as_str(), act.actor.user_id.0, act.at.0];
    let client = |row: &Row<'_>| row.get::<_, Uuid>(0);
    rows::first(tx, text::DECIDE_DEVICE_CODE, values, client)?;
    let client = &waiting.client;
    audit::append(tx, &act.entry(0, action, client.id.0, &client.name))
}

fn polled_code(conn: &Connection, digest: [u8; 32]) -> Result<Option<PolledCode>> {
    let text = "SELECT client_id, state, person_id, asked, expires_at, polled_at \
                FROM device_code WHERE digest = ?1";
    let read = |row: &Row<'_>| {
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
