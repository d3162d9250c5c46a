//! What every call has: who calls, the key of the request, the query, the place in its address.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::{FromRequestParts, Path};
use axum::http::HeaderName;
use axum::http::request::Parts;
use registration::api_client::ApiScope;
use registration::organization::OrganizationKind;
use service::Caller;

use super::error::OemError;
use crate::app::App;
use crate::bearer::Bearer;
use crate::session::query_pairs;

const KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// Characters of an idempotency key.
const KEY_LETTERS: usize = 255;

/// One call of an OEM's client.
pub(crate) struct Call {
    bearer: Bearer,
    /// Who calls.
    pub(crate) caller: Caller,
    /// The key by which the request will be known again.
    pub(crate) key: Option<String>,
    /// What stands in the address where it is open.
    pub(crate) place: String,
    query: HashMap<String, String>,
}

impl FromRequestParts<Arc<App>> for Call {
    type Rejection = OemError;

    async fn from_request_parts(
        parts: &mut Parts,
        app: &Arc<App>,
    ) -> Result<Self, Self::Rejection> {
        let bearer = Bearer::of(parts, app).await?;
        let organization = &bearer.caller.organization;
        // For others than OEMs there is nothing behind these addresses.
        if organization.kind != OrganizationKind::Oem {
            return Err(OemError::no_such_call());
        }
        let place = Path::<String>::from_request_parts(parts, app).await;
        Ok(Self {
            caller: bearer.caller.clone(),
            bearer,
            key: key(parts)?,
            place: place.map(|Path(place)| place).unwrap_or_default(),
            // Of a name that comes twice the last counts.
            query: query_pairs(parts.uri.query().unwrap_or_default()).collect(),
        })
    }
}

fn key(parts: &Parts) -> Result<Option<String>, OemError> {
    let Some(value) = parts.headers.get(KEY) else {
        return Ok(None);
    };
    let key = value.to_str().map(str::trim).unwrap_or_default();
    if key.is_empty() || key.len() > KEY_LETTERS {
        let detail = "The header Idempotency-Key must have 1 to 255 characters of ASCII.";
        return Err(OemError::parameter("Idempotency-Key", detail));
    }
    Ok(Some(key.to_owned()))
}

impl Call {
    /// Asks for a scope of the token; the use case itself asks for the role.
    pub(crate) fn needs(&self, scope: ApiScope) -> Result<(), OemError> {
        Ok(self.bearer.needs(scope)?)
    }

    /// A value of the query; a blank one is none.
    pub(crate) fn query(&self, name: &str) -> Option<&str> {
        let value = self.query.get(name)?;
        (!value.is_empty()).then_some(value)
    }

    /// `true` or `false` in the query; `None` is neither.
    pub(crate) fn flag(&self, name: &str) -> Result<Option<bool>, OemError> {
        match self.query(name) {
            None => Ok(None),
            Some("true") => Ok(Some(true)),
            Some("false") => Ok(Some(false)),
            Some(_) => Err(OemError::parameter(name, "This must be true or false.")),
        }
    }

    /// A number in the query.
    pub(crate) fn number(&self, name: &str) -> Result<Option<u64>, OemError> {
        let parsed = self.query(name).map(str::parse).transpose();
        parsed.map_err(|_| OemError::parameter(name, "This must be a number."))
    }

    /// How many items a page is to have.
    pub(crate) fn limit(&self, usual: usize, most: usize) -> Result<usize, OemError> {
        let asked = self.number("limit")?.map(|n| n.max(1));
        let asked = asked.map(|n| usize::try_from(n).unwrap_or(usize::MAX));
        Ok(asked.unwrap_or(usual).min(most))
    }

    /// Where the page before ended: an id that the answer gave.
    pub(crate) fn before(&self) -> Result<Option<uuid::Uuid>, OemError> {
        let parsed = self.query("before").map(str::parse).transpose();
        parsed.map_err(|_| OemError::parameter("before", "This is no place that an answer gave."))
    }
}
