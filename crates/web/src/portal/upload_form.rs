//! A form with a file: read field by field, the token before the file.

use axum::extract::Multipart;
use axum::extract::multipart::{Field, MultipartError};
use axum::http::StatusCode;
use service::DeskError;
use service::register::ListFile;

use crate::app::App;
use crate::session::SignedIn;

/// Fields beside the file at most.
const FIELDS: usize = 20;

/// What a form with a file says, once its token was found to be right.
#[derive(Debug, Default)]
pub(super) struct UploadForm {
    fields: Vec<(String, String)>,
    /// The file, if one was chosen.
    pub(super) file: Option<ListFile>,
}

impl UploadForm {
    /// Reads the form. The token must come before the file, as our own pages send it: a file
    /// sent in somebody else's name is not even read.
    pub(super) async fn read(
        app: &App,
        signed: &SignedIn,
        mut multipart: Multipart,
    ) -> Result<Self, DeskError> {
        let broken = |error: MultipartError| of_multipart(app, &error);
        let mut form = Self::default();
        let mut trusted = false;
        while let Some(field) = multipart.next_field().await.map_err(broken)? {
            let name = field.name().unwrap_or_default().to_owned();
            if name == "csrf" {
                signed.check_token(&field.text().await.map_err(broken)?)?;
                trusted = true;
            } else if !trusted {
                signed.check_token("")?;
            } else if name == "file" {
                form.file = list_file(field).await.map_err(broken)?;
            } else if form.fields.len() < FIELDS {
                form.fields
                    .push((name, field.text().await.map_err(broken)?));
            }
        }
        if !trusted {
            signed.check_token("")?;
        }
        Ok(form)
    }

    /// The value of a field; blank if it did not come.
    pub(super) fn text(&self, name: &str) -> &str {
        self.fields
            .iter()
            .find(|(known, _)| known == name)
            .map_or("", |(_, value)| value.as_str())
    }
}

/// The file of a field; none when the form was sent without choosing one.
async fn list_file(field: Field<'_>) -> Result<Option<ListFile>, MultipartError> {
    let name = field.file_name().unwrap_or_default().to_owned();
    let bytes = field.bytes().await?.to_vec();
    Ok((!name.is_empty() || !bytes.is_empty()).then_some(ListFile { name, bytes }))
}

fn of_multipart(app: &App, error: &MultipartError) -> DeskError {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        DeskError::TooLarge {
            limit: app.desk.limits().upload_bytes,
            unit: "bytes",
        }
    } else {
        DeskError::field("file", "The form did not arrive whole. Send it again.")
    }
}
