//! Remembers how outputs were turned before they were taken out of the session, where the session forgets it.
//!
//! In the session's own directory, so it outlives a restart of the frame in the night, and not the session.

use std::{collections::BTreeMap, path::PathBuf};

use super::PanelMethod;

/// An output as a session lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Output {
    pub name: String,
    pub on: bool,
    /// In the words of the program that listed it, known while the output is on.
    pub turned: Option<String>,
}

impl Output {
    pub(super) fn named(name: &str) -> Self {
        Self { name: name.to_owned(), on: false, turned: None }
    }
}

/// Outputs that are off keep what was remembered of them.
pub(super) async fn remember(method: PanelMethod, outputs: &[Output]) {
    let mut turned = recall(method).await;
    turned.extend(outputs.iter().filter_map(|it| Some((it.name.clone(), it.turned.clone()?))));
    if let (Some(file), Ok(text)) = (file(method), serde_json::to_vec(&turned))
        && let Err(error) = tokio::fs::write(&file, text).await
    {
        tracing::warn!(%error, "how the panel is turned cannot be remembered");
    }
}

pub(super) async fn recall(method: PanelMethod) -> BTreeMap<String, String> {
    let Some(file) = file(method) else { return BTreeMap::new() };
    let text = tokio::fs::read(file).await.unwrap_or_default();
    serde_json::from_slice(&text).unwrap_or_default()
}

fn file(method: PanelMethod) -> Option<PathBuf> {
    let directory = PathBuf::from(std::env::var_os("XDG_RUNTIME_DIR")?);
    Some(directory.join(format!("picup-turned-{method}.json")))
}
