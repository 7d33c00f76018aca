//! One daemon's process: started, signalled by its id, and awaited.

use std::{
    path::Path,
    process::{Child, Command, ExitStatus, Stdio},
    sync::{OnceLock, mpsc},
    time::{Duration, Instant},
};

use rustix::process::Signal;
use tokio::sync::oneshot;

use crate::{
    server::process::Log,
    signals::{pause, resume, send},
};

/// For the slowest of them on a busy machine; only what never happens fails.
const READY_WITHIN: Duration = Duration::from_secs(180);

/// Killed and awaited when dropped; its log is printed when the test panics.
pub(super) struct Process {
    name: &'static str,
    /// In a process namespace of its own: what it started ends with it.
    isolated: bool,
    child: Option<Child>,
    log: Log,
}

impl Process {
    /// Not running yet.
    pub(super) fn new(name: &'static str) -> Self {
        Self { name, isolated: false, child: None, log: Log::default() }
    }

    /// For a daemon whose children outlive it when it is killed.
    pub(super) fn isolated(name: &'static str) -> Self {
        Self { name, isolated: true, child: None, log: Log::default() }
    }

    /// Starts `command` and waits until `ready` says yes.
    pub(super) async fn start<F: Future<Output = bool>>(
        &mut self,
        command: Command,
        mut ready: impl FnMut() -> F,
    ) {
        assert!(self.child.is_none(), "{} is running", self.name);
        let command = if self.isolated { in_own_namespace(&command) } else { command };
        let mut child = spawn(command).await;
        self.log.follow(child.stdout.take().unwrap());
        self.log.follow(child.stderr.take().unwrap());
        self.child = Some(child);
        let deadline = Instant::now() + READY_WITHIN;
        while !ready().await {
            assert!(self.is_running(), "{} ended:\n{}", self.name, self.log.text());
            assert!(Instant::now() < deadline, "{} did not become ready", self.name);
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    fn is_running(&mut self) -> bool {
        self.child.as_mut().is_some_and(|child| child.try_wait().unwrap().is_none())
    }

    /// The daemon's own, not that of what holds its namespace.
    pub(super) fn pid(&self) -> u32 {
        let started = self.child.as_ref().unwrap_or_else(|| panic!("{} is not running", self.name)).id();
        if self.isolated { children(started).first().copied().unwrap_or(started) } else { started }
    }

    /// `program` in the namespace of an isolated daemon, not started. Its `/proc` is its own alone: a daemon with one
    /// would keep every mount there is.
    pub(super) fn beside(&self, program: &Path) -> Command {
        assert!(self.isolated, "{} has no namespace of its own", self.name);
        let mut command = Command::new("nsenter");
        if !rustix::process::geteuid().is_root() {
            command.args(["--user", "--preserve-credentials"]);
        }
        command.args(["--target", &self.pid().to_string(), "--pid", "--"]);
        command.args(["unshare", "--mount-proc", "--"]).arg(program);
        command
    }

    pub(super) fn signal(&self, signal: Signal) {
        send(self.pid(), signal);
    }

    /// SIGSTOP to it and all it started: connections stay open and nothing is answered.
    pub(super) fn pause(&self) {
        family(self.pid()).into_iter().for_each(pause);
    }

    pub(super) fn resume(&self) {
        family(self.pid()).into_iter().for_each(resume);
    }

    /// SIGKILL. Nothing when it is not running.
    pub(super) fn kill(&mut self) {
        if self.child.is_none() {
            return;
        }
        send(self.pid(), Signal::KILL);
        if let Some(mut child) = self.child.take() {
            // Fails only when it has ended by itself.
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    /// SIGTERM, and its end.
    pub(super) async fn terminate(&mut self) -> ExitStatus {
        self.signal(Signal::TERM);
        // One that is paused would not hear of it.
        self.resume();
        loop {
            if let Some(status) = self.child.as_mut().unwrap().try_wait().unwrap() {
                self.child = None;
                return status;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// The log it goes on writing.
    pub(super) fn followed(&self) -> Log {
        self.log.clone()
    }

    pub(super) fn log(&self) -> String {
        self.log.text()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
        if std::thread::panicking() {
            eprintln!("---- the log of {} ----\n{}", self.name, self.log.text());
        }
    }
}

fn children(pid: u32) -> Vec<u32> {
    let listed = std::fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).unwrap_or_default();
    listed.split_whitespace().map(|id| id.parse().unwrap()).collect()
}

/// The process, its children, and theirs.
fn family(pid: u32) -> Vec<u32> {
    let mut all = vec![pid];
    all.extend(children(pid).into_iter().flat_map(family));
    all
}

type Started = oneshot::Sender<std::io::Result<Child>>;

/// The kernel ends a daemon when the thread that started it ends, so one thread that lasts as long as the process
/// starts them all.
async fn spawn(command: Command) -> Child {
    static STARTER: OnceLock<mpsc::Sender<(Command, Started)>> = OnceLock::new();
    let starter = STARTER.get_or_init(|| {
        let (sender, commands) = mpsc::channel::<(Command, Started)>();
        std::thread::spawn(move || {
            for (mut command, started) in commands {
                // Nobody listens any more: the test was given up, and the child must not outlive it.
                if let Err(Ok(mut child)) = started.send(command.spawn()) {
                    let _ = child.kill();
                    let _ = child.wait();
                }
            }
        });
        sender
    });
    let program = command.get_program().to_owned();
    let (started, answer) = oneshot::channel();
    starter.send((with_the_tests_end(command), started)).unwrap();
    answer.await.unwrap().unwrap_or_else(|error| panic!("{} cannot be started: {error}", program.display()))
}

/// The same command, killed by the kernel should this process be killed.
fn with_the_tests_end(command: Command) -> Command {
    let mut wrapped = wrap(&command, "setpriv", &["--pdeathsig", "KILL", "--"]);
    wrapped.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    wrapped
}

/// The same command as the first process of a namespace: the kernel ends the others when it ends.
fn in_own_namespace(command: &Command) -> Command {
    let mut arguments = vec!["--pid", "--fork", "--kill-child=KILL"];
    if !rustix::process::geteuid().is_root() {
        arguments.push("--map-root-user");
    }
    wrap(command, "unshare", &arguments)
}

fn wrap(command: &Command, program: &str, arguments: &[&str]) -> Command {
    let mut wrapped = Command::new(program);
    wrapped.args(arguments).arg(command.get_program()).args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => wrapped.env(name, value),
            None => wrapped.env_remove(name),
        };
    }
    wrapped
}
