//! Files are rendered in a process of their own, and whatever they do costs one file.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    io::Cursor,
    path::PathBuf,
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use image::{DynamicImage, ImageBuffer, ImageFormat, Luma};
use picup_api::photo::Rendition;
use picup_server::{
    config,
    rendering::{RenderError, Rendered, Renderer, protocol::BrokenReason},
};
use picup_testkit::photos;
use tempfile::TempDir;

const WANTED: [Rendition; 3] = [Rendition::Thumb, Rendition::Preview, Rendition::Screen1080];
const PROGRAM: &str = env!("CARGO_BIN_EXE_picup-server");

struct Workshop {
    renderer: Renderer,
    directory: TempDir,
    files: AtomicU64,
}

impl Workshop {
    fn new(settings: config::Rendering) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let renderer = Renderer::new(PROGRAM.into(), directory.path().join("scratch"), settings).unwrap();
        Self { renderer, directory, files: AtomicU64::new(0) }
    }

    fn file(&self, bytes: &[u8]) -> PathBuf {
        let number = self.files.fetch_add(1, Ordering::Relaxed);
        let path = self.directory.path().join(number.to_string());
        std::fs::write(&path, bytes).unwrap();
        path
    }

    async fn render(&self, bytes: &[u8]) -> Result<Rendered, RenderError> {
        self.renderer.render(&self.file(bytes), &WANTED).await
    }

    fn results_lying_about(&self) -> usize {
        std::fs::read_dir(self.directory.path().join("scratch")).unwrap().count()
    }
}

fn settings() -> config::Rendering {
    config::Rendering { processes: 2, ..config::Rendering::default() }
}

#[track_caller]
fn reason(rendered: Result<Rendered, RenderError>) -> BrokenReason {
    match rendered {
        Err(RenderError::Broken { reason, .. }) => reason,
        other => panic!("not broken: {other:?}"),
    }
}

/// A few hundred kilobytes that take a second to decode and hundreds of megabytes to hold.
fn blank_png(side: u32) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let blank = ImageBuffer::<Luma<u16>, _>::new(side, side);
    DynamicImage::ImageLuma16(blank).write_to(&mut bytes, ImageFormat::Png).unwrap();
    bytes.into_inner()
}

#[tokio::test]
async fn failure_03_every_format_is_rendered_upright_within_its_process() {
    let workshop = Workshop::new(settings());
    let cases = [
        ("landscape_6.jpg", Some((810, 540))),
        ("portrait_3.jpg", Some((540, 810))),
        ("webp.webp", None),
        ("png.png", Some((480, 320))),
        ("animated.gif", Some((160, 107))),
        ("tiff.tif", Some((240, 160))),
        ("bmp.bmp", None),
        ("cmyk.jpg", Some((480, 320))),
        ("avif.avif", Some((640, 427))),
        ("video.mp4", Some((480, 320))),
        ("video_rotated.mov", Some((320, 480))),
        ("heic.heic", None),
    ];
    for (name, size) in cases {
        let rendered = workshop.renderer.render(&photos::fixture_path(name), &WANTED).await;
        let rendered = rendered.unwrap_or_else(|error| panic!("{name}: {error}"));
        let found = (rendered.metadata.width, rendered.metadata.height);
        assert!(size.is_none_or(|size| near(found, size)), "{name} is {found:?}");
        assert_eq!(rendered.files.len(), WANTED.len(), "{name}");
        for file in &rendered.files {
            let picture = image::open(&file.path).unwrap();
            assert_eq!((picture.width(), picture.height()), (file.width, file.height), "{name}");
        }
    }
    assert_eq!(workshop.results_lying_about(), 0);
}

fn near(a: (u32, u32), b: (u32, u32)) -> bool {
    a.0.abs_diff(b.0) <= 1 && a.1.abs_diff(b.1) <= 1
}

#[tokio::test]
async fn failure_30_bombs_and_broken_files_are_refused_by_name() {
    let workshop = Workshop::new(settings());
    for (name, bytes) in photos::bombs() {
        let reason = reason(workshop.render(&bytes).await);
        assert!(matches!(reason, BrokenReason::TooLarge | BrokenReason::Corrupt), "{name}: {reason:?}");
    }
    assert_eq!(reason(workshop.render(b"").await), BrokenReason::Empty);
    assert_eq!(reason(workshop.render(b"#!/bin/sh").await), BrokenReason::Unsupported);
    assert_eq!(reason(workshop.render(&photos::truncated_jpeg(800, 600, 1)).await), BrokenReason::Truncated);
}

