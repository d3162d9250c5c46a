//! Device lists to take away.

use axum::http::{HeaderName, header};
use axum::response::{IntoResponse, Response};
use service::register::ListFile;

/// A device list as a download. Its name is kept as far as it is safe in a header.
pub(super) fn download(file: ListFile) -> Response {
    let headers: [(HeaderName, String); 2] = [
        (header::CONTENT_TYPE, "text/csv".to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{}\"", safe_name(&file.name)),
        ),
    ];
    (headers, file.bytes).into_response()
}

fn safe_name(name: &str) -> String {
    let safe = |c: char| {
        if c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.') {
            c
        } else {
            '_'
        }
    };
    let name: String = name.chars().map(safe).take(150).collect();
    let name = name.trim_start_matches('.');
    if name.is_empty() {
        "devices.csv".to_owned()
    } else {
        name.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::safe_name;

    #[test]
    fn a_name_never_leaves_its_quotes() {
        assert_eq!(safe_name("ward 1-failed.csv"), "ward_1-failed.csv");
        assert_eq!(safe_name("a\"\r\n; x=y.csv"), "a_____x_y.csv");
        assert_eq!(safe_name("..ü"), "_");
        assert_eq!(safe_name(""), "devices.csv");
    }
}
