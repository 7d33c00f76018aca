//! Who is in a picture, as the children name them: a few names, each once, in the children's order.

use super::{faults::Faults, text::PictureName};

/// In one picture.
pub const MAX: usize = 20;

/// Names of a picture, none of them twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct People(Vec<PictureName>);

impl People {
    /// Every fault goes to `faults`, and what has one is left out.
    pub fn parse(faults: &mut Faults, named: &[String]) -> Self {
        faults.require(named.len() <= MAX, "people", "too_many");
        let mut people = Self(Vec::new());
        for (index, name) in named.iter().take(MAX).enumerate() {
            people.add(faults, &format!("people[{index}]"), name);
        }
        people
    }

    fn add(&mut self, faults: &mut Faults, field: &str, name: &str) {
        let Some(name) = faults.take(field, PictureName::parse(name)) else { return };
        if self.0.contains(&name) {
            faults.add(field, "duplicate");
        } else {
            self.0.push(name);
        }
    }

    pub fn names(&self) -> Vec<&str> {
        self.0.iter().map(PictureName::as_str).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(named: &[&str]) -> (Vec<String>, Vec<(String, String)>) {
        let named: Vec<String> = named.iter().map(|name| (*name).to_owned()).collect();
        let mut faults = Faults::default();
        let people = People::parse(&mut faults, &named);
        let names = people.names().into_iter().map(str::to_owned).collect();
        (names, faults.into_fields().into_iter().map(|fault| (fault.field, fault.code)).collect())
    }

    #[test]
    fn names_are_trimmed_and_keep_their_order() {
        assert_eq!(parsed(&[" 할머니 ", "Minji"]), (vec!["할머니".into(), "Minji".into()], vec![]));
        assert_eq!(parsed(&[]), (vec![], vec![]));
    }

    #[test]
    fn each_faulty_name_is_told() {
        let long = "가".repeat(41);
        let (names, faults) = parsed(&["Kim", " ", &long, "a\nb", "Kim "]);
        assert_eq!(names, ["Kim"]);
        let expected = [(1, "required"), (2, "too_long"), (3, "invalid"), (4, "duplicate")];
        assert_eq!(faults, expected.map(|(index, code)| (format!("people[{index}]"), code.to_owned())));
    }

    #[test]
    fn a_crowd_has_no_names() {
        let crowd: Vec<String> = (0..=MAX).map(|number| number.to_string()).collect();
        let crowd: Vec<&str> = crowd.iter().map(String::as_str).collect();
        assert_eq!(parsed(&crowd).1, [("people".to_owned(), "too_many".to_owned())]);
        assert_eq!(parsed(&crowd[1..]).1, []);
    }
}
