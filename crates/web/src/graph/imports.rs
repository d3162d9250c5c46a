//! The calls about imported identities: `importedWindowsAutopilotDeviceIdentities` (api.md 5.2).

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use registration::ids::ImportId;
use registration::imported::ImportedIdentity;
use serde::Deserialize;
use serde_json::Value;
use service::{ImportChange, Page};
use uuid::Uuid;

use super::body::{Body, Object};
use super::call::{Call, Reads, Registers};
use super::collection::{Collection, entity};
use super::error::GraphError;
use super::identity::{PROPERTIES, Sent, shown};
use super::listing::{self, Source};

const SET: &str = "deviceManagement/importedWindowsAutopilotDeviceIdentities";
const ENTITY: &str = "deviceManagement/importedWindowsAutopilotDeviceIdentities/$entity";

/// The identities in the database.
struct Imports<'a> {
    call: &'a Call,
}

impl Source for Imports<'_> {
    async fn read(
        &self,
        before: Option<Uuid>,
        limit: usize,
    ) -> Result<Page<(Uuid, Value)>, GraphError> {
        let found = self.call.desk().imported(&self.call.caller, before, limit);
        let found = found.await?;
        let item = |identity: &ImportedIdentity| (identity.id.0, shown(identity));
        Ok(Page {
            items: found.items.iter().map(item).collect(),
            next: found.next,
        })
    }

    async fn total(&self) -> Result<u64, GraphError> {
        Ok(self.call.desk().imported_count(&self.call.caller).await?)
    }
}

/// `GET …/importedWindowsAutopilotDeviceIdentities`
pub(super) async fn list(Reads(call): Reads) -> Result<Response, GraphError> {
    let query = call.options(&PROPERTIES, &[])?;
    let source = Imports { call: &call };
    let found = listing::list(&source, &query).await?;
    Ok(Collection::of(&call, SET, found).into_response())
}

/// `GET …/importedWindowsAutopilotDeviceIdentities/$count`
pub(super) async fn count(Reads(call): Reads) -> Result<String, GraphError> {
    let query = call.options(&PROPERTIES, &[])?;
    let source = Imports { call: &call };
    Ok(listing::count(&source, &query).await?.to_string())
}

/// `GET …/importedWindowsAutopilotDeviceIdentities/{id}`
pub(super) async fn one(Reads(call): Reads) -> Result<Response, GraphError> {
    let query = call.options(&PROPERTIES, &[])?;
    let id = call.id("id").map(ImportId)?;
    let found = call.desk().imported_identity(&call.caller, id).await?;
    let item = query.pick(shown(&found));
    Ok(entity(StatusCode::OK, call.context(ENTITY), item))
}

/// `POST …/importedWindowsAutopilotDeviceIdentities`
pub(super) async fn create(Registers(call): Registers, body: Body) -> Result<Response, GraphError> {
    let sent: Sent = body.read("an imported device identity")?;
    let made = call.desk().import(&call.caller, vec![sent.given()]).await?;
    let item = made.first().map(shown).unwrap_or_default();
    Ok(entity(StatusCode::CREATED, call.context(ENTITY), item))
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Import {
    #[serde(rename = "importedwindowsautopilotdeviceidentities")]
    identities: Vec<Object<Sent>>,
}

/// `POST …/importedWindowsAutopilotDeviceIdentities/import`
pub(super) async fn import(
    Registers(call): Registers,
    body: Body,
) -> Result<Collection, GraphError> {
    let sent: Import = body.read("an object with importedWindowsAutopilotDeviceIdentities")?;
    let given = sent
        .identities
        .into_iter()
        .map(|one| one.0.given())
        .collect();
    let made = call.desk().import(&call.caller, given).await?;
    Ok(Collection {
        context: call.context(SET),
        count: None,
        items: made.iter().map(shown).collect(),
        next: None,
    })
}

/// `PATCH …/importedWindowsAutopilotDeviceIdentities/{id}`: its name, and its user as long as it
/// waits. The rest went into the upload.
pub(super) async fn change(Registers(call): Registers, body: Body) -> Result<Response, GraphError> {
    let id = call.id("id").map(ImportId)?;
    let (desk, caller) = (call.desk(), &call.caller);
    let known = desk.imported_identity(caller, id).await?;
    let sent: Sent = body.read("an imported device identity")?;
    if sent.differs_from(&known) {
        return Err(GraphError::input(
            "Of an imported identity importId and assignedUserPrincipalName can be changed. For \
             another groupTag change the registered device; for another hash import it anew.",
        ));
    }
    let change = ImportChange {
        import_name: sent.import_name,
        user_principal_name: sent.user_principal_name,
    };
    let changed = desk.change_imported(caller, id, change).await?;
    let item = shown(&changed);
    Ok(entity(StatusCode::OK, call.context(ENTITY), item))
}

/// `DELETE …/importedWindowsAutopilotDeviceIdentities/{id}`: the client's clean-up. The device stays
/// registered.
pub(super) async fn delete(Registers(call): Registers) -> Result<StatusCode, GraphError> {
    let id = call.id("id").map(ImportId)?;
    call.desk().delete_imported(&call.caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
