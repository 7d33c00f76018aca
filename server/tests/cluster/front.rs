//! The shipped nginx configuration, asked by a real client over TLS.

use std::{path::Path, process::Output};

use futures::future::join_all;
use picup_testkit::{TestCluster, daemons::Nginx, eventually};
use rcgen::{CertificateParams, KeyPair};

use crate::tus::{Tus, large_photo};

/// nginx with TLS, and the file that vouches for it.
async fn secure_front(cluster: &TestCluster) -> (Nginx, std::path::PathBuf) {
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new(vec!["localhost".into()]).unwrap().self_signed(&key).unwrap();
    let trusted = cluster.front.nginx.directory().join("trusted.pem");
    std::fs::write(&trusted, certificate.pem()).unwrap();
    (cluster.front.with_tls(&certificate.pem(), &key.serialize_pem()).await, trusted)
}

async fn curl(nginx: &Nginx, trusted: &Path, path: &str, arguments: &[&str]) -> Output {
    let port = nginx.address().port();
    let mut command = tokio::process::Command::new("curl");
    command.args(["--silent", "--show-error", "--max-time", "30", "--cacert"]).arg(trusted).args(arguments);
    command.arg(format!("https://localhost:{port}{path}")).output().await.unwrap()
}

/// HTTP version and status.
async fn answer(nginx: &Nginx, trusted: &Path, path: &str, arguments: &[&str]) -> (String, u16) {
    let wanted = ["--output", "/dev/null", "--write-out", "%{http_version} %{http_code}"];
    let output = curl(nginx, trusted, path, &[&wanted, arguments].concat()).await;
    let text = String::from_utf8_lossy(&output.stdout);
    let (version, status) = text.split_once(' ').unwrap_or_else(|| panic!("{text:?}: {output:?}"));
    (version.into(), status.parse().unwrap())
}

#[tokio::test]
async fn people_come_in_by_tls_and_http_2_and_a_stranger_sees_no_metrics() {
    let cluster = TestCluster::builder().shipped_limits().start().await;
    let (nginx, trusted) = secure_front(&cluster).await;
    assert_eq!(answer(&nginx, &trusted, "/healthz", &[]).await, ("2".into(), 200));
    assert_eq!(answer(&nginx, &trusted, "/v1/me", &[]).await, ("2".into(), 401), "the accounts answer");
    assert_eq!(answer(&nginx, &trusted, "/v1/albums/x", &[]).await, ("2".into(), 401), "the library answers");
    let old = answer(&nginx, &trusted, "/healthz", &["--tls-max", "1.1"]).await;
    assert_eq!(old.1, 0, "no handshake");
    let head = curl(&nginx, &trusted, "/healthz", &["--head"]).await;
    let head = String::from_utf8(head.stdout).unwrap().to_lowercase();
    assert!(head.contains("strict-transport-security: max-age=63072000"), "{head}");

    // From this machine, and from one that is not listed.
    assert_eq!(answer(&nginx, &trusted, "/readyz", &[]).await.1, 200);
    let allowed = nginx.directory().join("admin-allow.conf");
    std::fs::write(&allowed, "allow 192.0.2.1;\n").unwrap();
    nginx.signal_reload();
    // The worker that knew the list before answers for a moment beside the new one.
    for path in ["/readyz", "/metrics"] {
        let forbidden = || async { (answer(&nginx, &trusted, path, &[]).await.1 == 403).then_some(()) };
        eventually("the list holds", forbidden).await;
    }
    assert_eq!(answer(&nginx, &trusted, "/healthz", &[]).await.1, 200);
}

#[tokio::test]
async fn one_address_cannot_try_passwords_without_end() {
    let cluster = TestCluster::builder().shipped_limits().start().await;
    let (nginx, trusted) = secure_front(&cluster).await;
    let attempt = ["--json", r#"{"email":"a@example.org","password":"wrong wrong","client":"app"}"#];
    let attempts = (0..60).map(|_| answer(&nginx, &trusted, "/v1/auth/signin", &attempt));
    let statuses: Vec<_> = join_all(attempts).await.into_iter().map(|(_, status)| status).collect();
    assert!(statuses.contains(&401), "{statuses:?}");
    assert!(statuses.contains(&429), "{statuses:?}");
    assert_eq!(answer(&nginx, &trusted, "/healthz", &[]).await.1, 200, "everything else is answered");
}

/// A piece reaches the process while its client still sends, so a cut keeps what came across.
#[tokio::test]
async fn uploads_are_not_held_back() {
    use tokio::{io::AsyncWriteExt, net::TcpStream};
    let cluster = TestCluster::start().await;
    let people = cluster.family().await;
    let tus = Tus::with(cluster.base_url(), &people.owner, people.family).await;
    let bytes = large_photo(1, 3_000_000);
    let path = tus.create(&bytes).await;
    let address = cluster.front.nginx.address();
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = format!(
        "PATCH {path} HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {}\r\ntus-resumable: 1.0.0\r\n\
         upload-offset: 0\r\ncontent-type: application/offset+octet-stream\r\ncontent-length: {}\r\n\r\n",
        tus.token,
        bytes.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(&bytes[..1_000_000]).await.unwrap();
    let spooled = || async {
        let files = std::fs::read_dir(cluster.spool_dir()).unwrap().flatten();
        (files.map(|file| file.metadata().unwrap().len()).sum::<u64>() == 1_000_000).then_some(())
    };
    eventually("what was sent is with the process", spooled).await;
    drop(stream);
    assert_eq!(tus.offset(&path).await, 1_000_000);
}
