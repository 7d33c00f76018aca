//! Personal text at rest: AES-256-GCM under a data key per family or member, wrapped by the master key.
//!
//! Destroying a wrapped data key makes everything sealed with it unreadable, also in every backup.

use std::{collections::BTreeMap, path::Path};

use anyhow::{Context, ensure};
use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey},
    hkdf, hmac, rand,
};
use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, Zeroizing};

use crate::Error;

const KEY_BYTES: usize = 32;
const KEY_ID_BYTES: usize = 8;
const MASTER_FILE: &str = "master.json";

/// `keys/master.json`: the only secrets of an installation. Lost, sealed text cannot be read again.
#[derive(Serialize, Deserialize)]
struct MasterFile {
    /// Wraps new data keys.
    current: String,
    /// Base64 keys by id; older ones still unwrap.
    keys: BTreeMap<String, String>,
    /// Base64; what lookups, links and cursors are keyed from. Never rotates, for blind indexes are made with it.
    root: String,
}

/// Seals and unseals data keys, and derives the keys of other purposes.
pub struct Sealer {
    current: [u8; KEY_ID_BYTES],
    masters: BTreeMap<[u8; KEY_ID_BYTES], RandomizedNonceKey>,
    root: Zeroizing<Vec<u8>>,
    blind_index: hmac::Key,
}

impl Sealer {
    /// Whether there are keys in `directory`.
    pub fn has_keys(directory: &Path) -> bool {
        directory.join(MASTER_FILE).exists()
    }

    /// Reads the keys in `directory`, or makes them at the first start.
    pub fn open(directory: &Path) -> anyhow::Result<Self> {
        let path = directory.join(MASTER_FILE);
        let file = match std::fs::read(&path) {
            Ok(bytes) => {
                serde_json::from_slice(&bytes).with_context(|| format!("{} is damaged", path.display()))?
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => create(directory, &path)?,
            Err(error) => return Err(error).with_context(|| format!("cannot read {}", path.display())),
        };
        Self::from_file(file)
    }

    fn from_file(file: MasterFile) -> anyhow::Result<Self> {
        let current = key_id(&file.current)?;
        let masters = file.keys.iter().map(|(id, key)| Ok((key_id(id)?, aead_key(&BASE64.decode(key)?)?)));
        let masters = masters.collect::<anyhow::Result<BTreeMap<_, _>>>()?;
        ensure!(masters.contains_key(&current), "the current master key is missing");
        let root = Zeroizing::new(BASE64.decode(&file.root)?);
        let blind_index = hmac::Key::new(hmac::HMAC_SHA256, &derive(&root, b"blind-index")?);
        Ok(Self { current, masters, root, blind_index })
    }

    /// A fresh data key, and its wrapped form for the database.
    pub fn new_data_key(&self) -> Result<(DataKey, Vec<u8>), Error> {
        let mut bytes = Zeroizing::new([0; KEY_BYTES]);
        rand::fill(&mut *bytes).map_err(Error::internal)?;
        let mut wrapped = self.current.to_vec();
        wrapped.extend(encrypt(&self.masters[&self.current], b"data-key", &*bytes)?);
        Ok((DataKey(aead_key(&*bytes).map_err(Error::internal)?), wrapped))
    }

    /// Errors: `Internal` when the master key is not here or the bytes were altered.
    pub fn unwrap(&self, wrapped: &[u8]) -> Result<DataKey, Error> {
        let (id, sealed) = wrapped.split_at_checked(KEY_ID_BYTES).ok_or_else(damaged)?;
        let master = self.masters.get(id).ok_or_else(damaged)?;
        let bytes = Zeroizing::new(decrypt(master, b"data-key", sealed)?);
        Ok(DataKey(aead_key(&bytes).map_err(Error::internal)?))
    }

    /// Whether `wrapped` should be wrapped again with the current master key.
    pub fn is_outdated(&self, wrapped: &[u8]) -> bool {
        !wrapped.starts_with(&self.current)
    }

    /// HMAC-SHA-256: finds text without storing it in the clear.
    pub fn blind_index(&self, text: &str) -> [u8; 32] {
        let tag = hmac::sign(&self.blind_index, text.as_bytes());
        let mut index = [0; 32];
        index.copy_from_slice(tag.as_ref());
        index
    }

    /// A key for one purpose, such as `media-links`; the same after a restart.
    pub fn derived_key(&self, purpose: &str) -> Result<[u8; 32], Error> {
        derive(&self.root, purpose.as_bytes()).map_err(Error::internal)
    }
}

/// Seals the personal text of one family or member.
pub struct DataKey(RandomizedNonceKey);

impl DataKey {
    /// `context` names the column and row, such as `albums.title:{id}`: sealed text cannot be moved elsewhere.
    pub fn seal(&self, context: &str, text: &str) -> Result<Vec<u8>, Error> {
        self.seal_bytes(context, text.as_bytes())
    }

    /// Errors: `Internal` when the bytes were altered or belong to another context.
    pub fn open(&self, context: &str, sealed: &[u8]) -> Result<String, Error> {
        String::from_utf8(self.open_bytes(context, sealed)?).map_err(Error::internal)
    }

    /// The same for what is no text: a voice, a picture.
    pub fn seal_bytes(&self, context: &str, bytes: &[u8]) -> Result<Vec<u8>, Error> {
        encrypt(&self.0, context.as_bytes(), bytes)
    }

