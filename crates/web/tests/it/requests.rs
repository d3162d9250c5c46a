//! One concrete request for every route, most of them for something of tenant A's.

mod graph;
mod graph_beta;
mod own_profiles;

use axum::http::Method;
use device_list::Dialect;
use device_list::sample::{self, SampleKind};
use service::register::ListFile;

use crate::harness::{Answer, Client, PASSWORD, TAG, sample_list};
use crate::world::{World, known_hash};

/// What one request sends.
pub(crate) enum Body {
    Nothing,
    Form(Vec<(&'static str, String)>),
    File(Vec<(&'static str, String)>, ListFile),
    Json(String),
    /// Of an API, whose client comes with a token.
    Api(String),
}

/// One concrete request for a route.
pub(crate) struct Case {
    pub(crate) method: Method,
    pub(crate) pattern: &'static str,
    /// Which target, where a route has several.
    pub(crate) note: &'static str,
    path: String,
    body: Body,
}

fn get(pattern: &'static str, path: impl Into<String>) -> Case {
    Case {
        method: Method::GET,
        pattern,
        note: "",
        path: path.into(),
        body: Body::Nothing,
    }
}

fn post(pattern: &'static str, path: impl Into<String>, fields: &[(&'static str, &str)]) -> Case {
    let fields = fields
        .iter()
        .map(|(name, value)| (*name, (*value).to_owned()));
    Case {
        method: Method::POST,
        body: Body::Form(fields.collect()),
        ..get(pattern, path)
    }
}

fn post_file(
    pattern: &'static str,
    path: impl Into<String>,
    fields: &[(&'static str, &str)],
    file: ListFile,
) -> Case {
    let fields = fields
        .iter()
        .map(|(name, value)| (*name, (*value).to_owned()));
    Case {
        method: Method::POST,
        body: Body::File(fields.collect(), file),
        ..get(pattern, path)
    }
}

/// A call of an API, whose client comes with a token.
fn by_token(method: Method, pattern: &'static str, path: impl Into<String>, json: &str) -> Case {
    partner(method, pattern, path, json)
}

/// A call of the Partner Center API, below `/v1`.
fn partner(method: Method, pattern: &'static str, path: impl Into<String>, json: &str) -> Case {
    Case {
        method,
        body: Body::Api(json.to_owned()),
        ..get(pattern, path)
    }
}

impl Case {
    /// Whether it is asked with an access token.
    pub(crate) fn by_token(&self) -> bool {
        matches!(self.body, Body::Api(_))
    }

    /// The same with another body.
    pub(crate) fn with_body(self, body: &serde_json::Value) -> Self {
        Self {
            body: Body::Api(body.to_string()),
            ..self
        }
    }

    fn about(self, note: &'static str) -> Self {
        Self { note, ..self }
    }

    /// Whether it names something of tenant A's.
    pub(crate) fn names_any(&self, ids: &[String]) -> bool {
        let named = |text: &str| ids.iter().any(|id| text.contains(id.as_str()));
        named(&self.path)
            || match &self.body {
                Body::Form(fields) | Body::File(fields, _) => {
                    fields.iter().any(|(_, value)| named(value))
                }
                Body::Nothing | Body::Json(_) | Body::Api(_) => false,
            }
    }

    pub(crate) async fn send(&self, client: &mut Client) -> Answer {
        fn borrowed<'a>(fields: &'a [(&'static str, String)]) -> Vec<(&'a str, &'a str)> {
            fields.iter().map(|(n, v)| (*n, v.as_str())).collect()
        }
        match &self.body {
            Body::Nothing => client.get(&self.path).await,
            Body::Form(fields) => client.post(&self.path, &borrowed(fields)).await,
            Body::File(fields, file) => client.post_file(&self.path, &borrowed(fields), file).await,
            Body::Api(json) => client.call(self.method.clone(), &self.path, json).await,
            Body::Json(text) => {
                client
                    .post_raw(&self.path, "application/json", text.as_bytes())
                    .await
            }
        }
    }
}

fn everybodys() -> Vec<Case> {
    let sign_in = [
        ("email", "admin@brightwater.example"),
        ("password", PASSWORD),
    ];
    let ask = format!("{{\"hardwareHash\": \"{}\"}}", known_hash());
    vec![
        get("/static/{name}", "/static/enlist.css"),
        get("/health", "/health"),
        get("/limits", "/limits"),
        get("/api", "/api"),
        get("/api/openapi.json", "/api/openapi.json"),
        get("/", "/"),
        get("/sign-in", "/sign-in"),
        post("/sign-in", "/sign-in", &sign_in),
        post("/sign-out", "/sign-out", &[]),
        Case {
            body: Body::Json(ask),
            method: Method::POST,
            ..get("/device/profile", "/device/profile")
        },
    ]
}

/// The Partner Center API, about tenant A's customer.
fn partner_center(world: &World) -> Vec<Case> {
    const CUSTOMER: &str = "/v1/customers/{customer}";
    const BATCHES: &str = "/v1/customers/{customer}/deviceBatches";
    const DEVICES: &str = "/v1/customers/{customer}/deviceBatches/{batch}/devices";
    const DEVICE: &str = "/v1/customers/{customer}/deviceBatches/{batch}/devices/{device}";
    const STATUS: &str = "/v1/customers/{customer}/batchJobStatus/{tracking}";
    const UPDATES: &str = "/v1/customers/{customer}/DevicePolicyUpdates";
    const POLICIES: &str = "/v1/customers/{customer}/policies";
    const POLICY: &str = "/v1/customers/{customer}/policies/{policy}";
    const SIGNED: &str = "/v1/customers/{customer}/directSignedMicrosoftCustomerAgreementStatus";
    let customer = format!("/v1/customers/{}", world.customer.organization_id());
    let at = |rest: &str| format!("{customer}{rest}");
    let device = at(&format!("/deviceBatches/{TAG}/devices/{}", world.device));
    let status = at(&format!("/batchJobStatus/{}", world.upload));
    let unknown = "/policies/01890000-0000-7000-8000-000000000000";
    let one = r#"[{"serialNumber":"A1","modelName":"B","oemManufacturerName":"C"}]"#;
    let batch = format!(r#"{{"batchId":"May","devices":{one}}}"#);
    let update = format!(
        r#"{{"devices":[{{"id":"{}","policies":[]}}]}}"#,
        world.device
    );
    let policy = r#"{"name":"Front desk","category":"o_o_b_e","policySettings":["skip_eula"]}"#;
    let withdraw = r#"{"relationshipToPartner":"none"}"#;
    vec![
        partner(Method::POST, BATCHES, at("/deviceBatches"), &batch),
        partner(Method::GET, BATCHES, at("/deviceBatches"), ""),
        partner(
            Method::POST,
            DEVICES,
            at(&format!("/deviceBatches/{TAG}/devices")),
            one,
        ),
        partner(
            Method::GET,
            DEVICES,
            at(&format!("/deviceBatches/{TAG}/devices")),
            "",
        ),
        partner(Method::GET, STATUS, status, ""),
        partner(Method::PATCH, UPDATES, at("/DevicePolicyUpdates"), &update),
        partner(Method::GET, DEVICE, &device, ""),
        partner(Method::PUT, DEVICE, &device, "{}"),
        partner(Method::PATCH, DEVICE, &device, "{}"),
        partner(Method::DELETE, DEVICE, &device, ""),
        partner(Method::POST, POLICIES, at("/policies"), policy),
        partner(Method::GET, POLICIES, at("/policies"), ""),
        partner(Method::GET, POLICY, at(unknown), ""),
        partner(Method::PUT, POLICY, at(unknown), policy),
        partner(Method::DELETE, POLICY, at(unknown), ""),
        partner(Method::GET, "/v1/customers", "/v1/customers", ""),
        partner(Method::GET, CUSTOMER, &customer, ""),
        partner(Method::PATCH, CUSTOMER, &customer, withdraw),
        partner(
            Method::GET,
            "/v1/customers/relationshiprequests",
            "/v1/customers/relationshiprequests",
            "",
        ),
        partner(
            Method::GET,
            "/v1/customers/{customer}/agreements",
            at("/agreements?agreementType=*"),
            "",
        ),
        partner(
            Method::GET,
            SIGNED,
            at("/directSignedMicrosoftCustomerAgreementStatus"),
            "",
        ),
        partner(
            Method::GET,
            "/v1/auditrecords",
            "/v1/auditrecords?startDate=2020-01-01",
            "",
        ),
    ]
}

/// The OEM API, about tenant A's customer.
fn oem(world: &World) -> Vec<Case> {
    const OPERATION: &str = "/oem/v1/operations/{operation}";
    let customer = world.customer.organization_id();
    let operation = format!("/oem/v1/operations/{}", world.operation);
    let of = |rest: &str| format!("/oem/v1/registrations{rest}");
    let lines = format!(
        r#"[{{"customer":"{customer}","manufacturer":"A","model":"B","serialNumber":"C1"}}]"#
    );
    let device = format!(r#"{{"devices":[{{"id":"{}"}}]}}"#, world.device);
    let built = r#"{"devices":[{"manufacturer":"A","model":"B","serialNumber":"C1"}]}"#;
    let customers = format!(r#"{{"customers":["{customer}"]}}"#);
    let found = format!("/oem/v1/devices?id={}", world.device);
    let post = |pattern, path: String, json: &str| partner(Method::POST, pattern, path, json);
    let read = |pattern, path: &str| partner(Method::GET, pattern, path, "");
    vec![
        post("/oem/v1/registrations", of(""), &lines),
        post("/oem/v1/registrations:validate", of(":validate"), &lines),
        post(
            "/oem/v1/registrations:deregister",
            of(":deregister"),
            &device,
        ),
        read("/oem/v1/operations", "/oem/v1/operations"),
        read(OPERATION, &operation),
        post(OPERATION, format!("{operation}:cancel"), "{}").about("cancel"),
        post(OPERATION, format!("{operation}:void"), "{}").about("void"),
        post(OPERATION, format!("{operation}:void?preview=true"), "{}").about("preview"),
        read(
            "/oem/v1/operations/{operation}/results",
            &format!("{operation}/results"),
        ),
        read("/oem/v1/devices", &found),
        post(
            "/oem/v1/consents:check",
            "/oem/v1/consents:check".to_owned(),
            &customers,
        ),
        post(
            "/oem/v1/directory/devices",
            "/oem/v1/directory/devices".to_owned(),
            built,
        ),
    ]
}

/// Tokens, and the documents by which clients find them.
fn oauth(world: &World) -> Vec<Case> {
    const V1: &str = "/{tenant}/oauth2/authorize";
    const V2: &str = "/{tenant}/oauth2/v2.0/authorize";
    let asked = [("grant_type", "client_credentials"), ("client_id", "x")];
    let program = world.program.to_string();
    let asks = [
        ("client_id", &*program),
        ("response_type", "code"),
        ("redirect_uri", "http://localhost/"),
        ("scope", "devices.read"),
        (
            "code_challenge",
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
        ),
        ("code_challenge_method", "S256"),
        ("decision", "approve"),
    ];
    let query: Vec<_> = asks[..6].iter().map(|(n, v)| format!("{n}={v}")).collect();
    let query = query.join("&");
    let (v1, v2) = ("/common/oauth2/authorize", "/common/oauth2/v2.0/authorize");
    vec![
        get(V1, format!("{v1}?{query}")),
        post(V1, v1, &asks),
        get(V2, format!("{v2}?{query}")),
        post(V2, v2, &asks),
        get(V2, v2).about("nothing asked"),
        post(
            "/{tenant}/oauth2/v2.0/devicecode",
            "/common/oauth2/v2.0/devicecode",
            &asks,
        ),
        get("/device-login", "/device-login"),
        get("/device-login", "/device-login?code=BBBB-BBBB").about("a code that nobody has"),
        post(
            "/device-login",
            "/device-login",
            &[("code", "BBBB-BBBB"), ("decision", "approve")],
        ),
        post("/{tenant}/oauth2/token", "/common/oauth2/token", &asked),
        post(
            "/{tenant}/oauth2/v2.0/token",
            "/common/oauth2/v2.0/token",
            &asked,
        ),
        get(
            "/{tenant}/.well-known/openid-configuration",
            "/common/.well-known/openid-configuration",
        ),
        get(
            "/{tenant}/v2.0/.well-known/openid-configuration",
            "/common/v2.0/.well-known/openid-configuration",
        ),
        get("/{tenant}/discovery/keys", "/common/discovery/keys"),
        get(
            "/{tenant}/discovery/v2.0/keys",
            "/common/discovery/v2.0/keys",
        ),
        get("/common/discovery/instance", "/common/discovery/instance"),
    ]
}

/// API clients of the partner.
fn clients(world: &World) -> Vec<Case> {
    let client = format!("/clients/{}", world.client);
    let credential = format!("{client}/credentials/{}/remove", world.credential);
    let grant = format!("/clients/programs/{}/end", world.grant);
    let revoke = format!("{client}/revoke");
    let change = format!("{client}/change");
    let terms = [
        ("name", "Renamed"),
        ("role", "sales_agent"),
        ("scopes[]", "devices.read"),
        ("seen", &*world.client_seen),
    ];
    let confirmed = [terms[0], terms[1], terms[2], terms[3], ("confirmed", "yes")];
    let new = |role| {
        [
            ("name", "New"),
            ("role", role),
            ("scopes[]", "devices.read"),
            ("kind", "confidential"),
        ]
    };
    let key = include_str!("../../../service/src/oauth/test_keys/ec_public.pem");
    vec![
        get("/clients", "/clients"),
        post("/clients", "/clients", &new("sales_agent")).about("a sales agent"),
        post("/clients", "/clients", &new("reader")).about("a reader"),
        post("/clients", "/clients", &new("administrator")).about("an administrator"),
        post("/clients/programs/end", "/clients/programs/end", &[]),
        post("/clients/programs/{grant}/end", grant, &[]),
        get("/clients/{id}", &client),
        post("/clients/{id}/secret", format!("{client}/secret"), &[]),
        post(
            "/clients/{id}/key",
            format!("{client}/key"),
            &[("key", key)],
        ),
        post(
            "/clients/{id}/credentials/{credential}/remove",
            credential,
            &[],
        ),
        get("/clients/{id}/change", &change),
        post("/clients/{id}/change", &change, &terms).about("asked"),
        post("/clients/{id}/change", &change, &confirmed).about("confirmed"),
        get("/clients/{id}/revoke", &revoke),
        post("/clients/{id}/revoke", &revoke, &[]),
    ]
}

fn links_and_people(world: &World) -> Vec<Case> {
    let welcome = format!("/welcome/{}", world.welcome);
    let sales = format!("/people/{}", world.sales.caller.user.id);
    let reader = format!("/people/{}", world.reader.caller.user.id);
    let chosen = [("password", PASSWORD), ("password_again", PASSWORD)];
    let set_up = [
        ("name", "X"),
        ("domain", "x.example"),
        ("person_name", "X"),
        ("email", "x@x.example"),
        chosen[0],
        chosen[1],
    ];
    let person = |role| {
        [
            ("person_name", "New"),
            ("email", "new@x.example"),
            ("role", role),
        ]
    };
    vec![
        get("/set-up/{secret}", "/set-up/0123").about("a spent link"),
        post("/set-up/{secret}", "/set-up/0123", &set_up).about("a spent link"),
        get("/welcome/{secret}", &welcome),
        post("/welcome/{secret}", &welcome, &chosen),
        get("/people", "/people"),
        post("/people", "/people", &person("sales_agent")).about("a sales agent"),
        post("/people", "/people", &person("reader")).about("a reader"),
        post("/people", "/people", &person("administrator")).about("an administrator"),
        post("/people/{id}/link", format!("{sales}/link"), &[]).about("partner's"),
        post("/people/{id}/link", format!("{reader}/link"), &[]).about("customer's"),
        post("/people/{id}/disable", format!("{sales}/disable"), &[]).about("partner's"),
        post("/people/{id}/disable", format!("{reader}/disable"), &[]).about("customer's"),
        post("/people/{id}/enable", format!("{sales}/enable"), &[]).about("partner's"),
        post("/people/{id}/enable", format!("{reader}/enable"), &[]).about("customer's"),
        get("/activity", "/activity"),
    ]
}

fn operators(world: &World) -> Vec<Case> {
    let organization = format!("/organizations/{}", world.customer.organization_id());
    let profile = registration::profile::KIOSK;
    let path = format!("/profiles/{profile}");
    let new = [
        ("kind", "customer"),
        ("name", "New"),
        ("domain", "new.example"),
        ("person_name", "New"),
        ("email", "new@new.example"),
    ];
    let change = [("name", "Kiosk of ours"), ("name_template", "K-%RAND:5%")];
    let assign = [("profile", profile.to_string())];
    let assign = [(assign[0].0, assign[0].1.as_str())];
    let list = sample_list(SampleKind::Tuple, 5, 3);
    vec![
        get("/organizations", "/organizations"),
        get("/organizations/new", "/organizations/new"),
        post("/organizations/new", "/organizations/new", &new),
        get("/organizations/{id}", organization),
        get("/profiles", "/profiles"),
        get("/profiles/{id}", &path),
        post("/profiles/{id}", &path, &change),
        post(
            "/profiles/tags/{tag}",
            format!("/profiles/tags/{TAG}"),
            &assign,
        ),
        get("/directory", "/directory?q=3305612345678"),
        post_file("/directory/import", "/directory/import", &[], list),
        post(
            "/directory/policy",
            "/directory/policy",
            &[("manufacturer", "Contoso"), ("policy", "refuse")],
        ),
        get("/settings", "/settings"),
        post("/settings", "/settings", &[("ask_by_identifier", "yes")]),
        get("/link", "/link"),
    ]
}

fn consents(world: &World) -> Vec<Case> {
    let invitation = format!("/customers/invitations/{}", world.invitation);
    let withdraw = format!("/customers/{}/withdraw", world.customer.organization_id());
    let revoke = format!("/partners/{}/revoke", world.relationship);
    let link = format!("/invitations/{}", world.token);
    let invite = [("customer_label", "Somebody else")];
    let yes = [("yes", "yes"), ("until", "2027-12-31")];
    vec![
        get("/customers/invite", "/customers/invite"),
        post("/customers/invite", "/customers/invite", &invite),
        get("/customers/invitations/{id}", &invitation),
        post(
            "/customers/invitations/{id}/withdraw",
            format!("{invitation}/withdraw"),
            &[],
        ),
        get("/customers/{customer}/withdraw", &withdraw),
        post("/customers/{customer}/withdraw", &withdraw, &[]),
        get("/partners", "/partners"),
        get("/partners/{relationship}/revoke", &revoke),
        post("/partners/{relationship}/revoke", &revoke, &[]),
        get("/invitations/{token}", &link),
        post(
            "/invitations/{token}/accept",
            format!("{link}/accept"),
            &yes,
        ),
        post(
            "/invitations/{token}/decline",
            format!("{link}/decline"),
            &[],
        ),
    ]
}

fn of_parties(world: &World) -> Vec<Case> {
    let customer = format!("/customers/{}", world.customer.organization_id());
    let devices = format!("{customer}/devices");
    let device = format!("{devices}/{}", world.device);
    let own = format!("{devices}/{}", world.own_device);
    let id = world.device.to_string();
    let bulk = [
        ("action", "group_tag"),
        ("group_tag", TAG),
        ("devices[]", id.as_str()),
    ];
    let tag = [("group_tag", TAG)];
    let list = sample_list(SampleKind::Hash, 9, 2);
    vec![
        get("/customers", "/customers"),
        get("/customers/{customer}", &customer),
        get(
            "/customers/{customer}/activity",
            format!("{customer}/activity"),
        ),
        get(
            "/customers/{customer}/uploads",
            format!("{customer}/uploads"),
        ),
        get("/customers/{customer}/devices", &devices),
        post("/customers/{customer}/devices", &devices, &bulk),
        get("/customers/{customer}/devices/{device}", &device),
        get("/customers/{customer}/devices/{device}", &own).about("the customer's own"),
        post(
            "/customers/{customer}/devices/{device}/group-tag",
            format!("{device}/group-tag"),
            &tag,
        ),
        post(
            "/customers/{customer}/devices/{device}/group-tag",
            format!("{own}/group-tag"),
            &tag,
        )
        .about("the customer's own"),
        get(
            "/customers/{customer}/devices/{device}/deregister",
            format!("{device}/deregister"),
        ),
        post(
            "/customers/{customer}/devices/{device}/deregister",
            format!("{device}/deregister"),
            &[],
        ),
        post(
            "/customers/{customer}/devices/{device}/deregister",
            format!("{own}/deregister"),
            &[],
        )
        .about("the customer's own"),
        get(
            "/customers/{customer}/add-devices",
            format!("{customer}/add-devices"),
        ),
        post_file(
            "/customers/{customer}/add-devices",
            format!("{customer}/add-devices"),
            &tag,
            list,
        ),
        get("/samples/{name}", "/samples/partner-center.csv"),
    ]
}

fn uploads(world: &World) -> Vec<Case> {
    let finished = format!("/uploads/{}", world.upload);
    let draft = format!("/uploads/{}", world.draft);
    let own = format!("/uploads/{}", world.own_draft);
    vec![
        get("/uploads", "/uploads"),
        get("/uploads/{id}", &finished),
        get("/uploads/{id}/failed.csv", format!("{finished}/failed.csv")),
        get("/uploads/{id}/check", format!("{draft}/check")),
        get("/uploads/{id}/check", format!("{own}/check")).about("the customer's own"),
        get(
            "/uploads/{id}/repaired.csv",
            format!("{draft}/repaired.csv"),
        ),
        get("/uploads/{id}/repaired.csv", format!("{own}/repaired.csv"))
            .about("the customer's own"),
        get("/uploads/{id}/to-mend.csv", format!("{draft}/to-mend.csv")),
        get("/uploads/{id}/to-mend.csv", format!("{own}/to-mend.csv")).about("the customer's own"),
        post("/uploads/{id}/save", format!("{draft}/save"), &[]),
        post("/uploads/{id}/save", format!("{own}/save"), &[]).about("the customer's own"),
        post("/uploads/{id}/drop", format!("{draft}/drop"), &[]),
        post("/uploads/{id}/drop", format!("{own}/drop"), &[]).about("the customer's own"),
    ]
}

/// Mending a draft: of the partner, of the customer itself, and an upload that is saved.
fn mending(world: &World) -> Vec<Case> {
    let uploads = [
        (world.draft, ""),
        (world.own_draft, "the customer's own"),
        (world.upload, "a saved one"),
    ];
    let cell = [
        ("of", "0"),
        ("line", "2"),
        ("column[]", "1"),
        ("value[]", "0042"),
    ];
    let line = [("of", "0"), ("line", "2")];
    let guess = [("code", "EN0307")];
    let seen = [("of", "0")];
    let acts: [(&'static str, &[(&'static str, &str)]); 7] = [
        ("/uploads/{id}/cell", &cell),
        ("/uploads/{id}/leave-out", &line),
        ("/uploads/{id}/accept", &guess),
        ("/uploads/{id}/take-back", &guess),
        ("/uploads/{id}/use-repaired", &[]),
        ("/uploads/{id}/undo", &seen),
        ("/uploads/{id}/start-again", &seen),
    ];
    let mut cases = vec![
        get("/findings", "/findings"),
        get("/findings/{code}", "/findings/EN0402"),
        get("/findings/{code}", "/findings/en0402").about("in small letters"),
        get("/findings/{code}", "/findings/EN9999").about("none"),
    ];
    for (pattern, fields) in acts {
        for (id, note) in uploads {
            let path = pattern.replace("{id}", &id.to_string());
            cases.push(post(pattern, path, fields).about(note));
        }
    }
    cases
}

fn of_customers(world: &World) -> Vec<Case> {
    let device = format!("/devices/{}", world.device);
    let id = world.device.to_string();
    let bulk = [
        ("action", "group_tag"),
        ("group_tag", TAG),
        ("devices[]", id.as_str()),
    ];
    let tag = [("group_tag", TAG)];
    let mut bytes = Vec::new();
    sample::list(Dialect::Intune, SampleKind::Hash, 9, 2, &mut bytes).expect("a list");
    let list = ListFile {
        name: "own.csv".to_owned(),
        bytes,
    };
    vec![
        get("/devices", "/devices"),
        post("/devices", "/devices", &bulk),
        get("/devices/register", "/devices/register"),
        post_file(
            "/devices/register",
            "/devices/register",
            &[("device_profile", "Standard")],
            list,
        ),
        get("/devices/{device}", &device),
        post(
            "/devices/{device}/group-tag",
            format!("{device}/group-tag"),
            &tag,
        ),
        get(
            "/devices/{device}/deregister",
            format!("{device}/deregister"),
        ),
        post(
            "/devices/{device}/deregister",
            format!("{device}/deregister"),
            &[],
        ),
    ]
}

/// A request for every route, some routes with several targets.
pub(crate) fn cases(world: &World) -> Vec<Case> {
    let mut all = everybodys();
    all.extend(links_and_people(world));
    all.extend(operators(world));
    all.extend(consents(world));
    all.extend(of_parties(world));
    all.extend(uploads(world));
    all.extend(mending(world));
    all.extend(of_customers(world));
    all.extend(own_profiles::cases(world));
    all.extend(oauth(world));
    all.extend(clients(world));
    all.extend(partner_center(world));
    all.extend(oem(world));
    all.extend(graph::cases(world));
    all.extend(graph_beta::cases(world));
    all
}
