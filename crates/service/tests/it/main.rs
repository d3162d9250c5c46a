//! Use cases over a real `SQLite` store, a clock that stands still, jobs run to the end.
#![expect(clippy::missing_panics_doc, reason = "these are tests")]

mod asking;
mod consent;
mod desk;
mod registering;
