//! Applies the chunks of an upload, one transaction each.

use registration::ids::{JobId, UploadId};
use storage::uploads::Applied;

use super::JobRunner;
use crate::Result;
use crate::caller::actor_of;

impl JobRunner {
    /// Applies chunk after chunk. `true` when the upload is finished, `false` when the work was
    /// left to another worker or to the next start.
    pub(super) async fn apply_upload(&self, job: JobId, id: UploadId) -> Result<bool> {
        let desk = self.desk();
        let Some((upload, member)) = desk.storage.upload_for_job(id).await? else {
            return Ok(true);
        };
        let actor = actor_of(&member.user, &member.organization);
        loop {
            let act = desk.act(actor.clone(), upload.request_id);
            match desk.storage.apply_next_chunk(&act, id).await? {
                Applied::Finished(upload) => {
                    tracing::info!(
                        upload = %id,
                        rows = upload.row_count,
                        failed = upload.counts.failed(),
                        "upload finished"
                    );
                    return Ok(true);
                }
                Applied::More(_) => {
                    if self.is_stopping() || !self.keep_lease(job).await? {
                        return Ok(false);
                    }
                }
            }
        }
    }
}
