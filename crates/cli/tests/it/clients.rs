//! The clients that people really use against the originals, run unchanged against `enlist serve`
//! (api.md 4 and 6.3). `scripts/test` installs them; the programs stand in `tests/clients/`.

use std::path::{Path, PathBuf};
use std::process::Command;

use registration::organization::OrganizationKind;
use serde_json::Value;

use crate::api_client::{admin, printed};
use crate::support::Scratch;
use crate::world::desk::{Ground, Member, PASSWORD};
use crate::world::server::Server;

/// What is asked of every answer: that it is no fault of the server, and as the contract says.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,\
                      response_headers_conformance,response_schema_conformance";

/// Where `scripts/test` put the clients; `None` if these tests are switched off.
fn installed() -> Option<PathBuf> {
    let folder = std::env::var("ENLIST_TEST_CLIENTS").unwrap_or_default();
    if folder == "off" {
        eprintln!("no test of clients: ENLIST_TEST_CLIENTS is off");
        return None;
    }
    assert!(
        !folder.is_empty(),
        "the clients are missing: run scripts/test, or set ENLIST_TEST_CLIENTS=off"
    );
    Some(PathBuf::from(folder))
}

/// A partner with a consenting customer, a client of each, and a server over them.
struct Scene {
    clients: PathBuf,
    scratch: Scratch,
    server: Server,
    customer: Member,
    /// Id and secret of a client of each.
    partner: (String, String),
    of_customer: (String, String),
    of_oem: (String, String),
    /// One of every other role.
    others: Vec<(String, String)>,
}

impl Scene {
    fn set() -> Option<Self> {
        let clients = installed()?;
        let scratch = Scratch::new();
        let database = format!("sqlite:{}", scratch.path("enlist.db").display());
        let ground = Ground::lay(&database);
        let partner = ground.organization(OrganizationKind::Partner, "Contoso");
        let customer = ground.organization(OrganizationKind::Customer, "Northwind");
        let oem = ground.organization(OrganizationKind::Oem, "Fabrikam");
        ground.consent(&partner, &customer);
        ground.consent(&oem, &customer);
        let others = [
            (&ground.operator(), "administrator"),
            (&partner, "sales_agent"),
            (&oem, "sales_agent"),
            (&customer, "reader"),
        ];
        let others = others.map(|(member, role)| client_of(&scratch, member, role));
        let partner = client_of(&scratch, &partner, "admin_agent");
        let of_customer = client_of(&scratch, &customer, "global_administrator");
        let of_oem = client_of(&scratch, &oem, "admin_agent");
        let sample = [
            "sample",
            "--dialect",
            "intune",
            "--kind",
            "hash",
            "--count",
            "260",
        ];
        scratch.write("devices.csv", scratch.enlist(&sample).out);
        let server = Server::start(&database, &["--calls", "1000000"]);
        Some(Self {
            clients,
            scratch,
            server,
            customer,
            partner,
            of_customer,
            of_oem,
            others: others.to_vec(),
        })
    }

    /// Runs a program of `tests/clients/` for a client.
    fn runs(&self, mut interpreter: Command, program: &str, (id, secret): &(String, String)) {
        let programs = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients");
        interpreter
            .arg(programs.join(program))
            .env("CLIENT_ID", id)
            .env("CLIENT_SECRET", secret);
        self.ends_well(interpreter, program);
    }

    /// Runs a command to its end, which must be a good one, with what it has to know.
    fn ends_well(&self, mut command: Command, program: &str) {
        command
            .current_dir(self.scratch.path(""))
            .env("ENLIST_URL", self.server.url(""))
            .env("DEVICES", self.scratch.path("devices.csv"))
            .env("CUSTOMER", self.customer.organization().to_string());
        ends_well(command, program);
    }

    /// Sends whatever the contract allows, and much that it does not, as whoever has this token.
    fn withstands_schemathesis(&self, token: Option<&str>) {
        let url = self.server.url("/api/openapi.json");
        let mut command = Command::new(self.clients.join("python/bin/st"));
        command.args([
            "run",
            &url,
            "--no-color",
            "--seed",
            "1",
            "--generation-deterministic",
        ]);
        command.args([
            "--checks",
            CHECKS,
            "--max-examples",
            "10",
            "--warnings",
            "off",
        ]);
        command.args([
            "--phases",
            "examples,coverage,fuzzing",
            "--request-timeout",
            "60",
        ]);
        command.args(["--continue-on-failure", "--suppress-health-check", "all"]);
        if let Some(token) = token {
            command.args(["--header", &format!("Authorization: Bearer {token}")]);
        }
        // What is there to be read and changed.
        let places = format!(
            "[parameters]\n\"path.customer\" = \"{}\"\n\"path.tenant\" = \"contoso.example\"\n",
            self.customer.organization()
        );
        self.scratch.write("schemathesis.toml", places);
        self.ends_well(command, "schemathesis");
    }

    fn python(&self) -> Command {
        Command::new(self.clients.join("python/bin/python"))
    }
}

/// Runs a command to its end, which must be a good one.
fn ends_well(mut command: Command, program: &str) {
    // Set on some machines, they win over what a program says.
    for name in [
        "REQUESTS_CA_BUNDLE",
        "CURL_CA_BUNDLE",
        "SSL_CERT_FILE",
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "http_proxy",
        "https_proxy",
    ] {
        command.env_remove(name);
    }
    let ran = command.output().expect("the program runs");
    assert!(
        ran.status.success(),
        "{program} ended badly:\n{}{}",
        String::from_utf8_lossy(&ran.stdout),
        String::from_utf8_lossy(&ran.stderr)
    );
}

