//! Waiting for something that happens soon.

use std::time::{Duration, Instant};

/// Asks again and again until there is an answer; panics with `what` after two minutes: long enough for a busy machine, so
/// that only what never happens fails.
pub async fn eventually<T, F: Future<Output = Option<T>>>(what: &str, mut ask: impl FnMut() -> F) -> T {
    let deadline = Instant::now() + Duration::from_secs(120);
    loop {
        if let Some(answer) = ask().await {
            return answer;
        }
        assert!(Instant::now() < deadline, "did not happen within two minutes: {what}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
