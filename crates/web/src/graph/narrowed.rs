//! What the database makes of a filter of devices: as much of it as narrows them down there, and
//! whether that is all that the filter says.

use registration::clock::Timestamp;
use service::devices::DeviceQuery;

use super::call::Call;
use super::error::GraphError;
use super::odata::{Asked, Comparison, Filter, Literal};

/// A filter as a query of the database.
#[derive(Debug, Default)]
pub(super) struct Narrowed {
    /// What is looked for. The filter itself has the last word.
    pub(super) wanted: DeviceQuery,
    /// Whether the filter lets through all that is found: then it need not be asked to count.
    pub(super) says_all: bool,
}

impl Narrowed {
    /// What the database makes of this filter, for the caller's own devices.
    pub(super) async fn of(call: &Call, filter: Option<&Filter>) -> Result<Self, GraphError> {
        let Some(filter) = filter else {
            return Ok(Self {
                says_all: true,
                ..Self::default()
            });
        };
        let parts = match filter {
            Filter::All(parts) => parts.as_slice(),
            one => std::slice::from_ref(one),
        };
        let mut narrowed = Self::default();
        let mut taken = 0;
        for part in parts {
            taken += usize::from(take(part, &mut narrowed.wanted));
        }
        let plain = |part: &&Filter| matches!(part, Filter::Compare(..) | Filter::In(..));
        let tags = parts.iter().filter(plain);
        let tags = tags.filter(|part| names_tag(part).is_some()).count();
        let has_tag = by_tag(call, filter, &mut narrowed.wanted).await?;
        taken += usize::from(has_tag && tags == 1);
        by_serial(filter, &mut narrowed.wanted);
        narrowed.says_all = taken == parts.len();
        Ok(narrowed)
    }
}

/// Takes a condition over as it is; whether the database says the same then.
fn take(part: &Filter, wanted: &mut DeviceQuery) -> bool {
    let Filter::Compare(path, comparison, literal) = part else {
        return false;
    };
    match literal {
        Literal::Text(text) if *comparison == Comparison::Equal => {
            let text = text.as_str();
            // The database folds the letters that every one of them folds in the same way.
            let fits = text.is_ascii() && !text.is_empty();
            if path.is("manufacturer") && fits {
                put(&mut wanted.manufacturer, text.to_owned())
            } else if path.is("model") && fits {
                put(&mut wanted.model, text.to_owned())
            } else if path.is("enrollmentState") {
                match text.to_ascii_lowercase().as_str() {
                    "enrolled" => put(&mut wanted.contacted, true),
                    "notcontacted" => put(&mut wanted.contacted, false),
                    _ => false,
                }
            } else {
                false
            }
        }
        Literal::Moment(at) if path.is("lastContactedDateTime") => {
            contacted(*comparison, *at, wanted)
        }
        _ => false,
    }
}

/// Sets what is not set yet; a second condition on the same is for the filter.
fn put<T>(place: &mut Option<T>, value: T) -> bool {
    let is_free = place.is_none();
    if is_free {
        *place = Some(value);
    }
    is_free
}

/// A bound on when devices were last in contact. Moments are shown to the second, without what is
/// behind it; those that never were are shown in the year 1, before every moment taken here.
fn contacted(comparison: Comparison, at: Timestamp, wanted: &mut DeviceQuery) -> bool {
    if at.0 <= 0 {
        return false;
    }
    let second = Timestamp(at.0 - at.0 % Timestamp::SECOND);
    let next = second.plus_seconds(1);
    let or_next = if second == at { second } else { next };
    match comparison {
        Comparison::GreaterOrEqual => put(&mut wanted.contacted_from, or_next),
        Comparison::Greater => put(&mut wanted.contacted_from, next),
        Comparison::Less => put(&mut wanted.contacted_before, or_next),
        Comparison::LessOrEqual => put(&mut wanted.contacted_before, next),
        Comparison::Equal | Comparison::NotEqual => false,
    }
}

