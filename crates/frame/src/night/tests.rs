//! Nights by table, and against a clock that is read minute by minute.

use jiff::civil::{DateTime, date, time};
use picup_api::{
    account::Locale,
    frame::{Dimmed, Weekday},
};
use proptest::prelude::*;

use super::*;

const DAYS: [Weekday; 7] = [
    Weekday::Monday,
    Weekday::Tuesday,
    Weekday::Wednesday,
    Weekday::Thursday,
    Weekday::Friday,
    Weekday::Saturday,
    Weekday::Sunday,
];
const STAY: Duration = Duration::from_secs(600);

fn at(hours: &str) -> TimeOfDay {
    hours.parse().unwrap()
}

fn night(day: Weekday, from: &str, until: &str) -> Night {
    Night { day, from: at(from), until: at(until) }
}

fn every_night(from: &str, until: &str) -> Vec<Night> {
    DAYS.map(|day| night(day, from, until)).to_vec()
}

/// `2026-03-28T22:00[Europe/Berlin]`; with an offset where a reading comes twice.
fn wall(text: &str) -> Zoned {
    text.parse().unwrap()
}

/// What the schedule alone says, and the wall clock's reading when it says something else.
fn scheduled(nights: &[Night], now: &str) -> (bool, String) {
    let now = wall(now);
    let told = period(nights, Some(&now));
    let until = told.until.map(|until| until.to_zoned(now.time_zone().clone()));
    (told.asleep, until.map_or("never".into(), |until| until.strftime("%a %H:%M").to_string()))
}

#[test]
fn a_night_ends_in_the_morning_after() {
    let nights = every_night("22:00", "07:00");
    for (now, asleep, until) in [
        ("2026-11-25T21:59:59[Asia/Seoul]", false, "Wed 22:00"),
        ("2026-11-25T22:00[Asia/Seoul]", true, "Thu 07:00"),
        ("2026-11-26T00:00[Asia/Seoul]", true, "Thu 07:00"),
        ("2026-11-26T06:59:59[Asia/Seoul]", true, "Thu 07:00"),
        ("2026-11-26T07:00[Asia/Seoul]", false, "Thu 22:00"),
    ] {
        assert_eq!(scheduled(&nights, now), (asleep, until.into()), "{now}");
    }
}

#[test]
fn a_night_belongs_to_the_weekday_it_begins_on() {
    let nights = [night(Weekday::Friday, "23:30", "09:00"), night(Weekday::Sunday, "13:00", "15:00")];
    for (now, asleep, until) in [
        ("2026-11-26T23:45[Asia/Seoul]", false, "Fri 23:30"),
        ("2026-11-27T08:00[Asia/Seoul]", false, "Fri 23:30"),
        ("2026-11-28T08:00[Asia/Seoul]", true, "Sat 09:00"),
        ("2026-11-28T23:45[Asia/Seoul]", false, "Sun 13:00"),
        ("2026-11-29T14:00[Asia/Seoul]", true, "Sun 15:00"),
        ("2026-11-29T15:00[Asia/Seoul]", false, "Fri 23:30"),
    ] {
        assert_eq!(scheduled(&nights, now), (asleep, until.into()), "{now}");
    }
}

#[test]
fn nights_that_overlap_or_touch_are_one() {
    let overlapping = [night(Weekday::Monday, "20:00", "10:00"), night(Weekday::Tuesday, "08:00", "12:00")];
    assert_eq!(scheduled(&overlapping, "2026-11-24T09:00[Asia/Seoul]"), (true, "Tue 12:00".into()));
    let touching = [night(Weekday::Monday, "20:00", "00:00"), night(Weekday::Tuesday, "00:00", "06:00")];
    assert_eq!(scheduled(&touching, "2026-11-23T23:59[Asia/Seoul]"), (true, "Tue 06:00".into()));
}

