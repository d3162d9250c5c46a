//! People, their one-time links and their sessions.

use async_trait::async_trait;
use registration::access::Scope;
use registration::audit::{Act, AuditAction};
use registration::clock::Timestamp;
use registration::ids::UserId;
use registration::organization::OrganizationKind;
use registration::user::User;
use rusqlite::{Connection, Row, Transaction, params};
use uuid::Uuid;

use super::organizations::{keep_link, keep_person};
use super::rows::{self, ORGANIZATION, ORGANIZATION_WIDTH, USER, USER_WIDTH};
use super::{Sqlite, audit};
use crate::organizations::{NewLink, NewUser};
use crate::people::{Credential, Member, People};
use crate::{Refused, Result, StorageError};

#[async_trait]
impl People for Sqlite {
    async fn credential(&self, email: &str) -> Result<Option<Credential>> {
        let email = email.to_owned();
        self.read(move |conn| credential(conn, &email)).await
    }

    async fn session(&self, digest: [u8; 32], now: Timestamp) -> Result<Option<Member>> {
        let rest = "JOIN session s ON s.person_id = p.id \
                    WHERE s.digest = ?1 AND s.expires_at > ?2 AND p.disabled_at IS NULL";
        self.read(move |conn| member(conn, rest, params![digest, now.0]))
            .await
    }

    async fn open_session(&self, act: &Act, digest: [u8; 32], expires_at: Timestamp) -> Result<()> {
        let act = act.clone();
        self.write(move |tx| open_session(tx, &act, digest, expires_at))
            .await
    }

    async fn close_session(&self, act: &Act, digest: [u8; 32]) -> Result<()> {
        let act = act.clone();
        self.write(move |tx| {
            let closed = rows::run(tx, "DELETE FROM session WHERE digest = ?1", params![digest])?;
            if closed == 0 {
                return Ok(());
            }
            let person = act.actor.user_id.0;
            rows::run(tx, crate::grants_sql::END_WHILE_AWAY, [person])?;
            note(tx, &act, AuditAction::SignedOut)
        })
        .await
    }

    async fn link_owner(&self, digest: [u8; 32], now: Timestamp) -> Result<Option<Member>> {
        let rest = "JOIN one_time_link l ON l.person_id = p.id \
                    WHERE l.digest = ?1 AND l.expires_at > ?2 AND p.disabled_at IS NULL";
        self.read(move |conn| member(conn, rest, params![digest, now.0]))
            .await
    }

    async fn set_password(
        &self,
        act: &Act,
        link_digest: [u8; 32],
        password_hash: String,
    ) -> Result<()> {
        let act = act.clone();
        self.write(move |tx| set_password(tx, &act, link_digest, &password_hash))
            .await
    }

    async fn people(&self, scope: &Scope) -> Result<Vec<User>> {
        let own = scope.organization_id();
        let text = format!(
            "SELECT {USER} FROM person p WHERE p.organization_id = ?1 AND p.is_client = 0 \
             ORDER BY p.id"
        );
        self.read(move |conn| rows::all(conn, &text, [own.0], |row| rows::user(row, 0)))
            .await
    }

    async fn add_person(
        &self,
        scope: &Scope,
        act: &Act,
        person: NewUser,
        link: NewLink,
    ) -> Result<()> {
        let (scope, act) = (*scope, act.clone());
        self.write(move |tx| {
            keep_person(tx, &person, scope.organization_id(), act.at, None)?;
            keep_link(tx, Some(person.id), link)?;
            let entry = act.entry(0, AuditAction::UserAdded, person.id.0, &person.email);
            audit::append(tx, &entry.concerning(scope.organization_id()))
        })
        .await
    }

    async fn make_link(
        &self,
        scope: &Scope,
        act: &Act,
        person: UserId,
        link: NewLink,
    ) -> Result<()> {
        let (scope, act) = (*scope, act.clone());
        self.write(move |tx| {
            let user = by_id(tx, person)?.filter(|user| {
                scope.kind() == OrganizationKind::Operator
                    || user.organization_id == scope.organization_id()
            });
            make_link(tx, &act, &user.ok_or(StorageError::NotFound)?, link)
        })
        .await
    }

    async fn make_link_at_console(&self, act: &Act, person: UserId, link: NewLink) -> Result<()> {
        let act = act.clone();
        self.write(move |tx| {
            let user = by_id(tx, person)?.ok_or(StorageError::NotFound)?;
            make_link(tx, &act, &user, link)
        })
        .await
    }

    async fn set_disabled(
        &self,
        scope: &Scope,
        act: &Act,
        person: UserId,
        disabled: bool,
    ) -> Result<()> {
        let (scope, act) = (*scope, act.clone());
        self.write(move |tx| set_disabled(tx, &scope, &act, person, disabled))
            .await
    }
}

/// A person with its organization; `rest` goes on after `FROM person p JOIN organization o`.
pub(super) fn member(
    conn: &Connection,
    rest: &str,
    params: impl rusqlite::Params,
) -> Result<Option<Member>> {
    let text = format!(
        "SELECT {USER}, {ORGANIZATION} FROM person p \
         JOIN organization o ON o.id = p.organization_id {rest}"
    );
    rows::first(conn, &text, params, |row| read_member(row, 0))
}

