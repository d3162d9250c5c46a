//! What the tests share: a database of their own, and people who act in it.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use registration::access::{Action, Actor, Scope, authorize};
use registration::audit::Act;
use registration::clock::Timestamp;
use registration::ids::{
    BatchId, InvitationId, JobId, OrganizationId, RequestId, SeededEntropy, UploadId, UserId,
    uuid_v7,
};
use registration::invitation::{Invitation, InvitationState};
use registration::organization::{Organization, OrganizationKind};
use registration::upload::{
    OutcomeCounts, RowVerdict, Upload, UploadRow, UploadRowResult, UploadStatus,
};
use registration::user::Role;
use storage::Storage;
use storage::jobs::{JobKind, NewJob};
use storage::organizations::{NewLink, NewUser};
use storage::uploads::{Applied, RowFilter, Save};
use uuid::Uuid;

/// The tag that most tests register with.
pub(crate) const TAG: &str = "Microsoft365Managed_Standard";
/// Another one.
pub(crate) const OTHER_TAG: &str = "Microsoft365Managed_PowerUser";
/// When the tests begin: 22 November 2026.
pub(crate) const START: Timestamp = Timestamp(1_795_342_500_000_000);

static COUNTER: AtomicU64 = AtomicU64::new(0);

/// Runs a test on a new `SQLite` file.
pub(crate) async fn on_sqlite<F, T>(test: T)
where
    T: FnOnce(Arc<dyn Storage>) -> F,
    F: Future<Output = ()>,
{
    let folder = tempfile::tempdir().expect("a folder for the database");
    let url = format!("sqlite:{}", folder.path().join("registry.db").display());
    let store = storage::open(&url).await.expect("opens");
    store.migrate(START).await.expect("migrates");
    test(store).await;
}

/// Runs a test on a new `PostgreSQL` database, dropped afterwards.
pub(crate) async fn on_postgres<F, T>(test: T)
where
    T: FnOnce(Arc<dyn Storage>) -> F,
    F: Future<Output = ()>,
{
    let database = Database::create().await;
    let store = storage::open(&database.url).await.expect("opens");
    store.migrate(START).await.expect("migrates");
    test(store).await;
    database.drop().await;
}

/// A `PostgreSQL` database for one test.
pub(crate) struct Database {
    server: String,
    name: String,
    /// Where it is.
    pub(crate) url: String,
}

impl Database {
    /// Makes one on the server that `ENLIST_TEST_POSTGRES` names.
    pub(crate) async fn create() -> Self {
        let server = std::env::var("ENLIST_TEST_POSTGRES").expect(
            "ENLIST_TEST_POSTGRES is not set: run the tests by scripts/test, which starts a \
             PostgreSQL server for them",
        );
        let number = COUNTER.fetch_add(1, Ordering::Relaxed);
        let name = format!("enlist_test_{}_{number}", std::process::id());
        let (base, _) = server
            .rsplit_once('/')
            .expect("an address that ends in /DATABASE");
        let url = format!("{base}/{name}");
        run(&server, &format!("CREATE DATABASE {name}")).await;
        Self { server, name, url }
    }

    /// Drops it.
    pub(crate) async fn drop(self) {
        run(
            &self.server,
            &format!("DROP DATABASE {} WITH (FORCE)", self.name),
        )
        .await;
    }
}

async fn run(server: &str, statement: &str) {
    let connected = tokio_postgres::connect(server, tokio_postgres::NoTls).await;
    let (client, connection) = connected.expect("connects to ENLIST_TEST_POSTGRES");
    let line = tokio::spawn(connection);
    client
        .batch_execute(statement)
        .await
        .expect("the statement runs");
    drop(client);
    line.await
        .expect("the connection's task ends")
        .expect("the connection ends in peace");
}

/// Source of new ids, different in every call.
pub(crate) fn fresh() -> Uuid {
    let seed = COUNTER.fetch_add(1, Ordering::Relaxed);
    uuid_v7(START, &SeededEntropy::new(seed))
}

/// An id that is later than those of [`fresh`] for the same `seconds` or less.
pub(crate) fn fresh_at(seconds: i64) -> Uuid {
    let seed = COUNTER.fetch_add(1, Ordering::Relaxed);
    uuid_v7(START.plus_seconds(seconds), &SeededEntropy::new(seed))
}

/// 32 bytes that nothing else has.
pub(crate) fn digest() -> [u8; 32] {
    let mut bytes = [0; 32];
    registration::ids::Entropy::fill(
        &SeededEntropy::new(COUNTER.fetch_add(1, Ordering::Relaxed) ^ 0x00D1_6E57),
        &mut bytes,
    );
    bytes
}

