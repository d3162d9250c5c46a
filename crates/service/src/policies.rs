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
        let policy = self.policy_of(caller, customer, PolicyId(self.uuid()), form)?;
        let key = request.map(|id| key_of(id, "policy made", None, &policy));
        let act = caller.act(self);
        let id = self.storage.make_policy(&scope, &act, policy, key).await?;
        self.policy(caller, customer, id).await
    }

    /// Changes a policy; devices get it when they next ask. `changed` if it has another version
    /// than `seen` by now. With a request id, the same sent again changes nothing.
    pub async fn change_policy(
        &self,
        caller: &Caller,
        customer: OrganizationId,
        id: PolicyId,
        form: &PolicyForm,
        seen: Option<u64>,
        request: Option<RequestId>,
    ) -> Result<Policy> {
        let scope = self
            .policy_scope(caller, Action::ManagePolicies, customer)
            .await?;
        // Whether it is there comes before what is wrong with the form.
        self.policy(caller, customer, id).await?;
        let policy = self.policy_of(caller, customer, id, form)?;
        let key = request.map(|request| key_of(request, "policy changed", Some(id), &policy));
        self.storage
            .change_policy(&scope, &caller.act(self), policy, seen, key)
            .await?;
        self.forget_copies();
        self.policy(caller, customer, id).await
    }

    /// Deletes a policy. Devices that have it go back to what their group tag names. With a request
    /// id, the same sent again is answered the same way.
    pub async fn delete_policy(
        &self,
        caller: &Caller,
        customer: OrganizationId,
        id: PolicyId,
        seen: Option<u64>,
        request: Option<RequestId>,
    ) -> Result<()> {
        let scope = self
            .policy_scope(caller, Action::ManagePolicies, customer)
            .await?;
        let key = request.map(|request_id| {
            let mut canon = Canon::new("policy deleted", customer);
            canon.add(&id.to_string());
            RequestKey {
                request_id,
                digest: canon.digest(),
            }
        });
        self.storage
            .delete_policy(&scope, &caller.act(self), customer, id, seen, key)
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

    /// Gives one device a policy, or takes it away; the answer is the device as it is then. With a
    /// request id, the same sent again changes nothing.
    pub async fn set_policy(
        &self,
        caller: &Caller,
        customer: OrganizationId,
        device: DeviceId,
        policy: Option<PolicyId>,
        request: Option<RequestId>,
    ) -> Result<Device> {
        let change = PolicyChange {
            device: device.to_string(),
            device_id: Some(device),
            policy: Ok(policy),
        };
        let update = self
            .update_policies(caller, customer, vec![change], request)
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

/// How a request about a policy is known again: by what it does, to which, and the form.
fn key_of(request_id: RequestId, sort: &str, id: Option<PolicyId>, policy: &Policy) -> RequestKey {
    let mut canon = Canon::new(sort, policy.customer_id);
    canon
        .add(&id.map(|id| id.to_string()).unwrap_or_default())
        .add(&policy.name)
        .add(&policy.description)
        .add(&policy.settings.flags().to_string());
    RequestKey {
        request_id,
        digest: canon.digest(),
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
