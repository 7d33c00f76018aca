//! Stops a process in its tracks, lets it go on, or asks it to end.

use std::{
    fs,
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process};

const STOPS_WITHIN: Duration = Duration::from_secs(60);

/// SIGSTOP, and waits until it holds: one thread is told and tells the others, which go on until it gets its turn.
/// Nothing when the process has ended.
pub fn pause(pid: u32) {
    send(pid, Signal::STOP);
    let deadline = Instant::now() + STOPS_WITHIN;
    while any_thread_runs(pid) {
        assert!(Instant::now() < deadline, "process {pid} does not stop");
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// SIGCONT.
pub fn resume(pid: u32) {
    send(pid, Signal::CONT);
}

/// Nothing when it has ended by itself; its id stays its own until it is awaited.
pub(crate) fn send(pid: u32, signal: Signal) {
    let _ = kill_process(Pid::from_raw(pid.cast_signed()).unwrap(), signal);
}

/// By the state in proc(5), `stat`: behind the name, which may hold anything but has the last bracket.
fn any_thread_runs(pid: u32) -> bool {
    let threads = fs::read_dir(format!("/proc/{pid}/task")).into_iter().flatten().flatten();
    let mut stats = threads.filter_map(|thread| fs::read_to_string(thread.path().join("stat")).ok());
    stats.any(|stat| !stat.rsplit(") ").next().unwrap_or_default().starts_with(['T', 'Z', 'X']))
}
