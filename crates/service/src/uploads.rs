//! Uploads and batches as they stand, and the rows that failed to take away.

use device_list::{Cells, Column, Dialect, write_rows};
use registration::access::{Action, Scope};
use registration::group_tag;
use registration::ids::{OrganizationId, UploadId};
use registration::organization::{Organization, OrganizationKind};
use registration::upload::{Batch, RowVerdict, Upload, UploadRow, UploadRowResult, UploadStatus};
use storage::Page;
use storage::uploads::RowFilter;
use uuid::Uuid;

use crate::register::ListFile;
use crate::{Caller, Desk, DeskError, Result};

/// Rows read at once where all of them are wanted.
const PIECE: usize = 5000;

/// An upload with the names its page shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadView {
    /// The upload.
    pub upload: Upload,
    /// For whom.
    pub customer: Organization,
    /// By whom.
    pub party: Organization,
}

impl Desk {
    /// One saved upload.
    pub async fn upload(&self, caller: &Caller, id: UploadId) -> Result<UploadView> {
        let scope = caller.may(Action::ViewUploads)?;
        let upload = self.saved_upload(&scope, id).await?;
        let customer = self
            .storage
            .organization(&scope, upload.customer_id)
            .await?;
        let party = self.storage.organization(&scope, upload.party_id).await?;
        let (Some(customer), Some(party)) = (customer, party) else {
            return Err(DeskError::NotFound);
        };
        Ok(UploadView {
            upload,
            customer,
            party,
        })
    }

    /// The rows of an upload with their results.
    pub async fn upload_rows(
        &self,
        caller: &Caller,
        id: UploadId,
        filter: RowFilter,
        after: u64,
        limit: usize,
    ) -> Result<Vec<UploadRowResult>> {
        let scope = caller.may(Action::ViewUploads)?;
        self.saved_upload(&scope, id).await?;
        Ok(self
            .storage
            .upload_rows(&scope, id, filter, after, limit)
            .await?)
    }

    /// A device list of just the failed rows, as they were sent: to mend and send again.
    pub async fn failed_rows(&self, caller: &Caller, id: UploadId) -> Result<ListFile> {
        let scope = caller.may(Action::ViewUploads)?;
        let upload = self.saved_upload(&scope, id).await?;
        let mut cells = Vec::new();
        let mut after = 0;
        loop {
            let rows = self
                .storage
                .upload_rows(&scope, id, RowFilter::Failed, after, PIECE)
                .await?;
            let Some(last) = rows.last() else { break };
            after = last.row.number;
            cells.extend(rows.iter().map(|row| cells_of(&row.row)));
        }
        let dialect = if upload.party_id == upload.customer_id {
            Dialect::Intune
        } else {
            Dialect::PartnerCenter
        };
        let stem = upload
            .file_name
            .strip_suffix(".csv")
            .unwrap_or(&upload.file_name);
        Ok(ListFile {
            name: format!("{stem}-failed.csv"),
            bytes: write_rows(dialect, &cells),
        })
    }

    /// The uploads for a customer, newest first.
    pub async fn uploads(
        &self,
        caller: &Caller,
        customer: OrganizationId,
        before: Option<Uuid>,
        limit: usize,
    ) -> Result<Page<Upload>> {
        let scope = caller.may(Action::ViewUploads)?;
        Ok(self
            .storage
            .uploads(&scope, customer, before, limit)
            .await?)
    }

    /// The batches of a customer.
    pub async fn batches(&self, caller: &Caller, customer: OrganizationId) -> Result<Vec<Batch>> {
        let scope = caller.may(Action::ViewUploads)?;
        Ok(self.storage.batches(&scope, customer).await?)
    }

    /// The batches that the caller's organization made for a customer who consents now.
    pub async fn batches_for(
        &self,
        caller: &Caller,
        customer: OrganizationId,
    ) -> Result<Vec<Batch>> {
        let scope = caller.may(Action::ViewDevices)?;
        self.consenting_customer(&scope, customer).await?;
        Ok(self.storage.batches(&scope, customer).await?)
    }

    async fn saved_upload(&self, scope: &Scope, id: UploadId) -> Result<Upload> {
        let upload = self
            .storage
            .upload(scope, id)
            .await?
            .ok_or(DeskError::NotFound)?;
        if upload.status == UploadStatus::Draft {
            Err(DeskError::NotFound)
        } else {
            Ok(upload)
        }
    }
}

