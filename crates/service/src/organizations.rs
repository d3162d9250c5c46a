//! Organizations and the first set-up.

use registration::access::Action;
use registration::ids::{OrganizationId, RequestId};
use registration::organization::{Organization, OrganizationKind, parse_domain, parse_name};
use registration::user::{Role, check_password};
use storage::Page;
use uuid::Uuid;

use crate::caller::actor_of;
use crate::people::PersonForm;
use crate::secret::Secret;
use crate::{Caller, Desk, DeskError, Result};

/// What a form says about a new organization.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OrganizationForm {
    /// Its name.
    pub name: String,
    /// Its domain.
    pub domain: String,
    /// Its first administrator.
    pub administrator: PersonForm,
}

impl Desk {
    /// Whether the service has its operator.
    pub async fn is_set_up(&self) -> Result<bool> {
        Ok(self.storage.is_set_up().await?)
    }

    /// A fresh one-time link for the first operator; earlier ones are spent.
    pub async fn offer_set_up(&self) -> Result<Secret> {
        let (secret, link) = self.new_link();
        self.storage.offer_set_up(link).await?;
        Ok(secret)
    }

    /// Whether this set-up link still holds.
    pub async fn set_up_link_holds(&self, link: &Secret) -> Result<bool> {
        Ok(self
            .storage
            .set_up_link_holds(link.digest(), self.now())
            .await?)
    }

    /// Sets the service up: the operator organization and its first administrator.
    pub async fn set_up(
        &self,
        link: &Secret,
        form: &OrganizationForm,
        password: &str,
        request_id: RequestId,
    ) -> Result<()> {
        let operator = self.new_organization(form, OrganizationKind::Operator)?;
        let role = Role::first_of(OrganizationKind::Operator);
        let person = self.new_user(&form.administrator, role)?;
        check_password(password)?;
        let hash = self.hash_password(password).await?;
        let user = person.clone().into_user(operator.id, self.now());
        let act = self.act(actor_of(&user, &operator), request_id);
        Ok(self
            .storage
            .set_up(&act, link.digest(), operator, person, hash)
            .await?)
    }

    /// Creates an organization; the answer holds it and the secret of its first administrator's
    /// one-time link.
    pub async fn create_organization(
        &self,
        caller: &Caller,
        kind: OrganizationKind,
        form: &OrganizationForm,
    ) -> Result<(Organization, Secret)> {
        let scope = caller.may(Action::ManageOrganizations)?;
        if kind == OrganizationKind::Operator {
            return Err(DeskError::field("kind", "Choose partner, OEM or customer."));
        }
        let organization = self.new_organization(form, kind)?;
        let person = self.new_user(&form.administrator, Role::first_of(kind))?;
        let (secret, link) = self.new_link();
        let act = caller.act(self);
        self.storage
            .create_organization(&scope, &act, organization.clone(), person, link)
            .await?;
        Ok((organization, secret))
    }

    /// Organizations, newest first, narrowed by kind and by a part of name or domain.
    pub async fn organizations(
        &self,
        caller: &Caller,
        kind: Option<OrganizationKind>,
        search: &str,
        before: Option<Uuid>,
        limit: usize,
    ) -> Result<Page<Organization>> {
        let scope = caller.may(Action::ManageOrganizations)?;
        let search = search.trim().to_lowercase();
        Ok(self
            .storage
            .organizations(&scope, kind, &search, before, limit)
            .await?)
    }

    /// One organization, for the operator.
    pub async fn organization(&self, caller: &Caller, id: OrganizationId) -> Result<Organization> {
        let scope = caller.may(Action::ManageOrganizations)?;
        self.storage
            .organization(&scope, id)
            .await?
            .ok_or(DeskError::NotFound)
    }

    fn new_organization(
        &self,
        form: &OrganizationForm,
        kind: OrganizationKind,
    ) -> Result<Organization> {
        Ok(Organization {
            id: self.new_organization_id(),
            kind,
            name: parse_name(&form.name)?,
            domain: parse_domain(&form.domain)?,
            created_at: self.now(),
        })
    }
}
