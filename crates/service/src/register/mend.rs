//! Mending a draft: cells and lines of its file, guesses that are accepted, and the way back.

use device_list::edit::{EditError, ListText};
use device_list::finding::display_safe;
use device_list::{CheckedList, Code, Finding, Severity, repair};
use registration::access::Scope;
use registration::ids::UploadId;
use sha2::{Digest, Sha256};
use storage::Refused;
use storage::drafts::{Changes, DraftChange, DraftFile, DraftUpdate, Splice};

use super::draft::{Checked, in_background};
use crate::{Caller, Desk, DeskError, Result};

/// Changes of one draft that can be made at most.
const MOST_CHANGES: u64 = 10_000;

/// What mending a line came to.
#[derive(Debug, Clone, PartialEq)]
pub struct Mended {
    /// The line.
    pub line: u64,
    /// Whether anything in it is another now.
    pub changed: bool,
    /// Whether it still is a row: a line without any value is none.
    pub is_row: bool,
    /// What is found about the line now, the worst first.
    pub findings: Vec<Finding>,
}

impl Mended {
    /// What still keeps the row from being registered, or is doubtful; none where all is well.
    pub fn worst(&self) -> Option<&Finding> {
        let open = |finding: &&Finding| !finding.certain && finding.severity != Severity::Note;
        self.findings.iter().find(open)
    }
}

impl Desk {
    /// Puts other values into fields (numbers from 1) of a line of a draft, and checks it again.
    /// `version` is the draft's when the values were asked for.
    ///
    /// # Errors
    /// A value that no list can hold is [`DeskError::Invalid`]; `draft_changed` where the draft has
    /// another version by now.
    pub async fn mend_line(
        &self,
        caller: &Caller,
        id: UploadId,
        version: u64,
        line: u64,
        values: &[(u32, String)],
    ) -> Result<Mended> {
        let (scope, checked) = self.checked_version(caller, id, version).await?;
        let values = values.to_vec();
        let work = move || (edited(&checked, line, &values), checked.file);
        let (edited, file) = in_background(work).await?;
        let edited = edited?;
        let changed = edited.is_some();
        if let Some((bytes, said)) = edited {
            self.change(&scope, id, &file, bytes, &said).await?;
        }
        let now = self.checked(caller, &scope, id).await?;
        Ok(mended(&now.list, line, changed))
    }

    /// Takes a line out of a draft's file; the lines below move up.
    pub async fn leave_line_out(
        &self,
        caller: &Caller,
        id: UploadId,
        version: u64,
        line: u64,
    ) -> Result<()> {
        let (scope, checked) = self.checked_version(caller, id, version).await?;
        let without =
            move |checked: &Checked| editable(checked)?.remove_line(line).map_err(of_edit);
        let work = move || (without(&checked), checked.file);
        let (bytes, file) = in_background(work).await?;
        let said = format!("line {line} left out");
        self.change(&scope, id, &file, bytes?, &said).await
    }

    /// Puts the repaired list in the place of the file.
    pub async fn use_repaired_list(&self, caller: &Caller, id: UploadId) -> Result<()> {
        let (scope, _) = self.draft_upload(caller, id).await?;
        let Checked { file, list, .. } = self.checked(caller, &scope, id).await?;
        let bytes = repair(&list).bytes;
        if bytes == file.bytes {
            return Ok(());
        }
        self.change(&scope, id, &file, bytes, "the repaired list")
            .await
    }

    /// Accepts the guesses of a code for the whole draft, or no longer. The answer is whether that
    /// is new.
    pub async fn accept_guesses(
        &self,
        caller: &Caller,
        id: UploadId,
        code: Code,
        accept: bool,
    ) -> Result<bool> {
        if code.accepting().is_none() {
            return Err(DeskError::NotFound);
        }
        let (scope, _) = self.draft_upload(caller, id).await?;
        let file = self.storage.draft_file(&scope, id).await?;
        let file = file.ok_or(DeskError::NotFound)?;
        let mut accepted = file.accepted;
        let before = accepted.len();
        accepted.retain(|known| known != code.as_str());
        let was = accepted.len() < before;
        if was == accept {
            return Ok(false);
        }
        if accept {
            accepted.push(code.as_str().to_owned());
        }
        let update = DraftUpdate {
            version: file.version,
            accepted,
            ..DraftUpdate::default()
        };
        self.storage.update_draft(&scope, id, update).await?;
        Ok(true)
    }

    /// Takes the last change of a draft's file back. The answer says what it was; nothing where
    /// nothing was changed.
    pub async fn undo_change(
        &self,
        caller: &Caller,
        id: UploadId,
        version: u64,
    ) -> Result<Option<String>> {
        let (scope, _) = self.draft_upload(caller, id).await?;
        let changes = self.storage.draft_changes(&scope, id).await?;
        let Some((last, before)) = changes.split_last() else {
            return Ok(None);
        };
        let stay = before.len() as u64;
        let last = last.clone();
        self.back_to(&scope, id, version, stay, vec![last.back], false)
            .await?;
        Ok(Some(last.said))
    }

