//! The commands of a page.

use std::path::Path;

/// Every block of shell of `docs/PAGE`, in its order.
pub(crate) fn commands(page: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs").join(page);
    let text = std::fs::read_to_string(path).unwrap();
    let blocks = text.split("```sh\n").skip(1).map(|rest| rest.split("```").next().unwrap());
    let commands: Vec<_> = blocks.collect();
    assert!(!commands.is_empty(), "{page} has no commands");
    commands.join("\n")
}
