//! Limits on sign-in attempts, per name and per address.

use serde_json::json;

use crate::home::{Answer, Home, PASSWORD};

async fn sign_in(home: &Home, email: &str, password: &str) -> Answer {
    home.post("/v1/auth/signin", "", json!({ "email": email, "password": password, "client": "app" })).await
}

#[track_caller]
fn limited(answer: Answer) {
    let wait: u64 = answer.headers["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=60).contains(&wait), "{wait}");
    answer.refused("rate_limited");
}

#[tokio::test]
async fn guessing_one_members_password_is_slowed_down() {
    let home = Home::start_with(|config| config.auth.signin_per_minute = 5).await;
    let mina = home.person("mina").await;
    for _ in 0..5 {
        sign_in(&home, &mina.email, "wrong password").await.refused("credentials_wrong");
    }
    limited(sign_in(&home, &mina.email, PASSWORD).await);
    limited(sign_in(&home, "MINA@example.com", PASSWORD).await);
    sign_in(&home, "someone.else@example.com", PASSWORD).await.refused("credentials_wrong");
}

#[tokio::test]
async fn guessing_many_names_from_one_address_is_slowed_down() {
    let home = Home::start_with(|config| config.auth.signin_per_minute = 1).await;
    for attempt in 0..6 {
        sign_in(&home, &format!("nobody{attempt}@example.com"), "wrong password")
            .await
            .refused("credentials_wrong");
    }
    limited(sign_in(&home, "nobody@example.com", "wrong password").await);
    limited(
        home.post(
            "/v1/auth/signup",
            "",
            json!({
                "email": "new@example.com", "password": PASSWORD, "display_name": "x", "family_name": "x",
                "locale": "ko", "client": "app",
            }),
        )
        .await,
    );
    limited(home.post("/v1/frames/pairings", "", json!({ "hardware_name": "x" })).await);
}

#[tokio::test]
async fn guessing_the_password_at_an_open_browser_is_slowed_down() {
    let home = Home::start_with(|config| config.auth.signin_per_minute = 3).await;
    let mina = home.person("mina").await;
    let guess = json!({ "current_password": "wrong password", "new_password": "a new password" });
    for _ in 0..3 {
        let answer =
            home.ask(reqwest::Method::PUT, "/v1/me/password", &mina.access, Some(guess.clone())).await;
        answer.refused("password_wrong");
    }
    limited(home.ask(reqwest::Method::PUT, "/v1/me/password", &mina.access, Some(guess)).await);
}
