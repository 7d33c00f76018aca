//! The requests a store makes, each under the store's prefix.
//!
//! The client repeats what failed with 5xx, `SlowDown` or a lost connection after growing, jittered waits. It gives up
//! well within the deadline, so that a caller hears what S3 said and not that time ran out.

use std::{fmt, io, time::Duration};

use aws_lc_rs::rand;
use object_store::{
    Attribute, Attributes, BackoffConfig, ClientOptions, Error, GetOptions, GetRange, GetResult, MultipartId,
    ObjectStore, ObjectStoreExt as _, PutMode, PutMultipartOptions, PutOptions, PutPayload, RetryConfig,
    aws::{AmazonS3, AmazonS3Builder, S3ConditionalPut},
    client::{HttpClient, HttpConnector, ReqwestConnector},
    list::{PaginatedListOptions, PaginatedListStore},
    multipart::{MultipartStore, PartId},
    path::Path,
};
use secrecy::ExposeSecret;

use super::S3Settings;
use crate::{BlobError, BlobErrorKind, Digest, Entry, Key, Result, identity::MARKER};

const CONNECT_WITHIN: Duration = Duration::from_secs(5);
const MAX_RETRIES: usize = 6;
const LONGEST_WAIT: Duration = Duration::from_secs(4);
/// S3 lists at most this many at once.
const PAGE: usize = 1000;

pub(super) struct Bucket {
    client: AmazonS3,
    /// For the one request the client does not have.
    pub(super) http: HttpClient,
    pub(super) settings: S3Settings,
    /// Empty, or ends with a slash.
    pub(super) root: String,
}

impl fmt::Debug for Bucket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.settings.bucket, self.root)
    }
}

impl Bucket {
    pub(super) fn new(store: &str, settings: &S3Settings, deadline: Duration) -> Result<Self> {
        let unusable = |error| BlobError::caused(store, BlobErrorKind::Unavailable, error);
        let options = client_options(settings, deadline);
        let mut builder = AmazonS3Builder::new()
            .with_region(&settings.region)
            .with_bucket_name(&settings.bucket)
            .with_access_key_id(&settings.access_key_id)
            .with_secret_access_key(settings.secret_access_key.expose_secret())
            .with_conditional_put(S3ConditionalPut::ETagMatch)
            // One request per object: not every service has the other kind.
            .with_disable_bulk_delete(true)
            .with_retry(retries(deadline))
            .with_client_options(options.clone());
        if let Some(endpoint) = &settings.endpoint {
            builder = builder.with_endpoint(endpoint);
        }
        Ok(Self {
            client: builder.build().map_err(unusable)?,
            http: ReqwestConnector::default().connect(&options).map_err(unusable)?,
            settings: settings.clone(),
            root: root_of(&settings.prefix),
        })
    }

    pub(super) fn path(&self, key: &Key) -> Result<Path> {
        self.below(key.as_str())
    }

    /// A name no key has, new at every call. When it was set aside is the object's own date.
    pub(super) fn aside(&self, key: &Key) -> Result<Path> {
        let mut unique = [0; 8];
        let chosen = rand::fill(&mut unique).map_err(io::Error::other);
        chosen.map_err(|error| BlobError::from_io(&self.settings.bucket, error))?;
        self.below(&format!(".quarantine/{key}/{}", hex::encode(unique)))
    }

    pub(super) fn marker(&self) -> Path {
        Path::from(format!("{}{MARKER}", self.root))
    }

    fn below(&self, name: &str) -> Result<Path> {
        Path::parse(format!("{}{name}", self.root))
            .map_err(|error| BlobError::caused(&self.settings.bucket, BlobErrorKind::Unavailable, error))
    }

    pub(super) async fn head(&self, path: &Path) -> Result<u64, Error> {
        Ok(self.client.head(path).await?.size)
    }

    pub(super) async fn get(&self, path: &Path, range: Option<GetRange>) -> Result<GetResult, Error> {
        self.client.get_opts(path, GetOptions { range, ..GetOptions::default() }).await
    }

