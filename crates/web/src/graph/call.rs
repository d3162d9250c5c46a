//! What every call has: who calls, which version is asked for, the places in its address.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::{FromRequestParts, Path, Request, State};
use axum::http::request::Parts;
use registration::api_client::ApiScope;
use registration::ids::{DeviceId, OrganizationId};
use registration::organization::OrganizationKind;
use service::oauth::BearerError;
use service::{Caller, Desk};
use uuid::Uuid;

use super::assigned_devices;
use super::error::GraphError;
use super::odata::{Expandable, Query};
use crate::app::App;
use crate::bearer::Bearer;

/// Which half of the contract is asked for (api.md 5.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Version {
    /// `/v1.0`
    V1,
    /// `/beta`
    Beta,
}

impl Version {
    fn of(path: &str) -> Self {
        match path.split('/').find(|part| !part.is_empty()) {
            Some(first) if first.eq_ignore_ascii_case("beta") => Self::Beta,
            _ => Self::V1,
        }
    }

    /// The word in addresses.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::V1 => "v1.0",
            Self::Beta => "beta",
        }
    }
}

/// One call of a client that may call at all.
pub(crate) struct Call {
    bearer: Bearer,
    /// Who calls: an account of a customer.
    pub(crate) caller: Caller,
    /// Which version is asked for.
    pub(crate) version: Version,
    places: HashMap<String, String>,
    path: String,
    query: String,
    app: Arc<App>,
}

impl FromRequestParts<Arc<App>> for Call {
    type Rejection = GraphError;

    async fn from_request_parts(
        parts: &mut Parts,
        app: &Arc<App>,
    ) -> Result<Self, Self::Rejection> {
        let bearer = Bearer::of(parts, app).await?;
        let caller = bearer.caller.clone();
        // For others than customers there is nothing behind these addresses.
        if caller.organization.kind != OrganizationKind::Customer {
            return Err(GraphError::not_found());
        }
        let places = Path::<HashMap<String, String>>::from_request_parts(parts, app).await;
        let Path(places) = places.map_err(|_| GraphError::not_found())?;
        let path = parts.uri.path().to_owned();
        Ok(Self {
            bearer,
            caller,
            version: Version::of(&path),
            places,
            path,
            query: parts.uri.query().unwrap_or_default().to_owned(),
            app: Arc::clone(app),
        })
    }
}

/// The answer where an address does not take the method. Whoever calls is counted as with any call.
pub(super) async fn no_such_method(State(app): State<Arc<App>>, request: Request) -> GraphError {
    counted(&app, request)
        .await
        .err()
        .unwrap_or_else(GraphError::method)
}

/// The answer where no call has the address, likewise.
pub(super) async fn no_such_segment(State(app): State<Arc<App>>, request: Request) -> GraphError {
    let path = request.uri().path().to_owned();
    let counted = counted(&app, request).await.err();
    counted.unwrap_or_else(|| GraphError::no_such_segment(&path))
}

/// Counts a call that is none. Who calls without a token is told the same as others.
async fn counted(app: &App, request: Request) -> Result<(), GraphError> {
    let (parts, _) = request.into_parts();
    match Bearer::of(&parts, app).await {
        Err(BearerError::Desk(error)) => Err(error.into()),
        Ok(_) | Err(BearerError::Token(_)) => Ok(()),
    }
}

/// A call whose token may be used for something: a handler says in its signature what it needs, and
/// the use case itself asks for the role.
macro_rules! allowed {
    ($($name:ident: $scope:ident, $what:literal;)+) => {
        $(#[doc = $what]
        pub(super) struct $name(pub(super) Call);

        impl FromRequestParts<Arc<App>> for $name {
            type Rejection = GraphError;

            async fn from_request_parts(
                parts: &mut Parts,
                app: &Arc<App>,
            ) -> Result<Self, Self::Rejection> {
                let call = Call::from_request_parts(parts, app).await?;
                call.bearer.needs(ApiScope::$scope)?;
                Ok(Self(call))
            }
        })+
    };
}

allowed! {
    Reads: DevicesRead, "A call that reads.";
    Registers: DevicesRegister, "A call that registers, changes or releases devices.";
    ManagesProfiles: ProfilesManage, "A call that makes, changes or assigns deployment profiles.";
}

impl Call {
    /// The use cases.
    pub(crate) fn desk(&self) -> &Desk {
        &self.app.desk
    }

    /// The caller's organization, whose devices these are.
    pub(crate) fn customer(&self) -> OrganizationId {
        self.caller.organization.id
    }

    /// The device in the address; what can't be one does not exist. Below a profile's devices it is
    /// one that has the profile.
    pub(super) async fn addressed_device(&self) -> Result<DeviceId, GraphError> {
        if self.places.contains_key("device") {
            assigned_devices::addressed(self).await
        } else {
            self.device()
        }
    }

    /// The device in the address, whatever profile it has.
    fn device(&self) -> Result<DeviceId, GraphError> {
        self.id("id").map(DeviceId)
    }

    /// An id in the address; what can't be one does not exist.
    pub(crate) fn id(&self, name: &str) -> Result<Uuid, GraphError> {
        let id = self.place(name).parse();
        id.map_err(|_| GraphError::not_found())
    }

    /// A place in the address.
    pub(crate) fn place(&self, name: &str) -> &str {
        self.places.get(name).map_or("", String::as_str)
    }

    /// The query options, for things with these properties, of which some only come by `$expand`.
    pub(crate) fn options(
        &self,
        properties: &[&str],
        expandable: &[Expandable<'_>],
    ) -> Result<Query, GraphError> {
        let query = Query::parse(&self.query)?;
        query.check_names(properties, expandable)?;
        Ok(query)
    }

    /// The query options, for things of which only some of their properties are told here: whoever
    /// asks for another finds none.
    pub(crate) fn loose_options(&self) -> Result<Query, GraphError> {
        Ok(Query::parse(&self.query)?)
    }

    /// The address that was asked for, absolute, with another query: for links to further pages.
    pub(crate) fn link(&self, query: &str) -> String {
        format!("{}{}?{query}", self.app.public_url, self.path)
    }

    /// An absolute address below this version of the API.
    pub(crate) fn address(&self, rest: &str) -> String {
        let version = self.version.as_str();
        format!("{}/{version}/{rest}", self.app.public_url)
    }

    /// What `@odata.context` says: which set or thing of the model an answer is.
    pub(crate) fn context(&self, what: &str) -> String {
        self.address(&format!("$metadata#{what}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_word_is_the_version() {
        assert_eq!(Version::of("/beta/deviceManagement"), Version::Beta);
        assert_eq!(Version::of("//Beta/x"), Version::Beta);
        assert_eq!(Version::of("/v1.0/beta"), Version::V1);
    }
}
