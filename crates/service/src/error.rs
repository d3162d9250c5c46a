//! One error for all use cases, told apart by what the caller can do. Faces map it once.

use registration::access::Refusal;
use registration::api_client::ClientError;
use registration::corporate_identifier::IdentifierError;
use registration::group_tag::GroupTagError;
use registration::imported::TextError;
use registration::organization::OrganizationError;
use registration::policy::PolicyError;
use registration::profile::ProfileError;
use registration::redirect::RedirectError;
use registration::sync::SyncRefusal;
use registration::upload::BatchNameError;
use registration::user::UserError;
use storage::{Conflict, Refused, StorageError};
use thiserror::Error;

/// What is wrong with one field of a form or request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// The field's name in the form.
    pub field: &'static str,
    /// What is wrong and what to do, in plain words.
    pub message: String,
}

/// Why a use case did not do what was asked. The texts are for people outside; causes stay in
/// the source and go to the log alone.
#[derive(Debug, Error)]
pub enum DeskError {
    /// Something given is wrong; nothing was changed.
    #[error("{}", join(.0))]
    Invalid(Vec<FieldError>),
    /// Nobody is signed in.
    #[error("Sign in first.")]
    Unauthenticated,
    /// The role does not allow it.
    #[error("{0}")]
    Forbidden(String),
    /// There is no such thing, or not for this caller.
    #[error("There is nothing here.")]
    NotFound,
    /// What is stored does not allow it now.
    #[error("{message}")]
    Conflict {
        /// Stable code, `consent_missing`.
        code: &'static str,
        /// What happened and what to do.
        message: String,
    },
    /// More than the published limit.
    #[error("This is larger than the limit of {limit} {unit}. Split it and send the parts.")]
    TooLarge {
        /// The limit.
        limit: u64,
        /// Of what: bytes, devices.
        unit: &'static str,
    },
    /// Too often.
    #[error("Too many requests. Try again in {retry_after} seconds.")]
    TooMany {
        /// Seconds to wait.
        retry_after: u64,
    },
    /// The database can't be reached.
    #[error("The service can't reach its database. Try again in a moment.")]
    Unavailable(#[source] StorageError),
    /// A bug.
    #[error("Something went wrong on our side. It was logged; try again.")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

fn join(errors: &[FieldError]) -> String {
    errors
        .iter()
        .map(|e| e.message.as_str())
        .collect::<Vec<_>>()
        .join(" ")
}

impl DeskError {
    /// One wrong field.
    pub fn field(field: &'static str, message: impl Into<String>) -> Self {
        Self::Invalid(vec![FieldError {
            field,
            message: message.into(),
        }])
    }

    /// A state that does not allow it.
    pub fn conflict(code: &'static str, message: impl Into<String>) -> Self {
        Self::Conflict {
            code,
            message: message.into(),
        }
    }

    /// The stable code of this error, for problem documents.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Invalid(_) => "invalid",
            Self::Unauthenticated => "unauthenticated",
            Self::Forbidden(_) => "forbidden",
            Self::NotFound => "not_found",
            Self::Conflict { code, .. } => code,
            Self::TooLarge { .. } => "too_large",
            Self::TooMany { .. } => "too_many",
            Self::Unavailable(_) => "unavailable",
            Self::Internal(_) => "internal",
        }
    }
}

impl From<StorageError> for DeskError {
    fn from(error: StorageError) -> Self {
        match error {
            StorageError::NotFound => Self::NotFound,
            StorageError::Conflict(conflict) => of_conflict(conflict),
            StorageError::Refused(refused) => of_refused(refused),
            StorageError::Unavailable(_) => Self::Unavailable(error),
            StorageError::Address | StorageError::Migration(_) | StorageError::Unexpected(_) => {
                Self::Internal(Box::new(error))
            }
        }
    }
}

