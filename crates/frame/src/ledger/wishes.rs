//! What the parents wished for a photo and the server has not heard of: kept through power cuts.

use picup_api::{PhotoId, photo::Photo};
use rusqlite::{Connection, params};
use uuid::Uuid;

use crate::database::{execute, list};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wish {
    Heart,
    Hide,
    Remove,
}

/// `on`: wished, or taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Wished {
    pub photo: PhotoId,
    pub wish: Wish,
    pub on: bool,
}

impl Wished {
    /// Makes of the photo what it is once the server has heard of it.
    pub(crate) fn fulfil(self, photo: &mut Photo) {
        match self.wish {
            Wish::Heart if photo.hearted_by_me != self.on => {
                photo.hearted_by_me = self.on;
                photo.hearts = if self.on { photo.hearts + 1 } else { photo.hearts.saturating_sub(1) };
            }
            Wish::Heart => {}
            Wish::Hide => photo.hidden = self.on,
            Wish::Remove => photo.removal_proposed = self.on,
        }
    }
}

impl Wish {
    /// Stored by name: never rename.
    fn name(self) -> &'static str {
        match self {
            Self::Heart => "heart",
            Self::Hide => "hide",
            Self::Remove => "remove",
        }
    }

    /// `None`: of a later version, which will send it.
    fn from_name(name: &str) -> Option<Self> {
        [Self::Heart, Self::Hide, Self::Remove].into_iter().find(|wish| wish.name() == name)
    }
}

/// The last wish of a kind counts.
pub(super) fn put(c: &Connection, wished: Wished) -> rusqlite::Result<()> {
    let sql = "INSERT OR REPLACE INTO wishes (photo, wish, on_) VALUES (?, ?, ?)";
    execute(c, sql, params![wished.photo.0.as_bytes(), wished.wish.name(), wished.on]).map(drop)
}

pub(super) fn all(c: &Connection) -> rusqlite::Result<Vec<Wished>> {
    let rows = list(c, "SELECT photo, wish, on_ FROM wishes", [], |row| {
        Ok((PhotoId(Uuid::from_bytes(row.get(0)?)), row.get::<_, String>(1)?, row.get(2)?))
    })?;
    let known = |(photo, name, on): (PhotoId, String, bool)| {
        Some(Wished { photo, wish: Wish::from_name(&name)?, on })
    };
    Ok(rows.into_iter().filter_map(known).collect())
}

/// Only if it was not changed again meanwhile.
pub(super) fn grant(c: &Connection, wished: Wished) -> rusqlite::Result<()> {
    let sql = "DELETE FROM wishes WHERE photo = ? AND wish = ? AND on_ = ?";
    execute(c, sql, params![wished.photo.0.as_bytes(), wished.wish.name(), wished.on]).map(drop)
}
