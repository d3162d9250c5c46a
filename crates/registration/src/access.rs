//! The whole permission policy: who may do what, as one pure function, and the [`Scope`] without
//! which no query runs.

use serde::Serialize;
use thiserror::Error;

use crate::ids::{OrganizationId, UserId};
use crate::organization::OrganizationKind;
use crate::user::Role;

/// Who acts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Actor {
    /// The person.
    pub user_id: UserId,
    /// Its e-mail address, for the audit log.
    pub email: String,
    /// Its organization.
    pub organization_id: OrganizationId,
    /// The kind of that organization.
    pub kind: OrganizationKind,
    /// Its role there.
    pub role: Role,
}

/// What can be asked for. What an action reaches is narrowed further by the [`Scope`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// Create organizations and their first administrators; see them all.
    ManageOrganizations,
    /// Change deployment profiles and what each group tag names.
    ManageProfiles,
    /// Import into the device directory and look into it.
    ManageDirectory,
    /// Change the settings of the service.
    ManageSettings,
    /// See the people of one's own organization.
    ViewPeople,
    /// Add colleagues, change and shut their accounts.
    ManagePeople,
    /// Add API clients that act for one's own organization, and revoke them.
    ManageClients,
    /// Read the audit log as far as it concerns one's own organization.
    ViewActivity,
    /// See the customers one has or had a relationship with.
    ViewCustomers,
    /// Make and withdraw invitations.
    Invite,
    /// Withdraw from a relationship.
    Withdraw,
    /// See one's own uploads and batches.
    ViewUploads,
    /// Upload a device list for a customer who consented.
    AddDevices,
    /// See devices: one's own ones (customer), or those one registered (partner, OEM).
    ViewDevices,
    /// Change a device's group tag.
    ChangeGroupTag,
    /// Release a device.
    Deregister,
    /// See the partners and OEMs that registered or want to register for one's organization.
    ViewRelationships,
    /// Accept or decline an invitation, revoke a consent.
    Consent,
    /// Upload a list of one's own devices.
    RegisterOwnDevices,
    /// See the configuration policies that one's organization made for a customer.
    ViewPolicies,
    /// Make, change and delete them, and apply them to devices one registered.
    ManagePolicies,
    /// Let API clients of one's own organization act in one's own name, and end that.
    ApproveClients,
    /// See the deployment profiles of one's own organization, and its groups.
    ViewOwnProfiles,
    /// Make, change, delete and assign them.
    ManageOwnProfiles,
    /// See the corporate identifiers of one's own organization.
    ViewOwnIdentifiers,
    /// Add, change and delete them.
    ManageOwnIdentifiers,
    /// Register, through the OEM API, lines that each name their own customer, and see them.
    RunOperations,
    /// Report devices that one built into the device directory.
    ReportDevices,
}

impl Action {
    /// Every action.
    pub const ALL: [Self; 28] = [
        Self::ManageOrganizations,
        Self::ManageProfiles,
        Self::ManageDirectory,
        Self::ManageSettings,
        Self::ViewPeople,
        Self::ManagePeople,
        Self::ManageClients,
        Self::ViewActivity,
        Self::ViewCustomers,
        Self::Invite,
        Self::Withdraw,
        Self::ViewUploads,
        Self::AddDevices,
        Self::ViewDevices,
        Self::ChangeGroupTag,
        Self::Deregister,
        Self::ViewRelationships,
        Self::Consent,
        Self::RegisterOwnDevices,
        Self::ViewPolicies,
        Self::ManagePolicies,
        Self::ApproveClients,
        Self::ViewOwnProfiles,
        Self::ManageOwnProfiles,
        Self::ViewOwnIdentifiers,
        Self::ManageOwnIdentifiers,
        Self::RunOperations,
        Self::ReportDevices,
    ];

