//! The words and rules of registering devices; no IO
