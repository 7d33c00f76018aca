//! Runs the programs that switch panels: fixed arguments, no shell, and a deadline for each.

use std::{io, process::Stdio, time::Duration};

use anyhow::{Context, bail};
use tokio::{
    io::AsyncWriteExt,
    process::{Child, Command},
};
use tracing::warn;

/// A monitor answers on its slow wire within a few seconds; a program that takes longer hangs.
const DEADLINE: Duration = Duration::from_secs(10);
/// Characters of a program's complaint that are worth a line in the log.
const COMPLAINT: usize = 300;

/// What it wrote to standard output.
pub(super) async fn run(program: &str, arguments: &[&str]) -> anyhow::Result<String> {
    run_with(program, arguments, "").await
}

/// The same, with `input` on its standard input.
pub(super) async fn run_with(program: &str, arguments: &[&str], input: &str) -> anyhow::Result<String> {
    let child = spawn(program, arguments)?;
    // Dropped at the deadline, and killed by that.
    let ended = tokio::time::timeout(DEADLINE, finish(child, input)).await;
    let Ok(output) = ended else { bail!("{program} did not answer within {} s", DEADLINE.as_secs()) };
    let output = output.with_context(|| format!("{program} cannot be run"))?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    if output.status.success() {
        return Ok(said);
    }
    let complaint = String::from_utf8_lossy(&output.stderr);
    let complaint = if complaint.trim().is_empty() { said.trim() } else { complaint.trim() };
    let complaint: String = complaint.chars().take(COMPLAINT).collect();
    bail!("{program} {}: {}: {complaint}", arguments.join(" "), output.status)
}

/// With how an output is to be turned; one that cannot be turned so any more comes on all the same.
pub(super) async fn run_turned(
    program: &str,
    arguments: &[&str],
    flag: &str,
    turned: Option<&String>,
) -> anyhow::Result<()> {
    if let Some(turned) = turned.filter(|turned| *turned != "normal") {
        match run(program, &[arguments, &[flag, turned]].concat()).await {
            Ok(_) => return Ok(()),
            Err(error) => warn!(error = format!("{error:#}"), "the panel comes on, and is not turned"),
        }
    }
    run(program, arguments).await.map(drop)
}

fn spawn(program: &str, arguments: &[&str]) -> anyhow::Result<Child> {
    let mut command = Command::new(program);
    // Its words are read by a program.
    command.args(arguments).env("LC_ALL", "C").kill_on_drop(true);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    match command.spawn() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => bail!("{program} is not installed"),
        spawned => spawned.with_context(|| format!("{program} cannot be started")),
    }
}

async fn finish(mut child: Child, input: &str) -> io::Result<std::process::Output> {
    if let Some(mut stdin) = child.stdin.take() {
        // A program that reads nothing closes it early.
        let _ = stdin.write_all(input.as_bytes()).await;
    }
    child.wait_with_output().await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_program_is_given_words_and_its_own_are_told() {
        assert_eq!(run_with("cat", &["-"], "standby 0\n").await.unwrap(), "standby 0\n");
        let failed = run("sh", &["-c", "echo no panel >&2; exit 3"]).await.unwrap_err().to_string();
        assert!(failed.contains("no panel") && failed.contains("exit status: 3"), "{failed}");
        let absent = run("picup-no-such-program", &[]).await.unwrap_err().to_string();
        assert_eq!(absent, "picup-no-such-program is not installed");
    }

    #[tokio::test]
    async fn what_cannot_be_turned_comes_on_all_the_same() {
        use std::os::unix::fs::PermissionsExt;
        let directory = tempfile::tempdir().unwrap();
        for (name, turned, mode) in [("turned", "700", Some(0o700)), ("not", "sideways", None)] {
            let made = directory.path().join(name);
            // `mkdir` refuses a mode it does not know, as `xrandr` refuses a turn.
            let turned = turned.to_owned();
            run_turned("mkdir", &[made.to_str().unwrap()], "--mode", Some(&turned)).await.unwrap();
            let is = std::fs::metadata(made).unwrap().permissions().mode() & 0o777;
            assert!(mode.is_none_or(|mode| mode == is), "{name}: {is:o}");
        }
    }

    #[tokio::test]
    async fn a_program_that_hangs_is_given_up_and_killed() {
        let directory = tempfile::tempdir().unwrap();
        let pid_file = directory.path().join("pid");
        let script = format!("echo $$ > {}; exec sleep 1000", pid_file.display());
        let failed = run("sh", &["-c", &script]).await.unwrap_err().to_string();
        assert_eq!(failed, "sh did not answer within 10 s");
        let pid = std::fs::read_to_string(pid_file).unwrap();
        let alive = std::path::PathBuf::from(format!("/proc/{}", pid.trim()));
        let state = || std::fs::read_to_string(alive.join("stat")).is_ok_and(|stat| !stat.contains(") Z "));
        while state() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}
