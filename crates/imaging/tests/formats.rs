//! Every kind of picture a family has comes out upright, in its colours, and in the sizes asked for.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::Cursor;

use image::{ImageFormat, RgbImage};
use picup_imaging::{
    Fingerprint, Limits, MediaType, Metadata, Orientation, PREVIEW, Picture, Precision, Rendered,
    SCREEN_1080, THUMB, probe_still, probe_video, render,
};
use picup_testkit::photos::{self, Jpeg};
use rstest::rstest;
use turbojpeg::Subsamp;

const RED: [u8; 3] = [220, 30, 30];
const GREEN: [u8; 3] = [30, 190, 40];
const BLUE: [u8; 3] = [30, 40, 220];
const YELLOW: [u8; 3] = [220, 200, 30];

struct Shown {
    metadata: Metadata,
    thumb: RgbImage,
    renditions: Vec<Rendered>,
    fingerprint: Fingerprint,
}

fn show(bytes: &[u8]) -> Shown {
    let limits = Limits::default();
    let metadata = probe_still(bytes, &limits).unwrap();
    let wanted = [THUMB, PREVIEW, SCREEN_1080];
    let picture = Picture::decode(bytes, metadata.orientation, &limits, &wanted).unwrap();
    assert_eq!(picture.size(), (metadata.width, metadata.height), "probing and decoding agree on the size");
    let (renditions, fingerprint) = render(&picture, &wanted).unwrap();
    assert_eq!(fingerprint.perceptual_hash.len(), 16);
    assert!(!fingerprint.thumbhash.is_empty());
    let thumb = renditions.iter().find(|rendered| rendered.spec == THUMB).unwrap();
    let thumb = image::load_from_memory_with_format(&thumb.bytes, ImageFormat::WebP).unwrap().into_rgb8();
    Shown { metadata, thumb, renditions, fingerprint }
}

/// The colour in the middle of each corner's quarter, in reading order.
fn corners(picture: &RgbImage) -> [[u8; 3]; 4] {
    let (w, h) = picture.dimensions();
    [(1, 1), (3, 1), (1, 3), (3, 3)].map(|(x, y)| picture.get_pixel(w * x / 4, h * y / 4).0)
}

#[track_caller]
fn assert_colors(found: [[u8; 3]; 4], expected: [[u8; 3]; 4], tolerance: u8) {
    let near = |a: &[u8; 3], b: &[u8; 3]| a.iter().zip(b).all(|(a, b)| a.abs_diff(*b) <= tolerance);
    assert!(found.iter().zip(&expected).all(|(a, b)| near(a, b)), "{found:?} is not {expected:?}");
}

#[rstest]
fn failure_03_a_picture_taken_with_the_camera_held_in_any_way_stands_upright(
    #[values(1, 2, 3, 4, 5, 6, 7, 8)] orientation: u16,
) {
    let bytes = Jpeg::new(640, 400, 7).orientation(orientation).build();
    let shown = show(&bytes);
    assert_eq!((shown.metadata.width, shown.metadata.height), (640, 400));
    assert_eq!(shown.thumb.dimensions(), (320, 200));
    assert_colors(corners(&shown.thumb), [RED, GREEN, BLUE, YELLOW], 40);
}

#[rstest]
fn failure_03_real_files_in_all_eight_orientations_show_the_same_scene(
    #[values("landscape", "portrait")] scene: &str,
    #[values(2, 3, 4, 5, 6, 7, 8)] orientation: u16,
) {
    let upright = show(&photos::fixture(&format!("{scene}_1.jpg"))).thumb;
    let turned = show(&photos::fixture(&format!("{scene}_{orientation}.jpg"))).thumb;
    assert_eq!(turned.dimensions(), upright.dimensions());
    let difference = mean_difference(&upright, &turned);
    assert!(difference < 12.0, "{difference}");
}

#[rstest]
fn failure_03_a_photo_whose_sides_become_odd_stands_upright_in_its_colours(
    #[values((2000, 1332), (2000, 986))] (width, height): (u32, u32),
    #[values(1, 2, 3, 4, 5, 6, 7, 8)] orientation: u16,
) {
    let shown = show(&Jpeg::new(width, height, 3).quality(95).orientation(orientation).build());
    let plain = show(&photos::png(width, height, 3));
    assert!(shown.renditions.iter().any(|rendered| rendered.height % 2 == 1));
    for (made, expected) in shown.renditions.iter().zip(&plain.renditions) {
        let pixels = |bytes: &[u8]| image::load_from_memory(bytes).unwrap().into_rgb8();
        let difference = mean_difference(&pixels(&made.bytes), &pixels(&expected.bytes));
        assert!(difference < 3.0, "{}: {difference}", made.spec.name);
    }
}

#[rstest]
#[case::each_pixel(Subsamp::None)]
#[case::pairs(Subsamp::Sub2x1)]
#[case::pairs_above_each_other(Subsamp::Sub1x2)]
#[case::squares(Subsamp::Sub2x2)]
fn however_coarsely_colour_is_stored_the_photo_looks_the_same(#[case] colors: Subsamp) {
    let shown = show(&Jpeg::new(640, 400, 3).colors(colors).build()).thumb;
    let difference = mean_difference(&shown, &show(&photos::png(640, 400, 3)).thumb);
    assert!(difference < 3.0, "{difference}");
}

