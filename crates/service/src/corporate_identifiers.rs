//! A customer's list of corporate identifiers: kept for the management service that asks for it.
//! Nothing is registered by them.

use registration::access::Action;
use registration::corporate_identifier::{
    CorporateIdentifier, IDENTIFIERS_AT_ONCE, IdentifierError, IdentifierKind, Platform, folded,
    parse_description, parse_identifier,
};
use registration::ids::{IdentifierId, nth_uuid};
use storage::Page;
use storage::corporate_identifiers::{IdentifierFilter, Imported};
use uuid::Uuid;

use crate::{Caller, Desk, DeskError, Result};

/// An entry as it is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentifierForm {
    /// What it is; `None` where the word means nothing.
    pub kind: Option<IdentifierKind>,
    /// The identifier.
    pub identifier: String,
    /// What the customer says of it.
    pub description: String,
    /// What the device runs.
    pub platform: Platform,
}

impl IdentifierForm {
    /// Whether the entry that has this identifier says just this.
    pub fn says_the_same_of(&self, known: &CorporateIdentifier) -> bool {
        parse_description(&self.description).is_ok_and(|text| text == known.description)
            && self.platform == known.platform
    }

    fn parsed(&self) -> Result<(IdentifierKind, String), IdentifierError> {
        let kind = self.kind.ok_or(IdentifierError::Identifier)?;
        let text = parse_identifier(kind, &self.identifier)?;
        Ok((kind, text))
    }
}

impl Desk {
    /// A page of the list, newest first.
    pub async fn corporate_identifiers(
        &self,
        caller: &Caller,
        filter: &IdentifierFilter,
        before: Option<Uuid>,
        limit: usize,
    ) -> Result<Page<CorporateIdentifier>> {
        let scope = caller.may(Action::ViewOwnIdentifiers)?;
        let filter = IdentifierFilter {
            contains: filter.contains.as_deref().map(folded),
        };
        let page = self
            .storage
            .corporate_identifiers(&scope, &filter, before, limit);
        Ok(page.await?)
    }

    /// How many there are.
    pub async fn count_corporate_identifiers(&self, caller: &Caller) -> Result<u64> {
        let scope = caller.may(Action::ViewOwnIdentifiers)?;
        Ok(self.storage.count_corporate_identifiers(&scope).await?)
    }

    /// One of them.
    pub async fn corporate_identifier(
        &self,
        caller: &Caller,
        id: IdentifierId,
    ) -> Result<CorporateIdentifier> {
        let scope = caller.may(Action::ViewOwnIdentifiers)?;
        let found = self.storage.corporate_identifier(&scope, id).await?;
        found.ok_or(DeskError::NotFound)
    }

    /// Those of the list that have one of these identifiers.
    pub async fn find_corporate_identifiers(
        &self,
        caller: &Caller,
        forms: &[IdentifierForm],
    ) -> Result<Vec<CorporateIdentifier>> {
        let scope = caller.may(Action::ViewOwnIdentifiers)?;
        let mut wanted: Vec<_> = parsed(forms)?
            .into_iter()
            .map(|(kind, text)| (kind, folded(&text)))
            .collect();
        wanted.sort_by(|left, right| (left.0.as_str(), &left.1).cmp(&(right.0.as_str(), &right.1)));
        wanted.dedup();
        let found = self.storage.find_corporate_identifiers(&scope, &wanted);
        Ok(found.await?)
    }

    /// Adds to the list; what is there already is changed only if `overwrite` says so. If one of
    /// them identifies nothing, none is taken, and the answer says how many such there are.
    pub async fn import_corporate_identifiers(
        &self,
        caller: &Caller,
        forms: &[IdentifierForm],
        overwrite: bool,
    ) -> Result<Vec<Imported>> {
        let scope = caller.may(Action::ManageOwnIdentifiers)?;
        let (act, first) = (caller.act(self), self.uuid());
        let mut identifiers = Vec::with_capacity(forms.len());
        for (n, (form, (kind, identifier))) in (0..).zip(forms.iter().zip(parsed(forms)?)) {
            identifiers.push(CorporateIdentifier {
                id: IdentifierId(nth_uuid(first, n)),
                customer_id: scope.organization_id(),
                kind,
                identifier,
                description: parse_description(&form.description)?,
                platform: form.platform,
                created_at: act.at,
                updated_at: act.at,
            });
        }
        let imported =
            self.storage
                .import_corporate_identifiers(&scope, &act, identifiers, overwrite);
        Ok(imported.await?)
    }

    /// Changes what is said of an entry; what is not said stays.
    pub async fn change_corporate_identifier(
        &self,
        caller: &Caller,
        id: IdentifierId,
        description: Option<&str>,
        platform: Option<Platform>,
    ) -> Result<CorporateIdentifier> {
        let scope = caller.may(Action::ManageOwnIdentifiers)?;
        let mut entry = self.corporate_identifier(caller, id).await?;
        if let Some(text) = description {
            entry.description = parse_description(text)?;
        }
        entry.platform = platform.unwrap_or(entry.platform);
        self.storage
            .change_corporate_identifier(&scope, &caller.act(self), entry)
            .await?;
        self.corporate_identifier(caller, id).await
    }

    /// Takes one off the list.
    pub async fn delete_corporate_identifier(
        &self,
        caller: &Caller,
        id: IdentifierId,
    ) -> Result<()> {
        let scope = caller.may(Action::ManageOwnIdentifiers)?;
        let act = caller.act(self);
        let done = self.storage.delete_corporate_identifier(&scope, &act, id);
        Ok(done.await?)
    }
}

/// All of them read, or how many can't be (api.md 5.3).
fn parsed(forms: &[IdentifierForm]) -> Result<Vec<(IdentifierKind, String)>> {
    if forms.len() > IDENTIFIERS_AT_ONCE {
        return Err(DeskError::TooLarge {
            limit: IDENTIFIERS_AT_ONCE as u64,
            unit: "identifiers",
        });
    }
    let read: Vec<_> = forms.iter().map(IdentifierForm::parsed).collect();
    let wrong = read.iter().filter(|one| one.is_err()).count();
    if wrong > 0 {
        let message =
            format!("Invalid Device Identifier parameter found for {wrong} import records!");
        return Err(DeskError::field("importedDeviceIdentifier", message));
    }
    Ok(read.into_iter().flatten().collect())
}