#[tokio::test]
async fn failure_30_a_playlist_in_the_clothes_of_a_video_reads_no_other_file() {
    let workshop = Workshop::new(settings());
    let other = workshop.file(&photos::fixture("video.mp4"));
    let playlist = format!("#EXTM3U\n#EXTINF:1,\nfile://{}\n#EXT-X-ENDLIST\n", other.display());
    let disguised = [b"\0\0\0\x10ftypisom\0\0\0\0", playlist.as_bytes()].concat();
    assert_eq!(reason(workshop.render(&disguised).await), BrokenReason::Corrupt);
}

#[tokio::test]
async fn failure_30_a_picture_that_needs_too_much_memory_costs_one_file() {
    let workshop = Workshop::new(config::Rendering { memory_mb: 256, ..settings() });
    let reason = reason(workshop.render(&blank_png(10_000)).await);
    assert!(matches!(reason, BrokenReason::Crashed | BrokenReason::TooLarge), "{reason:?}");
    workshop.render(&photos::jpeg(64, 48, 1)).await.expect("the next one is rendered");
}

#[tokio::test]
async fn failure_30_a_file_that_takes_too_long_is_given_up() {
    let workshop = Workshop::new(config::Rendering { timeout_seconds: 1, memory_mb: 8192, ..settings() });
    let slow = blank_png(12_000);
    assert_eq!(reason(workshop.render(&slow).await), BrokenReason::TimedOut);
    workshop.render(&photos::jpeg(64, 48, 1)).await.expect("the next one is rendered");
}

#[tokio::test]
async fn a_missing_program_is_not_the_files_fault() {
    let directory = tempfile::tempdir().unwrap();
    let renderer =
        Renderer::new("/nonexistent".into(), directory.path().join("scratch"), settings()).unwrap();
    let rendered = renderer.render(&photos::fixture_path("png.png"), &WANTED).await;
    assert!(matches!(rendered, Err(RenderError::Unavailable(_))), "{rendered:?}");
}

#[tokio::test]
async fn no_more_processes_run_than_are_allowed() {
    let workshop = Arc::new(Workshop::new(config::Rendering { processes: 1, ..settings() }));
    let start = |seed| {
        let workshop = Arc::clone(&workshop);
        tokio::spawn(async move { workshop.render(&photos::jpeg(1200, 900, seed)).await.map(drop) })
    };
    let renderings: Vec<_> = (0..6).map(start).collect();
    while renderings.iter().any(|rendering| !rendering.is_finished()) {
        assert!(workshop.results_lying_about() <= 1, "one directory for the one process");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    for rendering in renderings {
        rendering.await.unwrap().unwrap();
    }
}

#[test]
fn the_command_line_probes() {
    let told = Command::new(PROGRAM)
        .args(["imaging", "probe", "--json"])
        .args([photos::fixture_path("gps.jpg"), photos::fixture_path("video_rotated.mov")])
        .output()
        .unwrap();
    assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
    let lines = String::from_utf8(told.stdout).unwrap();
    let lines: Vec<serde_json::Value> =
        lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines[0]["camera"], "Canon EOS R5");
    assert_eq!((lines[1]["width"].as_u64(), lines[1]["height"].as_u64()), (Some(320), Some(480)));
}

#[test]
fn the_command_line_renders_and_tells_what_it_could_not() {
    let directory = tempfile::tempdir().unwrap();
    let (good, bad) = (directory.path().join("good.jpg"), directory.path().join("bad.jpg"));
    std::fs::write(&good, photos::jpeg(640, 480, 1)).unwrap();
    std::fs::write(&bad, b"\xFF\xD8\xFF").unwrap();
    let out = directory.path().join("out");
    let told = Command::new(PROGRAM)
        .args(["imaging", "render", "--json", "--renditions", "thumb", "--out"])
        .args([&out, &good, &bad])
        .output()
        .unwrap();
    assert_eq!(told.status.code(), Some(1), "{}", String::from_utf8_lossy(&told.stderr));
    let lines = String::from_utf8(told.stdout).unwrap();
    assert_eq!(lines.lines().count(), 2, "{lines}");
    assert!(lines.lines().nth(1).unwrap().contains("\"error\""), "{lines}");
    assert!(image::open(out.join("good/thumb.webp")).is_ok());
}