#[test]
fn a_photo_without_colour_stays_gray() {
    let shown = show(&Jpeg::new(640, 400, 3).colors(Subsamp::Gray).build()).thumb;
    assert!(shown.pixels().all(|pixel| pixel.0.iter().all(|sample| sample.abs_diff(pixel.0[0]) <= 2)));
}

#[rstest]
fn the_smallest_photos_are_shown(
    #[values((1, 1), (2, 1), (1, 2), (2, 2), (3, 5), (16, 16), (17, 33), (2, 3000))] (width, height): (
        u32,
        u32,
    ),
    #[values(1, 4, 6)] orientation: u16,
) {
    let shown = show(&Jpeg::new(width, height, 1).orientation(orientation).build());
    assert_eq!(shown.thumb.dimensions(), THUMB.fit((width, height)));
}

fn mean_difference(a: &RgbImage, b: &RgbImage) -> f64 {
    let sum: u64 = a.as_raw().iter().zip(b.as_raw()).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
    sum as f64 / a.as_raw().len() as f64
}

#[rstest]
#[case::png(ImageFormat::Png, MediaType::Png)]
#[case::webp(ImageFormat::WebP, MediaType::WebP)]
#[case::tiff(ImageFormat::Tiff, MediaType::Tiff)]
#[case::bmp(ImageFormat::Bmp, MediaType::Bmp)]
#[case::gif(ImageFormat::Gif, MediaType::Gif)]
#[case::jpeg(ImageFormat::Jpeg, MediaType::Jpeg)]
fn every_format_keeps_its_colours(#[case] format: ImageFormat, #[case] media: MediaType) {
    let shown = show(&photos::picture(format, 400, 300, 3));
    assert_eq!(shown.metadata.media_type, media);
    assert_colors(corners(&shown.thumb), [RED, GREEN, BLUE, YELLOW], 40);
}

#[rstest]
#[case::heic("heic.heic", MediaType::Heic)]
#[case::webp("webp.webp", MediaType::WebP)]
#[case::png("png.png", MediaType::Png)]
#[case::deep("png16.png", MediaType::Png)]
#[case::tiff("tiff.tif", MediaType::Tiff)]
#[case::bmp("bmp.bmp", MediaType::Bmp)]
#[case::gif("animated.gif", MediaType::Gif)]
#[case::inks("cmyk.jpg", MediaType::Jpeg)]
fn failure_03_real_files_of_every_format_are_shown(#[case] name: &str, #[case] media: MediaType) {
    let shown = show(&photos::fixture(name));
    assert_eq!(shown.metadata.media_type, media);
    let preview = shown.renditions.iter().find(|rendered| rendered.spec == PREVIEW).unwrap();
    let decoded = image::load_from_memory_with_format(&preview.bytes, ImageFormat::WebP).unwrap();
    assert_eq!((decoded.width(), decoded.height()), (preview.width, preview.height));
    assert_eq!(PREVIEW.fit((shown.metadata.width, shown.metadata.height)), (preview.width, preview.height));
}

#[test]
fn four_inks_look_like_the_same_picture_in_three_colours() {
    let inks = show(&photos::fixture("cmyk.jpg")).thumb;
    let colours = show(&photos::fixture("png.png")).thumb;
    assert_eq!(inks.dimensions(), colours.dimensions());
    let difference = mean_difference(&inks, &colours);
    assert!(difference < 30.0, "{difference}");
}

#[test]
fn sixteen_bits_a_sample_look_like_eight() {
    let deep = show(&photos::png16(320, 240, 5)).thumb;
    let shallow = show(&photos::png(320, 240, 5)).thumb;
    assert!(mean_difference(&deep, &shallow) < 1.0);
}

#[test]
fn of_an_animation_the_first_frame_is_shown() {
    let shown = show(&photos::animated_gif(200, 100, 9));
    assert_colors(corners(&shown.thumb), [RED, GREEN, BLUE, YELLOW], 60);
}

#[test]
fn what_is_transparent_becomes_white_on_the_screen_and_stays_clear_in_the_thumb() {
    let shown = show(&photos::transparent_png(400, 200, 2));
    let screen = shown.renditions.iter().find(|rendered| rendered.spec == SCREEN_1080).unwrap();
    let screen = image::load_from_memory_with_format(&screen.bytes, ImageFormat::Jpeg).unwrap().into_rgb8();
    assert_eq!(screen.get_pixel(350, 100).0, [255; 3]);
    let edge = screen.get_pixel(190, 50).0;
    assert_colors([edge; 4], [RED; 4], 40);
    let thumb = shown.renditions.iter().find(|rendered| rendered.spec == THUMB).unwrap();
    let thumb = image::load_from_memory_with_format(&thumb.bytes, ImageFormat::WebP).unwrap().into_rgba8();
    assert_eq!(thumb.get_pixel(300, 80).0[3], 0);
}

