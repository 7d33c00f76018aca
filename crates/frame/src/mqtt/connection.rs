//! One connection to a broker: who is calling, and what is heard.
//!
//! Rule: every queue is bounded. What the home asks faster than the frame can do is left out, and never waited for.

use std::time::Duration;

use rumqttc::{
    Transport,
    v5::{
        AsyncClient, ConnectionError, Event, EventLoop, MqttOptions,
        mqttbytes::{
            QoS,
            v5::{LastWill, Packet, Publish},
        },
    },
};
use tokio::sync::{mpsc, watch};
use tracing::{debug, warn};

use super::{
    broker::Broker,
    command::{self, Wish},
    mailbox::Mailbox,
    topics::Topics,
};

/// Messages on their way, to and from the broker.
const QUEUE: u16 = 16;
const KEEP_ALIVE: Duration = Duration::from_secs(30);
/// Something is heard or sent at least once in `KEEP_ALIVE`.
const SILENCE: Duration = Duration::from_secs(90);
const CONNECT_SECONDS: u64 = 10;
/// Bytes. No command is that long; the broker keeps back what is longer.
const LONGEST_PACKET: u32 = 4096;

/// Why a connection ended, in words for the log.
#[derive(Debug, thiserror::Error)]
pub(super) enum Lost {
    #[error("{0}")]
    Broker(#[from] Box<ConnectionError>),
    #[error("encrypted connection: {0}")]
    Tunnel(#[from] std::io::Error),
    #[error("the broker has gone silent")]
    Silence,
    #[error("the broker did not greet")]
    NoGreeting,
}

/// How to call a broker on behalf of one frame.
pub(super) struct Call<'a> {
    pub broker: &'a Broker,
    pub password: Option<String>,
    pub topics: &'a Topics,
    /// The broker says that the frame is gone when it goes without a word.
    pub will: bool,
}

impl Call<'_> {
    /// By way of a socket of that name, where there is one.
    pub(super) fn options(&self, socket: Option<&str>) -> MqttOptions {
        let (host, port) = socket.map_or((self.broker.host.as_str(), self.broker.port), |name| (name, 0));
        let mut options = MqttOptions::new(&self.topics.id, host, port);
        if socket.is_some() {
            options.set_transport(Transport::Unix);
        }
        options.set_keep_alive(KEEP_ALIVE).set_connection_timeout(CONNECT_SECONDS);
        options.set_outgoing_inflight_upper_limit(QUEUE);
        options.set_max_packet_size(Some(LONGEST_PACKET)).set_receive_maximum(Some(QUEUE));
        if let Some(user) = &self.broker.user {
            options.set_credentials(user, self.password.clone().unwrap_or_default());
        }
        if self.will {
            let topic = &self.topics.availability;
            options.set_last_will(LastWill::new(topic, "offline", QoS::AtLeastOnce, true, None));
        }
        options
    }
}

/// The half that moves packets. It has to be polled for anything to be sent.
pub(super) struct Line {
    events: EventLoop,
    acknowledged: watch::Sender<u32>,
}

/// Calls, and waits for the greeting.
pub(super) async fn open(options: MqttOptions) -> Result<(Mailbox, Line), Lost> {
    let (client, mut events) = AsyncClient::new(options, QUEUE.into());
    let Event::Incoming(Packet::ConnAck(greeting)) = events.poll().await.map_err(Box::new)? else {
        return Err(Lost::NoGreeting);
    };
    let largest = greeting.properties.and_then(|properties| properties.max_packet_size);
    let (acknowledged, heard) = watch::channel(0);
    Ok((Mailbox::new(client, heard, largest), Line { events, acknowledged }))
}

impl Line {
    /// Ends with the connection.
    pub(super) async fn listen(mut self, topics: &Topics, wishes: &mpsc::Sender<Wish>) -> Lost {
        let mut told = false;
        loop {
            let event = match tokio::time::timeout(SILENCE, self.events.poll()).await {
                Err(_) => return Lost::Silence,
                Ok(Err(error)) => return Box::new(error).into(),
                Ok(Ok(event)) => event,
            };
            match event {
                Event::Incoming(Packet::PubAck(_)) => self.acknowledged.send_modify(|count| *count += 1),
                Event::Incoming(Packet::Publish(message)) => {
                    let overrun = heard(topics, &message, wishes);
                    if overrun && !told {
                        warn!("the home asks for more than the frame can do; some of it is left out");
                    }
                    told |= overrun;
                }
                _ => {}
            }
        }
    }
}

/// True when there was no room for a wish.
fn heard(topics: &Topics, message: &Publish, wishes: &mpsc::Sender<Wish>) -> bool {
    let name = str::from_utf8(&message.topic).ok().and_then(|topic| topics.command_at(topic));
    // One that the broker kept was meant for another day: a kept "restart" would never end.
    let wish = name.filter(|_| !message.retain).and_then(|name| command::parse(name, &message.payload));
    match wish {
        Some(wish) => wishes.try_send(wish).is_err(),
        None => {
            debug!("something that is no command was ignored");
            false
        }
    }
}
