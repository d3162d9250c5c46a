//! Configuration policies of a customer, and which device has which.

use async_trait::async_trait;
use deadpool_postgres::GenericClient;
use registration::access::Scope;
use registration::audit::{Act, AuditAction, AuditEntry};
use registration::clock::Timestamp;
use registration::device::Device;
use registration::ids::{DeviceId, OrganizationId, PolicyId, UploadId};
use registration::policy::{Policy, PolicyChange, PolicyFailure, PolicyResult, PolicySettings};
use std::collections::HashMap;
use tokio_postgres::Row;
use uuid::Uuid;

use super::trouble::Trouble;
use super::{Postgres, Tx, consent, query, release, rows, submissions, trail};
use crate::policies::{Policies, PolicyUpdate};
use crate::submissions::RequestKey;
use crate::{Refused, Result, StorageError, sql};

macro_rules! policies {
    ($condition:literal) => {
        concat!(
            "SELECT ",
            columns!("p": "id", "customer_id", "party_id", "name", "description", "settings",
                "version"),
            ", (SELECT COUNT(*) FROM device d WHERE d.policy_id = p.id), p.created_at,
               p.updated_at FROM policy p WHERE ",
            $condition
        )
    };
}

const LIST: &str =
    policies!("p.customer_id = $1 AND p.party_id = $2 ORDER BY p.name COLLATE \"C\"");
// Until the transaction ends, none of them is deleted.
const HOLD: &str = policies!("p.customer_id = $1 AND p.party_id = $2 FOR SHARE");
const ONE: &str = policies!("p.id = $1 AND p.customer_id = $2 AND p.party_id = $3");
const LOCK: &str = policies!("p.id = $1 AND p.customer_id = $2 AND p.party_id = $3 FOR UPDATE");
const OF_DEVICE: &str = policies!("p.id = $1");

const MAKE: &str = "\
    INSERT INTO policy (id, customer_id, party_id, name, description, settings, version,
        created_at, updated_at)
    VALUES ($1, $2, $3, $4, $5, $6, 1, $7, $7)";

const CHANGE: &str = "\
    UPDATE policy SET name = $2, description = $3, settings = $4, updated_at = $5,
        version = version + 1
    WHERE id = $1";

const SET: &str = "\
    UPDATE device d SET policy_id = t.policy_id, assigned_at = $4
    FROM UNNEST ($2::uuid[], $3::uuid[]) AS t (id, policy_id)
    WHERE d.customer_id = $1 AND d.id = t.id";

const KEEP: &str = "\
    INSERT INTO policy_update (id, customer_id, party_id, created_at, results)
    VALUES ($1, $2, $3, $4, $5)";

const UPDATE: &str = "\
    SELECT customer_id, created_at, results FROM policy_update WHERE id = $1 AND party_id = $2";

fn policy(row: &Row) -> Result<Policy> {
    let flags: i64 = row.try_get(5)?;
    let flags = u8::try_from(flags).map_err(|_| Trouble::Column("policy.settings"))?;
    Ok(Policy {
        id: PolicyId(row.try_get(0)?),
        customer_id: OrganizationId(row.try_get(1)?),
        party_id: OrganizationId(row.try_get(2)?),
        name: row.try_get(3)?,
        description: row.try_get(4)?,
        settings: PolicySettings::of_flags(flags),
        version: rows::count(row, 6)?,
        device_count: rows::count(row, 7)?,
        created_at: Timestamp(row.try_get(8)?),
        updated_at: Timestamp(row.try_get(9)?),
    })
}

async fn consented(
    tx: &Tx<'_>,
    party: OrganizationId,
    customer: OrganizationId,
    now: Timestamp,
) -> Result<()> {
    if consent::hold(tx, party, customer, now).await? {
        Ok(())
    } else {
        Err(Refused::NoConsent.into())
    }
}

/// Locks the policy as it was seen.
async fn seen_as(
    tx: &Tx<'_>,
    party: OrganizationId,
    customer: OrganizationId,
    id: PolicyId,
    seen: Option<u64>,
) -> Result<Policy> {
    let row = query::first(tx, LOCK, &[&id.0, &customer.0, &party.0]).await?;
    let found = policy(&row.ok_or(StorageError::NotFound)?)?;
    if seen.is_some_and(|seen| seen != found.version) {
        return Err(Refused::Changed.into());
    }
    Ok(found)
}

