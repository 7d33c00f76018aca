//! The slideshow: what is on, and when the next one comes.
//!
//! All timers are monotonic. Every change of what is on is told to every screen.

use std::time::Duration;

use picup_api::{
    PhotoId,
    account::Locale,
    photo::PhotoKind,
    screen::{ScreenEvent, Slide},
};
use tokio::time::Instant;
use tracing::warn;

use super::{Core, core::Conditions};
use crate::{
    clock,
    playlist::{Candidate, Pick, pick_next},
    show::{Placed, Show, dwell},
};

/// Between two banners.
const BANNER: Duration = Duration::from_secs(10);
/// After nothing could be turned to.
const AGAIN: Duration = Duration::from_secs(5);
/// Twice the time between two words of the screen that someone is busy with its photo.
const BUSY: Duration = Duration::from_secs(10);
/// A video longer than this is left before its end.
const LONGEST_VIDEO: Duration = Duration::from_secs(60);

#[derive(Default)]
pub(crate) struct Stage {
    pub(super) show: Show,
    /// What a screen says it has painted.
    pub(super) painted: Option<PhotoId>,
    since: Option<Instant>,
    /// Without the hurry of arrivals.
    usual: Duration,
    due: Option<Instant>,
    /// Until then someone is busy with what is on, and nothing takes its place by itself.
    held: Option<Instant>,
    is_new: bool,
    unannounced: u32,
    next_banner: Option<Instant>,
    /// Shown, and not noted yet: the disk is full. The oldest first.
    unwritten: Vec<Pick>,
}

/// Turns the pages until it is dropped.
pub(super) async fn run(core: std::sync::Arc<Core>) {
    loop {
        let due = core.stage.lock().await.due;
        let far = Instant::now() + Duration::from_secs(3600);
        tokio::select! {
            () = core.signals.slides.notified() => {}
            () = tokio::time::sleep_until(due.unwrap_or(far)) => {
                if let Err(error) = core.turn_when_due().await {
                    warn!(error = format!("{error:#}"), "the next photo cannot be chosen");
                }
            }
        }
    }
}

impl Core {
    /// Puts the first photo on; what the cache has is enough.
    pub(super) async fn begin_show(&self) -> anyhow::Result<()> {
        self.forward().await.map(drop)
    }

    pub(crate) async fn current(&self) -> anyhow::Result<Option<Slide>> {
        match self.stage.lock().await.show.current() {
            Some(placed) => self.slide(placed).await,
            None => Ok(None),
        }
    }

    /// What is on when the photo is part of it, else the photo alone.
    pub(crate) async fn slide_with(&self, photo: PhotoId) -> anyhow::Result<Option<Slide>> {
        let on = self.stage.lock().await.show.current();
        let part = on.filter(|on| on.photo == photo || on.beside == Some(photo));
        self.slide(part.unwrap_or(Placed { photo, beside: None })).await
    }

    /// A photo that is not here any more is `None`; without the one beside it, it is shown alone.
    async fn slide(&self, placed: Placed) -> anyhow::Result<Option<Slide>> {
        let Some(mut slide) = self.cache.slide(placed.photo, self.locale()).await? else { return Ok(None) };
        if let Some(beside) = placed.beside {
            slide.beside = self.cache.slide(beside, self.locale()).await?.map(Box::new);
        }
        Ok(Some(slide))
    }

    pub(crate) async fn is_paused(&self) -> bool {
        self.stage.lock().await.show.paused
    }

    /// Another hand may have turned the page, stopped it or sent the frame to sleep since the time came.
    async fn turn_when_due(&self) -> anyhow::Result<()> {
        let mut stage = self.stage.lock().await;
        if stage.due.is_some_and(|due| due <= Instant::now()) {
            // Until what is turned to has its own time.
            stage.due = Some(Instant::now() + AGAIN);
            self.turn(&mut stage).await?;
        }
        Ok(())
    }

    pub(crate) async fn forward(&self) -> anyhow::Result<Option<Slide>> {
        self.turn(&mut *self.stage.lock().await).await
    }

    async fn turn(&self, stage: &mut Stage) -> anyhow::Result<Option<Slide>> {
        loop {
            let next = match stage.show.forward() {
                Some(Placed { photo, beside }) => Pick { photo, beside, starts_round: false },
                None => match self.pick(stage).await? {
                    Some(pick) => pick,
                    None => return Ok(None),
                },
            };
            if let Some(slide) = self.put_on(stage, next).await? {
                return Ok(Some(slide));
            }
            stage.show.forget(next.photo);
        }
    }

    pub(crate) async fn back(&self) -> anyhow::Result<Option<Slide>> {
        let mut stage = self.stage.lock().await;
        while let Some(placed) = stage.show.back() {
            if let Some(slide) = self.slide(placed).await? {
                stage.held = None;
                self.tell_slide(&mut stage, slide.clone()).await?;
                return Ok(Some(slide));
            }
            stage.show.forget(placed.photo);
        }
        Ok(None)
    }

