//! What people let act in their name: they see it and end it.

use registration::access::Action;
use registration::ids::GrantId;
use storage::grants::GrantView;

use crate::{Caller, Desk, Result};

impl Desk {
    /// The programs that act in one's own name, newest first.
    pub async fn programs(&self, caller: &Caller) -> Result<Vec<GrantView>> {
        let scope = caller.may(Action::ApproveClients)?;
        let person = caller.user.id;
        Ok(self.storage.grants(&scope, person, self.now()).await?)
    }

    /// Ends that any of them does, those that go on while one is away too: every token is of no
    /// use from now on. The answer is how many they were.
    pub async fn end_programs(&self, caller: &Caller) -> Result<usize> {
        let scope = caller.may(Action::ApproveClients)?;
        Ok(self
            .storage
            .end_all_grants(&scope, &caller.act(self))
            .await?)
    }

    /// Ends that one of them does; its tokens are of no use from now on.
    pub async fn end_program(&self, caller: &Caller, grant: GrantId) -> Result<()> {
        let scope = caller.may(Action::ApproveClients)?;
        let act = caller.act(self);
        Ok(self.storage.end_grant(&scope, &act, grant).await?)
    }
}
