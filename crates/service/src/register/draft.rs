//! A draft as it stands: what the check says, what would become of each row, the repaired list.

use device_list::edit::{EditError, ListText};
use device_list::{CheckOptions, CheckedList, Code, CodeSet, RepairedList, check, repair};
use registration::access::Scope;
use registration::clock::Timestamp;
use registration::ids::UploadId;
use registration::organization::Organization;
use registration::upload::{OutcomeCounts, RowResult, RowVerdict, Upload, UploadRow};
use storage::drafts::DraftFile;

use super::rows::upload_rows;
use super::{ListFile, channel_of, to_mend};
use crate::{Caller, Desk, DeskError, Result};

/// How long a draft is kept, in days: [`storage::housekeeping::Housekeeping::sweep`].
const KEPT_DAYS: i64 = 1;

/// A draft with everything its page shows.
#[derive(Debug, Clone)]
pub struct DraftView {
    /// The draft.
    pub upload: Upload,
    /// For whom.
    pub customer: Organization,
    /// Its file, and what was done to it.
    pub file: DraftFile,
    /// What the check says.
    pub list: CheckedList,
    /// The lines of the file; none for a file that is no text.
    pub text: Option<ListText>,
    /// The rows as an upload would keep them.
    pub rows: Vec<UploadRow>,
    /// How many of them there are of each sort.
    pub tally: Tally,
    /// What would become of each row now, in the order of the rows. Empty when the list can't be
    /// saved.
    pub plan: Vec<RowResult>,
    /// The same, counted.
    pub counts: OutcomeCounts,
    /// An upload of the very same file before this one.
    pub same_file: Option<Upload>,
    /// The repaired list: differs from the file where `repaired.changes` says so.
    pub repaired: RepairedList,
    /// Whether saving makes sense: rows could be read, and no more than the limit.
    pub can_save: bool,
}

impl DraftView {
    /// Whether the guesses of a code are accepted.
    pub fn accepts(&self, code: Code) -> bool {
        self.list.options.accept.has(code)
    }

    /// When it goes away by itself unless it is saved.
    pub fn kept_until(&self) -> Timestamp {
        self.upload.created_at.plus_days(KEPT_DAYS)
    }
}

/// The rows of a list by what the check says of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Identify a device as they are.
    pub ready: u64,
    /// Identify a device once they are repaired with certainty.
    pub repaired: u64,
    /// Can't be registered as they are.
    pub to_mend: u64,
    /// The same device as an earlier row.
    pub duplicates: u64,
}

impl Tally {
    fn of(list: &CheckedList, rows: &[UploadRow]) -> Self {
        let mut tally = Self::default();
        for (checked, row) in list.rows.iter().zip(rows) {
            *match &row.verdict {
                RowVerdict::Ready if checked.repaired => &mut tally.repaired,
                RowVerdict::Ready => &mut tally.ready,
                RowVerdict::Invalid { .. } => &mut tally.to_mend,
                RowVerdict::Duplicate { .. } => &mut tally.duplicates,
            } += 1;
        }
        tally
    }
}

/// A draft's file and what the check says of it.
pub(super) struct Checked {
    pub(super) file: DraftFile,
    pub(super) list: CheckedList,
    /// Its lines, to change them.
    pub(super) text: std::result::Result<ListText, EditError>,
}

/// What a workbook may unpack to: 1,000 devices with their hashes take 4 MB.
const UNPACKED_BYTES: u64 = 128 * 1024 * 1024;

