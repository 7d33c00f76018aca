//! Pages: what a client asks for, and what it gets to continue with.

use picup_api::{ErrorCode, Page};
use serde::Deserialize;

use crate::{
    App, Error, Result,
    domain::cursor::{Cursor, page_limit},
};

/// `?limit=1..200&cursor=`.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// 1 to 200; 50 when absent.
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u32>,
    /// `next_cursor` of the page before.
    pub cursor: Option<String>,
}

/// One list being paged through. `name` holds its route, object and filters: a cursor is good for nothing else.
pub(crate) struct Paging<'a> {
    app: &'a App,
    name: String,
    pub(crate) after: Cursor,
    pub(crate) limit: u32,
}

impl<'a> Paging<'a> {
    /// `start` is where the first page begins. Errors: `ValidationFailed`, `CursorInvalid`.
    pub(crate) fn new(app: &'a App, name: String, query: &PageQuery, start: Cursor) -> Result<Self> {
        let limit = page_limit(query.limit)
            .map_err(|code| Error::new(ErrorCode::ValidationFailed).with_field("limit", code))?;
        let after = query.cursor.as_deref().map(|text| app.cursors.read(&name, text)).transpose()?;
        Ok(Self { app, name, after: after.unwrap_or(start), limit })
    }

    /// One row more than a page has, to learn whether there is another page.
    pub(crate) fn rows(&self) -> u32 {
        self.limit + 1
    }

    /// Cuts the extra row off and makes the cursor from the last one kept.
    pub(crate) fn cut<R>(&self, rows: &mut Vec<R>, key: impl Fn(&R) -> Cursor) -> Option<String> {
        let limit = self.limit as usize;
        let has_more = rows.len() > limit;
        rows.truncate(limit);
        rows.last().filter(|_| has_more).map(|last| self.cursor(key(last)))
    }

    pub(crate) fn cursor(&self, at: Cursor) -> String {
        self.app.cursors.write(&self.name, at)
    }
}

pub(crate) fn page<T>(items: Vec<T>, next_cursor: Option<String>) -> Page<T> {
    Page { items, next_cursor }
}
