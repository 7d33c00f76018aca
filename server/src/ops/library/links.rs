//! Public links to an album, and what a guest who has one sees.
//!
//! A guest needs the address, and the password if the link has one, for every list: media addresses are only ever
//! given out in such a list, so the password cannot be skipped by asking for a rendition.

use std::time::Duration;

use aws_lc_rs::{
    digest::{SHA256, digest},
    rand,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use picup_api::{
    AlbumId, ErrorCode, FamilyId, LinkId, Page, Timestamp,
    sharing::{Link, LinkUnlocked, NewLink, SharedAlbum, SharedPhoto},
};
use picup_auth::Verdict;
use secrecy::SecretString;
use uuid::Uuid;

use super::{
    albums, families,
    paging::{PageQuery, Paging, page},
    view::{self, ALBUM_DESCRIPTION, ALBUM_TITLE},
};
use crate::{
    App, Error, Result,
    domain::{
        access::{Act, Actor, Caller},
        cursor::Cursor,
        faults::Faults,
        photo::Sight,
        viewing_token::{LIFETIME, ViewingTokens},
    },
    store::{
        Connection,
        library::{
            album_photos, albums as albums_table,
            links::{self, LinkRow},
        },
    },
};

const TOKEN_BYTES: usize = 32;
const PASSWORD_CHARS: std::ops::RangeInclusive<usize> = 4..=128;

/// Its address is told here and never again. Errors: `ValidationFailed`.
pub async fn create(app: &App, caller: &Caller, album: AlbumId, new: &NewLink) -> Result<Link> {
    let mut reader = app.library.fresh().await?;
    albums::find(&mut reader, caller, album, Act::Edit).await?;
    drop(reader);
    check(new, app.now())?;
    let password_hash = hash_password(app, new.password.as_deref()).await?;
    let token = random_token()?;
    let mut tx = app.library.begin_in(album).await?;
    let album_row = albums::find(&mut tx, caller, album, Act::Edit).await?;
    let row = LinkRow {
        id: Uuid::now_v7(),
        album_id: album.0,
        family_id: album_row.family_id,
        token_hash: hash_token(&token),
        password_hash,
        expires_at: new.expires_at.map(Timestamp::as_millis),
        created_by: creator(caller)?,
        created_at: app.now(),
    };
    links::insert(&mut tx, &row).await?;
    tx.commit().await?;
    Ok(Link {
        id: LinkId(row.id),
        album_id: album,
        url: address(app, &token)?,
        expires_at: new.expires_at,
        has_password: row.password_hash.is_some(),
    })
}

pub async fn remove(app: &App, caller: &Caller, link: LinkId) -> Result<()> {
    let mut tx = app.library.begin().await?;
    let row = links::find(&mut tx, link).await?.ok_or(ErrorCode::NotFound)?;
    caller.allow(FamilyId(row.family_id), Act::Edit)?;
    links::remove(&mut tx, link).await?;
    Ok(tx.commit().await?)
}

/// What a guest shows besides the address.
#[derive(Default)]
pub struct Proof {
    pub password: Option<String>,
    pub viewing_token: Option<String>,
}

/// Errors: `NotFound`, `LinkExpired`, `LinkPasswordRequired`, `PasswordWrong`; so for all that follows.
pub async fn read(app: &App, token: &str, proof: Proof) -> Result<SharedAlbum> {
    let link = admit(app, token, proof).await?;
    let mut reader = app.library.fresh().await?;
    let album = album_of(&mut reader, &link).await?;
    let key = families::key(app, &mut reader, album.family()).await?;
    let summary = albums_table::summaries(&mut reader, &[album.id], Sight::Showable).await?;
    Ok(SharedAlbum {
        title: view::open(&key, ALBUM_TITLE, album.id, &album.title),
        description: view::open(&key, ALBUM_DESCRIPTION, album.id, &album.description),
        photo_count: summary.first().map_or(0, |summary| summary.photo_count.unsigned_abs()),
        expires_at: link.expires_at.map(Timestamp::from_millis),
    })
}

/// In the album's order; only what can be shown.
pub async fn photos(app: &App, token: &str, proof: Proof, query: &PageQuery) -> Result<Page<SharedPhoto>> {
    let link = admit(app, token, proof).await?;
    let paging = Paging::new(app, format!("links/{}/photos", link.id), query, Cursor::FIRST)?;
    let mut reader = app.library.fresh().await?;
    let album = album_of(&mut reader, &link).await?;
    let rows = album_photos::page(&mut reader, album.album(), Sight::Showable, paging.after, paging.rows());
    let mut rows = rows.await?;
    let next = paging.cut(&mut rows, |row| Cursor { sort: row.position, id: row.photo.id });
    let key = families::key(app, &mut reader, album.family()).await?;
    Ok(page(rows.iter().map(|row| view::shared_photo(app, &key, &row.photo)).collect(), next))
}

/// The password once, for an hour of looking.
pub async fn unlock(app: &App, token: &str, password: String) -> Result<LinkUnlocked> {
    let link = admit(app, token, Proof { password: Some(password), viewing_token: None }).await?;
    let expires_at = app.now() + millis(LIFETIME);
    let viewing_token = viewing_tokens(app)?.issue(LinkId(link.id), expires_at);
    Ok(LinkUnlocked { viewing_token, expires_in: LIFETIME.as_secs() })
}

/// Lets a guest in. The connection to the database is given back before the slow comparison of passwords.
async fn admit(app: &App, token: &str, proof: Proof) -> Result<LinkRow> {
    let link = links::find_by_token(&mut *app.library.fresh().await?, &hash_token(token)).await?;
    let link = link.ok_or(ErrorCode::NotFound)?;
    if link.expires_at.is_some_and(|expiry| expiry <= app.now()) {
        return Err(ErrorCode::LinkExpired.into());
    }
    let Some(stored) = link.password_hash.clone() else { return Ok(link) };
    let tokens = viewing_tokens(app)?;
    if proof.viewing_token.is_some_and(|token| tokens.admits(&token, LinkId(link.id), app.now())) {
        return Ok(link);
    }
    let password = proof.password.ok_or(ErrorCode::LinkPasswordRequired)?;
    limit_guesses(app, &link).await?;
    match app.auth.check_password(SecretString::from(password), Some(stored)).await? {
        Verdict::Wrong => Err(ErrorCode::PasswordWrong.into()),
        Verdict::Right | Verdict::RightButOutdated => Ok(link),
    }
}

/// So many guesses a minute for one link, wherever they come from.
async fn limit_guesses(app: &App, link: &LinkRow) -> Result<()> {
    let Ok(name) = <&[u8; 32]>::try_from(link.token_hash.as_slice()) else { return Ok(()) };
    let refused = |wait| Error::new(ErrorCode::RateLimited).with_retry_after(wait);
    app.auth.limits.for_name(name).await.map_err(refused)
}

async fn album_of(connection: &mut Connection, link: &LinkRow) -> Result<albums_table::AlbumRow> {
    albums_table::find(connection, AlbumId(link.album_id)).await?.ok_or_else(|| ErrorCode::NotFound.into())
}

fn check(new: &NewLink, now: i64) -> Result<()> {
    let mut faults = Faults::default();
    faults.require(
        new.expires_at.is_none_or(|expiry| expiry.as_millis() > now),
        "expires_at",
        "out_of_range",
    );
    if let Some(length) = new.password.as_deref().map(|password| password.chars().count()) {
        faults.require(length >= *PASSWORD_CHARS.start(), "password", "too_short");
        faults.require(length <= *PASSWORD_CHARS.end(), "password", "too_long");
    }
    let fields = faults.into_fields();
    if fields.is_empty() { Ok(()) } else { Err(Error::invalid(fields)) }
}

async fn hash_password(app: &App, password: Option<&str>) -> Result<Option<String>> {
    let Some(password) = password else { return Ok(None) };
    app.auth.hash_password(SecretString::from(password)).await.map(Some)
}

/// Frames do not edit albums, so they make no links.
fn creator(caller: &Caller) -> Result<Uuid> {
    match caller.actor {
        Actor::Member(member) => Ok(member.0),
        Actor::Frame(_) => Err(ErrorCode::Forbidden.into()),
    }
}

fn random_token() -> Result<String> {
    let mut bytes = [0; TOKEN_BYTES];
    rand::fill(&mut bytes).map_err(Error::internal)?;
    Ok(BASE64.encode(bytes))
}

fn hash_token(token: &str) -> Vec<u8> {
    digest(&SHA256, token.as_bytes()).as_ref().to_vec()
}

fn address(app: &App, token: &str) -> Result<String> {
    Ok(app.config.http.public_url.join(&format!("/shared/{token}")).map_err(Error::internal)?.into())
}

fn viewing_tokens(app: &App) -> Result<ViewingTokens> {
    Ok(ViewingTokens::new(&app.seal.derived_key("viewing-tokens")?))
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}
