//! Deploying under load: every process is exchanged, and more are added, without a failed request.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use picup_testkit::{MemberRole, TestCluster};
use reqwest::{Method, StatusCode};
use serde_json::json;
use tokio::task::JoinSet;

use crate::tus::{Tus, photo, photo_of};

/// What the load asked for and what came of it.
#[derive(Default)]
struct Tally {
    browsed: AtomicU64,
    written: AtomicU64,
    uploaded: AtomicU64,
}

/// Reads, writes and uploads without ever trying again, until it is told to stop.
async fn load(tus: Arc<Tus>, user: u64, tally: Arc<Tally>, enough: Arc<AtomicBool>) {
    let mut number = 0;
    while !enough.load(Ordering::Relaxed) {
        number += 1;
        let albums = format!("/v1/families/{}/albums", tus.family);
        let read = tus.request(Method::GET, &albums).send().await.expect("a read is answered");
        assert_eq!(read.status(), StatusCode::OK);
        let me = tus.request(Method::GET, "/v1/me").send().await.expect("the accounts answer");
        assert_eq!(me.status(), StatusCode::OK);
        tally.browsed.fetch_add(2, Ordering::Relaxed);
        let title = json!({ "title": format!("{user}-{number}") });
        let made = tus.request(Method::POST, &albums).json(&title).send().await.expect("a write is answered");
        assert_eq!(made.status(), StatusCode::CREATED);
        tally.written.fetch_add(1, Ordering::Relaxed);
        let bytes = photo(user * 1_000_000 + number);
        let path = tus.create(&bytes).await;
        let answer = tus.patch(&path, 0, &bytes).await;
        assert_eq!(answer.status(), StatusCode::NO_CONTENT, "{:?}", answer.text().await);
        photo_of(&answer);
        tally.uploaded.fetch_add(1, Ordering::Relaxed);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// FAILURES 28.
#[tokio::test]
async fn every_process_is_exchanged_under_load_without_a_failed_request() {
    let mut cluster = TestCluster::start().await;
    let people = cluster.family().await;
    let (tally, enough) = (Arc::new(Tally::default()), Arc::new(AtomicBool::default()));
    let mut users = JoinSet::new();
    for user in 1..=4 {
        let tus = Arc::new(Tus::with(cluster.base_url(), &people.owner, people.family).await);
        users.spawn(load(tus, user, Arc::clone(&tally), Arc::clone(&enough)));
    }
    for index in 0..cluster.members.len() {
        cluster.roll_member(index).await;
    }
    for role in [MemberRole::Library, MemberRole::Accounts, MemberRole::Worker] {
        cluster.scale_out(role).await;
    }
    let before = tally.uploaded.load(Ordering::Relaxed);
    tokio::time::sleep(Duration::from_secs(2)).await;
    enough.store(true, Ordering::Relaxed);
    while let Some(user) = users.join_next().await {
        user.expect("no request failed");
    }
    assert!(tally.uploaded.load(Ordering::Relaxed) > before, "the load went on to the end");
    let usage = people.owner.usage(people.family).await.unwrap();
    assert_eq!(usage.photos, tally.uploaded.load(Ordering::Relaxed), "each acknowledged upload is a photo");
    let written = tally.written.load(Ordering::Relaxed);
    assert_eq!(people.owner.all_albums(people.family).await.unwrap().len() as u64, written);
}
