//! The settings of the service, changed by its operator.

use registration::access::Action;
use serde::Serialize;

use crate::{Caller, Desk, Result};

/// The settings in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Settings {
    /// A device may ask by PKID or tuple, which can be guessed. Off unless switched on.
    pub ask_by_identifier: bool,
}

const ASK_BY_IDENTIFIER: &str = "ask_by_identifier";

impl Desk {
    /// The settings, for their page.
    pub async fn settings(&self, caller: &Caller) -> Result<Settings> {
        caller.may(Action::ManageSettings)?;
        self.settings_in_force().await
    }

    /// Changes the settings that differ.
    pub async fn change_settings(&self, caller: &Caller, settings: Settings) -> Result<()> {
        let scope = caller.may(Action::ManageSettings)?;
        let before = self.settings_in_force().await?;
        if before.ask_by_identifier != settings.ask_by_identifier {
            let value = if settings.ask_by_identifier {
                "on"
            } else {
                "off"
            };
            let act = caller.act(self);
            self.storage
                .change_setting(&scope, &act, ASK_BY_IDENTIFIER, value)
                .await?;
            self.forget_copies();
        }
        Ok(())
    }

    pub(crate) async fn settings_in_force(&self) -> Result<Settings> {
        let stored = self.storage.settings().await?;
        let on = |name: &str| {
            stored
                .iter()
                .any(|(known, value)| known == name && value == "on")
        };
        Ok(Settings {
            ask_by_identifier: on(ASK_BY_IDENTIFIER),
        })
    }
}