    /// False when the photo is not here.
    pub(crate) async fn show_now(&self, photo: PhotoId) -> anyhow::Result<bool> {
        let mut stage = self.stage.lock().await;
        Ok(self.put_on(&mut stage, Pick::alone(photo)).await?.is_some())
    }

    /// These come next, beginning now. False when none of them is here.
    pub(crate) async fn show_all(&self, photos: Vec<PhotoId>) -> anyhow::Result<bool> {
        self.stage.lock().await.show.ask_for(photos.iter().copied());
        Ok(!photos.is_empty() && self.forward().await?.is_some())
    }

    pub(crate) async fn pause(&self, paused: bool) -> anyhow::Result<()> {
        let mut stage = self.stage.lock().await;
        stage.show.paused = paused;
        self.show_anew(&mut stage).await
    }

    pub(crate) async fn painted(&self, photo: PhotoId) {
        self.stage.lock().await.painted = Some(photo);
        self.signals.status.notify_one();
    }

    /// What the children are told is on: what a screen painted, else what it was given.
    pub(crate) async fn now_showing(&self) -> Option<PhotoId> {
        let stage = self.stage.lock().await;
        stage.painted.or(stage.show.current().map(|on| on.photo))
    }

    /// A photo that may not be shown any more, or cannot be.
    pub(crate) async fn take_off(&self, photo: PhotoId) -> anyhow::Result<()> {
        let was_on = {
            let mut stage = self.stage.lock().await;
            stage.painted = stage.painted.filter(|painted| *painted != photo);
            stage.show.forget(photo)
        };
        // The other one of a pair goes with it: alone it would be on twice in a row.
        if was_on { self.forward().await.map(drop) } else { Ok(()) }
    }

    /// The time a photo stays may have changed while one is on, and the language it is told in.
    pub(crate) async fn settings_changed(&self, was: Locale) -> anyhow::Result<()> {
        let mut stage = self.stage.lock().await;
        if let Some(placed) = stage.show.current()
            && let Some(slide) = self.slide(placed).await?
        {
            stage.usual = self.usual_stay(&slide).await?;
            self.set_due(&mut stage).await?;
            if self.locale() != was {
                self.tell(ScreenEvent::Slide { slide, paused: stage.show.paused });
            }
        }
        Ok(())
    }

    /// Asleep, no page is turned. Waking, what came in meanwhile is shown, else what was on stays its full time.
    pub(super) async fn stop_or_start_the_show(&self, asleep: bool) -> anyhow::Result<()> {
        let mut stage = self.stage.lock().await;
        stage.since = stage.since.map(|_| Instant::now());
        self.set_due(&mut stage).await?;
        let waits = stage.show.current().is_none() || self.cache.arrivals_waiting().await? > 0;
        let goes_on = !asleep && !stage.show.paused && waits;
        drop(stage);
        if goes_on { self.forward().await.map(drop) } else { Ok(()) }
    }

    pub(super) async fn clear_stage(&self) {
        *self.stage.lock().await = Stage::default();
        self.signals.slides.notify_one();
        self.signals.status.notify_one();
    }

    /// A photo became showable. An arrival is shown at once; one that comes while another is on waits its turn.
    pub(crate) async fn came_in(&self, photo: PhotoId) -> anyhow::Result<()> {
        let Some(slide) = self.cache.slide(photo, self.locale()).await? else { return Ok(()) };
        let mut stage = self.stage.lock().await;
        if slide.is_new {
            stage.unannounced += 1;
            if !self.conditions().asleep {
                self.announce(&mut stage, &slide);
            }
        }
        if self.conditions().asleep {
            // Shown when the frame wakes.
            self.signals.status.notify_one();
            return Ok(());
        }
        // The moving picture of what is on comes after its first frame.
        if stage.show.has_on(photo) {
            return self.show_anew(&mut stage).await;
        }
        let nothing_on = stage.show.current().is_none();
        let held = stage.held.is_some_and(|until| until > Instant::now());
        let interrupts = slide.is_new && !stage.show.paused && !stage.is_new && !held;
        if nothing_on || interrupts {
            if let Some(pick) = self.pick(&stage).await? {
                self.put_on(&mut stage, pick).await?;
            }
        } else if slide.is_new && !stage.show.paused {
            self.set_due(&mut stage).await?;
        }
        self.signals.status.notify_one();
        Ok(())
    }

    async fn show_anew(&self, stage: &mut Stage) -> anyhow::Result<()> {
        match stage.show.current() {
            Some(placed) => match self.slide(placed).await? {
                Some(slide) => self.tell_slide(stage, slide).await,
                None => Ok(()),
            },
            None => Ok(()),
        }
    }

