//! Runs the functions of the store whose statement depends on what is asked.

use std::{collections::BTreeSet, path::Path, sync::Arc};

use picup_api::{AlbumId, FamilyId, PhotoId, Sha256Digest};
use picup_server::{
    cache::{fanout::Fanout, last_write::LastWrite},
    config::Servers,
    domain::{cursor::Cursor, photo::Sight},
    store::{
        Connection,
        engine::Place,
        library::{
            LibraryStore, SCHEMA, album_photos, albums, copies, hearts,
            photo_lists::{self, PhotoQuery, Shelf},
            photos, timeline,
        },
    },
};
use tokio::sync::Notify;
use uuid::Uuid;

const FAMILY: FamilyId = FamilyId(Uuid::from_u128(1));
const ALBUM: AlbumId = AlbumId(Uuid::from_u128(2));
const SIGHTS: [Sight; 2] = [Sight::Everything, Sight::Showable];

pub(crate) async fn on_a_file(path: &Path) -> LibraryStore {
    open(&Place::File(path.to_owned())).await
}

pub(crate) async fn on_servers(url: &str) -> LibraryStore {
    open(&Place::Servers(Servers::at(url))).await
}

async fn open(place: &Place) -> LibraryStore {
    let (fanout, wake) = (Arc::new(Fanout::default()), Arc::new(Notify::new()));
    LibraryStore::open(place, &SCHEMA, LastWrite::new("library", None), fanout, wake).await.unwrap()
}

/// Answers the functions that were reached, as `Sources::builders` names them.
pub(crate) async fn run_all(store: &LibraryStore) -> BTreeSet<String> {
    let mut reader = store.fresh().await.unwrap();
    let some = [Uuid::from_u128(3), Uuid::from_u128(4)];
    let digests = [Sha256Digest([5; 32]), Sha256Digest([6; 32])];
    let mut ran = BTreeSet::new();
    let mut done = |name: &str| ran.extend([format!("library::{name}")]);

    album_photos::held_among(&mut reader, ALBUM, &some).await.unwrap();
    done("album_photos::held_among");
    album_photos::albums_of(&mut reader, &some).await.unwrap();
    done("album_photos::albums_of");
    hearts::given_among(&mut reader, some[0], &some).await.unwrap();
    done("hearts::given_among");
    copies::lost_among(&mut reader, FAMILY, &digests).await.unwrap();
    done("copies::lost_among");
    photos::find_all(&mut reader, &some).await.unwrap();
    done("photos::find_all");
    photos::by_digests(&mut reader, FAMILY, &digests).await.unwrap();
    done("photos::by_digests");
    for sight in SIGHTS {
        albums::summaries(&mut reader, &some, sight).await.unwrap();
        done("albums::summaries");
        timeline::of_days(&mut reader, FAMILY, sight, &[228, 229], i64::MAX, 30).await.unwrap();
        done("timeline::days_statement");
    }
    read_every_list(&mut reader).await;
    done("photo_lists::start");
    drop(reader);

    let mut tx = store.begin().await.unwrap();
    album_photos::remove(&mut tx, ALBUM, &some.map(PhotoId)).await.unwrap();
    done("album_photos::remove");
    ran
}

/// Every filter, on and off, with every other.
async fn read_every_list(reader: &mut Connection) {
    for form in 0..1u32 << 12 {
        let on = |filter: u32| form & (1 << filter) != 0;
        let query = PhotoQuery {
            family: FAMILY,
            sight: SIGHTS[usize::from(on(0))],
            shelf: if on(1) { Shelf::Trash } else { Shelf::Kept },
            taken: if on(2) { 5 } else { i64::MIN }..if on(3) { 9 } else { i64::MAX },
            album: on(4).then_some(ALBUM),
            uploader: on(5).then_some(Uuid::from_u128(7)),
            source: on(6).then_some("scanner"),
            kind: on(7).then_some("video"),
            state: on(8).then_some("broken"),
            hearted: on(9).then_some(true),
            hidden: on(10).then_some(true),
            removal_proposed: on(11).then_some(true),
        };
        let page = photo_lists::page(reader, &query, Cursor::LAST, 50).await;
        assert!(page.is_ok(), "{query:?}: {page:?}");
    }
}
