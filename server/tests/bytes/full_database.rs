//! FAILURES 29: the disk of the databases is full, while spool and stores have room.

use std::{fs, io::Write, path::Path};

use picup_testkit::{TestServer, eventually};

use crate::{
    small_disk::SmallDisk,
    tus::{Tus, header, original, photo, photo_of, refusal},
};

/// A stopped server's databases and keys move to a disk of their own; spool and scratch files stay where they are.
fn move_databases(data_dir: &Path, elsewhere: &Path) -> Option<SmallDisk> {
    fs::rename(data_dir, elsewhere).unwrap();
    fs::create_dir(data_dir).unwrap();
    let disk = SmallDisk::mount(data_dir)?;
    disk.resize("12m");
    for entry in fs::read_dir(elsewhere).unwrap().flatten() {
        let (from, to) = (entry.path(), data_dir.join(entry.file_name()));
        match entry.file_name().to_str() {
            Some("spool" | "rendering") => std::os::unix::fs::symlink(from, to).unwrap(),
            _ => assert!(
                std::process::Command::new("cp").arg("-a").args([from, to]).status().unwrap().success()
            ),
        }
    }
    Some(disk)
}

/// Takes all room there is.
fn fill(path: &Path) {
    let mut file = fs::File::create(path).unwrap();
    while file.write_all(&[0x5A; 4096]).is_ok() {}
}

/// What a client that does not give up sees of one upload: the photo, or the first refusal.
async fn send(tus: &Tus, bytes: &[u8]) -> Result<picup_api::PhotoId, reqwest::Response> {
    let created = tus.creation(bytes.len(), Some(picup_testkit::sha256(bytes))).send().await.unwrap();
    if created.status() != 201 {
        return Err(created);
    }
    let answer = tus.patch(&header(&created, "location").unwrap(), 0, bytes).await;
    if answer.status() == 204 { Ok(photo_of(&answer)) } else { Err(answer) }
}

#[tokio::test]
async fn a_full_database_refuses_with_a_clear_code_loses_nothing_and_goes_on_when_there_is_room() {
    let store = tempfile::tempdir().unwrap();
    let config = format!("[storage.main]\npath = {:?}", store.path().join("store"));
    let mut server = TestServer::builder().config(&config).start().await;
    let people = server.family().await;
    assert!(server.stop().await.success());
    let elsewhere = server.directory().join("elsewhere");
    let Some(_disk) = move_databases(&server.data_dir(), &elsewhere) else { return };
    server.start_again().await;
    let (pid, tus) = (server.pid(), Tus::of(&server, &people).await);

    let filler = server.data_dir().join("filler");
    fill(&filler);
    let (mut taken, mut refused) = (Vec::new(), 0);
    // The databases have a little room in files they have already, so the first ones may be taken.
    for seed in 0.. {
        let bytes = photo(seed);
        match send(&tus, &bytes).await {
            Ok(photo) => taken.push((photo, bytes)),
            Err(answer) => {
                assert!(header(&answer, "retry-after").is_some());
                let (status, code) = refusal(answer).await;
                let clear = [(507, "storage_full"), (503, "database_unavailable")];
                assert!(clear.contains(&(status, code.as_str())), "{status} {code}");
                refused += 1;
            }
        }
        if refused == 5 {
            break;
        }
        assert!(seed < 5_000, "the disk is never full");
    }
    // Reading needs no room.
    for (photo, bytes) in &taken {
        assert!(original(&people.owner, *photo).await == *bytes);
    }
    assert_eq!(server.pid(), pid);
    assert!(people.owner.me().await.is_ok(), "the server did not survive");

    fs::remove_file(filler).unwrap();
    let bytes = photo(9_999);
    let again = || async { send(&tus, &bytes).await.ok() };
    let last = eventually("there is room again", again).await;
    taken.push((last, bytes.clone()));
    for (photo, bytes) in &taken {
        assert!(original(&people.owner, *photo).await == *bytes);
    }
    assert_eq!(people.owner.usage(people.family).await.unwrap().photos, taken.len() as u64);
    let status = || async { people.owner.photo(last).await.ok().filter(is_ready).map(drop) };
    eventually("jobs go on, too", status).await;
    drop(server);
}

fn is_ready(photo: &picup_api::photo::Photo) -> bool {
    photo.state == picup_api::photo::PhotoState::Ready
}
