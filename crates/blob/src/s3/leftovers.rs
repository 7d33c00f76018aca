//! Parts of writers that were killed: S3 keeps them, and bills them, until somebody drops them.

use std::time::SystemTime;

use jiff::Timestamp;
use object_store::{
    aws::{AwsAuthorizer, AwsCredential},
    client::{HttpRequest, HttpRequestBody},
    path::Path,
};
use secrecy::ExposeSecret;
use serde::Deserialize;

use super::{bucket::Bucket, errors::failed_writing};
use crate::{BlobError, BlobErrorKind, Result};

/// The part of ListMultipartUploads' answer that is of use.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Listing {
    #[serde(default, rename = "Upload")]
    uploads: Vec<Upload>,
    #[serde(default)]
    is_truncated: bool,
    #[serde(default)]
    next_key_marker: String,
    #[serde(default)]
    next_upload_id_marker: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Upload {
    key: String,
    upload_id: String,
    initiated: Timestamp,
}

/// Drops uploads under the store's prefix that were started before `cutoff`; answers how many.
///
/// A service that cannot list them answers none: there a rule of the bucket has to do it.
pub(super) async fn sweep(store: &str, bucket: &Bucket, cutoff: SystemTime) -> Result<usize> {
    let (mut dropped, mut after) = (0, (String::new(), String::new()));
    while let Some(listing) = list(store, bucket, &after).await? {
        for upload in &listing.uploads {
            if SystemTime::from(upload.initiated) >= cutoff {
                continue;
            }
            let unusable = |error| BlobError::caused(store, BlobErrorKind::Unavailable, error);
            let path = Path::parse(&upload.key).map_err(unusable)?;
            let done = bucket.drop_parts(&path, &upload.upload_id).await;
            match done {
                // Its writer has ended it meanwhile.
                Err(object_store::Error::NotFound { .. }) => {}
                done => done.map_err(|error| failed_writing(store, error))?,
            }
            dropped += 1;
        }
        if !listing.is_truncated {
            break;
        }
        after = (listing.next_key_marker, listing.next_upload_id_marker);
    }
    Ok(dropped)
}

/// One page. None from a service that does not know the request.
async fn list(store: &str, bucket: &Bucket, after: &(String, String)) -> Result<Option<Listing>> {
    let failed = |why: String| BlobError::caused(store, BlobErrorKind::Unavailable, why);
    let request = request(bucket, after).map_err(|error| failed(error.to_string()))?;
    let answer = bucket.http.execute(request).await.map_err(|error| failed(error.to_string()))?;
    let status = answer.status();
    if status == http::StatusCode::NOT_IMPLEMENTED {
        return Ok(None);
    }
    let body = answer.into_body().bytes().await.map_err(|error| failed(error.to_string()))?;
    let text = String::from_utf8_lossy(&body);
    if !status.is_success() {
        return Err(failed(format!("listing unfinished uploads: {status}: {text}")));
    }
    quick_xml::de::from_str(&text).map(Some).map_err(|error| failed(error.to_string()))
}

fn request(
    bucket: &Bucket,
    (key, upload): &(String, String),
) -> std::result::Result<HttpRequest, Box<dyn std::error::Error>> {
    let settings = &bucket.settings;
    let amazon = || format!("https://s3.{}.amazonaws.com", settings.region);
    let endpoint = settings.endpoint.clone().unwrap_or_else(amazon);
    let mut url = url::Url::parse(&format!("{}/{}", endpoint.trim_end_matches('/'), settings.bucket))?;
    url.query_pairs_mut().append_pair("uploads", "").append_pair("prefix", &bucket.root);
    if !key.is_empty() {
        url.query_pairs_mut().append_pair("key-marker", key).append_pair("upload-id-marker", upload);
    }
    let mut request = http::Request::get(url.as_str()).body(HttpRequestBody::empty())?;
    let credential = AwsCredential {
        key_id: settings.access_key_id.clone(),
        secret_key: settings.secret_access_key.expose_secret().to_owned(),
        token: None,
    };
    AwsAuthorizer::new(&credential, "s3", &settings.region).try_authorize(&mut request, None)?;
    Ok(request)
}
