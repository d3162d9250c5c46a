//! A registry with somebody of every role and one thing of every sort, most of them tenant A's:
//! the partner Brightwater and its customer Harrow.

use device_list::Dialect;
use device_list::sample::{self, SampleKind};
use registration::corporate_identifier::{IdentifierKind, Platform};
use registration::customer_profile::{ProfileChange, Said};
use registration::group::group_id;
use registration::ids::{
    ClientId, CredentialId, DeviceId, GrantId, IdentifierId, ImportId, InvitationId, OperationId,
    ProfileId, RelationshipId, UploadId,
};
use registration::organization::OrganizationKind as Kind;
use registration::profile::DeviceProfile;
use registration::user::Role;
use service::api_clients::ClientForm;
use service::client_terms::version_of;
use service::corporate_identifiers::IdentifierForm;
use service::customer_profiles::TargetForm;
use service::devices::DeviceQuery;
use service::oauth::{AuthorizeForm, Endpoint, TokenForm, Version};
use service::operations::intake::{Order, Taken};
use service::operations::line::GivenLine;
use service::register::{GivenIdentity, ListFile};

use crate::harness::{PUBLIC_URL, Person, Registry, TAG, sample_list};

/// The columns of the access matrix. The second half are strangers to tenant A, but for the OEM:
/// it has the customer's consent and registered nothing.
pub(crate) const ROLES: [&str; 9] = [
    "signed-out",
    "operator",
    "partner-admin",
    "partner-sales",
    "customer-admin",
    "customer-reader",
    "oem",
    "rival-partner",
    "other-customer",
];

/// The registry and what is in it.
pub(crate) struct World {
    pub(crate) registry: Registry,
    pub(crate) operator: Person,
    pub(crate) partner: Person,
    pub(crate) sales: Person,
    pub(crate) customer: Person,
    pub(crate) reader: Person,
    pub(crate) oem: Person,
    pub(crate) rival: Person,
    pub(crate) other_customer: Person,
    /// The relationship of the partner and the customer.
    pub(crate) relationship: RelationshipId,
    /// An open invitation of the partner, for somebody who is not here yet.
    pub(crate) invitation: InvitationId,
    /// The link of another partner that waits for the customer's answer.
    pub(crate) token: String,
    /// A finished upload of the partner for the customer: two devices, one row that failed.
    pub(crate) upload: UploadId,
    /// An operation of the OEM: one line, which failed.
    pub(crate) operation: OperationId,
    /// A draft of the partner for the customer.
    pub(crate) draft: UploadId,
    /// A draft of the customer itself.
    pub(crate) own_draft: UploadId,
    /// A device that the partner registered.
    pub(crate) device: DeviceId,
    /// A device that the customer registered itself.
    pub(crate) own_device: DeviceId,
    /// An identity that a script of the customer's imported; it waits.
    pub(crate) import: ImportId,
    /// A deployment profile of the customer's own, for the devices of one group tag and for
    /// `own_device` itself.
    pub(crate) profile: ProfileId,
    /// The id of that assignment.
    pub(crate) assignment: String,
    /// The id of the group of that tag.
    pub(crate) group: String,
    /// A corporate identifier of the customer's.
    pub(crate) identifier: IdentifierId,
    /// The one-time link of the partner's sales agent.
    pub(crate) welcome: String,
    /// An API client of the partner, with its secret.
    pub(crate) client: ClientId,
    /// Which state of it a form is made from.
    pub(crate) client_seen: String,
    /// That secret.
    pub(crate) credential: CredentialId,
    /// A public one. Its id is no secret: whoever has it learns that there is one, and nothing else.
    pub(crate) program: ClientId,
    /// The sign-in of the partner's administrator through it.
    pub(crate) grant: GrantId,
}

