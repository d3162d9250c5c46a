//! What the tests of the faces stand on: the real router over a real `SQLite` file, and people of
//! every role.

use std::path::Path;
use std::sync::Arc;

use axum::Router;
use device_list::Dialect;
use device_list::sample::{self, SampleKind};
use registration::api_client::ApiScopes;
use registration::clock::{FixedClock, Timestamp};
use registration::ids::{OrganizationId, SeededEntropy, UploadId};
use registration::invitation::Invitation;
use registration::organization::{Organization, OrganizationKind};
use registration::user::Role;
use service::api_clients::ClientForm;
use service::consent::InvitationForm;
use service::jobs::JobRunner;
use service::oauth::{Endpoint, TokenForm, TokenRefusal, Tokens, Version};
use service::organizations::OrganizationForm;
use service::people::PersonForm;
use service::register::ListFile;
use service::secret::Secret;
use service::{Caller, Desk, Limits};
use tempfile::TempDir;

pub(crate) use crate::client::{Answer, Client};

/// The password of everybody.
pub(crate) const PASSWORD: &str = "correct horse battery staple";
/// Where people reach the portal.
pub(crate) const PUBLIC_URL: &str = "http://registry.example";
/// The tag most lists are sent with.
pub(crate) const TAG: &str = "Microsoft365Managed_Standard";
/// Noon of a day in 2026.
const NOON: Timestamp = Timestamp(1_795_348_800 * Timestamp::SECOND);

/// A running registry: everything but the network.
pub(crate) struct Registry {
    pub(crate) desk: Arc<Desk>,
    pub(crate) router: Router,
    pub(crate) clock: Arc<FixedClock>,
    folder: TempDir,
    runner: JobRunner,
    _stop: tokio::sync::watch::Sender<bool>,
}

impl Registry {
    /// An empty one.
    pub(crate) async fn empty() -> Self {
        let folder = tempfile::tempdir().expect("a folder for the database");
        Self::open(folder, 1).await
    }

    /// One that goes on where another stood: with a copy of its database.
    pub(crate) async fn copy_of(other: &Self, seed: u64) -> Self {
        let folder = tempfile::tempdir().expect("a folder for the database");
        for name in ["enlist.db", "enlist.db-wal"] {
            let from = other.folder.path().join(name);
            if from.exists() {
                std::fs::copy(&from, folder.path().join(name)).expect("a copy of the database");
            }
        }
        Self::open(folder, seed).await
    }

    /// An empty one in the database at this address.
    pub(crate) async fn at(url: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder that stays empty");
        Self::open_at(url, folder, 1).await
    }

    async fn open(folder: TempDir, seed: u64) -> Self {
        let url = address(folder.path());
        Self::open_at(&url, folder, seed).await
    }

    async fn open_at(url: &str, folder: TempDir, seed: u64) -> Self {
        let storage = storage::open(url).await;
        let storage = storage.expect("a database");
        storage.migrate(NOON).await.expect("the migrations apply");
        let clock = Arc::new(FixedClock::new(NOON));
        let desk = Desk::new(
            storage,
            Arc::clone(&clock) as _,
            Arc::new(SeededEntropy::new(seed)),
            Limits::default(),
        );
        let router = web::router(portal(&desk, web::PartnerCenter::default()));
        let (stop, stopped) = tokio::sync::watch::channel(false);
        Self {
            runner: JobRunner::new(Arc::clone(&desk), stopped),
            desk,
            router,
            clock,
            folder,
            _stop: stop,
        }
    }

    /// The same where the Partner Center API behaves like this.
    pub(crate) fn with_partner_center(mut self, partner_center: web::PartnerCenter) -> Self {
        self.router = web::router(portal(&self.desk, partner_center));
        self
    }

    /// Runs every job that waits.
    pub(crate) async fn work_off(&self) {
        self.runner.work_off().await.expect("the jobs run");
    }

    /// A client that nobody is signed in with.
    pub(crate) fn visitor(&self) -> Client {
        Client::new(self.router.clone())
    }

    /// A client with this person's session.
    pub(crate) fn client(&self, person: &Person) -> Client {
        let mut client = self.visitor();
        let session = person.session.reveal().to_owned();
        client.cookies.insert("enlist_session".to_owned(), session);
        client
    }

    /// An access token of an API client of this person's organization, with the person's role and
    /// every scope.
    pub(crate) async fn api_token(&self, person: &Person) -> String {
        let (client, secret) = self.api_client(person).await;
        let given = self.token("common", &client, &secret).await;
        given.expect("a token").access_token
    }

    /// An API client of this person's organization with the person's role: its id and secret.
    pub(crate) async fn api_client(&self, person: &Person) -> (String, String) {
        let mut administrator = person.caller.clone();
        administrator.user.role = Role::of_kind(administrator.organization.kind)[0];
        let form = ClientForm {
            name: "Stock system".to_owned(),
            role: person.caller.user.role.as_str().to_owned(),
            scopes: vec![ApiScopes::all().to_string()],
            days: 30,
            ..ClientForm::default()
        };
        let added = self.desk.add_api_client(&administrator, &form).await;
        let (client, secret) = added.expect("the client is added");
        let secret = secret.expect("its first secret");
        (client.id.to_string(), secret.secret.reveal().to_owned())
    }

    /// An access token for one scope alone.
    pub(crate) async fn token_for(&self, scope: &str, client: &str, secret: &str) -> String {
        let given = self.ask_token("common", client, secret, scope).await;
        given.expect("a token").access_token
    }

