//! Day and night: the panel, the light, and what waits for the morning. The panel is a lamp of files, as the kernel lists it.

use std::{path::PathBuf, time::Duration};

use picup_api::{
    FrameId,
    frame::{FrameAction, FramePatch, FrameSettings, Night, Weekday},
    photo::PhotoPatch,
    screen::{ScreenEvent, ScreenStatus},
};
use picup_testkit::{People, TestServer, eventually, photos};
use serde_json::json;
use tokio::sync::mpsc::UnboundedReceiver;

use crate::harness::{TestFrame, next_slide, upload_ready};

const DAYS: [Weekday; 7] = [
    Weekday::Monday,
    Weekday::Tuesday,
    Weekday::Wednesday,
    Weekday::Thursday,
    Weekday::Friday,
    Weekday::Saturday,
    Weekday::Sunday,
];

/// A frame that shows photos, the family it belongs to, and the lamp behind its panel.
struct Home {
    _server: TestServer,
    people: People,
    frame: TestFrame,
    id: FrameId,
}

impl Home {
    async fn with(arguments: &[&str]) -> Self {
        let server = TestServer::start().await;
        let people = server.family().await;
        for seed in 0..2 {
            upload_ready(&people, &photos::jpeg(900, 600, 100 + seed), &format!("{seed}.jpg")).await;
        }
        let mut frame = TestFrame::stopped(&server.base_url());
        lay_lamp(&frame);
        frame.set_env("PICUP_BACKLIGHT_DIR", lamp(&frame).parent().unwrap().display());
        frame.start_again(arguments).await;
        frame.pair_with(&people.owner, people.family).await;
        frame.until("the photos are here", |status| status.sync.photos_cached == 2).await;
        let id = people.owner.frames(people.family).await.unwrap()[0].id;
        Self { _server: server, people, frame, id }
    }

    async fn choose(&self, choose: impl FnOnce(&mut FrameSettings)) {
        let mut settings = self.people.owner.frame(self.people.family, self.id).await.unwrap().settings;
        choose(&mut settings);
        let patch = FramePatch { settings: Some(settings), ..FramePatch::default() };
        self.people.owner.update_frame(self.people.family, self.id, &patch).await.unwrap();
    }

    async fn ask(&self, action: FrameAction) {
        self.people.owner.send_command(self.people.family, self.id, action).await.unwrap();
    }

    async fn touch(&self) {
        self.frame.command("touched", json!({})).await;
    }

    async fn until_asleep(&self, asleep: bool) -> ScreenStatus {
        self.frame.until("it sleeps, or is awake", |status| status.asleep == asleep).await
    }

    /// Until a power cut would leave a child's word, or none.
    async fn until_remembered(&self, asked: bool) {
        let index = self.frame.data_dir().join("cache.db");
        let read = || async {
            let index = rusqlite::Connection::open(&index).unwrap();
            let sql = "SELECT value <> 'null' FROM facts WHERE name = 'asked'";
            index.query_row(sql, [], |row| row.get(0)).is_ok_and(|is: bool| is == asked).then_some(())
        };
        eventually("a child's word is remembered, or forgotten", read).await;
    }

    /// `0` is lit, `4` is off.
    async fn until_lamp(&self, file: &str, value: &str) {
        let path = lamp(&self.frame).join(file);
        let read = || async { (std::fs::read_to_string(&path).unwrap().trim() == value).then_some(()) };
        eventually(&format!("{file} becomes {value}"), read).await;
    }
}

fn lamp(frame: &TestFrame) -> PathBuf {
    frame.directory().join("backlight/panel")
}

/// Off, as some panels are when the power comes.
fn lay_lamp(frame: &TestFrame) {
    std::fs::create_dir_all(lamp(frame)).unwrap();
    for (file, value) in [("bl_power", "4\n"), ("brightness", "255\n"), ("max_brightness", "255\n")] {
        std::fs::write(lamp(frame).join(file), value).unwrap();
    }
}

fn every_day(from: &str, until: &str) -> Vec<Night> {
    let night = |day| Night { day, from: from.parse().unwrap(), until: until.parse().unwrap() };
    DAYS.map(night).to_vec()
}

/// Whatever the hour.
fn always() -> Vec<Night> {
    every_day("12:00", "12:00")
}

/// What was heard until now.
fn heard(events: &mut UnboundedReceiver<ScreenEvent>) -> Vec<ScreenEvent> {
    std::iter::from_fn(|| events.try_recv().ok()).collect()
}

#[tokio::test]
async fn f08_a_panel_that_is_off_at_the_start_is_switched_on() {
    let home = Home::with(&["--panel", "backlight"]).await;
    home.until_lamp("bl_power", "0").await;
    home.choose(|settings| settings.brightness = 40).await;
    home.until_lamp("brightness", "102").await;
    let status = home.frame.status().await;
    assert_eq!((status.asleep, status.brightness), (false, 100), "the picture is not darkened as well");
}

