//! Opens a store where the configuration says it is. The only place that knows which kinds there are.

use std::{sync::Arc, time::Duration};

use anyhow::Context;
use picup_blob::{BlobError, BlobStore, DiskStore, S3Store, StoreId};

use crate::{
    config::Place,
    store::library::{LibraryStore, stores},
};

/// One that was used before is never made anew: when its marker is not there, it is not mounted, or the bucket is
/// another one.
pub(super) async fn open(
    name: &str,
    place: &Place,
    deadline: Duration,
    library: &LibraryStore,
    now: i64,
) -> anyhow::Result<Arc<dyn BlobStore>> {
    let known = stores::marker(&mut *library.fresh().await?, name).await?;
    let id = match known {
        Some(marker) => StoreId(marker),
        None => {
            let made = create(name, place, deadline).await;
            let id = made.with_context(|| format!("cannot make the store {name} in {}", describe(place)))?;
            let mut tx = library.begin().await?;
            stores::insert(&mut tx, name, id.0, now).await?;
            tx.commit().await?;
            id
        }
    };
    Ok(match place {
        Place::Disk(path) => Arc::new(DiskStore::new(name, path, id, deadline)),
        Place::S3(settings) => Arc::new(S3Store::new(name, settings, id, deadline)?),
    })
}

async fn create(name: &str, place: &Place, deadline: Duration) -> anyhow::Result<StoreId> {
    Ok(match place {
        Place::Disk(path) => DiskStore::create(path, deadline).await?,
        Place::S3(settings) => S3Store::create(name, settings, deadline).await?,
    })
}

/// Makes the place the store `id`, which a person says is the right one.
pub async fn adopt(name: &str, place: &Place, id: StoreId, deadline: Duration) -> Result<(), BlobError> {
    match place {
        Place::Disk(path) => {
            let adopted = DiskStore::adopt(path, id, deadline).await;
            adopted.map_err(|error| BlobError::from_io(name, error))
        }
        Place::S3(settings) => S3Store::adopt(name, settings, id, deadline).await,
    }
}

fn describe(place: &Place) -> String {
    match place {
        Place::Disk(path) => path.display().to_string(),
        Place::S3(settings) => {
            let endpoint = settings.endpoint.as_deref().unwrap_or("Amazon S3");
            format!("{endpoint}, bucket {}, prefix {:?}", settings.bucket, settings.prefix)
        }
    }
}