impl World {
    pub(crate) async fn new() -> Self {
        let registry = Registry::empty().await;
        let operator = registry.operator().await;
        let make =
            async |kind, name, domain| registry.organization(&operator, kind, name, domain).await;
        let partner = make(Kind::Partner, "Brightwater Devices", "brightwater.example").await;
        let rival = make(Kind::Partner, "Kestrel IT Supply", "kestrel.example").await;
        let asking = make(Kind::Partner, "Dunmore Cloud", "dunmore.example").await;
        let oem = make(Kind::Oem, "Tallis Systems", "tallis.example").await;
        let customer = make(Kind::Customer, "Harrow & Vane", "harrow.example").await;
        let other_customer = make(Kind::Customer, "Oriel Insurance", "oriel.example").await;
        let sales = registry.colleague(&partner, Role::SalesAgent).await;
        let reader = registry.colleague(&customer, Role::Reader).await;

        registry.consent(&partner, &customer).await;
        registry.consent(&oem, &customer).await;
        let token = registry.invite(&asking, &customer).await.token;
        let invitation = invitation_for_a_stranger(&registry, &partner).await;
        let relationship = relationship(&registry, &partner).await;

        let upload = registry.register(&partner, &customer, mixed_list()).await;
        let device = newest_device(&registry, &customer).await;
        let draft = registry.draft(&partner, &customer, mixed_list()).await;
        registry.clock.advance_seconds(1);
        let own_upload = own_draft(&registry, &customer, 77).await;
        let saved = registry.desk.save(&customer.caller, own_upload).await;
        saved.expect("the customer's list is saved");
        registry.work_off().await;
        let own_device = newest_device(&registry, &customer).await;
        let own_draft = own_draft(&registry, &customer, 78).await;
        let import = import(&registry, &customer).await;
        let (profile, assignment, group) = own_profile(&registry, &customer, own_device).await;
        let identifier = identifier(&registry, &customer).await;
        let link = registry
            .desk
            .new_link_for(&partner.caller, sales.caller.user.id)
            .await;
        let welcome = link.expect("a one-time link").reveal().to_owned();
        let (client, credential) = api_client(&registry, &partner, false).await;
        let view = registry.desk.api_client(&partner.caller, client).await;
        let client_seen = version_of(&view.expect("is there").client);
        let (program, _) = api_client(&registry, &partner, true).await;
        let grant = sign_in_through(&registry, &partner, program).await;
        let operation = operation(&registry, &oem).await;
        Self {
            registry,
            operator,
            partner,
            sales,
            customer,
            reader,
            oem,
            rival,
            other_customer,
            relationship,
            invitation,
            token,
            upload,
            operation,
            draft,
            own_draft,
            device,
            own_device,
            import,
            profile,
            assignment,
            group,
            identifier,
            welcome,
            client,
            client_seen,
            credential: credential.expect("its first secret"),
            program,
            grant,
        }
    }

    /// Who stands in this column of the matrix.
    pub(crate) fn person(&self, role: &str) -> Option<&Person> {
        Some(match role {
            "signed-out" => return None,
            "operator" => &self.operator,
            "partner-admin" => &self.partner,
            "partner-sales" => &self.sales,
            "customer-admin" => &self.customer,
            "customer-reader" => &self.reader,
            "oem" => &self.oem,
            "rival-partner" => &self.rival,
            "other-customer" => &self.other_customer,
            unknown => panic!("no such role: {unknown}"),
        })
    }

    /// The ids of what is tenant A's: to strangers an address with one of them does not exist.
    pub(crate) fn ids_of_tenant_a(&self) -> Vec<String> {
        vec![
            self.customer.organization_id().to_string(),
            self.sales.caller.user.id.to_string(),
            self.reader.caller.user.id.to_string(),
            self.relationship.to_string(),
            self.invitation.to_string(),
            self.upload.to_string(),
            self.draft.to_string(),
            self.own_draft.to_string(),
            self.device.to_string(),
            self.own_device.to_string(),
            self.client.to_string(),
            self.credential.to_string(),
            self.grant.to_string(),
            self.import.to_string(),
            self.profile.to_string(),
            self.group.clone(),
            self.identifier.to_string(),
            self.operation.to_string(),
        ]
    }
}

async fn api_client(
    registry: &Registry,
    admin: &Person,
    public: bool,
) -> (ClientId, Option<CredentialId>) {
    let form = ClientForm {
        name: "Brightwater stock".to_owned(),
        role: Role::SalesAgent.as_str().to_owned(),
        scopes: vec!["devices.read".to_owned()],
        redirects: "http://localhost/".to_owned(),
        public,
        days: 30,
    };
    let (desk, caller) = (&registry.desk, &admin.caller);
    let added = desk.add_api_client(caller, &form).await;
    let id = added.expect("the client is added").0.id;
    let view = desk.api_client(caller, id).await.expect("is there");
    (id, view.credentials.first().map(|known| known.id))
}

