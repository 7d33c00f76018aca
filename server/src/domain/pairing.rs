//! Pairing a frame: RFC 8628, the device authorization grant.

use std::fmt;

/// Time a person has to type the code, in milliseconds.
pub const LIFE_MS: i64 = 15 * 60 * 1000;
/// Seconds between polls at first (RFC 8628, section 3.2), and what each hasty poll adds (section 3.5).
pub const INTERVAL_SECONDS: i64 = 5;

/// Consonants only: a code never spells a word and has no letters that look alike (RFC 8628, section 6.1).
const ALPHABET: &[u8; 20] = b"BCDFGHJKLMNPQRSTVWXZ";
const LETTERS: usize = 8;

/// What a person types: `BCDF-GHJK`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserCode(String);

impl UserCode {
    /// A code made of `random`; bytes that would make some letters likelier than others are passed over. `None`
    /// when too few are left: draw again.
    pub fn from_random(random: &[u8]) -> Option<Self> {
        let fair = random.iter().filter(|byte| **byte < 240);
        let letters: String =
            fair.take(LETTERS).map(|byte| char::from(ALPHABET[usize::from(byte % 20)])).collect();
        (letters.len() == LETTERS).then_some(Self(letters))
    }

    /// Reads what a person typed: small letters, spaces and dashes do not matter.
    pub fn parse(typed: &str) -> Option<Self> {
        let letters: String = typed
            .chars()
            .filter(|c| !matches!(c, '-' | ' '))
            .map(|c| c.to_ascii_uppercase())
            .take(LETTERS + 1)
            .collect();
        let known = letters.bytes().all(|byte| ALPHABET.contains(&byte));
        (known && letters.len() == LETTERS).then_some(Self(letters))
    }

    /// As it is stored.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// As it is shown.
impl fmt::Display for UserCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (first, second) = self.0.split_at(LETTERS / 2);
        write!(f, "{first}-{second}")
    }
}

/// What a poll is told while nobody has approved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Patience {
    Wait,
    /// From now on, poll this many seconds apart.
    SlowDown {
        interval_seconds: i64,
    },
}

/// Whether a device polls too fast.
pub fn judge_poll(polled_at: Option<i64>, interval_seconds: i64, now: i64) -> Patience {
    // Half a second of mercy: the interval is measured at both ends of a network.
    const MERCY_MS: i64 = 500;
    match polled_at {
        Some(last) if now - last < interval_seconds * 1000 - MERCY_MS => {
            Patience::SlowDown { interval_seconds: interval_seconds + INTERVAL_SECONDS }
        }
        _ => Patience::Wait,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_reads_as_it_was_written() {
        let code = UserCode::from_random(&[255, 0, 1, 2, 3, 4, 5, 6, 7, 8]).unwrap();
        assert_eq!(code.to_string(), "BCDF-GHJK");
        for typed in ["BCDF-GHJK", "bcdfghjk", " bcdf ghjk "] {
            assert_eq!(UserCode::parse(typed), Some(code.clone()), "{typed}");
        }
    }

    #[test]
    fn what_is_no_code_is_not_looked_up() {
        for typed in ["", "BCDF", "BCDF-GHJKL", "AEIO-UAEI", "BCDF-GHJ1", "ㅂㅊㄷㅍ-ㅎㅈㅋㅁ"] {
            assert_eq!(UserCode::parse(typed), None, "{typed}");
        }
        assert_eq!(UserCode::from_random(&[255; 64]), None);
    }

    #[test]
    fn a_hasty_device_is_slowed_down_by_five_seconds_each_time() {
        assert_eq!(judge_poll(None, 5, 0), Patience::Wait);
        assert_eq!(judge_poll(Some(0), 5, 5_000), Patience::Wait);
        assert_eq!(judge_poll(Some(0), 5, 1_000), Patience::SlowDown { interval_seconds: 10 });
        assert_eq!(judge_poll(Some(1_000), 10, 7_000), Patience::SlowDown { interval_seconds: 15 });
    }
}
