//! The real binary, run in a scratch folder.
#![expect(
    clippy::unwrap_used,
    reason = "what the tests share fails its test by a panic"
)]

mod api_client;
mod api_docs;
mod check;
mod clients;
mod convert;
mod database;
mod decode_hash;
mod demo;
mod diff;
mod explain;
mod findings_docs;
mod fix;
mod folders;
mod help;
mod import_kill;
mod journey;
mod journey_clients;
mod journey_devices;
mod journey_list;
mod journey_mend;
mod journey_profiles;
mod kill;
mod kill_command;
#[cfg(target_os = "linux")]
mod memory;
mod mend_report;
mod merge;
mod operation_kill;
mod page;
mod parallel;
mod reports;
mod request_log;
mod sample;
mod schema;
mod serve;
mod split;
mod support;
mod tls;
mod unread;
mod world;
