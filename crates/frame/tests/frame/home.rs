//! Plays the home's side: a client that listens to a broker as Home Assistant does, and presses its buttons.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use picup_testkit::eventually;
use rumqttc::v5::{
    AsyncClient, Event, MqttOptions,
    mqttbytes::{QoS, v5::Packet},
};
use serde_json::Value;
use uuid::Uuid;

/// One message as it came.
#[derive(Clone, Debug)]
pub(crate) struct Message {
    pub topic: String,
    pub payload: Vec<u8>,
    /// The broker had kept it from before.
    pub retained: bool,
}

pub(crate) struct Home {
    client: AsyncClient,
    heard: Arc<Mutex<Vec<Message>>>,
    listener: tokio::task::JoinHandle<()>,
}

impl Home {
    /// Listens to everything; returns when the broker has told what it keeps.
    pub(crate) async fn listen(broker: SocketAddr) -> Self {
        Self::sign_in(broker, None).await
    }

    pub(crate) async fn sign_in(broker: SocketAddr, login: Option<(&str, &str)>) -> Self {
        let id = Uuid::now_v7().simple().to_string();
        let mut options = MqttOptions::new(id.clone(), broker.ip().to_string(), broker.port());
        options.set_max_packet_size(Some(2 << 20));
        if let Some((user, password)) = login {
            options.set_credentials(user, password);
        }
        let (client, mut events) = AsyncClient::new(options, 2000);
        let heard = Arc::<Mutex<Vec<Message>>>::default();
        let kept = heard.clone();
        let listener = tokio::spawn(async move {
            while let Ok(event) = events.poll().await {
                if let Event::Incoming(Packet::Publish(publish)) = event {
                    let topic = String::from_utf8(publish.topic.to_vec()).unwrap();
                    let payload = publish.payload.to_vec();
                    kept.lock().unwrap().push(Message { topic, payload, retained: publish.retain });
                }
            }
        });
        let home = Self { client, heard, listener };
        home.client.subscribe("#", QoS::AtLeastOnce).await.unwrap();
        // What is kept comes before what is said after the subscription.
        let echo = format!("echo/{id}");
        home.say(&echo, "here").await;
        eventually("the broker has told what it keeps", || async { home.last(&echo) }).await;
        home
    }

    pub(crate) async fn say(&self, topic: &str, payload: impl Into<Vec<u8>>) {
        self.client.publish(topic, QoS::AtLeastOnce, false, payload.into()).await.unwrap();
    }

    /// Said so that the broker keeps it.
    pub(crate) async fn leave(&self, topic: &str, payload: impl Into<Vec<u8>>) {
        self.client.publish(topic, QoS::AtLeastOnce, true, payload.into()).await.unwrap();
    }

    /// All that came so far, in order.
    pub(crate) fn heard(&self) -> Vec<Message> {
        self.heard.lock().unwrap().clone()
    }

    /// What came last from a topic with this ending.
    pub(crate) fn last(&self, ending: &str) -> Option<Message> {
        self.heard().into_iter().rev().find(|message| message.topic.ends_with(ending))
    }

    pub(crate) async fn until(&self, what: &str, ending: &str, wanted: impl Fn(&Message) -> bool) -> Message {
        eventually(what, || async { self.last(ending).filter(&wanted) }).await
    }

    /// Waits until one field of the frame's state is as wanted.
    pub(crate) async fn until_state(&self, field: &str, wanted: impl Into<Value>) {
        let wanted = wanted.into();
        let what = format!("{field} is {wanted}");
        self.until(&what, "/state", |message| message.json()[field] == wanted).await;
    }

    pub(crate) async fn until_available(&self, wanted: &str) -> Message {
        self.until(wanted, "/availability", |message| message.payload == wanted.as_bytes()).await
    }

    /// What the broker keeps of frames: the topics, with their last payloads.
    pub(crate) fn kept(&self) -> BTreeMap<String, Vec<u8>> {
        let kept = self.heard().into_iter().filter(|message| message.retained);
        kept.map(|message| (message.topic, message.payload)).collect()
    }
}

impl Message {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.payload).unwrap_or(Value::Null)
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        self.listener.abort();
    }
}
