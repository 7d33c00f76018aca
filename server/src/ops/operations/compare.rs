//! Reads the ledger and every store from one end to the other, and names what differs.
//!
//! Changes nothing. Uploads and removals go on meanwhile, so a difference is looked at a second time before it is named.

use std::{collections::BTreeMap, sync::Arc};

use picup_api::{FamilyId, Sha256Digest};
use picup_blob::{BlobError, BlobErrorKind, BlobStore, Entry, Key};
use serde::Serialize;
use uuid::Uuid;

use crate::{
    App, Result,
    domain::copy::{self, CopyState, Discord},
    storage::{self, ORIGINALS, expected, original_key},
    store::library::{blobs, copies, ledger},
};

const PAGE: u32 = 500;

/// What is compared, and how much of it is told.
#[derive(Clone, Copy, Debug)]
pub struct Wish {
    /// Also the bytes of every copy, by their digest. Reads all of every store.
    pub read: bool,
    /// Differences told; more are only counted.
    pub limit: usize,
}

#[derive(Clone, Debug, Default, Serialize)]
pub struct Comparison {
    pub stores: BTreeMap<String, Compared>,
    pub differences: Vec<Difference>,
    /// Of all stores, also those beyond the limit.
    pub found: u64,
}

#[derive(Clone, Debug, Default, Serialize)]
pub struct Compared {
    /// Copies in the ledger.
    pub copies: u64,
    /// Originals in the store.
    pub objects: u64,
    /// Why it was not read to its end.
    pub error: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Difference {
    pub store: String,
    pub key: String,
    pub difference: Discord,
}

impl Comparison {
    pub fn is_equal(&self) -> bool {
        self.found == 0 && self.stores.values().all(|store| store.error.is_none())
    }
}

pub async fn compare(app: &App, wish: Wish) -> Result<Comparison> {
    let mut all = Comparison::default();
    for store in app.storage.mirror.stores() {
        let mut walk = Walk { app, store, wish, compared: Compared::default(), found: Vec::new(), count: 0 };
        if let Err(error) = walk.run().await? {
            walk.compared.error = Some(storage::cause(&error));
        }
        all.found += walk.count;
        all.differences.extend(walk.found);
        all.stores.insert(store.name().to_owned(), walk.compared);
    }
    all.differences.truncate(wish.limit);
    Ok(all)
}

/// One blob as the ledger has it.
#[derive(Clone, Copy)]
struct Listed {
    family: FamilyId,
    digest: Sha256Digest,
    bytes: u64,
    state: CopyState,
}

impl Listed {
    fn key(&self) -> Key {
        original_key(self.family, &self.digest)
    }
}

struct Walk<'a> {
    app: &'a App,
    store: &'a Arc<dyn BlobStore>,
    wish: Wish,
    compared: Compared,
    found: Vec<Difference>,
    count: u64,
}

