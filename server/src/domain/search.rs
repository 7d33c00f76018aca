//! Finding photos by words of their captions and names: of the file, and of who is in the picture.

/// Words that must all be there, in small letters.
#[derive(Clone, PartialEq, Eq)]
pub struct Words(Vec<String>);

const MAX_CHARS: usize = 200;

/// What people search for is personal, and a debug form may be logged; but it names the list in cursors, so it must
/// tell two searches apart.
impl std::fmt::Debug for Words {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        use aws_lc_rs::digest::{SHA256, digest};
        let joined = self.0.join(" ");
        f.debug_tuple("Words").field(&digest(&SHA256, joined.as_bytes()).as_ref()).finish()
    }
}

impl Words {
    /// None when the text is too long.
    pub fn parse(text: &str) -> Option<Self> {
        let is_short = text.chars().count() <= MAX_CHARS;
        is_short.then(|| Self(text.split_whitespace().map(str::to_lowercase).collect()))
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether each word is somewhere in one of the texts.
    pub fn are_in(&self, texts: &[String]) -> bool {
        let texts: Vec<String> = texts.iter().map(|text| text.to_lowercase()).collect();
        self.0.iter().all(|word| texts.iter().any(|text| text.contains(word)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_must_be_in_the_caption_or_a_name() {
        let words = Words::parse("Beach  할머니").unwrap();
        let are_in =
            |texts: &[&str]| words.are_in(&texts.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>());
        assert!(are_in(&["할머니와 함께", "BEACH_001.jpg"]));
        assert!(are_in(&["", "BEACH_001.jpg", "민지", "할머니"]));
        assert!(!are_in(&["할머니와 함께", "IMG_001.jpg"]));
        assert!(Words::parse("  ").unwrap().is_empty());
        assert_eq!(Words::parse(&"a".repeat(201)), None);
    }

    #[test]
    fn a_search_stays_out_of_logs_and_differs_from_others() {
        let debug = |text: &str| format!("{:?}", Words::parse(text).unwrap());
        assert!(!debug("secret").contains("secret"));
        assert_ne!(debug("secret"), debug("other"));
    }
}
