//! Addresses as clients of the compatible APIs write them (api.md 1.1 and 5.2): words in any case,
//! slashes repeated or at the end.

use axum::extract::Request;
use axum::http::Uri;

/// The words of the addresses, as they are written here; `{…}` stands for anything.
pub(crate) fn canonical(path: &str, patterns: &[&'static str]) -> Option<String> {
    let given: Vec<_> = path.split('/').filter(|part| !part.is_empty()).collect();
    let fits = |pattern: &&&'static str| {
        let words: Vec<_> = parts(pattern).collect();
        words.len() == given.len()
            && words
                .iter()
                .zip(&given)
                .all(|(word, given)| is_place(word) || word.eq_ignore_ascii_case(given))
    };
    // An address with more words of its own comes before one that takes anything there.
    let places = |pattern: &&&'static str| parts(pattern).filter(|word| is_place(word)).count();
    let pattern = patterns.iter().filter(fits).min_by_key(places)?;
    let mut written = String::with_capacity(path.len());
    for (word, given) in parts(pattern).zip(given) {
        written.push('/');
        written.push_str(if is_place(word) { given } else { word });
    }
    Some(written)
}

/// Whether the first word of an address is one of these, in any case.
pub(crate) fn begins_with(path: &str, words: &[&str]) -> bool {
    let first = path.split('/').find(|part| !part.is_empty());
    first.is_some_and(|part| words.iter().any(|word| part.eq_ignore_ascii_case(word)))
}

/// Gives a request another path; what it asks for stays. `None` if that is no address.
pub(crate) fn readdress(request: &mut Request, path: &str) -> Option<()> {
    let whole = match request.uri().query() {
        Some(query) => format!("{path}?{query}"),
        None => path.to_owned(),
    };
    *request.uri_mut() = Uri::try_from(whole).ok()?;
    Some(())
}

fn parts(pattern: &str) -> impl Iterator<Item = &str> {
    pattern.split('/').filter(|part| !part.is_empty())
}

fn is_place(word: &str) -> bool {
    word.starts_with('{')
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATTERNS: [&str; 4] = [
        "/v1/customers/{customer}",
        "/v1/customers/relationshiprequests",
        "/v1/customers/{customer}/deviceBatches/{batch}/devices",
        "/v1/customers/{customer}/batchJobStatus/{tracking}",
    ];

    #[test]
    fn words_fit_in_any_case_and_slashes_collapse() {
        for (given, written) in [
            (
                "/V1//customers/7/batchjobstatus/8",
                "/v1/customers/7/batchJobStatus/8",
            ),
            (
                "/v1/Customers/7/DeviceBatches/Ward%207/Devices/",
                "/v1/customers/7/deviceBatches/Ward%207/devices",
            ),
            (
                "/v1/customers/RelationshipRequests",
                "/v1/customers/relationshiprequests",
            ),
            ("//v1/customers/AbC", "/v1/customers/AbC"),
        ] {
            assert_eq!(canonical(given, &PATTERNS).as_deref(), Some(written));
        }
        for none in ["/v1/customers", "/v2/customers/7", "/", "/v1/customers/7/x"] {
            assert_eq!(canonical(none, &PATTERNS), None, "{none}");
        }
        let begins = |path| begins_with(path, &["v1"]);
        assert!(begins("//V1/x") && begins("/v1") && !begins("/v10/x") && !begins("/x/v1"));
    }
}
