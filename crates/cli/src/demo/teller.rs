//! What people do in the demo's story, each a few calls of the use cases.

use std::sync::Arc;

use registration::ids::OrganizationId;
use registration::profile::DeviceProfile;
use registration::user::Role;
use service::ask::Ask;
use service::consent::InvitationForm;
use service::jobs::JobRunner;
use service::organizations::OrganizationForm;
use service::people::PersonForm;
use service::register::ListFile;
use service::secret::Secret;
use service::{Caller, Desk};
use tokio::sync::watch;

use super::DemoClock;
use super::cast::{Member, OPERATOR, SignIn};
use super::lists;
use crate::exit::Failure;

pub(super) type Done<T = ()> = Result<T, Failure>;

/// What the telling needs.
pub(super) struct Teller<'a> {
    pub(super) desk: &'a Arc<Desk>,
    pub(super) clock: &'a DemoClock,
    pub(super) password: &'a str,
    pub(super) people: Vec<SignIn>,
}

impl Teller<'_> {
    /// The operator organization sets the service up.
    pub(super) async fn operator(&mut self) -> Done<Caller> {
        let link = self.desk.offer_set_up().await?;
        let (form, id) = (form_of(&OPERATOR), self.desk.request_id());
        self.desk.set_up(&link, &form, self.password, id).await?;
        let email = &form.administrator.email;
        let session = self
            .desk
            .sign_in(email, self.password, self.desk.request_id())
            .await?;
        self.note(&OPERATOR, OPERATOR.first, Role::first_of(OPERATOR.kind));
        Ok(self.desk.caller(&session, self.desk.request_id()).await?)
    }

    /// Creates an organization and its people; both set their passwords.
    pub(super) async fn member(
        &mut self,
        operator: &Caller,
        who: &Member,
    ) -> Done<(Caller, Option<Caller>)> {
        let form = form_of(who);
        let (_, link) = self
            .desk
            .create_organization(operator, who.kind, &form)
            .await?;
        let first = self.with_password(&link).await?;
        self.note(who, who.first, Role::first_of(who.kind));
        let Some((name, role)) = who.second else {
            return Ok((first, None));
        };
        let form = PersonForm {
            email: who.email(name),
            name: name.to_owned(),
        };
        let link = self.desk.add_person(&first, &form, role).await?;
        let second = self.with_password(&link).await?;
        self.note(who, name, role);
        Ok((first, Some(second)))
    }

    async fn with_password(&self, link: &Secret) -> Done<Caller> {
        let id = self.desk.request_id();
        Ok(Caller::new(
            self.desk.set_password(link, self.password, id).await?,
            id,
        ))
    }

    fn note(&mut self, who: &Member, person: &str, role: Role) {
        self.people.push(SignIn {
            email: who.email(person),
            role: role.title(),
            organization: who.name,
            kind: who.kind.title(),
        });
    }

    /// A party asks and the customer accepts.
    pub(super) async fn consent(&self, party: &Caller, customer: &Caller, delegated: bool) -> Done {
        let form = invitation_form(customer, delegated);
        let invitation = self.desk.invite(&self.now_as(party), &form).await?;
        let customer = self.now_as(customer);
        self.desk
            .accept_invitation(&customer, &invitation.token, true, "")
            .await?;
        Ok(())
    }

    /// A party registers a list for a customer, to the end.
    pub(super) async fn upload(
        &self,
        caller: &Caller,
        customer: OrganizationId,
        tag: &str,
        file: ListFile,
    ) -> Done {
        let caller = self.now_as(caller);
        let draft = self.desk.browse(&caller, customer, tag, file).await?;
        self.desk.save(&caller, draft).await?;
        self.work_off().await
    }

    /// A customer registers a list of its own, to the end.
    pub(super) async fn own_upload(&self, caller: &Caller, file: ListFile) -> Done {
        let caller = self.now_as(caller);
        let draft = self
            .desk
            .browse_own(&caller, DeviceProfile::Standard, false, file)
            .await?;
        self.desk.save(&caller, draft).await?;
        self.work_off().await
    }

    async fn work_off(&self) -> Done {
        let (_stop, stopping) = watch::channel(false);
        Ok(JobRunner::new(Arc::clone(self.desk), stopping)
            .work_off()
            .await?)
    }

    /// Devices ask for their profiles.
    pub(super) async fn asks(&self, devices: impl IntoIterator<Item = u64>) -> Done {
        for index in devices {
            let hash = lists::device(index).fresh_hash(1).to_padded_text();
            self.desk.ask(&Ask::Hash(hash)).await?;
        }
        Ok(self.desk.note_asked().await?)
    }

    /// The same person in a new request.
    pub(super) fn now_as(&self, caller: &Caller) -> Caller {
        Caller {
            request_id: self.desk.request_id(),
            ..caller.clone()
        }
    }
}

fn form_of(who: &Member) -> OrganizationForm {
    OrganizationForm {
        name: who.name.to_owned(),
        domain: who.domain.to_owned(),
        administrator: PersonForm {
            email: who.email(who.first),
            name: who.first.to_owned(),
        },
    }
}

pub(super) fn invitation_form(customer: &Caller, delegated_administration: bool) -> InvitationForm {
    InvitationForm {
        customer_label: customer.organization.name.clone(),
        customer_domain: customer.organization.domain.clone(),
        delegated_administration,
    }
}
