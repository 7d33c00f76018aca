//! Photos, hearts, comments, the timeline, and the change feed.

use picup_api::{
    AlbumId, CommentId, FamilyId, Page, PhotoId,
    change::Changes,
    photo::{
        Comment, NewComment, OnThisDay, Photo, PhotoKind, PhotoPatch, PhotoSource, PhotoState, Timeline,
    },
    upload::{CheckAnswer, CheckItem, CheckRequest, CheckResult},
};
use serde::Serialize;

use crate::{Client, ClientError, PageQuery, Result, transport::Call};

/// The most digests of one check.
const DIGESTS_PER_CHECK: usize = 1000;

/// The longest voice a server keeps.
const MAX_VOICE_BYTES: usize = 1 << 20;

/// Which photos; the default is all that are not trashed.
#[derive(Clone, Debug, Default)]
pub struct PhotoFilter {
    /// Local dates, `2024-05-01`.
    pub taken_from: Option<String>,
    pub taken_to: Option<String>,
    pub album: Option<AlbumId>,
    /// The id of a member or a frame.
    pub uploader: Option<String>,
    pub source: Option<PhotoSource>,
    pub kind: Option<PhotoKind>,
    pub state: Option<PhotoState>,
    pub hearted: Option<bool>,
    pub hidden: Option<bool>,
    pub removal_proposed: Option<bool>,
    pub text: Option<String>,
}

impl Client {
    pub async fn photos(
        &self,
        family: FamilyId,
        filter: &PhotoFilter,
        page: &PageQuery,
    ) -> Result<Page<Photo>> {
        let call = Call::get(format!("/v1/families/{family}/photos"))
            .query("taken_from", filter.taken_from.as_ref())
            .query("taken_to", filter.taken_to.as_ref())
            .query("album", filter.album)
            .query("uploader", filter.uploader.as_ref())
            .query("source", word(filter.source)?)
            .query("kind", word(filter.kind)?)
            .query("state", word(filter.state)?)
            .query("hearted", filter.hearted)
            .query("hidden", filter.hidden)
            .query("removal_proposed", filter.removal_proposed)
            .query("text", filter.text.as_ref());
        self.page(call, page).await
    }

    pub async fn photo(&self, photo: PhotoId) -> Result<Photo> {
        self.fetch(Call::get(format!("/v1/photos/{photo}"))).await
    }

    pub async fn update_photo(&self, photo: PhotoId, patch: &PhotoPatch) -> Result<Photo> {
        self.fetch(Call::patch(format!("/v1/photos/{photo}")).json(patch)?).await
    }

    pub async fn trash_photo(&self, photo: PhotoId) -> Result<()> {
        self.perform(Call::delete(format!("/v1/photos/{photo}"))).await
    }

    pub async fn restore_photo(&self, photo: PhotoId) -> Result<()> {
        self.perform(Call::post(format!("/v1/photos/{photo}/restore")).repeatable()).await
    }

    pub async fn put_heart(&self, photo: PhotoId) -> Result<()> {
        self.perform(Call::put(format!("/v1/photos/{photo}/heart"))).await
    }

    pub async fn remove_heart(&self, photo: PhotoId) -> Result<()> {
        self.perform(Call::delete(format!("/v1/photos/{photo}/heart"))).await
    }

    /// Takes a photo out of every slideshow.
    pub async fn hide(&self, photo: PhotoId) -> Result<()> {
        self.perform(Call::put(format!("/v1/photos/{photo}/hidden"))).await
    }

    pub async fn unhide(&self, photo: PhotoId) -> Result<()> {
        self.perform(Call::delete(format!("/v1/photos/{photo}/hidden"))).await
    }

    /// Asks the children to take a photo away.
    pub async fn propose_removal(&self, photo: PhotoId) -> Result<()> {
        self.perform(Call::put(format!("/v1/photos/{photo}/removal"))).await
    }

    /// Takes that back, or declines it.
    pub async fn withdraw_removal(&self, photo: PhotoId) -> Result<()> {
        self.perform(Call::delete(format!("/v1/photos/{photo}/removal"))).await
    }

    pub async fn comments(&self, photo: PhotoId, page: &PageQuery) -> Result<Page<Comment>> {
        self.page(Call::get(format!("/v1/photos/{photo}/comments")), page).await
    }

    pub async fn add_comment(&self, photo: PhotoId, text: &str) -> Result<Comment> {
        let body = NewComment { text: text.into() };
        self.fetch(Call::post(format!("/v1/photos/{photo}/comments")).json(&body)?).await
    }

    /// A comment of a recording, at most 1 MiB of WebM, Ogg or MP4, and of words that may be none.
    pub async fn say_by_voice(&self, photo: PhotoId, sound: Vec<u8>, text: &str) -> Result<Comment> {
        let call = Call::post(format!("/v1/photos/{photo}/comments/voice"));
        self.fetch(call.query("text", Some(text).filter(|text| !text.is_empty())).bytes(sound)).await
    }

    /// The recording of a comment.
    pub async fn voice(&self, comment: CommentId) -> Result<Vec<u8>> {
        self.fetch_bytes(Call::get(format!("/v1/comments/{comment}/voice")), "audio/", MAX_VOICE_BYTES).await
    }

    pub async fn remove_comment(&self, comment: CommentId) -> Result<()> {
        self.perform(Call::delete(format!("/v1/comments/{comment}"))).await
    }

    pub async fn timeline(&self, family: FamilyId) -> Result<Timeline> {
        self.fetch(Call::get(format!("/v1/families/{family}/timeline"))).await
    }

    /// `month`: `2024-05`.
    pub async fn timeline_month(
        &self,
        family: FamilyId,
        month: &str,
        page: &PageQuery,
    ) -> Result<Page<Photo>> {
        self.page(Call::get(format!("/v1/families/{family}/timeline/{month}")), page).await
    }

    pub async fn on_this_day(&self, family: FamilyId) -> Result<OnThisDay> {
        self.fetch(Call::get(format!("/v1/families/{family}/on-this-day"))).await
    }

    pub async fn changes(&self, family: FamilyId, after: u64, limit: u32) -> Result<Changes> {
        let call = Call::get(format!("/v1/families/{family}/changes"));
        self.fetch(call.query("after", Some(after)).query("limit", Some(limit))).await
    }

    /// Which bytes the family lacks, in the order asked.
    pub async fn check(&self, family: FamilyId, digests: &[CheckItem]) -> Result<Vec<CheckResult>> {
        let mut results = Vec::with_capacity(digests.len());
        for digests in digests.chunks(DIGESTS_PER_CHECK) {
            let call = Call::post(format!("/v1/families/{family}/photos/check")).repeatable();
            let body = CheckRequest { digests: digests.to_vec() };
            let answer: CheckAnswer = self.fetch(call.json(&body)?).await?;
            results.extend(answer.results);
        }
        Ok(results)
    }
}

/// A variant's name on the wire.
fn word(value: Option<impl Serialize>) -> Result<Option<String>> {
    let Some(value) = value else { return Ok(None) };
    let value = serde_json::to_value(value).map_err(ClientError::unreadable)?;
    Ok(value.as_str().map(str::to_owned))
}
