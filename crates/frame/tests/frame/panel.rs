//! `picup-frame panel` on a real X server and a real compositor, neither of which needs hardware.

use std::{os::unix::fs::PermissionsExt, path::Path, process::Stdio};

use picup_testkit::eventually;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
};

const SCREEN: &str = r#"
Section "Device"
  Identifier "card"
  Driver "dummy"
  VideoRam 64000
EndSection
Section "Monitor"
  Identifier "panel"
  HorizSync 5-1000
  VertRefresh 5-200
EndSection
Section "Screen"
  Identifier "screen"
  Device "card"
  Monitor "panel"
  DefaultDepth 24
  SubSection "Display"
    Depth 24
    Modes "1024x768"
  EndSubSection
EndSection
"#;

/// A display of its own, real or not; ends when dropped.
struct Display {
    directory: TempDir,
    environment: Vec<(&'static str, String)>,
    _server: Child,
}

impl Display {
    /// An X server whose one output can be switched off, though not turned.
    async fn x11() -> Self {
        let directory = tempfile::tempdir().unwrap();
        std::fs::write(directory.path().join("x.conf"), SCREEN).unwrap();
        let mut server = Command::new("Xorg");
        server.args(["-displayfd", "1", "-noreset", "-nolisten", "tcp", "-config"]);
        server.arg(directory.path().join("x.conf")).arg("-logfile").arg(directory.path().join("x.log"));
        let (server, display) = first_line(server).await;
        let environment = vec![("DISPLAY", format!(":{display}"))];
        Self { directory, environment, _server: server }
    }

    /// A compositor that refuses to go without its last output.
    async fn wayland() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let mut server = Command::new("phoc");
        if rustix::process::getuid().is_root() {
            server = Command::new("setpriv");
            server.args(["--reuid=nobody", "--regid=nogroup", "--clear-groups", "phoc"]);
            std::os::unix::fs::chown(directory.path(), Some(65534), Some(65534)).unwrap();
        }
        std::fs::set_permissions(directory.path(), std::fs::Permissions::from_mode(0o700)).unwrap();
        server.env("XDG_RUNTIME_DIR", directory.path()).env("HOME", directory.path());
        server.env("GSETTINGS_BACKEND", "memory").env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY");
        server
            .env("WLR_BACKENDS", "headless")
            .env("WLR_LIBINPUT_NO_DEVICES", "1")
            .env("WLR_RENDERER", "pixman");
        let server = server.stdout(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true).spawn().unwrap();
        let socket = directory.path().join("wayland-0");
        eventually("the compositor listens", || async { socket.exists().then_some(()) }).await;
        let environment = vec![("WAYLAND_DISPLAY", socket.display().to_string())];
        Self { directory, environment, _server: server }
    }

    fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command.env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY");
        command.env("XDG_RUNTIME_DIR", self.directory.path());
        command.env("PICUP_BACKLIGHT_DIR", self.directory.path().join("no-lamp"));
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }

    /// What `picup-frame panel` says, and whether it calls that a success.
    async fn panel(&self, action: &str, method: &str) -> (bool, Value) {
        let mut command = self.command(env!("CARGO_BIN_EXE_picup-frame"));
        let output = command.args(["panel", action, "--panel", method]).output().await.unwrap();
        (output.status.success(), serde_json::from_slice(&output.stdout).unwrap())
    }

    /// The line of the one output.
    async fn xrandr(&self) -> String {
        let output = self.command("xrandr").output().await.unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let said = String::from_utf8(output.stdout).unwrap();
        said.lines().find(|line| line.contains(" connected")).unwrap_or_default().to_owned()
    }
}

async fn first_line(mut server: Command) -> (Child, String) {
    let mut server =
        server.stdout(Stdio::piped()).stderr(Stdio::null()).kill_on_drop(true).spawn().expect("Xorg");
    let mut lines = BufReader::new(server.stdout.take().unwrap()).lines();
    let line = lines.next_line().await.unwrap().expect("the server says where it is");
    (server, line)
}

fn sighting<'a>(report: &'a Value, method: &str) -> &'a Value {
    let looked_for = report["looked_for"].as_array().unwrap();
    looked_for.iter().find(|it| it["method"] == method).expect("it was looked for")
}

#[tokio::test]
async fn f08_a_panel_of_an_x_session_goes_off_and_comes_on_even_if_it_cannot_be_turned_as_before() {
    let display = Display::x11().await;
    let (done, report) = display.panel("probe", "auto").await;
    assert!(done && report["chosen"] == "xrandr", "{report}");
    let xset = sighting(&report, "xset");
    assert_eq!(xset["because"], "the X server has no power management (DPMS)");
    assert_eq!(sighting(&report, "wlopm")["found"], false);
    assert!(report.get("tried").is_none(), "{report}");

    let (done, report) = display.panel("off", "auto").await;
    assert!(done, "{report}");
    assert_eq!(report["tried"], json!([{ "method": "xrandr", "worked": true }]));
    assert!(!display.xrandr().await.contains("1024x768"), "the panel is off");
    // Off already: nothing of how it was turned is forgotten.
    assert!(display.panel("off", "xrandr").await.0);
    let memory = display.directory.path().join("picup-turned-xrandr.json");
    assert_eq!(std::fs::read_to_string(&memory).unwrap(), r#"{"DUMMY0":"normal"}"#);
    // This output cannot be turned at all.
    std::fs::write(&memory, r#"{"DUMMY0":"left"}"#).unwrap();
    assert!(display.panel("on", "auto").await.0);
    let line = display.xrandr().await;
    assert!(line.contains("1024x768+0+0"), "{line}");
    assert!(display.panel("on", "xrandr").await.0, "on already");
}

#[tokio::test]
async fn f08_a_compositor_that_keeps_its_panel_on_is_named_and_nothing_breaks() {
    let display = Display::wayland().await;
    let (done, report) = display.panel("probe", "auto").await;
    assert!(done && report["chosen"] == "wlr-randr", "{report}");
    let (done, report) = display.panel("off", "wlr-randr").await;
    assert!(!done, "{report}");
    assert_eq!(report["tried"][0]["worked"], false);
    assert!(report["tried"][0]["because"].as_str().unwrap().contains("failed to apply"), "{report}");
    let (done, report) = display.panel("on", "wlr-randr").await;
    assert!(done, "{report}");
}

#[tokio::test]
async fn where_there_is_nothing_the_report_says_what_is_missing() {
    let directory = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_picup-frame"));
    command.args(["panel", "off"]).env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY");
    command.env("PICUP_BACKLIGHT_DIR", directory.path()).env("PATH", Path::new("/nonexistent"));
    let output = command.output().await.unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(!output.status.success() && report["chosen"].is_null(), "{report}");
    assert_eq!(
        sighting(&report, "wlopm")["because"],
        "this is no Wayland session (WAYLAND_DISPLAY is not set)"
    );
    assert_eq!(sighting(&report, "cec-client")["because"], "cec-client is not installed");
    assert!(sighting(&report, "backlight")["because"].as_str().unwrap().contains("there is no lamp"));
}
