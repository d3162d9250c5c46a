//! The face for devices at first boot.

mod profile;

use crate::routes::Routes;

/// The routes of this face.
pub fn routes(routes: Routes) -> Routes {
    routes.post("/device/profile", profile::ask)
}
