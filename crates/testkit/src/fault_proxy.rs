//! A TCP proxy on loopback that misbehaves on command.
//!
//! A fault set here holds for the connections that are open and for those to come.

mod relay;

use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use picup_client::Url;
use tokio::{
    net::TcpListener,
    sync::watch,
    task::{JoinHandle, JoinSet},
};

use relay::Relay;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    None,
    /// Each connection is reset once this many bytes went to the server.
    CutAfterUp(u64),
    /// Each connection is reset once this many bytes came back.
    CutAfterDown(u64),
    /// Nothing moves any more, and nobody is told.
    Stall,
    /// Each piece of data waits this long.
    Delay(Duration),
    /// Connections are closed as soon as they are opened.
    Refuse,
    /// A hotel's page answers instead of the server.
    CaptivePortal,
}

pub struct FaultProxy {
    address: SocketAddr,
    shared: Arc<Shared>,
    accepting: JoinHandle<()>,
}

struct Shared {
    upstream: Mutex<SocketAddr>,
    fault: watch::Sender<Fault>,
    /// Counts the calls of `cut_now`.
    cuts: watch::Sender<u64>,
    up: AtomicU64,
    down: AtomicU64,
    connections: AtomicU64,
}

impl FaultProxy {
    pub async fn start(upstream: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared {
            upstream: Mutex::new(upstream),
            fault: watch::Sender::new(Fault::None),
            cuts: watch::Sender::new(0),
            up: AtomicU64::default(),
            down: AtomicU64::default(),
            connections: AtomicU64::default(),
        });
        let accepting = tokio::spawn(accept(listener, shared.clone()));
        Self { address, shared, accepting }
    }

    pub fn addr(&self) -> SocketAddr {
        self.address
    }

    pub fn url(&self) -> Url {
        Url::parse(&format!("http://{}", self.address)).unwrap()
    }

    pub fn set(&self, fault: Fault) {
        self.shared.fault.send_replace(fault);
    }

    /// Resets every open connection.
    pub fn cut_now(&self) {
        self.shared.cuts.send_modify(|cuts| *cuts += 1);
    }

    /// For a server that came back on another port.
    pub fn lead_to(&self, upstream: SocketAddr) {
        *self.shared.upstream.lock().unwrap() = upstream;
    }

    /// To the server, over all connections.
    pub fn bytes_up(&self) -> u64 {
        self.shared.up.load(Ordering::Relaxed)
    }

    pub fn bytes_down(&self) -> u64 {
        self.shared.down.load(Ordering::Relaxed)
    }

    pub fn connections(&self) -> u64 {
        self.shared.connections.load(Ordering::Relaxed)
    }
}

impl Drop for FaultProxy {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    // Dropped with the task, and every connection with it.
    let mut connections = JoinSet::new();
    while let Ok((socket, _)) = listener.accept().await {
        shared.connections.fetch_add(1, Ordering::Relaxed);
        connections.spawn(Relay::new(shared.clone()).run(socket));
        while connections.try_join_next().is_some() {}
    }
}
