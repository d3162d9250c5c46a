//! A partner's or OEM's customers.

use registration::access::Action;
use registration::ids::OrganizationId;
use registration::organization::Organization;
use storage::relationships::RelationshipView;

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

impl Desk {
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

    /// One customer, whatever became of the relationship.
    pub async fn customer(&self, caller: &Caller, id: OrganizationId) -> Result<CustomerView> {
        let all = self.customers(caller, "").await?;
        all.into_iter()
            .find(|view| view.organization.id == id)
            .ok_or(DeskError::NotFound)
    }
}
