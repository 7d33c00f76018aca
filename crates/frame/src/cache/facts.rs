//! Single facts the frame remembers: how far it has read the change feed, what the children chose, the panel.

use picup_api::{
    CommandId, FamilyId,
    frame::{Birthday, FrameSettings, Person},
};
use rusqlite::{Connection, params};
use serde::{Serialize, de::DeserializeOwned};

use super::{Cache, said};
use crate::{
    database::{execute, find},
    night::Asked,
};

/// Read together, because they are needed together.
#[derive(Clone, Debug, Default)]
pub(crate) struct Facts {
    pub family: Option<FamilyId>,
    /// The last change that is in the catalogue; absent before the first snapshot.
    pub last_seq: Option<u64>,
    pub settings: Option<FrameSettings>,
    /// Pixels, width and height.
    pub panel: Option<(u32, u32)>,
    pub round: u64,
    pub people: Vec<Person>,
    pub birthdays: Vec<Birthday>,
    /// Came while the frame slept, oldest first.
    pub words_waiting: Vec<String>,
    /// A child sent it to sleep, or woke it.
    pub asked: Option<Asked>,
}

pub(super) const PEOPLE: &str = "people";
const BIRTHDAYS: &str = "birthdays";

impl Cache {
    pub(crate) async fn facts(&self) -> anyhow::Result<Facts> {
        self.database.read(read_facts).await
    }

    pub(crate) async fn remember_family(&self, family: FamilyId) -> anyhow::Result<()> {
        self.database.write(move |c| remember(c, "family", &family)).await
    }

    pub(crate) async fn remember_settings(&self, settings: FrameSettings) -> anyhow::Result<()> {
        self.database.write(move |c| remember(c, "settings", &settings)).await
    }

    /// What was said by somebody who was not known yet is read again.
    pub(crate) async fn remember_people(
        &self,
        people: Vec<Person>,
        birthdays: Vec<Birthday>,
    ) -> anyhow::Result<()> {
        self.database
            .write(move |c| {
                remember(c, PEOPLE, &people)?;
                remember(c, BIRTHDAYS, &birthdays)?;
                said::read_nameless_again(c)
            })
            .await
    }

    pub(crate) async fn remember_panel(&self, panel: (u32, u32)) -> anyhow::Result<()> {
        self.database.write(move |c| remember(c, "panel", &panel)).await
    }

    pub(crate) async fn remember_words_waiting(&self, words: Vec<String>) -> anyhow::Result<()> {
        self.database.write(move |c| remember(c, "words_waiting", &words)).await
    }

    pub(crate) async fn remember_asked(&self, asked: Option<Asked>) -> anyhow::Result<()> {
        self.database.write(move |c| remember(c, "asked", &asked)).await
    }

    pub(crate) async fn has_done(&self, command: CommandId) -> anyhow::Result<bool> {
        let sql = "SELECT 1 FROM commands_done WHERE id = ?";
        self.database.read(move |c| Ok(find(c, sql, [command.0.as_bytes()], |_| Ok(()))?.is_some())).await
    }

    /// Remembers the last five hundred commands carried out.
    pub(crate) async fn remember_done(&self, command: CommandId) -> anyhow::Result<()> {
        self.database
            .write(move |c| {
                let next = "INSERT OR IGNORE INTO commands_done SELECT ?, coalesce(max(place), 0) + 1 FROM commands_done";
                execute(c, next, [command.0.as_bytes()])?;
                let old = "DELETE FROM commands_done WHERE place <= (SELECT max(place) FROM commands_done) - 500";
                execute(c, old, [])?;
                Ok(())
            })
            .await
    }
}

fn read_facts(c: &Connection) -> rusqlite::Result<Facts> {
    Ok(Facts {
        family: recall(c, "family")?,
        last_seq: recall(c, "last_seq")?,
        settings: recall(c, "settings")?,
        panel: recall(c, "panel")?,
        round: recall(c, "round")?.unwrap_or(1),
        people: recall(c, PEOPLE)?.unwrap_or_default(),
        birthdays: recall(c, BIRTHDAYS)?.unwrap_or_default(),
        words_waiting: recall(c, "words_waiting")?.unwrap_or_default(),
        asked: recall(c, "asked")?.flatten(),
    })
}

pub(super) fn remember(c: &Connection, name: &str, value: &impl Serialize) -> rusqlite::Result<()> {
    let value =
        serde_json::to_string(value).map_err(|e| rusqlite::Error::ToSqlConversionFailure(e.into()))?;
    execute(c, "INSERT OR REPLACE INTO facts (name, value) VALUES (?, ?)", params![name, value])?;
    Ok(())
}

/// A fact this version cannot read is as good as none.
pub(super) fn recall<T: DeserializeOwned>(c: &Connection, name: &str) -> rusqlite::Result<Option<T>> {
    let text = find(c, "SELECT value FROM facts WHERE name = ?", [name], |row| row.get::<_, String>(0))?;
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
}
