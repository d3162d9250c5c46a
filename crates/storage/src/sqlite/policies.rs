//! Configuration policies of a customer, and which device has which.

use async_trait::async_trait;
use registration::access::Scope;
use registration::audit::{Act, AuditAction, AuditEntry};
use registration::clock::Timestamp;
use registration::ids::{OrganizationId, PolicyId, UploadId};
use registration::policy::{Policy, PolicyChange, PolicyFailure, PolicyResult, PolicySettings};
use rusqlite::{Connection, Row, Transaction, params};

use super::sight::{Sight, consents};
use super::{Sqlite, audit, devices, rows, submissions};
use crate::policies::{Policies, PolicyUpdate};
use crate::submissions::RequestKey;
use crate::{Refused, Result, StorageError, sql};

/// Columns of [`policy`], of the table called `p`.
const POLICY: &str = "SELECT p.id, p.customer_id, p.party_id, p.name, p.description, p.settings, \
     p.version, (SELECT COUNT(*) FROM device d WHERE d.policy_id = p.id), p.created_at, \
     p.updated_at FROM policy p";

#[async_trait]
impl Policies for Sqlite {
    async fn policies(&self, scope: &Scope, customer: OrganizationId) -> Result<Vec<Policy>> {
        let own = scope.organization_id();
        let text = format!("{POLICY} WHERE p.customer_id = ?1 AND p.party_id = ?2 ORDER BY p.name");
        self.read(move |conn| rows::all(conn, &text, [customer.0, own.0], policy))
            .await
    }

    async fn policy(
        &self,
        scope: &Scope,
        customer: OrganizationId,
        id: PolicyId,
    ) -> Result<Option<Policy>> {
        let own = scope.organization_id();
        self.read(move |conn| by_id(conn, own, customer, id)).await
    }

    async fn make_policy(
        &self,
        scope: &Scope,
        act: &Act,
        mut policy: Policy,
        key: Option<RequestKey>,
    ) -> Result<PolicyId> {
        let (own, act) = (scope.organization_id(), act.clone());
        policy.party_id = own;
        self.write(move |tx| {
            if let Some(before) = submissions::known(tx, own, key)? {
                return Ok(PolicyId(before.0));
            }
            make(tx, &act, &policy)?;
            submissions::remember(tx, own, key, UploadId(policy.id.0), &act)?;
            Ok(policy.id)
        })
        .await
    }

    async fn change_policy(
        &self,
        scope: &Scope,
        act: &Act,
        policy: Policy,
        seen: Option<u64>,
        key: Option<RequestKey>,
    ) -> Result<()> {
        let (own, act) = (scope.organization_id(), act.clone());
        self.write(move |tx| {
            if submissions::known(tx, own, key)?.is_some() {
                return Ok(());
            }
            change(tx, own, &act, &policy, seen)?;
            submissions::remember(tx, own, key, UploadId(policy.id.0), &act)
        })
        .await
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
        let (own, act) = (scope.organization_id(), act.clone());
        self.write(move |tx| {
            if submissions::known(tx, own, key)?.is_some() {
                return Ok(());
            }
            delete(tx, own, &act, customer, id, seen)?;
            submissions::remember(tx, own, key, UploadId(id.0), &act)
        })
        .await
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
        let (scope, act) = (*scope, act.clone());
        self.write(move |tx| {
            let own = scope.organization_id();
            if let Some(before) = submissions::known(tx, own, key)? {
                return update_by_id(tx, own, before)?.ok_or(StorageError::NotFound);
            }
            let update = update(tx, &scope, &act, id, customer, &changes)?;
            keep(tx, own, &update)?;
            submissions::remember(tx, own, key, id, &act)?;
            Ok(update)
        })
        .await
    }

    async fn policy_update(&self, scope: &Scope, id: UploadId) -> Result<Option<PolicyUpdate>> {
        let own = scope.organization_id();
        self.read(move |conn| update_by_id(conn, own, id)).await
    }

