//! A session bus with a real gnome-keyring on it, both with directories of their own.

use std::{path::Path, process::Stdio};

use picup_testkit::eventually;
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    process::{Child, Command},
};

/// Ends with its daemons when dropped; what the keyring holds stays in its directory until then.
pub(crate) struct Bus {
    directory: TempDir,
    address: String,
    keyring: Option<Child>,
    _daemon: Child,
}

impl Bus {
    /// A bus without a keyring.
    pub(crate) async fn start() -> Self {
        let directory = tempfile::Builder::new().prefix("picup-bus-").tempdir().unwrap();
        // No service files: what is on the bus is what a test puts there.
        let config = format!(
            "<busconfig><type>session</type><listen>unix:path={}</listen><auth>EXTERNAL</auth>\
             <policy context=\"default\"><allow send_destination=\"*\" eavesdrop=\"true\"/>\
             <allow eavesdrop=\"true\"/><allow own=\"*\"/></policy></busconfig>",
            directory.path().join("bus").display()
        );
        std::fs::write(directory.path().join("bus.conf"), config).unwrap();
        let mut daemon = Command::new("dbus-daemon");
        daemon.arg("--config-file").arg(directory.path().join("bus.conf"));
        daemon.args(["--nofork", "--print-address"]).stdout(Stdio::piped()).kill_on_drop(true);
        let mut daemon = daemon.spawn().expect("dbus-daemon");
        let mut lines = BufReader::new(daemon.stdout.take().unwrap()).lines();
        let address = lines.next_line().await.unwrap().expect("the bus's address");
        Self { directory, address, keyring: None, _daemon: daemon }
    }

    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// A keyring whose collection is open. The first time makes the collection.
    pub(crate) async fn unlocked_keyring(&mut self) {
        self.keyring(true).await;
    }

    /// A keyring whose collection nobody has opened.
    pub(crate) async fn locked_keyring(&mut self) {
        self.keyring(false).await;
    }

    pub(crate) async fn end_keyring(&mut self) {
        let Some(mut keyring) = self.keyring.take() else { return };
        keyring.kill().await.unwrap();
        eventually("the keyring has left the bus", || async { (!self.has_keyring().await).then_some(()) })
            .await;
    }

    async fn keyring(&mut self, unlocked: bool) {
        self.end_keyring().await;
        let mut daemon = Command::new("gnome-keyring-daemon");
        daemon.args(["--foreground", "--components=secrets"]).args(unlocked.then_some("--unlock"));
        self.environment(&mut daemon);
        daemon.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true);
        let mut daemon = daemon.spawn().expect("gnome-keyring-daemon");
        let mut password = daemon.stdin.take().unwrap();
        password.write_all(b"a password nobody at the frame knows").await.unwrap();
        drop(password);
        self.keyring = Some(daemon);
        let answers = || async { self.search().await.contains("method return").then_some(()) };
        eventually("the keyring answers", answers).await;
    }

    fn environment(&self, command: &mut Command) {
        let at = |name: &str| -> std::path::PathBuf { self.directory.path().join(name) };
        for name in ["run", "data"] {
            std::fs::create_dir_all(at(name)).unwrap();
        }
        command.env("XDG_RUNTIME_DIR", at("run")).env("XDG_DATA_HOME", at("data"));
        command.env("HOME", self.directory.path()).env("DBUS_SESSION_BUS_ADDRESS", &self.address);
        command.env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY");
    }

    async fn has_keyring(&self) -> bool {
        let mut ask = Command::new("dbus-send");
        ask.arg(format!("--bus={}", self.address)).args([
            "--print-reply",
            "--dest=org.freedesktop.DBus",
            "/",
        ]);
        ask.args(["org.freedesktop.DBus.NameHasOwner", "string:org.freedesktop.secrets"]);
        String::from_utf8_lossy(&ask.output().await.expect("dbus-send").stdout).contains("boolean true")
    }

    /// How many secrets the keyring holds.
    pub(crate) async fn secrets(&self) -> usize {
        self.search().await.matches("object path").count()
    }

    /// What the keyring answers: nothing, for a moment after its name is on the bus.
    async fn search(&self) -> String {
        let mut ask = Command::new("dbus-send");
        ask.arg(format!("--bus={}", self.address));
        ask.args(["--print-reply", "--dest=org.freedesktop.secrets", "/org/freedesktop/secrets"]);
        ask.args([
            "org.freedesktop.Secret.Service.SearchItems",
            "dict:string:string:application,picup-frame",
        ]);
        let answer = ask.output().await.expect("dbus-send").stdout;
        String::from_utf8_lossy(&answer).into_owned()
    }
}

/// A bus that takes connections and never says a word.
pub(crate) fn hung_bus(at: &Path) -> (String, std::os::unix::net::UnixListener) {
    let path = at.join("hung-bus");
    let listener = std::os::unix::net::UnixListener::bind(&path).unwrap();
    (format!("unix:path={}", path.display()), listener)
}
