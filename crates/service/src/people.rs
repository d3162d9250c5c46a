//! One's colleagues, and the one-time links that set passwords.

use registration::access::Action;
use registration::ids::{OrganizationId, RequestId, UserId};
use registration::organization::parse_name;
use registration::user::{Role, User, check_password, parse_email};
use storage::organizations::{NewLink, NewUser};
use storage::people::Member;

use crate::caller::actor_of;
use crate::secret::Secret;
use crate::{Caller, Desk, DeskError, Result};

/// How long a one-time link holds, in hours.
pub const LINK_HOURS: i64 = 72;

/// What a form says about a new person.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PersonForm {
    /// E-mail address.
    pub email: String,
    /// Name.
    pub name: String,
}

impl Desk {
    /// The people of one's own organization.
    pub async fn people(&self, caller: &Caller) -> Result<Vec<User>> {
        Ok(self
            .storage
            .people(&caller.may(Action::ViewPeople)?)
            .await?)
    }

    /// Adds a colleague; the answer is the secret of the one-time link to send to them.
    pub async fn add_person(
        &self,
        caller: &Caller,
        form: &PersonForm,
        role: Role,
    ) -> Result<Secret> {
        let scope = caller.may(Action::ManagePeople)?;
        if !Role::of_kind(caller.organization.kind).contains(&role) {
            return Err(DeskError::field(
                "role",
                "Choose one of the roles of your organization.",
            ));
        }
        let person = self.new_user(form, role)?;
        let (secret, link) = self.new_link();
        self.storage
            .add_person(&scope, &caller.act(self), person, link)
            .await?;
        Ok(secret)
    }

    /// A new one-time link for a colleague (an operator: for anybody), who then sets a new
    /// password with it.
    pub async fn new_link_for(&self, caller: &Caller, person: UserId) -> Result<Secret> {
        let scope = caller.may(Action::ManagePeople)?;
        let (secret, link) = self.new_link();
        self.storage
            .make_link(&scope, &caller.act(self), person, link)
            .await?;
        Ok(secret)
    }

    /// Shuts or opens a colleague's account.
    pub async fn set_disabled(
        &self,
        caller: &Caller,
        person: UserId,
        disabled: bool,
    ) -> Result<()> {
        let scope = caller.may(Action::ManagePeople)?;
        Ok(self
            .storage
            .set_disabled(&scope, &caller.act(self), person, disabled)
            .await?)
    }

    /// Whose one-time link this is.
    pub async fn link_owner(&self, link: &Secret) -> Result<Member> {
        self.storage
            .link_owner(link.digest(), self.now())
            .await?
            .ok_or_else(|| storage::StorageError::from(storage::Refused::LinkSpent).into())
    }

    /// Sets a password through a one-time link, which is spent by it.
    pub async fn set_password(
        &self,
        link: &Secret,
        password: &str,
        request_id: RequestId,
    ) -> Result<Member> {
        let member = self.link_owner(link).await?;
        check_password(password)?;
        let hash = self.hash_password(password).await?;
        let act = self.act(actor_of(&member.user, &member.organization), request_id);
        self.storage.set_password(&act, link.digest(), hash).await?;
        Ok(member)
    }

    /// A new one-time link for whoever has this e-mail address, made at the server's console.
    pub async fn link_at_console(&self, email: &str) -> Result<Secret> {
        let credential = self.storage.credential(&parse_email(email)?).await?;
        let member = credential.ok_or(DeskError::NotFound)?.member;
        let act = self.act(
            actor_of(&member.user, &member.organization),
            self.request_id(),
        );
        let (secret, link) = self.new_link();
        self.storage
            .make_link_at_console(&act, member.user.id, link)
            .await?;
        Ok(secret)
    }

    pub(crate) fn new_user(&self, form: &PersonForm, role: Role) -> Result<NewUser> {
        let email = parse_email(&form.email)?;
        let name = parse_name(&form.name)
            .map_err(|error| DeskError::field("person_name", error.to_string()))?;
        Ok(NewUser {
            id: UserId(self.uuid()),
            email,
            name,
            role,
        })
    }

    pub(crate) fn new_link(&self) -> (Secret, NewLink) {
        let secret = Secret::generate(&*self.entropy);
        let expires_at = self.now().plus_seconds(LINK_HOURS * 3600);
        let link = NewLink {
            digest: secret.digest(),
            expires_at,
        };
        (secret, link)
    }

    pub(crate) fn new_organization_id(&self) -> OrganizationId {
        OrganizationId(self.uuid())
    }
}
