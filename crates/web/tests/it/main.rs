//! Tests of the faces, over a real database file.

mod access_matrix;
mod auth;
mod both;
mod client;
mod clients;
mod contract;
mod customer;
mod device;
mod forwarded;
mod graph;
mod graph_contract;
mod harness;
mod mending;
mod oauth;
mod oem;
mod operator;
mod own_profiles;
mod partner;
mod partner_center;
mod requests;
mod sign_ins;
mod token_forms;
mod uploads;
mod world;
