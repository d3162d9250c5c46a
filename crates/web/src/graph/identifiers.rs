//! `importedDeviceIdentities` (api.md 5.2 and 5.3): the customer's list of corporate identifiers.
//! Nothing is registered by them.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use registration::corporate_identifier::{CorporateIdentifier, IdentifierKind, Platform};
use registration::ids::IdentifierId;
use serde::Deserialize;
use serde_json::{Value, json};
use service::corporate_identifiers::IdentifierForm;
use service::{DeskError, IdentifierFilter, Imported, Page};
use uuid::Uuid;

use super::body::{Body, Object};
use super::call::{Call, Reads, Registers};
use super::collection::{Collection, entity};
use super::device::NEVER;
use super::error::GraphError;
use super::listing::{self, Source};
use super::odata::{Asked, Query};

const SET: &str = "deviceManagement/importedDeviceIdentities";
const ENTITY: &str = "deviceManagement/importedDeviceIdentities/$entity";
const RESULTS: &str = "Collection(microsoft.graph.importedDeviceIdentityResult)";
const IDENTIFIER: &str = "importedDeviceIdentifier";
const FORM: &str = "an object with importedDeviceIdentifier and importedDeviceIdentityType";
const LIST_FORM: &str = "an object with importedDeviceIdentities, a list of objects";
const PROPERTIES: [&str; 9] = [
    "id",
    IDENTIFIER,
    "importedDeviceIdentityType",
    "createdDateTime",
    "lastModifiedDateTime",
    "lastContactedDateTime",
    "description",
    "enrollmentState",
    "platform",
];

/// An identifier as it is shown. Whether its device was ever seen is not known here.
fn shown(identifier: &CorporateIdentifier) -> Value {
    json!({
        "id": identifier.id.to_string(),
        IDENTIFIER: identifier.identifier,
        "importedDeviceIdentityType": identifier.kind.as_str(),
        "createdDateTime": identifier.created_at.to_string(),
        "lastModifiedDateTime": identifier.updated_at.to_string(),
        "lastContactedDateTime": NEVER,
        "description": identifier.description,
        "enrollmentState": "unknown",
        "platform": identifier.platform.as_str(),
    })
}

fn result(imported: &Imported) -> Value {
    let mut item = shown(&imported.identifier);
    item["@odata.type"] = json!("#microsoft.graph.importedDeviceIdentityResult");
    item["status"] = json!(imported.is_taken);
    item
}

/// An identifier as clients send it; names are in lower case by then.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Sent {
    importeddeviceidentifier: Option<String>,
    importeddeviceidentitytype: Option<String>,
    description: Option<String>,
    platform: Option<String>,
}

impl Sent {
    fn platform(&self) -> Result<Option<Platform>, GraphError> {
        let word = self.platform.as_deref();
        let parsed = word.map(|word| {
            Platform::parse(word).ok_or_else(|| {
                GraphError::input(
                    "The platform must be unknown, ios, android, windows, windowsMobile, macOS, \
                     visionOS or tvOS.",
                )
            })
        });
        parsed.transpose()
    }

    /// Whether it names something else than the entry, of what can't be changed.
    fn differs_from(&self, known: &CorporateIdentifier) -> bool {
        let differs = |sent: &Option<String>, known: &str| {
            let sent = sent.as_deref().map(str::trim);
            sent.is_some_and(|sent| !sent.is_empty() && !sent.eq_ignore_ascii_case(known))
        };
        differs(&self.importeddeviceidentifier, &known.identifier)
            || differs(&self.importeddeviceidentitytype, known.kind.as_str())
    }

    fn form(&self) -> Result<IdentifierForm, GraphError> {
        let kind = self.importeddeviceidentitytype.as_deref();
        Ok(IdentifierForm {
            kind: kind.and_then(IdentifierKind::parse),
            identifier: self.importeddeviceidentifier.clone().unwrap_or_default(),
            description: self.description.clone().unwrap_or_default(),
            platform: self.platform()?.unwrap_or(Platform::Unknown),
        })
    }
}

/// A list of them.
#[derive(Deserialize)]
struct SentList {
    #[serde(rename = "importeddeviceidentities")]
    identifiers: Vec<Object<Sent>>,
    #[serde(default, rename = "overwriteimporteddeviceidentities")]
    overwrite: Option<bool>,
}

impl SentList {
    fn forms(&self) -> Result<Vec<IdentifierForm>, GraphError> {
        self.identifiers.iter().map(|sent| sent.0.form()).collect()
    }
}

impl Call {
    fn identifier(&self) -> Result<IdentifierId, GraphError> {
        self.id("id").map(IdentifierId)
    }
}

/// The list in the database, as far as it is narrowed down there.
struct Identifiers<'a> {
    call: &'a Call,
    filter: IdentifierFilter,
}

impl<'a> Identifiers<'a> {
    fn new(call: &'a Call, query: &Query) -> Self {
        let asked = query
            .filter
            .as_ref()
            .and_then(|filter| filter.asks(IDENTIFIER));
        let contains = match asked {
            Some(Asked::Contains(text) | Asked::StartsWith(text)) => Some(text),
            Some(Asked::OneOf(texts)) if texts.len() == 1 => Some(texts[0]),
            _ => None,
        };
        Self {
            call,
            filter: IdentifierFilter {
                contains: contains.map(str::to_owned),
            },
        }
    }
}

