//! What one process changed or took away holds on every other at the next request.

use picup_testkit::{MemberRole, TestCluster, photos};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::tus::Tus;

async fn titles(client: &Tus) -> Vec<String> {
    let answer = client.request(Method::GET, &albums(client)).send().await.unwrap();
    let page: Value = answer.error_for_status().unwrap().json().await.unwrap();
    page["items"].as_array().unwrap().iter().map(|album| album["title"].as_str().unwrap().into()).collect()
}

fn albums(client: &Tus) -> String {
    format!("/v1/families/{}/albums", client.family)
}

#[tokio::test]
async fn a_kept_list_is_never_behind_on_any_process() {
    let mut cluster = TestCluster::start().await;
    let people = cluster.family().await;
    let mut clients = Vec::new();
    for index in cluster.of(MemberRole::Library) {
        clients.push(Tus::with(cluster.members[index].url(), &people.owner, people.family).await);
    }
    let mut made = Vec::new();
    for number in 0..20 {
        if number == 15 {
            cluster.redis.stop().await;
        }
        let title = format!("album {number}");
        let request = clients[number % 2].request(Method::POST, &albums(&clients[0]));
        let answer = request.json(&json!({ "title": title })).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::CREATED);
        made.insert(0, title);
        for client in &clients {
            assert_eq!(titles(client).await, made, "album {number}");
        }
    }
}

#[tokio::test]
async fn somebody_shut_out_is_out_on_every_process_at_once() {
    let cluster = TestCluster::start().await;
    let people = cluster.family().await;
    people.upload(&photos::jpeg(64, 48, 1), "a.jpg").await;
    let mut clients = Vec::new();
    for index in cluster.of(MemberRole::Library) {
        clients.push(Tus::with(cluster.members[index].url(), &people.viewer, people.family).await);
    }
    for client in &clients {
        titles(client).await;
    }
    people.owner.remove_member(people.family, people.viewer_id).await.unwrap();
    for client in &clients {
        let answer = client.request(Method::GET, &albums(client)).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "another family's");
    }
}
