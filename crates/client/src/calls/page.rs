//! Pages of lists.

use picup_api::Page;
use serde::de::DeserializeOwned;

use crate::{Client, Result, transport::Call};

/// Which page; the default is the first, as long as the server likes.
#[derive(Clone, Debug, Default)]
pub struct PageQuery {
    pub cursor: Option<String>,
    /// 1 to 200.
    pub limit: Option<u32>,
}

impl PageQuery {
    pub fn first(limit: u32) -> Self {
        Self { cursor: None, limit: Some(limit) }
    }
}

impl Client {
    pub(crate) async fn page<T: DeserializeOwned>(&self, call: Call, page: &PageQuery) -> Result<Page<T>> {
        self.fetch(call.query("cursor", page.cursor.as_ref()).query("limit", page.limit)).await
    }

    /// Every page of a list that is short by nature, such as a family's members.
    pub(crate) async fn all<T: DeserializeOwned>(&self, call: impl Fn() -> Call) -> Result<Vec<T>> {
        let mut items = Vec::new();
        let mut query = PageQuery::first(200);
        loop {
            let page: Page<T> = self.page(call(), &query).await?;
            items.extend(page.items);
            match page.next_cursor {
                Some(cursor) => query.cursor = Some(cursor),
                None => return Ok(items),
            }
        }
    }
}
