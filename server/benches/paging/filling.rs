//! The same photos in every run, made by the databases themselves.
//!
//! Photo `n` of `N` has the place `n * STRIDE mod N` in time: every place is taken once, and neighbours in time are
//! far apart on disk.

use picup_api::FamilyId;
use picup_server::store::{library::LibraryStore, sql};
use picup_testkit::daemons::MariaDb;

use crate::{LARGE, TYPICAL, TYPICAL_PHOTOS};

/// A prime that divides no count anybody asks for.
const STRIDE: u64 = 7_368_787;
/// 1 January 2004, in seconds.
const BEGIN: u64 = 1_072_915_200;
const TWENTY_YEARS: u64 = 20 * 365 * 86_400;
/// Rows per statement.
const CHUNK: u64 = 500_000;

/// The sort key of the photo that has `newer` newer ones, exclusive: where its page begins.
pub(crate) fn sort_before(photos: u64, newer: u64) -> i64 {
    sort_of(photos, photos - newer)
}

fn sort_of(photos: u64, place: u64) -> i64 {
    i64::try_from((BEGIN * 1000) + place * step(photos)).unwrap()
}

/// Milliseconds between two photos.
fn step(photos: u64) -> u64 {
    TWENTY_YEARS * 1000 / photos
}

/// Rows first, then every index in one pass over them: an index that grows row by row takes ten times as long.
pub(crate) async fn fill_mariadb(mariadb: &MariaDb, photos: u64) {
    let table = mariadb.sql("SHOW CREATE TABLE library.photos").await;
    // The client writes a line break within a column as \n.
    let keys: Vec<_> = table
        .split("\\n")
        .map(|line| line.trim().trim_end_matches(','))
        .filter(|line| line.starts_with("KEY ") || line.starts_with("UNIQUE KEY "))
        .collect();
    assert!(keys.len() > 5, "{table}");
    let name = |key: &&str| format!("DROP INDEX `{}`", key.split('`').nth(1).unwrap());
    let drops: Vec<_> = keys.iter().map(name).collect();
    mariadb.sql(&format!("ALTER TABLE library.photos {}", drops.join(", "))).await;
    fill_family(mariadb, LARGE, photos, 0).await;
    fill_family(mariadb, TYPICAL, TYPICAL_PHOTOS, photos).await;
    let adds: Vec<_> = keys.iter().map(|key| format!("ADD {key}")).collect();
    mariadb.sql(&format!("SET sql_log_bin = 0; ALTER TABLE library.photos {}", adds.join(", "))).await;
    mariadb.sql("SET sql_log_bin = 0; ANALYZE TABLE library.photos").await;
}

async fn fill_family(mariadb: &MariaDb, family: FamilyId, photos: u64, ids_from: u64) {
    let family = hex(family);
    for first in (0..photos).step_by(CHUNK as usize) {
        let last = (first + CHUNK).min(photos) - 1;
        let (sort, second) = (sort_of(photos, 0), BEGIN);
        let step = step(photos);
        let place = format!("(seq * {STRIDE} % {photos})");
        mariadb
            .sql(&format!(
                "SET sql_log_bin = 0, unique_checks = 0, time_zone = '+00:00';
                 INSERT INTO library.photos (id, family_id, sha256, bytes, state, kind, source, media_type, filename,
                     caption, taken_local, taken_precision, taken_sort, taken_month, taken_day, width, height,
                     thumbhash, phash, uploader_kind, uploader_id, hearts, created_at)
                 SELECT UNHEX(LPAD(HEX(seq + {ids_from}), 32, '0')), x'{family}', UNHEX(SHA2(seq, 256)), 3000000,
                     IF(seq % 100, 'ready', 'broken'), IF(seq % 20, 'still', 'video'),
                     ELT(seq % 3 + 1, 'camera', 'scanner', 'web'), 'image/jpeg', REPEAT(x'5a', 40),
                     REPEAT(x'5a', 28), DATE_FORMAT(taken, '%Y-%m-%dT%H:%i:%s'), 'exact', {sort} + place * {step},
                     EXTRACT(YEAR_MONTH FROM taken), MONTH(taken) * 100 + DAY(taken), 4000, 3000,
                     REPEAT(x'5a', 24), REPEAT(x'5a', 8), 'member', UNHEX(LPAD(HEX(seq % 4), 32, '0')),
                     seq % 50 = 0, {sort}
                 FROM (SELECT seq, {place} AS place,
                     FROM_UNIXTIME({second} + {place} * {step} DIV 1000) AS taken
                     FROM library.seq_{first}_to_{last}) AS made"
            ))
            .await;
    }
}

fn hex(family: FamilyId) -> String {
    family.0.simple().to_string()
}

/// In one transaction.
pub(crate) async fn fill_file(store: &LibraryStore, photos: u64) {
    const FILL: &str = "INSERT INTO photos (id, family_id, sha256, bytes, state, kind, source, media_type, filename, \
                        caption, taken_local, taken_precision, taken_sort, taken_month, taken_day, width, height, \
                        thumbhash, phash, uploader_kind, uploader_id, hearts, created_at) \
                        WITH RECURSIVE parameters (photos, stride, ids_from, family, sort, step) \
                        AS (SELECT ?, ?, ?, ?, ?, ?), \
                        numbers (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers, parameters WHERE n + 1 < photos), \
                        places (n, taken) AS (SELECT n, sort + n * stride % photos * step FROM numbers, parameters) \
                        SELECT unhex(printf('%032x', n + ids_from)), family, unhex(printf('%064x', n * stride + 1)), \
                        3000000, iif(n % 100, 'ready', 'broken'), iif(n % 20, 'still', 'video'), \
                        iif(n % 3, iif(n % 3 = 1, 'scanner', 'web'), 'camera'), 'image/jpeg', zeroblob(40), \
                        zeroblob(28), strftime('%Y-%m-%dT%H:%M:%S', taken / 1000, 'unixepoch'), 'exact', taken, \
                        CAST(strftime('%Y%m', taken / 1000, 'unixepoch') AS INTEGER), \
                        CAST(strftime('%m%d', taken / 1000, 'unixepoch') AS INTEGER), 4000, 3000, zeroblob(24), \
                        zeroblob(8), 'member', unhex(printf('%032x', n % 4)), n % 50 = 0, sort FROM places, parameters";
    let signed = |number: u64| i64::try_from(number).unwrap();
    let mut tx = store.begin().await.unwrap();
    for (family, photos, ids_from) in [(LARGE, photos, 0), (TYPICAL, TYPICAL_PHOTOS, photos)] {
        sql::query(FILL)
            .bind(signed(photos))
            .bind(signed(STRIDE))
            .bind(signed(ids_from))
            .bind(family.0)
            .bind(sort_of(photos, 0))
            .bind(signed(step(photos)))
            .execute(&mut tx)
            .await
            .unwrap();
    }
    tx.commit().await.unwrap();
}
