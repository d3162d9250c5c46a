//! What every call has: who calls, the ids in its headers, the places in its address, its query.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::{FromRequestParts, Path};
use axum::http::HeaderMap;
use axum::http::header::IF_MATCH;
use axum::http::request::Parts;
use registration::api_client::ApiScope;
use registration::ids::{DeviceId, OrganizationId, PolicyId, RequestId, UploadId};
use registration::organization::OrganizationKind;
use service::{Caller, DeskError};
use uuid::Uuid;

use super::error::PartnerError;
use super::headers::{CONTINUATION, REQUEST_ID};
use crate::app::App;
use crate::bearer::Bearer;
use crate::session::query_pairs;

/// One call of a client that may call at all.
pub(crate) struct Call {
    bearer: Bearer,
    /// Who calls. Its request id is the client's, where it gave one: the audit log has that.
    pub(crate) caller: Caller,
    /// The id by which the client will know the request again.
    pub(crate) request: Option<RequestId>,
    places: HashMap<String, String>,
    query: HashMap<String, String>,
    headers: HeaderMap,
}

impl FromRequestParts<Arc<App>> for Call {
    type Rejection = PartnerError;

    async fn from_request_parts(
        parts: &mut Parts,
        app: &Arc<App>,
    ) -> Result<Self, Self::Rejection> {
        let bearer = Bearer::of(parts, app).await?;
        let organization = &bearer.caller.organization;
        // For others than partners and OEMs there is nothing behind these addresses.
        let acts = [OrganizationKind::Partner, OrganizationKind::Oem];
        if !acts.contains(&organization.kind) {
            return Err(PartnerError::no_such_call());
        }
        let places = Path::<HashMap<String, String>>::from_request_parts(parts, app).await;
        let Path(places) = places.map_err(|_| PartnerError::no_such_call())?;
        let request = request_id(&parts.headers)?;
        let mut caller = bearer.caller.clone();
        caller.request_id = request.unwrap_or(caller.request_id);
        Ok(Self {
            bearer,
            caller,
            request,
            places,
            query: query_of(parts.uri.query().unwrap_or_default()),
            headers: parts.headers.clone(),
        })
    }
}

fn request_id(headers: &HeaderMap) -> Result<Option<RequestId>, PartnerError> {
    let Some(value) = headers.get(REQUEST_ID) else {
        return Ok(None);
    };
    let id = value.to_str().ok().map(str::trim);
    match id {
        Some("") => Ok(None),
        Some(text) => text
            .parse()
            .map(Some)
            .map_err(|_| PartnerError::input("The header MS-RequestId must be a GUID.")),
        None => Err(PartnerError::input(
            "The header MS-RequestId must be a GUID.",
        )),
    }
}

/// The query by names in lower case; the last of a name counts.
fn query_of(query: &str) -> HashMap<String, String> {
    query_pairs(query)
        .map(|(name, value)| (name.to_ascii_lowercase(), value))
        .collect()
}

impl Call {
    /// Asks for a scope of the token; the use case itself asks for the role.
    pub(crate) fn needs(&self, scope: ApiScope) -> Result<(), PartnerError> {
        Ok(self.bearer.needs(scope)?)
    }

    /// Whether the client acts as itself, and not in a person's name.
    pub(crate) fn is_client_alone(&self) -> bool {
        self.bearer.is_client_alone()
    }

    /// The customer in the address.
    pub(crate) fn customer(&self) -> Result<OrganizationId, PartnerError> {
        let id = self.place("customer").parse();
        id.map_err(|_| PartnerError::customer_id())
    }

    /// Whether the last word of this address stands where the customer is expected, in any case.
    pub(crate) fn names_no_customer_but(&self, address: &str) -> bool {
        let word = address.rsplit('/').next().unwrap_or_default();
        self.place("customer").eq_ignore_ascii_case(word)
    }

    /// The batch in the address.
    pub(crate) fn batch(&self) -> &str {
        self.place("batch")
    }

    /// The device in the address; what can't be one does not exist.
    pub(crate) fn device(&self) -> Result<DeviceId, PartnerError> {
        self.id("device").map(DeviceId)
    }

    /// The policy in the address.
    pub(crate) fn policy(&self) -> Result<PolicyId, PartnerError> {
        self.id("policy").map(PolicyId)
    }

