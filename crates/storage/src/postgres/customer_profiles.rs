//! Deployment profiles of a customer's own, and which of its devices get them.

use async_trait::async_trait;
use deadpool_postgres::GenericClient;
use registration::access::Scope;
use registration::audit::{Act, AuditAction, AuditEntry};
use registration::clock::Timestamp;
use registration::customer_profile::{
    ASSIGNMENTS_AT_ONCE, AssignmentTarget, CustomerProfile, GivenProfile, PROFILES_AT_ONCE,
    ProfileAssignment, ProfileChange, ProfileReach,
};
use registration::device::Device;
use registration::ids::{DeviceId, OrganizationId, ProfileId};
use tokio_postgres::Row;
use uuid::Uuid;

use super::consent::Sight;
use super::trouble::Trouble;
use super::{Postgres, Tx, device_profiles, query, rows, trail};
use crate::customer_profiles::CustomerProfiles;
use crate::effective::{effective_profile, nearest_assignment};
use crate::{Page, Refused, Result, StorageError, sql};

macro_rules! profiles {
    ($condition:literal) => {
        concat!(
            "SELECT ",
            columns!("p": "id", "customer_id", "name", "description", "settings", "created_at",
                "updated_at"),
            " FROM customer_profile p WHERE ",
            $condition
        )
    };
}

const LIST: &str = profiles!("p.customer_id = $1 ORDER BY p.name");
const ONE: &str = profiles!("p.id = $1 AND p.customer_id = $2");
const LOCK: &str = profiles!("p.id = $1 AND p.customer_id = $2 FOR UPDATE");
const OF_DEVICE: &str = profiles!("p.id = $1");

// Two that are made at once count each other: the organization's row is held.
const HOLD_CUSTOMER: &str = "SELECT id FROM organization WHERE id = $1 FOR UPDATE";
const COUNT: &str = "SELECT COUNT(*) FROM customer_profile WHERE customer_id = $1";

const MAKE: &str = "\
    INSERT INTO customer_profile (id, customer_id, name, description, settings, created_at,
        updated_at)
    VALUES ($1, $2, $3, $4, $5, $6, $6)";

const CHANGE: &str = "\
    UPDATE customer_profile SET name = $2, description = $3, settings = $4, updated_at = $5
    WHERE id = $1";

const ASSIGNMENTS: &str = "\
    SELECT profile_id, kind, group_tag FROM profile_assignment
    WHERE customer_id = $1 ORDER BY profile_id, assigned_at, kind, group_tag";

const COUNT_ASSIGNMENTS: &str = "\
    SELECT COUNT(*) FROM profile_assignment WHERE customer_id = $1 AND profile_id = $2";

const ASSIGN: &str = "\
    INSERT INTO profile_assignment (customer_id, profile_id, kind, group_tag, assigned_at)
    VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING";

const UNASSIGN: &str = "\
    DELETE FROM profile_assignment
    WHERE customer_id = $1 AND profile_id = $2 AND kind = $3 AND group_tag = $4";

const DEVICES: &str = concat!(
    "SELECT ",
    device_columns!("d"),
    " FROM device d LEFT JOIN group_tag g ON g.tag = d.group_tag
      WHERE d.customer_id = $1 AND d.id < $2 AND ",
    effective_profile!(),
    " = $3 ORDER BY d.id DESC LIMIT $4"
);

fn profile(row: &Row) -> Result<CustomerProfile> {
    let settings: &str = row.try_get(4)?;
    Ok(CustomerProfile {
        id: ProfileId(row.try_get(0)?),
        customer_id: OrganizationId(row.try_get(1)?),
        name: row.try_get(2)?,
        description: row.try_get(3)?,
        settings: sql::from_json(settings.as_bytes())?,
        created_at: Timestamp(row.try_get(5)?),
        updated_at: Timestamp(row.try_get(6)?),
    })
}

fn assignment(row: &Row) -> Result<ProfileAssignment> {
    let target = AssignmentTarget::of_stored(row.try_get(1)?, row.try_get(2)?);
    Ok(ProfileAssignment {
        profile_id: ProfileId(row.try_get(0)?),
        target: target.ok_or(Trouble::Column("profile_assignment.kind"))?,
    })
}

async fn one(
    db: &impl GenericClient,
    text: &str,
    own: OrganizationId,
    id: ProfileId,
) -> Result<Option<CustomerProfile>> {
    let row = query::first(db, text, &[&id.0, &own.0]).await?;
    row.as_ref().map(profile).transpose()
}

