//! `picup-server imaging …`: pictures from the shell, one at a time.
//!
//! For scripts and benchmarks. Runs in the same sandbox as the server's own rendering; needs no data directory.

use std::{
    io::Write,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::Context;
use clap::{Args, Subcommand};
use picup_api::photo::Rendition;
use picup_imaging::Limits;
use serde_json::{Value, json};

use crate::{
    config,
    rendering::{
        child::{self, Trouble},
        protocol::{Answer, Bounds, Request},
        sandbox,
    },
};

#[derive(Debug, Subcommand)]
pub enum ImagingCommand {
    /// Prints what files tell about themselves.
    Probe(Files),
    /// Makes renditions: OUT/NAME/thumb.webp and so on.
    Render {
        #[command(flatten)]
        files: Files,
        #[arg(long)]
        out: PathBuf,
        /// thumb, preview, screen-1080, screen-2160
        #[arg(long, value_delimiter = ',', default_value = "thumb,preview,screen-1080", value_parser = parse_rendition)]
        renditions: Vec<Rendition>,
    },
}

#[derive(Args, Debug)]
pub struct Files {
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// One JSON object a line and file; otherwise a line for people.
    #[arg(long)]
    json: bool,
}

fn parse_rendition(name: &str) -> Result<Rendition, String> {
    let known = Rendition::from_name(name).filter(|rendition| *rendition != Rendition::Original);
    known.ok_or_else(|| format!("{name} is none of thumb, preview, screen-1080, screen-2160"))
}

/// 0 when every file could be read, 1 otherwise.
pub fn run(command: &ImagingCommand) -> anyhow::Result<ExitCode> {
    let (files, out) = match command {
        ImagingCommand::Probe(files) => (files, None),
        ImagingCommand::Render { files, out, .. } => (files, Some(out.as_path())),
    };
    let directories = out.map(|out| make_directories(out, &files.files)).transpose()?.unwrap_or_default();
    let inputs: Vec<&Path> = files.files.iter().map(PathBuf::as_path).collect();
    sandbox::enter(&inputs, out, &bounds(files.files.len()))?;
    let mut all_read = true;
    for (at, file) in files.files.iter().enumerate() {
        let answer = match command {
            ImagingCommand::Probe(_) => probe(file),
            ImagingCommand::Render { renditions, .. } => render(file, &directories[at], renditions),
        };
        all_read &= answer.get("error").is_none();
        print(file, &answer, files.json)?;
    }
    Ok(if all_read { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn make_directories(out: &Path, files: &[PathBuf]) -> anyhow::Result<Vec<PathBuf>> {
    let names = files.iter().map(|file| out.join(file.file_stem().unwrap_or_default()));
    let directories: Vec<_> = names.collect();
    for directory in &directories {
        std::fs::create_dir_all(directory).with_context(|| format!("cannot make {}", directory.display()))?;
    }
    Ok(directories)
}

/// As the server's defaults, with processor time for each file.
fn bounds(files: usize) -> Bounds {
    let defaults = config::Rendering::default();
    let cpu_seconds = defaults.timeout_seconds * files as u64;
    Bounds { memory_mb: defaults.memory_mb, cpu_seconds, max_pixels: defaults.max_pixels }
}

fn probe(file: &Path) -> Value {
    match child::probe(file, &Limits { max_pixels: bounds(1).max_pixels }) {
        Ok(metadata) => json!(metadata),
        Err(trouble) => trouble_as_json(trouble),
    }
}

fn render(file: &Path, output: &Path, wanted: &[Rendition]) -> Value {
    let request = Request {
        input: file.to_owned(),
        output: output.to_owned(),
        wanted: wanted.to_vec(),
        bounds: bounds(1),
    };
    match child::work(&request) {
        Answer::Rendered(finished) => json!(finished),
        Answer::Refused { reason, detail } => trouble_as_json(Trouble::Broken(reason, detail)),
        Answer::Failed { detail } => trouble_as_json(Trouble::Failed(detail)),
    }
}

fn trouble_as_json(trouble: Trouble) -> Value {
    match trouble {
        Trouble::Broken(reason, detail) => json!({"error": reason, "detail": detail}),
        Trouble::Failed(detail) => json!({"error": "failed", "detail": detail}),
    }
}

fn print(file: &Path, answer: &Value, as_json: bool) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    if as_json {
        let mut line = json!({"file": file});
        if let (Value::Object(line), Value::Object(answer)) = (&mut line, answer) {
            line.extend(answer.clone());
        }
        return writeln!(out, "{line}");
    }
    let metadata = answer.get("metadata").unwrap_or(answer);
    match answer.get("error") {
        Some(error) => writeln!(out, "{}: {}", file.display(), error.as_str().unwrap_or_default()),
        None => writeln!(
            out,
            "{}: {} {} x {}",
            file.display(),
            metadata["media_type"].as_str().unwrap_or_default(),
            metadata["width"],
            metadata["height"]
        ),
    }
}
