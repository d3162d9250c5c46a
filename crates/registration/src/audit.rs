//! The audit log: every act with who did it, for which organization, to what, with what result,
//! in which request. Append-only; readable by the organizations concerned and nobody else.

use serde::Serialize;
use uuid::Uuid;

use crate::access::Actor;
use crate::clock::Timestamp;
use crate::ids::{AuditId, OrganizationId, RequestId, UserId, nth_uuid};

macro_rules! audit_actions {
    ($($(#[$doc:meta])* $name:ident = $word:literal, $title:literal;)+) => {
        /// What was done.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum AuditAction { $($(#[$doc])* $name,)+ }

        impl AuditAction {
            /// Every action.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// The word stored in the database: `noun.verb`.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $word,)+ }
            }

            /// The words shown to people.
            pub fn title(self) -> &'static str {
                match self { $(Self::$name => $title,)+ }
            }
        }
    };
}

audit_actions! {
    /// The first operator set up the service.
    ServiceSetUp = "service.set_up", "Service set up";
    /// The operator created an organization.
    OrganizationCreated = "organization.created", "Organization created";
    /// An account was added.
    UserAdded = "user.added", "Person added";
    /// A one-time link was made for an account.
    UserLinkMade = "user.link_made", "One-time link made";
    /// A password was set through a one-time link.
    UserPasswordSet = "user.password_set", "Password set";
    /// An account was shut.
    UserDisabled = "user.disabled", "Account shut";
    /// An account was opened again.
    UserEnabled = "user.enabled", "Account opened again";
    /// Somebody signed in.
    SignedIn = "session.signed_in", "Signed in";
    /// Somebody signed out.
    SignedOut = "session.signed_out", "Signed out";
    /// A wrong password was given for an account.
    SignInRefused = "session.refused", "Sign-in refused";
    /// An invitation was made.
    InvitationMade = "invitation.made", "Invitation made";
    /// An invitation was withdrawn.
    InvitationWithdrawn = "invitation.withdrawn", "Invitation withdrawn";
    /// A customer declined.
    InvitationDeclined = "invitation.declined", "Invitation declined";
    /// A customer consented.
    ConsentGiven = "consent.given", "Consent given";
    /// A customer revoked its consent.
    ConsentRevoked = "consent.revoked", "Consent revoked";
    /// A partner or OEM withdrew from a relationship.
    RelationshipWithdrawn = "relationship.withdrawn", "Relationship withdrawn";
    /// An upload was saved.
    UploadQueued = "upload.queued", "Upload saved";
    /// Rows of an upload got their outcome.
    UploadApplied = "upload.applied", "Devices registered";
    /// An upload ended.
    UploadFinished = "upload.finished", "Upload finished";
    /// An OEM sent an operation.
    OperationQueued = "operation.queued", "Operation sent";
    /// Lines of an operation got their outcome.
    OperationApplied = "operation.applied", "Devices registered by an OEM";
    /// An operation ended.
    OperationFinished = "operation.finished", "Operation finished";
    /// An operation was cancelled before its end.
    OperationCancelled = "operation.cancelled", "Operation cancelled";
    /// An operation is voided: what it registered is released.
    OperationVoided = "operation.voided", "Operation voided";
    /// Devices that an operation registered were released.
    OperationReleased = "operation.released", "Devices released by an OEM";
    /// A device was released.
    DeviceDeregistered = "device.deregistered", "Device deregistered";
    /// A device got another group tag.
    DeviceRetagged = "device.retagged", "Group tag changed";
    /// What a customer notes about its device changed.
    DevicePropertiesChanged = "device.properties_changed", "Properties of device changed";
    /// The record of an import was changed.
    ImportChanged = "import.changed", "Import record changed";
    /// The record of an import was deleted; its device stays what it is.
    ImportDeleted = "import.deleted", "Import record deleted";
    /// A configuration policy was made for a customer.
    PolicyMade = "policy.made", "Policy made";
    /// A configuration policy was changed.
    PolicyChanged = "policy.changed", "Policy changed";
    /// A configuration policy was deleted; its devices have none now.
    PolicyDeleted = "policy.deleted", "Policy deleted";
    /// A device has another configuration policy, or none.
    DevicePolicySet = "device.policy_set", "Policy of device changed";
    /// A customer made a deployment profile of its own.
    OwnProfileMade = "own_profile.made", "Own profile made";
    /// A customer changed it.
    OwnProfileChanged = "own_profile.changed", "Own profile changed";
    /// A customer deleted it; what was assigned is assigned no more.
    OwnProfileDeleted = "own_profile.deleted", "Own profile deleted";
    /// A customer assigned it to a group or to all devices.
    OwnProfileAssigned = "own_profile.assigned", "Own profile assigned";
    /// A customer took such an assignment back.
    OwnProfileUnassigned = "own_profile.unassigned", "Own profile's assignment taken back";
    /// A device has another deployment profile of its customer's own.
    DeviceProfileSet = "device.profile_set", "Profile of device changed";
    /// A profile of its customer's own is assigned to a device itself no more.
    DeviceProfileTakenBack = "device.profile_taken_back", "Profile of device taken back";
    /// Corporate identifiers were imported.
    IdentifiersImported = "identifier.imported", "Corporate identifiers imported";
    /// A corporate identifier was changed.
    IdentifierChanged = "identifier.changed", "Corporate identifier changed";
    /// A corporate identifier was deleted.
    IdentifierDeleted = "identifier.deleted", "Corporate identifier deleted";
    /// A customer asked for a sync.
    SyncAsked = "sync.asked", "Sync asked for";
    /// The device directory grew.
    DirectoryImported = "directory.imported", "Directory import";
    /// An OEM reported devices it built.
    DevicesReported = "directory.reported", "Built devices reported";
    /// A deployment profile was changed.
    ProfileChanged = "profile.changed", "Deployment profile changed";
    /// A group tag names another deployment profile.
    TagAssigned = "tag.assigned", "Group tag assigned";
    /// A setting was changed.
    SettingChanged = "setting.changed", "Setting changed";
    /// An API client was added.
    ClientAdded = "client.added", "API client added";
    /// Name, role, scopes or redirect addresses of an API client were changed.
    ClientChanged = "client.changed", "API client changed";
    /// An API client was revoked.
    ClientRevoked = "client.revoked", "API client revoked";
    /// A secret was made for an API client.
    ClientSecretMade = "client.secret_made", "Client secret made";
    /// A public key was added to an API client.
    ClientKeyAdded = "client.key_added", "Client key added";
    /// A secret of an API client was removed.
    ClientSecretRemoved = "client.secret_removed", "Client secret removed";
    /// A public key of an API client was removed.
    ClientKeyRemoved = "client.key_removed", "Client key removed";
    /// An API client gave a wrong secret or assertion.
    ClientRefused = "client.refused", "API client refused";
    /// A person let an API client act in its name.
    ClientApproved = "client.approved", "API client approved";
    /// A person did not let an API client act in its name.
    ClientDeclined = "client.declined", "API client declined";
    /// A person ended that an API client acts in its name.
    ClientApprovalEnded = "client.approval_ended", "API client's sign-in ended";
    /// A code or refresh token came a second time: whatever hung on it is over.
    ClientReuseFound = "client.reuse_found", "Stolen token suspected";
}

