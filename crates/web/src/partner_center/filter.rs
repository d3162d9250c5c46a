//! Filters as clients send them in the query: one condition, as JSON (api.md 3).

use super::call::Call;
use super::error::PartnerError;
use super::lenient::{Body, Object};

/// The operators of the original's enum, without their underscores.
const OPERATORS: [&str; 11] = [
    "equals",
    "notequals",
    "greaterthan",
    "greaterthanorequals",
    "lessthan",
    "lessthanorequals",
    "substring",
    "and",
    "or",
    "startswith",
    "notstartswith",
];

/// `{"Field":"CompanyName","Value":"con","Operator":"starts_with"}`
pub(super) struct Filter {
    pub(super) field: String,
    pub(super) value: String,
    pub(super) operator: String,
}

impl Filter {
    /// The filter of a call, if it has one.
    pub(super) fn of(call: &Call) -> Result<Option<Self>, PartnerError> {
        let Some(text) = call.query("filter") else {
            return Ok(None);
        };
        let wrong = |_| {
            let text = "The filter must be JSON with Field, Value and Operator.";
            PartnerError::property("filter", text)
        };
        let body = Body::of(text.as_bytes());
        let object = body.and_then(|body| body.object("a filter"));
        object.and_then(Self::read).map(Some).map_err(wrong)
    }

    fn read(mut object: Object) -> Result<Self, PartnerError> {
        Ok(Self {
            field: object.text("field")?,
            value: object.text("value")?,
            operator: object.text("operator")?,
        })
    }

    /// The operator without underscores, in small letters; empty where none is said.
    pub(super) fn operator(&self) -> Result<String, PartnerError> {
        let word = self.operator.replace('_', "").to_ascii_lowercase();
        if word.is_empty() || OPERATORS.contains(&word.as_str()) {
            Ok(word)
        } else {
            Err(PartnerError::word("Operator", &self.operator))
        }
    }
}
