//! Jobs: one file each. Every job bears repeating; a crash costs at most the chunk in hand.

mod apply_operation;
mod apply_upload;
mod runner;

pub use runner::JobRunner;
