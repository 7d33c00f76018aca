//! E-mail addresses, parsed once, and the form they are found by.

use std::fmt;

use super::text::TextFault;

/// An address as its owner writes it. Found by [`Email::key`], under which spellings that reach the same mailbox
/// for practically every provider are the same.
#[derive(Clone, PartialEq, Eq)]
pub struct Email(String);

impl Email {
    /// RFC 5321, section 4.5.3.1.3: a path has 256 octets with its brackets.
    const MAX_BYTES: usize = 254;

    /// Errors: `required`, `too_long`, `invalid`. Whether the mailbox exists only a letter can tell.
    pub fn parse(text: &str) -> Result<Self, TextFault> {
        let text = text.trim();
        match text {
            "" => Err("required"),
            _ if text.len() > Self::MAX_BYTES => Err("too_long"),
            _ if !is_plausible(text) => Err("invalid"),
            _ => Ok(Self(text.to_owned())),
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What the blind index is made of.
    pub fn key(&self) -> String {
        self.0.to_lowercase()
    }
}

/// Personal text never reaches a log.
impl fmt::Debug for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Email(…)")
    }
}

fn is_plausible(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let hidden = |c: char| c.is_whitespace() || c.is_control();
    let odd = |c: char| hidden(c) || matches!(c, '@' | '<' | '>' | '(' | ')' | ',' | ';' | ':' | '\\' | '"');
    let label = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_alphanumeric() || c == '-')
    };
    (1..=64).contains(&local.len())
        && !local.contains(odd)
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..")
        && domain.split('.').all(label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_a_mailbox_and_a_host() {
        for good in [
            "a@b.c",
            " mina@example.com ",
            "mina+frame@sub.example.co.kr",
            "엄마@예시.한국",
            "owner@localhost",
        ] {
            assert!(Email::parse(good).is_ok(), "{good}");
        }
        for (bad, fault) in [
            ("", "required"),
            ("  ", "required"),
            ("mina", "invalid"),
            ("@example.com", "invalid"),
            ("mina@", "invalid"),
            ("mi na@example.com", "invalid"),
            ("mina@exa mple.com", "invalid"),
            ("a@b@c.d", "invalid"),
            (".a@b.c", "invalid"),
            ("a..b@c.d", "invalid"),
            ("a@b..c", "invalid"),
            ("a@-b.c", "invalid"),
            ("Mina <mina@example.com>", "invalid"),
            ("a\0@b.c", "invalid"),
        ] {
            assert_eq!(Email::parse(bad).unwrap_err(), fault, "{bad:?}");
        }
        assert_eq!(Email::parse(&format!("{}@b.c", "a".repeat(300))).unwrap_err(), "too_long");
    }

    #[test]
    fn capitals_do_not_make_another_member() {
        assert_eq!(Email::parse("Mina@Example.com").unwrap().key(), "mina@example.com");
    }
}
