//! RabbitMQ stops, hangs, forgets everything, or is tampered with: no job is lost.

use std::collections::BTreeMap;

use lapin::{Connection, ConnectionProperties, options::QueueDeleteOptions};
use picup_testkit::{TestServer, daemons::RabbitMq, eventually, newcomer};

use crate::stage::{counted, done, jobs, until_no_jobs, until_ready, upload};

/// One process that has all roles.
async fn home(rabbit: &RabbitMq) -> TestServer {
    TestServer::builder().queue(rabbit).own_databases().start().await
}

/// One that only serves requests: messages wait.
async fn front(rabbit: &RabbitMq) -> TestServer {
    TestServer::builder().queue(rabbit).mariadb().arg("--roles").arg("accounts,library").start().await
}

async fn until_confirmed(server: &TestServer, queue: &str, messages: u64) {
    let labels = [format!("queue=\"{queue}\""), "outcome=\"confirmed\"".to_owned()];
    let confirmed = || async {
        let labels = [labels[0].as_str(), labels[1].as_str()];
        (counted(server, "jobs_published_total", &labels).await >= messages).then_some(())
    };
    eventually("RabbitMQ has confirmed the messages", confirmed).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn failure_24_uploads_go_on_while_rabbitmq_is_stopped_and_are_rendered_afterwards() {
    let mut rabbit = RabbitMq::start().await;
    let server = home(&rabbit).await;
    let people = server.family().await;
    let before = upload(&people, 0..2).await;
    until_ready(&people.owner, &before).await;
    rabbit.stop().await;
    let meanwhile = upload(&people, 2..6).await;
    assert!(jobs(&server, "waiting").await.len() >= 4, "the outbox keeps them");
    rabbit.start_again().await;
    until_ready(&people.owner, &meanwhile).await;
    until_no_jobs(&server).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn failure_24_a_server_starts_without_rabbitmq() {
    let mut rabbit = RabbitMq::start().await;
    rabbit.kill9();
    let server = home(&rabbit).await;
    let people = server.family().await;
    let photos = upload(&people, 0..2).await;
    rabbit.start_again().await;
    until_ready(&people.owner, &photos).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn failure_24_uploads_go_on_while_rabbitmq_hangs_and_are_rendered_afterwards() {
    let rabbit = RabbitMq::start().await;
    let server = home(&rabbit).await;
    let people = server.family().await;
    let before = upload(&people, 0..2).await;
    until_ready(&people.owner, &before).await;
    rabbit.pause();
    let meanwhile = upload(&people, 2..6).await;
    // Longer than a message may take to be confirmed: the connection is given up.
    tokio::time::sleep(std::time::Duration::from_secs(15)).await;
    rabbit.resume();
    until_ready(&people.owner, &meanwhile).await;
    until_no_jobs(&server).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn failure_24_a_rabbitmq_that_lost_everything_loses_no_job() {
    let mut rabbit = RabbitMq::start().await;
    let server = front(&rabbit).await;
    let people = server.family().await;
    let photos = upload(&people, 0..5).await;
    until_confirmed(&server, "render", 5).await;
    rabbit.kill9();
    rabbit.lose_data();
    rabbit.start_again().await;
    let _worker = server.another("worker").await;
    until_ready(&people.owner, &photos).await;
    until_no_jobs(&server).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_queue_deleted_by_hand_is_declared_again_and_its_jobs_run() {
    let rabbit = RabbitMq::start().await;
    let server = front(&rabbit).await;
    let people = server.family().await;
    let mut photos = upload(&people, 0..2).await;
    until_confirmed(&server, "render", 2).await;
    // Not by rabbitmqctl, which needs as long to start as there is between two looks.
    let connection = Connection::connect(&rabbit.url(), ConnectionProperties::default()).await.unwrap();
    let channel = connection.create_channel().await.unwrap();
    // Right after a look at the queues: the next one, in ten seconds, would find the loss before the message does.
    eventually("the queues were looked at", || async {
        (counted(&server, "queue_messages", &["queue=\"render\""]).await == 2).then_some(())
    })
    .await;
    channel.queue_delete("picup.render".into(), QueueDeleteOptions::default()).await.unwrap();
    photos.extend(upload(&people, 2..3).await);
    // Both that were lost with the queue, and the one that came back.
    until_confirmed(&server, "render", 5).await;
    let labels = ["queue=\"render\"", "outcome=\"returned\""];
    assert_eq!(counted(&server, "jobs_published_total", &labels).await, 1);
    let _worker = server.another("worker").await;
    until_ready(&people.owner, &photos).await;
    until_no_jobs(&server).await;
}

/// Ready messages, by the queues that have some.
async fn ready(rabbit: &RabbitMq) -> BTreeMap<String, u64> {
    let listed = rabbit.tool("rabbitmqctl", &["list_queues", "--silent", "name", "messages_ready"]).await;
    assert!(listed.status.success(), "{}", String::from_utf8_lossy(&listed.stderr));
    let text = String::from_utf8(listed.stdout).unwrap();
    let lines = text.lines().filter_map(|line| line.split_once('\t'));
    lines
        .map(|(name, count)| (name.to_owned(), count.parse().unwrap()))
        .filter(|(_, count)| *count > 0)
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_failed_job_waits_in_the_queue_of_its_wait_and_is_given_to_its_workers_by_rabbitmq() {
    let rabbit = RabbitMq::start().await;
    let server = front(&rabbit).await;
    let failed = "INSERT INTO library.jobs (id, kind, payload, run_at, attempts, created_at) VALUES \
                  (UNHEX(REPEAT('ab', 16)), 'invented_tomorrow', '{\"kind\":\"invented_tomorrow\"}', \
                  UNIX_TIMESTAMP(NOW(3)) * 1000 + 16000, 4, 0)";
    server.databases().unwrap().server.sql(failed).await;
    // What it causes wakes the relay, as the failure of a job does.
    newcomer(&server.base_url()).await;
    until_confirmed(&server, "retry", 1).await;
    // RabbitMQ counts every five seconds.
    eventually("it waits", || async { ready(&rabbit).await.contains_key("picup.retry.16s").then_some(()) })
        .await;
    eventually("its wait is over", || async {
        let ready = ready(&rabbit).await;
        (!ready.contains_key("picup.retry.16s") && ready.get("picup.library") == Some(&1)).then_some(())
    })
    .await;
    assert_eq!(
        counted(&server, "jobs_published_total", &["queue=\"library\""]).await,
        0,
        "by RabbitMQ alone"
    );
    let worker = server.another("worker").await;
    let failures = ["kind=\"invented_tomorrow\"", "status=\"failed\""];
    eventually("a worker has it", || async {
        (counted(&worker, "jobs_total", &failures).await == 1).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn messages_that_are_gone_without_a_trace_are_sent_again_when_their_time_is_over() {
    let rabbit = RabbitMq::start().await;
    let server = front(&rabbit).await;
    let people = server.family().await;
    let photos = upload(&people, 0..3).await;
    until_confirmed(&server, "render", 3).await;
    let purged = rabbit.tool("rabbitmqctl", &["purge_queue", "picup.render"]).await;
    assert!(purged.status.success(), "{}", String::from_utf8_lossy(&purged.stderr));
    let worker = server.another("worker").await;
    assert_eq!(done(&worker, "render").await, 0, "nobody knows of them");
    // As an hour later.
    let statement = "UPDATE library.jobs SET published_until = 1 WHERE published_until > 0";
    server.databases().unwrap().server.sql(statement).await;
    until_ready(&people.owner, &photos).await;
    until_no_jobs(&server).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn workers_of_a_queue_deleted_by_hand_come_back() {
    let rabbit = RabbitMq::start().await;
    let server = home(&rabbit).await;
    let people = server.family().await;
    let before = upload(&people, 0..1).await;
    until_ready(&people.owner, &before).await;
    let deleted = rabbit.tool("rabbitmqctl", &["delete_queue", "picup.render"]).await;
    assert!(deleted.status.success(), "{}", String::from_utf8_lossy(&deleted.stderr));
    let after = upload(&people, 1..3).await;
    until_ready(&people.owner, &after).await;
}
