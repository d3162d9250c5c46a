//! The tutorials in `docs/api/`: every command in them is run, one after the other, as it stands
//! there.

use std::path::{Path, PathBuf};
use std::process::Command;

use registration::organization::OrganizationKind;

use crate::clients::client_of;
use crate::support::Scratch;
use crate::world::desk::{Ground, Member};
use crate::world::server::Server;

/// Where the tutorials say that the server is.
const ADDRESS: &str = "127.0.0.1:8040";

/// The commands of a tutorial: what stands in its blocks of shell, without the prompts of others.
fn commands(text: &str) -> String {
    let mut script = String::new();
    let mut inside = false;
    for line in text.lines() {
        match line.trim_end() {
            "```sh" => inside = true,
            "```" => inside = false,
            line if inside => {
                script.push_str(line);
                script.push('\n');
            }
            _ => {}
        }
    }
    script
}

/// The organizations of the tutorials: Brightwater sells to Harrow, Contoso builds for it.
struct Scene {
    scratch: Scratch,
    server: Server,
    database: String,
    harrow: Member,
}

impl Scene {
    fn set(as_kind: OrganizationKind) -> (Self, String, String) {
        let scratch = Scratch::new();
        let database = format!("sqlite:{}", scratch.path("enlist.db").display());
        let ground = Ground::lay(&database);
        let brightwater = ground.organization(OrganizationKind::Partner, "Brightwater");
        let contoso = ground.organization(OrganizationKind::Oem, "Contoso");
        let harrow = ground.organization(OrganizationKind::Customer, "Harrow");
        ground.consent(&brightwater, &harrow);
        ground.consent(&contoso, &harrow);
        let (member, role) = match as_kind {
            OrganizationKind::Customer => (&harrow, "global_administrator"),
            OrganizationKind::Oem => (&contoso, "admin_agent"),
            _ => (&brightwater, "admin_agent"),
        };
        let (id, secret) = client_of(&scratch, member, role);
        let scene = Self {
            server: Server::start(&database, &[]),
            scratch,
            database,
            harrow,
        };
        (scene, id, secret)
    }
}

/// Runs a tutorial as somebody of this kind; the variables it leaves to the reader are set.
fn works(tutorial: &str, kind: OrganizationKind) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../docs/api")
        .join(tutorial);
    let text = std::fs::read_to_string(&path).expect("the tutorial");
    let (scene, id, secret) = Scene::set(kind);
    let token = crate::clients::token(&scene.server, &id, &secret);
    let script = commands(&text).replace(ADDRESS, &scene.server.address);
    assert!(script.contains("curl "), "{tutorial} has commands");
    // A refusal ends it, as a reader would stop there.
    let script =
        format!("set -eu\ncurl() {{ command curl --fail-with-body -sS \"$@\"; }}\n{script}");
    let binary = PathBuf::from(env!("CARGO_BIN_EXE_enlist"));
    let programs = binary.parent().expect("a folder").display().to_string();
    let search = std::env::var("PATH").unwrap_or_default();
    let ran = Command::new("bash")
        .args(["-c", &script])
        .current_dir(scene.scratch.path(""))
        .env("PATH", format!("{programs}:{search}"))
        .env("ENLIST_DATABASE", &scene.database)
        .env("NO_PROXY", "*")
        .envs([("ID", &id), ("SECRET", &secret), ("TOKEN", &token)])
        .env("CUSTOMER", scene.harrow.organization().to_string())
        .output()
        .expect("bash runs");
    assert!(
        ran.status.success(),
        "{tutorial}:\n{}\n{}",
        String::from_utf8_lossy(&ran.stdout),
        String::from_utf8_lossy(&ran.stderr)
    );
}

#[test]
fn tokens() {
    works("oauth.md", OrganizationKind::Partner);
}

#[test]
fn partner_center() {
    works("partner-center.md", OrganizationKind::Partner);
}

#[test]
fn graph() {
    works("graph.md", OrganizationKind::Customer);
}

#[test]
fn oem() {
    works("oem.md", OrganizationKind::Oem);
}
