//! What an installer does from the shell, without being a member: allowed because they hold the disk.

use aws_lc_rs::rand;
use picup_api::{
    ErrorCode, FamilyId, MemberId,
    account::{Locale, Member},
    frame::{Frame, PairingApproval},
};
use uuid::Uuid;

use super::{pairing, people, removal, sessions};
use crate::{
    App, Error, Result,
    domain::{
        email::Email,
        faults::Faults,
        password,
        session::Holder,
        text::{FamilyName, PersonName},
    },
    store::accounts::{families, frames, members, memberships},
};

/// What a home is made of.
#[derive(Debug)]
pub struct NewHome {
    pub email: String,
    pub display_name: String,
    pub family_name: String,
    pub locale: Locale,
    /// Generated when absent.
    pub password: Option<String>,
}

/// A home just made, with the password to be told once.
#[derive(Debug)]
pub struct Home {
    pub family: FamilyId,
    pub owner: MemberId,
    pub email: String,
    pub password: String,
}

/// A family as the shell lists it.
#[derive(Debug)]
pub struct FamilyLine {
    pub id: FamilyId,
    pub name: String,
    pub members: usize,
    pub frames: usize,
}

/// Errors: `ValidationFailed`, `EmailTaken`.
pub async fn create_home(app: &App, home: NewHome) -> Result<Home> {
    let clear = match home.password {
        Some(password) => password,
        None => generate_password()?,
    };
    let mut faults = Faults::default();
    let email = faults.take("email", Email::parse(&home.email));
    let password = faults.take("password", password::parse_new(clear.clone()));
    let display_name = faults.take("display_name", PersonName::parse(&home.display_name));
    let family_name = faults.take("family_name", FamilyName::parse(&home.family_name));
    let (Some(email), Some(password), Some(display_name), Some(family_name)) =
        (email, password, display_name, family_name)
    else {
        return Err(Error::invalid(faults.into_fields()));
    };
    let hash = app.auth.hash_password(password).await?;
    let now = app.now();
    let mut tx = app.accounts.begin_in_turn().await?;
    let owner = sessions::insert_member(app, &mut tx, &email, &display_name, home.locale, hash, now).await?;
    let family = sessions::found_family(app, &mut tx, owner, &family_name, now).await?;
    tx.commit().await?;
    Ok(Home { family, owner, email: email.as_str().to_owned(), password: clear })
}

/// `family` may be left out while there is only one.
///
/// Errors: `NotFound` without a family, `ValidationFailed`, `UserCodeUnknown`.
pub async fn approve_frame(app: &App, family: Option<FamilyId>, body: &PairingApproval) -> Result<Frame> {
    let family = match family {
        Some(family) => family,
        None => first_family(app).await?,
    };
    let mut reader = app.accounts.fresh().await?;
    let members = memberships::of_family(&mut reader, family).await?;
    drop(reader);
    let members: Vec<_> = members.iter().map(|row| MemberId(row.member_id)).collect();
    let locale = pairing::locale_of(app, &members).await?;
    pairing::approve_in(app, family, body, locale).await
}

async fn first_family(app: &App) -> Result<FamilyId> {
    let first = families::list(&mut *app.accounts.fresh().await?, Uuid::nil(), 1).await?;
    let first =
        first.first().ok_or_else(|| Error::new(ErrorCode::NotFound).with_detail("there is no family yet"))?;
    Ok(FamilyId(first.id))
}

pub async fn list_families(app: &App) -> Result<Vec<FamilyLine>> {
    let mut reader = app.accounts.fresh().await?;
    let mut lines = Vec::new();
    for row in families::list(&mut reader, Uuid::nil(), u32::MAX).await? {
        let id = FamilyId(row.id);
        lines.push(FamilyLine {
            id,
            name: people::family_name(app, &row)?,
            members: memberships::of_family(&mut reader, id).await?.len(),
            frames: frames::of_family(&mut reader, id).await?.len(),
        });
    }
    Ok(lines)
}

pub async fn list_members(app: &App) -> Result<Vec<Member>> {
    let rows = members::list(&mut *app.accounts.fresh().await?, Uuid::nil(), u32::MAX).await?;
    rows.iter().map(|row| people::open_member(app, row)).collect()
}

/// A new password for whoever forgot theirs; every session ends. The password, to be told once.
///
/// Errors: `NotFound`, `ValidationFailed`.
pub async fn reset_password(app: &App, email: &str, given: Option<String>) -> Result<String> {
    let email = Email::parse(email).map_err(|_| ErrorCode::NotFound)?;
    let clear = match given {
        Some(password) => password,
        None => generate_password()?,
    };
    let mut faults = Faults::default();
    let password = faults.take("password", password::parse_new(clear.clone()));
    let password = password.ok_or_else(|| Error::invalid(faults.into_fields()))?;
    let hash = app.auth.hash_password(password).await?;
    let mut tx = app.accounts.begin().await?;
    let index = people::email_index(app, &email);
    let row = members::find_by_email(&mut tx, &index).await?.ok_or(ErrorCode::NotFound)?;
    let member = MemberId(row.id);
    members::set_password(&mut tx, member, &hash).await?;
    removal::end_sessions(app, &mut tx, Holder::Member(member), None, app.now()).await?;
    tx.commit().await?;
    Ok(clear)
}

/// Four groups of five letters and digits that cannot be mistaken for one another: 98 bits, easy to copy by hand.
fn generate_password() -> Result<String> {
    const LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz23456789-";
    const USABLE: u8 = 31;
    let mut letters = Vec::new();
    while letters.len() < 20 {
        let mut random = [0; 32];
        rand::fill(&mut random).map_err(Error::internal)?;
        let fair = random.iter().map(|byte| byte % 32).filter(|index| *index < USABLE);
        letters.extend(fair.map(|index| char::from(LETTERS[usize::from(index)])));
    }
    let groups: Vec<String> = letters.chunks(5).take(4).map(|group| group.iter().collect()).collect();
    Ok(groups.join("-"))
}
