//! The real binary in a scratch folder.
