//! Several processes of one cluster.

use picup_testkit::{TestServer, eventually, pause, resume};

use crate::stage::{Backend, done, until_no_jobs, until_ready, upload};

on_both! {
    two_workers_run_each_job_once,
    failure_26_what_a_killed_worker_had_in_hand_is_done_by_another,
}

async fn two_workers_run_each_job_once(backend: Backend) {
    let front = backend.front().await;
    let people = front.family().await;
    let workers = [front.another("worker").await, front.another("worker").await];
    let photos = upload(&people, 0..20).await;
    until_ready(&people.owner, &photos).await;
    until_no_jobs(&front).await;
    let rendered = [done(&workers[0], "render").await, done(&workers[1], "render").await];
    assert_eq!(rendered.iter().sum::<u64>(), 20, "{rendered:?}");
}

async fn failure_26_what_a_killed_worker_had_in_hand_is_done_by_another(backend: Backend) {
    let front = backend.front().await;
    let people = front.family().await;
    let photos = upload(&people, 0..12).await;
    let mut killed = front.another("worker").await;
    eventually("a picture is being made", || async {
        // It stands still while it is looked at, else it may have made them all before it is killed.
        pause(killed.pid());
        let is_busy = in_hand(&front).await > 0;
        if !is_busy {
            resume(killed.pid());
        }
        is_busy.then_some(())
    })
    .await;
    killed.kill9().await;
    let held = in_hand(&front).await;
    let _other = front.another("worker").await;
    until_ready(&people.owner, &photos).await;
    until_no_jobs(&front).await;
    assert!(held > 0, "it was killed too late: nothing was in hand");
}

/// Rendering jobs that somebody has taken.
async fn in_hand(server: &TestServer) -> u64 {
    let statement = "SELECT COUNT(*) FROM library.jobs WHERE kind = 'render' AND leased_until > 0";
    server.databases().unwrap().server.sql(statement).await.parse().unwrap()
}