#[tokio::test]
async fn where_no_panel_can_be_switched_the_picture_alone_is_dark() {
    let home = Home::with(&["--panel", "none"]).await;
    home.choose(|settings| (settings.brightness, settings.nights) = (40, always())).await;
    let status = home.until_asleep(true).await;
    assert_eq!(status.brightness, 40);
    home.until_lamp("bl_power", "4").await;
    let seen = home.people.owner.frame(home.people.family, home.id).await.unwrap();
    assert_eq!(seen.heartbeat.unwrap().panel_switch, None);
}

#[tokio::test]
async fn a_touch_in_the_night_wakes_the_frame_for_a_while() {
    let home = Home::with(&["--panel", "backlight", "--touch-seconds", "5"]).await;
    home.choose(|settings| settings.nights = always()).await;
    home.until_asleep(true).await;
    home.until_lamp("bl_power", "4").await;
    home.touch().await;
    home.until_lamp("bl_power", "0").await;
    home.until_asleep(true).await;
    home.until_lamp("bl_power", "4").await;
}

#[tokio::test]
async fn a_child_far_away_sends_the_frame_to_sleep_and_wakes_it() {
    let home = Home::with(&["--panel", "backlight"]).await;
    let told = |asleep| {
        let home = &home;
        move || async move {
            let seen = home.people.owner.frame(home.people.family, home.id).await.unwrap();
            let heartbeat = seen.heartbeat.filter(|heartbeat| heartbeat.asleep == asleep)?;
            (heartbeat.panel_switch.as_deref() == Some("backlight") && seen.pending_commands.is_empty())
                .then_some(())
        }
    };
    home.ask(FrameAction::Sleep).await;
    home.until_asleep(true).await;
    home.until_lamp("bl_power", "4").await;
    eventually("the child sees that it sleeps", told(true)).await;
    home.ask(FrameAction::Wake).await;
    home.until_asleep(false).await;
    home.until_lamp("bl_power", "0").await;
    eventually("the child sees that it is awake", told(false)).await;
    home.ask(FrameAction::Sleep).await;
    home.until_asleep(true).await;
    home.touch().await;
    home.until_asleep(false).await;
}

#[tokio::test]
async fn a_power_cut_wakes_no_frame_that_a_child_sent_to_sleep() {
    let arguments = ["--panel", "backlight"];
    let mut home = Home::with(&arguments).await;
    home.ask(FrameAction::Sleep).await;
    home.until_asleep(true).await;
    home.until_lamp("bl_power", "4").await;
    home.until_remembered(true).await;
    home.frame.kill9().await;
    home.frame.start_again(&arguments).await;
    home.until_asleep(true).await;
    home.until_lamp("bl_power", "4").await;
    home.touch().await;
    home.until_asleep(false).await;
    home.until_remembered(false).await;
    home.frame.kill9().await;
    home.frame.start_again(&arguments).await;
    home.until_lamp("bl_power", "0").await;
    assert!(!home.frame.status().await.asleep, "a touch has ended the child's word");
}

#[tokio::test]
async fn asleep_it_turns_no_page_and_keeps_what_comes_for_the_morning() {
    let home = Home::with(&["--panel", "backlight"]).await;
    home.choose(|settings| settings.seconds_per_photo = 3).await;
    home.frame.until("it turns pages", |status| status.settings.seconds_per_photo == 3).await;
    home.ask(FrameAction::Sleep).await;
    home.until_asleep(true).await;
    // The panel is switched when the show stands still.
    home.until_lamp("bl_power", "4").await;
    let mut events = home.frame.events().await;
    // What is on is told to a screen that begins to listen.
    next_slide(&mut events, Duration::from_secs(5)).await;
    let arrival = home.people.upload(&photos::jpeg(1000, 700, 77), "new.jpg").await;
    home.ask(FrameAction::Message { text: "엄마 잘 자요".into() }).await;
    let acknowledged = || async {
        let seen = home.people.owner.frame(home.people.family, home.id).await.unwrap();
        seen.pending_commands.is_empty().then_some(())
    };
    eventually("the words came", acknowledged).await;
    home.frame.until("the photo came", |status| status.sync.photos_cached == 3).await;
    tokio::time::sleep(Duration::from_secs(4)).await;
    let disturbing = heard(&mut events).into_iter().find(|event| {
        !matches!(event, ScreenEvent::Status { status } if status.asleep)
            && !matches!(event, ScreenEvent::AlbumsChanged)
    });
    assert_eq!(disturbing, None);
    assert_eq!(std::fs::read_to_string(lamp(&home.frame).join("bl_power")).unwrap(), "4");
    home.touch().await;
    let greets = next_slide(&mut events, Duration::from_secs(10)).await;
    assert!(greets.photo_id == arrival && greets.is_new, "what came in the night is what greets");
    let mut words = Vec::new();
    eventually("the words are told", || {
        words.extend(heard(&mut events));
        let told =
            words.iter().any(|it| matches!(it, ScreenEvent::Message { text } if text == "엄마 잘 자요"));
        async move { told.then_some(()) }
    })
    .await;
}

