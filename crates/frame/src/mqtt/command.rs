//! What a home asks of the frame, read from a topic's name and a payload.
//!
//! Pure. Whatever is not exactly a command is nothing: the broker carries the words of anybody it lets in.

use picup_api::frame::FrameAction;

/// Characters, as in Home Assistant's own texts.
pub(super) const LONGEST_MESSAGE: usize = 255;
pub(super) const DARKEST: u8 = 10;
pub(super) const BRIGHTEST: u8 = 100;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Wish {
    /// One that children have too.
    Act(FrameAction),
    /// Percent.
    Brightness(u8),
}

pub(super) fn parse(name: &str, payload: &[u8]) -> Option<Wish> {
    let text = str::from_utf8(payload).ok()?;
    let act = match (name, text) {
        ("screen", "ON") => FrameAction::Wake,
        ("screen", "OFF") => FrameAction::Sleep,
        ("slideshow", "ON") => FrameAction::Resume,
        ("slideshow", "OFF") => FrameAction::Pause,
        ("next", "PRESS") => FrameAction::Next,
        ("previous", "PRESS") => FrameAction::Previous,
        ("restart", "PRESS") => FrameAction::Restart,
        ("message", _) => FrameAction::Message { text: message(text)? },
        ("brightness", _) => return percent(text).map(Wish::Brightness),
        _ => return None,
    };
    Some(Wish::Act(act))
}

fn message(text: &str) -> Option<String> {
    let text = text.trim();
    let fits = !text.is_empty() && text.chars().count() <= LONGEST_MESSAGE;
    let is_plain = |c: char| c == '\n' || !c.is_control();
    (fits && text.chars().all(is_plain)).then(|| text.to_owned())
}

/// Home Assistant writes whole numbers as `40` or `40.0`.
fn percent(text: &str) -> Option<u8> {
    let number: f64 = text.parse().ok()?;
    let allowed = f64::from(DARKEST)..=f64::from(BRIGHTEST);
    allowed.contains(&number).then(|| number.round() as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_a_name_and_exactly_its_payload() {
        let act = |action| Some(Wish::Act(action));
        let table = [
            ("screen", "ON", act(FrameAction::Wake)),
            ("screen", "OFF", act(FrameAction::Sleep)),
            ("screen", "on", None),
            ("slideshow", "ON", act(FrameAction::Resume)),
            ("slideshow", "OFF", act(FrameAction::Pause)),
            ("slideshow", "", None),
            ("next", "PRESS", act(FrameAction::Next)),
            ("next", "press", None),
            ("previous", "PRESS", act(FrameAction::Previous)),
            ("restart", "PRESS", act(FrameAction::Restart)),
            ("restart", "PRESS\n", None),
            ("reboot", "PRESS", None),
            ("", "PRESS", None),
        ];
        for (name, payload, wish) in table {
            assert_eq!(parse(name, payload.as_bytes()), wish, "{name} {payload}");
        }
    }

    #[test]
    fn brightness_is_a_percentage_that_can_be_seen() {
        let table = [
            ("10", Some(10)),
            ("40.0", Some(40)),
            ("100", Some(100)),
            ("9.9", None),
            ("101", None),
            ("-40", None),
            ("NaN", None),
            ("inf", None),
            ("forty", None),
            ("", None),
        ];
        for (text, percent) in table {
            assert_eq!(parse("brightness", text.as_bytes()), percent.map(Wish::Brightness), "{text}");
        }
    }

    #[test]
    fn a_message_is_some_words_and_nothing_hidden() {
        let said = |text: &str| match parse("message", text.as_bytes()) {
            Some(Wish::Act(FrameAction::Message { text })) => Some(text),
            _ => None,
        };
        assert_eq!(said("  곧 갈게요\n엄마 "), Some("곧 갈게요\n엄마".into()));
        assert_eq!(said(&"가".repeat(255)), Some("가".repeat(255)));
        assert_eq!(said(&"가".repeat(256)), None);
        assert_eq!(said(" \n "), None);
        assert_eq!(said("\u{1b}[2J"), None);
        assert_eq!(parse("message", &[0xff, 0xfe]), None);
    }
}
