//! Tests of the faces, over a real database file.

mod auth;
mod harness;
