//! What a new password must be.
//!
//! Length alone (NIST SP 800-63B): rules about digits and signs make passwords worse.

use secrecy::SecretString;

use super::text::TextFault;

pub const MIN_CHARS: usize = 8;
/// Hashing takes the same time for any length; this only bounds the work of reading it.
pub const MAX_CHARS: usize = 256;

/// Errors: `required`, `too_short`, `too_long`.
pub fn parse_new(text: String) -> Result<SecretString, TextFault> {
    match text.chars().count() {
        0 => Err("required"),
        length if length < MIN_CHARS => Err("too_short"),
        length if length > MAX_CHARS => Err("too_long"),
        _ => Ok(text.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_long_enough_in_any_script() {
        assert_eq!(parse_new(String::new()).unwrap_err(), "required");
        assert_eq!(parse_new("1234567".into()).unwrap_err(), "too_short");
        assert!(parse_new("할머니의빨간사과".into()).is_ok());
        assert_eq!(parse_new("a".repeat(257)).unwrap_err(), "too_long");
    }
}
