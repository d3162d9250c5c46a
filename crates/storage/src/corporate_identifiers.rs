//! A customer's list of corporate identifiers.

use async_trait::async_trait;
use registration::access::Scope;
use registration::audit::Act;
use registration::corporate_identifier::{CorporateIdentifier, IdentifierKind};
use registration::ids::IdentifierId;

use crate::{Page, Result};

/// An entry on record, and whether it came by this import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// As it is now.
    pub identifier: CorporateIdentifier,
    /// Whether it was added or overwritten.
    pub is_taken: bool,
}

/// What an entry of a listing must have in it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct IdentifierFilter {
    /// This text is a part of the folded identifier.
    pub contains: Option<String>,
}

/// Corporate identifiers of the scope's organization: to others there are none.
#[async_trait]
pub trait CorporateIdentifiers: Send + Sync {
    /// A page of the list, newest first, before the id `before`.
    async fn corporate_identifiers(
        &self,
        scope: &Scope,
        filter: &IdentifierFilter,
        before: Option<uuid::Uuid>,
        limit: usize,
    ) -> Result<Page<CorporateIdentifier>>;

    /// How many there are.
    async fn count_corporate_identifiers(&self, scope: &Scope) -> Result<u64>;

    /// One of them.
    async fn corporate_identifier(
        &self,
        scope: &Scope,
        id: IdentifierId,
    ) -> Result<Option<CorporateIdentifier>>;

    /// Those on record among these kinds and folded texts.
    async fn find_corporate_identifiers(
        &self,
        scope: &Scope,
        wanted: &[(IdentifierKind, String)],
    ) -> Result<Vec<CorporateIdentifier>>;

    /// Adds what is not on record; what is gets the new description and platform if `overwrite`
    /// says so, and keeps its id. One answer each, in the order given. Audit:
    /// `IdentifiersImported`, if anything was taken.
    async fn import_corporate_identifiers(
        &self,
        scope: &Scope,
        act: &Act,
        identifiers: Vec<CorporateIdentifier>,
        overwrite: bool,
    ) -> Result<Vec<Imported>>;

    /// Changes description and platform; `NotFound`. Audit: `IdentifierChanged`.
    async fn change_corporate_identifier(
        &self,
        scope: &Scope,
        act: &Act,
        identifier: CorporateIdentifier,
    ) -> Result<()>;

    /// Takes one off the list; `NotFound`. Audit: `IdentifierDeleted`.
    async fn delete_corporate_identifier(
        &self,
        scope: &Scope,
        act: &Act,
        id: IdentifierId,
    ) -> Result<()>;
}
