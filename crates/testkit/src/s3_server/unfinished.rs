//! ListMultipartUploads, which the service over a directory does not have.

use std::{
    fs,
    path::{Path, PathBuf},
    time::SystemTime,
};

use async_trait::async_trait;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hyper::{HeaderMap, Method, Uri, http::Extensions};
use s3s::{Body, S3Request, S3Response, S3Result, route::S3Route};

pub(super) struct Unfinished(pub(super) PathBuf);

pub(super) struct Upload {
    key: String,
    id: String,
    started: SystemTime,
}

#[async_trait]
impl S3Route for Unfinished {
    fn is_match(&self, method: &Method, uri: &Uri, _: &HeaderMap, _: &mut Extensions) -> bool {
        method == Method::GET && uri.query().is_some_and(|query| query.starts_with("uploads="))
    }

    async fn call(&self, request: S3Request<Body>) -> S3Result<S3Response<Body>> {
        let query = request.uri.query().unwrap_or_default();
        let prefix = query.split('&').find_map(|pair| pair.strip_prefix("prefix=")).unwrap_or_default();
        let prefix = prefix.replace("%2F", "/");
        let uploads = find(&self.0).into_iter().filter(|upload| upload.key.starts_with(&prefix));
        let uploads: String = uploads.map(|upload| upload.xml()).collect();
        let text = format!(
            "<?xml version=\"1.0\"?><ListMultipartUploadsResult><IsTruncated>false</IsTruncated>{uploads}\
             </ListMultipartUploadsResult>"
        );
        Ok(S3Response::new(Body::from(text)))
    }
}

impl Upload {
    fn xml(&self) -> String {
        let since = self.started.duration_since(SystemTime::UNIX_EPOCH).unwrap();
        let started = picup_api::Timestamp::from_millis(since.as_millis() as i64);
        format!(
            "<Upload><Key>{}</Key><UploadId>{}</UploadId><Initiated>{started}</Initiated></Upload>",
            self.key, self.id
        )
    }
}

/// The service notes the name of an object with its attributes, which every upload of ours has.
pub(super) fn find(root: &Path) -> Vec<Upload> {
    let names = fs::read_dir(root).unwrap().filter_map(|entry| entry.unwrap().file_name().into_string().ok());
    names.filter_map(|name| upload(root, &name)).collect()
}

fn upload(root: &Path, name: &str) -> Option<Upload> {
    let (object, id) = name.strip_suffix(".metadata.json")?.split_once(".upload-")?;
    let (_, key) = object.split_once(".object-")?;
    let key = String::from_utf8(URL_SAFE_NO_PAD.decode(key).ok()?).ok()?;
    let started = fs::metadata(root.join(format!(".upload-{id}.json"))).ok()?.modified().ok()?;
    Some(Upload { key, id: id.to_owned(), started })
}
