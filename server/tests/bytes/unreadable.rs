//! A disk that answers EIO for one photo: btrfs does so for bytes that rotted.

use std::{
    fs,
    os::unix::fs::FileExt,
    path::{Path, PathBuf},
    process::Command,
};

use picup_testkit::{TestServer, eventually, rendered, sha256};

use crate::tus::{large_photo, original};

/// A file system in a file; unmounted when dropped.
struct Disk {
    image: PathBuf,
    at: PathBuf,
}

impl Disk {
    /// None, and a word why, where mounting is not allowed: it takes root.
    fn mount(image: &Path, at: &Path) -> Option<Self> {
        fs::File::create(image).unwrap().set_len(128 << 20).unwrap();
        run(Command::new("mkfs.btrfs").args(["--quiet", "--mixed"]).arg(image));
        let done = Command::new("mount").args(["-o", "loop"]).arg(image).arg(at).output().unwrap();
        if !done.status.success() {
            eprintln!("skipped: a disk cannot be mounted: {}", String::from_utf8_lossy(&done.stderr));
            return None;
        }
        Some(Self { image: image.to_owned(), at: at.to_owned() })
    }

    /// Changes a byte of the file under the file system, which then refuses to read it.
    fn rot(&self, bytes: &[u8]) {
        run(&mut Command::new("sync"));
        let image = fs::read(&self.image).unwrap();
        let sample = &bytes[bytes.len() / 2..bytes.len() / 2 + 64];
        let places: Vec<_> = image.windows(64).enumerate().filter(|(_, it)| *it == sample).collect();
        assert!(!places.is_empty(), "the photo is on the disk");
        let disk = fs::OpenOptions::new().write(true).open(&self.image).unwrap();
        for (place, _) in places {
            disk.write_all_at(&[!sample[0]], place as u64).unwrap();
        }
        disk.sync_all().unwrap();
        // What was read before is not read from the disk.
        fs::write("/proc/sys/vm/drop_caches", "3").unwrap();
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.at).status();
    }
}

fn run(command: &mut Command) {
    let done = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(done.status.success(), "{command:?}: {}", String::from_utf8_lossy(&done.stderr));
}

#[tokio::test]
async fn a_copy_its_disk_cannot_read_is_found_and_repaired_from_the_other() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path().join("disk");
    fs::create_dir(&at).unwrap();
    let Some(disk) = Disk::mount(&folder.path().join("image"), &at) else { return };
    let config = format!("[storage.main]\npath = {:?}", at.join("store"));
    let server = TestServer::builder().backup_dir().config(&config).start().await;
    let people = server.family().await;
    let bytes = large_photo(1, 400_000);
    let photo = people.upload(&bytes, "a.jpg").await;
    let digest = sha256(&bytes).to_string();
    let copy = at.join(format!("store/originals/{}/{}/{digest}", people.family, &digest[..2]));

    // Until then a job reads the original, and has it repaired when it cannot.
    rendered(&people.owner, photo).await;
    disk.rot(&bytes);
    assert_eq!(fs::read(&copy).unwrap_err().raw_os_error(), Some(5), "EIO");
    assert!(original(&people.owner, photo).await == bytes, "the other copy is given");
    eventually("the copy is good", || async { (fs::read(&copy).ok()? == bytes).then_some(()) }).await;
    let aside = fs::read_dir(at.join("store/.quarantine")).unwrap().count();
    assert_eq!(aside, 1, "what cannot be read is set aside, not unlinked");
    drop(server);
}
