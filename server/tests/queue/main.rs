//! Jobs: the same checks in the tables and through a real RabbitMQ, and what RabbitMQ alone can do wrong.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

/// Makes a test of each check, once for either backend.
macro_rules! on_both {
    ($($check:ident),+ $(,)?) => {
        mod in_tables {
            use crate::stage::Backend;
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $check() {
                super::$check(Backend::tables()).await;
            })+
        }
        mod through_rabbitmq {
            use crate::stage::Backend;
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $check() {
                super::$check(Backend::rabbitmq().await).await;
            })+
        }
    };
}

mod broker;
mod conformance;
mod dead_letters;
mod erasure;
mod stage;
mod workers;
