//! Tests of the faces, over a real database file.

mod auth;
mod device;
mod harness;
mod operator;
