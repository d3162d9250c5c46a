//! Whose devices a page is about: a partner's or OEM's customer, or the customer itself.

use registration::ids::OrganizationId;
use registration::organization::OrganizationKind;
use service::DeskError;

use crate::app::App;
use crate::portal::address::id;
use crate::portal::shell::Crumb;
use crate::session::SignedIn;

/// Whose devices, and where their pages are.
pub(super) struct Place {
    /// Whose devices.
    pub customer: OrganizationId,
    /// The name of that customer.
    pub name: String,
    /// Whether the customer itself looks at them.
    pub own: bool,
    /// Before `/devices` in the addresses of their pages: `/customers/{id}`, or nothing.
    pub base: String,
    /// The way to the list of devices.
    pub trail: Vec<Crumb>,
}

impl Place {
    /// A customer of the caller's.
    pub(super) async fn of_customer(
        app: &App,
        signed: &SignedIn,
        customer: &str,
    ) -> Result<Self, DeskError> {
        let view = app.desk.customer(&signed.caller, id(customer)?).await?;
        let customer = view.organization;
        let base = format!("/customers/{}", customer.id);
        Ok(Self {
            trail: vec![
                Crumb::new("/customers", "Customers"),
                Crumb::new(&base, &customer.name),
            ],
            customer: customer.id,
            name: customer.name,
            own: false,
            base,
        })
    }

    /// The caller's own organization, if it is a customer.
    pub(super) fn own(signed: &SignedIn) -> Result<Self, DeskError> {
        let organization = &signed.caller.organization;
        if organization.kind != OrganizationKind::Customer {
            return Err(DeskError::NotFound);
        }
        Ok(Self {
            customer: organization.id,
            name: organization.name.clone(),
            own: true,
            base: String::new(),
            trail: Vec::new(),
        })
    }

    /// The list of devices.
    pub(super) fn devices(&self) -> String {
        format!("{}/devices", self.base)
    }

    /// The way to one device: ends with the list.
    pub(super) fn trail_to_devices(&self) -> Vec<Crumb> {
        let mut trail = self.trail.clone();
        trail.push(Crumb::new(self.devices(), "Devices"));
        trail
    }
}