#[test]
fn failure_03_a_wide_gamut_picture_is_brought_to_srgb() {
    let profile = moxcms::ColorProfile::new_display_p3().encode().unwrap();
    let plain = photos::jpeg(320, 200, 4);
    let wide = with_profile(&plain, &profile);
    let (plain, wide) = (show(&plain).thumb, show(&wide).thumb);
    // The green of Display P3 lies outside sRGB: red and blue fall, green rises.
    let (before, after) = (plain.get_pixel(240, 50).0, wide.get_pixel(240, 50).0);
    assert!(after[0] + 10 < before[0] && after[1] >= before[1], "{before:?} became {after:?}");
}

/// The profile in two segments, as long ones are.
fn with_profile(jpeg: &[u8], profile: &[u8]) -> Vec<u8> {
    let halves = profile.split_at(profile.len() / 2);
    let segment = |number: u8, chunk: &[u8]| {
        let length = (2 + 14 + chunk.len()) as u16;
        [&[0xFF, 0xE2][..], &length.to_be_bytes(), b"ICC_PROFILE\0", &[number, 2], chunk].concat()
    };
    [&jpeg[..2], &segment(1, halves.0), &segment(2, halves.1), &jpeg[2..]].concat()
}

#[test]
fn a_24_megapixel_photo_is_decoded_no_larger_than_needed() {
    let bytes = Jpeg::new(6000, 4000, 1).quality(70).build();
    let shown = show(&bytes);
    assert_eq!((shown.metadata.width, shown.metadata.height), (6000, 4000));
    let screen = shown.renditions.iter().find(|rendered| rendered.spec == SCREEN_1080).unwrap();
    assert_eq!((screen.width, screen.height), (1620, 1080));
}

#[test]
fn a_picture_one_pixel_high_is_shown() {
    let shown = show(&photos::png(3000, 1, 1));
    assert_eq!(shown.thumb.dimensions(), (320, 1));
}

#[test]
fn pictures_that_look_alike_have_hashes_that_differ_in_few_bits() {
    let hash = |name: &str| {
        let shown = show(&photos::fixture(name));
        u64::from_str_radix(&shown.fingerprint.perceptual_hash, 16).unwrap()
    };
    let (one, again, other) = (hash("landscape_1.jpg"), hash("landscape_6.jpg"), hash("portrait_1.jpg"));
    assert!((one ^ again).count_ones() <= 6, "{one:016x} {again:016x}");
    assert!((one ^ other).count_ones() >= 16, "{one:016x} {other:016x}");
}

#[test]
fn date_place_and_camera_are_read() {
    for bytes in [photos::fixture("gps.jpg"), camera_jpeg()] {
        let metadata = probe_still(&bytes, &Limits::default()).unwrap();
        let taken = metadata.taken_at.unwrap();
        assert_eq!((taken.local.as_str(), taken.precision), ("2024-05-01T10:00:00", Precision::Exact));
        assert_eq!(taken.offset.as_deref(), Some("+09:00"));
        assert_eq!(metadata.camera.as_deref(), Some("Canon EOS R5"));
        let place = metadata.place.unwrap();
        assert!(
            (place.latitude - 37.5665).abs() < 0.001 && (place.longitude - 126.978).abs() < 0.001,
            "{place:?}"
        );
    }
}

fn camera_jpeg() -> Vec<u8> {
    let jpeg = Jpeg::new(64, 48, 1).taken("2024:05:01 10:00:00").offset("+09:00");
    jpeg.camera("Canon", "Canon EOS R5").place(37.5665, 126.978).orientation(6).build()
}

#[test]
fn an_iphone_heic_tells_its_date_and_stands_upright() {
    let shown = show(&photos::fixture("heic.heic"));
    assert!(shown.metadata.taken_at.is_some(), "{:?}", shown.metadata);
    assert!(shown.metadata.camera.is_some_and(|camera| camera.starts_with("Apple")));
    assert_eq!(shown.metadata.orientation, Orientation::Upright);
}

#[test]
fn an_avif_is_measured_without_its_decoder() {
    let metadata = probe_still(&photos::fixture("avif.avif"), &Limits::default()).unwrap();
    assert_eq!(metadata.media_type, MediaType::Avif);
    assert_eq!((metadata.width, metadata.height), (640, 427));
}

#[test]
fn a_video_tells_its_upright_size_length_and_date() {
    let video = |name: &str, media| probe_video(media, Cursor::new(photos::fixture(name))).unwrap();
    let plain = video("video.mp4", MediaType::Mp4);
    assert_eq!((plain.width, plain.height), (480, 320));
    assert!(plain.duration_seconds.is_some_and(|seconds| (seconds - 2.0).abs() < 0.1), "{plain:?}");
    assert_eq!(plain.taken_at.unwrap().local, "2024-05-01T10:00:00");
    let turned = video("video_rotated.mov", MediaType::QuickTime);
    assert_eq!((turned.width, turned.height), (320, 480));
}
