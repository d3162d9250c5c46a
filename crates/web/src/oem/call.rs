//! What every call has: who calls, the key of the request, the query, the place in its address.

use std::sync::Arc;

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use axum::http::{HeaderName, Method};
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
    key: Option<String>,
    is_question: bool,
    /// What stands in the address where it is open.
    pub(crate) place: String,
    query: Vec<(String, String)>,
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
            is_question: parts.method == Method::GET,
            query: query_pairs(parts.uri.query().unwrap_or_default()).collect(),
        })
    }
}

fn key(parts: &Parts) -> Result<Option<String>, OemError> {
    let mut values = parts.headers.get_all(KEY).iter();
    let Some(value) = values.next() else {
        return Ok(None);
    };
    if values.next().is_some() {
        let detail = "The header Idempotency-Key is there more than once.";
        return Err(OemError::parameter("Idempotency-Key", detail));
    }
    let key = value.to_str().map(str::trim).unwrap_or_default();
    if key.is_empty() || key.len() > KEY_LETTERS {
        let detail = "The header Idempotency-Key must have 1 to 255 characters of ASCII.";
        return Err(OemError::parameter("Idempotency-Key", detail));
    }
    Ok(Some(key.to_owned()))
}

impl Call {
    /// Asks for a scope of the token, and for a query in which nothing stands but these parameters,
    /// each once and with a value: what is misspelt must not do something else. The use case itself
    /// asks for the role.
    pub(crate) fn needs(&self, scope: ApiScope, parameters: &[&str]) -> Result<(), OemError> {
        self.bearer.needs(scope)?;
        if self.key.is_some() && !self.is_question {
            let detail = "This call takes no key. Sent again it does nothing more than before.";
            return Err(OemError::parameter("Idempotency-Key", detail));
        }
        self.is_understood(parameters)
    }

    /// The same for a call that takes a key: which one came.
    pub(crate) fn needs_with_key(
        &self,
        scope: ApiScope,
        parameters: &[&str],
    ) -> Result<Option<String>, OemError> {
        self.bearer.needs(scope)?;
        self.is_understood(parameters)?;
        Ok(self.key.clone())
    }

    fn is_understood(&self, parameters: &[&str]) -> Result<(), OemError> {
        for (at, (name, value)) in self.query.iter().enumerate() {
            let detail = if !parameters.contains(&name.as_str()) {
                match parameters {
                    [] => "This call takes no parameters in its address.".to_owned(),
                    known => format!(
                        "There is no such parameter. Known are {}.",
                        known.join(", ")
                    ),
                }
            } else if value.is_empty() {
                "It has no value. Give one, or leave it out.".to_owned()
            } else if self.query[..at].iter().any(|(other, _)| other == name) {
                "It is there more than once.".to_owned()
            } else {
                continue;
            };
            let shown: String = name.chars().filter(|c| !c.is_control()).take(80).collect();
            return Err(OemError::parameter(&shown, &detail));
        }
        Ok(())
    }

    /// A value of the query.
    pub(crate) fn query(&self, name: &str) -> Option<&str> {
        let mut pairs = self.query.iter();
        let (_, value) = pairs.find(|(known, _)| known == name)?;
        Some(value)
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
        let Some(asked) = self.number("limit")? else {
            return Ok(usual);
        };
        let asked = usize::try_from(asked).unwrap_or(usize::MAX);
        if asked == 0 || asked > most {
            let detail = format!("This must be a number from 1 to {most}.");
            return Err(OemError::parameter("limit", &detail));
        }
        Ok(asked)
    }

    /// Where the page before ended: an id that the answer gave.
    pub(crate) fn before(&self) -> Result<Option<uuid::Uuid>, OemError> {
        let parsed = self.query("before").map(str::parse).transpose();
        parsed.map_err(|_| OemError::parameter("before", "This is no place that an answer gave."))
    }
}
