//! A partner's or OEM's customers.

use registration::access::Action;
use registration::ids::{OrganizationId, RelationshipId, RequestId};
use registration::organization::Organization;
use storage::relationships::RelationshipView;
use storage::submissions::RequestKey;

use crate::register::Canon;
use crate::{Caller, Desk, DeskError, Result};

/// One customer as a party sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomerView {
    /// The customer.
    pub organization: Organization,
    /// The relationship, the latest if there were several.
    pub relationship: RelationshipView,
    /// Whether it is active now.
    pub active: bool,
}

/// Which customers are listed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CustomerFilter {
    /// Those whose name begins with this, whatever the case.
    pub name: Option<String>,
    /// Those whose domain begins with this.
    pub domain: Option<String>,
}

impl CustomerFilter {
    fn admits(&self, customer: &Organization) -> bool {
        let begins = |wanted: &Option<String>, text: &str| {
            let text = text.to_lowercase();
            wanted
                .as_ref()
                .is_none_or(|begin| text.starts_with(&begin.to_lowercase()))
        };
        begins(&self.name, &customer.name) && begins(&self.domain, &customer.domain)
    }
}

/// Where a page of customers ended: the last one's name in lower case, and its id.
pub type CustomerPlace = (String, OrganizationId);

impl Desk {
    /// Customers who consent now, by name, those behind `after`, at most `limit`; and where the
    /// next page begins, if there is one.
    pub async fn active_customers(
        &self,
        caller: &Caller,
        filter: &CustomerFilter,
        after: Option<&CustomerPlace>,
        limit: usize,
    ) -> Result<(Vec<CustomerView>, Option<CustomerPlace>)> {
        let place = |view: &CustomerView| {
            let organization = &view.organization;
            (organization.name.to_lowercase(), organization.id)
        };
        let mut found = self.customers(caller, "").await?;
        found.retain(|view| view.active && filter.admits(&view.organization));
        found.retain(|view| after.is_none_or(|after| place(view) > *after));
        found.sort_by_key(place);
        let more = found.len() > limit;
        found.truncate(limit);
        let next = found.last().map(place).filter(|_| more);
        Ok((found, next))
    }

    /// The customers that consented at some time, one line each, narrowed by a part of name or
    /// domain. The latest relationship counts.
    pub async fn customers(&self, caller: &Caller, search: &str) -> Result<Vec<CustomerView>> {
        let scope = caller.may(Action::ViewCustomers)?;
        let search = search.trim().to_lowercase();
        let mut customers: Vec<CustomerView> = Vec::new();
        for view in self.storage.relationships(&scope, &search).await? {
            let active = view.relationship.is_active(self.now());
            let known = customers
                .iter_mut()
                .find(|known| known.organization.id == view.customer.id);
            match known {
                Some(known) if active && !known.active => {
                    *known = CustomerView {
                        active,
                        relationship: view,
                        ..known.clone()
                    };
                }
                Some(_) => {}
                None => customers.push(CustomerView {
                    organization: view.customer.clone(),
                    relationship: view,
                    active,
                }),
            }
        }
        Ok(customers)
    }

    /// The partner or OEM withdraws from a customer; where it is withdrawn, it stays so. With a
    /// request id, the same sent again has no second effect, whatever the customer consented to since.
    pub async fn withdraw_from(
        &self,
        caller: &Caller,
        customer: OrganizationId,
        request: Option<RequestId>,
    ) -> Result<CustomerView> {
        let scope = caller.may(Action::Withdraw)?;
        let view = self.customer(caller, customer).await?;
        let standing = view.relationship.relationship.id;
        let mut meant = standing;
        if let Some(request_id) = request {
            let digest = Canon::new("withdrawn", customer).digest();
            let key = RequestKey { request_id, digest };
            let act = caller.act(self);
            let known = self.storage.remember_request(&scope, &act, key, standing.0);
            meant = RelationshipId(known.await?);
        }
        if view.active && meant == standing {
            self.withdraw(caller, standing).await?;
        }
        self.customer(caller, customer).await
    }

    /// One customer, whatever became of the relationship.
    pub async fn customer(&self, caller: &Caller, id: OrganizationId) -> Result<CustomerView> {
        let all = self.customers(caller, "").await?;
        all.into_iter()
            .find(|view| view.organization.id == id)
            .ok_or(DeskError::NotFound)
    }
}
