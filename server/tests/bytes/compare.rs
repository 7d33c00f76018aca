//! `picup-server admin store`: what the ledger says beside what the stores have; and `check-config` of a store in S3.

use std::{collections::BTreeSet, fs, process::Output};

use picup_testkit::{People, S3Server, TestServer};
use serde_json::{Value, json};

use crate::{
    storage::{admin, flip_a_bit, path_in},
    tus::photo,
};

/// A home that is not running, with so many photos in S3 and on a disk.
async fn sleeping_home(s3: &S3Server, photos: u64) -> (TestServer, People, Vec<Vec<u8>>) {
    let mut server = TestServer::builder().config(&s3.config("storage.main")).backup_dir().start().await;
    let people = server.family().await;
    let files: Vec<_> = (0..photos).map(photo).collect();
    for bytes in &files {
        people.upload(bytes, "a.jpg").await;
    }
    server.stop().await;
    (server, people, files)
}

async fn compare(server: &TestServer, arguments: &[&str]) -> Output {
    server.run(&[&["admin", "store", "compare"], arguments].concat()).await
}

fn lines(output: &Output) -> BTreeSet<String> {
    String::from_utf8(output.stdout.clone()).unwrap().lines().map(str::to_owned).collect()
}

#[tokio::test]
async fn every_difference_is_named_then_found_repaired_and_gone() {
    let s3 = S3Server::start().await;
    let (server, people, files) = sleeping_home(&s3, 5).await;
    let equal = compare(&server, &[]).await;
    assert!(equal.status.success());
    let counted = ["main", "backup"].map(|name| format!("{name}: 5 copies in the ledger, 5 in the store"));
    assert_eq!(lines(&equal), BTreeSet::from(counted.clone()));

    let key = |bytes: &[u8]| {
        let path = path_in("".as_ref(), &people, bytes);
        path.to_str().unwrap().to_owned()
    };
    let (bucket, disk) = (s3.object("home"), server.backup_dir());
    fs::remove_file(path_in(&bucket, &people, &files[0])).unwrap();
    fs::remove_file(path_in(&disk, &people, &files[1])).unwrap();
    flip_a_bit(&path_in(&bucket, &people, &files[2]));
    fs::write(path_in(&disk, &people, &files[3]), b"short").unwrap();
    let stray = bucket.join("originals/stray");
    fs::write(&stray, b"whose?").unwrap();

    let different = compare(&server, &[]).await;
    assert_eq!(different.status.code(), Some(1));
    let found = lines(&different);
    for line in [
        format!("main {}: the ledger says it is there, and it is not", key(&files[0])),
        format!("backup {}: the ledger says it is there, and it is not", key(&files[1])),
        format!("backup {}: it has another length than the ledger says", key(&files[3])),
        "main originals/stray: it is there, and not in the ledger".to_owned(),
    ] {
        assert!(found.contains(&line), "{line}\nin {found:#?}");
    }
    assert_eq!(found.len(), 4 + 2, "{found:#?}");

    let read = compare(&server, &["--read", "--json"]).await;
    assert_eq!(read.status.code(), Some(1));
    let read: Value = serde_json::from_slice(&read.stdout).unwrap();
    let other = json!({"store": "main", "key": key(&files[2]), "difference": "other_bytes"});
    assert_eq!((read["found"].as_u64(), read["stores"]["main"]["objects"].as_u64()), (Some(5), Some(5)));
    assert!(read["differences"].as_array().unwrap().contains(&other), "{read:#}");
    let few = compare(&server, &["--limit", "1"]).await;
    assert!(lines(&few).contains("and 3 more"), "{few:?}");

    let scrubbed = admin(&server, &["admin", "store", "scrub"]).await;
    assert_eq!(scrubbed["stores"]["main"], json!({"verified": 3, "bad": 2}));
    assert_eq!(scrubbed["stores"]["backup"], json!({"verified": 3, "bad": 2}));
    let status = admin(&server, &["admin", "store", "status", "--json"]).await;
    assert_eq!(status["stores"]["main"]["copies"], json!({"present": 3, "missing": 1, "corrupt": 1}));
    assert_eq!(status["stores"]["main"]["scrub"]["verified"], 3);
    assert_eq!(status["stores"]["main"]["scrub"]["due"], 0);
    let repaired = admin(&server, &["admin", "store", "repair"]).await;
    let both = json!({"repaired": 2, "left": 0});
    assert_eq!(repaired["stores"], json!({"main": both, "backup": both}));

    fs::remove_file(stray).unwrap();
    let equal = compare(&server, &["--read"]).await;
    assert_eq!(lines(&equal), BTreeSet::from(counted));
    assert!(equal.status.success());
    for bytes in &files {
        for store in [&bucket, &disk] {
            assert!(fs::read(path_in(store, &people, bytes)).unwrap() == *bytes);
        }
    }
}

