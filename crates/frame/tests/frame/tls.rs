//! A real TLS server before the family's server, whose certificate can be exchanged.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::{Duration, SystemTime},
};

use picup_client::Url;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::{
    ServerConfig,
    pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

pub(crate) struct TlsFront {
    authority: Issuer<'static, KeyPair>,
    /// What a frame has to trust.
    authority_pem: String,
    acceptor: Arc<Mutex<TlsAcceptor>>,
    connections: Arc<Mutex<Vec<tokio::task::AbortHandle>>>,
    address: SocketAddr,
}

/// Days from now, or an instant.
pub(crate) fn days_from_now(days: i64) -> SystemTime {
    let length = Duration::from_secs(days.unsigned_abs() * 24 * 3600);
    if days < 0 { SystemTime::now() - length } else { SystemTime::now() + length }
}

impl TlsFront {
    /// With a certificate that is valid for a year, from yesterday on.
    pub(crate) async fn start(server: SocketAddr) -> Self {
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let authority_pem = params.self_signed(&key).unwrap().pem();
        let authority = Issuer::new(params, key);
        let first = acceptor(&authority, days_from_now(-1), days_from_now(365));
        let acceptor = Arc::new(Mutex::new(first));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let connections = Arc::<Mutex<Vec<tokio::task::AbortHandle>>>::default();
        tokio::spawn(serve(listener, server, acceptor.clone(), connections.clone()));
        Self { authority, authority_pem, acceptor, connections, address }
    }

    pub(crate) fn url(&self) -> Url {
        Url::parse(&format!("https://localhost:{}", self.address.port())).unwrap()
    }

    pub(crate) fn authority_pem(&self) -> &str {
        &self.authority_pem
    }

    /// From now on, and open connections are cut.
    pub(crate) fn exchange_certificate(&self, from: SystemTime, until: SystemTime) {
        *self.acceptor.lock().unwrap() = acceptor(&self.authority, from, until);
        self.connections.lock().unwrap().drain(..).for_each(|connection| connection.abort());
    }
}

fn acceptor(authority: &Issuer<'static, KeyPair>, from: SystemTime, until: SystemTime) -> TlsAcceptor {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    (params.not_before, params.not_after) = (from.into(), until.into());
    let certificate = params.signed_by(&key, authority).unwrap();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let config = ServerConfig::builder().with_no_client_auth();
    let config = config.with_single_cert(vec![certificate.der().clone()], key).unwrap();
    TlsAcceptor::from(Arc::new(config))
}

async fn serve(
    listener: TcpListener,
    server: SocketAddr,
    acceptor: Arc<Mutex<TlsAcceptor>>,
    connections: Arc<Mutex<Vec<tokio::task::AbortHandle>>>,
) {
    while let Ok((client, _)) = listener.accept().await {
        let acceptor = acceptor.lock().unwrap().clone();
        let connection = tokio::spawn(async move {
            let (Ok(mut near), Ok(mut far)) =
                (acceptor.accept(client).await, TcpStream::connect(server).await)
            else {
                return;
            };
            // Ends when either side does.
            let _ = tokio::io::copy_bidirectional(&mut near, &mut far).await;
        });
        connections.lock().unwrap().push(connection.abort_handle());
    }
}
