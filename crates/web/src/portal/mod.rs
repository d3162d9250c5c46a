//! The portal: a file a page, in the words and the order of steps of Partner Center.

mod activity;
mod add_devices;
mod address;
mod chart;
mod check;
mod client;
mod client_change;
mod clients;
mod customer;
mod customers;
mod device;
mod device_acts;
mod device_login;
mod devices;
mod directory;
pub mod error;
mod findings;
mod given;
pub(crate) mod health;
mod invitation;
mod invite;
mod list_file;
mod organizations;
mod own_assignments;
mod own_profile;
mod own_profiles;
mod partners;
mod people;
mod pill;
mod place;
mod profile_form;
mod profiles;
mod programs;
mod register_own;
mod samples;
mod set_up;
mod settings;
pub mod shell;
mod sign_in;
mod unique_link;
mod upload;
mod upload_form;
mod uploads;
mod validity;
mod welcome;
mod words;

use crate::routes::Routes;

/// The routes of this face.
pub fn routes(routes: Routes) -> Routes {
    routes
        .with(health::routes)
        .with(sign_in::routes)
        .with(set_up::routes)
        .with(welcome::routes)
        .with(people::routes)
        .with(clients::routes)
        .with(client::routes)
        .with(client_change::routes)
        .with(programs::routes)
        .with(device_login::routes)
        .with(activity::routes)
        .with(organizations::routes)
        .with(profiles::routes)
        .with(own_profiles::routes)
        .with(own_profile::routes)
        .with(own_assignments::routes)
        .with(directory::routes)
        .with(settings::routes)
        .with(unique_link::routes)
        .with(customers::routes)
        .with(invite::routes)
        .with(invitation::routes)
        .with(partners::routes)
        .with(add_devices::routes)
        .with(register_own::routes)
        .with(samples::routes)
        .with(check::routes)
        .with(findings::routes)
        .with(upload::routes)
        .with(uploads::routes)
        .with(customer::routes)
        .with(devices::routes)
        .with(device::routes)
        .with(device_acts::routes)
}
