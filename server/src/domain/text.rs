//! Text from people and files, parsed once at the edge.
//!
//! A value of one of these types is trimmed, of a bounded length, and has no control characters.

use std::fmt;

/// What is wrong with a text: the `code` of a field error.
pub type TextFault = &'static str;

macro_rules! texts {
    ($($(#[$doc:meta])* $name:ident $min:literal..=$max:literal $lines:ident)*) => { $(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq)]
        pub struct $name(String);

        impl $name {
            /// Characters it may have.
            pub const MAX: usize = $max;

            /// Errors: `required`, `too_long`, `invalid`.
            pub fn parse(text: &str) -> Result<Self, TextFault> {
                parse(text, $min, $max, Lines::$lines).map(Self)
            }

            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        /// Personal text never reaches a log.
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }
    )* };
}

#[derive(Clone, Copy, PartialEq)]
enum Lines {
    One,
    Many,
}

texts! {
    AlbumTitle 1..=200 One
    AlbumDescription 0..=2000 Many
    Caption 0..=2000 Many
    CommentText 1..=2000 Many
    /// Beside a voice, which may say it all.
    VoiceText 0..=2000 Many
    /// How a member is called.
    PersonName 1..=80 One
    FamilyName 1..=80 One
    /// Whose birthday it is: `할머니`.
    BirthdayName 1..=60 One
    /// Who is in a picture: `민지`.
    PictureName 1..=40 One
    FrameName 1..=80 One
}

fn parse(text: &str, min: usize, max: usize, lines: Lines) -> Result<String, TextFault> {
    let text = text.trim();
    let is_line_break = |c| lines == Lines::Many && matches!(c, '\n' | '\r' | '\t');
    match text.chars().count() {
        length if length < min => Err("required"),
        length if length > max => Err("too_long"),
        _ if text.chars().any(|c| is_hidden(c) && !is_line_break(c)) => Err("invalid"),
        _ => Ok(text.to_owned()),
    }
}

/// Control characters, and marks that reverse the reading direction, with which a name can pose as another.
fn is_hidden(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The name of an original, as its sender called it: shown to people, never used as a path.
#[derive(Clone, PartialEq, Eq)]
pub struct Filename(String);

impl Filename {
    const MAX_BYTES: usize = 255;

    /// Takes any text: the last part of a path, without hidden characters, at most 255 bytes of UTF-8.
    pub fn clean(raw: &str) -> Self {
        let last = raw.rsplit(['/', '\\']).next().unwrap_or_default();
        let mut name: String = last.chars().filter(|c| !is_hidden(*c)).collect();
        name.truncate(name.floor_char_boundary(Self::MAX_BYTES));
        match name.trim() {
            "" | "." | ".." => Self("unnamed".to_owned()),
            name => Self(name.to_owned()),
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Filename {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Filename(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_trimmed_and_has_one_line() {
        assert_eq!(AlbumTitle::parse("  여름 휴가 ").unwrap().as_str(), "여름 휴가");
        assert_eq!(AlbumTitle::parse(" \n "), Err("required"));
        assert_eq!(AlbumTitle::parse("a\nb"), Err("invalid"));
        assert_eq!(AlbumTitle::parse("a\0b"), Err("invalid"));
        assert_eq!(AlbumTitle::parse("photo\u{202e}gpj.exe"), Err("invalid"));
        assert!(AlbumTitle::parse(&"가".repeat(200)).is_ok());
        assert_eq!(AlbumTitle::parse(&"가".repeat(201)), Err("too_long"));
    }

    #[test]
    fn a_caption_may_be_empty_and_have_lines() {
        assert_eq!(Caption::parse("").unwrap().as_str(), "");
        assert_eq!(Caption::parse("one\ntwo").unwrap().as_str(), "one\ntwo");
    }

    #[test]
    fn path_tricks_in_a_file_name_leave_a_plain_name() {
        for (raw, name) in [
            ("IMG_1.jpg", "IMG_1.jpg"),
            ("../../etc/passwd", "passwd"),
            ("C:\\photos\\a.jpg", "a.jpg"),
            ("a\0b\n.jpg", "ab.jpg"),
            ("..", "unnamed"),
            ("", "unnamed"),
            ("dir/", "unnamed"),
        ] {
            assert_eq!(Filename::clean(raw).as_str(), name, "{raw:?}");
        }
        assert!(Filename::clean(&"사".repeat(500)).as_str().len() <= 255);
    }

    #[test]
    fn personal_text_stays_out_of_logs() {
        assert!(!format!("{:?}", Caption::parse("secret").unwrap()).contains("secret"));
        assert!(!format!("{:?}", Filename::clean("secret.jpg")).contains("secret"));
    }
}
