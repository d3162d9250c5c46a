//! Use cases and jobs
