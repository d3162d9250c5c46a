//! The clients that people really use against the originals, run unchanged against `enlist serve`
//! (api.md 4 and 6.3). `scripts/test` installs them; the programs stand in `tests/clients/`.

use std::path::{Path, PathBuf};
use std::process::Command;

use registration::organization::OrganizationKind;

use crate::api_client::{admin, printed};
use crate::support::Scratch;
use crate::world::desk::{Ground, Member};
use crate::world::server::Server;

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
    /// Id and secret of the partner's client.
    partner: (String, String),
}

impl Scene {
    fn set() -> Option<Self> {
        let clients = installed()?;
        let scratch = Scratch::new();
        let database = format!("sqlite:{}", scratch.path("enlist.db").display());
        let ground = Ground::lay(&database);
        let partner = ground.organization(OrganizationKind::Partner, "Contoso");
        let customer = ground.organization(OrganizationKind::Customer, "Northwind");
        ground.consent(&partner, &customer);
        let partner = client_of(&scratch, &partner, "admin_agent");
        let server = Server::start(&database, &[]);
        Some(Self {
            clients,
            scratch,
            server,
            customer,
            partner,
        })
    }

    /// Runs a program of `tests/clients/` to its end, which must be a good one.
    fn runs(&self, mut interpreter: Command, program: &str, (id, secret): &(String, String)) {
        let programs = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients");
        interpreter
            .arg(programs.join(program))
            .current_dir(self.scratch.path(""))
            .env("ENLIST_URL", self.server.url(""))
            .env("CLIENT_ID", id)
            .env("CLIENT_SECRET", secret)
            .env("CUSTOMER", self.customer.organization().to_string());
        // Set on some machines, they win over what a program says.
        for name in [
            "REQUESTS_CA_BUNDLE",
            "CURL_CA_BUNDLE",
            "HTTP_PROXY",
            "HTTPS_PROXY",
            "http_proxy",
            "https_proxy",
        ] {
            interpreter.env_remove(name);
        }
        let ran = interpreter.output().expect("the interpreter runs");
        assert!(
            ran.status.success(),
            "{program} ended badly:\n{}{}",
            String::from_utf8_lossy(&ran.stdout),
            String::from_utf8_lossy(&ran.stderr)
        );
    }

    fn python(&self) -> Command {
        Command::new(self.clients.join("python/bin/python"))
    }
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
    ] {
        add.extend(["--scope", scope]);
    }
    let added = admin(scratch, member, &add);
    assert_eq!(added.code, 0, "{}", added.err);
    let word = |name| printed(&added, name).to_owned();
    (word("client id"), word("secret"))
}

#[test]
fn partnercenterservices_registers_and_deletes_devices() {
    let Some(scene) = Scene::set() else { return };
    scene.runs(scene.python(), "partner_center.py", &scene.partner);
}