    /// Takes every change of a draft back, and accepts no guess any more: the file is again the one
    /// that was sent.
    pub async fn start_again(&self, caller: &Caller, id: UploadId, version: u64) -> Result<()> {
        let (scope, _) = self.draft_upload(caller, id).await?;
        let changes = self.storage.draft_changes(&scope, id).await?;
        let back = changes.into_iter().rev().map(|change| change.back);
        self.back_to(&scope, id, version, 0, back.collect(), true)
            .await
    }

    /// Applies these splices one after the other; so many changes stay on record.
    async fn back_to(
        &self,
        scope: &Scope,
        id: UploadId,
        version: u64,
        stay: u64,
        back: Vec<Splice>,
        forget: bool,
    ) -> Result<()> {
        let file = self.storage.draft_file(scope, id).await?;
        let file = file.ok_or(DeskError::NotFound)?;
        if file.version != version || file.changes != stay + back.len() as u64 {
            return Err(draft_changed());
        }
        let bytes = back
            .iter()
            .try_fold(file.bytes, |bytes, splice| splice.apply(&bytes));
        let bytes = bytes.ok_or_else(draft_changed)?;
        let digest = Sha256::digest(&bytes).into();
        let update = DraftUpdate {
            version,
            file: Some((bytes, digest)),
            accepted: if forget { Vec::new() } else { file.accepted },
            changes: Changes::First(stay),
        };
        Ok(self.storage.update_draft(scope, id, update).await?)
    }

    /// Puts other bytes in the place of a draft's file.
    async fn change(
        &self,
        scope: &Scope,
        id: UploadId,
        file: &DraftFile,
        bytes: Vec<u8>,
        said: &str,
    ) -> Result<()> {
        if file.changes >= MOST_CHANGES {
            return Err(DeskError::conflict(
                "too_many_changes",
                "This list was changed too often. Take the repaired list, and send that.",
            ));
        }
        if bytes.len() as u64 > self.limits.upload_bytes {
            return Err(DeskError::TooLarge {
                limit: self.limits.upload_bytes,
                unit: "bytes",
            });
        }
        let digest = Sha256::digest(&bytes).into();
        let back = Splice::between(&bytes, &file.bytes);
        let update = DraftUpdate {
            version: file.version,
            file: Some((bytes, digest)),
            accepted: file.accepted.clone(),
            changes: Changes::Add(DraftChange {
                said: said.to_owned(),
                back,
            }),
        };
        Ok(self.storage.update_draft(scope, id, update).await?)
    }

    async fn checked_version(
        &self,
        caller: &Caller,
        id: UploadId,
        version: u64,
    ) -> Result<(Scope, Checked)> {
        let (scope, _) = self.draft_upload(caller, id).await?;
        let checked = self.checked(caller, &scope, id).await?;
        if checked.file.version == version {
            Ok((scope, checked))
        } else {
            Err(draft_changed())
        }
    }
}

pub(super) fn draft_changed() -> DeskError {
    storage::StorageError::from(Refused::DraftChanged).into()
}

/// The file with other values in fields of a line, and what that is for people; nothing where they
/// stand there already.
fn edited(
    checked: &Checked,
    line: u64,
    values: &[(u32, String)],
) -> Result<Option<(Vec<u8>, String)>> {
    let text = editable(checked)?;
    let fields = text.fields(line).ok_or(DeskError::NotFound)?;
    let values: Vec<(u32, &str)> = values.iter().map(|(n, text)| (*n, text.as_str())).collect();
    let bytes = text.replace_fields(line, &values).map_err(of_edit)?;
    let other = values.iter().filter_map(|(number, text)| {
        let field = fields.get((*number as usize).wrapping_sub(1))?;
        (field.text != *text).then(|| match field.column {
            Some(column) => column.name().to_owned(),
            None => display_safe(&field.name),
        })
    });
    let said = match &other.collect::<Vec<_>>()[..] {
        [] => format!("line {line} kept as it is"),
        few if few.len() < 4 => format!("line {line}, {}", few.join(", ")),
        many => format!("line {line}, {} fields", many.len()),
    };
    // A value that stands there already settles a doubt that only the workbook shows.
    let changed = bytes != text.as_bytes() || text.has_doubts();
    Ok(changed.then_some((bytes, said)))
}

/// The file as text that can be changed.
fn editable(checked: &Checked) -> Result<&ListText> {
    checked.text.as_ref().map_err(|error| of_edit(*error))
}

fn mended(list: &CheckedList, line: u64, changed: bool) -> Mended {
    let of_line = list.findings.iter().filter(|finding| finding.line == line);
    let mut findings: Vec<Finding> = of_line.cloned().collect();
    findings.sort_by_key(|finding| (finding.certain, finding.severity));
    Mended {
        line,
        changed,
        is_row: list.rows.iter().any(|row| row.line == line),
        findings,
    }
}

fn of_edit(error: EditError) -> DeskError {
    match error {
        EditError::NoSuchLine | EditError::NoSuchField => DeskError::NotFound,
        EditError::Letters | EditError::TooLong { .. } => {
            DeskError::field("value", error.to_string())
        }
        EditError::NotText => DeskError::conflict("not_text", error.to_string()),
        EditError::NumberCells => DeskError::conflict("number_cells", error.to_string()),
        EditError::Entangled => DeskError::conflict("lines_entangled", error.to_string()),
    }
}