/// Started anew in a zone of its own, with a clock that the test sets.
async fn at(home: &mut Home, zone: &str, time: &str) {
    home.frame.set_clock(time);
    home.frame.set_env("TZ", zone);
    home.frame.stop().await;
    home.frame.start_again(&["--panel", "backlight"]).await;
}

async fn has_nights(home: &Home, nights: Vec<Night>) {
    // A sign that the frame has heard of the nights: they come with it.
    home.choose(|settings| (settings.nights, settings.seconds_per_photo) = (nights, 33)).await;
    home.frame.until("the frame heard", |status| status.settings.seconds_per_photo == 33).await;
}

#[tokio::test]
async fn f04_a_night_begins_in_an_hour_that_is_skipped() {
    let mut home = Home::with(&["--panel", "backlight"]).await;
    has_nights(&home, every_day("02:30", "07:00")).await;
    // In Berlin 02:00 is followed by 03:00 that day.
    at(&mut home, "Europe/Berlin", "@2026-03-29 01:59:40").await;
    home.until_lamp("bl_power", "0").await;
    assert!(!home.frame.status().await.asleep);
    home.until_asleep(true).await;
    home.until_lamp("bl_power", "4").await;
}

#[tokio::test]
async fn f04_without_a_clock_there_is_no_night_until_the_time_comes_from_the_network() {
    let mut home = Home::with(&["--panel", "backlight"]).await;
    has_nights(&home, always()).await;
    home.until_asleep(true).await;
    // Ten minutes past the epoch in Seoul.
    at(&mut home, "Asia/Seoul", "@1970-01-01 09:10:00").await;
    home.until_lamp("bl_power", "0").await;
    let status = home.frame.status().await;
    assert!(!status.asleep && !status.clock_is_set);
    home.frame.set_clock("+0");
    home.until_asleep(true).await;
    home.until_lamp("bl_power", "4").await;
    // And a clock that falls back is noticed as well.
    home.frame.set_clock("@1970-01-01 09:20:00");
    home.until_asleep(false).await;
}

#[tokio::test]
async fn a_caption_is_read_out_once_and_never_in_the_night() {
    let mut home = Home::with(&["--panel", "backlight"]).await;
    // A sound card that writes down what it is given, a file for each time it is opened.
    let sound = home.frame.directory().join("sound.conf");
    let spoken = home.frame.directory().join("spoken");
    std::fs::create_dir(&spoken).unwrap();
    let card = format!(
        "pcm.!default {{ type plug slave.pcm {{ type file slave.pcm null file \"{}/raw\" format raw truncate false }} }}\n\
         pcm.null {{ type null }}\n",
        spoken.display()
    );
    std::fs::write(&sound, card).unwrap();
    home.frame.set_env("ALSA_CONFIG_PATH", sound.display());
    home.frame.stop().await;
    home.frame.start_again(&["--panel", "backlight"]).await;
    home.frame.until("in touch", |status| status.sync.online).await;
    let photo = home.frame.current().await.unwrap().photo_id;
    let caption = PhotoPatch { caption: Some("제주도, 1987년 여름".into()), ..PhotoPatch::default() };
    home.people.owner.update_photo(photo, &caption).await.unwrap();
    let captioned =
        || async { home.frame.current().await.filter(|slide| !slide.caption.is_empty()).map(drop) };
    eventually("the caption is here", captioned).await;
    let shown = json!({ "photo_id": photo });
    let other = json!({ "photo_id": picup_api::PhotoId(uuid::Uuid::from_u128(7)) });
    let seconds = || {
        let files = std::fs::read_dir(&spoken).unwrap().flatten();
        // 22,050 samples of two bytes.
        files.map(|file| file.metadata().unwrap().len()).sum::<u64>() as f64 / 44_100.0
    };
    home.frame.command("shown", shown.clone()).await;
    home.choose(|settings| (settings.read_aloud, settings.seconds_per_photo) = (true, 600)).await;
    home.frame.until("it may read", |status| status.settings.seconds_per_photo == 600).await;
    assert_eq!(seconds(), 0.0, "nothing is read unless the children chose it");
    home.frame.command("shown", other.clone()).await;
    home.frame.command("shown", shown.clone()).await;
    let heard = || async {
        let reads = home.frame.runs("espeak-ng");
        Some(seconds()).filter(|it| !reads && *it > 1.0)
    };
    let once = eventually("it is read to its end", heard).await;
    home.frame.command("shown", shown.clone()).await;
    home.ask(FrameAction::Sleep).await;
    home.until_asleep(true).await;
    home.frame.command("shown", other).await;
    home.frame.command("shown", shown).await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(seconds(), once, "neither again nor in the night");
    assert!(!home.frame.log().contains("captions may not be heard"), "{}", home.frame.log());
}
