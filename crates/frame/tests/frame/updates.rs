//! New versions of the program: real processes, good and bad, and a supervisor that may be killed at any instant.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Stdio,
    sync::{Arc, Mutex},
    time::Duration,
};

use picup_testkit::{TestServer, VolatileDisk, eventually};
use rustix::process::{Pid, Signal, kill_process, test_kill_process};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
};

use crate::{harness::TestFrame, screen::frame_showing};

const REAL: &str = env!("CARGO_BIN_EXE_picup-frame");
/// The real program: its arguments come from the supervisor.
const GOOD: &str = "exec \"$REAL\" \"$@\"";
const ENDS_AT_ONCE: &str = "exit 3";
const NEVER_ANSWERS: &str = "exec sleep 20";
/// The real program on an empty directory: it answers, and asks to be paired.
const SHOWS_NO_PHOTO: &str =
    "exec \"$REAL\" run --data-dir \"$EMPTY\" --server \"$SERVER\" --bridge 127.0.0.1:0";

const CUTS: usize = 24;
/// Bytes; a version of the tests is a few lines.
const DISK: usize = 32 << 20;

/// A folder of versions, and a supervisor over it.
struct Updates {
    frame: TestFrame,
    supervisor: Option<Child>,
    log: Arc<Mutex<String>>,
    server: String,
}

impl Updates {
    /// Version 0.1.0 works and is the current one; its frame has photos, and is not running.
    async fn of(server: &TestServer) -> Self {
        let updates = Self::with_no_version(server).await;
        updates.install_the_first();
        updates
    }

    /// The versions are on a disk whose power can be cut.
    async fn on_a_volatile_disk(server: &TestServer) -> (Self, VolatileDisk) {
        let updates = Self::with_no_version(server).await;
        let disk = VolatileDisk::mounted_at(&updates.versions(), DISK);
        updates.install_the_first();
        disk.settle();
        (updates, disk)
    }

    async fn with_no_version(server: &TestServer) -> Self {
        let people = server.family().await;
        let mut frame = frame_showing(server, &people, 2).await;
        frame.stop().await;
        let updates =
            Self { frame, supervisor: None, log: Arc::default(), server: server.base_url().to_string() };
        fs::create_dir(updates.versions()).unwrap();
        updates
    }

    fn install_the_first(&self) {
        self.install("0.1.0", GOOD);
        fs::write(self.versions().join("current"), "0.1.0\n").unwrap();
    }

    fn versions(&self) -> PathBuf {
        self.frame.directory().join("versions")
    }

    /// Puts a version there without asking for it.
    fn install(&self, version: &str, script: &str) {
        let folder = self.versions().join(version);
        fs::create_dir(&folder).unwrap();
        let started = self.frame.directory().join("started");
        let text = format!("#!/bin/sh\necho {version} >> '{}'\n{script}\n", started.display());
        fs::write(folder.join("frame"), text).unwrap();
        fs::set_permissions(folder.join("frame"), fs::Permissions::from_mode(0o755)).unwrap();
    }

