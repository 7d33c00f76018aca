//! `picup-server`: parses the command line and runs one command.
//!
//! Exit codes: 0 done, 2 usage or configuration, 1 failure.

mod allocation;

use std::{net::SocketAddr, path::PathBuf, process::ExitCode};

use clap::{Args, Parser, Subcommand};
use picup_server::{
    admin,
    config::{Config, ConfigProblem},
    http, imaging_cli, rendering, serve,
    telemetry::Telemetry,
};
use serde_json::{Value, json};

#[derive(Parser)]
#[command(
    name = "picup-server",
    version,
    about = "The family cloud: accounts, library and worker in one binary."
)]
struct Cli {
    #[command(flatten)]
    settings: Settings,
    #[command(subcommand)]
    command: Command,
}

/// Flags every command understands; each outranks the configuration file.
#[derive(Args)]
struct Settings {
    /// Databases, keys and photos.
    #[arg(long, global = true, env = "PICUP_DATA_DIR")]
    data_dir: Option<PathBuf>,
    /// TOML file.
    #[arg(long, global = true, env = "PICUP_CONFIG")]
    config: Option<PathBuf>,
    #[arg(long, global = true, env = "PICUP_LISTEN")]
    listen: Option<SocketAddr>,
    #[arg(long, global = true, env = "PICUP_ADMIN_LISTEN")]
    admin_listen: Option<SocketAddr>,
    /// What members type into a browser.
    #[arg(long, global = true, env = "PICUP_PUBLIC_URL")]
    public_url: Option<String>,
    /// The built album manager.
    #[arg(long, global = true, env = "PICUP_WEB_DIR")]
    web_dir: Option<PathBuf>,
    /// accounts, library, worker.
    #[arg(long, global = true, env = "PICUP_ROLES", value_delimiter = ',')]
    roles: Option<Vec<String>>,
}

#[derive(Subcommand)]
enum Command {
    /// Runs the server until SIGTERM.
    Serve,
    /// Brings both databases' schemas up to date.
    Migrate,
    /// Prints every problem of the configuration, or the configuration itself.
    CheckConfig,
    /// Prints the OpenAPI document.
    Openapi,
    /// Members, families, frames, jobs, stores and keys.
    #[command(subcommand)]
    Admin(admin::AdminCommand),
    /// Reads and renders pictures.
    #[command(subcommand)]
    Imaging(imaging_cli::ImagingCommand),
}

fn main() -> ExitCode {
    // Before everything else: a rendering process has no threads, no log and no configuration.
    if let Some(done) = rendering::child::intercept(std::env::args_os()) {
        return done;
    }
    allocation::return_large_blocks();
    if rustls::crypto::aws_lc_rs::default_provider().install_default().is_err() {
        return fail(&"a TLS provider is installed already", 1);
    }
    let cli = Cli::parse();
    if let Command::Openapi = cli.command {
        return print_json(&http::openapi::document());
    }
    if let Command::Imaging(command) = &cli.command {
        return imaging_cli::run(command).unwrap_or_else(|error| fail(&format!("{error:#}"), 1));
    }
    let config = match Config::load(cli.settings.config.as_deref(), cli.settings.tree()) {
        Ok(config) => config,
        Err(problems) => return refuse(&problems),
    };
    if let Command::CheckConfig = cli.command {
        return print_json(&config);
    }
    run(config, cli.command)
}

fn run(config: Config, command: Command) -> ExitCode {
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&error, 1),
    };
    let telemetry = match Telemetry::start(&config, runtime.handle()) {
        Ok(telemetry) => telemetry,
        Err(error) => return fail(&format!("{error:#}"), 1),
    };
    let done = runtime.block_on(async {
        match command {
            Command::Serve => serve::serve(config).await.map(|()| ExitCode::SUCCESS),
            Command::Migrate => migrate(config).await.map(|()| ExitCode::SUCCESS),
            Command::Admin(command) => admin::run(config, command).await,
            Command::CheckConfig | Command::Openapi | Command::Imaging(_) => Ok(ExitCode::SUCCESS),
        }
    });
    telemetry.stop();
    done.unwrap_or_else(|error| fail(&format!("{error:#}"), 1))
}

/// Opening a database migrates it.
async fn migrate(config: Config) -> anyhow::Result<()> {
    picup_server::App::build(config).await?.close().await;
    Ok(())
}

impl Settings {
    /// As a tree of settings, without the flags that were not given.
    fn tree(&self) -> Value {
        let mut tree = json!({});
        let mut set = |section: Option<&str>, key: &str, value: Option<Value>| {
            if let Some(value) = value {
                match section {
                    Some(section) => tree[section][key] = value,
                    None => tree[key] = value,
                }
            }
        };
        set(None, "data_dir", self.data_dir.as_ref().map(|path| json!(path)));
        set(None, "roles", self.roles.as_ref().map(|roles| json!(roles)));
        set(Some("http"), "listen", self.listen.map(|address| json!(address)));
        set(Some("http"), "admin_listen", self.admin_listen.map(|address| json!(address)));
        set(Some("http"), "public_url", self.public_url.as_ref().map(|url| json!(url)));
        set(Some("http"), "web_dir", self.web_dir.as_ref().map(|path| json!(path)));
        tree
    }
}

#[expect(clippy::print_stderr, reason = "the message is for the person at the shell")]
fn fail(error: &dyn std::fmt::Display, code: u8) -> ExitCode {
    eprintln!("picup-server: {error}");
    ExitCode::from(code)
}

fn refuse(problems: &[ConfigProblem]) -> ExitCode {
    let lines: Vec<_> = problems.iter().map(|p| format!("\n  {}: {}", p.setting, p.message)).collect();
    fail(&format!("the configuration cannot be used:{}", lines.concat()), 2)
}

#[expect(clippy::print_stdout, reason = "the document is this command's output")]
fn print_json(value: &impl serde::Serialize) -> ExitCode {
    match serde_json::to_string_pretty(value) {
        Ok(text) => {
            println!("{text}");
            ExitCode::SUCCESS
        }
        Err(error) => fail(&error, 1),
    }
}
