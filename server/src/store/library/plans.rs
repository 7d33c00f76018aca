//! How the database answers the lists of a large family: through an index that has the order already.
//!
//! Tests only. A plan that sorts or scans costs more with every photo a family has; no stop-watch is needed to see it.

use std::sync::Arc;

use picup_api::{AlbumId, FamilyId};
use tokio::sync::Notify;
use uuid::Uuid;

use super::{
    LibraryStore, SCHEMA,
    photo_lists::{self, PhotoQuery},
    timeline,
};
use crate::{
    cache::{fanout::Fanout, last_write::LastWrite},
    domain::{cursor::Cursor, photo::Sight},
    store::{
        Connection,
        engine::Place,
        sql::{self, Builder},
    },
};

const FAMILY: FamilyId = FamilyId(Uuid::from_u128(1));
/// Enough to see a plan.
const LARGE: u32 = 10_000;
/// What the budgets of the timeline are measured with.
const HUGE: u32 = 100_000;

/// Photos of twenty years, a fiftieth of them with a heart.
const FILL: &str = "INSERT INTO photos (id, family_id, sha256, bytes, state, kind, source, media_type, filename, \
                    caption, taken_local, taken_precision, taken_sort, taken_month, taken_day, uploader_kind, \
                    uploader_id, hearts, created_at) \
                    WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?) \
                    SELECT randomblob(16), ?, randomblob(32), 1, 'ready', 'still', 'web', 'image/jpeg', x'00', \
                    x'00', '', 'exact', n * 6307200000, (2000 + n % 20) * 100 + n % 12 + 1, \
                    (n % 12 + 1) * 100 + n % 28 + 1, 'member', zeroblob(16), n % 50 = 0, n FROM numbers";

async fn family_of(photos: u32) -> (tempfile::TempDir, LibraryStore) {
    let directory = tempfile::tempdir().unwrap();
    let place = Place::File(directory.path().join("library.db"));
    let (fanout, wake) = (Arc::new(Fanout::default()), Arc::new(Notify::new()));
    let store =
        LibraryStore::open(&place, &SCHEMA, LastWrite::new("library", None), fanout, wake).await.unwrap();
    let mut tx = store.begin().await.unwrap();
    sql::query(FILL).bind(photos).bind(FAMILY.0).execute(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    (directory, store)
}

async fn plan(connection: &mut Connection, statement: Builder) -> String {
    let explain = statement.after("EXPLAIN QUERY PLAN").build_as::<(i64, i64, i64, String)>();
    let rows = explain.fetch_all(connection).await.unwrap();
    rows.into_iter().map(|(_, _, _, detail)| detail).collect::<Vec<_>>().join("; ")
}

#[tokio::test]
async fn lists_of_a_large_family_are_read_in_order_from_an_index() {
    let (_directory, store) = family_of(LARGE).await;
    let mut reader = store.fresh().await.unwrap();
    let all = PhotoQuery::all(FAMILY, Sight::Everything);
    let lists = [
        ("photos_taken", all.clone()),
        ("photos_taken", PhotoQuery { taken: 5..9, ..all.clone() }),
        ("photos_taken", PhotoQuery { sight: Sight::Showable, ..all.clone() }),
        ("photos_source", PhotoQuery { source: Some("scanner"), ..all.clone() }),
        ("photos_kind", PhotoQuery { kind: Some("video"), ..all.clone() }),
        ("photos_uploader", PhotoQuery { uploader: Some(Uuid::nil()), ..all.clone() }),
        ("photos_hearted", PhotoQuery { hearted: Some(true), ..all.clone() }),
        ("photos_hidden", PhotoQuery { hidden: Some(true), ..all.clone() }),
        ("photos_removal", PhotoQuery { removal_proposed: Some(true), ..all }),
    ];
    for (index, list) in lists {
        let statement = photo_lists::statement(&list, Cursor::LAST, 50);
        let plan = plan(&mut reader, statement).await;
        assert!(plan.contains(&format!("USING INDEX {index} ")), "{index}: {plan}");
        assert!(plan.contains("taken_sort"), "the index also seeks to the cursor: {plan}");
        assert!(!plan.contains("TEMP B-TREE"), "nothing is sorted: {plan}");
    }
}

#[tokio::test]
async fn an_album_of_a_large_family_is_found_through_its_own_rows() {
    let (_directory, store) = family_of(LARGE).await;
    let mut reader = store.fresh().await.unwrap();
    let list = PhotoQuery { album: Some(AlbumId(Uuid::nil())), ..PhotoQuery::all(FAMILY, Sight::Everything) };
    let plan = plan(&mut reader, photo_lists::statement(&list, Cursor::LAST, 50)).await;
    assert!(plan.starts_with("SEARCH ap "), "{plan}");
    assert!(!plan.contains("photos_taken"), "{plan}");
}

#[tokio::test]
async fn the_timeline_of_100_000_photos_is_counted_in_a_covering_index() {
    let (_directory, store) = family_of(HUGE).await;
    let mut reader = store.fresh().await.unwrap();
    let plan = plan(&mut reader, Builder::new(timeline::MONTHS)).await;
    assert!(plan.contains("USING COVERING INDEX photos_month"), "{plan}");
    assert!(!plan.contains("TEMP B-TREE"), "{plan}");
    let months = timeline::months(&mut reader, FAMILY, Sight::Everything).await.unwrap();
    assert_eq!(months.iter().map(|(_, photos)| photos).sum::<i64>(), i64::from(HUGE));
    assert!(months.is_sorted_by_key(|(month, _)| -month));
}

#[tokio::test]
async fn on_this_day_touches_only_that_day_of_100_000_photos() {
    let (_directory, store) = family_of(HUGE).await;
    let mut reader = store.fresh().await.unwrap();
    for sight in [Sight::Everything, Sight::Showable] {
        let statement = timeline::days_statement(FAMILY, sight, &[228, 229], i64::MAX, 30);
        let plan = plan(&mut reader, statement).await;
        assert!(plan.contains("USING COVERING INDEX photos_day"), "{plan}");
        assert!(plan.contains("taken_day=?"), "{plan}");
    }
}

#[tokio::test]
async fn pages_of_a_large_family_neither_repeat_nor_skip_one() {
    let (_directory, store) = family_of(LARGE).await;
    let mut reader = store.fresh().await.unwrap();
    let hearted = PhotoQuery { hearted: Some(true), ..PhotoQuery::all(FAMILY, Sight::Everything) };
    let (mut cursor, mut seen) = (Cursor::LAST, Vec::new());
    loop {
        let rows = photo_lists::page(&mut reader, &hearted, cursor, 200).await.unwrap();
        let Some(last) = rows.last() else { break };
        cursor = Cursor { sort: last.taken_sort, id: last.id };
        seen.extend(rows.iter().map(|row| (row.taken_sort, row.id)));
    }
    assert_eq!(seen.len(), LARGE as usize / 50);
    assert!(seen.is_sorted_by(|newer, older| newer > older));
}
