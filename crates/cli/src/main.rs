//! `enlist`: the registration desk for devices, and the tool on a partner's desk.
//!
//! A subcommand is a file under `cmd/`: its help, its arguments, its `run`. Configuration ends
//! here; the other crates receive plain values.

mod cmd;
mod console;
mod demo;
mod exit;
mod input;
mod log;
mod mistakes;
mod output;
mod report;
mod server;
mod spool;
mod terminal;
mod tls;
mod wall;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    let enlist = cmd::Enlist::parse();
    exit::code_of(enlist.run())
}
