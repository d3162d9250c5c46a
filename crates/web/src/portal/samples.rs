//! `GET /samples/{name}`: a small list of invented devices beside "Add devices".

use axum::extract::Path;
use device_list::sample::{SampleDevices, SampleKind};
use device_list::{Cells, Column, Dialect, write_rows};
use registration::organization::OrganizationKind;
use service::DeskError;
use service::register::ListFile;

use crate::portal::list_file::download;
use crate::portal::shell::PageResult;
use crate::routes::Routes;
use crate::session::SignedIn;

/// Where the invented devices of samples begin.
const SEED: u64 = 20;

pub(super) fn routes(routes: Routes) -> Routes {
    routes.get("/samples/{name}", sample)
}

async fn sample(Path(name): Path<String>, signed: SignedIn) -> PageResult {
    let dialect = name
        .strip_suffix(".csv")
        .and_then(Dialect::from_name)
        .ok_or(DeskError::NotFound)?;
    // OEMs never send hashes.
    let with_hash = signed.caller.organization.kind != OrganizationKind::Oem;
    let bytes = write_rows(dialect, &rows(dialect, with_hash));
    Ok(download(ListFile {
        name: format!("sample-{name}"),
        bytes,
    }))
}

/// A device for each way in which this layout can identify one.
fn rows(dialect: Dialect, with_hash: bool) -> Vec<Cells> {
    let mut kinds = Vec::new();
    if with_hash && dialect.has(Column::Hash) {
        kinds.push(SampleKind::Hash);
    }
    if dialect.has(Column::Manufacturer) {
        kinds.push(SampleKind::Tuple);
    }
    if dialect.has(Column::Pkid) && dialect.has(Column::Manufacturer) {
        kinds.push(SampleKind::Pkid);
    }
    if kinds.len() == 1 {
        kinds.extend_from_within(..);
    }
    SampleDevices::new(SEED)
        .zip(kinds)
        .filter_map(|(device, kind)| device.cells(dialect, kind))
        .collect()
}
