//! The real binary, run in a scratch folder.
#![expect(
    clippy::unwrap_used,
    reason = "what the tests share fails its test by a panic"
)]

mod check;
mod database;
mod decode_hash;
mod demo;
mod fix;
mod help;
mod journey;
mod journey_devices;
mod journey_list;
mod kill;
#[cfg(target_os = "linux")]
mod memory;
mod parallel;
mod sample;
mod serve;
mod support;
mod world;