    async fn policy_of_device(&self, id: PolicyId) -> Result<Option<Policy>> {
        let text = format!("{POLICY} WHERE p.id = ?1");
        self.read(move |conn| rows::first(conn, &text, [id.0], policy))
            .await
    }
}

fn policy(row: &Row<'_>) -> rusqlite::Result<Policy> {
    Ok(Policy {
        id: PolicyId(row.get(0)?),
        customer_id: OrganizationId(row.get(1)?),
        party_id: OrganizationId(row.get(2)?),
        name: row.get(3)?,
        description: row.get(4)?,
        settings: PolicySettings::of_flags(row.get(5)?),
        version: row.get(6)?,
        device_count: row.get(7)?,
        created_at: Timestamp(row.get(8)?),
        updated_at: Timestamp(row.get(9)?),
    })
}

/// A policy that the party made for the customer.
pub(super) fn by_id(
    conn: &Connection,
    party: OrganizationId,
    customer: OrganizationId,
    id: PolicyId,
) -> Result<Option<Policy>> {
    let text = format!("{POLICY} WHERE p.id = ?1 AND p.customer_id = ?2 AND p.party_id = ?3");
    rows::first(conn, &text, [id.0, customer.0, party.0], policy)
}

fn consented(
    tx: &Transaction<'_>,
    party: OrganizationId,
    customer: OrganizationId,
    now: Timestamp,
) -> Result<()> {
    if consents(tx, party, customer, now)? {
        Ok(())
    } else {
        Err(Refused::NoConsent.into())
    }
}

/// The policy as it was seen.
fn seen_as(
    tx: &Transaction<'_>,
    party: OrganizationId,
    customer: OrganizationId,
    id: PolicyId,
    seen: Option<u64>,
) -> Result<Policy> {
    let found = by_id(tx, party, customer, id)?.ok_or(StorageError::NotFound)?;
    if seen.is_some_and(|seen| seen != found.version) {
        return Err(Refused::Changed.into());
    }
    Ok(found)
}

fn line(act: &Act, action: AuditAction, policy: &Policy) -> AuditEntry {
    act.entry(0, action, policy.id.0, &policy.name)
        .concerning(policy.customer_id)
}

fn make(tx: &Transaction<'_>, act: &Act, policy: &Policy) -> Result<()> {
    consented(tx, policy.party_id, policy.customer_id, act.at)?;
    rows::run(
        tx,
        "INSERT INTO policy (id, customer_id, party_id, name, description, settings, version, \
         created_at, updated_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, 1, ?7, ?7)",
        params![
            policy.id.0,
            policy.customer_id.0,
            policy.party_id.0,
            policy.name,
            policy.description,
            policy.settings.flags(),
            act.at.0,
        ],
    )?;
    audit::append(tx, &line(act, AuditAction::PolicyMade, policy))
}

fn change(
    tx: &Transaction<'_>,
    own: OrganizationId,
    act: &Act,
    policy: &Policy,
    seen: Option<u64>,
) -> Result<()> {
    consented(tx, own, policy.customer_id, act.at)?;
    seen_as(tx, own, policy.customer_id, policy.id, seen)?;
    rows::run(
        tx,
        "UPDATE policy SET name = ?2, description = ?3, settings = ?4, updated_at = ?5, \
         version = version + 1 WHERE id = ?1",
        params![
            policy.id.0,
            policy.name,
            policy.description,
            policy.settings.flags(),
            act.at.0,
        ],
    )?;
    audit::append(tx, &line(act, AuditAction::PolicyChanged, policy))
}

fn delete(
    tx: &Transaction<'_>,
    own: OrganizationId,
    act: &Act,
    customer: OrganizationId,
    id: PolicyId,
    seen: Option<u64>,
) -> Result<()> {
    consented(tx, own, customer, act.at)?;
    let policy = seen_as(tx, own, customer, id, seen)?;
    let text = "UPDATE device SET policy_id = NULL, assigned_at = ?2 WHERE policy_id = ?1";
    let devices = rows::run(tx, text, params![id.0, act.at.0])?;
    rows::run(tx, "DELETE FROM policy WHERE id = ?1", [id.0])?;
    let entry = line(act, AuditAction::PolicyDeleted, &policy);
    audit::append(tx, &entry.saying(sql::devices_had_it(devices as u64)))
}

