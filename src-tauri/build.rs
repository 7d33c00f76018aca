//! Embeds the built screen into the kiosk.
//!
//! The screen is built by `npm run build` in `ui/` first; without it there is nothing to show, so the build stops
//! here with a sentence instead of inside a macro.

use std::{path::Path, process::ExitCode};

fn main() -> ExitCode {
    let screen = Path::new("../ui/dist/frame.html");
    println!("cargo::rerun-if-changed=../ui/dist");
    if !screen.exists() {
        println!("cargo::error=the frame's screen is not built: run `npm ci && npm run build` in ui/ first");
        return ExitCode::FAILURE;
    }
    let commands = tauri_build::AppManifest::new().commands(&["screen"]);
    match tauri_build::try_build(tauri_build::Attributes::new().app_manifest(commands)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("cargo::error={error:#}");
            ExitCode::FAILURE
        }
    }
}
