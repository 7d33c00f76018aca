//! Takes the body of one PATCH into the spool.
//!
//! Bytes are written in large pieces, at least once a second, and when the connection breaks: a client on a bad line
//! keeps what it got across.

use std::{pin::pin, time::Duration};

use aws_lc_rs::digest::{self, Context};
use bytes::Bytes;
use futures::{Stream, StreamExt};
use picup_api::ErrorCode;

use super::{Piece, is_wanted, spool_error};
use crate::{
    App, Error, Result,
    domain::tus::{Algorithm, Checksum},
    storage::spool::{Mark, Writing},
};

const WRITE_BYTES: usize = 512 * 1024;
const WRITE_AFTER: Duration = Duration::from_secs(1);
/// A client that sends nothing for so long is gone.
const IDLE: Duration = Duration::from_secs(60);
/// Time an upload has to complete when the server is being stopped; it goes on after the start.
const COMPLETE_WITHIN: Duration = Duration::from_secs(10);
/// What is read of a refused piece.
const DRAIN_BYTES: usize = 16 << 20;
const DRAIN_TIME: Duration = Duration::from_secs(2);

/// Appends the piece, which may have up to `room` bytes.
pub(super) async fn receive<B, E>(
    app: &App,
    writing: &mut Writing,
    room: u64,
    piece: &mut Piece<B>,
) -> Result<()>
where
    B: Stream<Item = Result<Bytes, E>> + Send + Unpin,
    E: Into<anyhow::Error>,
{
    if piece.length.is_some_and(|length| length > room) {
        return Err(ErrorCode::UploadTooLarge.into());
    }
    let start = writing.mark();
    let mut receiving = Receiving {
        writing,
        room,
        pending: Vec::new(),
        pending_bytes: 0,
        checksum: piece.checksum.as_ref().map(|checksum| Context::new(algorithm(checksum.algorithm))),
    };
    let received = receiving.take_all(app, &mut piece.body).await;
    let context = receiving.checksum.take();
    let checked = piece.checksum.is_some();
    let outcome = match (received, piece.checksum.take().zip(context)) {
        (Ok(()), Some((wanted, context))) if !fits(&wanted, &context) => {
            Err(ErrorCode::UploadChecksumMismatch.into())
        }
        (received, _) => received,
    };
    match outcome {
        Ok(()) => Ok(()),
        // Nothing of a piece that cannot be checked, or that does not fit in, is kept.
        Err(error) if checked || error.code() == ErrorCode::UploadTooLarge => {
            undo(writing, start, error).await
        }
        Err(error) => Err(error),
    }
}

/// Reads on for a moment after a refusal: closing a connection on unread bytes resets it, and the client would
/// never hear why it was refused.
pub(super) async fn drain<B: Stream<Item = Result<Bytes, E>> + Unpin, E>(body: &mut B) {
    let reading = async {
        let mut left = DRAIN_BYTES;
        while let Some(Ok(chunk)) = body.next().await {
            let Some(rest) = left.checked_sub(chunk.len()) else { break };
            left = rest;
        }
    };
    let _ = tokio::time::timeout(DRAIN_TIME, reading).await;
}

fn algorithm(algorithm: Algorithm) -> &'static digest::Algorithm {
    match algorithm {
        Algorithm::Sha256 => &digest::SHA256,
        Algorithm::Sha1 => &digest::SHA1_FOR_LEGACY_USE_ONLY,
    }
}

fn fits(wanted: &Checksum, context: &Context) -> bool {
    context.clone().finish().as_ref() == wanted.digest
}

async fn undo(writing: &mut Writing, start: Mark, error: Error) -> Result<()> {
    writing.return_to(start).await.map_err(spool_error)?;
    Err(error)
}

struct Receiving<'a> {
    writing: &'a mut Writing,
    room: u64,
    pending: Vec<Bytes>,
    pending_bytes: usize,
    checksum: Option<Context>,
}

impl Receiving<'_> {
    async fn take_all<B, E>(&mut self, app: &App, body: &mut B) -> Result<()>
    where
        B: Stream<Item = Result<Bytes, E>> + Send + Unpin,
        E: Into<anyhow::Error>,
    {
        let stopped = self.writing.stopped.clone();
        let mut drained = pin!(async {
            app.stopping.cancelled().await;
            tokio::time::sleep(COMPLETE_WITHIN).await;
        });
        let mut silence = Duration::ZERO;
        loop {
            let next = tokio::select! {
                biased;
                () = stopped.cancelled() => return self.write_then(ErrorCode::UploadLocked.into()).await,
                () = &mut drained => return self.write_then(stopping()).await,
                next = tokio::time::timeout(WRITE_AFTER, body.next()) => next,
            };
            match next {
                Err(_) if silence >= IDLE => return self.write_then(cut("the body came too slowly")).await,
                Err(_) => {
                    silence += WRITE_AFTER;
                    self.write().await?;
                }
                Ok(None) => return self.write().await,
                Ok(Some(Ok(chunk))) => {
                    silence = Duration::ZERO;
                    self.push(chunk).await?;
                }
                Ok(Some(Err(error))) => {
                    return self.write_then(cut("the body was cut off").with_source(error)).await;
                }
            }
        }
    }

    async fn push(&mut self, chunk: Bytes) -> Result<()> {
        let length = chunk.len() as u64;
        if length > self.room {
            return Err(ErrorCode::UploadTooLarge.into());
        }
        self.room -= length;
        self.pending_bytes += chunk.len();
        self.pending.push(chunk);
        if self.pending_bytes >= WRITE_BYTES { self.write().await } else { Ok(()) }
    }

    async fn write(&mut self) -> Result<()> {
        if self.pending.is_empty() {
            return Ok(());
        }
        let chunks = std::mem::take(&mut self.pending);
        self.pending_bytes = 0;
        self.checksum = self.writing.append(chunks, self.checksum.take()).await.map_err(spool_error)?;
        Ok(())
    }

    /// Keeps what came, then fails.
    async fn write_then(&mut self, error: Error) -> Result<()> {
        self.write().await?;
        debug_assert!(error.code() != ErrorCode::UploadLocked || !is_wanted(self.writing));
        Err(error)
    }
}

fn cut(why: &str) -> Error {
    Error::new(ErrorCode::MalformedRequest).with_detail(why)
}

fn stopping() -> Error {
    Error::new(ErrorCode::Unavailable).with_retry_after(Duration::from_secs(5))
}
