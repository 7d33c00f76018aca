//! A home that runs Home Assistant, with a real broker between it and the frame.

use std::{collections::HashSet, time::Duration};

use picup_api::{
    FrameId,
    frame::FramePatch,
    photo::PhotoPatch,
    screen::{FrameState, ScreenEvent},
};
use picup_testkit::{People, TestServer, daemons::Mosquitto, eventually, photos};
use serde_json::{Value, json};
use tokio::{net::TcpListener, sync::mpsc::UnboundedReceiver};

use crate::{
    harness::{TestFrame, another_slide, next_slide, upload_ready},
    home::{Home, Message},
    tls::TlsFront,
};

const CAPTION: &str = "제주도에서 엄마와";
const LOST: &str = "no connection to the home's broker";

/// A family's frame with three photos, and a broker's address.
struct House {
    server: TestServer,
    people: People,
    frame: TestFrame,
    id: FrameId,
}

impl House {
    async fn with(address: &str, arguments: &[&str]) -> Self {
        let server = TestServer::start().await;
        let people = server.family().await;
        for seed in 0..3 {
            let bytes = photos::jpeg(900, 600, 100 + seed);
            let photo = upload_ready(&people, &bytes, &format!("{seed}.jpg")).await;
            let patch = PhotoPatch { caption: Some(CAPTION.into()), ..PhotoPatch::default() };
            people.owner.update_photo(photo, &patch).await.unwrap();
        }
        let mut frame = TestFrame::stopped(&server.base_url());
        frame.set_env("PICUP_MQTT", address);
        frame.start_again(arguments).await;
        frame.pair_with(&people.owner, people.family).await;
        let id = people.owner.frames(people.family).await.unwrap()[0].id;
        let house = Self { server, people, frame, id };
        house.shows_photos().await;
        house
    }

    async fn shows_photos(&self) {
        let here = |status: &picup_api::screen::ScreenStatus| {
            status.state == FrameState::Showing && status.sync.photos_cached == 3
        };
        self.frame.until("the photos are here", here).await;
    }

    fn topic(&self, name: &str) -> String {
        format!("picup/{}/{name}", self.id.0.simple())
    }

    async fn press(&self, home: &Home, command: &str, payload: &str) {
        home.say(&self.topic(&format!("set/{command}")), payload).await;
    }

    /// Pages turn and the screen has something to show.
    async fn goes_on(&self) {
        let turned = self.frame.command("next", json!({})).await.1;
        assert!(turned["photo_id"].is_string(), "{turned}");
    }

    /// A broker that everything works with, from a home's point of view.
    async fn obeys(&self, home: &Home) {
        let mut events = self.frame.events().await;
        let on = next_slide(&mut events, Duration::from_secs(60)).await;
        self.press(home, "next", "PRESS").await;
        another_slide(&mut events, on.photo_id, Duration::from_secs(60)).await;
    }
}

