//! The row's group tag against the one that its list is registered under.

use super::letters;
use super::options::CheckOptions;
use super::row::{Notes, Row};
use crate::code::Code;
use crate::dialect::Column;
use crate::finding::{Finding, display_safe};

/// Holds the row's tag against the list's. Tags must match exactly, capitals and special characters
/// included (SEED).
pub(crate) fn check(row: &mut Row<'_>, options: &CheckOptions, notes: &mut Notes<'_>) {
    let own = row.bytes(Column::GroupTag);
    if own.is_empty() || notes.has_condemned(Column::GroupTag) {
        return;
    }
    let Some(wanted) = options.tag.as_deref() else {
        return odd_signs(row, notes);
    };
    if own == wanted.as_bytes() {
        return;
    }
    let own = row.text(Column::GroupTag);
    let finding = if is_like(&own, wanted) {
        let cause = format!("The list is for \"{}\", exactly so.", display_safe(wanted));
        Finding::new(Code::GROUP_TAG_CASE, cause).corrected(wanted)
    } else {
        let cause = format!("The list is for \"{}\".", display_safe(wanted));
        Finding::new(Code::GROUP_TAG_DIFFERS, cause).guessed(wanted)
    };
    if notes.add(finding.field(Column::GroupTag).found(&own)) {
        write(row, wanted);
    }
}

/// Signs that look plain and are not, where no tag is known that would prove them.
fn odd_signs(row: &mut Row<'_>, notes: &mut Notes<'_>) {
    let own = row.bytes(Column::GroupTag);
    if own.is_ascii() && !own.starts_with(b"'") && !own.windows(2).any(|pair| pair == b"  ") {
        return;
    }
    let own = row.text(Column::GroupTag);
    if let Some(plain) = letters::guessed(&own, Column::GroupTag, notes) {
        write(row, &plain);
    }
}

/// Writes the tag, also where it stands under its old name.
fn write(row: &mut Row<'_>, tag: &str) {
    if row.has(Column::OrderId) {
        row.correct(Column::OrderId, tag);
    }
    row.correct(Column::GroupTag, tag);
}

/// Whether two tags differ only in capitals, blanks and signs that look alike.
fn is_like(own: &str, wanted: &str) -> bool {
    let bare = |text: &str| -> String {
        let plain = letters::plain(text);
        let signs = plain.chars().filter(|c| !c.is_whitespace());
        signs.flat_map(char::to_lowercase).collect()
    };
    bare(own) == bare(wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_like_another_but_for_capitals_blanks_and_look_alikes() {
        let tag = "Microsoft365Managed_Kiosk-Shared";
        for own in [
            "microsoft365managed_kiosk-shared",
            "Microsoft365Managed_Kiosk - Shared",
            "Microsoft365Managed_Kiosk–Shared",
            "'Microsoft365Managed_Kiosk-Shared",
        ] {
            assert!(is_like(own, tag), "{own}");
        }
        assert!(!is_like("Microsoft365Managed_Kiosk", tag));
        assert!(!is_like("Microsoft365Managed-Kiosk-Shared", tag));
    }
}
