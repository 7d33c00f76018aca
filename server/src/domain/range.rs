//! Which bytes a `Range` header asks for (RFC 9110, section 14).
//!
//! One range is answered; several are answered with the whole, which the standard allows.

use std::ops::Range;

/// What to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    Whole,
    Part(Range<u64>),
    /// Nothing of it exists: 416.
    Unsatisfiable,
}

/// Reads a `Range` header for a body of `size` bytes. A header that makes no sense is ignored, as the standard asks.
pub fn parse_range(header: &str, size: u64) -> Wanted {
    let Some(spec) = header.trim().strip_prefix("bytes=") else { return Wanted::Whole };
    if spec.contains(',') {
        return Wanted::Whole;
    }
    let Some((first, last)) = spec.split_once('-') else { return Wanted::Whole };
    match (number(first), number(last)) {
        (Some(Some(first)), Some(last)) => from_first(first, last, size),
        (Some(None), Some(Some(length))) => suffix(length, size),
        _ => Wanted::Whole,
    }
}

/// `Some(None)` is an empty text, `None` is no number.
fn number(text: &str) -> Option<Option<u64>> {
    match text.trim() {
        "" => Some(None),
        digits if digits.bytes().all(|b| b.is_ascii_digit()) => {
            Some(Some(digits.parse().unwrap_or(u64::MAX)))
        }
        _ => None,
    }
}

fn from_first(first: u64, last: Option<u64>, size: u64) -> Wanted {
    match last {
        Some(last) if last < first => Wanted::Whole,
        _ if first >= size => Wanted::Unsatisfiable,
        last => Wanted::Part(first..last.map_or(size, |last| last.saturating_add(1).min(size))),
    }
}

fn suffix(length: u64, size: u64) -> Wanted {
    if length == 0 || size == 0 {
        Wanted::Unsatisfiable
    } else {
        Wanted::Part(size.saturating_sub(length)..size)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn each_form_of_a_range_is_read() {
        for (header, wanted) in [
            ("bytes=0-0", Wanted::Part(0..1)),
            ("bytes=2-5", Wanted::Part(2..6)),
            ("bytes=5-", Wanted::Part(5..10)),
            ("bytes=-3", Wanted::Part(7..10)),
            ("bytes=-30", Wanted::Part(0..10)),
            ("bytes=9-99", Wanted::Part(9..10)),
            ("bytes=0-99999999999999999999999", Wanted::Part(0..10)),
            ("bytes=10-", Wanted::Unsatisfiable),
            ("bytes=-0", Wanted::Unsatisfiable),
            ("bytes=5-2", Wanted::Whole),
            ("bytes=1-2,4-5", Wanted::Whole),
            ("bytes=a-b", Wanted::Whole),
            ("bytes=-", Wanted::Whole),
            ("lines=1-2", Wanted::Whole),
            ("", Wanted::Whole),
        ] {
            assert_eq!(parse_range(header, 10), wanted, "{header}");
        }
    }

    proptest! {
        #[test]
        fn a_part_is_never_empty_and_lies_within(header in "bytes=[0-9]{0,22}-[0-9]{0,22}", size in 0u64..100) {
            if let Wanted::Part(range) = parse_range(&header, size) {
                prop_assert!(range.start < range.end && range.end <= size);
            }
        }
    }
}
