//! Configuration policies of a customer, and which device has which.

use async_trait::async_trait;
use registration::access::Scope;
use registration::audit::Act;
use registration::clock::Timestamp;
use registration::ids::{OrganizationId, PolicyId, UploadId};
use registration::policy::{Policy, PolicyChange, PolicyResult};

use crate::Result;
use crate::submissions::RequestKey;

/// A change of devices' policies, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyUpdate {
    /// What it is tracked by, as an upload is.
    pub id: UploadId,
    /// Whose devices they are.
    pub customer_id: OrganizationId,
    /// When it was done, all of it at once.
    pub at: Timestamp,
    /// One result per device, in the order in which they were given.
    pub results: Vec<PolicyResult>,
}

/// Policies. A party sees those that it made, each for one customer; for every change the customer
/// must consent to the party now (`Refused::NoConsent`).
#[async_trait]
pub trait Policies: Send + Sync {
    /// The policies that the scope's organization made for a customer, by name.
    async fn policies(&self, scope: &Scope, customer: OrganizationId) -> Result<Vec<Policy>>;

    /// One of them.
    async fn policy(
        &self,
        scope: &Scope,
        customer: OrganizationId,
        id: PolicyId,
    ) -> Result<Option<Policy>>;

    /// Makes one; the answer is its id. Sent again with the same key, it makes none and answers with
    /// the id of the one it made (`Refused::RequestIdReused` if the key said something else).
    /// `Conflict::PolicyNameTaken`. Audit: `PolicyMade`, concerning the customer.
    async fn make_policy(
        &self,
        scope: &Scope,
        act: &Act,
        policy: Policy,
        key: Option<RequestKey>,
    ) -> Result<PolicyId>;

    /// Changes name, description and switches. `Refused::Changed` if it has another version than
    /// `seen` by now. Sent again with the same key, it changes nothing. Audit: `PolicyChanged`,
    /// concerning the customer.
    async fn change_policy(
        &self,
        scope: &Scope,
        act: &Act,
        policy: Policy,
        seen: Option<u64>,
        key: Option<RequestKey>,
    ) -> Result<()>;

    /// Deletes one; the devices that have it have none any more. `Refused::Changed` and `key` as
    /// above. Audit: `PolicyDeleted`, concerning the customer.
    async fn delete_policy(
        &self,
        scope: &Scope,
        act: &Act,
        customer: OrganizationId,
        id: PolicyId,
        seen: Option<u64>,
        key: Option<RequestKey>,
    ) -> Result<()>;

    /// Gives devices of a customer that the scope's organization registered another policy, or
    /// none, and keeps what became of each under `id`. Sent again with the same key, it answers
    /// what it answered before. Audit: `DevicePolicySet` each, concerning the customer.
    async fn update_policies(
        &self,
        scope: &Scope,
        act: &Act,
        id: UploadId,
        customer: OrganizationId,
        key: Option<RequestKey>,
        changes: Vec<PolicyChange>,
    ) -> Result<PolicyUpdate>;

    /// An update that the scope's organization made.
    async fn policy_update(&self, scope: &Scope, id: UploadId) -> Result<Option<PolicyUpdate>>;

    /// A policy, for a device that has it: the device's own identity was proven before.
    async fn policy_of_device(&self, id: PolicyId) -> Result<Option<Policy>>;
}
