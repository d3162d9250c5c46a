//! The registration desk over a test's database, beside the server: to lay the ground quickly and
//! to look at what is stored.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use registration::audit::AuditLine;
use registration::clock::{Clock, Timestamp};
use registration::device::Device;
use registration::ids::{Entropy, OrganizationId, UploadId};
use registration::organization::OrganizationKind;
use registration::upload::{Upload, UploadRowResult};
use service::consent::InvitationForm;
use service::desk::Limits;
use service::devices::DeviceQuery;
use service::organizations::OrganizationForm;
use service::people::PersonForm;
use service::{Caller, Desk};
use storage::uploads::RowFilter;
use tokio::runtime::Runtime;

/// The password of everybody here.
pub(crate) const PASSWORD: &str = "correct horse battery staple";

struct WallClock;

impl Clock for WallClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "whole-product tests run in real time"
    )]
    fn now(&self) -> Timestamp {
        let since = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .expect("after 1970");
        Timestamp(i64::try_from(since.as_micros()).expect("before the year 294,000"))
    }
}

struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("random bytes");
    }
}

/// An organization and its administrator.
#[derive(Debug, Clone)]
pub(crate) struct Member {
    pub(crate) caller: Caller,
    pub(crate) email: String,
}

impl Member {
    /// Its organization.
    pub(crate) fn organization(&self) -> OrganizationId {
        self.caller.organization.id
    }
}

/// A desk and the operator who set it up.
pub(crate) struct Ground {
    runtime: Runtime,
    desk: Arc<Desk>,
    operator: Caller,
}

impl Ground {
    /// Migrates the database and sets up the first operator.
    pub(crate) fn lay(url: &str) -> Self {
        let runtime = Runtime::new().expect("a runtime");
        let (desk, operator) = runtime.block_on(async {
            let storage = storage::open(url).await.expect("the database opens");
            storage.migrate(WallClock.now()).await.expect("it migrates");
            let limits = Limits::default();
            let desk = Desk::new(
                storage,
                Arc::new(WallClock),
                Arc::new(SystemEntropy),
                limits,
            );
            let link = desk.offer_set_up().await.expect("a link");
            let form = organization_form("Registry", "ada");
            desk.set_up(&link, &form, PASSWORD, desk.request_id())
                .await
                .expect("set up");
            let operator = caller(&desk, "ada@registry.example").await;
            (desk, operator)
        });
        Self {
            runtime,
            desk,
            operator,
        }
    }

    /// The operator.
    pub(crate) fn operator(&self) -> Member {
        Member {
            email: self.operator.user.email.clone(),
            caller: self.operator.clone(),
        }
    }

    /// A new organization whose administrator has chosen a password.
    pub(crate) fn organization(&self, kind: OrganizationKind, name: &str) -> Member {
        self.runtime.block_on(async {
            let form = organization_form(name, "admin");
            let made = self
                .desk
                .create_organization(&self.operator, kind, &form)
                .await;
            let (_, link) = made.expect("the organization is made");
            let request = self.desk.request_id();
            let set = self.desk.set_password(&link, PASSWORD, request).await;
            let email = set.expect("the password is set").user.email;
            let caller = caller(&self.desk, &email).await;
            Member { caller, email }
        })
    }

    /// The customer consents to the party.
    pub(crate) fn consent(&self, party: &Member, customer: &Member) {
        self.runtime.block_on(async {
            let form = InvitationForm {
                customer_label: customer.caller.organization.name.clone(),
                ..InvitationForm::default()
            };
            let invitation = self
                .desk
                .invite(&party.caller, &form)
                .await
                .expect("invited");
            let token = &invitation.token;
            let accepted = self
                .desk
                .accept_invitation(&customer.caller, token, true, "")
                .await;
            accepted.expect("accepted");
        });
    }

    /// The upload as its party sees it.
    pub(crate) fn upload(&self, party: &Member, id: UploadId) -> Upload {
        let found = self.runtime.block_on(self.desk.upload(&party.caller, id));
        found.expect("the upload is there").upload
    }

    /// The saved uploads of a party for a customer.
    pub(crate) fn uploads(&self, party: &Member, customer: &Member) -> Vec<Upload> {
        let listed = self.runtime.block_on(self.desk.uploads(
            &party.caller,
            customer.organization(),
            None,
            1000,
        ));
        listed.expect("the uploads are listed").items
    }

    /// Every row of an upload.
    pub(crate) fn rows(&self, party: &Member, id: UploadId) -> Vec<UploadRowResult> {
        let filter = RowFilter::All;
        let read = self
            .desk
            .upload_rows(&party.caller, id, filter, 0, 1_000_000);
        self.runtime.block_on(read).expect("the rows are read")
    }

    /// Every device of a customer.
    pub(crate) fn devices(&self, customer: &Member) -> Vec<Device> {
        let mut all = Vec::new();
        let mut before = None;
        loop {
            let query = DeviceQuery::default();
            let id = customer.organization();
            let page = self
                .desk
                .devices(&customer.caller, id, &query, before, 5000);
            let page = self.runtime.block_on(page).expect("the devices are listed");
            all.extend(page.items);
            before = page.next;
            if before.is_none() {
                return all;
            }
        }
    }

    /// The audit lines about an upload.
    pub(crate) fn activity(&self, party: &Member, upload: UploadId) -> Vec<AuditLine> {
        let target = Some(upload.0);
        let read = self
            .desk
            .activity(&party.caller, None, target, None, 100_000);
        self.runtime
            .block_on(read)
            .expect("the activity is read")
            .items
    }
}

async fn caller(desk: &Desk, email: &str) -> Caller {
    let request = desk.request_id();
    let session = desk
        .sign_in(email, PASSWORD, request)
        .await
        .expect("signs in");
    desk.caller(&session, request).await.expect("is signed in")
}

fn organization_form(name: &str, person: &str) -> OrganizationForm {
    let domain = format!("{}.example", name.to_lowercase().replace(' ', "-"));
    OrganizationForm {
        name: name.to_owned(),
        administrator: PersonForm {
            email: format!("{person}@{domain}"),
            name: format!("{person} of {name}"),
        },
        domain,
    }
}