/// A new client of this member's organization with every scope: id and secret.
pub(crate) fn client_of(scratch: &Scratch, member: &Member, role: &str) -> (String, String) {
    let mut add = vec!["add", "--name", "Program", "--role", role];
    for scope in [
        "devices.read",
        "devices.register",
        "profiles.manage",
        "customers.read",
        "audit.read",
        "directory.report",
    ] {
        add.extend(["--scope", scope]);
    }
    let added = admin(scratch, member, &add);
    assert_eq!(added.code, 0, "{}", added.err);
    let word = |name| printed(&added, name).to_owned();
    (word("client id"), word("secret"))
}

/// A token of this client for all that it may.
pub(crate) fn token(server: &Server, id: &str, secret: &str) -> String {
    let fields = [
        ("grant_type", "client_credentials"),
        ("client_id", id),
        ("client_secret", secret),
        ("scope", ".default"),
    ];
    let answer = server
        .client()
        .post_form("/common/oauth2/v2.0/token", &fields);
    let answer = answer.expect("an answer");
    let token: Value = serde_json::from_slice(&answer.body).expect("JSON");
    token["access_token"].as_str().expect("a token").to_owned()
}

#[test]
fn partnercenterservices_registers_and_deletes_devices() {
    let Some(scene) = Scene::set() else { return };
    scene.runs(scene.python(), "partner_center.py", &scene.partner);
}

#[test]
fn the_graph_clients_of_python_and_node_register_find_and_delete_devices() {
    let Some(scene) = Scene::set() else { return };
    scene.runs(scene.python(), "graph.py", &scene.of_customer);
    scene.runs(Command::new("node"), "graph.js", &scene.of_customer);
}

#[test]
fn the_contract_withstands_whoever_tries_it() {
    let Some(scene) = Scene::set() else { return };
    scene.withstands_schemathesis(None);
    let first = [&scene.partner, &scene.of_customer, &scene.of_oem];
    for (id, secret) in first.into_iter().chain(&scene.others) {
        let token = token(&scene.server, id, secret);
        scene.withstands_schemathesis(Some(&token));
    }
}

/// A certificate that is its own authority, with its key: `NAME.pem` and `NAME.key`.
fn certificate(scratch: &Scratch, name: &str, algorithm: &'static rcgen::SignatureAlgorithm) {
    let key = rcgen::KeyPair::generate_for(algorithm).expect("a key");
    let parameters = rcgen::CertificateParams::new(["localhost".to_owned()]).expect("a name");
    let made = parameters.self_signed(&key).expect("a certificate");
    scratch.write(&format!("{name}.pem"), made.pem());
    scratch.write(&format!("{name}.key"), key.serialize_pem());
}

/// A port that was free a moment ago: the address must be known before the server runs.
fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address").port()
}

#[test]
fn msal_and_azure_identity_sign_in_over_https() {
    let Some(clients) = installed() else { return };
    let scratch = Scratch::new();
    let database = format!("sqlite:{}", scratch.path("enlist.db").display());
    let ground = Ground::lay(&database);
    let customer = ground.organization(OrganizationKind::Customer, "Northwind");
    let (id, secret) = client_of(&scratch, &customer, "global_administrator");
    let public = [
        "add",
        "--name",
        "Desk script",
        "--role",
        "reader",
        "--public",
        "--scope",
        "devices.read",
        "--redirect",
        "http://localhost",
    ];
    let public = admin(&scratch, &customer, &public);
    let public = printed(&public, "client id").to_owned();
    certificate(&scratch, "tls", &rcgen::PKCS_ECDSA_P256_SHA256);
    let sign = "req -x509 -newkey rsa:2048 -noenc -subj /CN=stock -keyout sign.key -out sign.pem";
    let made = Command::new("openssl")
        .args(sign.split(' '))
        .current_dir(scratch.path(""))
        .output();
    assert!(made.expect("openssl runs").status.success());
    let added = admin(&scratch, &customer, &["key", "add", &id, "sign.pem"]);
    assert_eq!(added.code, 0, "{}", added.err);

    let port = free_port();
    let (listen, url) = (
        format!("127.0.0.1:{port}"),
        format!("https://localhost:{port}"),
    );
    let server = scratch.start(&[
        "serve",
        "--listen",
        &listen,
        "--public-url",
        &url,
        "--database",
        &database,
        "--tls-cert",
        "tls.pem",
        "--tls-key",
        "tls.key",
    ]);
    server.says(&url);
    let mut python = Command::new(clients.join("python/bin/python"));
    let programs = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients");
    python
        .arg(programs.join("sign_in.py"))
        .envs([
            ("ENLIST_URL", &url),
            ("CLIENT_ID", &id),
            ("CLIENT_SECRET", &secret),
        ])
        .env("PUBLIC_ID", public)
        .env("CUSTOMER", customer.organization().to_string())
        .envs([("PERSON", customer.email.as_str()), ("PASSWORD", PASSWORD)])
        .env("CA", scratch.path("tls.pem"))
        .env("KEY", scratch.path("sign.key"))
        .env("CERTIFICATE", scratch.path("sign.pem"));
    ends_well(python, "sign_in.py");
}
