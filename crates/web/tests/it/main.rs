//! Tests of the faces, over a real database file.

mod access_matrix;
mod auth;
mod client;
mod customer;
mod device;
mod harness;
mod mending;
mod operator;
mod partner;
mod requests;
mod uploads;
mod world;
