//! Use cases: one file per thing a user can do, and the jobs behind them. Faces (portal, APIs,
//! command line) translate and call; the rules are asked of `registration`, the data of `storage`.
//!
//! Everything hangs on one [`Desk`], the registration desk: storage, clock, randomness, limits.

pub mod activity;
pub mod api_clients;
pub mod ask;
pub mod batch_devices;
pub mod caller;
pub mod client_terms;
pub mod consent;
pub mod corporate_identifiers;
pub mod customer_profiles;
pub mod customers;
pub mod desk;
pub mod devices;
pub mod directory;
pub mod error;
pub mod jobs;
pub mod oauth;
pub mod operations;
pub mod organizations;
pub mod password;
pub mod people;
pub mod policies;
pub mod profiles;
pub mod programs;
pub mod properties;
pub mod register;
pub mod secret;
pub mod settings;
pub mod sign_in;
pub mod syncs;
pub mod tracked;
pub mod uploads;

pub use caller::Caller;
pub use desk::{Desk, Limits};
pub use error::{DeskError, FieldError};
// What answers are made of: faces name these without knowing the storage.
pub use storage::Page;
pub use storage::api_clients::ClientView;
pub use storage::corporate_identifiers::{IdentifierFilter, Imported};
pub use storage::devices::DeviceTotals;
pub use storage::directory::DirectoryEntry;
pub use storage::grants::GrantView;
pub use storage::imported::ImportChange;
pub use storage::operations::WouldRelease;
pub use storage::policies::PolicyUpdate;
pub use storage::relationships::RelationshipView;
pub use storage::shipments::{Consenting, KnownBy, ShippedDevice};
pub use storage::uploads::{RowFilter, Saved};

/// What every use case answers.
pub type Result<T, E = DeskError> = std::result::Result<T, E>;