/// Takes over what the filter asks of serial numbers.
fn by_serial(filter: &Filter, wanted: &mut DeviceQuery) {
    let fits = |text: &str| text.is_ascii() && !text.trim().is_empty() && text.len() <= 64;
    match filter.asks("serialNumber") {
        Some(Asked::OneOf(texts)) => {
            if let [text] = texts[..]
                && fits(text)
            {
                wanted.serial = Some(text.to_owned());
            }
        }
        Some(Asked::StartsWith(text)) if fits(text) => text.clone_into(&mut wanted.search),
        Some(Asked::Contains(text)) if fits(text) => wanted.serial_contains = Some(text.to_owned()),
        _ => {}
    }
}

/// The one group tag that a condition names.
fn names_tag(part: &Filter) -> Option<&str> {
    match part.asks("groupTag") {
        Some(Asked::OneOf(texts)) => match texts[..] {
            [text] => Some(text),
            _ => None,
        },
        _ => None,
    }
}

/// The same of group tags, if one of the caller's is meant: the case of its letters plays no part in
/// a filter, and does in the database. Whether the database says the same then.
async fn by_tag(
    call: &Call,
    filter: &Filter,
    wanted: &mut DeviceQuery,
) -> Result<bool, GraphError> {
    let Some(text) = names_tag(filter) else {
        return Ok(false);
    };
    let totals = call
        .desk()
        .device_totals(&call.caller, call.customer())
        .await?;
    let lower = text.to_lowercase();
    let tags = totals.by_tag.into_iter().map(|(tag, _)| tag);
    let mut tags = tags.filter(|tag| tag.to_lowercase() == lower);
    match (tags.next(), tags.next()) {
        (Some(tag), None) => wanted.group_tag = Some(tag),
        // No device has it in whatever letters.
        (None, _) => wanted.group_tag = Some(text.to_owned()),
        (Some(_), Some(_)) => return Ok(false),
    }
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(text: &str) -> (DeviceQuery, bool) {
        let mut wanted = DeviceQuery::default();
        let filter = Filter::parse(text).expect("reads");
        let all = take(&filter, &mut wanted);
        (wanted, all)
    }

    #[test]
    fn a_bound_on_contact_takes_what_is_shown_within_it() {
        let second = Timestamp::of_moment("2026-05-01T10:00:00Z").expect("a moment");
        let next = second.plus_seconds(1);
        for (text, from, before) in [
            ("ge 2026-05-01T10:00:00Z", Some(second), None),
            ("gt 2026-05-01T10:00:00Z", Some(next), None),
            ("lt 2026-05-01T10:00:00Z", None, Some(second)),
            ("le 2026-05-01T10:00:00Z", None, Some(next)),
            ("ge 2026-05-01T10:00:00.5Z", Some(next), None),
            ("gt 2026-05-01T10:00:00.5Z", Some(next), None),
            ("lt 2026-05-01T10:00:00.5Z", None, Some(next)),
            ("le 2026-05-01T10:00:00.5Z", None, Some(next)),
        ] {
            let (wanted, all) = taken(&format!("lastContactedDateTime {text}"));
            assert!(all, "{text}");
            assert_eq!(
                (wanted.contacted_from, wanted.contacted_before),
                (from, before),
                "{text}"
            );
        }
        let (wanted, all) = taken("lastContactedDateTime gt 0001-01-01T00:00:00Z");
        assert!(!all && wanted == DeviceQuery::default());
    }

    #[test]
    fn what_the_database_does_not_say_the_same_of_is_left_to_the_filter() {
        for text in [
            "model eq ''",
            "model eq 'Straße'",
            "model ne 'Book 13'",
            "contains(model,'Book')",
            "enrollmentState eq 'failed'",
            "not (model eq 'Book 13')",
        ] {
            let (wanted, all) = taken(text);
            assert!(!all && wanted == DeviceQuery::default(), "{text}");
        }
        let (wanted, all) = taken("Model eq 'Book 13'");
        assert!(all && wanted.model.as_deref() == Some("Book 13"));
    }
}
