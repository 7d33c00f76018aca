//! What a page far down a list costs: counted in the rows a server touches for it, which no busy machine changes.

use picup_api::{AlbumId, FamilyId, PhotoId};
use picup_server::{
    domain::{cursor::Cursor, photo::Sight},
    store::{
        Connection,
        library::{
            album_photos, albums, changes, comments,
            photo_lists::{self, PhotoQuery},
        },
        sql,
    },
};
use picup_testkit::daemons::MariaDb;
use uuid::Uuid;

use crate::builders::on_servers;

/// Rows of every list; photos come in two of each kind, source, uploader, and what else they are filtered by.
const ROWS: u32 = 20_000;
const PAGE: u32 = 50;
const FAMILY: FamilyId = FamilyId(Uuid::from_u128(1));
const ALBUM: AlbumId = AlbumId(Uuid::from_u128(2));
const PHOTO: PhotoId = PhotoId(Uuid::from_u128(3));

async fn fill(mariadb: &MariaDb) {
    let id = |number: &str| format!("UNHEX(LPAD(HEX({number}), 32, '0'))");
    let (seq, family, album, photo) = (id("seq"), id("1"), id("2"), id("3"));
    let rows = format!("FROM seq_1_to_{ROWS}");
    let uploader = id("seq % 2");
    let fills = [
        format!(
            "INSERT INTO photos (id, family_id, sha256, bytes, state, kind, source, media_type, filename, caption,
                 taken_local, taken_precision, taken_sort, taken_month, taken_day, uploader_kind, uploader_id, hearts,
                 created_at, hidden, removal_proposed)
             SELECT {seq}, {family}, UNHEX(SHA2(seq, 256)), 1, 'ready', IF(seq % 2, 'still', 'video'),
                 IF(seq % 2, 'camera', 'scanner'), 'image/jpeg', '', '', '', 'exact', seq, 202405, 501, 'member',
                 {uploader}, seq % 2, 0, seq % 2, seq % 2 {rows}"
        ),
        format!(
            "INSERT INTO album_photos (album_id, photo_id, position, added_at) SELECT {album}, {seq}, seq, 0 {rows}"
        ),
        format!(
            "INSERT INTO albums (id, family_id, title, description, created_at, updated_at)
             SELECT {seq}, {family}, '', '', 0, 0 {rows}"
        ),
        format!(
            "INSERT INTO comments (id, photo_id, family_id, author_kind, author_id, text, created_at)
             SELECT {seq}, {photo}, {family}, 'member', {seq}, '', 0 {rows}"
        ),
        format!(
            "INSERT INTO changes (family_id, seq, at, kind, subject_id)
             SELECT {family}, seq, 0, 'photo_added', {seq} {rows}"
        ),
    ];
    mariadb.sql(&format!("USE library; {}", fills.join("; "))).await;
    mariadb.sql("USE library; ANALYZE TABLE photos, album_photos, albums, comments, changes").await;
}

/// How many rows and index entries this connection has touched so far. Reading the counter walks no index.
async fn touched(reader: &mut Connection) -> i64 {
    const TOUCHED: &str = "SELECT CAST(SUM(variable_value) AS SIGNED) FROM information_schema.session_status \
                           WHERE variable_name IN ('handler_read_key', 'handler_read_next', 'handler_read_prev', \
                           'handler_read_rnd', 'handler_read_first', 'handler_read_last')";
    sql::query_scalar(TOUCHED).fetch_one(reader).await.unwrap()
}

#[derive(Debug)]
enum List {
    Photos(Box<PhotoQuery>),
    Albums,
    Album,
    Comments,
    Changes,
}

impl List {
    fn all() -> Vec<Self> {
        let all = PhotoQuery::all(FAMILY, Sight::Everything);
        let photos = [
            all.clone(),
            PhotoQuery { sight: Sight::Showable, ..all.clone() },
            PhotoQuery { taken: 5..i64::MAX, ..all.clone() },
            PhotoQuery { hearted: Some(true), ..all.clone() },
            PhotoQuery { uploader: Some(Uuid::from_u128(1)), ..all.clone() },
            PhotoQuery { source: Some("camera"), ..all.clone() },
            PhotoQuery { kind: Some("still"), ..all.clone() },
            PhotoQuery { hidden: Some(true), ..all.clone() },
            PhotoQuery { removal_proposed: Some(true), ..all },
        ];
        let photos = photos.map(|query| Self::Photos(Box::new(query)));
        photos.into_iter().chain([Self::Albums, Self::Album, Self::Comments, Self::Changes]).collect()
    }

    /// How many rows the page after `depth` rows has.
    async fn page(&self, reader: &mut Connection, depth: u32) -> usize {
        let ascending = Cursor { sort: depth.into(), id: Uuid::from_u128(depth.into()) };
        let left = ROWS - depth;
        let descending = Cursor { sort: left.into(), id: Uuid::from_u128(left.into()) };
        match self {
            Self::Photos(query) => {
                photo_lists::page(reader, query, descending, PAGE).await.map(|rows| rows.len())
            }
            Self::Albums => albums::page(reader, FAMILY, descending.id, PAGE).await.map(|rows| rows.len()),
            Self::Album => album_photos::page(reader, ALBUM, Sight::Everything, ascending, PAGE)
                .await
                .map(|rows| rows.len()),
            Self::Comments => comments::page(reader, PHOTO, ascending.id, PAGE).await.map(|rows| rows.len()),
            Self::Changes => changes::after(reader, FAMILY, depth.into(), PAGE).await.map(|rows| rows.len()),
        }
        .unwrap()
    }
}

#[tokio::test]
async fn a_page_far_down_a_list_reads_what_it_shows() {
    let mariadb = MariaDb::start().await;
    let store = on_servers(&mariadb.database("library").await).await;
    fill(&mariadb).await;
    let mut reader = store.fresh().await.unwrap();
    let mut dear = Vec::new();
    for list in List::all() {
        for depth in [0, ROWS / 10, ROWS / 2, ROWS / 10 * 9] {
            let before = touched(&mut reader).await;
            let rows = list.page(&mut reader, depth).await;
            assert_eq!(rows, PAGE as usize, "{list:?} after {depth}");
            let cost = touched(&mut reader).await - before;
            // A row is an entry of the index and what it leads to.
            if cost > i64::from(PAGE) * 2 + 10 {
                dear.push(format!("{cost} rows touched for {PAGE} after {depth}: {list:?}"));
            }
        }
    }
    assert!(dear.is_empty(), "{}", dear.join("\n"));
}