async fn next_message(events: &mut UnboundedReceiver<ScreenEvent>) -> String {
    let words = async {
        loop {
            if let ScreenEvent::Message { text } = events.recv().await.expect("the stream goes on") {
                return text;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(60), words).await.expect("words in time")
}

fn is_config(message: &Message) -> bool {
    message.json()["dev"]["ids"][0].is_string()
}

#[tokio::test]
async fn a_home_finds_the_frame_and_hears_nothing_personal() {
    let broker = Mosquitto::start().await;
    let house = House::with(&broker.url(), &[]).await;
    let early = Home::listen(broker.address()).await;
    early.until_state("photos_cached", 3).await;
    early.until_available("online").await;
    // Who comes later finds all of it.
    let home = Home::listen(broker.address()).await;
    let kept = home.kept();
    let id = format!("picup_{}", house.id.0.simple());
    let config: Value = serde_json::from_slice(&kept[&format!("homeassistant/device/{id}/config")]).unwrap();
    assert_eq!(config["dev"]["ids"], json!([id]));
    assert_eq!(config["stat_t"], house.topic("state"));
    assert_eq!(config["cmps"]["next"]["cmd_t"], house.topic("set/next"));
    let state: Value = serde_json::from_slice(&kept[&house.topic("state")]).unwrap();
    let known = ["screen", "slideshow", "state", "online", "trouble", "brightness"].map(|key| &state[key]);
    assert_eq!(json!(known), json!(["ON", "ON", "showing", "ON", "none", 100]));
    assert_eq!(kept[&house.topic("availability")], b"online");
    assert_eq!(kept.len(), 3, "{:?}", kept.keys());
    let said = home.heard().into_iter().chain(early.heard());
    let personal = said.filter(|it| String::from_utf8_lossy(&it.payload).contains(CAPTION));
    assert_eq!(personal.count(), 0);
}

#[tokio::test]
async fn what_a_home_asks_is_what_the_frame_does() {
    let broker = Mosquitto::start().await;
    let house = House::with(&broker.url(), &[]).await;
    let home = Home::listen(broker.address()).await;
    home.until_available("online").await;
    let mut events = house.frame.events().await;
    let first = next_slide(&mut events, Duration::from_secs(60)).await;
    house.press(&home, "next", "PRESS").await;
    let second = another_slide(&mut events, first.photo_id, Duration::from_secs(60)).await;
    home.until_state("now_showing", second.photo_id.to_string()).await;
    house.press(&home, "previous", "PRESS").await;
    let back = another_slide(&mut events, second.photo_id, Duration::from_secs(60)).await;
    assert_eq!(back.photo_id, first.photo_id);
    house.press(&home, "slideshow", "OFF").await;
    home.until_state("slideshow", "OFF").await;
    house.press(&home, "slideshow", "ON").await;
    home.until_state("slideshow", "ON").await;
    house.press(&home, "screen", "OFF").await;
    house.frame.until("it sleeps", |status| status.asleep).await;
    home.until_state("screen", "OFF").await;
    house.press(&home, "screen", "ON").await;
    house.frame.until("it is awake", |status| !status.asleep).await;
    home.until_state("screen", "ON").await;
    house.press(&home, "message", "일곱 시에 갈게요").await;
    assert_eq!(next_message(&mut events).await, "일곱 시에 갈게요");
    assert_eq!(home.last("/state").unwrap().json()["message"], "", "the home keeps no words");
}

#[tokio::test]
async fn the_homes_brightness_holds_until_the_children_choose_again() {
    let broker = Mosquitto::start().await;
    let house = House::with(&broker.url(), &[]).await;
    let home = Home::listen(broker.address()).await;
    home.until_available("online").await;
    house.press(&home, "brightness", "40").await;
    house.frame.until("it is darker", |status| status.brightness == 40).await;
    home.until_state("brightness", 40).await;
    house.press(&home, "brightness", "5").await;
    let mut settings = house.people.owner.frame(house.people.family, house.id).await.unwrap().settings;
    settings.brightness = 70;
    let patch = FramePatch { settings: Some(settings), ..FramePatch::default() };
    house.people.owner.update_frame(house.people.family, house.id, &patch).await.unwrap();
    house.frame.until("the home's choice has ended", |status| status.brightness == 70).await;
    home.until_state("brightness", 70).await;
}

#[tokio::test]
async fn the_broker_says_when_a_frame_was_killed_or_starts_anew() {
    let broker = Mosquitto::start().await;
    let mut house = House::with(&broker.url(), &[]).await;
    let home = Home::listen(broker.address()).await;
    home.until_available("online").await;
    house.frame.kill9().await;
    home.until_available("offline").await;
    house.frame.start_again(&[]).await;
    home.until_available("online").await;
    let before = home.heard().len();
    house.press(&home, "restart", "PRESS").await;
    // It may be back before anybody looks.
    let gone = |it: &Message| it.topic.ends_with("/availability") && it.payload == b"offline";
    eventually("it goes", || async { home.heard()[before..].iter().any(gone).then_some(()) }).await;
    home.until_available("online").await;
    // It is not only there, it listens.
    house.press(&home, "brightness", "40").await;
    home.until_state("brightness", 40).await;
}

#[tokio::test]
async fn a_broker_that_lost_everything_is_told_everything_again() {
    let mut broker = Mosquitto::start().await;
    let house = House::with(&broker.url(), &[]).await;
    Home::listen(broker.address()).await.until_available("online").await;
    broker.kill9();
    eventually("the log says so", || async { house.frame.log().contains(LOST).then_some(()) }).await;
    house.goes_on().await;
    broker.start_again().await;
    let home = Home::listen(broker.address()).await;
    home.until("it is described again", "/config", is_config).await;
    home.until_available("online").await;
    house.obeys(&home).await;
}

#[tokio::test]
async fn a_broker_that_hangs_up_is_told_to_the_log_once() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let house = House::with(&format!("mqtt://{}", listener.local_addr().unwrap()), &[]).await;
    for _ in 0..4 {
        drop(listener.accept().await.unwrap());
    }
    let log = house.frame.log();
    let reasons: Vec<Value> = log
        .lines()
        .filter(|line| line.contains(LOST))
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["fields"]["reason"].clone())
        .collect();
    let different: HashSet<String> = reasons.iter().map(Value::to_string).collect();
    assert!(!reasons.is_empty() && different.len() == reasons.len(), "{reasons:?}");
    let status = house.frame.status().await;
    assert_eq!((status.state, status.sync.online), (FrameState::Showing, true));
    house.goes_on().await;
}

