//! Who wrote something sees it, whichever process answers, while the replica is behind.

use picup_testkit::{MemberRole, TestCluster, photos};
use reqwest::Method;
use serde_json::Value;

use crate::tus::Tus;

async fn photos_seen(client: &Tus) -> u64 {
    let path = format!("/v1/families/{}/timeline", client.family);
    let answer = client.request(Method::GET, &path).send().await.unwrap();
    let timeline: Value = answer.error_for_status().unwrap().json().await.unwrap();
    timeline["months"].as_array().unwrap().iter().map(|month| month["photos"].as_u64().unwrap()).sum()
}

#[tokio::test]
async fn a_member_sees_the_last_write_on_every_process() {
    let mut cluster = TestCluster::builder().replica().start().await;
    let people = cluster.family().await;
    let library = cluster.of(MemberRole::Library);
    let mut clients = Vec::new();
    for index in library {
        clients.push(Tus::with(cluster.members[index].url(), &people.owner, people.family).await);
    }
    // Behind, but not by as much as would leave it out.
    let replica = cluster.replica.as_ref().unwrap();
    replica.sql("STOP SLAVE; CHANGE MASTER TO MASTER_DELAY=2; START SLAVE").await;
    for number in 1..=12 {
        let path = format!("{number}.jpg");
        people.upload(&photos::jpeg(64, 48, number), &path).await;
        for client in &clients {
            assert_eq!(photos_seen(client).await, number, "photo {number}");
        }
    }
    cluster.redis.stop().await;
    for number in 13..=16 {
        people.upload(&photos::jpeg(64, 48, number), "x.jpg").await;
        for client in &clients {
            assert_eq!(photos_seen(client).await, number, "without Redis, photo {number}");
        }
    }
}
