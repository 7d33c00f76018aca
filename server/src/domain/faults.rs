//! Collects what is wrong with a request, so that every faulty field is told at once.

use picup_api::FieldError;

use super::text::TextFault;

/// The faulty fields found so far.
#[derive(Debug, Default)]
pub struct Faults(Vec<FieldError>);

impl Faults {
    /// The parsed value, or its fault remembered under `field`.
    pub fn take<T>(&mut self, field: &str, parsed: Result<T, TextFault>) -> Option<T> {
        parsed.map_err(|fault| self.add(field, fault)).ok()
    }

    /// Remembers `fault` under `field` when the value is not as it should be.
    pub fn require(&mut self, holds: bool, field: &str, fault: TextFault) {
        if !holds {
            self.add(field, fault);
        }
    }

    pub fn add(&mut self, field: &str, fault: TextFault) {
        self.0.push(FieldError { field: field.to_owned(), code: fault.to_owned() });
    }

    pub fn into_fields(self) -> Vec<FieldError> {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_is_kept() {
        let mut faults = Faults::default();
        assert_eq!(faults.take("a", Ok::<_, TextFault>(1)), Some(1));
        assert_eq!(faults.take("b", Err::<(), _>("too_long")), None);
        faults.require(false, "c", "unknown");
        faults.require(true, "d", "unknown");
        let fields: Vec<_> =
            faults.into_fields().into_iter().map(|fault| (fault.field, fault.code)).collect();
        assert_eq!(fields, [("b".to_owned(), "too_long".to_owned()), ("c".to_owned(), "unknown".to_owned())]);
    }
}
