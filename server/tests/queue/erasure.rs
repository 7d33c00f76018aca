//! A family and its members are erased, however often the server is killed meanwhile.

use std::{path::Path, time::Duration};

use picup_api::{FamilyId, PhotoId};
use picup_server::domain::job::LibraryJob;
use picup_testkit::{PASSWORD, TestServer};
use uuid::Uuid;

use crate::stage::{Backend, library_of, rows, until_no_jobs, upload};

on_both! {
    failure_26_a_family_is_erased_whenever_the_server_is_killed,
    pictures_a_killed_server_left_of_a_photo_that_is_gone_are_removed,
}

async fn pictures_a_killed_server_left_of_a_photo_that_is_gone_are_removed(backend: Backend) {
    let server = backend.builder().own_databases().backup_dir().start().await;
    let (family, photo) = (FamilyId(Uuid::now_v7()), PhotoId(Uuid::now_v7()));
    let pictures = server.data_dir().join(format!("blobs/renditions/{family}/{photo}"));
    std::fs::create_dir_all(&pictures).unwrap();
    std::fs::write(pictures.join("thumb"), "stored after the others were removed").unwrap();
    assert_eq!(left(&server).len(), 1);
    let mut tx = library_of(&server).await.begin().await.unwrap();
    tx.enqueue(&LibraryJob::Render { photo, family: Some(family) }, 0).await.unwrap();
    tx.commit().await.unwrap();
    until_no_jobs(&server).await;
    assert_eq!(left(&server), [] as [String; 0]);
}

async fn failure_26_a_family_is_erased_whenever_the_server_is_killed(backend: Backend) {
    let mut server = backend.builder().own_databases().backup_dir().start().await;
    for round in 0..5u64 {
        let people = server.family().await;
        let photos = upload(&people, round * 8..round * 8 + 8).await;
        people.owner.put_heart(photos[0]).await.unwrap();
        people.editor.add_comment(photos[1], "the sea").await.unwrap();
        people.owner.delete_family(people.family).await.unwrap();
        for person in [&people.owner, &people.editor, &people.viewer] {
            person.delete_me(PASSWORD).await.unwrap();
        }
        // From before the first job to after the last.
        tokio::time::sleep(Duration::from_millis(round * 7919 % 541)).await;
        server.restart().await;
    }
    until_no_jobs(&server).await;
    for table in ["photos", "blobs", "copies", "albums", "hearts", "comments"] {
        assert_eq!(rows(&server, "library.db", count(table)).await, 0, "{table}");
    }
    assert_eq!(rows(&server, "accounts.db", "SELECT COUNT(*) FROM members").await, 0);
    assert_eq!(
        rows(&server, "accounts.db", "SELECT COUNT(*) FROM sessions WHERE revoked_at IS NULL").await,
        0
    );
    assert_eq!(left(&server), [] as [String; 0]);
}

fn count(table: &str) -> &'static str {
    match table {
        "photos" => "SELECT COUNT(*) FROM photos",
        "blobs" => "SELECT COUNT(*) FROM blobs",
        "copies" => "SELECT COUNT(*) FROM copies",
        "albums" => "SELECT COUNT(*) FROM albums",
        "hearts" => "SELECT COUNT(*) FROM hearts",
        _ => "SELECT COUNT(*) FROM comments",
    }
}

/// Files of photos in both stores.
fn left(server: &TestServer) -> Vec<String> {
    let mut found = Vec::new();
    for store in [server.data_dir().join("blobs"), server.backup_dir()] {
        collect(&store, &mut found);
    }
    found
}

fn collect(directory: &Path, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(directory).unwrap().flatten() {
        let (path, name) = (entry.path(), entry.file_name().into_string().unwrap());
        // What a killed writer left under `.tmp` nobody can find; it is swept when it is a day old.
        if path.is_dir() && name != ".tmp" {
            collect(&path, found);
        } else if path.is_file() && name != ".picup-store" {
            found.push(path.display().to_string());
        }
    }
}