#[test]
fn equal_hours_are_a_whole_day_and_no_night_is_none() {
    let whole = [night(Weekday::Monday, "09:00", "09:00")];
    assert_eq!(scheduled(&whole, "2026-11-24T08:59[Asia/Seoul]"), (true, "Tue 09:00".into()));
    assert_eq!(scheduled(&whole, "2026-11-24T09:00[Asia/Seoul]"), (false, "Mon 09:00".into()));
    assert_eq!(scheduled(&[], "2026-11-24T03:00[Asia/Seoul]"), (false, "never".into()));
    assert!(scheduled(&every_night("09:00", "09:00"), "2026-11-24T09:00[Asia/Seoul]").0);
}

#[test]
fn an_hour_that_is_skipped_counts_when_it_is_jumped_over() {
    // Berlin, 29 March 2026: 02:00 is followed by 03:00.
    for (from, until, now, asleep) in [
        ("22:00", "02:30", "2026-03-29T01:59[Europe/Berlin]", true),
        ("22:00", "02:30", "2026-03-29T03:00[Europe/Berlin]", false),
        ("02:30", "07:00", "2026-03-29T01:59[Europe/Berlin]", false),
        ("02:30", "07:00", "2026-03-29T03:00[Europe/Berlin]", true),
        ("02:10", "02:50", "2026-03-29T03:00[Europe/Berlin]", false),
        ("22:00", "07:00", "2026-03-29T06:59[Europe/Berlin]", true),
        ("22:00", "07:00", "2026-03-29T07:00[Europe/Berlin]", false),
    ] {
        assert_eq!(scheduled(&every_night(from, until), now).0, asleep, "{from} to {until} at {now}");
    }
}

#[test]
fn an_hour_that_comes_twice_counts_once() {
    // Berlin, 25 October 2026: 02:59 is followed by 02:00.
    for (from, until, now, asleep) in [
        ("22:00", "02:30", "2026-10-25T02:29+02:00[Europe/Berlin]", true),
        ("22:00", "02:30", "2026-10-25T02:30+02:00[Europe/Berlin]", false),
        ("22:00", "02:30", "2026-10-25T02:15+01:00[Europe/Berlin]", false),
        ("02:30", "07:00", "2026-10-25T02:30+02:00[Europe/Berlin]", true),
        ("02:30", "07:00", "2026-10-25T02:15+01:00[Europe/Berlin]", true),
        ("22:00", "07:00", "2026-10-25T06:59[Europe/Berlin]", true),
        ("22:00", "07:00", "2026-10-25T07:00[Europe/Berlin]", false),
    ] {
        assert_eq!(scheduled(&every_night(from, until), now).0, asleep, "{from} to {until} at {now}");
    }
}

/// A frame with nights from 22:00 to 07:00, told the time as a test wishes.
struct Sleeper {
    wishes: Wishes,
    began: Instant,
}

impl Sleeper {
    fn new() -> Self {
        Self { wishes: Wishes::default(), began: Instant::now() }
    }

    fn look(&mut self, seconds: u64, now: Option<&str>) -> Decision {
        let nights = every_night("22:00", "07:00");
        let now = now.map(|now| wall(&format!("{now}[Asia/Seoul]")));
        self.wishes.decide(&nights, now.as_ref(), self.after(seconds), STAY)
    }

    fn asleep(&mut self, seconds: u64, now: &str) -> bool {
        self.look(seconds, Some(now)).asleep
    }

    fn ask(&mut self, asleep: bool, now: Option<&str>) {
        let now = now.map(|now| wall(&format!("{now}[Asia/Seoul]")));
        self.wishes.ask(asleep, period(&every_night("22:00", "07:00"), now.as_ref()));
    }

    fn after(&self, seconds: u64) -> Instant {
        self.began + Duration::from_secs(seconds)
    }
}

#[test]
fn a_touch_in_the_night_wakes_until_nobody_touched_for_a_while() {
    let mut frame = Sleeper::new();
    assert!(frame.asleep(0, "2026-11-26T01:00"));
    frame.wishes.touch(frame.after(10));
    assert!(!frame.asleep(10, "2026-11-26T01:00:10"));
    frame.wishes.touch(frame.after(400));
    assert!(!frame.asleep(999, "2026-11-26T01:16:39"));
    assert_eq!(frame.look(999, Some("2026-11-26T01:16:00")).look_again, Duration::from_secs(1));
    assert!(frame.asleep(1000, "2026-11-26T01:16:40"));
}