    /// Errors: those of `open`.
    pub fn open_bytes(&self, context: &str, sealed: &[u8]) -> Result<Vec<u8>, Error> {
        decrypt(&self.0, context.as_bytes(), sealed)
    }
}

/// Nonce, then ciphertext with its tag.
fn encrypt(key: &RandomizedNonceKey, context: &[u8], plain: &[u8]) -> Result<Vec<u8>, Error> {
    let mut sealed = plain.to_vec();
    let nonce = key.seal_in_place_append_tag(Aad::from(context), &mut sealed).map_err(Error::internal)?;
    let mut out = nonce.as_ref().to_vec();
    out.append(&mut sealed);
    Ok(out)
}

fn decrypt(key: &RandomizedNonceKey, context: &[u8], sealed: &[u8]) -> Result<Vec<u8>, Error> {
    let (nonce, ciphertext) = sealed.split_at_checked(NONCE_LEN).ok_or_else(damaged)?;
    let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(Error::internal)?;
    let mut plain = ciphertext.to_vec();
    let length = key.open_in_place(nonce, Aad::from(context), &mut plain).map_err(|_| damaged())?.len();
    plain.truncate(length);
    Ok(plain)
}

fn damaged() -> Error {
    Error::internal(anyhow::anyhow!("sealed bytes are damaged or their key is gone"))
}

fn aead_key(bytes: &[u8]) -> anyhow::Result<RandomizedNonceKey> {
    Ok(RandomizedNonceKey::new(&AES_256_GCM, bytes)?)
}

fn key_id(text: &str) -> anyhow::Result<[u8; KEY_ID_BYTES]> {
    text.as_bytes().try_into().context("a master key's id has eight characters")
}

fn derive(root: &[u8], purpose: &[u8]) -> anyhow::Result<[u8; 32]> {
    struct Length;
    impl hkdf::KeyType for Length {
        fn len(&self) -> usize {
            32
        }
    }
    let mut out = [0; 32];
    hkdf::Salt::new(hkdf::HKDF_SHA256, b"picup").extract(root).expand(&[purpose], Length)?.fill(&mut out)?;
    Ok(out)
}

fn create(directory: &Path, path: &Path) -> anyhow::Result<MasterFile> {
    let id = "00000001".to_owned();
    let keys = BTreeMap::from([(id.clone(), random_key()?)]);
    let file = MasterFile { current: id, keys, root: random_key()? };
    write(directory, path, &file)?;
    Ok(file)
}

/// Adds a master key and makes it the current one. Data keys wrapped by older ones stay readable.
pub fn rotate(directory: &Path) -> anyhow::Result<String> {
    let path = directory.join(MASTER_FILE);
    let mut file: MasterFile = serde_json::from_slice(&std::fs::read(&path)?)?;
    let newest: u64 = file.keys.keys().filter_map(|id| id.parse().ok()).max().unwrap_or(0);
    let id = format!("{:08}", newest + 1);
    file.keys.insert(id.clone(), random_key()?);
    file.current.clone_from(&id);
    write(directory, &path, &file)?;
    Ok(id)
}

fn random_key() -> anyhow::Result<String> {
    let mut bytes = [0; KEY_BYTES];
    rand::fill(&mut bytes)?;
    let text = BASE64.encode(bytes);
    bytes.zeroize();
    Ok(text)
}

/// Durable before anything is sealed with it: temporary file, sync, rename, sync of the directory.
fn write(directory: &Path, path: &Path, file: &MasterFile) -> anyhow::Result<()> {
    use std::{io::Write, os::unix::fs::OpenOptionsExt};
    std::fs::create_dir_all(directory)?;
    let temporary = directory.join("master.json.tmp");
    let mut out =
        std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&temporary)?;
    out.write_all(&Zeroizing::new(serde_json::to_vec_pretty(file)?))?;
    out.sync_all()?;
    std::fs::rename(&temporary, path)?;
    std::fs::File::open(directory)?.sync_all()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_opens_again_after_a_restart_and_a_key_rotation() {
        let directory = tempfile::tempdir().unwrap();
        let before = Sealer::open(directory.path()).unwrap();
        let (key, wrapped) = before.new_data_key().unwrap();
        let sealed = key.seal("albums.title:1", "할머니 생신").unwrap();

        rotate(directory.path()).unwrap();
        let after = Sealer::open(directory.path()).unwrap();
        assert!(after.is_outdated(&wrapped));
        assert_eq!(after.unwrap(&wrapped).unwrap().open("albums.title:1", &sealed).unwrap(), "할머니 생신");
        assert_eq!(after.blind_index("a@b.c"), before.blind_index("a@b.c"));
    }

    #[test]
    fn sealed_text_cannot_be_moved_or_altered() {
        let directory = tempfile::tempdir().unwrap();
        let (key, _) = Sealer::open(directory.path()).unwrap().new_data_key().unwrap();
        let mut sealed = key.seal("albums.title:1", "secret").unwrap();
        assert!(key.open("albums.title:2", &sealed).is_err());
        *sealed.last_mut().unwrap() ^= 1;
        assert!(key.open("albums.title:1", &sealed).is_err());
    }

    #[test]
    fn the_key_file_is_readable_by_its_owner_alone() {
        use std::os::unix::fs::PermissionsExt;
        let directory = tempfile::tempdir().unwrap();
        Sealer::open(directory.path()).unwrap();
        let mode = std::fs::metadata(directory.path().join("master.json")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}
