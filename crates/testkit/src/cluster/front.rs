//! nginx before a cluster, on the files of `provisioning/nginx`.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
};

use picup_client::Url;

use super::members::{Member, Role};
use crate::daemons::Nginx;

/// Without TLS, which a proxy test adds.
const SERVER: &str =
    "include http.conf;\ninclude upstreams.conf;\nserver { listen $LISTEN; include routes.conf; }";

pub struct Front {
    pub nginx: Nginx,
}

impl Front {
    pub(super) async fn start(members: &[Member], limitless: bool) -> Self {
        let mut files: Vec<_> = ["http.conf", "routes.conf", "admin-allow.conf"].map(shipped).into();
        if limitless {
            files[0].1 =
                files[0].1.replace("rate=200r/s", "rate=1000000r/s").replace("rate=2r/s", "rate=1000000r/s");
            files[1].1 = files[1].1.replace("limit_conn picup_connections 200;", "");
        }
        files.push(("upstreams.conf", upstreams(members)));
        Self { nginx: Nginx::start_with(SERVER, &files).await }
    }

    /// A further nginx before the same processes: the shipped files, every limit and TLS of them, but for their
    /// addresses and where the certificate is.
    pub async fn with_tls(&self, certificate: &str, key: &str) -> Nginx {
        let place = self.nginx.directory().display();
        let public = shipped("picup.conf").1;
        let secure = public.lines().filter(|line| !line.contains("[::]")).collect::<Vec<_>>().join("\n");
        let secure = secure
            .replace("listen 443 ssl http2", "listen $LISTEN ssl http2")
            .replace("listen 80", &format!("listen unix:{place}/plain"))
            .replace("/etc/picup/tls", &place.to_string())
            .replace("/var/log/nginx", &place.to_string());
        std::fs::write(self.nginx.directory().join("fullchain.pem"), certificate).unwrap();
        std::fs::write(self.nginx.directory().join("privkey.pem"), key).unwrap();
        let mut files: Vec<_> = ["http.conf", "routes.conf", "admin-allow.conf"].map(shipped).into();
        let own = self.nginx.directory().join("upstreams.conf");
        files.push(("upstreams.conf", std::fs::read_to_string(own).unwrap()));
        Nginx::start_with(&format!("include http.conf;\ninclude upstreams.conf;\n{secure}"), &files).await
    }

    pub fn url(&self) -> Url {
        Url::parse(&self.nginx.url()).unwrap()
    }

    /// Runs `upstream.sh`; nothing for workers, whom nobody asks.
    pub async fn upstream(&self, act: &str, member: &Member) {
        if member.role() == Role::Worker {
            return;
        }
        let mut command =
            tokio::process::Command::from(self.nginx.beside(&provisioning().join("upstream.sh")));
        command.arg(self.nginx.directory().join("upstreams.conf")).arg(act);
        command.arg(format!("picup_{}", member.role().name())).arg(member.address().to_string());
        let output = command.env("NGINX", self.nginx.command()).output().await.unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
}

fn provisioning() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../provisioning/nginx")
}

fn shipped(name: &'static str) -> (&'static str, String) {
    (name, std::fs::read_to_string(provisioning().join(name)).unwrap())
}

/// The shipped file with other addresses.
fn upstreams(members: &[Member]) -> String {
    let mut text = shipped("upstreams.conf").1;
    for (role, shipped) in [(Role::Accounts, "853"), (Role::Library, "854")] {
        let addresses = members.iter().filter(|member| member.role() == role).map(Member::address);
        for (number, address) in addresses.enumerate() {
            text = replaced(&text, &format!("127.0.0.1:{shipped}{number}"), address);
        }
    }
    text
}

fn replaced(text: &str, shipped: &str, address: SocketAddr) -> String {
    assert!(text.contains(shipped), "{shipped} is not in upstreams.conf");
    text.replace(shipped, &address.to_string())
}