impl Source for Identifiers<'_> {
    async fn read(
        &self,
        before: Option<Uuid>,
        limit: usize,
    ) -> Result<Page<(Uuid, Value)>, GraphError> {
        let (desk, caller) = (self.call.desk(), &self.call.caller);
        let found = desk
            .corporate_identifiers(caller, &self.filter, before, limit)
            .await?;
        Ok(Page {
            items: found
                .items
                .iter()
                .map(|one| (one.id.0, shown(one)))
                .collect(),
            next: found.next,
        })
    }

    async fn total(&self) -> Result<u64, GraphError> {
        let (desk, caller) = (self.call.desk(), &self.call.caller);
        Ok(desk.count_corporate_identifiers(caller).await?)
    }
}

/// `GET …/importedDeviceIdentities`
pub(super) async fn list(Reads(call): Reads) -> Result<Collection, GraphError> {
    let query = call.options(&PROPERTIES, &[])?;
    let source = Identifiers::new(&call, &query);
    let found = listing::list(&source, &query).await?;
    Ok(Collection::of(&call, SET, found))
}

/// `GET …/importedDeviceIdentities/$count`
pub(super) async fn count(Reads(call): Reads) -> Result<String, GraphError> {
    let query = call.options(&PROPERTIES, &[])?;
    let source = Identifiers::new(&call, &query);
    Ok(listing::count(&source, &query).await?.to_string())
}

/// `POST …/importedDeviceIdentities`: one that is on the list stays as it is. Sent once more in the
/// same words it is answered with; in other words it is refused.
pub(super) async fn create(Registers(call): Registers, body: Body) -> Result<Response, GraphError> {
    let form = [body.read::<Sent>(FORM)?.form()?];
    let (desk, caller) = (call.desk(), &call.caller);
    let imported = desk
        .import_corporate_identifiers(caller, &form, false)
        .await?;
    let made = imported.first().ok_or_else(GraphError::not_found)?;
    if !made.is_taken && !form[0].says_the_same_of(&made.identifier) {
        return Err(DeskError::conflict(
            "identifier_listed",
            format!(
                "This identifier is on the list already, with the id {}. Change what is said of it \
                 by PATCH, or overwrite it by importDeviceIdentityList.",
                made.identifier.id
            ),
        )
        .into());
    }
    Ok(entity(
        StatusCode::CREATED,
        call.context(ENTITY),
        shown(&made.identifier),
    ))
}

/// `GET …/importedDeviceIdentities/{id}`
pub(super) async fn one(Reads(call): Reads) -> Result<Response, GraphError> {
    let query = call.options(&PROPERTIES, &[])?;
    let found = call
        .desk()
        .corporate_identifier(&call.caller, call.identifier()?)
        .await?;
    let item = query.pick(shown(&found));
    Ok(entity(StatusCode::OK, call.context(ENTITY), item))
}

/// `PATCH …/importedDeviceIdentities/{id}`: description and platform; the identifier is what it is.
pub(super) async fn change(Registers(call): Registers, body: Body) -> Result<Response, GraphError> {
    let id = call.identifier()?;
    let sent = body.read::<Sent>("an object with description or platform")?;
    let (desk, caller) = (call.desk(), &call.caller);
    if sent.differs_from(&desk.corporate_identifier(caller, id).await?) {
        return Err(GraphError::input(
            "Of an entry description and platform can be changed. For another \
             importedDeviceIdentifier or importedDeviceIdentityType delete it and make a new one.",
        ));
    }
    let (description, platform) = (sent.description.as_deref(), sent.platform()?);
    let changed = desk
        .change_corporate_identifier(caller, id, description, platform)
        .await?;
    Ok(entity(
        StatusCode::OK,
        call.context(ENTITY),
        shown(&changed),
    ))
}

/// `DELETE …/importedDeviceIdentities/{id}`
pub(super) async fn delete(Registers(call): Registers) -> Result<StatusCode, GraphError> {
    let id = call.identifier()?;
    call.desk()
        .delete_corporate_identifier(&call.caller, id)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST …/importedDeviceIdentities/importDeviceIdentityList`: each with whether it was taken.
pub(super) async fn import(Registers(call): Registers, body: Body) -> Result<Response, GraphError> {
    let sent = body.read::<SentList>(LIST_FORM)?;
    let (forms, overwrite) = (sent.forms()?, sent.overwrite.unwrap_or(false));
    let (desk, caller) = (call.desk(), &call.caller);
    let imported = desk
        .import_corporate_identifiers(caller, &forms, overwrite)
        .await?;
    Ok(answer(&call, RESULTS, imported.iter().map(result)))
}

/// `POST …/importedDeviceIdentities/searchExistingIdentities`: those of them that are on the list.
pub(super) async fn search(Reads(call): Reads, body: Body) -> Result<Response, GraphError> {
    let forms = body.read::<SentList>(LIST_FORM)?.forms()?;
    let found = call
        .desk()
        .find_corporate_identifiers(&call.caller, &forms)
        .await?;
    let what = "Collection(microsoft.graph.importedDeviceIdentity)";
    Ok(answer(&call, what, found.iter().map(shown)))
}

fn answer(call: &Call, what: &str, items: impl Iterator<Item = Value>) -> Response {
    Json(json!({
        "@odata.context": call.context(what),
        "value": items.collect::<Vec<_>>(),
    }))
    .into_response()
}
