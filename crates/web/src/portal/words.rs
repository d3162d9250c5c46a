//! Numbers with their nouns.

/// "1 device", "3 devices".
pub(super) fn counted(count: impl TryInto<u64>, noun: &str) -> String {
    let count = count.try_into().unwrap_or(u64::MAX);
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}

#[cfg(test)]
mod tests {
    use super::counted;

    #[test]
    fn one_is_not_many() {
        assert_eq!(counted(1usize, "device"), "1 device");
        assert_eq!(counted(0u64, "device"), "0 devices");
    }
}
