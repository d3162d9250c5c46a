//! The layout of a list that has no header.

use super::Layout;
use crate::dialect::Dialect;
use crate::fields::split;
use crate::hardware_hash::container;

/// Guesses the layout of a list that has no header from its first row, only where the row proves
/// it: a hash at its place, or the empty fields that only Partner Center's layout has.
pub(crate) fn guess(first: &str) -> Option<Layout> {
    let fields = split(first, b',');
    let is =
        |at: usize, what: fn(&str) -> bool| fields.get(at).is_some_and(|f| what(f.text.trim()));
    let empty: fn(&str) -> bool = str::is_empty;
    let filled: fn(&str) -> bool = |text| !text.is_empty();
    let pkid: fn(&str) -> bool = |text| crate::identifier::Pkid::parse(text).is_ok();
    let user: fn(&str) -> bool = |text| text.contains('@');
    let dialect = match fields.len() {
        3 if is(2, looks_like_hash) => Dialect::Intune3,
        4 if is(3, looks_like_hash) => Dialect::ManagedDesktopSelf,
        4 if is(2, looks_like_hash) => Dialect::Intune4,
        5 if is(2, looks_like_hash) && is(4, user) => Dialect::Intune,
        5 if is(2, looks_like_hash) && is(3, empty) && is(4, empty) => Dialect::PartnerCenter,
        5 if is(0, filled) && is(1, empty) && is(2, empty) && is(3, filled) && is(4, filled) => {
            Dialect::PartnerCenter
        }
        5 if is(0, empty) && is(1, pkid) && is(2, empty) => Dialect::PartnerCenter,
        _ => return None,
    };
    Some(Layout::exact(dialect))
}

/// Whether a text begins like a hash and is long enough to be one.
fn looks_like_hash(text: &str) -> bool {
    let mut head = [0; 3];
    text.len() >= 64
        && text.is_char_boundary(4)
        && base64_simd::STANDARD
            .decode(
                &text.as_bytes()[..4],
                base64_simd::AsOut::as_out(head.as_mut_slice()),
            )
            .is_ok_and(|head| match *head {
                [a, b, c] => container::content_length(&[a, b, c, 0]).is_some(),
                _ => false,
            })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_whose_beginning_is_padded_base64_is_no_hash() {
        let text = format!("Boo={}", "=".repeat(80));
        assert!(!looks_like_hash(&text));
        assert!(!looks_like_hash(&format!("B==={}", "=".repeat(80))));
    }
}
