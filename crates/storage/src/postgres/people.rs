//! People, their one-time links and their sessions.

use async_trait::async_trait;
use registration::access::Scope;
use registration::audit::{Act, AuditAction};
use registration::clock::Timestamp;
use registration::ids::{OrganizationId, UserId};
use registration::organization::OrganizationKind;
use registration::user::User;

use super::{Postgres, Tx, query, rows, trail};
use crate::organizations::{NewLink, NewUser};
use crate::people::{Credential, Member, People};
use crate::{Refused, Result, StorageError};

const BY_EMAIL: &str = concat!(
    "SELECT ",
    member_columns!(),
    " FROM person p JOIN organization o ON o.id = p.organization_id WHERE p.email = $1
      AND NOT p.is_client"
);

const BY_SESSION: &str = concat!(
    "SELECT ",
    member_columns!(),
    " FROM session s JOIN person p ON p.id = s.person_id
      JOIN organization o ON o.id = p.organization_id
      WHERE s.digest = $1 AND s.expires_at > $2 AND p.disabled_at IS NULL"
);

const BY_LINK: &str = concat!(
    "SELECT ",
    member_columns!(),
    " FROM one_time_link l JOIN person p ON p.id = l.person_id
      JOIN organization o ON o.id = p.organization_id
      WHERE l.digest = $1 AND l.expires_at > $2 AND p.disabled_at IS NULL"
);

const OF_ORGANIZATION: &str = concat!(
    "SELECT ",
    user_columns!("p"),
    " FROM person p WHERE p.organization_id = $1 AND NOT p.is_client ORDER BY p.id"
);

const LOCK: &str = concat!(
    "SELECT ",
    user_columns!("p"),
    " FROM person p WHERE p.id = $1 AND NOT p.is_client
      AND ($2::uuid IS NULL OR p.organization_id = $2) FOR UPDATE"
);

/// Adds an account.
pub(super) async fn insert(
    tx: &Tx<'_>,
    organization: OrganizationId,
    person: &NewUser,
    password_hash: Option<&str>,
    at: Timestamp,
) -> Result<()> {
    let text = "INSERT INTO person \
                (id, organization_id, email, name, role, password_hash, created_at) \
                VALUES ($1, $2, $3, $4, $5, $6, $7)";
    query::run(
        tx,
        text,
        &[
            &person.id.0,
            &organization.0,
            &person.email,
            &person.name,
            &person.role.as_str(),
            &password_hash,
            &at.0,
        ],
    )
    .await?;
    Ok(())
}

/// Keeps a one-time link; one without a person is for the set-up.
pub(super) async fn insert_link(tx: &Tx<'_>, person: Option<UserId>, link: &NewLink) -> Result<()> {
    let text = "INSERT INTO one_time_link (digest, person_id, expires_at) VALUES ($1, $2, $3)";
    let person = person.map(|id| id.0);
    query::run(
        tx,
        text,
        &[&link.digest.as_slice(), &person, &link.expires_at.0],
    )
    .await?;
    Ok(())
}

async fn drop_links(tx: &Tx<'_>, person: UserId) -> Result<()> {
    let text = "DELETE FROM one_time_link WHERE person_id = $1";
    query::run(tx, text, &[&person.0]).await?;
    Ok(())
}

/// Closes all sessions of a person, ends its sign-ins through API clients and spends its links.
async fn shut_out(tx: &Tx<'_>, person: UserId) -> Result<()> {
    let text = "DELETE FROM session WHERE person_id = $1";
    query::run(tx, text, &[&person.0]).await?;
    for statement in crate::grants_sql::DROP_ALL_OF_PERSON {
        query::run(tx, &crate::sql::dollars(statement), &[&person.0]).await?;
    }
    drop_links(tx, person).await
}

/// Locks a person of `within` (of any organization without it).
pub(super) async fn lock(tx: &Tx<'_>, id: UserId, within: Option<OrganizationId>) -> Result<User> {
    let within = within.map(|id| id.0);
    let row = query::first(tx, LOCK, &[&id.0, &within]).await?;
    rows::user(&row.ok_or(StorageError::NotFound)?, 0)
}

impl Postgres {
    async fn replace_link(
        &self,
        act: &Act,
        person: UserId,
        within: Option<OrganizationId>,
        link: NewLink,
    ) -> Result<()> {
        in_transaction!(self, tx => {
            let user = lock(tx, person, within).await?;
            drop_links(tx, person).await?;
            insert_link(tx, Some(person), &link).await?;
            let entry = act.entry(0, AuditAction::UserLinkMade, person.0, &user.email);
            trail::write(tx, &[entry.concerning(user.organization_id)]).await
        })
    }

    async fn member(&self, text: &str, digest: [u8; 32], now: Timestamp) -> Result<Option<Member>> {
        let client = self.client().await?;
        let row = query::first(&client, text, &[&digest.as_slice(), &now.0]).await?;
        row.map(|row| rows::member(&row, 0)).transpose()
    }
}

#[async_trait]
impl People for Postgres {
    async fn credential(&self, email: &str) -> Result<Option<Credential>> {
        let client = self.client().await?;
        let Some(row) = query::first(&client, BY_EMAIL, &[&email]).await? else {
            return Ok(None);
        };
        let member = rows::member(&row, 0)?;
        let password_hash = row.try_get("password_hash")?;
        Ok(Some(Credential {
            member,
            password_hash,
        }))
    }

