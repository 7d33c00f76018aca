//! Waiting for something that happens soon.

use std::time::{Duration, Instant};

/// Asks again and again until there is an answer; panics with `what` after 30 seconds.
pub async fn eventually<T, F: Future<Output = Option<T>>>(what: &str, mut ask: impl FnMut() -> F) -> T {
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        if let Some(answer) = ask().await {
            return answer;
        }
        assert!(Instant::now() < deadline, "did not happen within 30 s: {what}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
