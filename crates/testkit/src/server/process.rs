//! A child process, its ready line, and its log.

use std::{
    io::{BufRead, BufReader, Read},
    process::{Child, Command, ExitStatus, Stdio},
    sync::{Arc, Mutex, mpsc},
    time::Duration,
};

use serde_json::Value;

/// What the processes of one test wrote to stderr.
#[derive(Clone, Default)]
pub(crate) struct Log(Arc<Mutex<Vec<u8>>>);

pub(crate) struct Process(Child);

const READY_WITHIN: Duration = Duration::from_secs(60);

impl Log {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }

    pub(crate) fn follow(&self, mut stderr: impl Read + Send + 'static) {
        let log = self.0.clone();
        std::thread::spawn(move || {
            let mut buffer = [0; 8192];
            while let Ok(read @ 1..) = stderr.read(&mut buffer) {
                log.lock().unwrap().extend_from_slice(&buffer[..read]);
            }
        });
    }
}

impl Process {
    /// The process, and its ready line.
    pub(crate) async fn start(mut command: Command, log: &Log) -> (Self, Value) {
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        log.follow(child.stderr.take().unwrap());
        let stdout = child.stdout.take().unwrap();
        let (sender, lines) = mpsc::channel();
        std::thread::spawn(move || {
            // Read to the end: a full pipe would stop the server.
            BufReader::new(stdout).lines().map_while(Result::ok).for_each(|line| drop(sender.send(line)));
        });
        let ready = tokio::task::spawn_blocking(move || lines.recv_timeout(READY_WITHIN)).await.unwrap();
        let Some(ready) = ready.ok().and_then(|line| serde_json::from_str(&line).ok()) else {
            let process = Self(child);
            process.kill();
            panic!("the server did not become ready:\n{}", log.text());
        };
        (Self(child), ready)
    }

    pub(crate) fn pid(&self) -> u32 {
        self.0.id()
    }

    pub(crate) fn kill(mut self) {
        // Fails only when it has ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }

    pub(crate) async fn terminate(mut self) -> ExitStatus {
        crate::signals::send(self.pid(), rustix::process::Signal::TERM);
        tokio::task::spawn_blocking(move || self.0.wait()).await.unwrap().unwrap()
    }
}