fn line(act: &Act, action: AuditAction, policy: &Policy) -> AuditEntry {
    act.entry(0, action, policy.id.0, &policy.name)
        .concerning(policy.customer_id)
}

/// What is to become of the devices of an update.
#[derive(Default)]
struct Settled {
    results: Vec<PolicyResult>,
    devices: Vec<Uuid>,
    policies: Vec<Option<Uuid>>,
    lines: Vec<AuditEntry>,
}

impl Settled {
    fn add(
        &mut self,
        act: &Act,
        devices: &HashMap<DeviceId, Device>,
        policies: &[Policy],
        change: &PolicyChange,
    ) {
        let mut result = PolicyResult {
            device: change.device.clone(),
            serial: None,
            pkid: None,
            failure: None,
        };
        let Some(device) = change.device_id.and_then(|id| devices.get(&id)) else {
            result.failure = Some(PolicyFailure::NoSuchDevice);
            return self.results.push(result);
        };
        result.serial.clone_from(&device.serial);
        result.pkid.clone_from(&device.pkid);
        let named = match change.policy {
            Ok(Some(id)) => policies.iter().find(|policy| policy.id == id),
            Ok(None) | Err(_) => None,
        };
        if change.policy != Ok(None) && named.is_none() {
            result.failure = Some(PolicyFailure::NoSuchPolicy);
            return self.results.push(result);
        }
        if let Some(at) = self.devices.iter().position(|id| *id == device.id.0) {
            // The last word on a device counts.
            self.policies[at] = named.map(|policy| policy.id.0);
        } else if device.policy_id != named.map(|policy| policy.id) {
            self.devices.push(device.id.0);
            self.policies.push(named.map(|policy| policy.id.0));
            let name = named.map_or("none", |policy| policy.name.as_str());
            let target = sql::device_name(device);
            let n = self.lines.len() as u64;
            let entry = act.entry(n, AuditAction::DevicePolicySet, device.id.0, &target);
            let entry = entry.concerning(device.customer_id).saying(name);
            self.lines.push(entry);
        }
        self.results.push(result);
    }
}

async fn update(
    tx: &Tx<'_>,
    scope: &Scope,
    act: &Act,
    (id, customer): (UploadId, OrganizationId),
    changes: &[PolicyChange],
) -> Result<PolicyUpdate> {
    let own = scope.organization_id();
    consented(tx, own, customer, act.at).await?;
    let policies = query::all(tx, HOLD, &[&customer.0, &own.0]).await?;
    let policies: Vec<Policy> = policies.iter().map(policy).collect::<Result<_>>()?;
    let ids: Vec<DeviceId> = changes.iter().filter_map(|c| c.device_id).collect();
    let devices = release::lock_devices(tx, scope, act, customer, &ids).await?;
    let devices: HashMap<_, _> = devices.into_iter().map(|d| (d.id, d)).collect();
    let mut settled = Settled::default();
    for change in changes {
        settled.add(act, &devices, &policies, change);
    }
    let Settled {
        results,
        devices,
        policies,
        lines,
    } = settled;
    let values: query::Parameters<'_> = &[&customer.0, &devices, &policies, &act.at.0];
    query::run(tx, SET, values).await?;
    trail::write(tx, &lines).await?;
    Ok(PolicyUpdate {
        id,
        customer_id: customer,
        at: act.at,
        results,
    })
}

async fn update_by_id(
    db: &impl GenericClient,
    own: OrganizationId,
    id: UploadId,
) -> Result<Option<PolicyUpdate>> {
    let row = query::first(db, UPDATE, &[&id.0, &own.0]).await?;
    let update = |row: Row| {
        Ok(PolicyUpdate {
            id,
            customer_id: OrganizationId(row.try_get(0)?),
            at: Timestamp(row.try_get(1)?),
            results: sql::from_json(row.try_get(2)?)?,
        })
    };
    row.map(update).transpose()
}

#[async_trait]
impl Policies for Postgres {
    async fn policies(&self, scope: &Scope, customer: OrganizationId) -> Result<Vec<Policy>> {
        let client = self.client().await?;
        let own = scope.organization_id().0;
        let found = query::all(&client, LIST, &[&customer.0, &own]).await?;
        found.iter().map(policy).collect()
    }

