//! Keeps other people's pages out: against DNS rebinding by the Host header, against cross-site requests by Origin
//! and Sec-Fetch-Site. A program on this machine sends neither and is let in.

use std::{net::SocketAddr, sync::Arc};

use axum::{
    extract::{Request, State},
    http::{HeaderMap, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

pub(super) struct Names {
    hosts: Vec<String>,
}

impl Names {
    pub(super) fn of(address: SocketAddr) -> Self {
        let port = address.port();
        Self {
            hosts: vec![
                address.to_string(),
                format!("localhost:{port}"),
                format!("127.0.0.1:{port}"),
                format!("[::1]:{port}"),
            ],
        }
    }

    fn has_host(&self, headers: &HeaderMap) -> bool {
        text(headers, "host").is_some_and(|host| self.hosts.iter().any(|name| name == host))
    }

    fn is_own_page(&self, headers: &HeaderMap) -> bool {
        let origin = !headers.contains_key(header::ORIGIN)
            || text(headers, "origin")
                .and_then(|origin| origin.strip_prefix("http://"))
                .is_some_and(|host| self.hosts.iter().any(|name| name == host));
        let site = !headers.contains_key("sec-fetch-site")
            || matches!(text(headers, "sec-fetch-site"), Some("same-origin" | "none"));
        origin && site
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

pub(super) async fn refuse_other_names(
    State(names): State<Arc<Names>>,
    request: Request,
    next: Next,
) -> Response {
    match names.has_host(request.headers()) {
        true => next.run(request).await,
        false => StatusCode::FORBIDDEN.into_response(),
    }
}

pub(super) async fn refuse_other_origins(
    State(names): State<Arc<Names>>,
    request: Request,
    next: Next,
) -> Response {
    match names.is_own_page(request.headers()) {
        true => next.run(request).await,
        false => StatusCode::FORBIDDEN.into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    #[test]
    fn only_this_machines_names_and_own_pages_are_let_in() {
        let names = Names::of("127.0.0.1:8530".parse().unwrap());
        assert!(names.has_host(&headers(&[("host", "localhost:8530")])));
        for host in ["evil.example:8530", "127.0.0.1:80", "127.0.0.1", "localhost"] {
            assert!(!names.has_host(&headers(&[("host", host)])), "{host}");
        }
        assert!(!names.has_host(&headers(&[])));
        assert!(names.is_own_page(&headers(&[])));
        assert!(names.is_own_page(&headers(&[
            ("origin", "http://127.0.0.1:8530"),
            ("sec-fetch-site", "same-origin")
        ])));
        for refused in [
            [("origin", "http://evil.example")],
            [("origin", "null")],
            [("origin", "http://127.0.0.1:9999")],
            [("sec-fetch-site", "cross-site")],
            [("sec-fetch-site", "same-site")],
        ] {
            assert!(!names.is_own_page(&headers(&refused)), "{refused:?}");
        }
    }
}