fn update(
    tx: &Transaction<'_>,
    scope: &Scope,
    act: &Act,
    id: UploadId,
    customer: OrganizationId,
    changes: &[PolicyChange],
) -> Result<PolicyUpdate> {
    consented(tx, scope.organization_id(), customer, act.at)?;
    let sight = Sight::of(tx, scope, customer, act.at)?;
    let mut results = Vec::with_capacity(changes.len());
    for (n, change) in (0..).zip(changes) {
        results.push(set(tx, scope, act, n, (sight, customer), change)?);
    }
    Ok(PolicyUpdate {
        id,
        customer_id: customer,
        at: act.at,
        results,
    })
}

fn set(
    tx: &Transaction<'_>,
    scope: &Scope,
    act: &Act,
    n: u64,
    (sight, customer): (Sight, OrganizationId),
    change: &PolicyChange,
) -> Result<PolicyResult> {
    let mut result = PolicyResult {
        device: change.device.clone(),
        serial: None,
        pkid: None,
        failure: None,
    };
    let device = match change.device_id {
        Some(id) => devices::in_sight(tx, sight, customer, id)?,
        None => None,
    };
    let Some(device) = device else {
        result.failure = Some(PolicyFailure::NoSuchDevice);
        return Ok(result);
    };
    result.serial.clone_from(&device.serial);
    result.pkid.clone_from(&device.pkid);
    let named = match change.policy {
        Ok(Some(id)) => by_id(tx, scope.organization_id(), customer, id)?,
        Ok(None) | Err(_) => None,
    };
    if change.policy != Ok(None) && named.is_none() {
        result.failure = Some(PolicyFailure::NoSuchPolicy);
        return Ok(result);
    }
    let policy_id = named.as_ref().map(|policy| policy.id);
    if device.policy_id != policy_id {
        let text = "UPDATE device SET policy_id = ?3, assigned_at = ?4 \
                    WHERE customer_id = ?1 AND id = ?2";
        let id = policy_id.map(|id| id.0);
        rows::run(tx, text, params![customer.0, device.id.0, id, act.at.0])?;
        let name = named.map_or_else(|| "none".to_owned(), |policy| policy.name);
        let target = sql::device_name(&device);
        let entry = act.entry(n, AuditAction::DevicePolicySet, device.id.0, &target);
        audit::append(tx, &entry.concerning(customer).saying(name))?;
    }
    Ok(result)
}

fn keep(tx: &Transaction<'_>, own: OrganizationId, update: &PolicyUpdate) -> Result<()> {
    rows::run(
        tx,
        "INSERT INTO policy_update (id, customer_id, party_id, created_at, results) \
         VALUES (?1, ?2, ?3, ?4, ?5)",
        params![
            update.id.0,
            update.customer_id.0,
            own.0,
            update.at.0,
            sql::to_json(&update.results)?,
        ],
    )?;
    Ok(())
}

fn update_by_id(
    conn: &Connection,
    own: OrganizationId,
    id: UploadId,
) -> Result<Option<PolicyUpdate>> {
    let text = "SELECT customer_id, created_at, results FROM policy_update \
                WHERE id = ?1 AND party_id = ?2";
    let found = rows::first(conn, text, [id.0, own.0], |row| {
        Ok((row.get(0)?, row.get(1)?, row.get::<_, Vec<u8>>(2)?))
    })?;
    let update = |(customer, at, results): (_, _, Vec<u8>)| {
        Ok(PolicyUpdate {
            id,
            customer_id: OrganizationId(customer),
            at: Timestamp(at),
            results: sql::from_json(&results)?,
        })
    };
    found.map(update).transpose()
}
