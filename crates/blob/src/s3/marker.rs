//! The object that says a place in a bucket is a store, and which one.

use object_store::{Error, PutMode};

use super::{
    bucket::Bucket,
    errors::{failed, failed_writing},
};
use crate::{BlobError, BlobErrorKind, Result, StoreId};

/// A marker is this short; anything longer is not one.
const LONGEST: usize = 64;

/// Makes the place a store, or reads which one it is.
pub(super) async fn create(store: &str, bucket: &Bucket) -> Result<StoreId> {
    if let Some(id) = read(store, bucket).await? {
        return Ok(id);
    }
    let id = StoreId::random().map_err(|error| BlobError::from_io(store, error))?;
    match put(bucket, id, PutMode::Create).await {
        // Somebody else was faster.
        Ok(()) | Err(Error::AlreadyExists { .. }) => {}
        // A service that knows no conditions; two first starts at once are not to be expected there.
        Err(error) if error.to_string().contains("status code: 501") => {
            put(bucket, id, PutMode::Overwrite).await.map_err(|error| failed_writing(store, error))?;
        }
        Err(error) => return Err(failed_writing(store, error)),
    }
    let unkept = || unavailable(store, "the service did not keep the store's marker");
    read(store, bucket).await?.ok_or_else(unkept)
}

pub(super) async fn write(store: &str, bucket: &Bucket, id: StoreId) -> Result<()> {
    put(bucket, id, PutMode::Overwrite).await.map_err(|error| failed_writing(store, error))?;
    check(store, bucket, id).await
}

/// Errors: `Unavailable`, never `NotFound`: that would speak of a key.
pub(super) async fn check(store: &str, bucket: &Bucket, id: StoreId) -> Result<()> {
    match read(store, bucket).await? {
        Some(found) if found == id => Ok(()),
        Some(_) => Err(unavailable(store, "another store is in this bucket")),
        None => Err(unavailable(store, "the marker object is missing: not this store's bucket?")),
    }
}

async fn put(bucket: &Bucket, id: StoreId, mode: PutMode) -> object_store::Result<()> {
    bucket.put_marker(format!("{id}\n"), mode).await
}

/// None when there is no marker, or no bucket.
async fn read(store: &str, bucket: &Bucket) -> Result<Option<StoreId>> {
    let found = match bucket.get(&bucket.marker(), None).await {
        Err(Error::NotFound { .. }) => return Ok(None),
        found => found.map_err(|error| failed(store, error))?,
    };
    if found.meta.size > LONGEST as u64 {
        return Err(unavailable(store, "the store's marker is damaged"));
    }
    let text = found.bytes().await.map_err(|error| failed(store, error))?;
    let id = String::from_utf8_lossy(&text).parse();
    id.map(Some).map_err(|error| BlobError::from_io(store, error))
}

fn unavailable(store: &str, why: &'static str) -> BlobError {
    BlobError::caused(store, BlobErrorKind::Unavailable, why)
}