    fn ask_for(&self, version: &str) {
        fs::write(self.versions().join("next.new"), version).unwrap();
        fs::rename(self.versions().join("next.new"), self.versions().join("next")).unwrap();
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.versions().join(name)).unwrap_or_default().trim().to_owned()
    }

    /// Every start of a version so far, oldest first.
    fn started(&self) -> Vec<String> {
        let text = fs::read_to_string(self.frame.directory().join("started")).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }

    fn supervise(&mut self, trial_seconds: &str) {
        let mut command = Command::new(REAL);
        command.args(["supervise", "--program", "frame", "--look-seconds", "0.2"]);
        command.args(["--trial-seconds", trial_seconds, "--versions"]).arg(self.versions());
        command.args(["--", "run", "--server", &self.server, "--bridge", "127.0.0.1:0"]);
        command.args(["--reserve-bytes", "1000000", "--data-dir"]).arg(self.frame.data_dir());
        command
            .env("REAL", REAL)
            .env("EMPTY", self.frame.directory().join("empty"))
            .env("SERVER", &self.server);
        command.env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus");
        command.stdout(Stdio::null()).stderr(Stdio::piped()).kill_on_drop(true);
        let mut supervisor = command.spawn().unwrap();
        let mut lines = BufReader::new(supervisor.stderr.take().unwrap()).lines();
        let log = self.log.clone();
        tokio::spawn(async move {
            while let Ok(Some(line)) = lines.next_line().await {
                log.lock().unwrap().push_str(&(line + "\n"));
            }
        });
        self.supervisor = Some(supervisor);
    }

    async fn start(&mut self, trial_seconds: &str) {
        self.supervise(trial_seconds);
        self.until("the program is there", |it| it.program().is_some()).await;
    }

    async fn until(&self, what: &str, is: impl Fn(&Self) -> bool) {
        eventually(what, || async { is(self).then_some(()) }).await;
    }

    /// The process that holds the frame's data, by what the kernel knows of its arguments.
    fn program(&self) -> Option<Pid> {
        self.process(|words| words.get(1) == Some(&b"run".as_slice()))
    }

    /// One that was started for the frame's data, also a script that has not become the program yet.
    fn process(&self, is: impl Fn(&[&[u8]]) -> bool) -> Option<Pid> {
        let data = self.frame.data_dir();
        let supervisor = self.supervisor.as_ref().and_then(Child::id);
        let runs = |path: &Path| {
            let line = fs::read(path.join("cmdline")).unwrap_or_default();
            let words: Vec<&[u8]> = line.split(|byte| *byte == 0).collect();
            words.contains(&data.as_os_str().as_encoded_bytes()) && is(&words)
        };
        let processes = fs::read_dir("/proc").unwrap().flatten().map(|entry| entry.path());
        let pids =
            processes.filter(|path| runs(path)).filter_map(|path| path.file_name()?.to_str()?.parse().ok());
        pids.filter(|pid: &i32| Some(*pid as u32) != supervisor).find_map(Pid::from_raw)
    }

    async fn end(&mut self) {
        let mut supervisor = self.supervisor.take().unwrap();
        kill_process(Pid::from_raw(supervisor.id().unwrap() as i32).unwrap(), Signal::TERM).unwrap();
        let status =
            tokio::time::timeout(Duration::from_secs(20), supervisor.wait()).await.expect("ends in time");
        assert!(status.unwrap().success());
        assert_eq!(self.program(), None, "the program has ended with it");
    }

    async fn kill9(&mut self) {
        let mut supervisor = self.supervisor.take().unwrap();
        supervisor.kill().await.unwrap();
        // A script that was just started would be counted as the next one's, and keep its disk busy.
        self.until("the program ends with its supervisor", |it| it.process(|_| true).is_none()).await;
    }
}

impl Drop for Updates {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("---- the supervisor's log ----\n{}", self.log.lock().unwrap());
        }
    }
}

#[tokio::test]
async fn a_new_version_that_shows_its_photo_becomes_the_current_one() {
    let server = TestServer::start().await;
    let mut updates = Updates::of(&server).await;
    updates.start("8").await;
    updates.install("0.2.0", GOOD);
    updates.ask_for("0.2.0");
    updates.until("0.2.0 is current", |it| it.read("current") == "0.2.0" && it.read("next").is_empty()).await;
    assert_eq!(updates.started(), ["0.1.0", "0.2.0"]);
    updates.end().await;
    updates.supervise("8");
    updates.until("it is what the next start begins with", |it| it.started().len() == 3).await;
    assert_eq!(updates.started()[2], "0.2.0");
    updates.end().await;
}

#[tokio::test]
async fn f05_a_bad_version_gives_way_to_the_old_one_and_says_why() {
    let server = TestServer::start().await;
    let mut updates = Updates::of(&server).await;
    updates.start("5").await;
    for (version, script, reason) in [
        ("0.2.0", ENDS_AT_ONCE, "it ended"),
        ("0.3.0", NEVER_ANSWERS, "it did not answer"),
        ("0.4.0", SHOWS_NO_PHOTO, "it showed no photo"),
    ] {
        updates.install(version, script);
        updates.ask_for(version);
        let failed = format!("failed-{version}");
        updates.until("the version is set aside", |it| it.read(&failed).contains(reason)).await;
        assert_eq!((updates.read("current"), updates.read("next")), ("0.1.0".into(), String::new()));
        updates.until("the old one runs again", |it| it.started().last().unwrap() == "0.1.0").await;
        updates.until("its program is there", |it| it.program().is_some()).await;
    }
    updates.ask_for("0.5.0");
    updates.until("a version nobody installed", |it| it.read("failed-0.5.0").contains("not there")).await;
    updates.end().await;
}

