//! What the children may set on a frame.

use std::{collections::HashSet, ops::RangeInclusive};

use picup_api::frame::{Dimmed, FrameSettings, Night};

use super::faults::Faults;

const SECONDS: RangeInclusive<u32> = 3..=3600;
/// Percent. Darker than the least, a panel looks broken.
const BRIGHTNESS: RangeInclusive<u8> = 10..=100;
const MAX_ALBUMS: usize = 500;
const MAX_DIMMED: usize = 12;
const WEEKDAYS: usize = 7;

/// Remembers every faulty field under `settings.`.
pub fn check(faults: &mut Faults, settings: &FrameSettings) {
    let seconds = settings.seconds_per_photo;
    faults.require(SECONDS.contains(&seconds), "settings.seconds_per_photo", "out_of_range");
    faults.require(settings.albums.len() <= MAX_ALBUMS, "settings.albums", "too_many");
    faults.require(BRIGHTNESS.contains(&settings.brightness), "settings.brightness", "out_of_range");
    check_dimmed(faults, &settings.dimmed);
    check_nights(faults, &settings.nights);
}

fn check_dimmed(faults: &mut Faults, dimmed: &[Dimmed]) {
    faults.require(dimmed.len() <= MAX_DIMMED, "settings.dimmed", "too_many");
    for (index, hours) in dimmed.iter().take(MAX_DIMMED).enumerate() {
        let field = format!("settings.dimmed[{index}].brightness");
        faults.require(BRIGHTNESS.contains(&hours.brightness), &field, "out_of_range");
    }
}

/// At most one of each weekday: more than a week's are named once, not one by one.
fn check_nights(faults: &mut Faults, nights: &[Night]) {
    faults.require(nights.len() <= WEEKDAYS, "settings.nights", "too_many");
    let mut seen = HashSet::new();
    for (index, night) in nights.iter().take(WEEKDAYS).enumerate() {
        faults.require(seen.insert(night.day), &format!("settings.nights[{index}].day"), "duplicate");
    }
}
