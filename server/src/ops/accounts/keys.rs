//! The keys that sign access tokens: made at the first start, kept sealed in the database, rotated from the shell.

use std::time::Duration;

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use picup_auth::{KeyRing, StoredKey, UnixMillis};
use zeroize::Zeroizing;

use crate::{
    App, Error, Result,
    seal::Sealer,
    store::accounts::{
        AccountsStore, AccountsTx,
        signing_keys::{self, KeyRow},
    },
};

/// A server that runs meanwhile signs with the old key for at most this long; see `authentication`.
pub const NOTICED_WITHIN: Duration = Duration::from_secs(60);

/// The ring in the database, made if there is none.
pub async fn open_ring(accounts: &AccountsStore, seal: &Sealer, now: i64) -> Result<KeyRing> {
    if let Some(ring) = read_ring(accounts, seal).await? {
        return Ok(ring);
    }
    let mut tx = accounts.begin_in_turn().await?;
    // Another process may have been first.
    let rows = signing_keys::list(&mut tx).await?;
    if !rows.is_empty() {
        return ring_of(seal, &rows);
    }
    let ring = KeyRing::generate(UnixMillis(now)).map_err(Error::internal)?;
    write_ring(&mut tx, seal, &ring).await?;
    tx.commit().await?;
    Ok(ring)
}

/// Makes a fresh key sign; older ones verify until their last token has expired. The id of the new key.
pub async fn rotate(app: &App) -> Result<String> {
    let now = app.now();
    let mut tx = app.accounts.begin_in_turn().await?;
    let ring = ring_of(&app.seal, &signing_keys::list(&mut tx).await?)?;
    // A server that has not noticed yet signs with the old key a little longer.
    let trusted = app.auth.tokens.life() + 2 * NOTICED_WITHIN;
    let ring = ring.rotated(UnixMillis(now), trusted).map_err(Error::internal)?;
    signing_keys::remove_all(&mut tx).await?;
    write_ring(&mut tx, &app.seal, &ring).await?;
    tx.commit().await?;
    let id = ring.stored().first().map(|key| key.id.clone()).unwrap_or_default();
    app.auth.tokens.use_ring(ring);
    Ok(id)
}

/// Takes over keys that another process rotated, looking at most once per `at_most_every`.
pub async fn notice_rotation(app: &App, at_most_every: Duration) -> Result<()> {
    if !app.auth.ring_is_older_than(at_most_every) {
        return Ok(());
    }
    if let Some(ring) = read_ring(&app.accounts, &app.seal).await? {
        app.auth.tokens.use_ring(ring);
    }
    Ok(())
}

async fn read_ring(accounts: &AccountsStore, seal: &Sealer) -> Result<Option<KeyRing>> {
    let rows = signing_keys::list(&mut *accounts.fresh().await?).await?;
    if rows.is_empty() { Ok(None) } else { ring_of(seal, &rows).map(Some) }
}

fn ring_of(seal: &Sealer, rows: &[KeyRow]) -> Result<KeyRing> {
    let keys = rows.iter().map(|row| open_key(seal, row)).collect::<Result<_>>()?;
    KeyRing::from_stored(keys).map_err(Error::internal)
}

fn open_key(seal: &Sealer, row: &KeyRow) -> Result<StoredKey> {
    let private = match (&row.wrapped_key, &row.private) {
        (Some(wrapped), Some(sealed)) => {
            let text = Zeroizing::new(seal.unwrap(wrapped)?.open(&context(&row.id), sealed)?);
            Some(Zeroizing::new(BASE64.decode(text.as_bytes()).map_err(Error::internal)?))
        }
        _ => None,
    };
    Ok(StoredKey {
        id: row.id.clone(),
        public: row.public.clone(),
        private,
        created_at: UnixMillis(row.created_at),
        expires_at: row.expires_at.map(UnixMillis),
    })
}

async fn write_ring(tx: &mut AccountsTx, seal: &Sealer, ring: &KeyRing) -> Result<()> {
    for key in ring.stored() {
        signing_keys::insert(tx, &seal_key(seal, key)?).await?;
    }
    Ok(())
}

fn seal_key(seal: &Sealer, key: &StoredKey) -> Result<KeyRow> {
    let (wrapped_key, private) = match &key.private {
        Some(private) => {
            let (data_key, wrapped) = seal.new_data_key()?;
            let text = Zeroizing::new(BASE64.encode(private.as_slice()));
            (Some(wrapped), Some(data_key.seal(&context(&key.id), &text)?))
        }
        None => (None, None),
    };
    Ok(KeyRow {
        id: key.id.clone(),
        public: key.public.clone(),
        wrapped_key,
        private,
        created_at: key.created_at.0,
        expires_at: key.expires_at.map(|at| at.0),
    })
}

fn context(id: &str) -> String {
    format!("signing_keys.private:{id}")
}
