//! Blocking work on a store's own, bounded threads, each call with a deadline.
//!
//! A thread that hangs in the kernel cannot be stopped, only waited for. So every store has threads of its own: they
//! take none from other stores and do not keep the process from ending. While all of them hang, calls fail at once;
//! when the file system answers again, they go on.

use std::{
    collections::VecDeque,
    io,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, Condvar, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

/// Enough to keep two disks busy; a store that hangs holds no more than these.
pub(super) const THREADS: usize = 16;
/// A slower disk than this is not worth waiting for. Bytes per second.
const SLOWEST: u64 = 4 * 1024 * 1024;
/// A thread without work ends after this long.
const IDLE: Duration = Duration::from_secs(10);

#[derive(Clone, Debug)]
pub(super) struct Blocking {
    pool: Arc<Pool>,
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
        Self { pool: Arc::new(Pool::new()), deadline }
    }

    /// Runs `work`, which moves `bytes` bytes.
    ///
    /// Errors: `TimedOut` after the deadline, and at once while every thread is past its own.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        bytes: u64,
        work: impl FnOnce(&Abandoned) -> io::Result<T> + Send + 'static,
    ) -> io::Result<T> {
        if self.pool.all_hang() {
            return Err(io::Error::new(io::ErrorKind::TimedOut, "every thread of the store hangs"));
        }
        let limit = self.deadline + Duration::from_secs(bytes / SLOWEST);
        let flag = Arc::new(AtomicBool::new(false));
        let _tell = TellWhenDropped(Arc::clone(&flag));
        let running = self.pool.run(limit, move || work(&Abandoned(flag)));
        tokio::time::timeout(limit, running).await.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
    }
}

/// A call, and its right to a thread.
type Job = (Box<dyn FnOnce() + Send>, OwnedSemaphorePermit);

#[derive(Default)]
struct Queue {
    jobs: VecDeque<Job>,
    /// Threads that wait for a job.
    idle: usize,
}

/// Invariant: a call has a permit from before it is queued until its thread is free again, so there are never more
/// threads than permits.
struct Pool {
    permits: Arc<Semaphore>,
    queue: Mutex<Queue>,
    more: Condvar,
    /// When each running call should have ended.
    due: Arc<Mutex<Vec<Instant>>>,
}

impl std::fmt::Debug for Pool {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} of {THREADS} threads free", self.permits.available_permits())
    }
}

impl Pool {
    fn new() -> Self {
        Self {
            permits: Arc::new(Semaphore::new(THREADS)),
            queue: Mutex::default(),
            more: Condvar::new(),
            due: Arc::default(),
        }
    }

    fn all_hang(&self) -> bool {
        let now = Instant::now();
        self.permits.available_permits() == 0 && lock(&self.due).iter().all(|due| *due <= now)
    }

    async fn run<T: Send + 'static>(
        self: &Arc<Self>,
        limit: Duration,
        work: impl FnOnce() -> io::Result<T> + Send + 'static,
    ) -> io::Result<T> {
        let permit = Arc::clone(&self.permits).acquire_owned().await.map_err(io::Error::other)?;
        let running = Running::until(Instant::now() + limit, &self.due);
        let (answer, answered) = oneshot::channel();
        let call = move || {
            let outcome = work();
            drop(running);
            // Nobody listens when the caller has gone.
            let _ = answer.send(outcome);
        };
        self.start((Box::new(call), permit))?;
        answered.await.map_err(io::Error::other)?
    }

    fn start(self: &Arc<Self>, job: Job) -> io::Result<()> {
        let mut queue = lock(&self.queue);
        queue.jobs.push_back(job);
        if queue.idle >= queue.jobs.len() {
            self.more.notify_one();
            return Ok(());
        }
        let pool = Arc::clone(self);
        let thread = std::thread::Builder::new().name("picup-store".into());
        match thread.spawn(move || pool.work()) {
            Ok(_) => Ok(()),
            Err(error) => {
                queue.jobs.pop_back();
                Err(error)
            }
        }
    }

    /// The life of a thread.
    fn work(&self) {
        let mut queue = lock(&self.queue);
        loop {
            while let Some((call, permit)) = queue.jobs.pop_front() {
                drop(queue);
                // A panic is told to the caller, whose channel closes, and costs no thread.
                let _ = catch_unwind(AssertUnwindSafe(call));
                queue = lock(&self.queue);
                drop(permit);
            }
            queue.idle += 1;
            let waited = self.more.wait_timeout(queue, IDLE);
            let (next, timeout) = waited.unwrap_or_else(PoisonError::into_inner);
            queue = next;
            queue.idle -= 1;
            if timeout.timed_out() && queue.jobs.is_empty() {
                return;
            }
        }
    }
}

/// One running call in the list of due times.
struct Running {
    due: Instant,
    all: Arc<Mutex<Vec<Instant>>>,
}

impl Running {
    fn until(due: Instant, all: &Arc<Mutex<Vec<Instant>>>) -> Self {
        lock(all).push(due);
        Self { due, all: Arc::clone(all) }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let mut all = lock(&self.all);
        if let Some(index) = all.iter().position(|due| *due == self.due) {
            all.swap_remove(index);
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    const SHORT: Duration = Duration::from_millis(50);
    /// Waiting out a limit for so many bytes would take years.
    const FOR_EVER: u64 = 1 << 50;

    /// Fills every thread with a call that ends when the answer is dropped.
    async fn hang(blocking: &Blocking) -> Vec<mpsc::Sender<()>> {
        let (mut releases, mut calls) = (Vec::new(), Vec::new());
        for _ in 0..THREADS {
            let (release, released) = mpsc::channel::<()>();
            releases.push(release);
            calls.push(blocking.run(0, move |_| {
                let _ = released.recv();
                Ok(())
            }));
        }
        for outcome in futures::future::join_all(calls).await {
            assert_eq!(outcome.unwrap_err().kind(), io::ErrorKind::TimedOut);
        }
        releases
    }

    #[tokio::test]
    async fn while_every_thread_hangs_a_call_fails_at_once_and_later_it_works_again() {
        let blocking = Blocking::new(SHORT);
        let releases = hang(&blocking).await;
        let refused = blocking.run(FOR_EVER, |_| Ok(())).await;
        assert_eq!(refused.unwrap_err().kind(), io::ErrorKind::TimedOut);
        drop(releases);
        while blocking.run(FOR_EVER, |_| Ok(())).await.is_err() {
            tokio::task::yield_now().await;
        }
    }

    #[tokio::test]
    async fn one_store_that_hangs_takes_no_thread_from_another() {
        let (hanging, other) = (Blocking::new(SHORT), Blocking::new(SHORT));
        let releases = hang(&hanging).await;
        assert_eq!(other.run(FOR_EVER, |_| Ok(7)).await.unwrap(), 7);
        drop(releases);
    }

    #[tokio::test]
    async fn a_call_that_panics_is_an_error_and_costs_no_thread() {
        let blocking = Blocking::new(Duration::from_secs(60));
        for _ in 0..2 * THREADS {
            let outcome: io::Result<()> = blocking.run(0, |_| panic!("on purpose")).await;
            outcome.unwrap_err();
        }
        assert_eq!(blocking.run(0, |_| Ok(7)).await.unwrap(), 7);
    }

    #[test]
    fn a_call_that_hangs_does_not_keep_the_process_from_ending() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let releases = runtime.block_on(hang(&Blocking::new(SHORT)));
        // Waits for ever when the threads are the runtime's.
        drop(runtime);
        drop(releases);
    }
}
