//! The words and rules of registering devices for a customer who consented: organizations,
//! relationships, group tags, profiles, uploads, the plan of a row, and who may do what.
//!
//! Nothing here does IO. Time and randomness come in as parameters ([`clock`], [`ids`]); what is
//! stored comes in as plain values; what results goes out as values and refusals.

pub mod access;
pub mod api_client;
pub mod audit;
pub mod clock;
pub mod corporate_identifier;
pub mod customer_profile;
pub mod device;
pub mod directory;
pub mod group;
pub mod group_tag;
pub mod ids;
pub mod imported;
pub mod invitation;
pub mod organization;
pub mod plan;
pub mod policy;
pub mod profile;
pub mod properties;
pub mod relationship;
pub mod sync;
pub mod upload;
pub mod user;
