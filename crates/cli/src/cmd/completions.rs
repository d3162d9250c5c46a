//! `enlist completions`: a script that lets a shell complete commands.

use std::io::{self, Write};

use clap::{Args, CommandFactory};
use clap_complete::{Shell, generate};

use crate::exit::{Exit, Failure};

/// Print a script that lets your shell complete enlist's commands.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  enlist completions bash > ~/.local/share/bash-completion/completions/enlist
  enlist completions zsh > ~/.zfunc/_enlist
  enlist completions fish > ~/.config/fish/completions/enlist.fish
  enlist completions powershell >> $PROFILE")]
pub(crate) struct Completions {
    /// Which shell.
    shell: Shell,
}

impl Completions {
    /// Prints the script.
    pub(crate) fn run(self) -> Result<Exit, Failure> {
        let mut script = Vec::new();
        generate(
            self.shell,
            &mut super::Enlist::command(),
            "enlist",
            &mut script,
        );
        io::stdout().write_all(&script)?;
        Ok(Exit::Good)
    }
}