/// Holds the profile until the transaction ends.
pub(super) async fn lock(
    tx: &Tx<'_>,
    own: OrganizationId,
    id: ProfileId,
) -> Result<CustomerProfile> {
    let found = one(tx, LOCK, own, id).await?;
    found.ok_or(StorageError::NotFound)
}

fn line(act: &Act, action: AuditAction, profile: &CustomerProfile) -> AuditEntry {
    act.entry(0, action, profile.id.0, &profile.name)
}

async fn count(tx: &Tx<'_>, text: &str, values: query::Parameters<'_>) -> Result<usize> {
    let row = query::first(tx, text, values).await?;
    let count = row.map_or(Ok(0), |row| rows::count(&row, 0))?;
    Ok(usize::try_from(count).unwrap_or(usize::MAX))
}

async fn assign(tx: &Tx<'_>, own: OrganizationId, act: &Act, to: &ProfileAssignment) -> Result<()> {
    let profile = lock(tx, own, to.profile_id).await?;
    let known = count(tx, COUNT_ASSIGNMENTS, &[&own.0, &profile.id.0]).await?;
    let (kind, tag) = to.target.stored();
    let values: query::Parameters<'_> = &[&own.0, &profile.id.0, &kind, &tag, &act.at.0];
    if query::run(tx, ASSIGN, values).await? == 0 {
        return Ok(());
    }
    if known >= ASSIGNMENTS_AT_ONCE {
        return Err(Refused::TooManyAssignments.into());
    }
    let entry = act.entry(
        1,
        AuditAction::OwnProfileAssigned,
        profile.id.0,
        &profile.name,
    );
    trail::write(tx, &[entry.saying(to.target.in_words())]).await
}

async fn unassign(
    tx: &Tx<'_>,
    own: OrganizationId,
    act: &Act,
    from: &ProfileAssignment,
) -> Result<()> {
    let profile = lock(tx, own, from.profile_id).await?;
    let (kind, tag) = from.target.stored();
    let values: query::Parameters<'_> = &[&own.0, &profile.id.0, &kind, &tag];
    if query::run(tx, UNASSIGN, values).await? == 0 {
        return Err(StorageError::NotFound);
    }
    let entry = line(act, AuditAction::OwnProfileUnassigned, &profile);
    trail::write(tx, &[entry.saying(from.target.in_words())]).await
}

#[async_trait]
impl CustomerProfiles for Postgres {
    async fn customer_profiles(&self, scope: &Scope) -> Result<Vec<CustomerProfile>> {
        let client = self.client().await?;
        let found = query::all(&client, LIST, &[&scope.organization_id().0]).await?;
        found.iter().map(profile).collect()
    }

    async fn customer_profile(
        &self,
        scope: &Scope,
        id: ProfileId,
    ) -> Result<Option<CustomerProfile>> {
        let client = self.client().await?;
        one(&client, ONE, scope.organization_id(), id).await
    }

    async fn make_customer_profile(
        &self,
        scope: &Scope,
        act: &Act,
        profile: CustomerProfile,
    ) -> Result<()> {
        let own = scope.organization_id().0;
        let settings = sql::to_text(&profile.settings)?;
        let (id, name, description) = (profile.id.0, &profile.name, &profile.description);
        in_transaction!(self, tx => {
            query::run(tx, HOLD_CUSTOMER, &[&own]).await?;
            if count(tx, COUNT, &[&own]).await? >= PROFILES_AT_ONCE {
                return Err(Refused::TooManyProfiles.into());
            }
            let values: query::Parameters<'_> =
                &[&id, &own, name, description, &settings, &act.at.0];
            query::run(tx, MAKE, values).await?;
            trail::write(tx, &[line(act, AuditAction::OwnProfileMade, &profile)]).await
        })
    }

    async fn change_customer_profile(
        &self,
        scope: &Scope,
        act: &Act,
        id: ProfileId,
        change: ProfileChange,
    ) -> Result<CustomerProfile> {
        let own = scope.organization_id();
        in_transaction!(self, tx => {
            let found = lock(tx, own, id).await?;
            let changed = found.changed(change.clone(), act.at).map_err(Refused::Profile)?;
            let settings = sql::to_text(&changed.settings)?;
            let (name, description) = (&changed.name, &changed.description);
            let values: query::Parameters<'_> =
                &[&id.0, name, description, &settings, &act.at.0];
            query::run(tx, CHANGE, values).await?;
            trail::write(tx, &[line(act, AuditAction::OwnProfileChanged, &changed)]).await?;
            Ok(changed)
        })
    }

