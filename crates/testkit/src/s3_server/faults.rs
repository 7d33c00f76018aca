//! A layer in front of the service that answers in its place, cuts it short, or undoes what it did.

use std::{
    convert::Infallible,
    future::pending,
    io,
    pin::Pin,
    sync::{Arc, atomic::Ordering},
};

use bytes::Bytes;
use http_body_util::{BodyExt, StreamBody};
use hyper::{Method, Request, Response, body::Frame, body::Incoming, header::IF_NONE_MATCH};
use s3s::{Body, service::S3Service};

use super::{S3Fault, Shared};

/// What the dead letter of an acknowledged put looks like.
const ETAG: &str = "\"00000000000000000000000000000000\"";

#[derive(Clone)]
pub(super) struct Faulty {
    service: S3Service,
    shared: Arc<Shared>,
}

/// What a request is about, as far as faults go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Put,
    Part,
    Join,
    Other,
}

impl Faulty {
    pub(super) fn new(service: S3Service, shared: Arc<Shared>) -> Self {
        Self { service, shared }
    }

    async fn answer(self, request: Request<Incoming>) -> Result<Response<Body>, Infallible> {
        self.shared.requests.fetch_add(1, Ordering::Relaxed);
        let (kind, path) = (Kind::of(&request), request.uri().path().to_owned());
        match self.fault() {
            S3Fault::Answer(status, code) => {
                drain(request).await;
                Ok(refusal(status, code))
            }
            S3Fault::Slow(by) => {
                tokio::time::sleep(by).await;
                Ok(self.serve(kind, request).await)
            }
            S3Fault::Hang => pending().await,
            S3Fault::LieAboutPuts if kind != Kind::Other => {
                drain(request).await;
                Ok(acknowledgement(kind))
            }
            S3Fault::FlipPuts if matches!(kind, Kind::Put | Kind::Join) => {
                let response = self.serve(kind, request).await;
                // The answer to joined parts is written while they are joined.
                let (parts, body) = response.into_parts();
                let body = body.collect().await.unwrap().to_bytes();
                flip(&self.shared.root.join(path.trim_start_matches('/')));
                Ok(Response::from_parts(parts, body.into()))
            }
            S3Fault::CutNextAnswer(after) => Ok(self.cut(self.serve(kind, request).await, after).await),
            _ => Ok(self.serve(kind, request).await),
        }
    }

    /// A fault that holds for a number of requests is used up by one.
    fn fault(&self) -> S3Fault {
        let mut fault = self.shared.fault.lock().unwrap();
        match *fault {
            S3Fault::AnswerNext(0, ..) => S3Fault::None,
            S3Fault::AnswerNext(times, status, code) => {
                *fault = S3Fault::AnswerNext(times - 1, status, code);
                S3Fault::Answer(status, code)
            }
            other => other,
        }
    }

    async fn serve(&self, kind: Kind, request: Request<Incoming>) -> Response<Body> {
        let _counted = (kind == Kind::Part).then(|| Counted::new(&self.shared));
        let _alone = match request.headers().contains_key(IF_NONE_MATCH) {
            true => Some(self.shared.condition.lock().await),
            false => None,
        };
        self.service.call(request.map(Body::from)).await.unwrap()
    }

    async fn cut(&self, response: Response<Body>, after: usize) -> Response<Body> {
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        if bytes.len() <= after {
            return Response::from_parts(parts, bytes.into());
        }
        *self.shared.fault.lock().unwrap() = S3Fault::None;
        // The length told in the head stays the whole one.
        let broken = io::Error::from(io::ErrorKind::ConnectionReset);
        let pieces = [Ok(Frame::data(bytes.slice(..after))), Err(broken)];
        let body = StreamBody::new(futures::stream::iter(pieces));
        Response::from_parts(parts, Body::http_body_unsync(body))
    }
}

impl hyper::service::Service<Request<Incoming>> for Faulty {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, Infallible>> + Send>>;

    fn call(&self, request: Request<Incoming>) -> Self::Future {
        Box::pin(self.clone().answer(request))
    }
}

impl Kind {
    fn of(request: &Request<Incoming>) -> Self {
        let query = request.uri().query().unwrap_or("");
        let is_copy = request.headers().contains_key("x-amz-copy-source");
        match *request.method() {
            Method::PUT if query.contains("partNumber=") => Self::Part,
            Method::PUT if !is_copy => Self::Put,
            Method::POST if query.contains("uploadId=") => Self::Join,
            _ => Self::Other,
        }
    }
}

/// One part being received.
struct Counted(Arc<Shared>);

impl Counted {
    fn new(shared: &Arc<Shared>) -> Self {
        let now = shared.parts.fetch_add(1, Ordering::Relaxed) + 1;
        shared.most_parts.fetch_max(now, Ordering::Relaxed);
        Self(Arc::clone(shared))
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.parts.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A client that is still sending would see a reset instead of the answer.
async fn drain(request: Request<Incoming>) {
    let mut body = request.into_body();
    while let Some(Ok(_)) = body.frame().await {}
}

fn refusal(status: u16, code: &str) -> Response<Body> {
    let text =
        format!("<?xml version=\"1.0\"?><Error><Code>{code}</Code><Message>on command</Message></Error>");
    Response::builder().status(status).body(Body::from(text)).unwrap()
}

fn acknowledgement(kind: Kind) -> Response<Body> {
    let text = match kind {
        Kind::Join => {
            format!("<CompleteMultipartUploadResult><ETag>{ETAG}</ETag></CompleteMultipartUploadResult>")
        }
        _ => String::new(),
    };
    Response::builder().header("etag", ETAG).body(Body::from(Bytes::from(text))).unwrap()
}

fn flip(path: &std::path::Path) {
    let mut bytes = std::fs::read(path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(path, bytes).unwrap();
}
