//! `picup-frame`: the frame without a window; its screen is served on loopback.

use std::{io::Write, os::unix::process::CommandExt, process::ExitCode};

use clap::Parser;
use picup_frame::{Engine, Options, PanelOptions, Supervise, end_with_supervisor, supervise, switch_panel};
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

#[derive(Parser)]
#[command(version, about = "A Picup photo frame without a window")]
enum Command {
    /// Shows the family's photos and sends what arrives in the inboxes.
    Run(Box<Options>),
    /// Looks how the panel can be switched off and on here, for whoever sets a frame up.
    Panel {
        action: PanelAction,
        #[command(flatten)]
        options: PanelOptions,
    },
    /// Keeps a version of the program running, tries a new one, and returns to the old one if that shows no photo.
    Supervise(Supervise),
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum PanelAction {
    /// Says what was found, and switches nothing.
    Probe,
    Off,
    On,
}

enum End {
    Stopped,
    Restart,
}

fn main() -> ExitCode {
    // Another provider cannot have been installed before the first line.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let command = Command::parse();
    let filter = EnvFilter::try_from_env("PICUP_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt().json().with_env_filter(filter).with_writer(std::io::stderr).init();
    let lived = match command {
        Command::Run(_) if !end_with_supervisor() => Ok(End::Stopped),
        Command::Run(options) => live(*options),
        Command::Supervise(options) => keep(options).map(|()| End::Stopped),
        Command::Panel { action, options } => return panel(action, options),
    };
    match lived {
        Ok(End::Stopped) => ExitCode::SUCCESS,
        Ok(End::Restart) => start_anew(),
        Err(error) => {
            tracing::error!(error = format!("{error:#}"), "the frame ended");
            ExitCode::FAILURE
        }
    }
}

#[tokio::main]
async fn live(options: Options) -> anyhow::Result<End> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let engine = Engine::start(options).await?;
    announce(&engine);
    let end = tokio::select! {
        _ = terminate.recv() => End::Stopped,
        _ = interrupt.recv() => End::Stopped,
        () = engine.restart_wanted() => End::Restart,
    };
    engine.shutdown().await;
    Ok(end)
}

/// Prints one JSON object.
#[expect(clippy::print_stdout, reason = "standard output is the program's answer; logs go to standard error")]
#[tokio::main(flavor = "current_thread")]
async fn panel(action: PanelAction, options: PanelOptions) -> ExitCode {
    let on = match action {
        PanelAction::Probe => None,
        PanelAction::Off => Some(false),
        PanelAction::On => Some(true),
    };
    let report = switch_panel(options, on).await;
    println!("{}", serde_json::json!(report));
    if report.is_done() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// On one thread, which is the parent that the program on trial must not outlive.
#[tokio::main(flavor = "current_thread")]
async fn keep(options: Supervise) -> anyhow::Result<()> {
    supervise(options).await
}

/// One line for whoever started the program: everything is open.
fn announce(engine: &Engine) {
    let ready = serde_json::json!({ "ready": true, "bridge": engine.bridge().to_string() });
    // After a restart whoever started the program may not listen any more: that ends no frame.
    if let Err(error) = writeln!(std::io::stdout(), "{ready}") {
        tracing::debug!(%error, "nobody reads the ready line");
    }
}

fn start_anew() -> ExitCode {
    let Ok(program) = std::env::current_exe() else { return ExitCode::FAILURE };
    let error = std::process::Command::new(program).args(std::env::args_os().skip(1)).exec();
    tracing::error!(%error, "the frame cannot start itself anew");
    ExitCode::FAILURE
}
