//! One connection through the proxy.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::TcpStream,
    sync::watch,
};

use super::{Fault, Shared};

const PORTAL_PAGE: &str = "<!doctype html><title>Wi-Fi</title><p>Accept our terms to go on.</p>";

pub(super) struct Relay {
    shared: Arc<Shared>,
    fault: watch::Receiver<Fault>,
    cuts: watch::Receiver<u64>,
}

/// One direction of a connection.
#[derive(Clone, Copy)]
enum Way {
    Up,
    Down,
}

impl Relay {
    pub(super) fn new(shared: Arc<Shared>) -> Self {
        let (fault, mut cuts) = (shared.fault.subscribe(), shared.cuts.subscribe());
        cuts.mark_unchanged();
        Self { shared, fault, cuts }
    }

    pub(super) async fn run(self, mut client: TcpStream) {
        let fault = *self.fault.borrow();
        match fault {
            Fault::Refuse => return reset(&client),
            Fault::CaptivePortal => return drop(answer_as_portal(&mut client).await),
            _ => {}
        }
        let upstream = *self.shared.upstream.lock().unwrap();
        let Ok(mut server) = TcpStream::connect(upstream).await else { return reset(&client) };
        let mut cuts = self.cuts.clone();
        let ended_by_itself = tokio::select! {
            _ = cuts.changed() => false,
            outcome = self.relay(&mut client, &mut server) => outcome.is_ok(),
        };
        if !ended_by_itself {
            reset(&client);
            reset(&server);
        }
    }

    async fn relay(&self, client: &mut TcpStream, server: &mut TcpStream) -> io::Result<()> {
        let (mut from_client, mut to_client) = client.split();
        let (mut from_server, mut to_server) = server.split();
        let up = self.pump(Way::Up, &mut from_client, &mut to_server);
        let down = self.pump(Way::Down, &mut from_server, &mut to_client);
        tokio::select! { outcome = up => outcome, outcome = down => outcome }
    }

    /// Ends with an error to cut, and with Ok when a side is done.
    async fn pump(
        &self,
        way: Way,
        from: &mut (impl AsyncRead + Unpin),
        to: &mut (impl AsyncWrite + Unpin),
    ) -> io::Result<()> {
        let mut buffer = vec![0; 16 << 10];
        let mut moved = 0;
        loop {
            let read = from.read(&mut buffer).await?;
            if read == 0 {
                return Ok(());
            }
            let allowed = self.allow(way, moved, read as u64).await;
            to.write_all(&buffer[..allowed as usize]).await?;
            moved += allowed;
            self.counter(way).fetch_add(allowed, Ordering::Relaxed);
            if allowed < read as u64 {
                // Let the other side read what it was given before the reset throws it away.
                tokio::time::sleep(Duration::from_millis(20)).await;
                return Err(io::ErrorKind::ConnectionReset.into());
            }
        }
    }

    /// How many of `wanted` bytes may pass; fewer than that means the end.
    async fn allow(&self, way: Way, moved: u64, wanted: u64) -> u64 {
        let mut fault = self.fault.clone();
        loop {
            let current = *fault.borrow_and_update();
            match (current, way) {
                (Fault::CutAfterUp(limit), Way::Up) | (Fault::CutAfterDown(limit), Way::Down) => {
                    return wanted.min(limit.saturating_sub(moved));
                }
                (Fault::Refuse | Fault::CaptivePortal, _) => return 0,
                (Fault::Delay(delay), _) => {
                    tokio::time::sleep(delay).await;
                    return wanted;
                }
                (Fault::Stall, _) => {}
                _ => return wanted,
            }
            if fault.changed().await.is_err() {
                return 0;
            }
        }
    }

    fn counter(&self, way: Way) -> &AtomicU64 {
        match way {
            Way::Up => &self.shared.up,
            Way::Down => &self.shared.down,
        }
    }
}

/// With no time to linger, closing sends a reset: what a power cut or a lost route looks like.
fn reset(socket: &TcpStream) {
    // Fails only when the other side was faster.
    let _ = socket.set_zero_linger();
}

async fn answer_as_portal(client: &mut TcpStream) -> io::Result<()> {
    let mut buffer = vec![0; 64 << 10];
    let _ = client.read(&mut buffer).await?;
    let length = PORTAL_PAGE.len();
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
    );
    client.write_all(head.as_bytes()).await?;
    client.write_all(PORTAL_PAGE.as_bytes()).await?;
    client.flush().await?;
    // Closing with unread bytes would reset the page away.
    let drain = async { while client.read(&mut buffer).await.is_ok_and(|read| read > 0) {} };
    let _ = tokio::time::timeout(Duration::from_secs(1), drain).await;
    Ok(())
}
