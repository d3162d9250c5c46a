//! Product keys and Windows product IDs: what stands in place of a PKID, because the column's header
//! reads "Windows Product ID". A product key is a secret and is never shown.

/// Whether a text has the form of a product key.
pub(crate) fn is_product_key(text: &str) -> bool {
    let signs = |byte: u8| byte.is_ascii_alphanumeric();
    let grouped = |by: char| {
        let is_group = |group: &str| group.len() == 5 && group.bytes().all(signs);
        text.split(by).count() == 5 && text.split(by).all(is_group)
    };
    match text.len() {
        29 => grouped('-') || grouped(' '),
        25 => text.bytes().all(signs) && text.bytes().any(|byte| byte.is_ascii_alphabetic()),
        _ => false,
    }
}

/// Whether a product key stands in a text, alone or between other things.
pub(crate) fn holds_product_key(text: &str) -> bool {
    if text.len() < 25 {
        return false;
    }
    let words: Vec<&str> = text.split(|c: char| !c.is_ascii_alphanumeric()).collect();
    let groups = |words: &[&str]| words.iter().all(|word| word.len() == 5);
    words.windows(5).any(groups) || words.into_iter().any(is_product_key)
}

/// Whether a text has the form of a Windows product ID: `00329-00000-00003-AA606`, also with the
/// slips that documents carry.
pub(crate) fn is_product_id(text: &str) -> bool {
    let digits = |part: &str| part.len() >= 3 && part.bytes().all(|b| b.is_ascii_digit());
    let signs = |part: &str| {
        (4..=7).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric())
    };
    let groups: Vec<&str> = text.split(['-', ' ']).collect();
    if let [first, second, third, fourth] = groups[..] {
        let middle = digits(second) || second.eq_ignore_ascii_case("OEM");
        return first.len() == 5 && digits(first) && middle && signs(third) && signs(fourth);
    }
    text.len() == 20
        && digits(&text.chars().take(15).collect::<String>())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && text.bytes().any(|byte| byte.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn product_keys_and_product_ids_are_told_apart() {
        for key in [
            "12345-67890-09876-54321-13579",
            "ABCDE FGHIJ KLMNO PQRST UVWXY",
            "ABCDEFGHJKLMNPQRSTUVWXYZ2",
        ] {
            assert!(is_product_key(key) && !is_product_id(key), "{key}");
            assert!(
                holds_product_key(&format!("'{key}")) && holds_product_key(&format!("key {key}."))
            );
        }
        for id in [
            "00329-00000-00003-AA606",
            "00329-00000-0003-AA606",
            "00330-80000-00000-AA123",
            "55274-OEM-0011903-00102",
            "003290000000003AA606",
        ] {
            assert!(is_product_id(id) && !is_product_key(id), "{id}");
        }
        for neither in [
            "3305612345678",
            "3305-6123-45678",
            "PF02NCT8",
            "",
            "1234567890123456789012345",
        ] {
            assert!(
                !is_product_key(neither) && !is_product_id(neither),
                "{neither}"
            );
        }
    }
}
