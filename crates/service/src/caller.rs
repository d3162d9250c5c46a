//! Who calls: a signed-in person in one request.

use registration::access::{Action, Actor, Scope, authorize};
use registration::audit::Act;
use registration::ids::{ClientId, RequestId};
use registration::organization::Organization;
use registration::user::User;
use storage::people::Member;

use crate::{Desk, Result};

/// A signed-in person in one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The person.
    pub user: User,
    /// Its organization.
    pub organization: Organization,
    /// The request, shown in answers and in the audit log.
    pub request_id: RequestId,
    /// The API client that acts in the person's name, for the audit log.
    pub client: Option<String>,
}

impl Caller {
    /// A caller out of a member, in this request.
    pub fn new(member: Member, request_id: RequestId) -> Self {
        Self {
            user: member.user,
            organization: member.organization,
            request_id,
            client: None,
        }
    }

    /// The same person, in whose name this API client acts. Names may come twice.
    #[must_use]
    pub(crate) fn through(self, name: &str, client: ClientId) -> Self {
        Self {
            client: Some(format!("API client {name} ({client})")),
            ..self
        }
    }

    /// The same, as the permission policy and the audit log know it.
    pub fn actor(&self) -> Actor {
        let mut actor = actor_of(&self.user, &self.organization);
        if let Some(client) = &self.client {
            actor.email = format!("{} by {client}", actor.email);
        }
        actor
    }

    /// Asks the permission policy.
    pub fn may(&self, action: Action) -> Result<Scope> {
        Ok(authorize(&self.actor(), action)?)
    }

    /// Whether the permission policy allows it: for what a page offers.
    pub fn can(&self, action: Action) -> bool {
        authorize(&self.actor(), action).is_ok()
    }

    pub(crate) fn act(&self, desk: &Desk) -> Act {
        desk.act(self.actor(), self.request_id)
    }
}

pub(crate) fn actor_of(user: &User, organization: &Organization) -> Actor {
    Actor {
        user_id: user.id,
        email: user.email.clone(),
        organization_id: organization.id,
        kind: organization.kind,
        role: user.role,
    }
}