    /// The roles that may do this, as the policy has it (registration.md, section 1: sales agents
    /// add devices, admin agents also apply profiles; only global administrators consent).
    pub fn roles(self) -> &'static [Role] {
        use Role::{AdminAgent, Administrator, GlobalAdministrator, Reader, SalesAgent};
        match self {
            Self::ManageOrganizations
            | Self::ManageProfiles
            | Self::ManageDirectory
            | Self::ManageSettings => &[Administrator],
            Self::ViewPeople | Self::ViewActivity | Self::ApproveClients => &Role::ALL,
            Self::ManagePeople | Self::ManageClients => {
                &[Administrator, AdminAgent, GlobalAdministrator]
            }
            Self::ViewCustomers
            | Self::Invite
            | Self::AddDevices
            | Self::ViewPolicies
            | Self::RunOperations
            | Self::ReportDevices => &[AdminAgent, SalesAgent],
            Self::Withdraw | Self::ManagePolicies => &[AdminAgent],
            Self::ViewUploads | Self::ViewDevices => {
                &[AdminAgent, SalesAgent, GlobalAdministrator, Reader]
            }
            Self::ChangeGroupTag | Self::Deregister => &[AdminAgent, GlobalAdministrator],
            Self::ViewRelationships | Self::ViewOwnProfiles | Self::ViewOwnIdentifiers => {
                &[GlobalAdministrator, Reader]
            }
            Self::Consent
            | Self::RegisterOwnDevices
            | Self::ManageOwnProfiles
            | Self::ManageOwnIdentifiers => &[GlobalAdministrator],
        }
    }
}

/// Whether organizations of this kind ever do this, whatever their roles: an OEM's channel makes no
/// profiles, and is the OEMs' alone (api.md, section 7).
fn is_for(action: Action, kind: OrganizationKind) -> bool {
    match action {
        Action::ViewPolicies | Action::ManagePolicies => kind == OrganizationKind::Partner,
        Action::RunOperations | Action::ReportDevices => kind == OrganizationKind::Oem,
        _ => true,
    }
}

/// Why an action was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Refusal {
    /// Nobody of such an organization ever does this: to the caller it does not exist.
    #[error("There is nothing here.")]
    NotForThisKind,
    /// Somebody else of the same organization may.
    #[error("Your role does not allow this. {} of your organization can do it.", needed(*.0, *.1))]
    NeedsRole(Action, OrganizationKind),
}

/// The roles that may, of those that such an organization has.
fn needed(action: Action, kind: OrganizationKind) -> String {
    let titles: Vec<_> = action
        .roles()
        .iter()
        .filter(|role| Role::of_kind(kind).contains(role))
        .map(|role| format!("A {}", role.title().to_lowercase()))
        .map(|title| title.replace("A a", "An a"))
        .collect();
    titles.join(" or ").replace(" or A", " or a")
}

/// What a query may see: the data of one organization, seen from its side. Only this module
/// makes one, so a query without a permission does not compile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scope {
    organization_id: OrganizationId,
    kind: OrganizationKind,
}

impl Scope {
    /// The organization whose side it is.
    pub fn organization_id(&self) -> OrganizationId {
        self.organization_id
    }

    /// The kind of that organization: an operator sees organizations, a partner or OEM what it
    /// did, a customer what is its own.
    pub fn kind(&self) -> OrganizationKind {
        self.kind
    }
}

