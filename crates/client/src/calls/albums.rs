//! Albums and the order of their photos.

use picup_api::{
    AlbumId, FamilyId, Page, PhotoId,
    album::{Album, AlbumPatch, NewAlbum, PhotoIds},
    photo::Photo,
};

use crate::{Client, PageQuery, Result, transport::Call};

impl Client {
    pub async fn albums(&self, family: FamilyId, page: &PageQuery) -> Result<Page<Album>> {
        self.page(albums_of(family), page).await
    }

    pub async fn all_albums(&self, family: FamilyId) -> Result<Vec<Album>> {
        self.all(|| albums_of(family)).await
    }

    pub async fn create_album(&self, family: FamilyId, album: &NewAlbum) -> Result<Album> {
        self.fetch(Call::post(format!("/v1/families/{family}/albums")).json(album)?).await
    }

    pub async fn album(&self, album: AlbumId) -> Result<Album> {
        self.fetch(Call::get(format!("/v1/albums/{album}"))).await
    }

    pub async fn update_album(&self, album: AlbumId, patch: &AlbumPatch) -> Result<Album> {
        self.fetch(Call::patch(format!("/v1/albums/{album}")).json(patch)?).await
    }

    pub async fn delete_album(&self, album: AlbumId) -> Result<()> {
        self.perform(Call::delete(format!("/v1/albums/{album}"))).await
    }

    pub async fn album_photos(&self, album: AlbumId, page: &PageQuery) -> Result<Page<Photo>> {
        self.page(Call::get(photos_of(album)), page).await
    }

    /// Photos that are in it already stay where they are.
    pub async fn add_to_album(&self, album: AlbumId, photos: &[PhotoId]) -> Result<()> {
        self.perform(Call::post(photos_of(album)).repeatable().json(&ids(photos))?).await
    }

    pub async fn remove_from_album(&self, album: AlbumId, photos: &[PhotoId]) -> Result<()> {
        self.perform(Call::delete(photos_of(album)).json(&ids(photos))?).await
    }

    pub async fn order_album(&self, album: AlbumId, photos: &[PhotoId]) -> Result<()> {
        self.perform(Call::put(format!("/v1/albums/{album}/order")).json(&ids(photos))?).await
    }
}

fn albums_of(family: FamilyId) -> Call {
    Call::get(format!("/v1/families/{family}/albums"))
}

fn photos_of(album: AlbumId) -> String {
    format!("/v1/albums/{album}/photos")
}

fn ids(photos: &[PhotoId]) -> PhotoIds {
    PhotoIds { photo_ids: photos.to_vec() }
}