/// A person lets this client act in its name.
async fn sign_in_through(registry: &Registry, person: &Person, client: ClientId) -> GrantId {
    let (desk, caller) = (&registry.desk, &person.caller);
    let at = Endpoint {
        base: PUBLIC_URL,
        tenant: "common",
        version: Version::V2,
        request_id: desk.request_id(),
    };
    let asks = AuthorizeForm {
        client_id: client.to_string(),
        response_type: "code".to_owned(),
        redirect_uri: "http://localhost/".to_owned(),
        scope: "devices.read offline_access".to_owned(),
        code_challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM".to_owned(),
        code_challenge_method: "S256".to_owned(),
        ..AuthorizeForm::default()
    };
    let asks = desk.read_authorize(&at, &asks).await.expect("in order");
    let code = desk.approve_authorize(caller, &asks).await.expect("a code");
    let form = TokenForm {
        grant_type: "authorization_code".to_owned(),
        client_id: client.to_string(),
        code: code.reveal().to_owned(),
        code_verifier: "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk".to_owned(),
        redirect_uri: "http://localhost/".to_owned(),
        ..TokenForm::default()
    };
    desk.token(&at, &form).await.expect("tokens");
    desk.programs(caller).await.expect("its programs")[0].id
}

/// An operation of the OEM with one line, which names nothing.
async fn operation(registry: &Registry, oem: &Person) -> OperationId {
    let mut intake = registry.desk.intake(&oem.caller).expect("an OEM may");
    let added = intake.add(GivenLine::default()).await;
    added.expect("a line is taken");
    match intake.finish(&Order::default()).await.expect("is answered") {
        Taken::Done(operation, _) => operation.id,
        Taken::Waits(_) => panic!("one line is answered at once"),
    }
}

async fn invitation_for_a_stranger(registry: &Registry, partner: &Person) -> InvitationId {
    let form = service::consent::InvitationForm {
        customer_label: "Somebody new".to_owned(),
        ..Default::default()
    };
    let made = registry.desk.invite(&partner.caller, &form).await;
    made.expect("the invitation is made").id
}

async fn relationship(registry: &Registry, partner: &Person) -> RelationshipId {
    let customers = registry.desk.customers(&partner.caller, "").await;
    customers.expect("the customers")[0]
        .relationship
        .relationship
        .id
}

async fn newest_device(registry: &Registry, customer: &Person) -> DeviceId {
    let query = DeviceQuery::default();
    let id = customer.organization_id();
    let devices = registry
        .desk
        .devices(&customer.caller, id, &query, None, 1)
        .await;
    devices.expect("the devices").items[0].id
}

async fn import(registry: &Registry, customer: &Person) -> ImportId {
    let given = GivenIdentity {
        hash: sample::SampleDevice::new(79, 0).hash_text(),
        ..GivenIdentity::default()
    };
    let made = registry.desk.import(&customer.caller, vec![given]).await;
    made.expect("the device is imported")[0].id
}

async fn own_profile(
    registry: &Registry,
    customer: &Person,
    device: DeviceId,
) -> (ProfileId, String, String) {
    let (desk, caller) = (&registry.desk, &customer.caller);
    let change = ProfileChange {
        name: Said::once(Some("Tills".to_owned())),
        ..ProfileChange::default()
    };
    let made = desk.make_own_profile(caller, change).await;
    let profile = made.expect("the profile is made").id;
    let group = group_id(customer.organization_id(), TAG);
    let assigned = desk
        .assign_own_profile(caller, profile, TargetForm::Group(group))
        .await
        .expect("the profile is assigned");
    let given = desk.give_own_profile(caller, profile, &[device]).await;
    given.expect("the device has it itself too");
    let id = assigned.id(customer.organization_id());
    (profile, id, group.to_string())
}

async fn identifier(registry: &Registry, customer: &Person) -> IdentifierId {
    let form = IdentifierForm {
        kind: Some(IdentifierKind::SerialNumber),
        identifier: "7".to_owned(),
        description: String::new(),
        platform: Platform::Windows,
    };
    let (desk, caller) = (&registry.desk, &customer.caller);
    let imported = desk
        .import_corporate_identifiers(caller, &[form], false)
        .await;
    imported.expect("the identifier is imported")[0]
        .identifier
        .id
}

async fn own_draft(registry: &Registry, customer: &Person, seed: u64) -> UploadId {
    let mut bytes = Vec::new();
    sample::list(Dialect::Intune, SampleKind::Hash, seed, 2, &mut bytes).expect("a list");
    let file = ListFile {
        name: "own.csv".to_owned(),
        bytes,
    };
    let (desk, caller) = (&registry.desk, &customer.caller);
    let draft = desk
        .browse_own(caller, DeviceProfile::Standard, false, file)
        .await;
    draft.expect("the list is read")
}

/// The hash of the first device of [`mixed_list`].
pub(crate) fn known_hash() -> String {
    sample::SampleDevice::new(7, 0).hash_text()
}

/// Two good rows and a broken one.
fn mixed_list() -> ListFile {
    let mut file = sample_list(SampleKind::Hash, 7, 2);
    file.bytes.extend_from_slice(b"12345,330,,,\r\n");
    file
}