    async fn session(&self, digest: [u8; 32], now: Timestamp) -> Result<Option<Member>> {
        self.member(BY_SESSION, digest, now).await
    }

    async fn open_session(&self, act: &Act, digest: [u8; 32], expires_at: Timestamp) -> Result<()> {
        let text = "INSERT INTO session (digest, person_id, created_at, expires_at) \
                    SELECT $1::bytea, id, $3::bigint, $4::bigint FROM person \
                    WHERE id = $2 AND disabled_at IS NULL";
        let who = act.actor.user_id.0;
        let key = digest.as_slice();
        in_transaction!(self, tx => {
            if query::run(tx, text, &[&key, &who, &act.at.0, &expires_at.0]).await? == 0 {
                return Err(StorageError::NotFound);
            }
            let entry = act.entry(0, AuditAction::SignedIn, who, &act.actor.email);
            trail::write(tx, &[entry]).await
        })
    }

    async fn close_session(&self, act: &Act, digest: [u8; 32]) -> Result<()> {
        let text = "DELETE FROM session WHERE digest = $1";
        let end = crate::sql::dollars(crate::grants_sql::END_WHILE_AWAY);
        let key = digest.as_slice();
        in_transaction!(self, tx => {
            if query::run(tx, text, &[&key]).await? == 0 {
                return Ok(());
            }
            let who = act.actor.user_id.0;
            query::run(tx, &end, &[&who]).await?;
            let entry = act.entry(0, AuditAction::SignedOut, who, &act.actor.email);
            trail::write(tx, &[entry]).await
        })
    }

    async fn link_owner(&self, digest: [u8; 32], now: Timestamp) -> Result<Option<Member>> {
        self.member(BY_LINK, digest, now).await
    }

    async fn set_password(
        &self,
        act: &Act,
        link_digest: [u8; 32],
        password_hash: String,
    ) -> Result<()> {
        let spend = "DELETE FROM one_time_link l USING person p \
                     WHERE l.digest = $1 AND l.expires_at > $2 AND p.id = l.person_id \
                     AND p.disabled_at IS NULL RETURNING p.id, p.email, p.organization_id";
        let change = "UPDATE person SET password_hash = $2 WHERE id = $1";
        let key = link_digest.as_slice();
        in_transaction!(self, tx => {
            let owner = query::first(tx, spend, &[&key, &act.at.0]).await?;
            let Some(row) = owner else {
                return Err(Refused::LinkSpent.into());
            };
            let person = UserId(row.try_get(0)?);
            query::run(tx, change, &[&person.0, &password_hash]).await?;
            shut_out(tx, person).await?;
            let entry = act.entry(0, AuditAction::UserPasswordSet, person.0, row.try_get(1)?);
            let own = OrganizationId(row.try_get(2)?);
            trail::write(tx, &[entry.concerning(own)]).await
        })
    }

    async fn people(&self, scope: &Scope) -> Result<Vec<User>> {
        let client = self.client().await?;
        let own = scope.organization_id().0;
        let found = query::all(&client, OF_ORGANIZATION, &[&own]).await?;
        found.iter().map(|row| rows::user(row, 0)).collect()
    }

    async fn add_person(
        &self,
        scope: &Scope,
        act: &Act,
        person: NewUser,
        link: NewLink,
    ) -> Result<()> {
        in_transaction!(self, tx => {
            insert(tx, scope.organization_id(), &person, None, act.at).await?;
            insert_link(tx, Some(person.id), &link).await?;
            let entry = act.entry(0, AuditAction::UserAdded, person.id.0, &person.email);
            trail::write(tx, &[entry.concerning(scope.organization_id())]).await
        })
    }

    async fn make_link(
        &self,
        scope: &Scope,
        act: &Act,
        person: UserId,
        link: NewLink,
    ) -> Result<()> {
        let everywhere = scope.kind() == OrganizationKind::Operator;
        let within = (!everywhere).then(|| scope.organization_id());
        self.replace_link(act, person, within, link).await
    }

    async fn make_link_at_console(&self, act: &Act, person: UserId, link: NewLink) -> Result<()> {
        self.replace_link(act, person, None, link).await
    }

    async fn set_disabled(
        &self,
        scope: &Scope,
        act: &Act,
        person: UserId,
        disabled: bool,
    ) -> Result<()> {
        let text = "UPDATE person SET disabled_at = $2 WHERE id = $1";
        let action = if disabled {
            AuditAction::UserDisabled
        } else {
            AuditAction::UserEnabled
        };
        in_transaction!(self, tx => {
            let user = lock(tx, person, Some(scope.organization_id())).await?;
            if disabled && person == act.actor.user_id {
                return Err(Refused::OwnAccount.into());
            }
            if user.disabled_at.is_some() == disabled {
                return Ok(());
            }
            query::run(tx, text, &[&person.0, &disabled.then_some(act.at.0)]).await?;
            if disabled {
                shut_out(tx, person).await?;
            }
            let entry = act.entry(0, action, person.0, &user.email);
            trail::write(tx, &[entry.concerning(user.organization_id)]).await
        })
    }
}
