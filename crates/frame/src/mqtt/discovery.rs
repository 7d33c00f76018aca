//! What the frame says of itself so that Home Assistant makes a device with its entities of it.
//!
//! Pure. One message for the whole device, in the short form of Home Assistant's MQTT discovery. A part that is not
//! offered is named with its platform alone: that takes away what an earlier start has offered.

use picup_api::account::Locale;
use serde_json::{Map, Value, json};

use super::{
    command::{BRIGHTEST, DARKEST, LONGEST_MESSAGE},
    topics::Topics,
    words::{self, Words},
};

/// What differs from frame to frame.
#[derive(Clone, Copy, Debug)]
pub(super) struct Offer {
    pub locale: Locale,
    pub captions: bool,
    pub pictures: bool,
    /// The board has a sensor.
    pub temperature: bool,
}

pub(super) fn discovery(topics: &Topics, offer: Offer) -> Value {
    let version = env!("CARGO_PKG_VERSION");
    json!({
        "dev": {
            "ids": [topics.id],
            "name": words::FRAME.of(offer.locale),
            "mf": "Picup",
            "mdl": "Photo frame",
            "sw": version,
        },
        "o": { "name": "Picup", "sw": version },
        "avty_t": topics.availability,
        "stat_t": topics.state,
        "qos": 1,
        "cmps": components(topics, offer),
    })
}

fn components(topics: &Topics, offer: Offer) -> Map<String, Value> {
    let made = Maker { topics, locale: offer.locale };
    let all = made.controls().into_iter().chain(made.sensors());
    let optional = [
        if offer.temperature { made.temperature() } else { absent("temperature", "sensor") },
        made.showing(offer.captions),
        if offer.pictures { made.picture() } else { absent("picture", "image") },
    ];
    all.chain(optional).map(|(key, value)| (key.to_owned(), value)).collect()
}

type Component = (&'static str, Value);

fn absent(key: &'static str, platform: &str) -> Component {
    (key, json!({ "p": platform }))
}

struct Maker<'a> {
    topics: &'a Topics,
    locale: Locale,
}

impl Maker<'_> {
    fn controls(&self) -> [Component; 7] {
        let press = |key, name, more| self.command(key, "button", name, more);
        let percent = json!({
            "val_tpl": value_of("brightness"), "min": DARKEST, "max": BRIGHTEST, "step": 5, "mode": "slider",
            "unit_of_meas": "%", "ic": "mdi:brightness-6",
        });
        // The box is empty again once its words are sent: Home Assistant keeps none of them.
        let words = json!({
            "val_tpl": value_of("message"), "min": 0, "max": LONGEST_MESSAGE, "ic": "mdi:message-text",
        });
        [
            self.command("screen", "switch", words::SCREEN, with_value("screen", "mdi:monitor")),
            self.command("slideshow", "switch", words::SLIDESHOW, with_value("slideshow", "mdi:play-pause")),
            press("next", words::NEXT, json!({ "ic": "mdi:skip-next" })),
            press("previous", words::PREVIOUS, json!({ "ic": "mdi:skip-previous" })),
            press("restart", words::RESTART, json!({ "dev_cla": "restart", "ent_cat": "config" })),
            self.command("brightness", "number", words::BRIGHTNESS, percent),
            self.command("message", "text", words::MESSAGE, words),
        ]
    }

    fn sensors(&self) -> [Component; 7] {
        let states = json!({
            "dev_cla": "enum", "ops": ["starting", "pairing", "empty", "showing"], "ic": "mdi:image-frame",
        });
        let disk = json!({
            "dev_cla": "data_size", "unit_of_meas": "GB", "stat_cla": "measurement", "ent_cat": "diagnostic",
        });
        let plain = |icon: &str| json!({ "ic": icon, "ent_cat": "diagnostic" });
        let count = |icon: &str| json!({ "ic": icon, "stat_cla": "measurement" });
        [
            self.sensor("state", words::STATE, states),
            self.sensor("photos_cached", words::PHOTOS, count("mdi:image-multiple")),
            self.sensor("inbox_waiting", words::INBOX, count("mdi:tray-arrow-up")),
            self.sensor("disk_free", words::DISK, disk),
            self.sensor("trouble", words::TROUBLE, plain("mdi:alert-circle-outline")),
            self.sensor("version", words::VERSION, plain("mdi:tag-outline")),
            self.told("online", "binary_sensor", words::ONLINE, connectivity()),
        ]
    }

    fn temperature(&self) -> Component {
        let more = json!({
            "dev_cla": "temperature", "unit_of_meas": "°C", "stat_cla": "measurement", "ent_cat": "diagnostic",
        });
        self.sensor("temperature", words::TEMPERATURE, more)
    }

    fn showing(&self, captions: bool) -> Component {
        let more = match captions {
            true => json!({ "ic": "mdi:image", "json_attr_t": self.topics.showing }),
            false => json!({ "ic": "mdi:image" }),
        };
        self.sensor("now_showing", words::SHOWING, more)
    }

    fn picture(&self) -> Component {
        let more = json!({ "img_t": self.topics.picture, "cont_type": "image/jpeg" });
        self.part("picture", "image", words::PICTURE, more)
    }

    fn sensor(&self, key: &'static str, name: Words, more: Value) -> Component {
        self.told(key, "sensor", name, more)
    }

    fn told(&self, key: &'static str, platform: &str, name: Words, more: Value) -> Component {
        self.part(key, platform, name, joined(more, json!({ "val_tpl": value_of(key) })))
    }

    fn command(&self, key: &'static str, platform: &str, name: Words, more: Value) -> Component {
        self.part(key, platform, name, joined(more, json!({ "cmd_t": self.topics.command(key) })))
    }

    fn part(&self, key: &'static str, platform: &str, name: Words, more: Value) -> Component {
        let unique = format!("{}_{key}", self.topics.id);
        (key, joined(more, json!({ "p": platform, "uniq_id": unique, "name": name.of(self.locale) })))
    }
}

fn connectivity() -> Value {
    json!({ "dev_cla": "connectivity", "ent_cat": "diagnostic" })
}

fn with_value(key: &str, icon: &str) -> Value {
    json!({ "val_tpl": value_of(key), "ic": icon })
}

/// Home Assistant's template for one field of the state.
fn value_of(key: &str) -> String {
    format!("{{{{ value_json.{key} }}}}")
}

fn joined(mut left: Value, right: Value) -> Value {
    if let (Value::Object(left), Value::Object(right)) = (&mut left, right) {
        left.extend(right);
    }
    left
}

#[cfg(test)]
mod tests;
