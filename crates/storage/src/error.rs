//! What can go wrong, told apart by what the caller can do about it.

use registration::customer_profile::{ASSIGNMENTS_AT_ONCE, PROFILES_AT_ONCE};
use registration::invitation::InvitationRefusal;
use registration::profile::ProfileError;
use registration::relationship::RelationshipRefusal;
use registration::sync::SyncRefusal;
use thiserror::Error;

/// A failed method. Its own text never repeats its source.
#[derive(Debug, Error)]
pub enum StorageError {
    /// Neither `sqlite:PATH` nor `postgres://…`.
    #[error("the database address must be sqlite:PATH or postgres://USER@HOST/NAME")]
    Address,
    /// The database can't be reached, is shutting down, or stayed busy after every retry.
    #[error("the database is unavailable")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// A unique key said no.
    #[error("{0}")]
    Conflict(Conflict),
    /// No such thing within the scope.
    #[error("not found")]
    NotFound,
    /// A rule said no, asked inside the transaction.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// A migration on record differs from the program's: number and name.
    #[error("migration {0} was applied in another form; this database belongs to another version")]
    Migration(String),
    /// Anything else: a bug or a broken file.
    #[error("the database answered in an unexpected way")]
    Unexpected(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Which unique key said no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Conflict {
    /// `organization_domain_unique`.
    #[error("an organization with this domain exists already")]
    DomainTaken,
    /// `person_email_unique`.
    #[error("somebody with this e-mail address has an account already")]
    EmailTaken,
    /// `deployment_profile_name_unique`.
    #[error("another deployment profile has this name")]
    ProfileNameTaken,
    /// `policy_name_unique`.
    #[error("another policy of yours for this customer has this name")]
    PolicyNameTaken,
    /// `customer_profile_name_unique`.
    #[error("another deployment profile of yours has this name")]
    CustomerProfileNameTaken,
    /// The service was set up already.
    #[error("the service was set up already")]
    SetUpAlready,
}

impl Conflict {
    /// The conflict behind a constraint's name (`PostgreSQL`) or the message that names the
    /// columns (`SQLite`: `UNIQUE constraint failed: person.email`).
    pub fn of_constraint(text: &str) -> Option<Self> {
        let named = |name: &str, columns: &str| text.contains(name) || text.contains(columns);
        if named("organization_domain_unique", "organization.domain") {
            Some(Self::DomainTaken)
        } else if named("person_email_unique", "person.email") {
            Some(Self::EmailTaken)
        } else if named("deployment_profile_name_unique", "deployment_profile.name") {
            Some(Self::ProfileNameTaken)
        } else if named("customer_profile_name_unique", "customer_profile.name") {
            Some(Self::CustomerProfileNameTaken)
        } else if named("policy_name_unique", "policy.name") {
            Some(Self::PolicyNameTaken)
        } else {
            None
        }
    }
}

/// Which rule said no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Refused {
    /// About an invitation.
    #[error(transparent)]
    Invitation(#[from] InvitationRefusal),
    /// About a relationship.
    #[error(transparent)]
    Relationship(#[from] RelationshipRefusal),
    /// The customer does not consent to this party now.
    #[error("The customer's consent is missing, revoked or expired.")]
    NoConsent,
    /// Somebody changed the draft in the meantime.
    #[error("The list was changed in the meantime. Look at it as it is now, and do it again.")]
    DraftChanged,
    /// Somebody changed it in the meantime.
    #[error("It was changed in the meantime. Look at it as it is now, and do it again.")]
    Changed,
    /// The request's id was used before, for something else.
    #[error(
        "This request id was used before, for another request. Send what it said then, or take a \
         new id."
    )]
    RequestIdReused,
    /// There is a batch whose name differs only by the case of its letters.
    #[error(
        "There is a batch whose id differs only by capital and small letters. Use that one, or \
         take another id."
    )]
    BatchNameTaken,
    /// The change of a profile does not fit.
    #[error(transparent)]
    Profile(#[from] ProfileError),
    /// A sync can't be asked for now.
    #[error(transparent)]
    Sync(#[from] SyncRefusal),
    /// The customer has as many profiles of its own as it may have.
    #[error("You have {PROFILES_AT_ONCE} deployment profiles already. Delete one first.")]
    TooManyProfiles,
    /// The profile has as many assignments as it may have.
    #[error("This profile has {ASSIGNMENTS_AT_ONCE} assignments already. Take one back first.")]
    TooManyAssignments,
    /// The one-time link was used, has expired or never was.
    #[error("This one-time link was used already or has expired. Ask for a new one.")]
    LinkSpent,
    /// A client has as many secrets, or keys, as it may have.
    #[error(
        "This client has two of them already. Remove the one that is no longer used, then add another."
    )]
    TooManyCredentials,
    /// The client was revoked.
    #[error("This API client was revoked, which is for good. Add another one.")]
    ClientRevoked,
    /// One may not shut one's own account.
    #[error("You can't shut your own account.")]
    OwnAccount,
}

impl StorageError {
    /// Wraps a driver's error that is none of the others.
    pub fn unexpected(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Unexpected(source.into())
    }

    /// Wraps a driver's error that means "not now".
    pub fn unavailable(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Unavailable(source.into())
    }
}

impl From<InvitationRefusal> for StorageError {
    fn from(refusal: InvitationRefusal) -> Self {
        Self::Refused(refusal.into())
    }
}

impl From<RelationshipRefusal> for StorageError {
    fn from(refusal: RelationshipRefusal) -> Self {
        Self::Refused(refusal.into())
    }
}