impl Walk<'_> {
    /// Merges two lists that are in the order of keys. The outer error is the ledger's, the inner one the store's.
    async fn run(&mut self) -> Result<Result<(), BlobError>> {
        let (mut ledger, mut objects) = (Ledger::new(), Objects::default());
        let mut copy = ledger.next(self).await?;
        let mut object = match objects.next(self.store).await {
            Ok(object) => object,
            Err(error) => return Ok(Err(error)),
        };
        loop {
            let (has_copy, has_object) = match (&copy, &object) {
                (None, None) => return Ok(Ok(())),
                (Some(_), None) => (true, false),
                (None, Some(_)) => (false, true),
                (Some(copy), Some(object)) => {
                    let key = copy.key();
                    (key <= object.key, key >= object.key)
                }
            };
            let pair = (copy.filter(|_| has_copy), object.clone().filter(|_| has_object));
            if let Err(error) = self.judge(pair.0, pair.1).await? {
                return Ok(Err(error));
            }
            if has_copy {
                self.compared.copies += 1;
                copy = ledger.next(self).await?;
            }
            if has_object {
                self.compared.objects += 1;
                match objects.next(self.store).await {
                    Ok(next) => object = next,
                    Err(error) => return Ok(Err(error)),
                }
            }
        }
    }

    async fn judge(&mut self, copy: Option<Listed>, object: Option<Entry>) -> Result<Result<(), BlobError>> {
        let key = match (&copy, &object) {
            (Some(copy), _) => copy.key(),
            (None, Some(object)) => object.key.clone(),
            (None, None) => return Ok(Ok(())),
        };
        let in_ledger = copy.map(|copy| (copy.state, copy.bytes));
        let mut discord = copy::discord(in_ledger, object.as_ref().map(|object| object.bytes));
        if discord.is_some() {
            discord = match self.look_again(&key).await? {
                Ok(discord) => discord,
                Err(error) => return Ok(Err(error)),
            };
        } else if let (true, Some(copy), Some(_)) = (self.wish.read, copy, object) {
            match self.store.verify(&key, &expected(&copy.digest, copy.bytes)).await {
                Ok(()) => {}
                Err(error) if error.kind == BlobErrorKind::Corrupt => discord = Some(Discord::OtherBytes),
                Err(error) if error.kind == BlobErrorKind::NotFound => {
                    discord = match self.look_again(&key).await? {
                        Ok(discord) => discord,
                        Err(error) => return Ok(Err(error)),
                    };
                }
                Err(error) => return Ok(Err(error)),
            }
        }
        if let Some(difference) = discord {
            self.count += 1;
            if self.found.len() < self.wish.limit {
                self.found.push(Difference {
                    store: self.store.name().to_owned(),
                    key: key.as_str().to_owned(),
                    difference,
                });
            }
        }
        Ok(Ok(()))
    }

    /// While nobody moves the bytes. A key that is no original's is never in the ledger.
    async fn look_again(&self, key: &Key) -> Result<Result<Option<Discord>, BlobError>> {
        let Some((family, digest)) = parse(key) else { return Ok(Ok(Some(Discord::Unknown))) };
        let held = self.app.storage.hold(family, &digest).await?;
        let discord = self.discord(key, family, digest).await;
        held.release().await;
        discord
    }

    async fn discord(
        &self,
        key: &Key,
        family: FamilyId,
        digest: Sha256Digest,
    ) -> Result<Result<Option<Discord>, BlobError>> {
        let stored = match self.store.head(key).await {
            Ok(bytes) => Some(bytes),
            Err(error) if error.kind == BlobErrorKind::NotFound => None,
            Err(error) => return Ok(Err(error)),
        };
        let mut reader = self.app.library.fresh().await?;
        let listed = copies::of(&mut reader, family, &digest).await?;
        let state = listed.iter().find(|row| row.store == self.store.name()).map(|row| row.state());
        let bytes = blobs::bytes(&mut reader, family, &digest).await?;
        Ok(Ok(copy::discord(state.zip(bytes), stored)))
    }
}

fn parse(key: &Key) -> Option<(FamilyId, Sha256Digest)> {
    let mut parts = key.as_str().strip_prefix(ORIGINALS)?.split('/');
    let (family, digest) = (parts.next()?.parse().ok()?, parts.nth(1)?.parse().ok()?);
    (original_key(family, &digest) == *key).then_some((family, digest))
}

/// Copies of a store in the order of their keys.
struct Ledger {
    family: FamilyId,
    after: Vec<u8>,
    page: std::vec::IntoIter<Listed>,
    is_family_done: bool,
}

impl Ledger {
    fn new() -> Self {
        let page = Vec::new().into_iter();
        Self { family: FamilyId(Uuid::nil()), after: Vec::new(), page, is_family_done: true }
    }

    async fn next(&mut self, walk: &Walk<'_>) -> Result<Option<Listed>> {
        loop {
            if let Some(listed) = self.page.next() {
                return Ok(Some(listed));
            }
            let mut reader = walk.app.library.fresh().await?;
            if self.is_family_done {
                let Some(family) = ledger::next_family(&mut reader, self.family).await? else {
                    return Ok(None);
                };
                (self.family, self.after, self.is_family_done) = (family, Vec::new(), false);
            }
            let rows = ledger::page(&mut reader, walk.store.name(), self.family, &self.after, PAGE).await?;
            match rows.last() {
                Some(last) => self.after.clone_from(&last.sha256),
                None => self.is_family_done = true,
            }
            let family = self.family;
            let listed = rows.into_iter().filter_map(|row| {
                let (digest, state) = (row.digest()?, row.state());
                Some(Listed { family, digest, bytes: row.bytes.unsigned_abs(), state })
            });
            self.page = listed.collect::<Vec<_>>().into_iter();
        }
    }
}

/// Originals of a store in the order of their keys.
#[derive(Default)]
struct Objects {
    after: Option<Key>,
    page: std::vec::IntoIter<Entry>,
}

impl Objects {
    async fn next(&mut self, store: &Arc<dyn BlobStore>) -> Result<Option<Entry>, BlobError> {
        if let Some(entry) = self.page.next() {
            return Ok(Some(entry));
        }
        let page = store.list(ORIGINALS, self.after.as_ref(), PAGE as usize).await?;
        if let Some(last) = page.last() {
            self.after = Some(last.key.clone());
        }
        self.page = page.into_iter();
        Ok(self.page.next())
    }
}
