//! A family that has lived in an installation, and looks for what it had.

use picup_api::{
    AlbumId, FamilyId, PhotoId,
    album::NewAlbum,
    photo::{Photo, PhotoPatch, Rendition},
};
use picup_client::{Client, PageQuery, PhotoFilter};
use picup_testkit::{PASSWORD, TestServer, eventually, newcomer, photos, sha256, upload_as};

const PHOTOS: u64 = 12;

pub(crate) struct Family {
    id: FamilyId,
    email: String,
    /// As they were on somebody's disk, in the order of the album.
    photos: Vec<(PhotoId, Vec<u8>)>,
    album: AlbumId,
}

impl Family {
    /// Photos of several sizes, an album in an order of its own, a heart, a comment, a caption, a name.
    pub(crate) async fn live(server: &TestServer, seed: u64) -> Self {
        let (owner, _, email) = newcomer(&server.base_url()).await;
        let id = owner.me().await.unwrap().families[0].id;
        let mut photos = Vec::new();
        for number in 0..PHOTOS {
            let side = 64 << (number % 4);
            let bytes = photos::jpeg(side, side, seed + number);
            photos.push((upload_as(&owner, id, &bytes, &format!("{number}.jpg")).await, bytes));
        }
        photos.rotate_left(5);
        let order: Vec<_> = photos.iter().map(|(photo, _)| *photo).collect();
        let new = NewAlbum { title: "제주".into(), description: "2024".into() };
        let album = owner.create_album(id, &new).await.unwrap().id;
        owner.add_to_album(album, &order).await.unwrap();
        owner.put_heart(order[0]).await.unwrap();
        owner.add_comment(order[0], "보고 싶다").await.unwrap();
        let (caption, people) = (Some("The sea".into()), Some(vec!["민지".into()]));
        owner.update_photo(order[0], &PhotoPatch { caption, people, taken_at: None }).await.unwrap();
        Self { id, email, photos, album }
    }

    async fn sign_in(&self, server: &TestServer) -> Client {
        let owner = server.client();
        owner.sign_in(&self.email, PASSWORD).await.unwrap();
        owner
    }

    pub(crate) async fn is_as_it_was(&self, server: &TestServer) {
        let owner = self.sign_in(server).await;
        let albums = owner.all_albums(self.id).await.unwrap();
        assert_eq!(albums.len(), 1);
        assert_eq!((albums[0].title.as_str(), albums[0].description.as_str()), ("제주", "2024"));
        let shown = owner.album_photos(self.album, &PageQuery::first(200)).await.unwrap().items;
        assert!(
            shown.iter().map(|photo| photo.id).eq(self.photos.iter().map(|(id, _)| *id)),
            "the same order"
        );
        for (photo, (_, bytes)) in shown.iter().zip(&self.photos) {
            assert_eq!(photo.sha256, sha256(bytes));
            let url = &photo.renditions[&Rendition::Original].url;
            let returned = owner.media_bytes(url, 1 << 24).await.unwrap();
            assert_eq!(sha256(&returned), photo.sha256);
        }
        let first = &shown[0];
        assert_eq!((first.hearts, first.comments, first.caption.as_str()), (1, 1, "The sea"));
        assert_eq!(first.people, ["민지"]);
        let comments = owner.comments(first.id, &PageQuery::first(10)).await.unwrap().items;
        assert_eq!(comments[0].text, "보고 싶다");
        let all = owner.photos(self.id, &PhotoFilter::default(), &PageQuery::first(200)).await.unwrap();
        assert_eq!(all.items.len(), self.photos.len());
        eventually("a small picture is made again", || async { thumb(&owner, first.id).await }).await;
    }

    pub(crate) async fn goes_on(&self, server: &TestServer) {
        let owner = self.sign_in(server).await;
        let bytes = photos::jpeg(64, 48, self.photos.len() as u64);
        let id = upload_as(&owner, self.id, &bytes, "new.jpg").await;
        eventually("a small picture of it is there", || async { thumb(&owner, id).await }).await;
    }
}

async fn thumb(owner: &Client, photo: PhotoId) -> Option<Vec<u8>> {
    let photo: Photo = owner.photo(photo).await.ok()?;
    owner.media_bytes(&photo.renditions.get(&Rendition::Thumb)?.url, 1 << 20).await.ok()
}