#[test]
fn whoever_touches_as_the_night_begins_is_not_left_in_the_dark() {
    let mut frame = Sleeper::new();
    frame.wishes.touch(frame.after(0));
    assert!(!frame.asleep(300, "2026-11-25T22:03"));
    assert!(frame.asleep(601, "2026-11-25T22:08"));
}

#[test]
fn a_child_sends_it_to_sleep_until_the_next_waking_hour_a_touch_or_wake() {
    let mut frame = Sleeper::new();
    frame.ask(true, Some("2026-11-25T15:00"));
    assert!(frame.asleep(1, "2026-11-25T15:00"));
    assert!(frame.asleep(2, "2026-11-25T23:00"), "the night begins");
    assert!(!frame.asleep(3, "2026-11-26T07:00"), "and ends");
    frame.ask(true, Some("2026-11-26T10:00"));
    frame.wishes.touch(frame.after(10));
    assert!(!frame.asleep(10_000, "2026-11-26T13:00"), "a touch by day wakes for good");
    frame.ask(true, Some("2026-11-26T14:00"));
    frame.ask(false, Some("2026-11-26T14:01"));
    assert!(!frame.asleep(10_001, "2026-11-26T14:01"));
}

#[test]
fn a_child_wakes_it_until_the_night_is_over() {
    let mut frame = Sleeper::new();
    frame.ask(false, Some("2026-11-25T23:00"));
    assert!(!frame.asleep(1, "2026-11-26T06:00"));
    assert!(!frame.asleep(2, "2026-11-26T12:00"));
    assert!(frame.asleep(3, "2026-11-26T22:00"), "the next night is a night");
    frame.wishes.touch(frame.after(4));
    frame.ask(true, Some("2026-11-26T22:10"));
    assert!(frame.asleep(5, "2026-11-26T22:10"), "the child's word came after the touch");
}

#[test]
fn a_childs_word_outlasts_the_program_but_not_its_hours() {
    let mut before = Sleeper::new();
    before.ask(true, Some("2026-11-25T15:00"));
    let asked = before.wishes.asked().unwrap();
    let mut frame = Sleeper::new();
    frame.wishes.recall(asked);
    assert!(frame.look(1, None).asleep, "also before the clock is set");
    assert!(frame.asleep(2, "2026-11-25T16:00"));
    let mut frame = Sleeper::new();
    frame.wishes.recall(asked);
    assert!(!frame.asleep(1, "2026-11-26T12:00"), "it was off for a day");
    assert_eq!(frame.wishes.asked(), None);
    let mut frame = Sleeper::new();
    frame.ask(false, Some("2026-11-25T15:30"));
    frame.wishes.recall(asked);
    assert!(!frame.asleep(1, "2026-11-25T16:00"), "a newer word came first");
}

#[test]
fn a_word_that_was_passed_over_by_the_clock_does_not_come_back() {
    let mut frame = Sleeper::new();
    frame.ask(true, Some("2026-11-25T15:00"));
    assert!(!frame.asleep(1, "2026-11-27T12:00"), "the clock jumped over a whole night");
    assert!(!frame.asleep(2, "2026-11-25T16:00"), "and back again");
}

#[test]
fn a_clock_that_jumps_is_believed_within_a_minute() {
    let mut frame = Sleeper::new();
    assert!(frame.asleep(1, "2026-11-26T03:00"));
    assert!(!frame.asleep(2, "2026-11-26T12:00"));
    assert!(frame.asleep(3, "2026-11-25T23:59"));
    assert_eq!(frame.look(4, Some("2026-11-25T23:59:20")).look_again, Duration::from_secs(40));
    assert_eq!(frame.look(5, Some("2026-11-25T23:59:59.999")).look_again, Duration::from_millis(50));
}

#[test]
fn without_a_clock_it_sleeps_only_when_a_child_says_so() {
    let mut frame = Sleeper::new();
    assert_eq!(frame.look(0, None), Decision { asleep: false, look_again: Duration::from_secs(60) });
    frame.ask(true, None);
    assert!(frame.look(1, None).asleep);
    assert!(frame.asleep(2, "2026-11-25T23:00"), "the clock was set, and it is night");
    assert!(!frame.asleep(3, "2026-11-26T08:00"), "the word does not outlast the night");
}

