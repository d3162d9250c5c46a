//! Configuration policies: deployment profiles that a partner makes for one of its customers. Its
//! admin agents change them and apply them to devices it registered; its sales agents see them
//! (registration.md, section 1). They are not seen by other partners; the customer finds every
//! change in its activity.

use registration::access::{Action, Scope};
use registration::device::Device;
use registration::ids::{DeviceId, OrganizationId, PolicyId, RequestId, UploadId};
use registration::organization::parse_name;
use registration::policy::{
    Policy, PolicyChange, PolicyFailure, PolicySettings, parse_description,
};
use storage::policies::PolicyUpdate;
use storage::submissions::RequestKey;
use storage::{Refused, StorageError};

use crate::register::Canon;
use crate::{Caller, Desk, DeskError, Result};

/// What a policy is to be.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PolicyForm {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// Its switches.
    pub settings: PolicySettings,
}

impl Desk {
    /// The policies that the caller's organization made for a customer, by name.
    pub async fn policies(&self, caller: &Caller, customer: OrganizationId) -> Result<Vec<Policy>> {
        let scope = self
            .policy_scope(caller, Action::ViewPolicies, customer)
            .await?;
        Ok(self.storage.policies(&scope, customer).await?)
    }

    /// One of them.
    pub async fn policy(
        &self,
        caller: &Caller,
        customer: OrganizationId,
        id: PolicyId,
    ) -> Result<Policy> {
        let scope = self
            .policy_scope(caller, Action::ViewPolicies, customer)
            .await?;
        let found = self.storage.policy(&scope, customer, id).await?;
        found.ok_or(DeskError::NotFound)
    }

    /// Makes a policy. With a request id, the same sent again answers with the policy that it made;
    /// the same id with something else is refused (`request_id_reused`).
    pub async fn make_policy(
        &self,
        caller: &Caller,
        customer: OrganizationId,
        form: &PolicyForm,
        request: Option<RequestId>,
    ) -> Result<Policy> {
        let scope = self
            .policy_scope(caller, Action::ManagePolicies, customer)
            .await?;
        let id = request.map_or_else(
            || PolicyId(self.uuid()),
            |request| id_by_request(caller.organization.id, customer, request),
        );
        let policy = self.policy_of(caller, customer, id, form)?;
        if let Some(before) = self.storage.policy(&scope, customer, id).await? {
            return made_before(before, &policy);
        }
        let act = caller.act(self);
        let made = self.storage.make_policy(&scope, &act, policy.clone()).await;
        match (made, self.storage.policy(&scope, customer, id).await?) {
            (Ok(()), Some(made)) => Ok(made),
            // The same request came twice at once.
            (Err(_), Some(before)) => made_before(before, &policy),
            (Err(error), None) => Err(error.into()),
            (Ok(()), None) => Err(DeskError::NotFound),
        }
    }

    /// Changes a policy; devices get it when they next ask. `changed` if it has another version
    /// than `seen` by now.
    pub async fn change_policy(
        &self,
        caller: &Caller,
        customer: OrganizationId,
        id: PolicyId,
        form: &PolicyForm,
        seen: Option<u64>,
    ) -> Result<Policy> {
        let scope = self
            .policy_scope(caller, Action::ManagePolicies, customer)
            .await?;
        // Whether it is there comes before what is wrong with the form.
        self.policy(caller, customer, id).await?;
        let policy = self.policy_of(caller, customer, id, form)?;
        self.storage
            .change_policy(&scope, &caller.act(self), policy, seen)
            .await?;
        self.forget_copies();
        self.policy(caller, customer, id).await
    }

    /// Deletes a policy. Devices that have it go back to what their group tag names.
    pub async fn delete_policy(
        &self,
        caller: &Caller,
        customer: OrganizationId,
        id: PolicyId,
        seen: Option<u64>,
    ) -> Result<()> {
        let scope = self
            .policy_scope(caller, Action::ManagePolicies, customer)
            .await?;
        self.storage
            .delete_policy(&scope, &caller.act(self), customer, id, seen)
            .await?;
        self.forget_copies();
        Ok(())
    }