impl AuditAction {
    /// The action stored as `word`.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|action| action.as_str() == word)
    }
}

/// One line of the audit log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// Its id, ascending with time: the log is read in this order.
    pub id: AuditId,
    /// When.
    pub at: Timestamp,
    /// In which request.
    pub request_id: RequestId,
    /// Who: the person.
    pub actor_user_id: UserId,
    /// Its e-mail address, shown to its own organization alone.
    pub actor_email: String,
    /// Its organization: may read this line.
    pub actor_organization_id: OrganizationId,
    /// The other organization it concerns, if any: may read this line too.
    pub concerned_organization_id: Option<OrganizationId>,
    /// What was done.
    pub action: AuditAction,
    /// To what: its id.
    pub target_id: Uuid,
    /// To what: its name for people. Never a hash, never a secret.
    pub target: String,
    /// Whether it was done; `false` for a refused attempt.
    pub done: bool,
    /// What else there is to say, in a few words: counts, before and after.
    pub detail: String,
}

/// How the detail of an `upload.queued` line ends where the upload made its batch.
pub const NEW_BATCH: &str = ", new batch";

/// Who acts, when and in which request: every writing method of the storage takes one and
/// writes its audit lines from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act {
    /// Who.
    pub actor: Actor,
    /// When.
    pub at: Timestamp,
    /// In which request.
    pub request_id: RequestId,
    /// Where the ids of its audit lines begin.
    pub audit_seed: Uuid,
}

impl Act {
    /// The `n`th audit line of this act (0 is the first).
    pub fn entry(&self, n: u64, action: AuditAction, target_id: Uuid, target: &str) -> AuditEntry {
        AuditEntry {
            id: AuditId(nth_uuid(self.audit_seed, n)),
            at: self.at,
            request_id: self.request_id,
            actor_user_id: self.actor.user_id,
            actor_email: self.actor.email.clone(),
            actor_organization_id: self.actor.organization_id,
            concerned_organization_id: None,
            action,
            target_id,
            target: target.to_owned(),
            done: true,
            detail: String::new(),
        }
    }
}

impl AuditEntry {
    /// Also concerns `organization`.
    #[must_use]
    pub fn concerning(self, organization: OrganizationId) -> Self {
        let own = organization == self.actor_organization_id;
        Self {
            concerned_organization_id: (!own).then_some(organization),
            ..self
        }
    }

    /// With something more to say.
    #[must_use]
    pub fn saying(self, detail: impl Into<String>) -> Self {
        Self {
            detail: detail.into(),
            ..self
        }
    }

    /// An attempt that was refused.
    #[must_use]
    pub fn refused(self) -> Self {
        Self {
            done: false,
            ..self
        }
    }
}

/// A line as one organization may see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AuditLine {
    /// Its id.
    pub id: AuditId,
    /// When.
    pub at: Timestamp,
    /// In which request.
    pub request_id: RequestId,
    /// The organization that acted.
    pub organization_id: OrganizationId,
    /// Its name.
    pub organization: String,
    /// The person, only where it is one of the reader's own organization.
    pub person: Option<String>,
    /// The other organization concerned, by name.
    pub concerned: Option<String>,
    /// Its id.
    pub concerned_id: Option<OrganizationId>,
    /// What was done, as [`AuditAction::as_str`].
    pub action: &'static str,
    /// The same in words.
    pub title: &'static str,
    /// To what.
    pub target_id: Uuid,
    /// To what, for people.
    pub target: String,
    /// Whether it was done.
    pub done: bool,
    /// What else there is to say.
    pub detail: String,
}
