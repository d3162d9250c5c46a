//! The user that a device is meant for: a sign-in name, `name@domain`.
//!
//! Only the domain is looked at when a list is imported, and a wrong user makes the device unusable
//! (AP-ADD25), so the form is held against what a sign-in name can be.

use super::row::{Notes, Row};
use super::{filler, letters};
use crate::code::Code;
use crate::dialect::Column;
use crate::finding::Finding;

/// Signs that no sign-in name has.
const FOREIGN: &str = "<>()[]{}:;,\"\\/|=*?&%$+";

/// What is wrong with a user.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Fault {
    code: Code,
    cause: String,
    /// The sign-in name that is probably meant.
    meant: Option<String>,
}

/// Holds the row's user against the form of a sign-in name.
pub(crate) fn check(row: &mut Row<'_>, notes: &mut Notes<'_>) {
    if !row.has(Column::AssignedUser) || notes.has_condemned(Column::AssignedUser) {
        return;
    }
    let mut user = row.text(Column::AssignedUser);
    if let Some(plain) = letters::guessed(&user, Column::AssignedUser, notes) {
        row.correct(Column::AssignedUser, plain);
        filler::clear(row, notes);
        user = row.text(Column::AssignedUser);
    }
    if user.is_empty() {
        return;
    }
    if notes.has_condemned(Column::AssignedUser) {
        return;
    }
    let Some(fault) = fault(&user) else {
        return;
    };
    let mut finding = Finding::new(fault.code, fault.cause).field(Column::AssignedUser);
    finding = finding.found(&user);
    if let Some(meant) = &fault.meant {
        finding = finding.guessed(meant.as_str());
    }
    if notes.add(finding)
        && let Some(meant) = fault.meant
    {
        row.correct(Column::AssignedUser, meant);
    }
}

fn fault(user: &str) -> Option<Fault> {
    let form = |cause: &str, meant: Option<&str>| {
        let meant = meant
            .filter(|meant| fault(meant).is_none())
            .map(str::to_owned);
        Some(Fault {
            code: Code::ASSIGNED_USER_FORM,
            cause: cause.to_owned(),
            meant,
        })
    };
    if let Some(address) = inside_brackets(user) {
        let cause = "This is how a mail program shows a person; the sign-in name alone is wanted.";
        return form(cause, Some(address));
    }
    let scheme = ["mailto:", "smtp:", "upn:"].iter().find_map(|scheme| {
        let (front, rest) = user.split_at_checked(scheme.len())?;
        front.eq_ignore_ascii_case(scheme).then_some(rest)
    });
    if scheme.is_some() {
        return form(
            "A link's beginning stands in front of the sign-in name.",
            scheme,
        );
    }
    let Some((name, domain)) = user.split_once('@') else {
        return if user.contains('\\') {
            form(
                "This is the old form DOMAIN\\user; a sign-in name looks like name@domain.",
                None,
            )
        } else {
            form("A sign-in name looks like name@domain.", None)
        };
    };
    if domain.contains('@') {
        return form(
            "There are two @ in it: one user can be named for a device.",
            None,
        );
    }
    if user.contains([' ', '\u{a0}']) {
        let joined = user.replace([' ', '\u{a0}'], "");
        return form("A sign-in name has no blanks.", Some(&joined));
    }
    if let Some(sign) = user.chars().find(|c| FOREIGN.contains(*c)) {
        return form(&format!("No sign-in name has the sign \"{sign}\"."), None);
    }
    if name.is_empty() || name.starts_with('.') || name.ends_with('.') {
        return form(
            "What stands in front of the @ can't be the name of a user.",
            None,
        );
    }
    if !is_domain(domain) {
        let cause = format!(
            "\"{}\" is no domain: it has a dot, and letters, digits or hyphens around it.",
            crate::finding::display_safe(domain)
        );
        let meant = user.strip_suffix('.');
        return form(&cause, meant);
    }
    let guest = name.len() >= 5 && name.to_ascii_uppercase().ends_with("#EXT#");
    guest.then(|| Fault {
        code: Code::ASSIGNED_USER_GUEST,
        cause: "The name of a guest in the customer's directory: a guest can't set up a device."
            .into(),
        meant: None,
    })
}

/// The address in `Anna Berg <anna@contoso.example>`.
fn inside_brackets(user: &str) -> Option<&str> {
    let (_, rest) = user.split_once('<')?;
    let (address, behind) = rest.split_once('>')?;
    behind.trim().is_empty().then(|| address.trim())
}

fn is_domain(domain: &str) -> bool {
    let label = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_alphanumeric() || c == '-')
    };
    domain.contains('.') && domain.split('.').all(label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sign_in_names_are_left_alone() {
        for user in [
            "anna@contoso.example",
            "anna.o'neill-berg_1@sub.contoso.example",
            "a@b.c",
            "anna#1@contoso.example",
            "änne@contoso.example",
        ] {
            assert_eq!(fault(user), None, "{user}");
        }
    }

    #[test]
    fn every_other_form_is_told() {
        for (user, word, meant) in [
            ("CONTOSO\\anna", "DOMAIN", None),
            ("anna", "name@domain", None),
            ("anna@contoso", "no domain", None),
            ("anna@contoso.", "no domain", None),
            (
                "anna@contoso.example.",
                "no domain",
                Some("anna@contoso.example"),
            ),
            ("anna@@contoso.example", "two @", None),
            ("anna@contoso.example;ben@contoso.example", "two @", None),
            (
                "an na@contoso.example",
                "no blanks",
                Some("anna@contoso.example"),
            ),
            ("@contoso.example", "in front of the @", None),
            ("anna.@contoso.example", "in front of the @", None),
            ("anna@-contoso.example", "no domain", None),
            ("an+na@contoso.example", "\"+\"", None),
            (
                "Anna Berg <anna@contoso.example>",
                "mail program",
                Some("anna@contoso.example"),
            ),
            (
                "<anna@contoso.example>",
                "mail program",
                Some("anna@contoso.example"),
            ),
            ("Anna <anna>", "mail program", None),
            (
                "MailTo:anna@contoso.example",
                "link",
                Some("anna@contoso.example"),
            ),
        ] {
            let fault = fault(user).expect(user);
            assert_eq!(fault.code, Code::ASSIGNED_USER_FORM, "{user}");
            assert!(fault.cause.contains(word), "{user}: {}", fault.cause);
            assert_eq!(fault.meant.as_deref(), meant, "{user}");
        }
    }

    #[test]
    fn a_guest_is_known_by_its_name() {
        let fault = fault("anna_fabrikam.example#EXT#@contoso.example").unwrap();
        assert_eq!(fault.code, Code::ASSIGNED_USER_GUEST);
    }
}
