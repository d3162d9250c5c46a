//! What a list is held against.

use serde::Serialize;

/// Which way of registering the list is for; decides which identifiers and layouts fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// A partner registers for a customer: hash, PKID or tuple; Partner Center's and Managed
    /// Desktop's layouts.
    #[default]
    PartnerCenter,
    /// A customer registers its own devices: hashes only; Intune's and Managed Desktop's layouts
    /// (registration.md 5.3).
    CustomerOwn,
    /// Every layout and every identifier.
    Any,
}

/// What a check holds a list against.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CheckOptions {
    /// Which way of registering the list is for.
    pub channel: Channel,
    /// How many devices one list may have; `None` is no limit. More is one finding; the rows beyond
    /// are checked all the same.
    pub row_limit: Option<u64>,
}
