//! Listening to a family: changes without gaps, commands and frames as they come.
//!
//! The fan-out only tells that something happened. Numbers decide: a change that is not the next one makes the
//! listener read the feed, so nothing is lost, repeated, or told out of order.

use std::{collections::VecDeque, sync::Arc, time::Duration};

use picup_api::{
    ErrorCode, FamilyId,
    change::{Change, Event},
};
use tokio::{
    sync::broadcast::{Receiver, error::RecvError},
    time::{Instant, Interval, MissedTickBehavior, interval_at},
};

use crate::{
    App, Result,
    cache::fanout::Hint,
    domain::access::{Act, Actor, Caller},
    ops::{accounts::authentication, library::changes::MAX_CHANGES},
    store::library::{changes, families},
};

/// How often a quiet stream asks whether its listener may still listen.
const RECHECK: Duration = Duration::from_secs(5);

/// One event to tell; changes have a number.
#[derive(Clone, Debug)]
pub struct Heard {
    pub seq: Option<u64>,
    pub event: Event,
}

pub struct Listener {
    app: Arc<App>,
    caller: Caller,
    family: FamilyId,
    /// The last number told.
    told: u64,
    /// The feed may have changes that are not queued.
    is_behind: bool,
    queue: VecDeque<Heard>,
    hints: Receiver<Hint>,
    recheck: Interval,
    /// The access token lasts no longer.
    ends_at: Instant,
}

impl Listener {
    /// After `last_seen`, or from now on. Errors: `NotFound`, `Forbidden`.
    pub async fn start(
        app: Arc<App>,
        caller: Caller,
        family: Option<FamilyId>,
        last_seen: Option<u64>,
    ) -> Result<Self> {
        let family = family.or_else(|| caller.families.keys().next().copied()).ok_or(ErrorCode::NotFound)?;
        caller.allow(family, Act::Read)?;
        // Before the feed is read: what happens in between is then a hint too many, not one too few.
        let hints = app.fanout.subscribe();
        let newest = families::find(&mut *app.library.fresh().await?, family).await?;
        let newest = newest.map_or(0, |row| row.last_seq.unsigned_abs());
        let told = last_seen.unwrap_or(newest).min(newest);
        let mut recheck = interval_at(Instant::now() + RECHECK, RECHECK);
        recheck.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let ends_at = Instant::now() + Duration::from_secs(60) * app.config.auth.access_minutes;
        let is_behind = told < newest;
        Ok(Self { app, caller, family, told, is_behind, queue: VecDeque::new(), hints, recheck, ends_at })
    }

    /// None when the stream is over: the server stops, the token is used up, or the listener lost its access.
    pub async fn next(&mut self) -> Option<Heard> {
        loop {
            if let Some(heard) = self.queue.pop_front() {
                return Some(heard);
            }
            if self.is_behind {
                self.catch_up().await?;
                continue;
            }
            let stopping = self.app.stopping.clone();
            tokio::select! {
                () = stopping.cancelled() => return None,
                () = tokio::time::sleep_until(self.ends_at) => return None,
                _ = self.recheck.tick() => self.check_access().await?,
                hint = self.hints.recv() => self.take(hint).await?,
            }
        }
    }

    async fn take(&mut self, hint: Result<Hint, RecvError>) -> Option<()> {
        match hint {
            Err(RecvError::Closed) => return None,
            Err(RecvError::Lagged(_)) | Ok(Hint::Missed) => self.is_behind = true,
            Ok(Hint::Event(event)) if !self.is_mine(&event) => {}
            Ok(Hint::Event(event)) => {
                self.check_access().await?;
                self.queue_event(event);
            }
        }
        Some(())
    }

    fn is_mine(&self, event: &Event) -> bool {
        match (event, self.caller.actor) {
            (Event::Change { family_id, .. }, _) => *family_id == self.family,
            (Event::Command { frame_id, .. }, Actor::Frame(me)) => *frame_id == me,
            (Event::FrameChanged { frame_id, .. }, Actor::Frame(me)) => *frame_id == me,
            (Event::FrameChanged { family_id, .. }, Actor::Member(_)) => *family_id == self.family,
            _ => false,
        }
    }

    fn queue_event(&mut self, event: Event) {
        match event {
            Event::Change { change, .. } if change.seq <= self.told => {}
            Event::Change { change, .. } if change.seq == self.told + 1 => self.queue_change(change),
            // Two commits may be announced in either order.
            Event::Change { .. } => self.is_behind = true,
            event => self.queue.push_back(Heard { seq: None, event }),
        }
    }

    fn queue_change(&mut self, change: Change) {
        self.told = change.seq;
        let seq = Some(change.seq);
        self.queue.push_back(Heard { seq, event: Event::Change { family_id: self.family, change } });
    }

    /// Queues the next changes of the feed. None when the database cannot be read: the listener comes back.
    async fn catch_up(&mut self) -> Option<()> {
        self.check_access().await?;
        let after = i64::try_from(self.told).ok()?;
        let mut reader = self.app.library.fresh().await.ok()?;
        let missed = changes::after(&mut reader, self.family, after, MAX_CHANGES).await.ok()?;
        drop(reader);
        self.is_behind = missed.len() == MAX_CHANGES as usize;
        missed.into_iter().for_each(|change| self.queue_change(change));
        Some(())
    }

    async fn check_access(&self) -> Option<()> {
        let caller = authentication::recheck(&self.app, &self.caller).await.ok()?;
        caller.allow(self.family, Act::Read).ok()
    }
}
