//! A stick as cameras format them, with the file system of a stick that was pulled without being ejected.

use std::{fs, os::unix::fs::FileExt, path::Path, process::Command};

use picup_testkit::{TestServer, eventually, photos};

use crate::harness::TestFrame;

/// A mounted image; unmounted when dropped.
struct Stick {
    mounted_at: std::path::PathBuf,
}

impl Stick {
    /// This kernel may have no vfat of its own, so it is read by fusefat; what is on the disk is the same.
    fn insert(image: &Path, at: &Path) -> Self {
        fs::create_dir(at).unwrap();
        run(Command::new("fusefat").args(["-o", "ro"]).arg(image).arg(at));
        Self { mounted_at: at.to_owned() }
    }
}

impl Drop for Stick {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.mounted_at).status();
    }
}

fn run(command: &mut Command) {
    let done = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(done.status.success(), "{command:?}: {}", String::from_utf8_lossy(&done.stderr));
}

/// A FAT32 image with these files in the folder a camera makes.
fn image_with(files: &[(String, Vec<u8>)], folder: &Path) -> std::path::PathBuf {
    let image = folder.join("stick.img");
    fs::File::create(&image).unwrap().set_len(48 << 20).unwrap();
    run(Command::new("mkfs.vfat").args(["-F", "32"]).arg(&image));
    run(Command::new("mmd").arg("-i").arg(&image).args(["::/DCIM", "::/DCIM/100CANON"]));
    for (name, bytes) in files {
        let file = folder.join(name);
        fs::write(&file, bytes).unwrap();
        let to = format!("::/DCIM/100CANON/{name}");
        run(Command::new("mcopy").arg("-i").arg(&image).arg(&file).arg(to));
    }
    image
}

/// As a pulled stick has it: the flag in the boot sector (offset 65), and in the second entry of the table of clusters
/// the bit that says "closed properly" is off (Microsoft's FAT specification, 2000).
fn make_dirty(image: &Path) {
    let disk = fs::OpenOptions::new().read(true).write(true).open(image).unwrap();
    let mut boot = [0; 512];
    disk.read_exact_at(&mut boot, 0).unwrap();
    disk.write_all_at(&[boot[65] | 1], 65).unwrap();
    let table = u64::from(u16::from_le_bytes([boot[14], boot[15]])) * 512;
    let mut entry = [0; 4];
    disk.read_exact_at(&mut entry, table + 4).unwrap();
    let open = u32::from_le_bytes(entry) & !0x0800_0000;
    disk.write_all_at(&open.to_le_bytes(), table + 4).unwrap();
    let checked = Command::new("fsck.vfat").arg("-n").arg(image).output().unwrap();
    assert!(String::from_utf8_lossy(&checked.stdout).contains("Dirty bit is set"));
}

#[tokio::test]
async fn f13_a_dirty_fat_stick_is_read_whole_and_not_a_byte_of_it_is_changed() {
    let server = TestServer::start().await;
    let people = server.family().await;
    let frame = TestFrame::start_with(&server.base_url(), &["--settle-seconds", "1"]).await;
    frame.pair_with(&people.owner, people.family).await;
    let photo = |n: u64| (format!("IMG_{n:04}.JPG"), photos::jpeg(800, 600, n));
    let mut files: Vec<_> = (0..6).map(photo).collect();
    files.push(("할머니 생신.jpg".to_owned(), photos::jpeg(640, 480, 99)));
    let image = image_with(&files, frame.directory());
    make_dirty(&image);
    let before = picup_testkit::sha256(&fs::read(&image).unwrap());

    // Put in while the frame runs, into a folder that it watches already.
    let stick = Stick::insert(&image, &frame.inbox().join("stick"));
    let photos_stored = || async { people.owner.usage(people.family).await.unwrap().photos };
    eventually("all photos arrived", || async { (photos_stored().await == 7).then_some(()) }).await;
    let page = people.owner.photos(people.family, &Default::default(), &Default::default()).await.unwrap();
    for (name, bytes) in &files {
        let digest = picup_testkit::sha256(bytes);
        let stored = page.items.iter().find(|photo| photo.sha256 == digest);
        assert!(stored.is_some_and(|photo| photo.filename.eq_ignore_ascii_case(name)), "{name}");
    }
    drop(stick);
    assert_eq!(picup_testkit::sha256(&fs::read(&image).unwrap()), before, "the stick was only read");
}
