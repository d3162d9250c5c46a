//! A desk with an operator, two partners, an OEM and two customers.

use std::sync::Arc;

use registration::clock::{FixedClock, Timestamp};
use registration::ids::SeededEntropy;
use registration::organization::Organization;
use registration::organization::OrganizationKind::{self, Customer, Oem, Partner};
use registration::user::Role;
use service::consent::InvitationForm;
use service::jobs::JobRunner;
use service::organizations::OrganizationForm;
use service::people::PersonForm;
use service::secret::Secret;
use service::{Caller, Desk, Limits};
use tempfile::TempDir;
use tokio::sync::watch;

pub(crate) const PASSWORD: &str = "correct horse battery";

pub(crate) struct World {
    pub(crate) desk: Arc<Desk>,
    pub(crate) clock: Arc<FixedClock>,
    pub(crate) operator: Caller,
    pub(crate) partner: Caller,
    pub(crate) rival: Caller,
    pub(crate) oem: Caller,
    pub(crate) customer: Caller,
    pub(crate) other_customer: Caller,
    _stop: watch::Sender<bool>,
    runner: JobRunner,
    _folder: TempDir,
}

impl World {
    pub(crate) async fn new() -> Self {
        let folder = TempDir::new().expect("a folder");
        let url = format!("sqlite:{}", folder.path().join("enlist.db").display());
        let storage = storage::open(&url).await.expect("a database");
        let clock = Arc::new(FixedClock::new(Timestamp(1_795_342_500_000_000)));
        storage
            .migrate(Timestamp(1_795_342_500_000_000))
            .await
            .expect("migrated");
        let entropy = Arc::new(SeededEntropy::new(1));
        let limits = Limits {
            chunk_rows: 3,
            operation_lines: 3000,
            ..Limits::default()
        };
        let desk = Desk::new(storage, Arc::clone(&clock) as _, entropy, limits);
        let operator = set_up(&desk).await;
        let (stop, stopped) = watch::channel(false);
        let runner = JobRunner::new(Arc::clone(&desk), stopped);
        Self {
            partner: member(&desk, &operator, Partner, "fabrikam").await,
            rival: member(&desk, &operator, Partner, "rival").await,
            oem: member(&desk, &operator, Oem, "tailspin").await,
            customer: member(&desk, &operator, Customer, "contoso").await,
            other_customer: member(&desk, &operator, Customer, "northwind").await,
            desk,
            clock,
            operator,
            _stop: stop,
            runner,
            _folder: folder,
        }
    }

    pub(crate) async fn work_off(&self) {
        self.runner.work_off().await.expect("jobs");
    }

    pub(crate) async fn consent(&self, party: &Caller, customer: &Caller) {
        let form = InvitationForm {
            customer_label: "New".into(),
            ..InvitationForm::default()
        };
        let invitation = self.desk.invite(party, &form).await.expect("an invitation");
        let accepted = self
            .desk
            .accept_invitation(customer, &invitation.token, true, "")
            .await;
        accepted.expect("accepted");
    }
}

async fn set_up(desk: &Desk) -> Caller {
    let link = desk.offer_set_up().await.expect("a link");
    let form = form("Operations", "ops.example");
    desk.set_up(&link, &form, PASSWORD, desk.request_id())
        .await
        .expect("set up");
    sign_in(desk, "admin@ops.example").await
}

pub(crate) async fn sign_in(desk: &Desk, email: &str) -> Caller {
    let session = desk
        .sign_in(email, PASSWORD, desk.request_id())
        .await
        .expect("signed in");
    desk.caller(&session, desk.request_id())
        .await
        .expect("a caller")
}

fn form(name: &str, domain: &str) -> OrganizationForm {
    let email = format!("admin@{domain}");
    let administrator = PersonForm {
        email,
        name: "Ada Admin".into(),
    };
    OrganizationForm {
        name: name.into(),
        domain: domain.into(),
        administrator,
    }
}

async fn member(desk: &Desk, operator: &Caller, kind: OrganizationKind, name: &str) -> Caller {
    let domain = format!("{name}.example");
    let (_, link): (Organization, Secret) = desk
        .create_organization(operator, kind, &form(name, &domain))
        .await
        .expect("created");
    desk.set_password(&link, PASSWORD, desk.request_id())
        .await
        .expect("a password");
    sign_in(desk, &format!("admin@{domain}")).await
}

pub(crate) async fn colleague(desk: &Desk, administrator: &Caller, role: Role) -> Caller {
    let email = format!("{}@{}", role.as_str(), administrator.organization.domain);
    let form = PersonForm {
        email: email.clone(),
        name: "Grace".into(),
    };
    let link = desk
        .add_person(administrator, &form, role)
        .await
        .expect("added");
    desk.set_password(&link, PASSWORD, desk.request_id())
        .await
        .expect("a password");
    sign_in(desk, &email).await
}