    async fn policy(
        &self,
        scope: &Scope,
        customer: OrganizationId,
        id: PolicyId,
    ) -> Result<Option<Policy>> {
        let client = self.client().await?;
        let own = scope.organization_id().0;
        let row = query::first(&client, ONE, &[&id.0, &customer.0, &own]).await?;
        row.as_ref().map(policy).transpose()
    }

    async fn make_policy(
        &self,
        scope: &Scope,
        act: &Act,
        policy: Policy,
        key: Option<RequestKey>,
    ) -> Result<PolicyId> {
        let policy = Policy {
            party_id: scope.organization_id(),
            ..policy
        };
        let flags = i64::from(policy.settings.flags());
        let (own, id) = (policy.party_id, UploadId(policy.id.0));
        in_transaction!(self, tx => {
            if let Some(before) = submissions::remember(tx, own, key, id, act).await? {
                return Ok(PolicyId(before.0));
            }
            consented(tx, policy.party_id, policy.customer_id, act.at).await?;
            query::run(
                tx,
                MAKE,
                &[
                    &policy.id.0,
                    &policy.customer_id.0,
                    &policy.party_id.0,
                    &policy.name,
                    &policy.description,
                    &flags,
                    &act.at.0,
                ],
            )
            .await?;
            trail::write(tx, &[line(act, AuditAction::PolicyMade, &policy)]).await?;
            Ok(policy.id)
        })
    }

    async fn change_policy(
        &self,
        scope: &Scope,
        act: &Act,
        policy: Policy,
        seen: Option<u64>,
        key: Option<RequestKey>,
    ) -> Result<()> {
        let own = scope.organization_id();
        let flags = i64::from(policy.settings.flags());
        let (id, name, description) = (policy.id.0, &policy.name, &policy.description);
        in_transaction!(self, tx => {
            if submissions::remember(tx, own, key, UploadId(id), act).await?.is_some() {
                return Ok(());
            }
            consented(tx, own, policy.customer_id, act.at).await?;
            seen_as(tx, own, policy.customer_id, policy.id, seen).await?;
            query::run(tx, CHANGE, &[&id, name, description, &flags, &act.at.0]).await?;
            trail::write(tx, &[line(act, AuditAction::PolicyChanged, &policy)]).await
        })
    }

    async fn delete_policy(
        &self,
        scope: &Scope,
        act: &Act,
        customer: OrganizationId,
        id: PolicyId,
        seen: Option<u64>,
        key: Option<RequestKey>,
    ) -> Result<()> {
        let own = scope.organization_id();
        let release = "UPDATE device SET policy_id = NULL, assigned_at = $2 WHERE policy_id = $1";
        let delete = "DELETE FROM policy WHERE id = $1";
        in_transaction!(self, tx => {
            if submissions::remember(tx, own, key, UploadId(id.0), act).await?.is_some() {
                return Ok(());
            }
            consented(tx, own, customer, act.at).await?;
            let policy = seen_as(tx, own, customer, id, seen).await?;
            let devices = query::run(tx, release, &[&id.0, &act.at.0]).await?;
            query::run(tx, delete, &[&id.0]).await?;
            let line = line(act, AuditAction::PolicyDeleted, &policy);
            trail::write(tx, &[line.saying(sql::devices_had_it(devices))]).await
        })
    }

    async fn update_policies(
        &self,
        scope: &Scope,
        act: &Act,
        id: UploadId,
        customer: OrganizationId,
        key: Option<RequestKey>,
        changes: Vec<PolicyChange>,
    ) -> Result<PolicyUpdate> {
        let own = scope.organization_id();
        in_transaction!(self, tx => {
            if let Some(before) = submissions::remember(tx, own, key, id, act).await? {
                return update_by_id(tx, own, before).await?.ok_or(StorageError::NotFound);
            }
            let update = update(tx, scope, act, (id, customer), &changes).await?;
            let results = sql::to_json(&update.results)?;
            let at = update.at.0;
            query::run(tx, KEEP, &[&id.0, &customer.0, &own.0, &at, &results]).await?;
            Ok(update)
        })
    }

    async fn policy_update(&self, scope: &Scope, id: UploadId) -> Result<Option<PolicyUpdate>> {
        let client = self.client().await?;
        update_by_id(&client, scope.organization_id(), id).await
    }

    async fn policy_of_device(&self, id: PolicyId) -> Result<Option<Policy>> {
        let client = self.client().await?;
        let row = query::first(&client, OF_DEVICE, &[&id.0]).await?;
        row.as_ref().map(policy).transpose()
    }
}
