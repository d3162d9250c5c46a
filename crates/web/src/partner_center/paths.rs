//! Addresses as clients write them (api.md 1.1): words in any case, slashes repeated.

/// The words of the addresses, as they are written here; `{…}` stands for anything.
pub(super) fn canonical(path: &str, patterns: &[&'static str]) -> Option<String> {
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

/// Whether an address is one of this face, whatever is behind `/v1`.
pub(crate) fn is_ours(path: &str) -> bool {
    let first = path.split('/').find(|part| !part.is_empty());
    first.is_some_and(|part| part.eq_ignore_ascii_case("v1"))
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
        assert!(is_ours("//V1/x") && is_ours("/v1") && !is_ours("/v10/x") && !is_ours("/x/v1"));
    }
}