/// The policy: may `actor` do `action`, and what does it see then.
pub fn authorize(actor: &Actor, action: Action) -> Result<Scope, Refusal> {
    let kind_may = Role::of_kind(actor.kind)
        .iter()
        .any(|role| action.roles().contains(role));
    if !kind_may || !is_for(action, actor.kind) {
        return Err(Refusal::NotForThisKind);
    }
    if !Role::of_kind(actor.kind).contains(&actor.role) || !action.roles().contains(&actor.role) {
        return Err(Refusal::NeedsRole(action, actor.kind));
    }
    Ok(Scope {
        organization_id: actor.organization_id,
        kind: actor.kind,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Timestamp;
    use crate::ids::{SeededEntropy, uuid_v7};

    fn actor(kind: OrganizationKind, role: Role) -> Actor {
        let id = uuid_v7(Timestamp(1), &SeededEntropy::new(1));
        let email = "ada@contoso.example".to_owned();
        Actor {
            user_id: UserId(id),
            email,
            organization_id: OrganizationId(id),
            kind,
            role,
        }
    }

    #[test]
    fn only_global_administrators_consent_and_the_others_are_told_so() {
        let admin = actor(OrganizationKind::Customer, Role::GlobalAdministrator);
        assert!(authorize(&admin, Action::Consent).is_ok());
        let reader = actor(OrganizationKind::Customer, Role::Reader);
        for action in [
            Action::Consent,
            Action::ChangeGroupTag,
            Action::ManagePeople,
        ] {
            let refused = authorize(&reader, action).expect_err("a reader");
            assert_eq!(
                refused.to_string(),
                "Your role does not allow this. A global administrator of your organization can do it."
            );
        }
    }

    #[test]
    fn what_a_kind_never_does_does_not_exist_for_it() {
        let partner = actor(OrganizationKind::Partner, Role::AdminAgent);
        assert_eq!(
            authorize(&partner, Action::Consent),
            Err(Refusal::NotForThisKind)
        );
        let operator = actor(OrganizationKind::Operator, Role::Administrator);
        assert_eq!(
            authorize(&operator, Action::ViewDevices),
            Err(Refusal::NotForThisKind)
        );
    }

    #[test]
    fn policies_are_the_partners_and_its_admin_agents_change_them() {
        let oem = actor(OrganizationKind::Oem, Role::AdminAgent);
        for action in [Action::ViewPolicies, Action::ManagePolicies] {
            assert_eq!(authorize(&oem, action), Err(Refusal::NotForThisKind));
        }
        let sales = actor(OrganizationKind::Partner, Role::SalesAgent);
        assert!(authorize(&sales, Action::ViewPolicies).is_ok());
        assert_eq!(
            authorize(&sales, Action::ManagePolicies),
            Err(Refusal::NeedsRole(
                Action::ManagePolicies,
                OrganizationKind::Partner
            ))
        );
    }

    #[test]
    fn a_customers_own_profiles_are_read_by_readers_and_changed_by_administrators() {
        let reader = actor(OrganizationKind::Customer, Role::Reader);
        let administrator = actor(OrganizationKind::Customer, Role::GlobalAdministrator);
        let partner = actor(OrganizationKind::Partner, Role::AdminAgent);
        for (view, manage) in [
            (Action::ViewOwnProfiles, Action::ManageOwnProfiles),
            (Action::ViewOwnIdentifiers, Action::ManageOwnIdentifiers),
        ] {
            assert!(authorize(&reader, view).is_ok() && authorize(&administrator, manage).is_ok());
            assert_eq!(
                authorize(&reader, manage),
                Err(Refusal::NeedsRole(manage, OrganizationKind::Customer))
            );
            assert_eq!(authorize(&partner, view), Err(Refusal::NotForThisKind));
        }
    }

    #[test]
    fn the_oem_s_channel_is_the_oems_alone() {
        let oem = actor(OrganizationKind::Oem, Role::SalesAgent);
        let partner = actor(OrganizationKind::Partner, Role::AdminAgent);
        for action in [Action::RunOperations, Action::ReportDevices] {
            assert!(authorize(&oem, action).is_ok());
            assert_eq!(authorize(&partner, action), Err(Refusal::NotForThisKind));
        }
    }

    #[test]
    fn a_role_of_another_kind_opens_nothing() {
        let odd = actor(OrganizationKind::Customer, Role::AdminAgent);
        for action in Action::ALL {
            assert!(authorize(&odd, action).is_err(), "{action:?}");
        }
    }

    #[test]
    fn the_scope_is_the_actors_own_organization() {
        let partner = actor(OrganizationKind::Partner, Role::SalesAgent);
        let scope = authorize(&partner, Action::AddDevices).expect("may");
        assert_eq!(scope.organization_id(), partner.organization_id);
        assert_eq!(scope.kind(), OrganizationKind::Partner);
    }
}