    /// The tracking id in the address.
    pub(crate) fn tracking(&self) -> Result<UploadId, PartnerError> {
        self.id("tracking").map(UploadId)
    }

    fn id(&self, name: &str) -> Result<Uuid, PartnerError> {
        let id = self.place(name).parse();
        id.map_err(|_| PartnerError::from(DeskError::NotFound))
    }

    fn place(&self, name: &str) -> &str {
        self.places.get(name).map_or("", String::as_str)
    }

    /// A value of the query; a blank one is none.
    pub(crate) fn query(&self, name: &str) -> Option<&str> {
        let value = self.query.get(&name.to_ascii_lowercase())?.trim();
        (!value.is_empty()).then_some(value)
    }

    /// How many items a page is to have: `size`, at most `most`. None, and 0, mean `usual`.
    pub(crate) fn size(&self, usual: usize, most: usize) -> Result<usize, PartnerError> {
        let Some(text) = self.query("size") else {
            return Ok(usual);
        };
        match text.parse::<usize>() {
            Ok(0) => Ok(usual),
            Ok(size) => Ok(size.min(most)),
            Err(_) => Err(PartnerError::property("size", "The size must be a number.")),
        }
    }

    /// Where the page before ended: the header `MS-ContinuationToken`, unless the first page is
    /// asked for. Pages are gone through forwards only.
    pub(crate) fn continuation(&self) -> Result<Option<&str>, PartnerError> {
        let operation = self.query("seekOperation").unwrap_or("Next");
        if operation.eq_ignore_ascii_case("first") {
            return Ok(None);
        }
        if !operation.eq_ignore_ascii_case("next") {
            return Err(PartnerError::property(
                "seekOperation",
                "Pages are gone through forwards: seekOperation must be Next or First.",
            ));
        }
        let token = self.headers.get(CONTINUATION);
        let token = token.and_then(|token| token.to_str().ok()).map(str::trim);
        Ok(token.filter(|token| !token.is_empty()))
    }

    /// The version that the client saw: `If-Match: "3"`, with or without the quotes.
    pub(crate) fn seen(&self) -> Option<u64> {
        let value = self.headers.get(IF_MATCH)?;
        version(value.to_str().unwrap_or("?"))
    }

    /// Refuses a version for what has none: whatever the client saw, it is not that.
    pub(crate) fn without_version(&self) -> Result<(), PartnerError> {
        self.seen()
            .map_or(Ok(()), |_| Err(PartnerError::no_version()))
    }
}

/// The version in `If-Match`: none where it says nothing or `*`; what is no version of ours, empty
/// quotes too, is one that nothing has.
fn version(text: &str) -> Option<u64> {
    let text = text.trim();
    if text.is_empty() || text == "*" {
        return None;
    }
    let text = text.strip_prefix("W/").unwrap_or(text).trim_matches('"');
    Some(text.parse().unwrap_or(u64::MAX))
}

/// A continuation token that is none of ours.
pub(crate) fn bad_token() -> PartnerError {
    PartnerError::input("The header MS-ContinuationToken is not one that this service gave.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_are_read_by_names_in_any_case() {
        let query = query_of("Size=40&FILTER=%7B%22Field%22%3A%22A+b%22%7D&x&=1");
        assert_eq!(query["size"], "40");
        assert_eq!(query["filter"], r#"{"Field":"A b"}"#);
        assert_eq!(query["x"], "");
    }

    #[test]
    fn a_version_that_is_none_of_ours_fits_nothing() {
        for (text, seen) in [
            ("\"3\"", Some(3)),
            ("3", Some(3)),
            ("W/\"3\"", Some(3)),
            ("*", None),
            ("", None),
            ("\"\"", Some(u64::MAX)),
            ("\"*\"", Some(u64::MAX)),
            ("\"1\", \"2\"", Some(u64::MAX)),
        ] {
            assert_eq!(version(text), seen, "{text}");
        }
    }

    #[test]
    fn a_request_id_is_a_guid() {
        let with = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(REQUEST_ID, text.parse().expect("a header"));
            request_id(&headers)
        };
        assert!(with("d88a2c1e-2b9a-4d1c-8a54-0a1f5d0c8f11").is_ok_and(|id| id.is_some()));
        assert!(with(" ").is_ok_and(|id| id.is_none()));
        assert!(with("seven").is_err());
    }
}