#[tokio::test]
async fn what_no_store_has_any_more_stays_to_be_repaired_and_is_named() {
    let s3 = S3Server::start().await;
    let (server, people, files) = sleeping_home(&s3, 2).await;
    for store in [s3.object("home"), server.backup_dir()] {
        fs::remove_file(path_in(&store, &people, &files[0])).unwrap();
    }
    admin(&server, &["admin", "store", "scrub"]).await;
    let repaired = admin(&server, &["admin", "store", "repair"]).await;
    let neither = json!({"repaired": 0, "left": 1});
    assert_eq!(repaired["stores"], json!({"main": neither, "backup": neither}));
    assert_eq!(admin(&server, &["admin", "store", "status"]).await["lost"].as_array().unwrap().len(), 1);
    let found = lines(&compare(&server, &[]).await);
    let waiting = found.iter().filter(|line| line.contains("has yet to be copied")).count();
    assert_eq!(waiting, 2, "{found:#?}");
}

#[tokio::test]
async fn a_store_that_is_away_is_no_store_without_copies() {
    let mut s3 = S3Server::start().await;
    let (server, _people, _) = sleeping_home(&s3, 1).await;
    s3.stop().await;
    let away = compare(&server, &[]).await;
    assert_eq!(away.status.code(), Some(1));
    let found = lines(&away);
    assert!(found.iter().any(|line| line.starts_with("main cannot be compared: ")), "{found:#?}");
    assert!(found.contains("backup: 1 copies in the ledger, 1 in the store"), "{found:#?}");
    let output = server.run(&["admin", "store", "repair", "--store", "main"]).await;
    assert_eq!(output.status.code(), Some(1));
}

#[tokio::test]
async fn check_config_shows_no_secret_and_names_every_problem_of_a_store() {
    let s3 = S3Server::start().await;
    let server = TestServer::builder().config(&s3.config("storage.main")).start().await;
    let shown = server.run(&["check-config"]).await;
    assert!(shown.status.success());
    let text = String::from_utf8(shown.stdout).unwrap();
    assert!(text.contains(S3Server::ACCESS_KEY_ID) && !text.contains(S3Server::SECRET_ACCESS_KEY), "{text}");

    let faulty = server.directory().join("faulty.toml");
    fs::write(&faulty, "[storage.main]\nkind = \"s3\"\nprefix = \"/a\"\n[storage.backup]\nbucket = \"b\"\n")
        .unwrap();
    let refused = server.run(&["check-config", "--config", faulty.to_str().unwrap()]).await;
    assert_eq!(refused.status.code(), Some(2));
    let words = String::from_utf8(refused.stderr).unwrap();
    for setting in [
        "storage.main.region",
        "storage.main.bucket",
        "storage.main.prefix",
        "storage.main.access_key_id",
        "storage.main.secret_access_key",
        "storage.backup.path",
        "storage.backup.bucket",
    ] {
        assert!(words.contains(&format!("{setting}:")), "{setting} in {words}");
    }
}
