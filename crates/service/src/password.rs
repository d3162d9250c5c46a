//! Passwords: argon2id, in a bounded number of blocking threads.

use argon2::Argon2;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};

use crate::{Desk, DeskError, Result};

impl Desk {
    /// The argon2id hash of a password, in PHC form.
    pub(crate) async fn hash_password(&self, password: &str) -> Result<String> {
        let mut salt = [0u8; 16];
        self.entropy.fill(&mut salt);
        let password = password.to_owned();
        self.hashing_thread(move || {
            Argon2::default()
                .hash_password_with_salt(password.as_bytes(), &salt)
                .map(|hash| hash.to_string())
        })
        .await?
        .map_err(|error| DeskError::Internal(error.to_string().into()))
    }

    /// Whether the password is the one of this hash. Without a hash the same time is spent, so
    /// that the answer's time does not tell whether there is an account.
    pub(crate) async fn password_matches(
        &self,
        password: &str,
        hash: Option<String>,
    ) -> Result<bool> {
        let Some(hash) = hash else {
            self.hash_password(password).await?;
            return Ok(false);
        };
        let password = password.to_owned();
        self.hashing_thread(move || {
            Argon2::default()
                .verify_password(password.as_bytes(), hash.as_str())
                .is_ok()
        })
        .await
    }

    async fn hashing_thread<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T> {
        let _turn = self
            .hashing
            .acquire()
            .await
            .map_err(|error| DeskError::Internal(error.into()))?;
        tokio::task::spawn_blocking(work)
            .await
            .map_err(|error| DeskError::Internal(error.into()))
    }
}
