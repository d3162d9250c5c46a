//! Sign-ins of people for programs that have no browser.

use async_trait::async_trait;
use registration::access::Scope;
use registration::audit::{Act, AuditAction};
use registration::clock::Timestamp;
use registration::ids::ClientId;
use tokio_postgres::Row;
use uuid::Uuid;

use super::api_clients::api_client;
use super::grants::{keep_grant, together};
use super::{Postgres, Tx, query, rows, trail};
use crate::Result;
use crate::api_sql::CLIENT_WIDTH;
use crate::device_codes::{DeviceCodeState, DeviceCodes, NewDeviceCode, PolledCode, WaitingCode};
use crate::grants::{NewGrant, NewRefresh};
use crate::grants_sql as text;
use crate::sql::dollars;

const POLLED: &str = "\
    SELECT client_id, state, person_id, asked, expires_at, polled_at \
    FROM device_code WHERE digest = $1 FOR UPDATE";

const OPEN_ACCOUNT: &str = concat!(
    "SELECT ",
    member_columns!(),
    " FROM person p JOIN organization o ON o.id = p.organization_id \
     WHERE p.id = $1 AND p.disabled_at IS NULL"
);

#[async_trait]
impl DeviceCodes for Postgres {
    async fn keep_device_code(&self, code: NewDeviceCode) -> Result<bool> {
        let add = dollars(text::ADD_DEVICE_CODE);
        in_transaction!(self, tx => {
            let values: query::Parameters<'_> = &[
                &code.digest.as_slice(),
                &code.user_code,
                &code.client.0,
                &code.asked,
                &code.expires_at.0,
            ];
            Ok(query::run(tx, &add, values).await? == 1)
        })
    }

    async fn waiting_code(
        &self,
        scope: &Scope,
        user_code: &str,
        now: Timestamp,
    ) -> Result<Option<WaitingCode>> {
        let client = self.client().await?;
        let own = scope.organization_id().0;
        let text = dollars(text::WAITING_CODE);
        let row = query::first(&client, &text, &[&user_code, &now.0, &own]).await?;
        row.as_ref().map(waiting).transpose()
    }

    async fn decide_device_code(
        &self,
        scope: &Scope,
        act: &Act,
        user_code: &str,
        approved: bool,
    ) -> Result<bool> {
        let find = format!("{} FOR UPDATE OF d", dollars(text::WAITING_CODE));
        let decide = dollars(text::DECIDE_DEVICE_CODE);
        let own = scope.organization_id().0;
        let (state, action) = if approved {
            (DeviceCodeState::Approved, AuditAction::ClientApproved)
        } else {
            (DeviceCodeState::Declined, AuditAction::ClientDeclined)
        };
        let (state, who) = (state.as_str(), act.actor.user_id.0);
        in_transaction!(self, tx => {
            let found = query::first(tx, &find, &[&user_code, &act.at.0, &own]).await?;
            let Some(row) = found else {
                return Ok(false);
            };
            let client = waiting(&row)?.client;
            let values: query::Parameters<'_> = &[&user_code, &state, &who, &act.at.0];
            query::first(tx, &decide, values).await?;
            trail::write(tx, &[act.entry(0, action, client.id.0, &client.name)]).await?;
            Ok(true)
        })
    }

    async fn poll_device_code(
        &self,
        digest: [u8; 32],
        client: ClientId,
        now: Timestamp,
    ) -> Result<Option<PolledCode>> {
        let note = dollars(text::NOTE_POLL);
        let digest = digest.as_slice();
        in_transaction!(self, tx => {
            let polled = polled_code(tx, digest).await?;
            query::run(tx, &note, &[&digest, &client.0, &now.0]).await?;
            Ok(polled)
        })
    }

    async fn redeem_device_code(
        &self,
        digest: [u8; 32],
        grant: NewGrant,
        refresh: Option<NewRefresh>,
        now: Timestamp,
    ) -> Result<bool> {
        let spend = dollars(text::SPEND_DEVICE_CODE);
        let digest = digest.as_slice();
        in_transaction!(self, tx => {
            if together(tx, grant.client, grant.person).await?.is_none()
                || query::run(tx, &spend, &[&digest, &now.0]).await? == 0
            {
                return Ok(false);
            }
            keep_grant(tx, &grant, refresh, now).await?;
            Ok(true)
        })
    }
}

fn waiting(row: &Row) -> Result<WaitingCode> {
    Ok(WaitingCode {
        client: api_client(row, 0)?,
        asked: row.try_get(CLIENT_WIDTH)?,
    })
}

async fn polled_code(tx: &Tx<'_>, digest: &[u8]) -> Result<Option<PolledCode>> {
    let Some(row) = query::first(tx, POLLED, &[&digest]).await? else {
        return Ok(None);
    };
    let person: Option<Uuid> = row.try_get(2)?;
    let member = match person {
        Some(person) => query::first(tx, OPEN_ACCOUNT, &[&person]).await?,
        None => None,
    };
    Ok(Some(PolledCode {
        client: ClientId(row.try_get(0)?),
        state: rows::word(&row, 1, "device_code.state", DeviceCodeState::parse)?,
        member: member.map(|row| rows::member(&row, 0)).transpose()?,
        asked: row.try_get(3)?,
        expires_at: Timestamp(row.try_get(4)?),
        polled_at: rows::time(&row, 5)?,
    }))
}
