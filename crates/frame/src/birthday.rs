//! Whose birthday it is.
//!
//! Pure.

use jiff::civil::Date;
use picup_api::frame::Birthday;

/// The names, as they were noted. One born on 29 February is congratulated on 1 March of other years.
pub(crate) fn of(birthdays: &[Birthday], today: Date) -> Vec<String> {
    birthdays.iter().filter(|it| is_on(it, today)).map(|it| it.name.clone()).collect()
}

fn is_on(birthday: &Birthday, today: Date) -> bool {
    let leap_day = (birthday.month, birthday.day) == (2, 29);
    let (month, day) =
        if leap_day && !today.in_leap_year() { (3, 1) } else { (birthday.month, birthday.day) };
    (month, day) == (today.month(), today.day())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_birthday_is_once_a_year_and_a_leap_day_too() {
        let born = |name: &str, month, day| Birthday { name: name.into(), month, day, year: Some(1948) };
        let all = [born("할머니", 2, 29), born("Grandfather", 3, 1), born("민지", 11, 26)];
        assert_eq!(of(&all, date(2024, 2, 29)), ["할머니"]);
        assert_eq!(of(&all, date(2024, 3, 1)), ["Grandfather"]);
        assert_eq!(of(&all, date(2026, 3, 1)), ["할머니", "Grandfather"]);
        assert_eq!(of(&all, date(2026, 11, 26)), ["민지"]);
        assert!(of(&all, date(2026, 2, 28)).is_empty());
    }
}
