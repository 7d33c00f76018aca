//! Messages that RabbitMQ gives up: their jobs are in the same list as all others.

use futures::StreamExt;
use lapin::{
    Connection, ConnectionProperties,
    options::{BasicConsumeOptions, BasicNackOptions, BasicQosOptions},
    types::FieldTable,
};
use picup_testkit::{daemons::RabbitMq, eventually};

use crate::stage::{jobs, run, until_no_jobs, until_ready, upload};

/// Workers that take each message of a queue and put it back, until there are none.
async fn refuse_everything(rabbit: &RabbitMq, queue: &str) {
    let connection = Connection::connect(&rabbit.url(), ConnectionProperties::default()).await.unwrap();
    let channel = connection.create_channel().await.unwrap();
    channel.basic_qos(1, BasicQosOptions::default()).await.unwrap();
    let consuming =
        channel.basic_consume(queue.into(), "".into(), BasicConsumeOptions::default(), FieldTable::default());
    let mut messages = consuming.await.unwrap();
    let put_back = BasicNackOptions { requeue: true, ..BasicNackOptions::default() };
    let mut refused = 0;
    // RabbitMQ counts the returns of a message, and the one above the limit takes it away.
    while refused <= 20 {
        messages.next().await.unwrap().unwrap().nack(put_back).await.unwrap();
        refused += 1;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn failure_24_a_message_no_worker_can_take_ends_in_the_list_and_can_be_replayed() {
    let rabbit = RabbitMq::start().await;
    let front = picup_testkit::TestServer::builder().queue(&rabbit).mariadb();
    let front = front.arg("--roles").arg("accounts,library").start().await;
    let people = front.family().await;
    let photos = upload(&people, 0..1).await;
    refuse_everything(&rabbit, "picup.render").await;
    let _worker = front.another("worker").await;
    let dead = || async { jobs(&front, "dead").await.into_iter().next() };
    let dead = eventually("the job is in the list", dead).await;
    assert_eq!(dead["job"]["kind"], "render");
    assert!(dead["last_error"].as_str().unwrap().starts_with("RabbitMQ gave its message"), "{dead}");
    run(&front, &["admin", "jobs", "retry"]).await;
    until_ready(&people.owner, &photos).await;
    until_no_jobs(&front).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_nobody_can_read_stops_no_worker() {
    let rabbit = RabbitMq::start().await;
    let server = picup_testkit::TestServer::builder().queue(&rabbit).own_databases().start().await;
    let people = server.family().await;
    let connection = Connection::connect(&rabbit.url(), ConnectionProperties::default()).await.unwrap();
    let channel = connection.create_channel().await.unwrap();
    for _ in 0..30 {
        let options = lapin::options::BasicPublishOptions::default();
        let properties = lapin::BasicProperties::default();
        channel
            .basic_publish("picup.jobs".into(), "render".into(), options, b"nonsense", properties)
            .await
            .unwrap();
    }
    let photos = upload(&people, 0..1).await;
    until_ready(&people.owner, &photos).await;
}
