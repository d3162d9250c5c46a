//! What the tests of parallel and interrupted uploads share: lists, and a partner at work over HTTP.

use std::io;

use device_list::Dialect;
use device_list::sample::{self, SampleKind};
use registration::ids::{OrganizationId, UploadId};

use crate::world::http::{Answer, Client, File};

/// The tag that these tests register with.
pub(crate) const TAG: &str = "Microsoft365Managed_Standard";

/// A conforming list of `count` devices by manufacturer, model and serial number.
pub(crate) fn list(seed: u64, count: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    sample::list(
        Dialect::PartnerCenter,
        SampleKind::Tuple,
        seed,
        count,
        &mut bytes,
    )
    .expect("memory takes it");
    bytes
}

/// The same list beginning with another row: `by` rows go from the top to the end.
pub(crate) fn rotated(list: &[u8], by: usize) -> Vec<u8> {
    let text = std::str::from_utf8(list).expect("ASCII");
    let mut lines: Vec<_> = text.lines().collect();
    lines[1..].rotate_left(by);
    lines.join("\r\n").into_bytes()
}

/// Add devices → Browse: a draft.
pub(crate) fn draft(
    client: &mut Client,
    customer: OrganizationId,
    list: &[u8],
) -> io::Result<UploadId> {
    let page = format!("/customers/{customer}/add-devices");
    let csrf = client.get(&page)?.csrf();
    let fields = [
        ("csrf", csrf.as_str()),
        ("group_tag", TAG),
        ("group_tag_typed", ""),
    ];
    let file = File {
        field: "file",
        name: "devices.csv",
        bytes: list,
    };
    let answer = client.post_file(&page, &fields, &file)?;
    assert_eq!(answer.status, 303, "{}", answer.text());
    let id = answer
        .location()
        .trim_start_matches("/uploads/")
        .trim_end_matches("/check");
    Ok(id.parse().expect("the draft's id"))
}

/// Save.
pub(crate) fn save(client: &mut Client, upload: UploadId, csrf: &str) -> io::Result<Answer> {
    client.post_form(&format!("/uploads/{upload}/save"), &[("csrf", csrf)])
}
