//! A configuration policy as it is sent and shown (api.md 2.5).

use registration::ids::PolicyId;
use registration::policy::{Policy, PolicySetting, PolicySettings};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;
use service::policies::PolicyForm;

use super::collection::{Attributes, Links};
use super::error::PartnerError;
use super::lenient::Object;

/// The one category there is: "OOBE", letter by letter.
pub(crate) const OOBE: &str = "o_o_b_e";

/// A category: `o_o_b_e`, `OOBE` or its number 1; nothing means it too.
pub(crate) fn category(place: &str, given: &Value) -> Result<(), PartnerError> {
    let fits = match given {
        Value::Null => true,
        Value::Number(number) => number.as_u64() == Some(1),
        Value::String(word) => {
            word.is_empty() || word.replace('_', "").eq_ignore_ascii_case("oobe") || word == "1"
        }
        _ => false,
    };
    if fits {
        Ok(())
    } else {
        Err(PartnerError::word(place, &as_text(given)))
    }
}

/// Switches: words, or flags as numbers, alone or in a list.
fn settings(given: &Value) -> Result<PolicySettings, PartnerError> {
    let mut flags = 0;
    let list = match given {
        Value::Array(items) => items.as_slice(),
        Value::Null => &[],
        one => std::slice::from_ref(one),
    };
    for one in list {
        flags |= flags_of(one)
            .ok_or_else(|| PartnerError::word("policySettings", &as_text(one)))?
            .flags();
    }
    Ok(PolicySettings::of_flags(flags))
}

fn flags_of(one: &Value) -> Option<PolicySettings> {
    match one {
        Value::Number(number) => {
            let flags = u8::try_from(number.as_u64()?).ok()?;
            (flags <= 31).then(|| PolicySettings::of_flags(flags))
        }
        // A set of flags may be one text: "SkipEula, SkipExpressSettings".
        Value::String(words) => words
            .split(',')
            .map(str::trim)
            .filter(|word| !word.is_empty() && !word.eq_ignore_ascii_case("none"))
            .map(PolicySetting::parse)
            .collect(),
        _ => None,
    }
}

fn as_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// What this policy is to be; another id in the body is refused.
pub(crate) fn form_of(mut sent: Object, id: PolicyId) -> Result<PolicyForm, PartnerError> {
    sent.is_about(id.0)?;
    form(sent)
}

/// What a policy is to be, as clients send it.
pub(crate) fn form(mut sent: Object) -> Result<PolicyForm, PartnerError> {
    category("category", &sent.any("category"))?;
    Ok(PolicyForm {
        settings: settings(&sent.any("policySettings"))?,
        name: sent.text("name")?,
        description: sent.text("description")?,
    })
}

/// A policy as it is shown.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "ConfigurationPolicy")]
pub(crate) struct Shown {
    id: String,
    name: String,
    category: &'static str,
    description: String,
    devices_assigned_count: u64,
    policy_settings: Vec<&'static str>,
    created_date: String,
    last_modified_date: String,
    links: Links,
    attributes: Attributes,
}

impl From<Policy> for Shown {
    fn from(policy: Policy) -> Self {
        let uri = format!("/customers/{}/policies/{}", policy.customer_id, policy.id);
        Self {
            links: Links::own(uri),
            id: policy.id.to_string(),
            category: OOBE,
            devices_assigned_count: policy.device_count,
            policy_settings: policy.settings.iter().map(PolicySetting::as_str).collect(),
            created_date: policy.created_at.to_string(),
            last_modified_date: policy.updated_at.to_string(),
            attributes: Attributes::versioned("ConfigurationPolicy", policy.version),
            name: policy.name,
            description: policy.description,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn switches_come_as_words_or_flags() {
        for (given, flags) in [
            (json!(["skip_eula", "oobe_user_not_local_admin"]), 18),
            (json!(["SkipEula"]), 16),
            (json!("SkipEula, SkipExpressSettings"), 20),
            (json!([4, "none"]), 4),
            (json!(31), 31),
            (json!([]), 0),
            (json!(null), 0),
        ] {
            let read = settings(&given).expect("reads");
            assert_eq!(read.flags(), flags, "{given}");
        }
        for wrong in [json!(["skip_everything"]), json!(32), json!([{}])] {
            assert!(settings(&wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn there_is_one_category() {
        for fits in [json!("o_o_b_e"), json!("OOBE"), json!(1), json!(null)] {
            assert!(category("category", &fits).is_ok(), "{fits}");
        }
        for other in [json!("none"), json!(0), json!(2)] {
            assert!(category("category", &other).is_err(), "{other}");
        }
    }
}
