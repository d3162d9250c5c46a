//! Sign-ins of people through API clients.

use async_trait::async_trait;
use registration::api_client::ApiScopes;
use registration::audit::{Act, AuditAction};
use registration::clock::Timestamp;
use registration::ids::{ClientId, GrantId};
use uuid::Uuid;

use super::api_clients::api_client;
use super::{Postgres, Tx, query, rows, trail};
use crate::api_sql::{self as text, CLIENT_WIDTH};
use crate::grants::{
    DeviceCodeState, Grants, KnownCode, KnownRefresh, NewCode, NewDeviceCode, NewGrant, NewRefresh,
    PolledCode, WaitingCode,
};
use crate::sql::dollars;
use crate::{Result, StorageError};

/// Where the columns after a person and its organization begin.
const REST: usize = 13;

const CODE: &str = concat!(
    "SELECT ",
    member_columns!(),
    ", d.client_id, d.redirect, d.challenge, d.asked, d.expires_at
      FROM authorization_code d JOIN person p ON p.id = d.person_id
      JOIN organization o ON o.id = p.organization_id
      WHERE d.digest = $1 AND p.disabled_at IS NULL"
);

const REFRESH: &str = concat!(
    "SELECT ",
    member_columns!(),
    ", g.id, g.client_id, g.scopes, t.expires_at, t.used_at
      FROM refresh_token t JOIN api_grant g ON g.id = t.grant_id
      JOIN person p ON p.id = g.person_id JOIN organization o ON o.id = p.organization_id
      WHERE t.digest = $1 AND p.disabled_at IS NULL"
);

const POLLED: &str = "\
    SELECT client_id, state, person_id, asked, expires_at, polled_at
    FROM device_code WHERE digest = $1 FOR UPDATE";

const STANDING_ACCOUNT: &str = concat!(
    "SELECT ",
    member_columns!(),
    " FROM person p JOIN organization o ON o.id = p.organization_id
      WHERE p.id = $1 AND p.disabled_at IS NULL"
);

#[async_trait]
impl Grants for Postgres {
    async fn keep_code(&self, act: &Act, client_name: &str, code: NewCode) -> Result<()> {
        let add = dollars(text::ADD_CODE);
        in_transaction!(self, tx => {
            query::run(
                tx,
                &add,
                &[
                    &code.digest.as_slice(),
                    &code.client.0,
                    &code.person.0,
                    &code.redirect,
                    &code.challenge,
                    &code.asked,
                    &code.expires_at.0,
                ],
            )
            .await?;
            let action = AuditAction::ClientApproved;
            trail::write(tx, &[act.entry(0, action, code.client.0, client_name)]).await
        })
    }

    async fn code(&self, digest: [u8; 32]) -> Result<Option<KnownCode>> {
        let client = self.client().await?;
        let row = query::first(&client, CODE, &[&digest.as_slice()]).await?;
        row.map(|row| {
            let member = rows::member(&row, 0)?;
            let code = NewCode {
                digest,
                client: ClientId(row.try_get(REST)?),
                person: member.user.id,
                redirect: row.try_get(REST + 1)?,
                challenge: row.try_get(REST + 2)?,
                asked: row.try_get(REST + 3)?,
                expires_at: Timestamp(row.try_get(REST + 4)?),
            };
            Ok(KnownCode { code, member })
        })
        .transpose()
    }