#[tokio::test]
async fn f05_a_supervisor_killed_at_any_instant_of_an_update_starts_with_what_works() {
    let server = TestServer::start().await;
    let mut updates = Updates::of(&server).await;
    for cut in 0..12 {
        // From the middle of the start to the end of the trial.
        let version = format!("0.2.{cut}");
        updates.install(&version, [ENDS_AT_ONCE, SHOWS_NO_PHOTO, NEVER_ANSWERS][cut % 3]);
        let begun = updates.started().len();
        updates.start("1").await;
        assert_eq!(updates.started()[begun], "0.1.0", "cut {cut}");
        updates.ask_for(&version);
        tokio::time::sleep(Duration::from_millis(rand::random::<u64>() % 3_500)).await;
        updates.kill9().await;
        assert_eq!(updates.read("current"), "0.1.0", "cut {cut}");
    }
    updates.start("1").await;
    updates.until("nothing waits any more", |it| it.read("next").is_empty()).await;
    updates.until("the program is there", |it| it.program().is_some()).await;
    updates.end().await;
}

/// Good and bad versions; the disk may lose all of an update that was not flushed, or a part of it.
#[tokio::test]
async fn f05_power_cut_at_any_instant_of_an_update_leaves_a_version_that_works() {
    let server = TestServer::start().await;
    let (mut updates, disk) = Updates::on_a_volatile_disk(&server).await;
    let (mut works, mut taken) = (vec!["0.1.0".to_owned()], 0);
    for cut in 0..CUTS {
        let version = format!("0.2.{cut}");
        let scripts = [GOOD, ENDS_AT_ONCE, GOOD, SHOWS_NO_PHOTO];
        updates.install(&version, scripts[cut % 4]);
        // Whoever installs flushes what was installed before asking for it.
        disk.settle();
        updates.start("2").await;
        updates.ask_for(&version);
        if scripts[cut % 4] == GOOD {
            works.push(version.clone());
        }
        // When it has just become the current one; or anywhere, mostly before that.
        let further = if cut % 4 == 0 {
            // On a machine that is too busy it has failed instead, which is no less worth a cut.
            let failed = format!("failed-{version}");
            let is_over = |it: &Updates| it.read("current") == version || !it.read(&failed).is_empty();
            updates.until("its trial is over", is_over).await;
            20
        } else {
            3_000
        };
        tokio::time::sleep(Duration::from_micros(rand::random::<u64>() % (further * 1_000))).await;
        updates.kill9().await;
        disk.cut_power(rand::random());
        disk.power_on();
        let current = updates.read("current");
        assert!(works.contains(&current), "{current:?} after cut {cut}");
        taken += usize::from(current == version);
        let begun = updates.started().len();
        updates.supervise("2");
        updates.until("a version is started", |it| it.started().len() > begun).await;
        assert_eq!(updates.started()[begun], current, "cut {cut}");
        updates.until("its program is there", |it| it.program().is_some()).await;
        updates.kill9().await;
        // Gone already where the version has had its trial.
        let _ = fs::remove_file(updates.versions().join("next"));
    }
    assert!(taken > 0 && taken < CUTS / 2, "cuts before and after the choice: {taken} were taken");
}

#[tokio::test]
async fn a_program_that_ends_is_started_again() {
    let server = TestServer::start().await;
    let mut updates = Updates::of(&server).await;
    updates.start("2").await;
    let first = updates.program().unwrap();
    kill_process(first, Signal::KILL).unwrap();
    updates.until("another one", |it| it.program().is_some_and(|pid| pid != first)).await;
    assert!(test_kill_process(first).is_err());
    updates.end().await;
}