fn cells_of(row: &UploadRow) -> Cells {
    let tag = row.group_tag.as_deref().unwrap_or_default();
    Cells::default()
        .with(Column::Serial, row.serial.as_str())
        .with(Column::Pkid, row.pkid.as_str())
        .with(Column::Hash, row.hash.as_str())
        .with(Column::Manufacturer, row.manufacturer.as_str())
        .with(Column::Model, row.model.as_str())
        .with(Column::GroupTag, tag)
}

/// What is wrong with a row that failed and what to do, for its result: the finding's words for
/// an invalid row, those of the outcome otherwise. With the DDS code and name where one exists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// What is wrong.
    pub cause: String,
    /// What to do.
    pub remedy: String,
    /// `808 ZtdDeviceAssignedToOtherTenant`, or the finding's code.
    pub code: String,
}

/// Explains a row's result.
pub fn explain(row: &UploadRowResult, upload_tag: &str) -> Option<Explanation> {
    let result = row.result.as_ref()?;
    let dds = |code: Option<u16>, name: &str| match code {
        Some(code) => format!("{code} {name}"),
        None => name.to_owned(),
    };
    Some(match &row.row.verdict {
        RowVerdict::Invalid {
            code,
            cause,
            fix,
            dds: known,
        } => Explanation {
            cause: cause.clone(),
            remedy: fix.clone(),
            code: match known {
                Some((number, name)) => format!("{code} · {}", dds(Some(*number), name)),
                None => code.clone(),
            },
        },
        RowVerdict::Duplicate { of_line } => Explanation {
            cause: format!("The same device as line {of_line}."),
            remedy: result.outcome.remedy().to_owned(),
            code: result
                .outcome
                .dds()
                .map(|(c, n)| dds(c, n))
                .unwrap_or_default(),
        },
        RowVerdict::Ready => Explanation {
            cause: cause_of(row, upload_tag, result.unverified),
            remedy: remedy_of(row, upload_tag, result.outcome),
            code: result
                .outcome
                .dds()
                .map(|(c, n)| dds(c, n))
                .unwrap_or_default(),
        },
    })
}

fn cause_of(row: &UploadRowResult, upload_tag: &str, unverified: bool) -> String {
    use registration::plan::Outcome;
    let Some(result) = &row.result else {
        return String::new();
    };
    match result.outcome {
        Outcome::Registered if unverified => {
            "Registered. Not in the device directory, so marked unverified.".to_owned()
        }
        Outcome::Registered => "Registered.".to_owned(),
        Outcome::AlreadyRegistered => "The device was registered here before.".to_owned(),
        Outcome::RegisteredElsewhere => "The device belongs to another organization.".to_owned(),
        Outcome::NotFound => "The device directory knows no such device.".to_owned(),
        Outcome::NoConsent => "The customer's consent is missing, revoked or expired.".to_owned(),
        Outcome::Invalid => "The row does not identify a device.".to_owned(),
        Outcome::DuplicateInList => "The same device stands in the list before.".to_owned(),
        Outcome::WrongTag => match (&row.row.group_tag, group_tag::parse(upload_tag)) {
            (_, Err(error)) => error.to_string(),
            (Some(tag), Ok(chosen)) => {
                format!(
                    "The row has the group tag \"{tag}\", but \"{}\" was chosen.",
                    chosen.tag
                )
            }
            (None, Ok(_)) => String::new(),
        },
    }
}

fn remedy_of(
    row: &UploadRowResult,
    upload_tag: &str,
    outcome: registration::plan::Outcome,
) -> String {
    use registration::plan::Outcome;
    if outcome == Outcome::Registered && group_tag::parse(upload_tag).is_err() {
        return "It gets a profile once it has a group tag of the catalogue, or one of its own."
            .to_owned();
    }
    if outcome == Outcome::WrongTag && row.row.group_tag.is_some() {
        return "Empty the row's group tag, or send the row in an upload with that tag.".to_owned();
    }
    outcome.remedy().to_owned()
}

/// What an organization of this kind calls the device lists it may send: the dialect of the
/// sample that stands beside "Add devices".
pub fn sample_dialect(kind: OrganizationKind) -> Dialect {
    match kind {
        OrganizationKind::Customer => Dialect::Intune,
        _ => Dialect::PartnerCenter,
    }
}
