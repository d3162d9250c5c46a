//! Deployment profiles, what each group tag names, and the settings of the service.

use async_trait::async_trait;
use registration::access::Scope;
use registration::audit::{Act, AuditAction};
use registration::ids::ProfileId;
use registration::profile::DeploymentProfile;
use rusqlite::{Transaction, params};
use uuid::Uuid;

use super::{Sqlite, audit, operator, rows};
use crate::profiles::Profiles;
use crate::{Result, StorageError, sql};

#[async_trait]
impl Profiles for Sqlite {
    async fn profiles(&self) -> Result<Vec<DeploymentProfile>> {
        let text = "SELECT id, name, settings, updated_at FROM deployment_profile ORDER BY name";
        self.read(move |conn| rows::all(conn, text, [], rows::profile))
            .await
    }

    async fn change_profile(
        &self,
        scope: &Scope,
        act: &Act,
        profile: DeploymentProfile,
    ) -> Result<()> {
        let (scope, act) = (*scope, act.clone());
        self.write(move |tx| {
            operator(&scope)?;
            change_profile(tx, &act, &profile)
        })
        .await
    }

    async fn tag_assignments(&self) -> Result<Vec<(String, ProfileId)>> {
        let text = "SELECT tag, deployment_profile_id FROM group_tag ORDER BY tag";
        self.read(move |conn| {
            rows::all(conn, text, [], |row| {
                Ok((row.get(0)?, ProfileId(row.get(1)?)))
            })
        })
        .await
    }

    async fn assign_tag(
        &self,
        scope: &Scope,
        act: &Act,
        tag: &str,
        profile: ProfileId,
    ) -> Result<()> {
        let (scope, act, tag) = (*scope, act.clone(), tag.to_owned());
        self.write(move |tx| {
            operator(&scope)?;
            assign_tag(tx, &act, &tag, profile)
        })
        .await
    }

    async fn settings(&self) -> Result<Vec<(String, String)>> {
        let text = "SELECT name, value FROM setting ORDER BY name";
        self.read(move |conn| rows::all(conn, text, [], |row| Ok((row.get(0)?, row.get(1)?))))
            .await
    }

    async fn change_setting(
        &self,
        scope: &Scope,
        act: &Act,
        name: &str,
        value: &str,
    ) -> Result<()> {
        let (scope, act) = (*scope, act.clone());
        let (name, value) = (name.to_owned(), value.to_owned());
        self.write(move |tx| {
            operator(&scope)?;
            rows::run(
                tx,
                "INSERT INTO setting (name, value) VALUES (?1, ?2) \
                 ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                [&name, &value],
            )?;
            let entry = act.entry(0, AuditAction::SettingChanged, Uuid::nil(), &name);
            audit::append(tx, &entry.saying(value))
        })
        .await
    }
}

fn change_profile(tx: &Transaction<'_>, act: &Act, profile: &DeploymentProfile) -> Result<()> {
    let changed = rows::run(
        tx,
        "UPDATE deployment_profile SET name = ?2, settings = ?3, updated_at = ?4 WHERE id = ?1",
        params![
            profile.id.0,
            profile.name,
            sql::to_text(&profile.settings)?,
            act.at.0
        ],
    )?;
    if changed == 0 {
        return Err(StorageError::NotFound);
    }
    let entry = act.entry(0, AuditAction::ProfileChanged, profile.id.0, &profile.name);
    audit::append(tx, &entry)
}

fn assign_tag(tx: &Transaction<'_>, act: &Act, tag: &str, profile: ProfileId) -> Result<()> {
    let name = rows::first(
        tx,
        "SELECT name FROM deployment_profile WHERE id = ?1",
        [profile.0],
        |row| row.get::<_, String>(0),
    )?;
    let name = name.ok_or(StorageError::NotFound)?;
    let changed = rows::run(
        tx,
        "UPDATE group_tag SET deployment_profile_id = ?2, assigned_at = ?3 WHERE tag = ?1",
        params![tag, profile.0, act.at.0],
    )?;
    if changed == 0 {
        return Err(StorageError::NotFound);
    }
    let entry = act.entry(0, AuditAction::TagAssigned, profile.0, tag);
    audit::append(tx, &entry.saying(name))
}