/// Reads the columns of a person, then those of its organization.
pub(super) fn read_member(row: &Row<'_>, at: usize) -> rusqlite::Result<Member> {
    Ok(Member {
        user: rows::user(row, at)?,
        organization: rows::organization(row, at + USER_WIDTH)?,
    })
}

fn credential(conn: &Connection, email: &str) -> Result<Option<Credential>> {
    let text = format!(
        "SELECT {USER}, {ORGANIZATION}, p.password_hash FROM person p \
         JOIN organization o ON o.id = p.organization_id \
         WHERE p.email = ?1 AND p.is_client = 0"
    );
    rows::first(conn, &text, [email], |row| {
        Ok(Credential {
            member: read_member(row, 0)?,
            password_hash: row.get(USER_WIDTH + ORGANIZATION_WIDTH)?,
        })
    })
}

fn open_session(
    tx: &Transaction<'_>,
    act: &Act,
    digest: [u8; 32],
    expires_at: Timestamp,
) -> Result<()> {
    let opened = rows::run(
        tx,
        "INSERT INTO session (digest, person_id, created_at, expires_at) \
         SELECT ?1, id, ?3, ?4 FROM person WHERE id = ?2 AND disabled_at IS NULL",
        params![digest, act.actor.user_id.0, act.at.0, expires_at.0],
    )?;
    if opened == 0 {
        return Err(StorageError::NotFound);
    }
    note(tx, act, AuditAction::SignedIn)
}

/// A line about the actor itself.
fn note(tx: &Transaction<'_>, act: &Act, action: AuditAction) -> Result<()> {
    audit::append(
        tx,
        &act.entry(0, action, act.actor.user_id.0, &act.actor.email),
    )
}

fn by_id(conn: &Connection, id: UserId) -> Result<Option<User>> {
    let text = format!("SELECT {USER} FROM person p WHERE p.id = ?1 AND p.is_client = 0");
    rows::first(conn, &text, [id.0], |row| rows::user(row, 0))
}

fn set_password(
    tx: &Transaction<'_>,
    act: &Act,
    link_digest: [u8; 32],
    password_hash: &str,
) -> Result<()> {
    let owner = rows::first(
        tx,
        "DELETE FROM one_time_link WHERE digest = ?1 AND person_id IS NOT NULL \
         AND expires_at > ?2 RETURNING person_id",
        params![link_digest, act.at.0],
        |row| row.get::<_, Uuid>(0),
    )?;
    let owner = UserId(owner.ok_or(Refused::LinkSpent)?);
    let user = by_id(tx, owner)?.ok_or(Refused::LinkSpent)?;
    let set = "UPDATE person SET password_hash = ?2 WHERE id = ?1";
    rows::run(tx, set, params![owner.0, password_hash])?;
    shut_out(tx, owner)?;
    let entry = act.entry(0, AuditAction::UserPasswordSet, owner.0, &user.email);
    audit::append(tx, &entry.concerning(user.organization_id))
}

/// Closes all sessions of a person, ends its sign-ins through API clients and spends its links.
fn shut_out(tx: &Transaction<'_>, person: UserId) -> Result<()> {
    rows::run(tx, "DELETE FROM session WHERE person_id = ?1", [person.0])?;
    rows::run(
        tx,
        "DELETE FROM one_time_link WHERE person_id = ?1",
        [person.0],
    )?;
    for statement in crate::grants_sql::DROP_ALL_OF_PERSON {
        rows::run(tx, statement, [person.0])?;
    }
    Ok(())
}

fn make_link(tx: &Transaction<'_>, act: &Act, user: &User, link: NewLink) -> Result<()> {
    rows::run(
        tx,
        "DELETE FROM one_time_link WHERE person_id = ?1",
        [user.id.0],
    )?;
    keep_link(tx, Some(user.id), link)?;
    let entry = act.entry(0, AuditAction::UserLinkMade, user.id.0, &user.email);
    audit::append(tx, &entry.concerning(user.organization_id))
}

fn set_disabled(
    tx: &Transaction<'_>,
    scope: &Scope,
    act: &Act,
    person: UserId,
    disabled: bool,
) -> Result<()> {
    let own = scope.organization_id();
    let user = by_id(tx, person)?.filter(|user| user.organization_id == own);
    let user = user.ok_or(StorageError::NotFound)?;
    if disabled && person == act.actor.user_id {
        return Err(Refused::OwnAccount.into());
    }
    if user.disabled_at.is_some() == disabled {
        return Ok(());
    }
    rows::run(
        tx,
        "UPDATE person SET disabled_at = ?2 WHERE id = ?1",
        params![person.0, disabled.then_some(act.at.0)],
    )?;
    if disabled {
        shut_out(tx, person)?;
    }
    let action = if disabled {
        AuditAction::UserDisabled
    } else {
        AuditAction::UserEnabled
    };
    audit::append(
        tx,
        &act.entry(0, action, person.0, &user.email).concerning(own),
    )
}
