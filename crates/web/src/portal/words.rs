//! Numbers with their nouns, and other words.

/// "1 device", "3 devices".
pub(super) fn counted(count: impl TryInto<u64>, noun: &str) -> String {
    let count = count.try_into().unwrap_or(u64::MAX);
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}

/// The same with a capital at its beginning.
pub(super) fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::{counted, sentence};

    #[test]
    fn one_is_not_many() {
        assert_eq!(counted(1usize, "device"), "1 device");
        assert_eq!(counted(0u64, "device"), "0 devices");
    }

    #[test]
    fn a_sentence_begins_with_a_capital() {
        assert_eq!(sentence("serial number"), "Serial number");
        assert_eq!(sentence(""), "");
    }
}
