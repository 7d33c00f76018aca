//! `picup-server admin …` beside a running server, on the same data directory.

use std::process::Output;

use picup_testkit::{TestDatabases, TestServer};
use serde_json::{Value, json};

use crate::home::{Home, text};

async fn run(home: &Home, arguments: &[&str]) -> Output {
    tokio::process::Command::new(env!("CARGO_BIN_EXE_picup-server"))
        .arg("admin")
        .args(arguments)
        .arg("--data-dir")
        .arg(home.directory.path())
        .envs(home.databases.iter().flat_map(TestDatabases::settings))
        .output()
        .await
        .unwrap()
}

async fn admin(home: &Home, arguments: &[&str]) -> Value {
    let output = run(home, arguments).await;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

const CREATE_HOME: &[&str] = &[
    "family",
    "create-home",
    "--email",
    "owner@picup.local",
    "--display-name",
    "Owner",
    "--family-name",
    "우리 집",
    "--locale",
    "ko",
];

#[tokio::test]
async fn an_installer_makes_a_home_and_pairs_its_frame() {
    let home = Home::start().await;
    let made = admin(&home, CREATE_HOME).await;
    let signin = json!({ "email": "owner@picup.local", "password": made["password"], "client": "app" });
    let body = home.post("/v1/auth/signin", "", signin).await.expect(200);
    let access = text(&body["access_token"]);
    assert_eq!(home.get("/v1/me", &access).await.expect(200)["families"][0]["name"], "우리 집");

    let pairing = home.start_pairing().await;
    let code = text(&pairing["user_code"]);
    let frame = admin(&home, &["frame", "approve", "--user-code", &code, "--name", "거실"]).await;
    let token = home.poll(&pairing["device_code"]).await.expect(200);
    assert_eq!((&token["frame_id"], &token["family_id"]), (&frame["id"], &made["family_id"]));

    let families = admin(&home, &["family", "list"]).await;
    assert_eq!(families, json!([{ "id": made["family_id"], "name": "우리 집", "members": 1, "frames": 1 }]));
}

#[tokio::test]
async fn a_mistake_is_explained() {
    let home = Home::start().await;
    let again = [CREATE_HOME, &["--password", "short"]].concat();
    let output = run(&home, &again).await;
    assert_eq!(output.status.code(), Some(1));
    let words = String::from_utf8(output.stderr).unwrap();
    assert!(words.contains("password is too_short"), "{words}");
    let output = run(&home, &["frame", "approve", "--user-code", "BCDF-GHJK", "--name", "x"]).await;
    assert!(String::from_utf8(output.stderr).unwrap().contains("there is no family yet"));
}

#[tokio::test]
async fn a_forgotten_password_is_reset_and_sessions_end() {
    let home = Home::start().await;
    let mina = home.person("mina").await;
    let reset = admin(&home, &["member", "reset-password", "--email", "MINA@example.com"]).await;
    home.renew(&mina.refresh).await.refused("session_revoked");
    let signin = json!({ "email": mina.email, "password": reset["password"], "client": "app" });
    home.post("/v1/auth/signin", "", signin).await.expect(200);
    let members = admin(&home, &["member", "list"]).await;
    assert_eq!(members[0]["email"], mina.email.as_str());
}

#[tokio::test]
async fn rotated_signing_keys_sign_nobody_out() {
    let home = Home::start().await;
    let mina = home.person("mina").await;
    let rotated = admin(&home, &["keys", "rotate"]).await;
    home.get("/v1/me", &mina.access).await.expect(200);

    // A token of the new key, as another process would issue it.
    let other = picup_server::App::build(home.app.config.clone()).await.unwrap();
    assert_eq!(other.auth.tokens.ring().stored()[0].id, text(&rotated["signing_key"]));
    let session = uuid::Uuid::now_v7();
    let issued =
        other.auth.issue(mina.id.parse().unwrap(), session, Default::default(), other.now()).unwrap();
    tokio::time::sleep(std::time::Duration::from_millis(1100)).await;
    home.get("/v1/me", &issued.token).await.expect(200);
}

#[tokio::test]
async fn a_server_that_lost_its_master_key_says_so_and_makes_no_other() {
    let mut server = TestServer::start().await;
    assert!(server.stop().await.success());
    let path = server.data_dir().join("keys/master.json");
    let kept = std::fs::read(&path).unwrap();
    std::fs::remove_file(&path).unwrap();
    let refused = server.run(&["migrate"]).await;
    let words = String::from_utf8_lossy(&refused.stderr);
    assert_eq!(refused.status.code(), Some(1), "{words}");
    assert!(words.contains("put master.json back"), "{words}");
    assert!(!path.exists());
    std::fs::write(&path, kept).unwrap();
    server.start_again().await;
}

/// Resident, of memory that no file stands behind.
fn own_megabytes(pid: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() / 1024
}

#[tokio::test]
async fn a_morning_of_sign_ins_leaves_no_memory_behind() {
    let server = TestServer::start().await;
    let http = reqwest::Client::new();
    let url = server.base_url().join("/v1/auth/signin").unwrap();
    let before = own_megabytes(server.pid());
    for _ in 0..6 {
        let guess = json!({ "email": "nobody@example.com", "password": "a wrong password", "client": "app" });
        let guesses = (0..16).map(|_| http.post(url.clone()).json(&guess).send());
        for answer in futures::future::join_all(guesses).await {
            assert_eq!(answer.unwrap().status(), 401);
        }
    }
    let after = own_megabytes(server.pid());
    // One hash takes 19; the allocator used to keep 58 for every thread that had made one.
    assert!(after < before + 50, "{before} MB before, {after} MB after");
}