fn of_conflict(conflict: Conflict) -> DeskError {
    let sentence = |text: &str| format!("{}{}.", text[..1].to_uppercase(), &text[1..]);
    let message = sentence(&conflict.to_string());
    match conflict {
        Conflict::DomainTaken => DeskError::field("domain", message),
        Conflict::EmailTaken => DeskError::field("email", message),
        Conflict::ProfileNameTaken
        | Conflict::PolicyNameTaken
        | Conflict::CustomerProfileNameTaken => DeskError::field("name", message),
        Conflict::SetUpAlready => DeskError::conflict("set_up_already", message),
    }
}

fn of_refused(refused: Refused) -> DeskError {
    let code = match refused {
        Refused::Invitation(_) => "invitation_not_open",
        Refused::Relationship(_) => "relationship_state",
        Refused::Operation(_) => "operation_state",
        Refused::NoConsent => "consent_missing",
        Refused::LinkSpent => "link_spent",
        Refused::TooManyCredentials => "too_many_credentials",
        Refused::ClientRevoked => "client_revoked",
        Refused::OwnAccount => "own_account",
        Refused::DraftChanged => "draft_changed",
        Refused::Changed => "changed",
        Refused::RequestIdReused => "request_id_reused",
        Refused::BatchNameTaken => "batch_name_taken",
        Refused::Profile(error) => return error.into(),
        Refused::Sync(SyncRefusal::TooSoon(retry_after)) => {
            return DeskError::TooMany { retry_after };
        }
        Refused::Sync(SyncRefusal::Running) => "sync_running",
        Refused::TooManyProfiles => "too_many_profiles",
        Refused::TooManyAssignments => "too_many_assignments",
    };
    DeskError::conflict(code, refused.to_string())
}

impl From<Refusal> for DeskError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::NotForThisKind => Self::NotFound,
            Refusal::NeedsRole(..) => Self::Forbidden(refusal.to_string()),
        }
    }
}

impl From<OrganizationError> for DeskError {
    fn from(error: OrganizationError) -> Self {
        let field = match error {
            OrganizationError::Name => "name",
            OrganizationError::Domain => "domain",
        };
        Self::field(field, error.to_string())
    }
}

impl From<UserError> for DeskError {
    fn from(error: UserError) -> Self {
        let field = match error {
            UserError::Email => "email",
            UserError::Password => "password",
        };
        Self::field(field, error.to_string())
    }
}

impl From<ClientError> for DeskError {
    fn from(error: ClientError) -> Self {
        let field = match error {
            ClientError::Role => "role",
            ClientError::Scopes => "scopes",
            ClientError::Days => "days",
            ClientError::Key | ClientError::PrivateKey | ClientError::Public => "key",
        };
        Self::field(field, error.to_string())
    }
}

impl From<RedirectError> for DeskError {
    fn from(error: RedirectError) -> Self {
        Self::field("redirects", error.to_string())
    }
}

impl From<GroupTagError> for DeskError {
    fn from(error: GroupTagError) -> Self {
        Self::field("group_tag", error.to_string())
    }
}

impl From<BatchNameError> for DeskError {
    fn from(error: BatchNameError) -> Self {
        Self::field("batchId", error.to_string())
    }
}

impl From<TextError> for DeskError {
    fn from(error: TextError) -> Self {
        Self::field(error.0, error.to_string())
    }
}

impl From<PolicyError> for DeskError {
    fn from(error: PolicyError) -> Self {
        Self::field("description", error.to_string())
    }
}

impl From<IdentifierError> for DeskError {
    fn from(error: IdentifierError) -> Self {
        let field = match error {
            IdentifierError::Identifier => "importedDeviceIdentifier",
            IdentifierError::Description => "description",
        };
        Self::field(field, error.to_string())
    }
}

impl From<ProfileError> for DeskError {
    fn from(error: ProfileError) -> Self {
        let field = match error {
            ProfileError::Name => "name",
            ProfileError::Description => "description",
            ProfileError::TooLong => "profile",
            ProfileError::NameTemplate => "name_template",
            ProfileError::Keyboard => "language",
        };
        Self::field(field, error.to_string())
    }
}
