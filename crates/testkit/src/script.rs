//! A server that says exactly what a test wants: what a real one only says on a bad day.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use picup_client::Url;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::{JoinHandle, JoinSet},
};

/// A request as it arrived.
#[derive(Clone, Debug)]
pub struct Heard {
    /// Such as `GET /v1/me`.
    pub line: String,
    /// Lower-case names.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Heard {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// What goes over the wire, after a while; the connection is closed behind it.
#[derive(Clone, Debug)]
pub struct Reply {
    bytes: Vec<u8>,
    after: Duration,
    held_open: bool,
}

impl Reply {
    /// Head and body as they are, right or wrong.
    pub fn raw(bytes: impl Into<Vec<u8>>) -> Self {
        Self { bytes: bytes.into(), after: Duration::ZERO, held_open: false }
    }

    pub fn new(status: u16, headers: &[(&str, &str)], body: &[u8]) -> Self {
        let headers: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        let length = body.len();
        let head =
            format!("HTTP/1.1 {status} X\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n");
        Self::raw([head.as_bytes(), body].concat())
    }

    pub fn json(status: u16, body: &serde_json::Value) -> Self {
        Self::new(status, &[("Content-Type", "application/json")], body.to_string().as_bytes())
    }

    pub fn problem(status: u16, code: &str, headers: &[(&str, &str)]) -> Self {
        let body = serde_json::json!({
            "type": "about:blank", "title": "X", "status": status, "code": code, "request_id": "test",
        });
        let mut all = vec![("Content-Type", "application/problem+json")];
        all.extend(headers);
        Self::new(status, &all, body.to_string().as_bytes())
    }

    /// Nothing more comes, and the connection is not closed.
    pub fn held_open(self) -> Self {
        Self { held_open: true, ..self }
    }

    pub fn after(self, wait: Duration) -> Self {
        Self { after: wait, ..self }
    }
}

type Play = dyn Fn(usize, &Heard) -> Reply + Send + Sync;

/// Answers the nth request with what the script says.
pub struct Script {
    address: SocketAddr,
    heard: Arc<Mutex<Vec<Heard>>>,
    accepting: JoinHandle<()>,
}

impl Script {
    pub async fn start(play: impl Fn(usize, &Heard) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let heard: Arc<Mutex<Vec<Heard>>> = Arc::default();
        let (play, log): (Arc<Play>, _) = (Arc::new(play), heard.clone());
        let accepting = tokio::spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((socket, _)) = listener.accept().await {
                connections.spawn(converse(socket, play.clone(), log.clone()));
            }
        });
        Self { address, heard, accepting }
    }

    pub fn url(&self) -> Url {
        Url::parse(&format!("http://{}", self.address)).unwrap()
    }

    pub fn heard(&self) -> Vec<Heard> {
        self.heard.lock().unwrap().clone()
    }

    /// How many requests began with this line.
    pub fn count(&self, line: &str) -> usize {
        self.heard().iter().filter(|request| request.line.starts_with(line)).count()
    }
}

impl Drop for Script {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn converse(mut socket: TcpStream, play: Arc<Play>, log: Arc<Mutex<Vec<Heard>>>) {
    let Some(request) = hear(&mut socket).await else { return };
    let nth = {
        let mut log = log.lock().unwrap();
        log.push(request.clone());
        log.len() - 1
    };
    let reply = play(nth, &request);
    tokio::time::sleep(reply.after).await;
    // The test may have hung up.
    let _ = socket.write_all(&reply.bytes).await;
    if reply.held_open {
        std::future::pending::<()>().await;
    }
    let _ = socket.shutdown().await;
}

async fn hear(socket: &mut TcpStream) -> Option<Heard> {
    let mut bytes = Vec::new();
    let head_ends = loop {
        if socket.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break end;
        }
    };
    let head = String::from_utf8_lossy(&bytes[..head_ends]).into_owned();
    let mut lines = head.lines();
    let line = lines.next()?.trim_end_matches(" HTTP/1.1").to_owned();
    let headers: Vec<_> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .collect();
    let mut body = bytes.split_off(head_ends + 4);
    let length = headers.iter().find(|(name, _)| name == "content-length");
    let length = length.and_then(|(_, value)| value.parse().ok()).unwrap_or(0);
    while body.len() < length {
        if socket.read_buf(&mut body).await.ok()? == 0 {
            break;
        }
    }
    Some(Heard { line, headers, body })
}
