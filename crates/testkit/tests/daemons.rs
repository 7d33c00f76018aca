//! The daemons of the test kit really serve, keep their data, hang on request, and leave nothing behind.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{path::Path, time::Duration};

use lapin::{
    BasicProperties, Channel, Confirmation, Connection, ConnectionProperties,
    options::{BasicGetOptions, BasicPublishOptions, ConfirmSelectOptions, QueueDeclareOptions},
    types::FieldTable,
};
use picup_testkit::{
    daemons::{MariaDb, Nginx, RabbitMq, Redis},
    eventually,
};
use redis::{AsyncCommands, AsyncConnectionConfig, aio::MultiplexedConnection};

#[tokio::test]
async fn mariadb_keeps_committed_rows_through_a_kill_and_a_stop() {
    let mut database = MariaDb::builder().server_id(7).domain_id(3).start().await;
    let url = database.database("album").await;
    assert!(url.ends_with("/album"), "{url}");
    database.sql("CREATE TABLE album.photos (id INT PRIMARY KEY); INSERT INTO album.photos VALUES (1)").await;
    database.kill9();
    assert!(database.try_sql("SELECT 1").await.is_err(), "a killed server answers nobody");
    database.start_again().await;
    database.sql("INSERT INTO album.photos VALUES (2)").await;
    database.stop().await;
    database.start_again().await;
    assert_eq!(database.sql("SELECT id FROM album.photos ORDER BY id").await, "1\n2");
    assert_eq!(database.sql("SELECT @@gtid_current_pos").await, "3-7-4", "four writes with GTIDs of its own");
    let durable = database.sql("SELECT @@innodb_flush_log_at_trx_commit, @@sync_binlog").await;
    assert_eq!(durable, "1\t1");
}

#[tokio::test]
async fn redis_keeps_its_keys_through_a_kill() {
    let mut redis = Redis::start().await;
    let mut connection = connect(&redis).await;
    let () = connection.set("photo", 1).await.unwrap();
    redis.kill9();
    assert!(connection.get::<_, i32>("photo").await.is_err());
    redis.start_again().await;
    let mut connection = connect(&redis).await;
    assert_eq!(connection.get::<_, i32>("photo").await.unwrap(), 1);
    redis.stop().await;
}

#[tokio::test]
async fn a_paused_daemon_answers_nothing_until_it_is_resumed() {
    let redis = Redis::start().await;
    let mut connection = connect(&redis).await;
    redis.pause();
    let answer = tokio::spawn(async move { connection.get::<_, Option<i32>>("photo").await });
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(!answer.is_finished(), "a stopped process has no answer");
    redis.resume();
    assert_eq!(answer.await.unwrap().unwrap(), None);
}

/// Waits for every answer, however busy the machine is.
async fn connect(redis: &Redis) -> MultiplexedConnection {
    let client = redis::Client::open(redis.url()).unwrap();
    let patient = AsyncConnectionConfig::new().set_connection_timeout(None).set_response_timeout(None);
    client.get_multiplexed_async_connection_with_config(&patient).await.unwrap()
}

#[tokio::test]
async fn rabbitmq_keeps_confirmed_messages_through_a_kill() {
    let mut rabbit = RabbitMq::start().await;
    let (_connection, channel) = open(&rabbit).await;
    let durable = QueueDeclareOptions { durable: true, ..QueueDeclareOptions::default() };
    channel.queue_declare("jobs".into(), durable, FieldTable::default()).await.unwrap();
    // It answers before its database has written that the queue was decided on: a kill in that moment takes the queue.
    rabbit.stop().await;
    rabbit.start_again().await;
    let (connection, channel) = open(&rabbit).await;
    channel.confirm_select(ConfirmSelectOptions::default()).await.unwrap();
    let persistent = BasicProperties::default().with_delivery_mode(2);
    let publish = channel.basic_publish(
        "".into(),
        "jobs".into(),
        BasicPublishOptions::default(),
        b"render",
        persistent,
    );
    assert!(matches!(publish.await.unwrap().await.unwrap(), Confirmation::Ack(_)));
    rabbit.kill9();
    drop((connection, channel));
    rabbit.start_again().await;
    // A queue may elect its leader for a moment longer.
    let message = eventually("the message is still there", || async {
        let (_connection, channel) = open(&rabbit).await;
        channel.basic_get("jobs".into(), BasicGetOptions::default()).await.ok().flatten()
    });
    assert_eq!(message.await.data, b"render");
    let listed = rabbit.tool("rabbitmqctl", &["--quiet", "list_queues", "name"]).await;
    assert!(String::from_utf8_lossy(&listed.stdout).contains("jobs"));
    rabbit.stop().await;
}

async fn open(rabbit: &RabbitMq) -> (Connection, Channel) {
    let connection = Connection::connect(&rabbit.url(), ConnectionProperties::default()).await.unwrap();
    let channel = connection.create_channel().await.unwrap();
    (connection, channel)
}

#[tokio::test]
async fn nginx_serves_its_configuration_and_takes_another_while_running() {
    let site = |text: &str| format!("server {{ listen $LISTEN; location / {{ return 200 '{text}'; }} }}");
    let mut nginx = Nginx::start(&site("one")).await;
    assert_eq!(get(&nginx).await, Some("one".into()));
    nginx.reload(&site("two"));
    eventually("the other configuration", || async { (get(&nginx).await? == "two").then_some(()) }).await;
    nginx.stop().await;
    assert_eq!(get(&nginx).await, None);
    nginx.start_again().await;
    assert_eq!(get(&nginx).await, Some("two".into()));
}

async fn get(nginx: &Nginx) -> Option<String> {
    reqwest::get(nginx.url()).await.ok()?.text().await.ok()
}

#[tokio::test]
async fn nothing_is_left_of_a_dropped_daemon() {
    let redis = Redis::start().await;
    let (process, address) = (format!("/proc/{}", redis.pid()), redis.address());
    assert!(Path::new(&process).exists());
    drop(redis);
    assert!(!Path::new(&process).exists());
    assert!(tokio::net::TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn a_daemon_ends_when_its_test_panics() {
    let (sender, started) = tokio::sync::oneshot::channel();
    let test = tokio::spawn(async move {
        let redis = Redis::start().await;
        sender.send(redis.pid()).unwrap();
        panic!("as a failing test does");
    });
    let process = format!("/proc/{}", started.await.unwrap());
    assert!(test.await.unwrap_err().is_panic());
    assert!(!Path::new(&process).exists());
}