#[test]
fn the_light_follows_the_hour() {
    let dimmed = |from, until, brightness| Dimmed { from: at(from), until: at(until), brightness };
    let settings = FrameSettings {
        brightness: 90,
        dimmed: vec![dimmed("20:00", "06:00", 30), dimmed("19:00", "21:00", 60), dimmed("12:00", "13:00", 0)],
        ..FrameSettings::first(Locale::Ko)
    };
    for (hour, minute, percent) in [
        (18, 59, 90),
        (19, 0, 60),
        (20, 0, 30),
        (23, 59, 30),
        (0, 0, 30),
        (5, 59, 30),
        (6, 0, 90),
        (12, 30, 10),
    ] {
        assert_eq!(light(&settings, Some(time(hour, minute, 0, 0))), percent, "{hour}:{minute}");
    }
    assert_eq!(light(&settings, None), 90);
}

/// Reads a clock minute by minute, and never lets it go back.
fn slept_through(nights: &[Night], from: &Zoned, minutes: i64) -> Vec<(Zoned, bool)> {
    let mut latest = DateTime::MIN;
    let read = (0..minutes).map(|minute| from.saturating_add(minute.minutes()));
    read.map(|now| {
        latest = latest.max(now.datetime());
        let asleep = nights.iter().any(|night| (0..3).any(|back| naive(night, latest, back)));
        (now, asleep)
    })
    .collect()
}

fn naive(night: &Night, now: DateTime, back: i32) -> bool {
    let day = now.date().saturating_sub(back.days());
    let begin = day.to_datetime(reading(night.from));
    let end = day.to_datetime(reading(night.until));
    let end = if night.until <= night.from { end.saturating_add(1.day()) } else { end };
    DAYS[day.weekday().to_monday_zero_offset() as usize] == night.day && begin <= now && now < end
}

fn any_nights() -> impl Strategy<Value = Vec<Night>> {
    let hour = || (0_u8..24, 0_u8..60).prop_map(|(hour, minute)| TimeOfDay::new(hour, minute).unwrap());
    // Hours in which clocks are changed come up often.
    let hour =
        move || prop_oneof![hour(), (0_u8..4, 0_u8..60).prop_map(|(h, m)| TimeOfDay::new(h, m).unwrap())];
    proptest::array::uniform7(proptest::option::of((hour(), hour()))).prop_map(|week| {
        let nights = DAYS.into_iter().zip(week);
        nights.filter_map(|(day, hours)| hours.map(|(from, until)| Night { day, from, until })).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn every_decision_is_the_one_of_a_clock_read_minute_by_minute(
        nights in any_nights(),
        // Each two days before clocks are changed there, but for Seoul.
        (zone, first) in proptest::sample::select(vec![
            ("Asia/Seoul", date(2026, 11, 26)),
            ("Europe/Berlin", date(2026, 3, 27)),
            ("Europe/Berlin", date(2026, 10, 23)),
            ("America/New_York", date(2026, 3, 6)),
            ("America/New_York", date(2026, 10, 30)),
            ("Australia/Lord_Howe", date(2026, 4, 3)),
            ("Australia/Lord_Howe", date(2026, 10, 2)),
        ]),
        minute in 0_i64..1440,
    ) {
        let from = first.in_tz(zone).unwrap().saturating_add(minute.minutes());
        let read = slept_through(&nights, &from, 3 * 1440);
        // The first day only tells the naive clock what it has read already.
        for (place, (now, asleep)) in read.iter().enumerate().skip(1440) {
            let told = period(&nights, Some(now));
            prop_assert_eq!(told.asleep, *asleep, "{}", now);
            if place % 97 == 0 {
                let flip = read[place..].iter().find(|(_, later)| later != asleep).map(|(at, _)| at.timestamp());
                let end = read[read.len() - 1].0.timestamp();
                prop_assert_eq!(told.until.filter(|until| *until <= end), flip, "{}", now);
            }
        }
    }
}