#[tokio::test]
async fn a_wrong_password_is_told_to_the_log_alone_until_it_is_put_right() {
    let broker = Mosquitto::start_guarded("mom", "right one").await;
    let secret = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(secret.path(), "wrong-one\n").unwrap();
    let address = format!("mqtt://mom@{}", broker.address());
    let arguments = ["--mqtt-password-file", secret.path().to_str().unwrap()];
    let house = House::with(&address, &arguments).await;
    eventually("the log says so", || async {
        house.frame.log().contains("Connection refused, return code").then_some(())
    })
    .await;
    house.goes_on().await;
    std::fs::write(secret.path(), "right one\n").unwrap();
    let home = Home::sign_in(broker.address(), Some(("mom", "right one"))).await;
    home.until_available("online").await;
    let log = house.frame.log();
    assert!(!log.contains("wrong-one") && !log.contains("right one"), "a password is in the log");
}

#[tokio::test]
async fn a_faulty_address_leaves_the_home_out_and_the_screen_on() {
    let house = House::with("mqtt://mom:s3cret@home:x", &[]).await;
    let said = || async { house.frame.log().contains("Home Assistant is left out").then_some(()) };
    eventually("the log says so", said).await;
    assert!(!house.frame.log().contains("s3cret"));
    house.goes_on().await;
}

#[tokio::test]
async fn what_is_no_command_is_ignored() {
    let broker = Mosquitto::start().await;
    let house = House::with(&broker.url(), &[]).await;
    let home = Home::listen(broker.address()).await;
    home.until_available("online").await;
    for name in ["screen", "slideshow", "next", "restart", "brightness", "message", "nonsense", ""] {
        for payload in [&b""[..], b"\xff\xfe", b"{}", b"NaN", &[b'x'; 100_000], &vec![b'9'; 1 << 20]] {
            home.say(&house.topic(&format!("set/{name}")), payload).await;
        }
    }
    // Kept by the broker: it would come again at every connection.
    home.leave(&house.topic("set/restart"), "PRESS again").await;
    house.obeys(&home).await;
    let gone = |message: &Message| message.topic.ends_with("/availability") && message.payload != b"online";
    assert!(!home.heard().iter().any(gone), "the frame stayed");
    assert!(!house.frame.log().contains(LOST));
    assert_eq!(house.frame.status().await.brightness, 100);
}

#[tokio::test]
async fn a_command_that_the_broker_kept_is_not_carried_out() {
    let broker = Mosquitto::start().await;
    let mut house = House::with(&broker.url(), &[]).await;
    let home = Home::listen(broker.address()).await;
    home.until_available("online").await;
    house.frame.stop().await;
    home.until_available("offline").await;
    home.leave(&house.topic("set/slideshow"), "OFF").await;
    home.until("the broker has it", "set/slideshow", |_| true).await;
    house.frame.start_again(&[]).await;
    home.until_available("online").await;
    house.obeys(&home).await;
    assert_eq!(home.last("/state").unwrap().json()["slideshow"], "ON");
}

