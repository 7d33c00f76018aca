//! What a page, a timeline and a day cost in a library of ten million photos, beside OFFSET on the same rows.
//!
//! Runs the store's own statements. Rows lie in another order than they are listed in: each photo of a page is on a
//! leaf of its own, which is the worst a family can do.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a bench prints, and fails by panicking")]

mod filling;
mod measuring;

use std::{path::Path, sync::Arc, time::Instant};

use clap::Parser;
use picup_api::FamilyId;
use picup_server::{
    cache::{fanout::Fanout, last_write::LastWrite},
    config::Servers,
    store::{
        engine::Place,
        library::{LibraryStore, SCHEMA},
    },
};
use picup_testkit::daemons::MariaDb;
use tokio::sync::Notify;
use uuid::Uuid;

/// Has nearly all photos.
const LARGE: FamilyId = FamilyId(Uuid::from_u128(0xA1));
/// What the budgets of the timeline are for.
const TYPICAL: FamilyId = FamilyId(Uuid::from_u128(0xA2));
const TYPICAL_PHOTOS: u64 = 100_000;

#[derive(Parser)]
struct Options {
    /// In MariaDB; 0 leaves it out.
    #[arg(long, default_value_t = 10_000_000)]
    photos: u64,
    /// In an embedded file; 0 leaves it out.
    #[arg(long, default_value_t = 1_000_000)]
    embedded_photos: u64,
    /// Pages read at each depth.
    #[arg(long, default_value_t = 500)]
    runs: u32,
    #[arg(long, default_value = "4G")]
    buffer_pool: String,
    /// Cargo says so.
    #[arg(long, hide = true)]
    bench: bool,
}

#[tokio::main]
async fn main() {
    let options = Options::parse();
    if options.photos > 0 {
        on_mariadb(&options).await;
    }
    if options.embedded_photos > 0 {
        embedded(&options).await;
    }
}

async fn on_mariadb(options: &Options) {
    let mariadb = MariaDb::builder()
        .setting(format!("innodb_buffer_pool_size={}", options.buffer_pool))
        .setting("innodb_log_file_size=1G")
        .setting("innodb_sort_buffer_size=64M")
        .setting("innodb_flush_log_at_trx_commit=0")
        .setting("innodb_buffer_pool_dump_at_shutdown=0")
        .start()
        .await;
    let store = open(&Place::Servers(Servers::at(&mariadb.database("library").await))).await;
    let began = Instant::now();
    filling::fill_mariadb(&mariadb, options.photos).await;
    let loaded = began.elapsed();
    let size = mariadb
        .sql("SELECT CONCAT(ROUND(SUM(data_length) / 1e9, 2), ' GB of rows, ', ROUND(SUM(index_length) / 1e9, 2), \
              ' GB of indexes') FROM information_schema.tables WHERE table_schema = 'library'")
        .await;
    println!("\nMariaDB, {} photos of one family, {TYPICAL_PHOTOS} of another", options.photos);
    println!("  loaded in {:.0} s: {size}, buffer pool {}", loaded.as_secs_f64(), options.buffer_pool);
    measuring::measure(&store, options.photos, options.runs).await;
    store.engine.close().await;
}

async fn embedded(options: &Options) {
    let directory = tempfile::Builder::new().prefix("picup-bench-").tempdir().unwrap();
    let file = directory.path().join("library.db");
    let store = open(&Place::File(file.clone())).await;
    let began = Instant::now();
    filling::fill_file(&store, options.embedded_photos).await;
    let loaded = began.elapsed();
    println!("\nSQLite, {} photos of one family, {TYPICAL_PHOTOS} of another", options.embedded_photos);
    println!("  loaded in {:.0} s: {:.2} GB", loaded.as_secs_f64(), gigabytes(&file));
    measuring::measure(&store, options.embedded_photos, options.runs).await;
    store.engine.close().await;
}

async fn open(place: &Place) -> LibraryStore {
    let (fanout, wake) = (Arc::new(Fanout::default()), Arc::new(Notify::new()));
    LibraryStore::open(place, &SCHEMA, LastWrite::new("library", None), fanout, wake).await.unwrap()
}

fn gigabytes(file: &Path) -> f64 {
    file.metadata().unwrap().len() as f64 / 1e9
}