impl Desk {
    /// A draft: findings row by row, the plan, the repaired list.
    pub async fn draft(&self, caller: &Caller, id: UploadId) -> Result<DraftView> {
        let (scope, upload) = self.draft_upload(caller, id).await?;
        let customer = self
            .storage
            .organization(&scope, upload.customer_id)
            .await?
            .ok_or(DeskError::NotFound)?;
        let Checked { file, list, text } = self.checked(caller, &scope, id).await?;
        let can_save = self.can_save(&list);
        let rows = upload_rows(&list);
        let plan = if can_save {
            let act = caller.act(self);
            let customer = upload.customer_id;
            self.storage
                .plan_rows(&scope, &act, customer, &upload.group_tag, &rows)
                .await?
        } else {
            Vec::new()
        };
        let mut counts = OutcomeCounts::default();
        for result in &plan {
            counts.add(result.outcome);
        }
        let same_file = self
            .storage
            .same_file(&scope, upload.customer_id, upload.file_digest)
            .await?;
        Ok(DraftView {
            text: text.ok(),
            tally: Tally::of(&list, &rows),
            repaired: repair(&list),
            upload,
            customer,
            file,
            list,
            rows,
            plan,
            counts,
            same_file,
            can_save,
        })
    }

    /// The repaired list of a draft, as a file to take.
    pub async fn repaired_list(&self, caller: &Caller, id: UploadId) -> Result<ListFile> {
        let (scope, upload) = self.draft_upload(caller, id).await?;
        let bytes = repair(&self.checked(caller, &scope, id).await?.list).bytes;
        Ok(ListFile {
            name: named(&upload.file_name, "repaired"),
            bytes,
        })
    }

    /// The rows of a draft that can't be registered as they are, in the sender's own columns, each
    /// with what is wrong and what to do: to mend and send again.
    pub async fn rows_to_mend(&self, caller: &Caller, id: UploadId) -> Result<ListFile> {
        let draft = self.draft(caller, id).await?;
        let name = named(&draft.upload.file_name, "to-mend");
        let bytes = in_background(move || to_mend::write(&draft)).await?;
        let bytes = bytes.map_err(|error| DeskError::Internal(error.into()))?;
        Ok(ListFile { name, bytes })
    }

    /// A draft's file, checked with the guesses that were accepted.
    pub(super) async fn checked(
        &self,
        caller: &Caller,
        scope: &Scope,
        id: UploadId,
    ) -> Result<Checked> {
        let file = self.storage.draft_file(scope, id).await?;
        let file = file.ok_or(DeskError::NotFound)?;
        let options = self.check_options(caller, &file.accepted);
        in_background(move || Checked {
            list: check(&file.bytes, &options),
            text: ListText::read(&file.bytes, &options),
            file,
        })
        .await
    }

    /// What lists of this caller are held against.
    pub(super) fn check_options(&self, caller: &Caller, accepted: &[String]) -> CheckOptions {
        CheckOptions {
            channel: channel_of(caller),
            row_limit: Some(self.limits.upload_rows),
            accept: codes(accepted),
            unpacked: UNPACKED_BYTES,
            ..CheckOptions::default()
        }
    }
}

/// Does what takes a while for a large file where nothing else waits for it.
pub(crate) async fn in_background<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|error| DeskError::Internal(error.into()))
}

/// The codes with these names; one that is gone by now is left out.
pub(super) fn codes(names: &[String]) -> CodeSet {
    let known = names.iter().filter_map(|name| Code::from_text(name));
    known.collect()
}

/// A name for a file made from another: `ward.csv` becomes `ward-repaired.csv`.
fn named(name: &str, what: &str) -> String {
    let stem = match name.rsplit_once('.') {
        Some((stem, kind)) if kind.len() <= 4 && !stem.is_empty() => stem,
        _ => name,
    };
    format!("{stem}-{what}.csv")
}

#[cfg(test)]
mod tests {
    use super::named;

    #[test]
    fn the_kind_of_file_goes_and_the_rest_of_the_name_stays() {
        assert_eq!(named("ward.csv", "repaired"), "ward-repaired.csv");
        assert_eq!(named("ward.1.xlsx", "to-mend"), "ward.1-to-mend.csv");
        assert_eq!(
            named("v1.2026 order", "repaired"),
            "v1.2026 order-repaired.csv"
        );
        assert_eq!(named(".csv", "repaired"), ".csv-repaired.csv");
    }
}
