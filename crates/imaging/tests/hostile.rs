//! Broken and hostile files end in an error: no panic, no crash, no torn picture, bounded memory and time.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    io::Cursor,
    time::{Duration, Instant},
};

use image::ImageFormat;
use picup_imaging::{
    ImageErrorKind, Limits, MediaType, PREVIEW, Picture, SCREEN_1080, THUMB, probe_still, probe_video, render,
};
use picup_testkit::photos;
use rstest::rstest;

/// Pictures a decoder must survive being fed.
const MUTATIONS: u64 = 10_000;
const LIMITS: Limits = Limits { max_pixels: 4_000_000 };

fn show(bytes: &[u8]) -> Result<(), ImageErrorKind> {
    let metadata = probe_still(bytes, &LIMITS).map_err(|error| error.kind())?;
    let wanted = [THUMB, PREVIEW, SCREEN_1080];
    let picture =
        Picture::decode(bytes, metadata.orientation, &LIMITS, &wanted).map_err(|error| error.kind())?;
    render(&picture, &wanted).map(|_| ()).map_err(|error| error.kind())
}

#[test]
fn failure_30_a_few_bytes_that_claim_65535_by_65535_pixels_cost_nothing() {
    for (name, bytes) in photos::bombs() {
        let started = Instant::now();
        let refused = show(&bytes).unwrap_err();
        assert!(matches!(refused, ImageErrorKind::TooLarge | ImageErrorKind::Corrupt), "{name}: {refused:?}");
        assert!(started.elapsed() < Duration::from_secs(1), "{name} took {:?}", started.elapsed());
    }
}

#[test]
fn failure_03_a_truncated_photo_is_broken_and_not_half_grey() {
    for kept in [2, 3, 10, 30] {
        let whole = photos::jpeg(800, 600, kept);
        let cut = &whole[..whole.len() - whole.len() / kept as usize];
        assert_eq!(show(cut), Err(ImageErrorKind::Truncated), "1/{kept} is missing");
    }
    for format in [ImageFormat::Png, ImageFormat::WebP, ImageFormat::Tiff, ImageFormat::Bmp, ImageFormat::Gif]
    {
        let whole = photos::picture(format, 300, 200, 1);
        assert!(show(&whole[..whole.len() / 2]).is_err(), "{format:?}");
    }
}

#[test]
fn failure_03_a_zero_byte_file_is_told_apart() {
    assert_eq!(show(b""), Err(ImageErrorKind::Empty));
}

#[test]
fn failure_30_what_only_pretends_to_be_a_picture_is_unsupported() {
    for bytes in
        [&b"<svg xmlns='http://www.w3.org/2000/svg'/>"[..], b"#!/bin/sh\nrm -rf /", b"%PDF-1.7", b"\0\0\0\0"]
    {
        assert_eq!(show(bytes), Err(ImageErrorKind::Unsupported));
    }
}

#[test]
fn failure_30_malformed_exif_never_hides_a_good_picture() {
    let bytes = photos::Jpeg::new(64, 48, 1).taken("2024:05:01 10:00:00").orientation(6).build();
    let exif = bytes.windows(6).position(|six| six == b"Exif\0\0").unwrap() + 6;
    for seed in 0..MUTATIONS {
        let mut mutated = bytes.clone();
        let at = exif + (seed as usize * 7) % 90;
        mutated[at] = mutated[at].wrapping_add(1 + (seed % 255) as u8);
        assert_eq!(show(&mutated), Ok(()), "seed {seed}");
    }
}

#[rstest]
#[case::jpeg(photos::Jpeg::new(160, 120, 1).taken("2024:05:01 10:00:00").orientation(6).build())]
#[case::jpeg_inks(photos::fixture("tiny_cmyk.jpg"))]
#[case::png(photos::png(48, 32, 1))]
#[case::png_deep(photos::png16(48, 32, 1))]
#[case::webp(photos::picture(ImageFormat::WebP, 96, 64, 1))]
#[case::webp_lossy(lossy_webp())]
#[case::gif(photos::animated_gif(48, 32, 1))]
#[case::tiff(photos::picture(ImageFormat::Tiff, 48, 32, 1))]
#[case::bmp(photos::picture(ImageFormat::Bmp, 48, 32, 1))]
#[case::heic(small_heic())]
fn failure_30_ten_thousand_mutated_files_crash_no_decoder(#[case] bytes: Vec<u8>) {
    show(&bytes).expect("the file is good before it is mutated");
    let mut shown = 0;
    for seed in 0..MUTATIONS {
        let mutated = photos::mutate(&bytes, seed);
        // Printed by the runner when this process dies of a signal: the last line names the culprit.
        println!("seed {seed}");
        let started = Instant::now();
        shown += u64::from(show(&mutated).is_ok());
        assert!(started.elapsed() < Duration::from_secs(5), "seed {seed} took {:?}", started.elapsed());
    }
    assert!(shown < MUTATIONS, "the mutations change something");
}

#[rstest]
#[case::mp4("video.mp4", MediaType::Mp4)]
#[case::mov("video_rotated.mov", MediaType::QuickTime)]
fn failure_30_ten_thousand_mutated_movie_headers_crash_no_parser(
    #[case] name: &str,
    #[case] media: MediaType,
) {
    let bytes = photos::fixture(name);
    for seed in 0..MUTATIONS {
        println!("seed {seed}");
        drop(probe_video(media, Cursor::new(photos::mutate(&bytes, seed))));
    }
}

#[test]
fn failure_30_ten_thousand_mutated_avif_headers_crash_no_parser() {
    let bytes = photos::fixture("avif.avif");
    for seed in 0..MUTATIONS {
        println!("seed {seed}");
        drop(probe_still(&photos::mutate(&bytes, seed), &LIMITS));
    }
}

fn lossy_webp() -> Vec<u8> {
    let picture = photos::scene(96, 64, 1);
    webp::Encoder::from_rgb(picture.as_raw(), 96, 64).encode(80.0).to_vec()
}

/// A camera's file takes seconds to decode; the same decoder runs on a small one.
fn small_heic() -> Vec<u8> {
    let picture = photos::scene(96, 64, 1);
    heifer::encode_rgb8(
        96,
        64,
        picture.as_raw(),
        &heifer::EncodeOptions { quality: 60, ..Default::default() },
    )
    .unwrap()
}
