//! What every backend does with the jobs of one home.

use picup_api::{PhotoId, photo::Rendition};
use picup_server::domain::job::LibraryJob;
use picup_testkit::eventually;
use uuid::Uuid;

use crate::stage::{
    Backend, done, in_library, job, jobs, library_of, run, until_no_jobs, until_ready, upload,
};

on_both! {
    a_committed_job_runs_once_and_one_rolled_back_never,
    a_failed_job_is_tried_again_later,
    the_last_attempt_ends_in_the_dead_letter_list_with_its_reason,
    a_dead_job_runs_again_when_it_is_retried_and_is_gone_when_it_is_dropped,
    a_job_whose_process_ends_each_time_is_given_up,
    what_a_killed_server_had_in_hand_is_done_by_the_next,
    a_server_that_stops_finishes_the_jobs_in_hand,
}

/// A job that succeeds at once: its photo was never there.
fn harmless() -> LibraryJob {
    LibraryJob::RenderOne { photo: PhotoId(Uuid::now_v7()), family: None, rendition: Rendition::Thumb }
}

async fn a_committed_job_runs_once_and_one_rolled_back_never(backend: Backend) {
    let server = backend.home().await;
    let library = library_of(&server).await;
    let mut rolled_back = library.begin().await.unwrap();
    rolled_back.enqueue(&harmless(), 0).await.unwrap();
    drop(rolled_back);
    for count in 1..=3 {
        let mut committed = library.begin().await.unwrap();
        committed.enqueue(&harmless(), 0).await.unwrap();
        committed.commit().await.unwrap();
        // Later ones count those before: had one of them run twice, there would be too many.
        eventually("the job ran", || async { (done(&server, "render_one").await >= count).then_some(()) })
            .await;
        until_no_jobs(&server).await;
        assert_eq!(done(&server, "render_one").await, count);
    }
}

/// A job no release knows, as a newer one leaves it, that has failed `attempts` times.
async fn add_failing_job(server: &picup_testkit::TestServer, attempts: u32) -> Uuid {
    use sqlx::{Connection, SqliteConnection};
    let url = format!("sqlite://{}", server.data_dir().join("library.db").display());
    let mut library = SqliteConnection::connect(&url).await.unwrap();
    let id = Uuid::now_v7();
    sqlx::query(
        "INSERT INTO jobs (id, kind, payload, run_at, attempts, created_at) \
         VALUES (?, 'invented_tomorrow', '{\"kind\":\"invented_tomorrow\"}', 0, ?, 0)",
    )
    .bind(id)
    .bind(attempts)
    .execute(&mut library)
    .await
    .unwrap();
    library.close().await.unwrap();
    id
}

async fn a_failed_job_is_tried_again_later(backend: Backend) {
    let server = backend.home().await;
    let id = add_failing_job(&server, 0).await;
    let twice = || async { job(&server, "waiting", id).await.filter(|job| job["attempts"] == 2) };
    let failed = eventually("the job failed twice", twice).await;
    assert!(
        failed["last_error"].as_str().unwrap().starts_with("this build does not know the job"),
        "{failed}"
    );
    assert_eq!(failed["state"], "waiting");
    assert_eq!(jobs(&server, "dead").await, [] as [serde_json::Value; 0]);
}

async fn the_last_attempt_ends_in_the_dead_letter_list_with_its_reason(backend: Backend) {
    let server = backend.home().await;
    let id = add_failing_job(&server, 11).await;
    let dead = eventually("the job is dead", || job(&server, "dead", id)).await;
    assert_eq!(dead["attempts"], 12);
    assert_eq!(dead["state"], "dead");
    assert_eq!(dead["database"], "library");
    assert_eq!(dead["job"]["kind"], "invented_tomorrow");
    assert!(dead["last_error"].as_str().unwrap().starts_with("this build does not know the job"), "{dead}");
}

async fn a_dead_job_runs_again_when_it_is_retried_and_is_gone_when_it_is_dropped(backend: Backend) {
    let server = backend.home().await;
    let id = add_failing_job(&server, 11).await;
    eventually("the job is dead", || job(&server, "dead", id)).await;
    let retried = run(&server, &["admin", "jobs", "retry", &id.to_string()]).await;
    assert_eq!(retried["retried"][0], id.to_string());
    // Found and changed by one statement: two seconds later it is tried a second time. A message that was published
    // before would not be about it any more.
    let statement = "UPDATE jobs SET attempts = 11, published_until = 0 \
                     WHERE kind = 'invented_tomorrow' AND attempts = 1 AND leased_until = 0";
    let again = || async { (in_library(&server, statement).await == 1).then_some(()) };
    eventually("it flows again, with a clean count", again).await;
    eventually("it is dead again", || job(&server, "dead", id)).await;
    let dropped = run(&server, &["admin", "jobs", "drop", &id.to_string()]).await;
    assert_eq!(dropped["dropped"][0], id.to_string());
    until_no_jobs(&server).await;
}

async fn a_job_whose_process_ends_each_time_is_given_up(backend: Backend) {
    let mut server = backend.home().await;
    let id = add_failing_job(&server, 0).await;
    eventually("it was taken", || async {
        job(&server, "waiting", id).await.filter(|job| job["attempts"] != 0)
    })
    .await;
    // As five killed servers leave it. No message stands for a job that was taken.
    server.kill9().await;
    let statement = "UPDATE jobs SET leased_until = 4102444800000, losses = 4, run_at = 0, published_until = 0 \
                     WHERE kind = 'invented_tomorrow'";
    assert_eq!(in_library(&server, statement).await, 1);
    server.start_again().await;
    // Killed in its very first attempt, it has no error yet.
    let is_lost = |job: &serde_json::Value| {
        job["last_error"].as_str().is_some_and(|error| error.contains("5 times in a row"))
    };
    let lost = || async { job(&server, "waiting", id).await.filter(is_lost) };
    eventually("the loss is noted", lost).await;
    server.kill9().await;
    let statement = "UPDATE jobs SET leased_until = 4102444800000, losses = 5, run_at = 0, published_until = 0 \
                     WHERE kind = 'invented_tomorrow'";
    assert_eq!(in_library(&server, statement).await, 1);
    server.start_again().await;
    let dead = eventually("the job is dead", || job(&server, "dead", id)).await;
    assert!(dead["last_error"].as_str().unwrap().contains("6 times in a row"), "{dead}");
}

async fn what_a_killed_server_had_in_hand_is_done_by_the_next(backend: Backend) {
    let mut server = backend.home().await;
    let people = server.family().await;
    let photos = upload(&people, 0..6).await;
    server.restart().await;
    let more = upload(&people, 6..8).await;
    until_ready(&people.owner, &[photos, more].concat()).await;
    until_no_jobs(&server).await;
}

async fn a_server_that_stops_finishes_the_jobs_in_hand(backend: Backend) {
    let mut server = backend.home().await;
    let people = server.family().await;
    let photos = upload(&people, 0..6).await;
    assert!(server.stop().await.success());
    assert_eq!(in_library(&server, "UPDATE jobs SET losses = losses WHERE leased_until > 0").await, 0);
    server.start_again().await;
    until_ready(&people.owner, &photos).await;
    until_no_jobs(&server).await;
}
