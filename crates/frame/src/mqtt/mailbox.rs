//! What a broker is told and keeps. The same is not said twice on one connection.

use std::collections::BTreeMap;

use rumqttc::v5::{
    AsyncClient,
    mqttbytes::{
        QoS,
        v5::{Filter, RetainForwardRule},
    },
};
use tokio::sync::watch;
use tracing::warn;

/// Bytes of a packet besides topic and payload, and some more.
const ENVELOPE: usize = 64;

pub(super) struct Mailbox {
    client: AsyncClient,
    /// What the broker keeps under each topic.
    kept: BTreeMap<String, Vec<u8>>,
    sent: u32,
    acknowledged: watch::Receiver<u32>,
    /// Bytes of the largest packet the broker takes.
    largest: Option<u32>,
    refused: bool,
}

impl Mailbox {
    pub(super) fn new(client: AsyncClient, acknowledged: watch::Receiver<u32>, largest: Option<u32>) -> Self {
        Self { client, kept: BTreeMap::new(), sent: 0, acknowledged, largest, refused: false }
    }

    /// Asks to hear what is said there from now on.
    pub(super) async fn subscribe(&self, topic: String) {
        let mut filter = Filter::new(topic, QoS::AtLeastOnce);
        filter.retain_forward_rule = RetainForwardRule::Never;
        // Fails when the connection has ended, which is noticed elsewhere; as below.
        let _ = self.client.subscribe_many([filter]).await;
    }

    /// The broker keeps it for whoever comes later; nothing at all is kept of an empty one.
    pub(super) async fn put(&mut self, topic: &str, payload: Vec<u8>) {
        if self.kept.get(topic) == Some(&payload) || !self.is_taken(topic, &payload) {
            return;
        }
        self.kept.insert(topic.to_owned(), payload.clone());
        self.sent += 1;
        let _ = self.client.publish(topic, QoS::AtLeastOnce, true, payload).await;
    }

    /// A broker ends the connection over a packet that is too large for it.
    fn is_taken(&mut self, topic: &str, payload: &[u8]) -> bool {
        let bytes = topic.len() + payload.len() + ENVELOPE;
        let taken = self.largest.is_none_or(|largest| bytes <= largest as usize);
        if !taken && !std::mem::replace(&mut self.refused, true) {
            warn!(bytes, largest = self.largest, "the broker takes no message that large");
        }
        taken
    }

    /// Waits until the broker has everything.
    pub(super) async fn settled(&mut self) {
        let sent = self.sent;
        // Fails when the connection has ended.
        let _ = self.acknowledged.wait_for(|count| *count >= sent).await;
    }
}