#[tokio::test]
async fn a_thousand_commands_at_once_neither_pile_up_nor_stop_the_frame() {
    let broker = Mosquitto::start().await;
    let house = House::with(&broker.url(), &[]).await;
    let home = Home::listen(broker.address()).await;
    home.until_available("online").await;
    let mut events = house.frame.events().await;
    for _ in 0..1000 {
        house.press(&home, "next", "PRESS").await;
    }
    let overrun = || async { house.frame.log().contains("some of it is left out").then_some(()) };
    eventually("the frame leaves some out", overrun).await;
    house.goes_on().await;
    let second = Duration::from_secs(1);
    let mut said = None;
    while said.is_none() {
        // May be left out too while there are others.
        house.press(&home, "message", "끝").await;
        said = tokio::time::timeout(second, next_message(&mut events)).await.ok();
    }
    assert!(house.frame.log().matches("a wish of the home came").count() < 500);
    assert_eq!(house.frame.log().matches("some of it is left out").count(), 1);
}

#[tokio::test]
async fn a_frame_that_left_its_family_leaves_nothing_with_the_broker() {
    let broker = Mosquitto::start().await;
    let house = House::with(&broker.url(), &["--mqtt-captions", "--mqtt-pictures"]).await;
    let home = Home::listen(broker.address()).await;
    let caption = |message: &Message| message.json()["caption"] == CAPTION;
    home.until("the caption is told", "/showing", caption).await;
    let is_jpeg = |message: &Message| message.payload.starts_with(&[0xff, 0xd8, 0xff]);
    home.until("the picture is sent", "/picture", is_jpeg).await;
    home.until_available("online").await;
    house.people.owner.remove_frame(house.people.family, house.id).await.unwrap();
    home.until("it is taken back", "/config", |message| message.payload.is_empty()).await;
    home.until_available("").await;
    assert_eq!(Home::listen(broker.address()).await.kept().len(), 0);
    house.frame.until("a new family may come", |status| status.pairing.is_some()).await;
}

#[tokio::test]
async fn a_frame_sent_away_while_the_broker_was_off_still_clears_it() {
    let mut broker = Mosquitto::start().await;
    let mut house = House::with(&broker.url(), &["--mqtt-captions"]).await;
    Home::listen(broker.address()).await.until_available("online").await;
    broker.stop().await;
    house.people.owner.remove_frame(house.people.family, house.id).await.unwrap();
    house.frame.until("it has left", |status| status.state == FrameState::Pairing).await;
    house.frame.kill9().await;
    broker.start_again().await;
    let home = Home::listen(broker.address()).await;
    assert!(home.kept().contains_key(&house.topic("state")), "the broker kept it");
    house.frame.start_again(&["--mqtt-captions"]).await;
    home.until("it is taken back", "/availability", |message| message.payload.is_empty()).await;
    assert_eq!(Home::listen(broker.address()).await.kept().len(), 0);
    drop(house.server);
}

#[tokio::test]
async fn an_encrypted_broker_is_believed_with_a_certificate_only() {
    let broker = Mosquitto::start().await;
    let front = TlsFront::start(broker.address()).await;
    let address = front.url().as_str().replace("https://", "mqtts://");
    let mut house = House::with(&address, &[]).await;
    let refused = || async { house.frame.log().contains("encrypted connection: ").then_some(()) };
    eventually("a stranger's certificate is refused", refused).await;
    house.goes_on().await;
    house.frame.stop().await;
    let trusted = house.frame.directory().join("authority.pem");
    std::fs::write(&trusted, front.authority_pem()).unwrap();
    house.frame.set_env("SSL_CERT_FILE", trusted.display());
    house.frame.start_again(&[]).await;
    let home = Home::listen(broker.address()).await;
    home.until_available("online").await;
    house.obeys(&home).await;
    house.frame.kill9().await;
    home.until_available("offline").await;
}
