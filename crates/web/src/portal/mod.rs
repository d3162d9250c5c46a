//! The portal: a file a page, in the words and the order of steps of Partner Center.

pub mod error;
pub mod shell;

use crate::routes::Routes;

/// The routes of this face.
pub fn routes(routes: Routes) -> Routes {
    routes
}
