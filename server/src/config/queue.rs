//! How jobs reach the workers: they look into the tables, or RabbitMQ tells them.

use lapin::uri::{AMQPScheme, AMQPUri};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use super::{ConfigProblem, databases::without_any_password, problem};

/// Short enough that a broker that hangs is taken for one that is away within half a minute.
const HEARTBEAT_SECONDS: u16 = 10;
const CONNECTS_WITHIN_MS: u64 = 10_000;

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Queue {
    /// A RabbitMQ, such as `amqp://picup:…@10.0.0.7:5672/picup`. Without one workers look into the tables.
    #[serde(serialize_with = "without_any_password")]
    pub url: Option<SecretString>,
    /// What the names of exchanges and queues begin with.
    pub prefix: String,
}

impl Default for Queue {
    fn default() -> Self {
        Self { url: None, prefix: "picup".to_owned() }
    }
}

impl Queue {
    /// The connection is not encrypted: RabbitMQ belongs in the servers' own network.
    pub(super) fn check(&self) -> Vec<ConfigProblem> {
        let mut problems = Vec::new();
        if self.url.is_some() && self.broker().is_none() {
            problems.push(problem("queue.url", "is an address like amqp://USER:PASSWORD@HOST:PORT/VHOST"));
        }
        let is_plain = |character: char| character.is_ascii_alphanumeric() || "-_.".contains(character);
        if self.prefix.is_empty() || self.prefix.len() > 100 || !self.prefix.chars().all(is_plain) {
            problems.push(problem("queue.prefix", "is one to a hundred letters, digits, dots, - or _"));
        }
        problems
    }

    /// None when there is none, or for an address that was not checked.
    pub fn broker(&self) -> Option<AMQPUri> {
        let mut broker: AMQPUri = self.url.as_ref()?.expose_secret().parse().ok()?;
        if broker.scheme != AMQPScheme::AMQP {
            return None;
        }
        broker.query.heartbeat.get_or_insert(HEARTBEAT_SECONDS);
        broker.query.connection_timeout.get_or_insert(CONNECTS_WITHIN_MS);
        Some(broker)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn queue(url: &str) -> Queue {
        Queue { url: Some(url.into()), ..Queue::default() }
    }

    #[test]
    fn a_password_is_not_shown() {
        let queue = queue("amqp://picup:geheim@rabbit:5672/picup");
        let shown = serde_json::to_string(&queue).unwrap() + &format!("{queue:?}");
        assert!(!shown.contains("geheim"), "{shown}");
        assert!(shown.contains("rabbit:5672/picup"), "{shown}");
    }

    #[test]
    fn only_addresses_that_can_be_used_are_taken() {
        assert_eq!(queue("amqp://picup:geheim@rabbit/%2f").check(), []);
        for wrong in ["amqps://rabbit", "http://rabbit", "rabbit", "amqp://rabbit?heartbeat=often"] {
            assert_eq!(queue(wrong).check()[0].setting, "queue.url", "{wrong}");
        }
        let spaced = Queue { prefix: "our photos".into(), ..Queue::default() };
        assert_eq!(spaced.check()[0].setting, "queue.prefix");
    }
}
