//! The frame's window: the same flags as `picup-frame`, and the same engine behind it.
//!
//! Deliberately absent: any decision about photos. This program opens one window, forwards the screen's commands and
//! the engine's events, and makes sure that there is always a page in it.

mod allocation;
mod cover;
mod hands;
mod kiosk;
mod memory;
mod options;
mod page;
mod photos;
mod renewal;
mod stand_ins;
mod surroundings;
mod transfers;
mod watch;
mod window;

use std::{io::Write, process::ExitCode};

use anyhow::Context;
use clap::Parser;
use picup_frame::{Engine, Options, end_with_supervisor};
use tracing_subscriber::EnvFilter;

use crate::{kiosk::Ending, options::WindowOptions};

/// The frame in a full-screen window.
#[derive(Parser)]
#[command(name = "picup-kiosk", version)]
struct Arguments {
    #[command(flatten)]
    options: Options,
    #[command(flatten)]
    window: WindowOptions,
}

const USAGE: u8 = 2;

fn main() -> ExitCode {
    allocation::return_large_blocks();
    let arguments = Arguments::parse();
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt().json().with_env_filter(filter).with_writer(std::io::stderr).init();
    if rustls::crypto::aws_lc_rs::default_provider().install_default().is_err() {
        return refuse("another TLS provider is installed already");
    }
    if !end_with_supervisor() {
        return ExitCode::SUCCESS;
    }
    if !surroundings::has_display() {
        return refuse(
            "there is no display: start it in a graphical session, or use picup-frame without a window",
        );
    }
    if let Err(error) = surroundings::suit_web_view(&arguments.options.data_dir) {
        return not_anew(&error);
    }
    match run(arguments) {
        Ok(Ending::Stopped) => ExitCode::SUCCESS,
        Ok(Ending::StartAnew) => not_anew(&surroundings::start_anew()),
        Err(error) => {
            tracing::error!(error = format!("{error:#}"), "the kiosk cannot run");
            ExitCode::FAILURE
        }
    }
}

fn run(Arguments { options, window }: Arguments) -> anyhow::Result<Ending> {
    let data_dir = options.data_dir.clone();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().context("no threads")?;
    tauri::async_runtime::set(runtime.handle().clone());
    let engine = runtime.block_on(Engine::start(options)).context("the engine does not start")?;
    tell_ready(&engine);
    let ending = kiosk::show(engine.clone(), data_dir, window)?;
    runtime.block_on(engine.shutdown());
    Ok(ending)
}

/// One line for whoever started the program; started anew, nobody may read it any more.
fn tell_ready(engine: &Engine) {
    let ready = serde_json::json!({ "ready": true, "bridge": engine.bridge().to_string() });
    if let Err(error) = writeln!(std::io::stdout(), "{ready}") {
        tracing::debug!(%error, "nobody reads stdout");
    }
}

fn not_anew(error: &std::io::Error) -> ExitCode {
    refuse(&format!("the program could not start itself anew: {error}"))
}

fn refuse(why: &str) -> ExitCode {
    tracing::error!("{why}");
    ExitCode::from(USAGE)
}
