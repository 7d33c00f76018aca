//! Embeds the built screen into the kiosk, and a library that stands in for others (`stand_ins.rs`).
//!
//! The screen is built by `npm run build` in `ui/` first; without it there is nothing to show, so the build stops
//! here with a sentence instead of inside a macro.

use std::{env, path::Path, process::ExitCode};

fn main() -> ExitCode {
    match link_stand_ins().and_then(|()| embed_screen()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("cargo::error={error}");
            ExitCode::FAILURE
        }
    }
}

fn link_stand_ins() -> Result<(), String> {
    let source = "src/stand_ins.c";
    println!("cargo::rerun-if-changed={source}");
    let out = env::var_os("OUT_DIR").ok_or("cargo names no OUT_DIR")?;
    let library = Path::new(&out).join("libnothing.so");
    let compiler = cc::Build::new().try_get_compiler().map_err(|error| error.to_string())?;
    let mut link = compiler.to_command();
    link.args(["-shared", "-s", source, "-o"]).arg(library);
    let linked = link.status().map_err(|error| format!("no C compiler: {error}"))?;
    if linked.success() { Ok(()) } else { Err(format!("{source} cannot be linked")) }
}

fn embed_screen() -> Result<(), String> {
    println!("cargo::rerun-if-changed=../ui/dist");
    if !Path::new("../ui/dist/frame.html").exists() {
        return Err("the frame's screen is not built: run `npm ci && npm run build` in ui/ first".into());
    }
    let commands = tauri_build::AppManifest::new().commands(&["screen"]);
    let attributes = tauri_build::Attributes::new().app_manifest(commands);
    tauri_build::try_build(attributes).map_err(|error| format!("{error:#}"))
}