/// A link that holds for an hour.
pub(crate) fn link() -> NewLink {
    NewLink {
        digest: digest(),
        expires_at: START.plus_seconds(3600),
    }
}

/// Somebody who acts for an organization.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub(crate) actor: Actor,
    pub(crate) organization: Organization,
}

impl Person {
    /// The highest role of a new organization; nothing is stored.
    pub(crate) fn of_kind(kind: OrganizationKind, name: &str) -> Self {
        let id = OrganizationId(fresh());
        let domain = format!("{}.example", name.to_lowercase().replace(' ', "-"));
        let organization = Organization {
            id,
            kind,
            name: name.to_owned(),
            domain: domain.clone(),
            created_at: START,
        };
        let actor = Actor {
            user_id: UserId(fresh()),
            email: format!("admin@{domain}"),
            organization_id: id,
            kind,
            role: Role::first_of(kind),
        };
        Self {
            actor,
            organization,
        }
    }

    /// The account as it is made.
    pub(crate) fn account(&self) -> NewUser {
        NewUser {
            id: self.actor.user_id,
            email: self.actor.email.clone(),
            name: format!("Admin of {}", self.organization.name),
            role: self.actor.role,
        }
    }

    /// The organization's id.
    pub(crate) fn id(&self) -> OrganizationId {
        self.organization.id
    }

    /// What this person sees.
    pub(crate) fn scope(&self) -> Scope {
        authorize(&self.actor, Action::ViewActivity).expect("everybody reads the activity")
    }

    /// An act at the start.
    pub(crate) fn act(&self) -> Act {
        self.act_at(0)
    }

    /// An act some seconds later.
    pub(crate) fn act_at(&self, seconds: i64) -> Act {
        Act {
            actor: self.actor.clone(),
            at: START.plus_seconds(seconds),
            request_id: RequestId(fresh()),
            audit_seed: fresh_at(seconds),
        }
    }
}

/// An operator, two partners, an OEM and two customers; nobody consented to anything yet.
pub(crate) struct World {
    pub(crate) store: Arc<dyn Storage>,
    pub(crate) operator: Person,
    pub(crate) partner: Person,
    pub(crate) rival: Person,
    pub(crate) oem: Person,
    pub(crate) customer: Person,
    pub(crate) other: Person,
}

impl World {
    /// Sets the service up and makes the organizations.
    pub(crate) async fn new(store: Arc<dyn Storage>) -> Self {
        use OrganizationKind::{Customer, Oem, Operator, Partner};
        let world = Self {
            store,
            operator: Person::of_kind(Operator, "Desk"),
            partner: Person::of_kind(Partner, "Fabrikam"),
            rival: Person::of_kind(Partner, "Tailspin"),
            oem: Person::of_kind(Oem, "Northwind"),
            customer: Person::of_kind(Customer, "Contoso"),
            other: Person::of_kind(Customer, "Litware"),
        };
        world.set_up().await;
        for person in [
            &world.partner,
            &world.rival,
            &world.oem,
            &world.customer,
            &world.other,
        ] {
            world.create(person).await.expect("a new organization");
        }
        world
    }

    async fn set_up(&self) {
        let link = link();
        self.store.offer_set_up(link).await.expect("offers");
        let operator = &self.operator;
        let (organization, account) = (operator.organization.clone(), operator.account());
        self.store
            .set_up(
                &operator.act(),
                link.digest,
                organization,
                account,
                "phc".to_owned(),
            )
            .await
            .expect("sets up");
    }

    /// The operator creates the organization of this person.
    pub(crate) async fn create(&self, person: &Person) -> storage::Result<()> {
        let operator = &self.operator;
        let organization = person.organization.clone();
        let (scope, act) = (operator.scope(), operator.act());
        self.store
            .create_organization(&scope, &act, organization, person.account(), link())
            .await
    }

    /// An invitation of a party, made and stored.
    pub(crate) async fn invite(&self, party: &Person, domain: Option<&str>) -> Invitation {
        let invitation = invitation(party, domain);
        self.store
            .make_invitation(&party.scope(), &party.act(), invitation.clone())
            .await
            .expect("invites");
        invitation
    }

    /// The customer consents to the party.
    pub(crate) async fn consent(
        &self,
        party: &Person,
        customer: &Person,
        until: Option<Timestamp>,
    ) {
        let invitation = self.invite(party, None).await;
        self.store
            .accept_invitation(&customer.scope(), &customer.act(), &invitation.token, until)
            .await
            .expect("consents");
    }

