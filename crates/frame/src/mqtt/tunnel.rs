//! TLS for the MQTT library, whose own would bring a second cryptography into the program.
//!
//! The library speaks to a socket with a name of this moment, and what it says goes on encrypted to the broker. Invariant:
//! nobody but this process is let in.

use std::{io, sync::Arc};

use aws_lc_rs::rand;
use rustls::{ClientConfig, pki_types::ServerName};
use rustls_platform_verifier::ConfigVerifierExt;
use tokio::net::{TcpStream, UnixListener, UnixStream};
use tokio_rustls::TlsConnector;

use super::broker::Broker;

pub(super) struct Tunnel {
    listener: UnixListener,
    name: String,
}

impl Tunnel {
    pub(super) fn open() -> io::Result<Self> {
        let mut random = [0; 16];
        rand::fill(&mut random).map_err(io::Error::other)?;
        // A name of Linux's own that begins with a zero: no file is left behind.
        let name = format!("\0picup-mqtt-{:032x}", u128::from_ne_bytes(random));
        Ok(Self { listener: UnixListener::bind(&name)?, name })
    }

    /// What the library connects to.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Carries one connection, and says how it ended.
    pub(super) async fn carry(self, broker: &Broker) -> io::Error {
        match self.try_carry(broker).await {
            Ok(()) => io::ErrorKind::ConnectionAborted.into(),
            Err(error) => error,
        }
    }

    async fn try_carry(&self, broker: &Broker) -> io::Result<()> {
        let mut near = self.own_connection().await?;
        let far = TcpStream::connect(format!("{}:{}", broker.host, broker.port)).await?;
        far.set_nodelay(true)?;
        let name = broker.host.trim_start_matches('[').trim_end_matches(']').to_owned();
        let name = ServerName::try_from(name).map_err(io::Error::other)?;
        let config = ClientConfig::with_platform_verifier().map_err(io::Error::other)?;
        let mut far = TlsConnector::from(Arc::new(config)).connect(name, far).await?;
        tokio::io::copy_bidirectional(&mut near, &mut far).await?;
        Ok(())
    }

    async fn own_connection(&self) -> io::Result<UnixStream> {
        loop {
            let (near, _) = self.listener.accept().await?;
            if near.peer_cred()?.pid() == Some(std::process::id().cast_signed()) {
                return Ok(near);
            }
        }
    }
}
