//! Blocking work on a bounded number of threads, each with a deadline.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use tokio::sync::Semaphore;

/// Enough to keep two disks busy; a store that hangs holds no more than these.
pub(super) const THREADS: usize = 16;
/// A slower disk than this is not worth waiting for. Bytes per second.
const SLOWEST: u64 = 4 * 1024 * 1024;

#[derive(Clone, Debug)]
pub(super) struct Blocking {
    permits: Arc<Semaphore>,
    deadline: Duration,
}

/// Set when nobody waits for the work any more.
pub(super) struct Abandoned(Arc<AtomicBool>);

impl Abandoned {
    /// Checked before the step that makes work visible, so that a late success is not a surprise.
    pub(super) fn check(&self) -> io::Result<()> {
        if self.0.load(Ordering::Acquire) { Err(io::ErrorKind::TimedOut.into()) } else { Ok(()) }
    }
}

/// Tells the thread when its caller has gone, by deadline or because the request was dropped.
struct TellWhenDropped(Arc<AtomicBool>);

impl Drop for TellWhenDropped {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Release);
    }
}

impl Blocking {
    pub(super) fn new(deadline: Duration) -> Self {
        Self { permits: Arc::new(Semaphore::new(THREADS)), deadline }
    }

    /// Runs `work`, which moves `bytes` bytes. A thread that hangs keeps its permit until it returns.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        bytes: u64,
        work: impl FnOnce(&Abandoned) -> io::Result<T> + Send + 'static,
    ) -> io::Result<T> {
        let permits = Arc::clone(&self.permits);
        let flag = Arc::new(AtomicBool::new(false));
        let _tell = TellWhenDropped(Arc::clone(&flag));
        let running = async move {
            let permit = permits.acquire_owned().await.map_err(io::Error::other)?;
            let task = tokio::task::spawn_blocking(move || {
                let outcome = work(&Abandoned(flag));
                drop(permit);
                outcome
            });
            task.await.map_err(io::Error::other)?
        };
        let limit = self.deadline + Duration::from_secs(bytes / SLOWEST);
        tokio::time::timeout(limit, running).await.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
    }
}
