//! What changes about a frame, as Home Assistant reads it.
//!
//! Pure. Nothing personal is in the state: what is on is told by its id. Caption and date are a message of their own.

use picup_api::{
    frame::Heartbeat,
    screen::{ScreenStatus, Slide},
    time::{Precision, TakenAt},
};
use serde_json::{Value, json};

/// How the frame is at one moment.
pub(super) struct Report {
    pub status: ScreenStatus,
    pub heartbeat: Heartbeat,
    /// Percent.
    pub light: u8,
}

pub(super) fn state(report: &Report) -> Value {
    let Report { status, heartbeat, light } = report;
    json!({
        "screen": on_or_off(!status.asleep),
        "slideshow": on_or_off(!heartbeat.paused),
        "brightness": light,
        "message": "",
        "state": status.state,
        "photos_cached": heartbeat.photos_cached,
        "inbox_waiting": heartbeat.inbox_waiting,
        "disk_free": tenths(heartbeat.disk_free_bytes as f64 / 1e9),
        "temperature": heartbeat.temperature_celsius.map(|degrees| degrees.round()),
        "trouble": trouble(heartbeat),
        "version": heartbeat.version,
        "online": on_or_off(status.sync.online),
        "now_showing": heartbeat.now_showing,
    })
}

/// What a family says of a photo. Only for a home that asked for it.
pub(super) fn showing(slide: Option<&Slide>) -> Value {
    slide.map_or(json!({}), |slide| json!({ "caption": slide.caption, "taken": taken(&slide.taken_at) }))
}

fn on_or_off(on: bool) -> &'static str {
    if on { "ON" } else { "OFF" }
}

fn tenths(number: f64) -> f64 {
    (number * 10.0).round() / 10.0
}

/// The gravest first; at most what a state of Home Assistant holds.
fn trouble(heartbeat: &Heartbeat) -> String {
    let names = heartbeat.troubles.iter().filter_map(|trouble| serde_json::to_value(trouble).ok());
    let names: Vec<String> = names.filter_map(|name| name.as_str().map(str::to_owned)).collect();
    match names.is_empty() {
        true => "none".to_owned(),
        false => names.join(", ").chars().take(255).collect(),
    }
}

/// As much of the date as is known: `2024-05-01`, `2024-05`, `2024`, `1980s`.
fn taken(at: &TakenAt) -> Option<String> {
    let length = match at.precision {
        Precision::Exact | Precision::Day => 10,
        Precision::Month => 7,
        Precision::Year => 4,
        Precision::Decade => 3,
        Precision::Unknown => return None,
    };
    let known = at.local.get(..length)?;
    Some(if at.precision == Precision::Decade { format!("{known}0s") } else { known.to_owned() })
}

#[cfg(test)]
mod tests {
    use picup_api::screen::Trouble;

    use super::*;

    fn heartbeat() -> Heartbeat {
        serde_json::from_value(json!({
            "version": "1.2.3", "now_showing": null, "paused": true, "inbox_waiting": 2, "inbox_set_aside": 0,
            "photos_cached": 40, "cache_bytes": 1, "disk_free_bytes": 12_345_678_901_u64,
            "temperature_celsius": 51.6, "panel_width": 1, "panel_height": 1, "last_error": null,
        }))
        .unwrap()
    }

    fn status() -> ScreenStatus {
        serde_json::from_value(json!({
            "state": "showing", "pairing": null, "now_showing": null,
            "inbox": { "waiting": 0, "sending": 2, "sent": 0, "set_aside": [], "paused_because": null },
            "sync": { "online": true, "photos_wanted": 40, "photos_cached": 40, "downloads_paused_because": null },
            "settings": {
                "seconds_per_photo": 15, "fill": "blur", "locale": "ko", "motion": false, "clock": true,
                "larger_text": false,
            },
            "paused": true, "asleep": false, "brightness": 80, "clock_is_set": true, "birthdays": [], "troubles": [],
            "version": "1.2.3",
        }))
        .unwrap()
    }

    #[test]
    fn the_state_is_in_home_assistants_words() {
        let told = state(&Report { status: status(), heartbeat: heartbeat(), light: 80 });
        let expected = json!({
            "screen": "ON", "slideshow": "OFF", "brightness": 80, "message": "", "state": "showing",
            "photos_cached": 40, "inbox_waiting": 2, "disk_free": 12.3, "temperature": 52.0, "trouble": "none",
            "version": "1.2.3", "online": "ON", "now_showing": null,
        });
        assert_eq!(told, expected);
    }

    #[test]
    fn troubles_are_named_the_gravest_first() {
        let troubles = vec![Trouble::DiskFull, Trouble::Offline];
        assert_eq!(trouble(&Heartbeat { troubles, ..heartbeat() }), "disk_full, offline");
    }

    #[test]
    fn a_date_is_told_as_far_as_it_is_known() {
        let at = |precision| taken(&TakenAt { local: "1987-06-05T04:03:02".into(), precision, offset: None });
        assert_eq!(at(Precision::Exact).as_deref(), Some("1987-06-05"));
        assert_eq!(at(Precision::Month).as_deref(), Some("1987-06"));
        assert_eq!(at(Precision::Year).as_deref(), Some("1987"));
        assert_eq!(at(Precision::Decade).as_deref(), Some("1980s"));
        assert_eq!(at(Precision::Unknown), None);
        let broken = TakenAt { local: "1".into(), precision: Precision::Day, offset: None };
        assert_eq!(taken(&broken), None);
    }
}
