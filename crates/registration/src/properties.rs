//! What a customer notes about its own devices beside what they are (api.md 5.3): whom they belong
//! to, how they are called.

use serde::Serialize;

use crate::clock::Timestamp;
use crate::imported::{TextError, check_text};

/// The properties of a device; empty where nothing was said.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct DeviceProperties {
    /// Whom it is assigned to.
    pub user_principal_name: String,
    /// How that person is greeted.
    pub addressable_user_name: String,
    /// How the device is called.
    pub display_name: String,
    /// The purchase order it came with.
    pub purchase_order: String,
    /// The name of the resource account it works with.
    pub resource_name: String,
    /// That account.
    pub account_upn: String,
    /// How it is called where people meet it.
    pub friendly_name: String,
    /// When it was allowed to enrol once more without a user.
    pub enrollment_allowed_at: Option<Timestamp>,
}

/// A change of a device's properties and group tag. What is `None` stays as it is; an empty text
/// takes a property away.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PropertiesChange {
    /// Another group tag: any text, of the catalogue or the customer's own.
    pub group_tag: Option<String>,
    /// Whom it is assigned to.
    pub user_principal_name: Option<String>,
    /// How that person is greeted.
    pub addressable_user_name: Option<String>,
    /// How the device is called.
    pub display_name: Option<String>,
    /// The purchase order it came with.
    pub purchase_order: Option<String>,
    /// The name of the resource account it works with.
    pub resource_name: Option<String>,
    /// That account.
    pub account_upn: Option<String>,
    /// How it is called where people meet it.
    pub friendly_name: Option<String>,
    /// It may enrol once more without a user.
    pub allow_enrollment: bool,
}

impl PropertiesChange {
    /// The same with blanks cut off, if every text fits.
    pub fn checked(mut self) -> Result<Self, TextError> {
        for (name, text) in [
            ("groupTag", &mut self.group_tag),
            ("userPrincipalName", &mut self.user_principal_name),
            ("addressableUserName", &mut self.addressable_user_name),
            ("displayName", &mut self.display_name),
            ("purchaseOrderIdentifier", &mut self.purchase_order),
            ("resourceName", &mut self.resource_name),
            ("deviceAccountUpn", &mut self.account_upn),
            ("deviceFriendlyName", &mut self.friendly_name),
        ] {
            if let Some(text) = text {
                *text = check_text(name, text)?;
            }
        }
        Ok(self)
    }

    /// Carries it out. The answer names what is different now, for the audit log: never the values,
    /// which are personal.
    pub fn apply(&self, to: &mut DeviceProperties, now: Timestamp) -> Vec<&'static str> {
        let mut changed = Vec::new();
        for (name, new, old) in [
            (
                "user",
                &self.user_principal_name,
                &mut to.user_principal_name,
            ),
            (
                "user's name",
                &self.addressable_user_name,
                &mut to.addressable_user_name,
            ),
            ("display name", &self.display_name, &mut to.display_name),
            (
                "purchase order",
                &self.purchase_order,
                &mut to.purchase_order,
            ),
            ("resource", &self.resource_name, &mut to.resource_name),
            ("resource account", &self.account_upn, &mut to.account_upn),
            ("friendly name", &self.friendly_name, &mut to.friendly_name),
        ] {
            if let Some(new) = new
                && new != old
            {
                old.clone_from(new);
                changed.push(name);
            }
        }
        if self.allow_enrollment {
            to.enrollment_allowed_at = Some(now);
            changed.push("enrolment allowed");
        }
        changed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_said_stays_and_an_empty_text_takes_away() {
        let mut properties = DeviceProperties {
            user_principal_name: "ada@contoso.example".to_owned(),
            display_name: "Desk 7".to_owned(),
            ..DeviceProperties::default()
        };
        let change = PropertiesChange {
            user_principal_name: Some(String::new()),
            display_name: Some("Desk 7".to_owned()),
            friendly_name: Some("Lobby".to_owned()),
            ..PropertiesChange::default()
        };
        let changed = change.apply(&mut properties, Timestamp(1));
        assert_eq!(changed, ["user", "friendly name"]);
        assert_eq!(properties.user_principal_name, "");
        assert_eq!(properties.display_name, "Desk 7");
        let none = PropertiesChange::default().apply(&mut properties, Timestamp(2));
        assert!(none.is_empty());
    }

    #[test]
    fn texts_that_do_not_fit_are_named() {
        let change = PropertiesChange {
            display_name: Some("a\tb".to_owned()),
            ..PropertiesChange::default()
        };
        let error = change.checked().expect_err("a tab");
        assert!(error.to_string().starts_with("displayName"));
    }
}
