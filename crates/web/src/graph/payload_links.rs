//! `POST …/windowsAutopilotDeploymentProfiles/hasPayloadLinks`: which of some profiles are assigned.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use registration::ids::ProfileId;
use serde::Deserialize;
use serde_json::{Value, json};
use service::DeskError;

use super::body::Body;
use super::call::{Call, Reads};
use super::collection::Collection;
use super::error::GraphError;

const RESULTS: &str = "Collection(microsoft.graph.hasPayloadLinkResultItem)";
/// Ids in one call at most.
const IDS_AT_ONCE: usize = 1000;

/// Ids of profiles as clients send them; names are in lower case by then.
#[derive(Deserialize)]
struct Sent {
    #[serde(rename = "payloadids")]
    ids: Vec<String>,
}

/// Whether a profile is assigned; `None` where there is no such profile.
async fn is_assigned(call: &Call, id: ProfileId) -> Result<Option<bool>, GraphError> {
    match call.desk().profile_assignments(&call.caller, id).await {
        Ok(found) => Ok(Some(!found.is_empty())),
        Err(DeskError::NotFound) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn shown(id: &str, is_assigned: Option<bool>) -> Value {
    let has_link = is_assigned == Some(true);
    json!({
        "payloadId": id,
        "hasLink": has_link,
        "error": if is_assigned.is_some() { "" } else { "There is no such profile." },
        "sources": if has_link { vec!["direct"] } else { Vec::new() },
    })
}

/// `POST …/hasPayloadLinks`: an answer for each id, in their order.
pub(super) async fn tell(Reads(call): Reads, body: Body) -> Result<Collection, GraphError> {
    let sent = body.read::<Sent>("an object with payloadIds, a list of ids of profiles")?;
    if sent.ids.len() > IDS_AT_ONCE {
        let (limit, unit) = (IDS_AT_ONCE as u64, "profiles");
        return Err(DeskError::TooLarge { limit, unit }.into());
    }
    let mut known = HashMap::new();
    for profile in call.desk().own_profiles(&call.caller).await? {
        known.insert(profile.id.to_string(), None);
    }
    let mut items = Vec::with_capacity(sent.ids.len());
    for id in &sent.ids {
        let assigned = match known.entry(id.trim().to_ascii_lowercase()) {
            Entry::Vacant(_) => None,
            Entry::Occupied(mut place) => {
                if place.get().is_none()
                    && let Ok(profile) = place.key().parse()
                {
                    place.insert(is_assigned(&call, ProfileId(profile)).await?);
                }
                *place.get()
            }
        };
        items.push(shown(id, assigned));
    }
    Ok(Collection {
        context: call.context(RESULTS),
        count: None,
        items,
        next: None,
    })
}
