//! The enlist command.

fn main() {}
