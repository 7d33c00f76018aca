//! Pages of lists.

wire! {
    /// One page of a list. `next_cursor` is opaque; absent on the last page.
    pub struct Page<T> {
        pub items: Vec<T>,
        pub next_cursor: Option<String>,
    }
}
