//! Tests of the faces, over a real database file.

mod access_matrix;
mod auth;
mod both;
mod client;
mod contract;
mod customer;
mod device;
mod graph;
mod graph_contract;
mod harness;
mod mending;
mod oauth;
mod operator;
mod partner;
mod partner_center;
mod requests;
mod uploads;
mod world;