    /// A draft of the party for the customer.
    pub(crate) async fn draft(&self, party: &Person, customer: &Person) -> Upload {
        let upload = draft(party, customer, 0);
        self.store
            .keep_draft(&party.scope(), upload.clone(), b"file".to_vec())
            .await
            .expect("keeps the draft");
        upload
    }

    /// An upload with these rows, saved in chunks of `size`.
    pub(crate) async fn saved(
        &self,
        party: &Person,
        customer: &Person,
        rows: &[UploadRow],
        size: usize,
    ) -> Upload {
        let upload = self.draft(party, customer).await;
        let save = save(upload.id, rows, size);
        self.store
            .save_upload(&party.scope(), &party.act(), save)
            .await
            .expect("saves");
        upload
    }

    /// Applies an upload to its end, as its party does some seconds after the start.
    pub(crate) async fn finish(&self, party: &Person, id: UploadId, seconds: i64) -> Upload {
        loop {
            let act = party.act_at(seconds);
            match self
                .store
                .apply_next_chunk(&act, id)
                .await
                .expect("applies")
            {
                Applied::More(_) => {}
                Applied::Finished(upload) => return upload,
            }
        }
    }

    /// Saves and applies in one go, and answers with the rows' results.
    pub(crate) async fn register(
        &self,
        party: &Person,
        customer: &Person,
        rows: &[UploadRow],
    ) -> Vec<UploadRowResult> {
        let upload = self.saved(party, customer, rows, 1000).await;
        self.finish(party, upload.id, 1).await;
        self.rows(party, upload.id).await
    }

    /// All rows of an upload.
    pub(crate) async fn rows(&self, person: &Person, id: UploadId) -> Vec<UploadRowResult> {
        self.store
            .upload_rows(&person.scope(), id, RowFilter::All, 0, usize::MAX / 4)
            .await
            .expect("lists the rows")
    }
}

/// An invitation of this party, for anybody or for the customer with this domain.
pub(crate) fn invitation(party: &Person, domain: Option<&str>) -> Invitation {
    let id = fresh();
    Invitation {
        id: InvitationId(id),
        token: id.simple().to_string(),
        party_id: party.id(),
        customer_label: "A customer".to_owned(),
        customer_domain: domain.map(str::to_owned),
        delegated_administration: false,
        reusable: false,
        state: InvitationState::Open,
        created_by: party.actor.user_id,
        created_at: START,
        expires_at: Some(START.plus_days(90)),
    }
}

/// A draft some seconds after the start; nothing is stored.
pub(crate) fn draft(party: &Person, customer: &Person, seconds: i64) -> Upload {
    Upload {
        id: UploadId(fresh_at(seconds)),
        batch_id: None,
        customer_id: customer.id(),
        party_id: party.id(),
        created_by: party.actor.user_id,
        request_id: RequestId(fresh()),
        file_name: "devices.csv".to_owned(),
        file_digest: digest(),
        group_tag: TAG.to_owned(),
        status: UploadStatus::Draft,
        row_count: 0,
        counts: OutcomeCounts::default(),
        created_at: START.plus_seconds(seconds),
        queued_at: None,
        completed_at: None,
    }
}

/// What saving a draft with these rows needs.
pub(crate) fn save(upload: UploadId, rows: &[UploadRow], size: usize) -> Save {
    Save {
        upload_id: upload,
        draft_version: 0,
        request_id: RequestId(fresh()),
        group_tag: TAG.to_owned(),
        batch_id: BatchId(fresh()),
        chunks: rows.chunks(size).map(<[UploadRow]>::to_vec).collect(),
        job: NewJob {
            id: JobId(fresh()),
            kind: JobKind::ApplyUpload(upload),
            run_at: START,
        },
    }
}

/// A row without anything.
pub(crate) fn empty_row(number: u64) -> UploadRow {
    UploadRow {
        number,
        line: number + 1,
        serial: String::new(),
        pkid: String::new(),
        manufacturer: String::new(),
        model: String::new(),
        hash: String::new(),
        group_tag: None,
        verdict: RowVerdict::Ready,
    }
}

/// A row with a tuple.
pub(crate) fn tuple_row(number: u64, serial: &str) -> UploadRow {
    UploadRow {
        manufacturer: "Contoso".to_owned(),
        model: "Book 13".to_owned(),
        serial: serial.to_owned(),
        ..empty_row(number)
    }
}

/// Rows with the tuples of `count` devices, the same for the same `prefix`.
pub(crate) fn tuple_rows(prefix: &str, count: u64) -> Vec<UploadRow> {
    (1..=count)
        .map(|n| tuple_row(n, &format!("{prefix}{n:05}")))
        .collect()
}
