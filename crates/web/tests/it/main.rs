//! Tests of the faces, over a real database file.

mod access_matrix;
mod auth;
mod both;
mod client;
mod contract;
mod customer;
mod device;
mod harness;
mod mending;
mod oauth;
mod oem;
mod operator;
mod partner;
mod partner_center;
mod requests;
mod uploads;
mod world;
