//! The face for devices at first boot.

pub(crate) mod contract;
mod profile;

use crate::routes::Routes;

/// The routes of this face.
pub fn routes(routes: Routes) -> Routes {
    routes.post("/device/profile", profile::ask)
}
