//! Brings the catalogue up to date: by the change feed, or by a snapshot of everything.
//!
//! A snapshot reads the feed's number first: what changes while it is taken is read again afterwards. It is written down
//! page by page, and counts once its end is: a frame that is switched off meanwhile takes it anew.

use std::collections::{BTreeSet, HashSet};

use picup_api::{
    AlbumId, ErrorCode, FamilyId, PhotoId,
    change::{Change, ChangeKind},
};
use picup_client::{Client, ClientError, PageQuery, PhotoFilter};
use tracing::info;

use crate::{
    cache::{AlbumOrder, Novelties},
    engine::Core,
};

const PAGE: u32 = 200;
/// With more changed photos than this, reading everything anew costs less.
const TOO_MANY: usize = 1000;

/// True when something changed.
pub(super) async fn catch_up(core: &Core, family: FamilyId) -> anyhow::Result<bool> {
    let Some(mut seq) = core.cache.facts().await?.last_seq else {
        take_snapshot(core, family).await?;
        return Ok(true);
    };
    let mut changed = false;
    loop {
        let page = core.client.changes(family, seq, PAGE).await?;
        if page.last_seq < seq {
            info!("the server has an older history: everything is read anew");
            take_snapshot(core, family).await?;
            return Ok(true);
        }
        let Some(last) = page.changes.last().map(|change| change.seq) else { return Ok(changed) };
        if page.last_seq - seq > TOO_MANY as u64 {
            take_snapshot(core, family).await?;
            return Ok(true);
        }
        let novelties = read_changes(&core.client, &page.changes, last).await?;
        core.take_in(novelties).await?;
        for photo in talked_about(&page.changes) {
            core.cache.comments_changed(photo).await?;
        }
        (seq, changed) = (last, true);
        if !page.has_more {
            return Ok(true);
        }
    }
}

async fn take_snapshot(core: &Core, family: FamilyId) -> anyhow::Result<()> {
    let last_seq = core.client.changes(family, 0, 1).await?.last_seq;
    let mut albums = Vec::new();
    for album in core.client.all_albums(family).await? {
        let photos = photos_of(&core.client, album.id).await?;
        albums.push(AlbumOrder { album, photos });
    }
    let photos = write_down_photos(core, family).await?;
    info!(photos = photos.len(), albums = albums.len(), last_seq, "read everything the family has");
    core.take_in(Novelties { albums, only: Some(photos), last_seq, ..Novelties::default() }).await
}

/// All that the family has. A page at a time is held: all photos together would take more memory than the frame.
async fn write_down_photos(core: &Core, family: FamilyId) -> anyhow::Result<HashSet<PhotoId>> {
    let (mut photos, mut page) = (HashSet::new(), PageQuery::first(PAGE));
    loop {
        let next = core.client.photos(family, &PhotoFilter::default(), &page).await?;
        photos.extend(next.items.iter().map(|photo| photo.id));
        core.take_in_photos(next.items).await?;
        let Some(cursor) = next.next_cursor else { return Ok(photos) };
        page.cursor = Some(cursor);
    }
}

/// In the album's order.
async fn photos_of(client: &Client, album: AlbumId) -> Result<Vec<PhotoId>, ClientError> {
    let (mut photos, mut page) = (Vec::new(), PageQuery::first(PAGE));
    loop {
        let next = client.album_photos(album, &page).await?;
        photos.extend(next.items.into_iter().map(|photo| photo.id));
        let Some(cursor) = next.next_cursor else { return Ok(photos) };
        page.cursor = Some(cursor);
    }
}

/// Reads anew what the changes name. What a change says happened does not matter: what is there now does.
async fn read_changes(client: &Client, changes: &[Change], last_seq: u64) -> anyhow::Result<Novelties> {
    let (photos, albums) = named(changes);
    let mut novelties = Novelties { last_seq, ..Novelties::default() };
    for id in photos {
        match if_there(client.photo(id).await)? {
            Some(photo) => novelties.photos.push(photo),
            None => novelties.gone_photos.push(id),
        }
    }
    for id in albums {
        match if_there(client.album(id).await)? {
            Some(album) => {
                let photos = if_there(photos_of(client, id).await)?.unwrap_or_default();
                novelties.albums.push(AlbumOrder { album, photos });
            }
            None => novelties.gone_albums.push(id),
        }
    }
    Ok(novelties)
}

/// A newer server's kinds name nothing this frame knows.
fn named(changes: &[Change]) -> (BTreeSet<PhotoId>, BTreeSet<AlbumId>) {
    let (mut photos, mut albums) = (BTreeSet::new(), BTreeSet::new());
    for change in changes {
        match &change.kind {
            ChangeKind::PhotoAdded { photo_id }
            | ChangeKind::PhotoUpdated { photo_id }
            | ChangeKind::PhotoTrashed { photo_id }
            | ChangeKind::PhotoRestored { photo_id }
            | ChangeKind::PhotoRemoved { photo_id }
            | ChangeKind::HeartsChanged { photo_id }
            | ChangeKind::CommentsChanged { photo_id } => drop(photos.insert(*photo_id)),
            ChangeKind::AlbumChanged { album_id }
            | ChangeKind::AlbumRemoved { album_id }
            | ChangeKind::AlbumPhotosChanged { album_id } => drop(albums.insert(*album_id)),
            ChangeKind::Unknown => {}
        }
    }
    (photos, albums)
}

fn talked_about(changes: &[Change]) -> impl Iterator<Item = PhotoId> {
    changes.iter().filter_map(|change| match change.kind {
        ChangeKind::CommentsChanged { photo_id } => Some(photo_id),
        _ => None,
    })
}

fn if_there<T>(answer: Result<T, ClientError>) -> Result<Option<T>, ClientError> {
    match answer {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.code() == Some(ErrorCode::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_of_a_newer_server_is_passed_over() {
        let text = r#"[{"seq":1,"at":"2026-01-01T00:00:00Z","kind":"faces_found","photo_id":"x","faces":3},
            {"seq":2,"at":"2026-01-01T00:00:00Z","kind":"photo_removed","photo_id":"01890000-0000-7000-8000-000000000001"}]"#;
        let changes: Vec<Change> = serde_json::from_str(text).unwrap();
        let (photos, albums) = named(&changes);
        assert_eq!((photos.len(), albums.len()), (1, 0));
    }
}
