//! A family and its members are erased, however often the server is killed meanwhile.

use std::{path::Path, time::Duration};

use picup_testkit::{PASSWORD, TestServer, eventually};

use crate::stage::{Backend, rows, until_no_jobs, upload};

on_both! { failure_26_a_family_is_erased_whenever_the_server_is_killed }

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
    let bytes = || async { left(&server).is_empty().then_some(()) };
    eventually("no bytes are left", bytes).await;
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
        if path.is_dir() {
            collect(&path, found);
        } else if !name.starts_with(".picup") {
            found.push(path.display().to_string());
        }
    }
}
