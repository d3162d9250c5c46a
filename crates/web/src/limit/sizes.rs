//! The sizes that are never exceeded, for `GET /limits`: each taken from where it is enforced.

use schemars::JsonSchema;
use serde::Serialize;
use service::operations::AT_ONCE;

use crate::app::App;
use crate::routes::FORM_BYTES;
use crate::{graph, oem, partner_center};

/// A size that is never exceeded.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "SizeLimit")]
pub(super) struct Size {
    name: &'static str,
    most: u64,
    unit: &'static str,
    /// What it is a limit of.
    of: &'static str,
    /// What whoever sends more is answered.
    answer: &'static str,
}

fn size(
    name: &'static str,
    most: u64,
    unit: &'static str,
    of: &'static str,
    answer: &'static str,
) -> Size {
    Size {
        name,
        most,
        unit,
        of,
        answer,
    }
}

/// All of them.
pub(super) fn sizes(app: &App) -> Vec<Size> {
    let mut sizes = of_lists(app);
    sizes.extend(of_graph(app));
    sizes.extend(of_oem(app));
    sizes
}

/// Of the portal, of forms, and of Partner Center's submissions.
fn of_lists(app: &App) -> Vec<Size> {
    let limits = app.desk.limits();
    vec![
        size(
            "upload-devices",
            limits.upload_rows,
            "devices",
            "one upload in the portal",
            "the page says so, nothing is kept",
        ),
        size(
            "upload-bytes",
            limits.upload_bytes,
            "bytes",
            "one upload in the portal",
            "413",
        ),
        size(
            "form-bytes",
            FORM_BYTES as u64,
            "bytes",
            "one form that asks for a token or a device code, or of a page of the portal",
            "413",
        ),
        size(
            "partner-center-devices",
            limits.upload_rows,
            "devices",
            "one submission of the Partner Center API",
            "400",
        ),
        size(
            "partner-center-bytes",
            partner_center::BODY_BYTES as u64,
            "bytes",
            "one body of the Partner Center API",
            "413",
        ),
    ]
}

fn of_graph(app: &App) -> Vec<Size> {
    vec![
        size(
            "graph-devices",
            app.desk.limits().upload_rows,
            "devices",
            "one import of the Graph API",
            "413",
        ),
        size(
            "graph-bytes",
            graph::BODY_BYTES as u64,
            "bytes",
            "one body of the Graph API",
            "413",
        ),
        size(
            "graph-batch-calls",
            graph::BATCH_CALLS as u64,
            "calls",
            "one $batch of the Graph API",
            "400",
        ),
        size(
            "graph-page",
            graph::PAGE_MOST as u64,
            "items",
            "one page of the Graph API ($top)",
            "a page of so many, and a link to the next",
        ),
        size(
            "graph-filter-characters",
            graph::FILTER_CHARS as u64,
            "characters",
            "one $filter of the Graph API",
            "400",
        ),
    ]
}

fn of_oem(app: &App) -> Vec<Size> {
    vec![
        size(
            "oem-lines",
            app.desk.limits().operation_lines,
            "lines",
            "one request of the OEM API",
            "413",
        ),
        size(
            "oem-lines-at-once",
            AT_ONCE as u64,
            "lines",
            "one request of the OEM API that is answered at once",
            "an operation, which goes on by itself; 413 where there is none",
        ),
        size(
            "oem-items",
            AT_ONCE as u64,
            "items",
            "one check of consents, release of devices or report into the directory",
            "413",
        ),
        size(
            "oem-line-bytes",
            oem::OBJECT_BYTES as u64,
            "bytes",
            "one line of the OEM API",
            "413",
        ),
        size(
            "oem-bytes",
            oem::body::BODY_BYTES,
            "bytes",
            "one body of the OEM API, unpacked",
            "413",
        ),
        size(
            "oem-results",
            oem::RESULTS as u64,
            "lines",
            "one page of an operation's results",
            "400",
        ),
    ]
}
