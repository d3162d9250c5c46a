//! The choices of a deployment profile as a form: the same for those of the service and for a
//! customer's own.

use registration::customer_profile::{ProfileChange, Said};
use registration::profile::DeploymentSettings;
use serde::Deserialize;

/// Ticked boxes come as "yes", the others don't come at all.
#[derive(Deserialize, Default, Clone)]
#[serde(default)]
pub(super) struct ProfileForm {
    pub name: String,
    pub description: String,
    pub name_template: String,
    pub language: String,
    pub region: String,
    hybrid_join: String,
    skip_connectivity_check: String,
    self_deploying: String,
    standard_user: String,
    hide_privacy: String,
    hide_license_terms: String,
    hide_change_account: String,
    pub skip_keyboard: String,
}

/// A choice that is made or not.
pub(super) struct Switch {
    /// The field.
    pub field: &'static str,
    /// Whether it is made.
    pub on: bool,
    /// What it is called.
    pub title: &'static str,
    /// What it means, where the title does not say it.
    pub hint: &'static str,
}

fn is_ticked(text: &str) -> bool {
    text == "yes"
}

fn given(text: &str) -> Option<String> {
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

impl ProfileForm {
    /// The form that says what is chosen already.
    pub(super) fn of(name: &str, description: &str, settings: &DeploymentSettings) -> Self {
        let tick = |on: bool| if on { "yes" } else { "" }.to_owned();
        Self {
            name: name.to_owned(),
            description: description.to_owned(),
            name_template: settings.name_template.clone().unwrap_or_default(),
            language: settings.language.clone().unwrap_or_default(),
            region: settings.region.clone().unwrap_or_default(),
            hybrid_join: tick(settings.hybrid_join),
            skip_connectivity_check: tick(settings.skip_connectivity_check),
            self_deploying: tick(settings.self_deploying),
            standard_user: tick(settings.standard_user),
            hide_privacy: tick(settings.hide_privacy),
            hide_license_terms: tick(settings.hide_license_terms),
            hide_change_account: tick(settings.hide_change_account),
            skip_keyboard: tick(settings.skip_keyboard),
        }
    }

    /// What a profile of the service is to be.
    pub(super) fn settings(&self) -> DeploymentSettings {
        DeploymentSettings {
            hybrid_join: is_ticked(&self.hybrid_join),
            skip_connectivity_check: is_ticked(&self.skip_connectivity_check),
            self_deploying: is_ticked(&self.self_deploying),
            standard_user: is_ticked(&self.standard_user),
            hide_privacy: is_ticked(&self.hide_privacy),
            hide_license_terms: is_ticked(&self.hide_license_terms),
            hide_change_account: is_ticked(&self.hide_change_account),
            skip_keyboard: is_ticked(&self.skip_keyboard),
            language: given(&self.language),
            region: given(&self.region),
            name_template: given(&self.name_template),
        }
    }

    /// What a customer's profile is to be: the form says all that it has fields for, and the rest
    /// stays as scripts have set it.
    pub(super) fn change(&self) -> ProfileChange {
        let chosen = self.settings();
        let said = |on: bool| Said::once(Some(on));
        ProfileChange {
            name: Said::once(Some(self.name.clone())),
            description: Said::once(Some(self.description.trim().to_owned())),
            hybrid_join: said(chosen.hybrid_join),
            skip_connectivity_check: said(chosen.skip_connectivity_check),
            shared: said(chosen.self_deploying),
            standard_user: said(chosen.standard_user),
            hide_privacy: said(chosen.hide_privacy),
            hide_license_terms: said(chosen.hide_license_terms),
            hide_change_account: said(chosen.hide_change_account),
            skip_keyboard: said(chosen.skip_keyboard),
            language: Said::once(Some(chosen.language)),
            name_template: Said::once(Some(chosen.name_template)),
            ..ProfileChange::default()
        }
    }

    /// The choices that are made or not, but for the keyboard's.
    pub(super) fn switches(&self) -> [Switch; 7] {
        let switch = |field, text: &str, title, hint| Switch {
            field,
            on: is_ticked(text),
            title,
            hint,
        };
        [
            switch(
                "self_deploying",
                &self.self_deploying,
                "Self-deploying",
                "The device sets itself up without a user signing in: several people share it.",
            ),
            switch(
                "standard_user",
                &self.standard_user,
                "Standard user",
                "Whoever sets the device up does not become its administrator.",
            ),
            switch(
                "hide_privacy",
                &self.hide_privacy,
                "Hide the privacy page",
                "",
            ),
            switch(
                "hide_license_terms",
                &self.hide_license_terms,
                "Hide the licence terms",
                "",
            ),
            switch(
                "hide_change_account",
                &self.hide_change_account,
                "Hide \"change account\"",
                "Enrolment can't be escaped.",
            ),
            switch(
                "hybrid_join",
                &self.hybrid_join,
                "Hybrid join",
                "Joins the customer's own directory as well.",
            ),
            switch(
                "skip_connectivity_check",
                &self.skip_connectivity_check,
                "Skip the connectivity check",
                "With hybrid join: joins without asking first whether the directory can be reached.",
            ),
        ]
    }

    /// Whether the keyboard page is skipped.
    pub(super) fn skips_keyboard(&self) -> bool {
        is_ticked(&self.skip_keyboard)
    }
}

#[cfg(test)]
mod tests {
    use registration::clock::Timestamp;
    use registration::customer_profile::CustomerProfile;
    use registration::ids::{OrganizationId, ProfileId};
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_form_that_is_sent_back_as_it_came_changes_no_choice() {
        let id = Uuid::nil();
        let blank = CustomerProfile::new(ProfileId(id), OrganizationId(id), Timestamp(1));
        let form = ProfileForm {
            name: "Lab".to_owned(),
            language: " de-DE ".to_owned(),
            name_template: "LAB-%RAND:5%".to_owned(),
            hybrid_join: "yes".to_owned(),
            skip_connectivity_check: "yes".to_owned(),
            skip_keyboard: "yes".to_owned(),
            hide_privacy: "yes".to_owned(),
            ..ProfileForm::default()
        };
        let made = blank.changed(form.change(), Timestamp(2)).expect("fits");
        let settings = &made.settings.deployment;
        assert_eq!(settings.language.as_deref(), Some("de-DE"));
        assert_eq!(settings.region, settings.language);
        assert!(settings.hybrid_join && settings.skip_connectivity_check);
        let again = ProfileForm::of(&made.name, &made.description, settings);
        assert_eq!(again.settings(), *settings);
        let same = made.clone().changed(again.change(), Timestamp(2));
        assert_eq!(same, Ok(made));
    }
}
