//! How long a new secret or key is to hold, as forms ask for it.

use registration::api_client::{SECRET_DAYS, SECRET_DAYS_CHOICES};
use registration::clock::Timestamp;

/// One of the times to choose from.
pub(super) struct Validity {
    /// Its days.
    pub(super) days: i64,
    /// The day on which it would end.
    pub(super) until: String,
    /// Whether it stands in the form.
    pub(super) chosen: bool,
}

/// The times to choose from, where `asked` stands in the form.
pub(super) fn validities(now: Timestamp, asked: &str) -> Vec<Validity> {
    let choice = |days: i64| Validity {
        days,
        until: now.plus_days(days).to_date(),
        chosen: days == days_of(asked),
    };
    SECRET_DAYS_CHOICES.map(choice).into()
}

/// The days that a form asks for: the usual ones where it says nothing, none that would hold where
/// it says no number.
pub(super) fn days_of(asked: &str) -> i64 {
    match asked.trim() {
        "" => SECRET_DAYS,
        days => days.parse().unwrap_or(0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_days_stand_in_a_new_form() {
        let choices = validities(Timestamp(0), "");
        let chosen: Vec<_> = choices.iter().filter(|one| one.chosen).collect();
        assert_eq!(chosen.len(), 1);
        assert_eq!((chosen[0].days, &*chosen[0].until), (180, "1970-06-30"));
        assert_eq!((days_of("30"), days_of("soon")), (30, 0));
    }
}