    /// Gives devices policies, or takes them away: all at once, each with its own result. The same
    /// request sent again answers what it answered before.
    pub async fn update_policies(
        &self,
        caller: &Caller,
        customer: OrganizationId,
        changes: Vec<PolicyChange>,
        request: Option<RequestId>,
    ) -> Result<PolicyUpdate> {
        let scope = self
            .policy_scope(caller, Action::ManagePolicies, customer)
            .await?;
        self.check_count(changes.len())?;
        let key = request.map(|request_id| RequestKey {
            request_id,
            digest: digest_of(customer, &changes),
        });
        let id = UploadId(self.uuid());
        let act = caller.act(self);
        Ok(self
            .storage
            .update_policies(&scope, &act, id, customer, key, changes)
            .await?)
    }

    /// Gives one device a policy, or takes it away; the answer is the device as it is then.
    pub async fn set_policy(
        &self,
        caller: &Caller,
        customer: OrganizationId,
        device: DeviceId,
        policy: Option<PolicyId>,
    ) -> Result<Device> {
        let change = PolicyChange {
            device: device.to_string(),
            device_id: Some(device),
            policy: Ok(policy),
        };
        let update = self
            .update_policies(caller, customer, vec![change], None)
            .await?;
        match update.results.first().and_then(|result| result.failure) {
            None => self.device(caller, customer, device).await,
            Some(PolicyFailure::NoSuchDevice) => Err(DeskError::NotFound),
            Some(PolicyFailure::NoSuchPolicy) => Err(no_such_policy()),
        }
    }

    fn policy_of(
        &self,
        caller: &Caller,
        customer: OrganizationId,
        id: PolicyId,
        form: &PolicyForm,
    ) -> Result<Policy> {
        Ok(Policy {
            id,
            customer_id: customer,
            party_id: caller.organization.id,
            name: parse_name(&form.name)?,
            description: parse_description(&form.description)?,
            settings: form.settings,
            version: 1,
            device_count: 0,
            created_at: self.now(),
            updated_at: self.now(),
        })
    }

    pub(crate) async fn policy_scope(
        &self,
        caller: &Caller,
        action: Action,
        customer: OrganizationId,
    ) -> Result<Scope> {
        let scope = caller.may(action)?;
        self.consenting_customer(&scope, customer).await?;
        Ok(scope)
    }
}

/// The id of the policy that a request makes: so the request is known again by it.
fn id_by_request(party: OrganizationId, customer: OrganizationId, request: RequestId) -> PolicyId {
    let mut canon = Canon::new("policy", customer);
    canon.add(&party.to_string()).add(&request.to_string());
    let digest = canon.digest();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    PolicyId(uuid::Builder::from_custom_bytes(bytes).into_uuid())
}

/// What a request made that came before; refused if it said something else then. Whoever has
/// changed the policy since has not changed that.
fn made_before(before: Policy, asked: &Policy) -> Result<Policy> {
    let form = |policy: &Policy| {
        (
            policy.name.clone(),
            policy.description.clone(),
            policy.settings,
        )
    };
    if before.version > 1 || form(&before) == form(asked) {
        Ok(before)
    } else {
        Err(StorageError::from(Refused::RequestIdReused).into())
    }
}

/// A policy was named that is none of the caller's for this customer.
pub(crate) fn no_such_policy() -> DeskError {
    DeskError::field(
        "policies",
        "There is no policy with this id for this customer (ZtdProfileIsNotRegistered).",
    )
}

fn digest_of(customer: OrganizationId, changes: &[PolicyChange]) -> [u8; 32] {
    let mut canon = Canon::new("policies", customer);
    for change in changes {
        let policy = match change.policy {
            Ok(Some(id)) => id.to_string(),
            Ok(None) => "none".to_owned(),
            Err(_) => "unknown".to_owned(),
        };
        canon.add(&change.device).add(&policy);
    }
    canon.digest()
}
