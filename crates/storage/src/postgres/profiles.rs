//! Deployment profiles, what each group tag names, and the settings of the service.

use async_trait::async_trait;
use registration::access::Scope;
use registration::audit::{Act, AuditAction};
use registration::clock::Timestamp;
use registration::ids::ProfileId;
use registration::profile::DeploymentProfile;
use tokio_postgres::Row;
use uuid::Uuid;

use super::{Postgres, operator, query, trail};
use crate::profiles::Profiles;
use crate::{Result, StorageError, sql};

fn profile(row: &Row) -> Result<DeploymentProfile> {
    let settings: &str = row.try_get(2)?;
    Ok(DeploymentProfile {
        id: ProfileId(row.try_get(0)?),
        name: row.try_get(1)?,
        settings: sql::from_json(settings.as_bytes())?,
        updated_at: Timestamp(row.try_get(3)?),
    })
}

#[async_trait]
impl Profiles for Postgres {
    async fn profiles(&self) -> Result<Vec<DeploymentProfile>> {
        let client = self.client().await?;
        let text = "SELECT id, name, settings, updated_at FROM deployment_profile ORDER BY name";
        let found = query::all(&client, text, &[]).await?;
        found.iter().map(profile).collect()
    }

    async fn change_profile(
        &self,
        scope: &Scope,
        act: &Act,
        profile: DeploymentProfile,
    ) -> Result<()> {
        operator(scope)?;
        let text = "UPDATE deployment_profile SET name = $2, settings = $3, updated_at = $4 \
                    WHERE id = $1";
        let settings = sql::to_text(&profile.settings)?;
        let (id, name) = (profile.id.0, &profile.name);
        in_transaction!(self, tx => {
            if query::run(tx, text, &[&id, name, &settings, &act.at.0]).await? == 0 {
                return Err(StorageError::NotFound);
            }
            trail::write(tx, &[act.entry(0, AuditAction::ProfileChanged, id, name)]).await
        })
    }

    async fn tag_assignments(&self) -> Result<Vec<(String, ProfileId)>> {
        let client = self.client().await?;
        let text = "SELECT tag, deployment_profile_id FROM group_tag ORDER BY tag";
        let found = query::all(&client, text, &[]).await?;
        let assignment = |row: &Row| Ok((row.try_get(0)?, ProfileId(row.try_get(1)?)));
        found.iter().map(assignment).collect()
    }

    async fn assign_tag(
        &self,
        scope: &Scope,
        act: &Act,
        tag: &str,
        profile: ProfileId,
    ) -> Result<()> {
        operator(scope)?;
        let named = "SELECT name FROM deployment_profile WHERE id = $1";
        let text =
            "UPDATE group_tag SET deployment_profile_id = $2, assigned_at = $3 WHERE tag = $1";
        in_transaction!(self, tx => {
            let row = query::first(tx, named, &[&profile.0]).await?;
            let row = row.ok_or(StorageError::NotFound)?;
            if query::run(tx, text, &[&tag, &profile.0, &act.at.0]).await? == 0 {
                return Err(StorageError::NotFound);
            }
            let line = act.entry(0, AuditAction::TagAssigned, profile.0, tag);
            trail::write(tx, &[line.saying(row.try_get::<_, &str>(0)?)]).await
        })
    }

    async fn settings(&self) -> Result<Vec<(String, String)>> {
        let client = self.client().await?;
        let text = "SELECT name, value FROM setting ORDER BY name";
        let found = query::all(&client, text, &[]).await?;
        let setting = |row: &Row| Ok((row.try_get(0)?, row.try_get(1)?));
        found.iter().map(setting).collect()
    }

    async fn change_setting(
        &self,
        scope: &Scope,
        act: &Act,
        name: &str,
        value: &str,
    ) -> Result<()> {
        operator(scope)?;
        let text = "INSERT INTO setting (name, value) VALUES ($1, $2) \
                    ON CONFLICT (name) DO UPDATE SET value = excluded.value";
        in_transaction!(self, tx => {
            query::run(tx, text, &[&name, &value]).await?;
            let line = act.entry(0, AuditAction::SettingChanged, Uuid::nil(), name);
            trail::write(tx, &[line.saying(value)]).await
        })
    }
}
