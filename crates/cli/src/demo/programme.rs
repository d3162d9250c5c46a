//! What the demo prints: where it is, who can sign in, and what to try first.

use std::fmt::Write as _;

use super::cast::{ADVENTURE, NORTHWIND, TAILSPIN, WIDE_WORLD};
use super::{DemoFiles, Stage};
use crate::terminal::bold;

/// The whole text.
pub(crate) fn programme(
    stage: &Stage,
    files: &DemoFiles,
    url: &str,
    password: &str,
    kept: Option<&str>,
) -> String {
    let mut text = format!("{} {url}\n\n", bold("The enlist demo is at"));
    text.push_str(&people(stage, password));
    text.push_str(&to_try(stage, files, url));
    text.push_str(&asking(files, url));
    let end = match kept {
        Some(database) => {
            let program = program();
            format!("Ctrl-C ends it. Later: {program} serve --database {database}\n")
        }
        None => "Ctrl-C ends it, and everything made here is gone.\n".to_owned(),
    };
    text.push_str(&end);
    text
}

fn people(stage: &Stage, password: &str) -> String {
    let mut text = format!(
        "{}\n",
        bold("Who can sign in: e-mail, password, role, organization")
    );
    for person in &stage.people {
        // Writing to a string can't fail.
        let _ = writeln!(
            text,
            "  {:<30} {password}  {:<20} {} ({})",
            person.email, person.role, person.organization, person.kind
        );
    }
    text
}

fn to_try(stage: &Stage, files: &DemoFiles, url: &str) -> String {
    let partner = WIDE_WORLD.email(WIDE_WORLD.first);
    let adventure = ADVENTURE.email(ADVENTURE.first);
    let tailspin = TAILSPIN.email(TAILSPIN.first);
    let northwind = NORTHWIND.email(NORTHWIND.first);
    let steps = [
        format!(
            "Sign in as {partner}: Customers, Adventure Works, Devices, Add devices. Choose a \
             group tag, then browse to\n     {}\n     and read the findings; take the repaired \
             list and save it.",
            files.mistakes.display()
        ),
        format!(
            "Add the list without mistakes as well:\n     {}",
            files.good.display()
        ),
        format!(
            "Sign in as {tailspin} and answer the invitation of Wide World Importers:\n     \
             {url}/invitations/{}",
            stage.invitation
        ),
        format!(
            "Sign in as {adventure}: see which devices are active, who registered them, and \
             under Partners and OEMs revoke the consent. {partner} can add no devices then."
        ),
        format!(
            "Sign in as {northwind} and register devices of your own:\n     {}",
            files.own.display()
        ),
        format!(
            "In another terminal: {} check {}",
            program(),
            files.mistakes.display()
        ),
    ];
    let mut text = format!("\n{}\n", bold("What to try first"));
    for (number, step) in (1..).zip(steps) {
        let _ = writeln!(text, "  {number}. {step}");
    }
    text
}

/// How this program was called: it need not be where the shell looks.
fn program() -> String {
    std::env::args()
        .next()
        .unwrap_or_else(|| "enlist".to_owned())
}

fn asking(files: &DemoFiles, url: &str) -> String {
    format!(
        "\n{}\n  curl --data @{} {url}/device/profile\n\n",
        bold("How a device asks for its profile"),
        files.ask.display()
    )
}