    /// Asks for a token by secret, for all that the client may.
    pub(crate) async fn token(
        &self,
        tenant: &str,
        client: &str,
        secret: &str,
    ) -> Result<Tokens, TokenRefusal> {
        let all = "https://graph.microsoft.com/.default";
        self.ask_token(tenant, client, secret, all).await
    }

    async fn ask_token(
        &self,
        tenant: &str,
        client: &str,
        secret: &str,
        scope: &str,
    ) -> Result<Tokens, TokenRefusal> {
        let at = Endpoint {
            base: PUBLIC_URL,
            tenant,
            version: Version::V2,
            request_id: self.desk.request_id(),
        };
        let form = TokenForm {
            grant_type: "client_credentials".to_owned(),
            client_id: client.to_owned(),
            client_secret: Some(secret.to_owned()),
            scope: scope.to_owned(),
            ..TokenForm::default()
        };
        self.desk.token(&at, &form).await
    }

    /// Sets the service up; the answer is its operator.
    pub(crate) async fn operator(&self) -> Person {
        let link = self.desk.offer_set_up().await.expect("a set-up link");
        let form = organization_form("Registry Operations", "registry.example", "mara");
        self.desk
            .set_up(&link, &form, PASSWORD, self.desk.request_id())
            .await
            .expect("the service is set up");
        self.sign_in("mara@registry.example").await
    }

    /// An organization with its first administrator.
    pub(crate) async fn organization(
        &self,
        operator: &Person,
        kind: OrganizationKind,
        name: &str,
        domain: &str,
    ) -> Person {
        let form = organization_form(name, domain, "admin");
        let (_, link) = self
            .desk
            .create_organization(&operator.caller, kind, &form)
            .await
            .expect("the organization is created");
        self.welcome(&link, &form.administrator.email).await
    }

    /// A colleague of this administrator.
    pub(crate) async fn colleague(&self, administrator: &Person, role: Role) -> Person {
        let domain = &administrator.caller.organization.domain;
        let form = person_form(role.as_str(), domain);
        let link = self
            .desk
            .add_person(&administrator.caller, &form, role)
            .await
            .expect("the colleague is added");
        self.welcome(&link, &form.email).await
    }

    async fn welcome(&self, link: &Secret, email: &str) -> Person {
        self.desk
            .set_password(link, PASSWORD, self.desk.request_id())
            .await
            .expect("the password is set");
        self.sign_in(email).await
    }

    async fn sign_in(&self, email: &str) -> Person {
        let request = self.desk.request_id();
        let session = self.desk.sign_in(email, PASSWORD, request).await;
        let session = session.expect("the person signs in");
        let caller = self.desk.caller(&session, request).await;
        Person {
            caller: caller.expect("the session holds"),
            session,
        }
    }

    /// The party asks, for this customer alone.
    pub(crate) async fn invite(&self, party: &Person, customer: &Person) -> Invitation {
        let form = InvitationForm {
            customer_label: customer.organization().name.clone(),
            customer_domain: customer.organization().domain.clone(),
            delegated_administration: false,
        };
        let made = self.desk.invite(&party.caller, &form).await;
        made.expect("the invitation is made")
    }

    /// The party asks and the customer consents.
    pub(crate) async fn consent(&self, party: &Person, customer: &Person) {
        let token = self.invite(party, customer).await.token;
        self.desk
            .accept_invitation(&customer.caller, &token, true, "")
            .await
            .expect("the customer consents");
    }

    /// A draft of the party for the customer.
    pub(crate) async fn draft(
        &self,
        party: &Person,
        customer: &Person,
        file: ListFile,
    ) -> UploadId {
        self.desk
            .browse(&party.caller, customer.organization().id, TAG, file)
            .await
            .expect("the list is read")
    }

    /// A list of the party for the customer, saved and worked off.
    pub(crate) async fn register(
        &self,
        party: &Person,
        customer: &Person,
        file: ListFile,
    ) -> UploadId {
        let draft = self.draft(party, customer, file).await;
        let saved = self.desk.save(&party.caller, draft).await;
        saved.expect("the list is saved");
        self.work_off().await;
        draft
    }
}

fn portal(desk: &Arc<Desk>, partner_center: web::PartnerCenter) -> web::Portal {
    web::Portal {
        desk: Arc::clone(desk),
        public_url: PUBLIC_URL.to_owned(),
        calls: web::CallAllowance {
            burst: 1000,
            per_second: 20,
        },
        partner_center,
    }
}

fn address(folder: &Path) -> String {
    format!("sqlite:{}", folder.join("enlist.db").display())
}

fn organization_form(name: &str, domain: &str, person: &str) -> OrganizationForm {
    OrganizationForm {
        name: name.to_owned(),
        domain: domain.to_owned(),
        administrator: person_form(person, domain),
    }
}

fn person_form(name: &str, domain: &str) -> PersonForm {
    PersonForm {
        email: format!("{name}@{domain}"),
        name: format!("{name} of {domain}"),
    }
}

/// Sample devices as a Partner Center list.
pub(crate) fn sample_list(kind: SampleKind, seed: u64, count: usize) -> ListFile {
    let mut bytes = Vec::new();
    sample::list(Dialect::PartnerCenter, kind, seed, count, &mut bytes)
        .expect("the layout carries them");
    ListFile {
        name: "devices.csv".to_owned(),
        bytes,
    }
}

/// Somebody who is signed in.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub(crate) caller: Caller,
    pub(crate) session: Secret,
}

impl Person {
    pub(crate) fn organization(&self) -> &Organization {
        &self.caller.organization
    }

    pub(crate) fn organization_id(&self) -> OrganizationId {
        self.caller.organization.id
    }
}
