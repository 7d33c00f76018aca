//! The queue of one test: the tables, or with `PICUP_TEST_QUEUE=rabbitmq` a real RabbitMQ of its own.
//!
//! The tests of a home are the same for both; only this asks.

use crate::daemons::RabbitMq;

pub struct TestQueue(RabbitMq);

impl TestQueue {
    /// None for the tables. Panics for a word it does not know: a misspelt one would test nothing.
    pub async fn from_environment() -> Option<Self> {
        match std::env::var("PICUP_TEST_QUEUE").as_deref() {
            Err(_) | Ok("tables") => None,
            Ok("rabbitmq") => Some(Self(RabbitMq::start().await)),
            Ok(other) => panic!("PICUP_TEST_QUEUE is tables or rabbitmq, not {other}"),
        }
    }

    /// For the environment of `picup-server`.
    pub fn setting(&self) -> (String, String) {
        ("PICUP__QUEUE__URL".into(), self.0.url())
    }
}