    async fn delete_customer_profile(&self, scope: &Scope, act: &Act, id: ProfileId) -> Result<()> {
        let own = scope.organization_id();
        in_transaction!(self, tx => {
            let profile = lock(tx, own, id).await?;
            let text = "UPDATE device SET profile_id = NULL, assigned_at = $2 WHERE profile_id = $1";
            let devices = query::run(tx, text, &[&id.0, &act.at.0]).await?;
            let text = "DELETE FROM profile_assignment WHERE customer_id = $1 AND profile_id = $2";
            query::run(tx, text, &[&own.0, &id.0]).await?;
            query::run(tx, "DELETE FROM customer_profile WHERE id = $1", &[&id.0]).await?;
            let entry = line(act, AuditAction::OwnProfileDeleted, &profile);
            trail::write(tx, &[entry.saying(sql::devices_had_it(devices))]).await
        })
    }

    async fn profile_assignments(&self, scope: &Scope) -> Result<Vec<ProfileAssignment>> {
        let client = self.client().await?;
        let found = query::all(&client, ASSIGNMENTS, &[&scope.organization_id().0]).await?;
        found.iter().map(assignment).collect()
    }

    async fn change_assignment(
        &self,
        scope: &Scope,
        act: &Act,
        from: Option<ProfileAssignment>,
        to: Option<ProfileAssignment>,
    ) -> Result<()> {
        let own = scope.organization_id();
        in_transaction!(self, tx => {
            if let Some(from) = &from {
                unassign(tx, own, act, from).await?;
            }
            match &to {
                Some(to) => assign(tx, own, act, to).await,
                None => Ok(()),
            }
        })
    }

    async fn give_profile(
        &self,
        scope: &Scope,
        act: &Act,
        id: ProfileId,
        devices: &[DeviceId],
    ) -> Result<()> {
        let own = scope.organization_id();
        let mut devices: Vec<Uuid> = devices.iter().map(|id| id.0).collect();
        devices.sort_unstable();
        devices.dedup();
        in_transaction!(self, tx => device_profiles::give(tx, own, act, id, &devices).await)
    }

    async fn take_profile_back(
        &self,
        scope: &Scope,
        act: &Act,
        id: ProfileId,
        devices: &[DeviceId],
    ) -> Result<u64> {
        let own = scope.organization_id();
        let devices: Vec<Uuid> = devices.iter().map(|id| id.0).collect();
        in_transaction!(self, tx => device_profiles::take_back(tx, own, act, id, &devices).await)
    }

    async fn profile_reach(&self, scope: &Scope) -> Result<Vec<ProfileReach>> {
        let client = self.client().await?;
        device_profiles::reach(&client, scope.organization_id()).await
    }

    async fn devices_of_profile(
        &self,
        scope: &Scope,
        id: ProfileId,
        before: Option<Uuid>,
        limit: usize,
    ) -> Result<Page<Device>> {
        let client = self.client().await?;
        let own = scope.organization_id().0;
        let (before, most) = (query::before(before), query::one_more(limit));
        let found = query::all(&client, DEVICES, &[&own, &before, &id.0, &most]).await?;
        let devices = found.iter().map(|row| rows::device(row, 0));
        let devices = devices.collect::<Result<_>>()?;
        Ok(Page::of(devices, limit, |device: &Device| device.id.0))
    }

    async fn profiles_of_devices(
        &self,
        scope: &Scope,
        customer: OrganizationId,
        devices: &[DeviceId],
        now: Timestamp,
    ) -> Result<Vec<(DeviceId, GivenProfile)>> {
        let client = self.client().await?;
        match Sight::of(&client, scope, customer, now).await? {
            Sight::Nothing => Ok(Vec::new()),
            sight => device_profiles::given(&client, sight, customer, devices).await,
        }
    }

    async fn customer_profile_of_device(&self, id: ProfileId) -> Result<Option<CustomerProfile>> {
        let client = self.client().await?;
        let row = query::first(&client, OF_DEVICE, &[&id.0]).await?;
        row.as_ref().map(profile).transpose()
    }
}
