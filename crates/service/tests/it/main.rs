//! Use cases over a real `SQLite` store, a clock that stands still, jobs run to the end.

mod asking;
mod consent;
mod desk;
mod mending;
mod operations;
mod registering;
mod samples;
