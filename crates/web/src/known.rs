//! What becomes known of a request while it is answered: who acts, which route it took, what is
//! left of its limits. The line in the log and the headers of the answer are made from it.

use std::hash::Hash;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use axum::extract::MatchedPath;
use axum::http::Extensions;
use service::{Caller, DeskError};
use tracing::field::{Value, display};

use crate::limit::{Left, Limit};

/// What is known of one request; a part of its extensions from the beginning.
#[derive(Clone, Default)]
pub(crate) struct Known(Arc<Parts>);

#[derive(Default)]
struct Parts {
    actor: OnceLock<Actor>,
    route: OnceLock<MatchedPath>,
    left: Mutex<Vec<Left>>,
}

struct Actor {
    user: String,
    organization: String,
}

impl Known {
    /// What is known of the request with these extensions.
    pub(crate) fn of(extensions: &Extensions) -> Self {
        extensions.get::<Self>().cloned().unwrap_or_default()
    }

    /// This one acts; the first to be known stays.
    pub(crate) fn acts(&self, caller: &Caller) {
        let actor = Actor {
            user: caller.user.id.to_string(),
            organization: caller.organization.id.to_string(),
        };
        let _ = self.0.actor.set(actor);
    }

    /// The route it took, where another router than the outermost found it.
    pub(crate) fn took(&self, route: Option<&MatchedPath>) {
        if let Some(route) = route {
            let _ = self.0.route.set(route.clone());
        }
    }

    /// One more from this one, or [`DeskError::TooMany`]; the answer tells what is left.
    pub(crate) fn charge<K: Hash + Eq + Clone>(
        &self,
        limit: &Limit<K>,
        key: &K,
    ) -> Result<(), DeskError> {
        let (left, taken) = limit.take(key);
        let charged = self.0.left.lock();
        charged.unwrap_or_else(PoisonError::into_inner).push(left);
        taken
    }

    /// What is left of each limit that was charged.
    pub(crate) fn left(&self) -> Vec<Left> {
        let charged = self.0.left.lock();
        charged.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The pattern of its route, for the log.
    pub(crate) fn route(&self) -> Option<&str> {
        self.0.route.get().map(MatchedPath::as_str)
    }

    /// The id of the account that acts, for the log.
    pub(crate) fn actor(&self) -> impl Value {
        self.0.actor.get().map(|actor| display(&actor.user))
    }

    /// The id of its organization, for the log.
    pub(crate) fn organization(&self) -> impl Value {
        self.0.actor.get().map(|actor| display(&actor.organization))
    }
}
