//! What the parents wish for a photo counts at once, whatever the server said of it before it heard of that.

use picup_api::photo::Photo;

use super::{Core, commands::NO_SUCH_PHOTO};
use crate::{cache::Novelties, error::Result, ledger::Wished};

impl Core {
    /// The server hears of it when it can. Nothing is wished that is so already.
    pub(super) async fn wish(&self, wished: Wished) -> Result<()> {
        let _alone = self.wishing.lock().await;
        let known = self.cache.photo(wished.photo).await?.ok_or_else(NO_SUCH_PHOTO)?;
        let mut changed = known.clone();
        wished.fulfil(&mut changed);
        if changed != known {
            self.ledger.wish(wished).await?;
            self.cache.put_photo(changed).await?;
            self.signals.sync.notify_one();
        }
        Ok(())
    }

    /// Writes down what the server says now.
    pub(crate) async fn take_in(&self, mut novelties: Novelties) -> anyhow::Result<()> {
        let _alone = self.wishing.lock().await;
        self.fulfil_wishes(&mut novelties.photos).await?;
        self.cache.apply(novelties).await
    }

    /// Writes down what the server says of some photos. The place in the feed stays where it is.
    pub(crate) async fn take_in_photos(&self, mut photos: Vec<Photo>) -> anyhow::Result<()> {
        let _alone = self.wishing.lock().await;
        self.fulfil_wishes(&mut photos).await?;
        self.cache.put_photos(photos).await
    }

    async fn fulfil_wishes(&self, photos: &mut [Photo]) -> anyhow::Result<()> {
        for wished in self.ledger.wishes().await? {
            photos.iter_mut().filter(|photo| photo.id == wished.photo).for_each(|photo| wished.fulfil(photo));
        }
        Ok(())
    }
}
