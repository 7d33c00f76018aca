//! The families a run finds: members who are signed in, an album each, photos that are rendered.

use std::time::Instant;

use futures::{StreamExt, stream};
use picup_api::{
    AlbumId, FamilyId, PhotoId,
    album::NewAlbum,
    photo::{PhotoState, Rendition},
};
use picup_client::{PageQuery, PhotoFilter};
use picup_testkit::{People, TestServer, eventually, photos};

use crate::Options;

/// Families that are made at the same time.
const AT_ONCE: usize = 4;

pub(crate) struct Stage {
    pub(crate) families: Vec<Family>,
}

pub(crate) struct Family {
    pub(crate) id: FamilyId,
    /// Access tokens of the owner and an editor.
    pub(crate) tokens: [String; 2],
    pub(crate) album: AlbumId,
    pub(crate) photos: Vec<PhotoId>,
    /// Paths of small pictures.
    pub(crate) thumbs: Vec<String>,
}

impl Stage {
    pub(crate) async fn build(server: &TestServer, options: &Options) -> Self {
        let began = Instant::now();
        let per_family = options.photos_per_family;
        let families = (0..options.families as u64).map(|number| Family::move_in(server, number, per_family));
        let families: Vec<_> = stream::iter(families).buffer_unordered(AT_ONCE).collect().await;
        let photos: usize = families.iter().map(|family| family.photos.len()).sum();
        let seconds = began.elapsed().as_secs_f64();
        println!(
            "\nstage: {} families, {photos} photos uploaded and rendered in {seconds:.0} s ({:.0} a second)",
            families.len(),
            photos as f64 / seconds
        );
        Self { families }
    }
}

impl Family {
    async fn move_in(server: &TestServer, number: u64, photos: u64) -> Self {
        let people = People::gather(&server.base_url()).await;
        let id = people.family;
        for photo in 0..photos {
            let bytes = photos::jpeg(800, 600, number * photos + photo);
            people.upload(&bytes, &format!("{photo}.jpg")).await;
        }
        let shown = eventually("every photo is rendered", || async {
            let everything = PhotoFilter::default();
            let page = people.owner.photos(id, &everything, &PageQuery::first(200)).await.unwrap().items;
            page.iter().all(|photo| photo.state == PhotoState::Ready).then_some(page)
        })
        .await;
        let ids: Vec<_> = shown.iter().map(|photo| photo.id).collect();
        let new = NewAlbum { title: "Summer".into(), description: String::new() };
        let album = people.owner.create_album(id, &new).await.unwrap().id;
        people.owner.add_to_album(album, &ids[..ids.len() / 2]).await.unwrap();
        let thumbs = shown.iter().map(|photo| photo.renditions[&Rendition::Thumb].url.clone()).collect();
        let tokens =
            [people.owner.access_token().await.unwrap(), people.editor.access_token().await.unwrap()];
        Self { id, tokens, album, photos: ids, thumbs }
    }
}
