//! The subcommands, a file each.

mod admin;
mod check;
mod choices;
mod completions;
mod convert;
mod decode_hash;
mod demo;
mod diff;
mod directory;
mod explain;
mod fix;
mod man;
mod mend;
mod merge;
mod migrate;
mod sample;
mod serve;
mod several;
mod split;
mod way;

use clap::{Parser, Subcommand};

use crate::exit::{CODES, Exit, Failure};

/// The registration desk for devices.
///
/// Partners and OEMs register devices for customers who consented; every device gets the profile
/// that its group tag names. One program: the registry itself (serve, demo), and a tool that
/// needs no server (check, convert, merge, split, diff, explain, sample, decode-hash).
#[derive(Debug, Parser)]
#[command(name = "enlist", version, after_help = CODES, subcommand_required = true,
    arg_required_else_help = true)]
pub(crate) struct Enlist {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Serve(serve::Serve),
    Demo(demo::Demo),
    Check(check::Check),
    Convert(convert::Convert),
    Merge(merge::Merge),
    Split(split::Split),
    Diff(diff::Diff),
    Explain(explain::Explain),
    Sample(sample::Sample),
    DecodeHash(decode_hash::DecodeHash),
    Directory(directory::Directory),
    Admin(admin::Admin),
    Migrate(migrate::Migrate),
    Completions(completions::Completions),
    Man(man::Man),
}

impl Enlist {
    /// Runs the command that was asked for.
    pub(crate) fn run(self) -> Result<Exit, Failure> {
        match self.command {
            Command::Serve(serve) => serve.run(),
            Command::Demo(demo) => demo.run(),
            Command::Check(check) => check.run(),
            Command::Convert(convert) => convert.run(),
            Command::Merge(merge) => merge.run(),
            Command::Split(split) => split.run(),
            Command::Diff(diff) => diff.run(),
            Command::Explain(explain) => explain.run(),
            Command::Sample(sample) => sample.run(),
            Command::DecodeHash(decode) => decode.run(),
            Command::Directory(directory) => directory.run(),
            Command::Admin(admin) => admin.run(),
            Command::Migrate(migrate) => migrate.run(),
            Command::Completions(completions) => completions.run(),
            Command::Man(man) => man.run(),
        }
    }
}