    pub(super) async fn put(&self, path: &Path, bytes: PutPayload, digest: &Digest) -> Result<(), Error> {
        let options = PutOptions { attributes: attributes(digest), ..PutOptions::default() };
        self.client.put_opts(path, bytes, options).await.map(drop)
    }

    pub(super) async fn put_marker(&self, text: String, mode: PutMode) -> Result<(), Error> {
        let options = PutOptions { mode, ..PutOptions::default() };
        self.client.put_opts(&self.marker(), text.into(), options).await.map(drop)
    }

    pub(super) async fn delete(&self, path: &Path) -> Result<(), Error> {
        self.client.delete(path).await
    }

    pub(super) async fn copy(&self, from: &Path, to: &Path) -> Result<(), Error> {
        self.client.copy(from, to).await
    }

    pub(super) async fn start_parts(&self, path: &Path, digest: &Digest) -> Result<MultipartId, Error> {
        let options = PutMultipartOptions { attributes: attributes(digest), ..Default::default() };
        self.client.create_multipart_opts(path, options).await
    }

    pub(super) async fn put_part(
        &self,
        path: &Path,
        upload: &MultipartId,
        index: usize,
        bytes: PutPayload,
    ) -> Result<PartId, Error> {
        self.client.put_part(path, upload, index, bytes).await
    }

    pub(super) async fn join_parts(
        &self,
        path: &Path,
        upload: &MultipartId,
        parts: Vec<PartId>,
    ) -> Result<(), Error> {
        self.client.complete_multipart(path, upload, parts).await.map(drop)
    }

    pub(super) async fn drop_parts(&self, path: &Path, upload: &MultipartId) -> Result<(), Error> {
        self.client.abort_multipart(path, upload).await
    }

    /// Keys in byte order, as S3 lists them.
    pub(super) async fn list(&self, prefix: &str, after: &str, limit: usize) -> Result<Vec<Entry>, Error> {
        let prefix = format!("{}{prefix}", self.root);
        let mut options = PaginatedListOptions {
            offset: (!after.is_empty()).then(|| format!("{}{after}", self.root)),
            max_keys: Some(limit.clamp(1, PAGE)),
            ..Default::default()
        };
        let mut found = Vec::new();
        while found.len() < limit {
            let page = self.client.list_paginated(Some(&prefix), options.clone()).await?;
            let entries = page.result.objects.iter().filter_map(|object| {
                // The store's own objects, and strangers', have names no key has.
                let key = object.location.as_ref().strip_prefix(&self.root)?.parse().ok()?;
                Some(Entry { key, bytes: object.size })
            });
            found.extend(entries);
            let Some(next) = page.page_token else { break };
            options.page_token = Some(next);
        }
        found.truncate(limit);
        Ok(found)
    }
}

fn root_of(prefix: &str) -> String {
    if prefix.is_empty() { String::new() } else { format!("{prefix}/") }
}

/// For people who look into the bucket without the ledger.
fn attributes(digest: &Digest) -> Attributes {
    [(Attribute::Metadata("sha256".into()), hex::encode(digest))].into_iter().collect()
}

fn client_options(settings: &S3Settings, deadline: Duration) -> ClientOptions {
    let is_plain = settings.endpoint.as_ref().is_some_and(|endpoint| endpoint.starts_with("http://"));
    ClientOptions::new()
        .with_allow_http(is_plain)
        // Of a whole request, which may be a large download. Calls and chunks have deadlines of their own.
        .with_timeout_disabled()
        .with_read_timeout(deadline)
        .with_connect_timeout(CONNECT_WITHIN.min(deadline))
}

fn retries(deadline: Duration) -> RetryConfig {
    let backoff = BackoffConfig { max_backoff: LONGEST_WAIT.min(deadline / 4), ..BackoffConfig::default() };
    RetryConfig { backoff, max_retries: MAX_RETRIES, retry_timeout: deadline / 2 }
}
