//! Nonsense for every route: whatever comes, the fault is named and never ours.
//!
//! Deterministic and bounded: the same few thousand requests each time.

use picup_testkit::TestServer;
use reqwest::RequestBuilder;
use serde_json::{Map, Value, json};

use crate::{
    calls::{Caller, body},
    route::{Route, Scope},
    routes,
    world::World,
};

const BODIES_PER_ROUTE: u64 = 24;

/// xorshift64* (Vigna 2016): enough to be varied, and the same everywhere.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % sides
    }

    fn nonsense(&mut self) -> Value {
        let texts =
            ["", "\u{0}", "\u{202e}x\u{feff}", "'; DROP TABLE photos; --", "../../etc/passwd", "👪", "ﷺ"];
        match self.roll(12) {
            0 => Value::Null,
            1 => json!(-1),
            2 => json!(u64::MAX),
            3 => json!(1e308),
            4 => json!([]),
            5 => json!({ "kind": "show_photo" }),
            6 => json!("x".repeat(100_000)),
            7 => json!(vec!["00000000-0000-0000-0000-000000000000"; 5000]),
            8 => json!("9999-99-99T99:99:99Z"),
            9 => (0..100).fold(json!(1), |inner, _| json!([inner])),
            10 => json!(true),
            _ => json!(texts[self.roll(texts.len())]),
        }
    }

    /// A body with one thing wrong somewhere.
    fn spoil(&mut self, value: &mut Value) {
        match value {
            Value::Object(fields) if !fields.is_empty() => self.spoil_fields(fields),
            Value::Array(items) if !items.is_empty() && self.roll(3) > 0 => {
                let chosen = self.roll(items.len());
                self.spoil(&mut items[chosen]);
            }
            other => *other = self.nonsense(),
        }
    }

    fn spoil_fields(&mut self, fields: &mut Map<String, Value>) {
        let name = fields.keys().nth(self.roll(fields.len())).cloned().unwrap_or_default();
        match self.roll(6) {
            0 => drop(fields.remove(&name)),
            1 => drop(fields.insert("of_tomorrow".into(), self.nonsense())),
            2 | 3 => drop(fields.insert(name, self.nonsense())),
            _ => self.spoil(&mut fields[&name]),
        }
    }
}

fn caller_for(route: &Route) -> Caller {
    match route.scope() {
        Scope::Public => Caller::Nobody,
        _ if route.is_for_frames() => Caller::Frame,
        _ => Caller::Owner,
    }
}

async fn complain(wrong: &mut Vec<String>, what: String, request: RequestBuilder) {
    let response = request.send().await.unwrap();
    if response.status().is_server_error() && response.status() != 503 {
        wrong.push(format!("{what}: {} {}", response.status(), response.text().await.unwrap_or_default()));
    }
}

#[tokio::test]
async fn nonsense_in_bodies_is_refused_and_never_a_fault_of_the_server() {
    let server = TestServer::start().await;
    let world = World::build(&server).await;
    let mut wrong = Vec::new();
    for route in routes(&world).await {
        let Some(schema) = route.body.as_deref() else { continue };
        for seed in 1..=BODIES_PER_ROUTE {
            let mut spoiled = body(schema, &world.ids);
            Dice(seed * 7919).spoil(&mut spoiled);
            let request = world.request(&route.method, &route.address(&world.ids), caller_for(&route)).await;
            let what = format!("{route} {}", spoiled.to_string().chars().take(200).collect::<String>());
            complain(&mut wrong, what, request.json(&spoiled)).await;
        }
        for text in ["", "{", "[]", "null", "\"\\ud800\"", "{\"a\":1e999}", "\u{feff}{}"] {
            let request = world.request(&route.method, &route.address(&world.ids), caller_for(&route)).await;
            let request = request.header("content-type", "application/json").body(text);
            complain(&mut wrong, format!("{route} {text:?}"), request).await;
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn nonsense_in_addresses_is_refused_and_never_a_fault_of_the_server() {
    let server = TestServer::start().await;
    let world = World::build(&server).await;
    let queries = [
        "limit=0",
        "limit=-1",
        "limit=99999999999999999999",
        "limit=x",
        "cursor=%00",
        "cursor=%F0%9F%91%AA",
        "after=-1",
        "after=18446744073709551615",
        "taken_from=9999-99-99",
        "taken_to=x",
        "album=x",
        "uploader=%27",
        "text=%25%25%25",
        "text=%27%22%3B--",
        "hearted=maybe",
        "kind=of_tomorrow",
        "date=0000-00-00",
        "family=x",
        "e=99999999999999999999&s=%FF",
        "=&=&&&",
        "limit=1&limit=2",
    ];
    let ids = [
        "x",
        "%00",
        "..%2F..%2Fetc",
        "%FF%FE",
        "00000000-0000-0000-0000-000000000000",
        "2024-13",
        "999999-99",
    ];
    let mut wrong = Vec::new();
    for route in routes(&world).await.iter().filter(|route| route.method == "GET") {
        let address = route.address(&world.ids);
        let plain = address.split('?').next().unwrap_or_default();
        let with_queries = queries.iter().map(|query| format!("{plain}?{query}"));
        let filled = |id: &str| {
            let segments =
                route.path.split('/').map(|segment| if segment.starts_with('{') { id } else { segment });
            segments.collect::<Vec<_>>().join("/")
        };
        for address in with_queries.chain(ids.iter().map(|id| filled(id))) {
            let request = world.request("GET", &address, caller_for(route)).await;
            complain(&mut wrong, format!("GET {address}"), request).await;
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
