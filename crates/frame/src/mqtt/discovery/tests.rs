//! The discovery message against the schema that Home Assistant documents.

use std::collections::BTreeSet;

use picup_api::FrameId;
use uuid::Uuid;

use super::*;

const EVERYTHING: Offer = Offer { locale: Locale::Ko, captions: true, pictures: true, temperature: true };
const NOTHING: Offer = Offer { locale: Locale::En, captions: false, pictures: false, temperature: false };

/// Of a platform: what it must have, and what it may have besides, each in the short form.
const PLATFORMS: &[(&str, &[&str], &[&str])] = &[
    ("switch", &["cmd_t"], &["val_tpl"]),
    ("button", &["cmd_t"], &["dev_cla"]),
    ("number", &["cmd_t"], &["val_tpl", "min", "max", "step", "mode", "unit_of_meas"]),
    ("text", &["cmd_t"], &["val_tpl", "min", "max"]),
    ("sensor", &["val_tpl"], &["dev_cla", "stat_cla", "unit_of_meas", "ops", "json_attr_t"]),
    ("binary_sensor", &["val_tpl"], &["dev_cla"]),
    ("image", &["img_t"], &["cont_type"]),
];
const OF_ALL: &[&str] = &["p", "uniq_id", "name", "ic", "ent_cat"];

fn topics() -> Topics {
    Topics::new(FrameId(Uuid::from_u128(7)), "homeassistant")
}

fn parts(offer: Offer) -> Map<String, Value> {
    discovery(&topics(), offer)["cmps"].as_object().unwrap().clone()
}

fn check_part(key: &str, part: &Value) {
    let platform = part["p"].as_str().unwrap();
    let (_, required, optional) = PLATFORMS.iter().find(|(name, ..)| *name == platform).unwrap();
    let fields: Vec<&str> = part.as_object().unwrap().keys().map(String::as_str).collect();
    if fields == ["p"] {
        return;
    }
    for needed in ["uniq_id", "name"].iter().chain(*required) {
        assert!(fields.contains(needed), "{key} has no {needed}");
    }
    for field in &fields {
        let known = OF_ALL.iter().chain(*required).chain(*optional).any(|known| known == field);
        assert!(known, "{key}: a {platform} has no {field}");
    }
    assert!(!part["name"].as_str().unwrap().is_empty());
}

#[test]
fn the_message_is_what_home_assistant_documents() {
    for offer in [EVERYTHING, NOTHING] {
        let message = discovery(&topics(), offer);
        let fields: Vec<_> = message.as_object().unwrap().keys().cloned().collect();
        assert_eq!(fields, ["avty_t", "cmps", "dev", "o", "qos", "stat_t"]);
        assert!(message["dev"]["ids"][0].is_string() && message["dev"]["name"].is_string());
        assert!(message["o"]["name"].is_string());
        let parts = message["cmps"].as_object().unwrap();
        parts.iter().for_each(|(key, part)| check_part(key, part));
        let unique: BTreeSet<_> = parts.values().filter_map(|part| part["uniq_id"].as_str()).collect();
        assert_eq!(unique.len(), parts.values().filter(|part| part.get("uniq_id").is_some()).count());
        assert!(unique.iter().all(|id| id.starts_with("picup_00000000000000000000000000000007_")));
    }
}

#[test]
fn only_letters_digits_dashes_and_underscores_are_in_a_discovery_topic() {
    let topic = topics().discovery;
    let id = topic.strip_prefix("homeassistant/device/").unwrap().strip_suffix("/config").unwrap();
    assert!(id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_'), "{id}");
}

#[test]
fn what_is_not_offered_is_taken_away() {
    let parts = parts(NOTHING);
    assert_eq!(parts["picture"], json!({ "p": "image" }));
    assert_eq!(parts["temperature"], json!({ "p": "sensor" }));
    assert!(parts["now_showing"].get("json_attr_t").is_none());
}

#[test]
fn names_are_in_the_frames_language() {
    assert_eq!(parts(EVERYTHING)["screen"]["name"], "화면");
    assert_eq!(parts(NOTHING)["screen"]["name"], "Screen");
}

#[test]
fn every_command_that_is_offered_is_understood() {
    let parts = parts(EVERYTHING);
    let commands = parts.values().filter_map(|part| part["cmd_t"].as_str().zip(part["p"].as_str()));
    let mut count = 0;
    for (topic, platform) in commands {
        let payload = match platform {
            "switch" => "OFF",
            "button" => "PRESS",
            "number" => "55",
            _ => "hello",
        };
        let topics = topics();
        let name = topics.command_at(topic).unwrap();
        assert!(crate::mqtt::command::parse(name, payload.as_bytes()).is_some(), "{topic}");
        count += 1;
    }
    assert_eq!(count, 7);
}
