//! A credential in a file: AES-256-GCM, its key by HKDF-SHA-256 (RFC 5869) from a secret of this machine.
//!
//! Layout: one byte of version, 16 bytes of salt, 12 of nonce, then the sealed JSON.

use std::{
    env, fs, io,
    path::{Path, PathBuf},
};

use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    hkdf, rand,
};
use picup_client::{Credential, TokenStore};
use zeroize::Zeroizing;

use crate::disk;

const VERSION: u8 = 1;
const SALT: usize = 16;
const INFO: &[&[u8]] = &[b"picup frame credential"];
/// The name of the secret in the service unit: `LoadCredentialEncrypted=picup-frame-key`.
const SYSTEMD_SECRET: &str = "picup-frame-key";

pub(super) struct SealedFile {
    path: PathBuf,
    /// Used where the machine has neither a systemd credential nor an id.
    own_secret: PathBuf,
}

impl SealedFile {
    pub(super) fn in_folder(data_dir: &Path) -> Self {
        Self { path: data_dir.join("credential.sealed"), own_secret: data_dir.join("device.key") }
    }

    fn secret(&self) -> io::Result<Zeroizing<Vec<u8>>> {
        if let Some(folder) = env::var_os("CREDENTIALS_DIRECTORY")
            && let Ok(secret) = fs::read(Path::new(&folder).join(SYSTEMD_SECRET))
        {
            return Ok(secret.into());
        }
        match fs::read("/etc/machine-id") {
            Ok(id) if id.len() >= 32 => Ok(id.into()),
            _ => self.own_secret(),
        }
    }

    fn own_secret(&self) -> io::Result<Zeroizing<Vec<u8>>> {
        if let Ok(secret) = fs::read(&self.own_secret) {
            return Ok(secret.into());
        }
        let mut secret = Zeroizing::new(vec![0; 32]);
        rand::fill(&mut secret).map_err(io::Error::other)?;
        disk::replace_private(&self.own_secret, &secret)?;
        Ok(secret)
    }

    fn key(&self, salt: &[u8]) -> io::Result<LessSafeKey> {
        let secret = self.secret()?;
        let root = hkdf::Salt::new(hkdf::HKDF_SHA256, salt).extract(&secret);
        let key = root.expand(INFO, &AES_256_GCM).map_err(io::Error::other)?;
        Ok(LessSafeKey::new(UnboundKey::from(key)))
    }

    fn seal(&self, plain: &[u8]) -> io::Result<Vec<u8>> {
        let mut head = [0; 1 + SALT + NONCE_LEN];
        head[0] = VERSION;
        rand::fill(&mut head[1..]).map_err(io::Error::other)?;
        let mut sealed = plain.to_vec();
        let nonce = Nonce::try_assume_unique_for_key(&head[1 + SALT..]).map_err(io::Error::other)?;
        let key = self.key(&head[1..1 + SALT])?;
        key.seal_in_place_append_tag(nonce, Aad::from([VERSION]), &mut sealed).map_err(io::Error::other)?;
        Ok([&head[..], &sealed].concat())
    }

    /// `None` for bytes of another version, another machine, or of nobody.
    fn open(&self, sealed: &[u8]) -> io::Result<Option<Credential>> {
        let parts = sealed.split_at_checked(1 + SALT + NONCE_LEN).filter(|(head, _)| head[0] == VERSION);
        let Some((head, body)) = parts else { return Ok(None) };
        let nonce = Nonce::try_assume_unique_for_key(&head[1 + SALT..]).map_err(io::Error::other)?;
        let mut body = Zeroizing::new(body.to_vec());
        let opened = self.key(&head[1..1 + SALT])?.open_in_place(nonce, Aad::from([VERSION]), &mut body);
        Ok(opened.ok().and_then(|plain| serde_json::from_slice(plain).ok()))
    }

    fn read(&self) -> io::Result<Option<Credential>> {
        match fs::read(&self.path) {
            Ok(sealed) => {
                let credential = self.open(&sealed)?;
                if credential.is_none() {
                    tracing::warn!(
                        "the sealed credential does not open on this machine; the frame pairs anew"
                    );
                }
                Ok(credential)
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }
}

#[async_trait::async_trait]
impl TokenStore for SealedFile {
    async fn load(&self) -> io::Result<Option<Credential>> {
        self.read()
    }

    async fn save(&self, credential: &Credential) -> io::Result<()> {
        let plain = Zeroizing::new(serde_json::to_vec(credential)?);
        disk::replace_private(&self.path, &self.seal(&plain)?)
    }

    async fn clear(&self) -> io::Result<()> {
        disk::remove_if_there(&self.path)
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use picup_api::{FamilyId, FrameId};
    use picup_client::Holder;
    use uuid::Uuid;

    use super::*;

    fn credential() -> Credential {
        let holder =
            Holder::Frame { frame_id: FrameId(Uuid::from_u128(1)), family_id: FamilyId(Uuid::from_u128(2)) };
        Credential { refresh_token: "a very secret token".into(), holder }
    }

    #[tokio::test]
    async fn a_credential_survives_a_restart_and_is_readable_by_nobody_else() {
        let folder = tempfile::tempdir().unwrap();
        SealedFile::in_folder(folder.path()).save(&credential()).await.unwrap();
        let again = SealedFile::in_folder(folder.path());
        assert!(again.load().await.unwrap() == Some(credential()));
        let bytes = fs::read(&again.path).unwrap();
        assert!(!bytes.windows(11).any(|window| window == b"very secret"));
        assert_eq!(fs::metadata(&again.path).unwrap().permissions().mode() & 0o777, 0o600);
        again.clear().await.unwrap();
        assert!(again.load().await.unwrap().is_none());
    }

    #[tokio::test]
    async fn an_altered_or_truncated_file_is_no_credential() {
        let folder = tempfile::tempdir().unwrap();
        let store = SealedFile::in_folder(folder.path());
        store.save(&credential()).await.unwrap();
        let whole = fs::read(&store.path).unwrap();
        for cut in [0, 1, 20, whole.len() - 1] {
            fs::write(&store.path, &whole[..cut]).unwrap();
            assert!(store.load().await.unwrap().is_none(), "cut at {cut}");
        }
        let mut altered = whole.clone();
        altered[40] ^= 1;
        fs::write(&store.path, &altered).unwrap();
        assert!(store.load().await.unwrap().is_none());
    }
}
