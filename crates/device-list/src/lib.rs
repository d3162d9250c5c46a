//! Device lists: identifiers, hardware hashes, dialects, findings and repair; no IO