    /// The screen says it again and again while someone is busy: a screen that dies holds nothing still.
    pub(crate) async fn let_stay(&self, photo: PhotoId) -> anyhow::Result<()> {
        let mut stage = self.stage.lock().await;
        if stage.show.has_on(photo) {
            stage.held = Some(Instant::now() + BUSY);
            self.set_due(&mut stage).await?;
        }
        Ok(())
    }

    /// Something was said of a photo: a screen that shows it hears of it, and its time goes on.
    pub(crate) async fn words_came(&self, photo: PhotoId) -> anyhow::Result<()> {
        let stage = self.stage.lock().await;
        if let Some(placed) = stage.show.current().filter(|_| stage.show.has_on(photo))
            && let Some(slide) = self.slide(placed).await?
        {
            self.tell(ScreenEvent::Slide { slide, paused: stage.show.paused });
        }
        Ok(())
    }

    async fn pick(&self, stage: &Stage) -> anyhow::Result<Option<Pick>> {
        let Conditions { settings, panel, .. } = self.conditions();
        let candidates = self.cache.candidates(settings.albums, panel).await?;
        let round = self.cache.facts().await?.round;
        let on: Vec<_> = stage.show.on().collect();
        let is_unseen = |it: &&Candidate| !stage.unwritten.iter().any(|seen| seen.has(it.photo));
        let unseen: Vec<_> = candidates.iter().filter(is_unseen).copied().collect();
        let left = if unseen.is_empty() { candidates } else { unseen };
        Ok(pick_next(&left, clock::today(), round, &on, settings.pairs))
    }

    /// True when it had never been shown before. A full disk stops no slideshow: what cannot be written is kept in mind,
    /// and written with the next that can.
    async fn mark_seen(&self, stage: &mut Stage, pick: Pick) -> bool {
        stage.unwritten.retain(|seen| seen.photo != pick.photo);
        stage.unwritten.push(pick);
        let mut is_new = false;
        while let Some(seen) = stage.unwritten.first().copied() {
            match self.cache.mark_seen(seen).await {
                Ok(new) => is_new = new,
                Err(error) => {
                    warn!(error = format!("{error:#}"), "what was shown cannot be noted");
                    return false;
                }
            }
            stage.unwritten.remove(0);
        }
        is_new
    }

    async fn put_on(&self, stage: &mut Stage, pick: Pick) -> anyhow::Result<Option<Slide>> {
        let placed = Placed { photo: pick.photo, beside: pick.beside };
        let Some(mut slide) = self.slide(placed).await? else { return Ok(None) };
        slide.is_new = self.mark_seen(stage, pick).await;
        stage.is_new = slide.is_new;
        if stage.show.current() != Some(placed) {
            stage.show.put_on(placed);
            stage.held = None;
        }
        if slide.is_new && stage.unannounced > 0 {
            self.announce(stage, &slide);
        }
        self.tell_slide(stage, slide.clone()).await?;
        Ok(Some(slide))
    }

    async fn tell_slide(&self, stage: &mut Stage, slide: Slide) -> anyhow::Result<()> {
        stage.since = Some(Instant::now());
        stage.usual = self.usual_stay(&slide).await?;
        self.set_due(stage).await?;
        self.tell(ScreenEvent::Slide { slide, paused: stage.show.paused });
        self.signals.status.notify_one();
        Ok(())
    }

    async fn usual_stay(&self, slide: &Slide) -> anyhow::Result<Duration> {
        let usual = Duration::from_secs(self.conditions().settings.seconds_per_photo.clamp(1, 3600).into());
        if slide.kind != PhotoKind::Video {
            return Ok(usual);
        }
        let seconds = self.cache.video_seconds(slide.photo_id).await?.unwrap_or(0.0);
        let length = Duration::try_from_secs_f64(seconds).unwrap_or_default();
        Ok(usual.max(length.min(LONGEST_VIDEO)))
    }

    async fn set_due(&self, stage: &mut Stage) -> anyhow::Result<()> {
        let waiting = self.cache.arrivals_waiting().await?;
        let stay = dwell(stage.usual, waiting);
        let stands_still = stage.show.paused || self.conditions().asleep;
        let since = stage.since.filter(|_| !stands_still);
        stage.due = since.and_then(|since| Some(since + stay).max(stage.held));
        self.signals.slides.notify_one();
        Ok(())
    }

    fn announce(&self, stage: &mut Stage, slide: &Slide) {
        let now = Instant::now();
        if stage.next_banner.is_none_or(|next| now >= next) {
            stage.next_banner = Some(now + BANNER);
            let count = std::mem::take(&mut stage.unannounced);
            self.tell(ScreenEvent::Arrived { count, slide: slide.clone() });
        }
    }
}