    async fn redeem_code(
        &self,
        act: &Act,
        digest: [u8; 32],
        grant: NewGrant,
        refresh: Option<NewRefresh>,
    ) -> Result<bool> {
        let (spend, before) = (dollars(text::SPEND_CODE), dollars(text::GRANT_OF_CODE));
        let digest = digest.as_slice();
        in_transaction!(self, tx => {
            if query::run(tx, &spend, &[&digest, &grant.id.0]).await? == 1 {
                keep_grant(tx, &grant, refresh).await?;
                return Ok(true);
            }
            let before = query::first(tx, &before, &[&digest]).await?;
            let before = before.map(|row| row.try_get(0)).transpose()?;
            end_after_reuse(tx, act, grant.client, before).await?;
            Ok(false)
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
                expires_at: Timestamp(row.try_get(REST + 3)?),
                used_at: rows::time(&row, REST + 4)?,
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
    ) -> Result<bool> {
        let (spend, prolong) = (dollars(text::SPEND_REFRESH), dollars(text::PROLONG_GRANT));
        let before = dollars(text::GRANT_OF_REFRESH);
        let digest = digest.as_slice();
        in_transaction!(self, tx => {
            if let Some(row) = query::first(tx, &spend, &[&digest, &act.at.0]).await? {
                let grant: Uuid = row.try_get(0)?;
                query::run(tx, &prolong, &[&grant, &next.expires_at.0]).await?;
                keep_refresh(tx, GrantId(grant), next).await?;
                return Ok(true);
            }
            let before = query::first(tx, &before, &[&digest]).await?;
            let before = before.map(|row| row.try_get(0)).transpose()?;
            end_after_reuse(tx, act, client, before).await?;
            Ok(false)
        })
    }

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

    async fn waiting_code(&self, user_code: &str, now: Timestamp) -> Result<Option<WaitingCode>> {
        let client = self.client().await?;
        let text = dollars(text::WAITING_CODE);
        let row = query::first(&client, &text, &[&user_code, &now.0]).await?;
        row.map(|row| {
            Ok(WaitingCode {
                client: api_client(&row, 0)?,
                asked: row.try_get(CLIENT_WIDTH)?,
            })
        })
        .transpose()
    }

    async fn decide_device_code(&self, act: &Act, user_code: &str, approved: bool) -> Result<bool> {
        let decide = dollars(text::DECIDE_DEVICE_CODE);
        let (state, action) = if approved {
            (DeviceCodeState::Approved, AuditAction::ClientApproved)
        } else {
            (DeviceCodeState::Declined, AuditAction::ClientDeclined)
        };
        let (state, who) = (state.as_str(), act.actor.user_id.0);
        in_transaction!(self, tx => {
            let values: query::Parameters<'_> = &[&user_code, &state, &who, &act.at.0];
            let Some(row) = query::first(tx, &decide, values).await? else {
                return Ok(false);
            };
            let client: Uuid = row.try_get(0)?;
            let name = client_name(tx, client).await?;
            trail::write(tx, &[act.entry(0, action, client, &name)]).await?;
            Ok(true)
        })
    }

    async fn poll_device_code(
        &self,
        digest: [u8; 32],
        now: Timestamp,
    ) -> Result<Option<PolledCode>> {
        let note = dollars(text::NOTE_POLL);
        let digest = digest.as_slice();
        in_transaction!(self, tx => {
            let polled = polled_code(tx, digest).await?;
            query::run(tx, &note, &[&digest, &now.0]).await?;
            Ok(polled)
        })
    }

    async fn redeem_device_code(
        &self,
        digest: [u8; 32],
        grant: NewGrant,
        refresh: Option<NewRefresh>,
    ) -> Result<bool> {
        let spend = dollars(text::SPEND_DEVICE_CODE);
        let digest = digest.as_slice();
        in_transaction!(self, tx => {
            if query::run(tx, &spend, &[&digest]).await? == 0 {
                return Ok(false);
            }
            keep_grant(tx, &grant, refresh).await?;
            Ok(true)
        })
    }
}

async fn polled_code(tx: &Tx<'_>, digest: &[u8]) -> Result<Option<PolledCode>> {
    let Some(row) = query::first(tx, POLLED, &[&digest]).await? else {
        return Ok(None);
    };
    let person: Option<Uuid> = row.try_get(2)?;
    let member = match person {
        Some(person) => query::first(tx, STANDING_ACCOUNT, &[&person]).await?,
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

async fn keep_grant(tx: &Tx<'_>, grant: &NewGrant, refresh: Option<NewRefresh>) -> Result<()> {
    query::run(
        tx,
        &dollars(text::ADD_GRANT),
        &[
            &grant.id.0,
            &grant.client.0,
            &grant.person.0,
            &grant.scopes.to_string(),
            &grant.created_at.0,
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
    grant: Option<Uuid>,
) -> Result<()> {
    let Some(grant) = grant else {
        return Ok(());
    };
    let [tokens, itself] = text::END_GRANT.map(dollars);
    query::run(tx, &tokens, &[&grant]).await?;
    if query::run(tx, &itself, &[&grant]).await? == 0 {
        return Ok(());
    }
    let name = client_name(tx, client.0).await?;
    let entry = act.entry(0, AuditAction::ClientReuseFound, client.0, &name);
    trail::write(tx, &[entry.refused()]).await
}

async fn client_name(tx: &Tx<'_>, client: Uuid) -> Result<String> {
    let row = query::first(tx, &dollars(text::CLIENT_NAME), &[&client]).await?;
    Ok(row.ok_or(StorageError::NotFound)?.try_get(0)?)
}
