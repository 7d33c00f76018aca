//! Pages of lists.
//!
//! Outside `wire!`: the schema derive of a generic type does not see its parameters through a macro.

use serde::{Deserialize, Serialize};

/// One page of a list. `next_cursor` is opaque; absent on the last page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Page<T> {
    pub items: Vec<T>,
    pub next_cursor: Option<String>,
}
