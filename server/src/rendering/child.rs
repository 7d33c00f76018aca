//! The rendering process: one file in, a few pictures and one line of JSON out.
//!
//! Runs before anything else of the server is set up, with no thread but its own. Whatever goes wrong in here costs
//! one file.

use std::{
    ffi::OsString,
    fs::{self, File},
    io::{Read, Write},
    path::Path,
    process::ExitCode,
};

use picup_imaging::{
    Encoding, ImageError, ImageErrorKind, Limits, MediaType, Metadata, Orientation, Picture, Rendered,
    RenditionSpec,
};

use super::{
    protocol::{self, Answer, BrokenReason, Finished, FinishedFile, Request},
    sandbox,
    tools::{self, ToolError},
};

/// A still larger than this is not read into memory.
const MAX_STILL_BYTES: u64 = 1 << 30;

/// Runs when the command line is that of a rendering process; `None` when it is an ordinary one.
pub fn intercept(mut arguments: impl Iterator<Item = OsString>) -> Option<ExitCode> {
    if arguments.nth(1)? != protocol::SUBCOMMAND {
        return None;
    }
    let request = arguments.next().and_then(|text| serde_json::from_slice(text.as_encoded_bytes()).ok());
    Some(request.map_or(ExitCode::from(2), |request| answer(&request)))
}

fn answer(request: &Request) -> ExitCode {
    let fenced = sandbox::die_with_parent().map_err(anyhow::Error::from);
    let fenced =
        fenced.and_then(|()| sandbox::enter(&[&request.input], Some(&request.output), &request.bounds));
    let answer = match fenced {
        Ok(()) => work(request),
        Err(error) => Answer::Failed { detail: format!("no sandbox: {error:#}") },
    };
    let line = serde_json::to_vec(&answer).unwrap_or_default();
    match std::io::stdout().write_all(&line) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

/// Renders one file in this process.
pub fn work(request: &Request) -> Answer {
    match finish(request) {
        Ok(finished) => Answer::Rendered(finished),
        Err(Trouble::Broken(reason, detail)) => Answer::Refused { reason, detail },
        Err(Trouble::Failed(detail)) => Answer::Failed { detail },
    }
}

/// Metadata only.
pub fn probe(input: &Path, limits: &Limits) -> Result<Metadata, Trouble> {
    Ok(Opened::open(input, limits)?.metadata)
}

#[derive(Debug)]
pub enum Trouble {
    Broken(BrokenReason, String),
    Failed(String),
}

fn finish(request: &Request) -> Result<Finished, Trouble> {
    let limits = Limits { max_pixels: request.bounds.max_pixels };
    let wanted: Vec<_> =
        request.wanted.iter().filter_map(|rendition| protocol::spec_of(*rendition)).collect();
    let Opened { mut metadata, bytes } = Opened::open(&request.input, &limits)?;
    let picture = decode(request, &metadata, &bytes, &limits, &wanted)?;
    drop(bytes);
    // What was decoded outranks what the headers promised.
    (metadata.width, metadata.height) = picture.size();
    let (rendered, fingerprint) = picup_imaging::render(&picture, &wanted)?;
    let files = rendered.iter().map(|rendered| write(&request.output, rendered)).collect::<Result<_, _>>()?;
    Ok(Finished { metadata, fingerprint, files })
}

/// A file and what it tells about itself.
struct Opened {
    metadata: Metadata,
    /// Of a still; videos are never read whole.
    bytes: Vec<u8>,
}

impl Opened {
    fn open(input: &Path, limits: &Limits) -> Result<Self, Trouble> {
        let file = File::open(input)?;
        let mut head = Vec::new();
        (&file).take(MediaType::HEAD_BYTES as u64).read_to_end(&mut head)?;
        if let Some(media) = MediaType::sniff(&head).filter(|media| media.is_video()) {
            return Ok(Self { metadata: picup_imaging::probe_video(media, file)?, bytes: Vec::new() });
        }
        if file.metadata()?.len() > MAX_STILL_BYTES {
            return Err(Trouble::Broken(BrokenReason::TooLarge, "larger than any still".to_owned()));
        }
        let bytes = fs::read(input)?;
        Ok(Self { metadata: picup_imaging::probe_still(&bytes, limits)?, bytes })
    }
}

fn decode(
    request: &Request,
    metadata: &Metadata,
    bytes: &[u8],
    limits: &Limits,
    wanted: &[RenditionSpec],
) -> Result<Picture, Trouble> {
    let by_tool = |path: Result<_, ToolError>| -> Result<Picture, Trouble> {
        let path = path?;
        let bytes = fs::read(&path)?;
        fs::remove_file(path)?;
        Ok(Picture::decode(&bytes, Orientation::Upright, limits, wanted)?)
    };
    match metadata.media_type {
        media if media.is_video() => {
            let duration = metadata.duration_seconds;
            by_tool(tools::poster(&request.input, &request.output, duration, limits.max_pixels))
        }
        MediaType::Avif => by_tool(tools::decode_heif(&request.input, &request.output)),
        MediaType::Heic => match Picture::decode(bytes, metadata.orientation, limits, wanted) {
            // Another decoder knows what this one does not, such as HDR without a gain map.
            Err(error) if error.kind() == ImageErrorKind::Unsupported => {
                by_tool(tools::decode_heif(&request.input, &request.output))
            }
            decoded => Ok(decoded?),
        },
        _ => Ok(Picture::decode(bytes, metadata.orientation, limits, wanted)?),
    }
}

fn write(output: &Path, rendered: &Rendered) -> Result<FinishedFile, Trouble> {
    let spec = rendered.spec;
    let rendition = picup_api::photo::Rendition::from_name(spec.name)
        .ok_or_else(|| Trouble::Failed(format!("no rendition {}", spec.name)))?;
    let extension = match spec.encoding {
        Encoding::WebP => "webp",
        Encoding::Jpeg => "jpg",
    };
    let name = format!("{}.{extension}", spec.name);
    fs::write(output.join(&name), &rendered.bytes)?;
    Ok(FinishedFile { rendition, name, width: rendered.width, height: rendered.height })
}

impl From<std::io::Error> for Trouble {
    fn from(error: std::io::Error) -> Self {
        Self::Failed(error.to_string())
    }
}

impl From<ImageError> for Trouble {
    fn from(error: ImageError) -> Self {
        let reason = match error.kind() {
            ImageErrorKind::Empty => BrokenReason::Empty,
            ImageErrorKind::Unsupported => BrokenReason::Unsupported,
            ImageErrorKind::TooLarge => BrokenReason::TooLarge,
            ImageErrorKind::Truncated => BrokenReason::Truncated,
            ImageErrorKind::Corrupt => BrokenReason::Corrupt,
        };
        Self::Broken(reason, format!("{:#}", anyhow::Error::new(error)))
    }
}

impl From<ToolError> for Trouble {
    fn from(error: ToolError) -> Self {
        match error.reason() {
            Some(reason) => Self::Broken(reason, error.to_string()),
            None => Self::Failed(error.to_string()),
        }
    }
}
