//! A thousand mutated files for each decoder that is an outside program, through the sandboxed process.
//!
//! The decoders inside the process have their thousand in `picup-imaging`.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;

use picup_api::photo::Rendition;
use picup_server::{
    config,
    rendering::{RenderError, Renderer},
};
use picup_testkit::photos;
use tokio::task::JoinSet;

const MUTATIONS: u64 = 1000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn failure_30_a_thousand_mutated_avifs_crash_no_worker() {
    survive(photos::fixture("tiny.avif")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn failure_30_a_thousand_mutated_videos_crash_no_worker() {
    survive(photos::fixture("tiny.mp4")).await;
}

async fn survive(bytes: Vec<u8>) {
    let directory = tempfile::tempdir().unwrap();
    let settings = config::Rendering { processes: 4, ..config::Rendering::default() };
    let program = env!("CARGO_BIN_EXE_picup-server").into();
    let renderer = Arc::new(Renderer::new(program, directory.path().join("scratch"), settings).unwrap());
    let mut running = JoinSet::new();
    for seed in 0..MUTATIONS {
        let (renderer, path) = (Arc::clone(&renderer), directory.path().join(seed.to_string()));
        std::fs::write(&path, photos::mutate(&bytes, seed)).unwrap();
        running.spawn(async move {
            match renderer.render(&path, &[Rendition::Thumb]).await {
                Ok(_) | Err(RenderError::Broken { .. }) => {}
                Err(RenderError::Unavailable(cause)) => panic!("seed {seed}: {cause}"),
            }
        });
    }
    while let Some(done) = running.join_next().await {
        done.unwrap();
    }
    let good = directory.path().join("good");
    std::fs::write(&good, &bytes).unwrap();
    renderer.render(&good, &[Rendition::Thumb]).await.expect("the unmutated file is rendered as before");
}
