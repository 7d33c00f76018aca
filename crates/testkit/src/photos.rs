//! Pictures for tests, made in code: any size, orientation, date and seed; and files that are broken on purpose.
//!
//! Deterministic: the same arguments give the same bytes, another seed gives other bytes. The scene of every picture
//! is one: red top left, green top right, blue bottom left, yellow bottom right.

mod exif;

use std::{io::Cursor, path::PathBuf};

use image::{
    DynamicImage, ExtendedColorType, Frame, ImageBuffer, ImageEncoder, ImageFormat, Rgb, RgbImage,
    codecs::{gif::GifEncoder, png::PngEncoder},
    imageops,
};
use turbojpeg::{PixelFormat, Subsamp};

pub use exif::Exif;

/// The bytes of a file in `fixtures/`.
pub fn fixture(name: &str) -> Vec<u8> {
    let path = fixture_path(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

pub fn fixture_path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name)
}

/// An upright scene with a corner in each colour, and a texture that depends on the seed.
pub fn scene(width: u32, height: u32, seed: u64) -> RgbImage {
    let mut random = Random::new(seed);
    let tint: [u8; 64] = std::array::from_fn(|_| (random.next() % 24) as u8);
    ImageBuffer::from_fn(width, height, |x, y| {
        let corner = match (x < width / 2, y < height / 2) {
            (true, true) => [220, 30, 30],
            (false, true) => [30, 190, 40],
            (true, false) => [30, 40, 220],
            (false, false) => [220, 200, 30],
        };
        let shade = tint[(x / 8 % 8 + y / 8 % 8 * 8) as usize];
        Rgb(corner.map(|sample: u8| sample.saturating_add(shade)))
    })
}

/// A JPEG that is upright as stored and says nothing about itself.
pub fn jpeg(width: u32, height: u32, seed: u64) -> Vec<u8> {
    Jpeg::new(width, height, seed).build()
}

/// A JPEG as a camera writes it. Sizes are upright.
pub struct Jpeg {
    width: u32,
    height: u32,
    seed: u64,
    quality: u8,
    colors: Subsamp,
    exif: Exif,
}

impl Jpeg {
    pub fn new(width: u32, height: u32, seed: u64) -> Self {
        Self { width, height, seed, quality: 85, colors: Subsamp::Sub2x2, exif: Exif::default() }
    }

    /// EXIF's 1 to 8: the pixels are stored turned so that the picture stands upright when the number is obeyed.
    pub fn orientation(mut self, orientation: u16) -> Self {
        self.exif.orientation = Some(orientation);
        self
    }

    /// `2024:05:01 10:00:00`
    pub fn taken(mut self, local: &str) -> Self {
        self.exif.taken = Some(local.to_owned());
        self
    }

    /// `+09:00`
    pub fn offset(mut self, offset: &str) -> Self {
        self.exif.offset = Some(offset.to_owned());
        self
    }

    pub fn camera(mut self, make: &str, model: &str) -> Self {
        self.exif.camera = Some((make.to_owned(), model.to_owned()));
        self
    }

    /// Degrees.
    pub fn place(mut self, latitude: f64, longitude: f64) -> Self {
        self.exif.place = Some((latitude, longitude));
        self
    }

    pub fn quality(mut self, quality: u8) -> Self {
        self.quality = quality;
        self
    }

    /// How coarsely colour is stored; cameras write a quarter of the samples, or half.
    pub fn colors(mut self, colors: Subsamp) -> Self {
        self.colors = colors;
        self
    }

    pub fn build(self) -> Vec<u8> {
        let upright = scene(self.width, self.height, self.seed);
        let stored = store_turned(upright, self.exif.orientation.unwrap_or(1));
        let (width, height) = (stored.width() as usize, stored.height() as usize);
        let pixels = stored.as_raw().as_slice();
        let image = turbojpeg::Image { pixels, width, pitch: width * 3, height, format: PixelFormat::RGB };
        let bytes = turbojpeg::compress(image, self.quality.into(), self.colors).expect("a JPEG").to_vec();
        if self.exif == Exif::default() { bytes } else { self.exif.insert_into_jpeg(&bytes) }
    }
}

/// The pixels which orientation `number` turns into `upright`.
fn store_turned(upright: RgbImage, number: u16) -> RgbImage {
    match number {
        2 => imageops::flip_horizontal(&upright),
        3 => imageops::rotate180(&upright),
        4 => imageops::flip_vertical(&upright),
        5 => imageops::flip_horizontal(&imageops::rotate90(&upright)),
        6 => imageops::rotate270(&upright),
        7 => imageops::flip_horizontal(&imageops::rotate270(&upright)),
        8 => imageops::rotate90(&upright),
        _ => upright,
    }
}

/// PNG, WebP, TIFF, BMP or GIF of the scene.
pub fn picture(format: ImageFormat, width: u32, height: u32, seed: u64) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::ImageRgb8(scene(width, height, seed)).write_to(&mut bytes, format).expect("a picture");
    bytes.into_inner()
}

pub fn png(width: u32, height: u32, seed: u64) -> Vec<u8> {
    picture(ImageFormat::Png, width, height, seed)
}

/// Sixteen bits a sample.
pub fn png16(width: u32, height: u32, seed: u64) -> Vec<u8> {
    let deep = DynamicImage::ImageRgb8(scene(width, height, seed)).into_rgb16();
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::ImageRgb16(deep).write_to(&mut bytes, ImageFormat::Png).expect("a PNG");
    bytes.into_inner()
}

/// The left half opaque, the right half transparent with black behind.
pub fn transparent_png(width: u32, height: u32, seed: u64) -> Vec<u8> {
    let opaque = DynamicImage::ImageRgb8(scene(width, height, seed)).into_rgba8();
    let half = ImageBuffer::from_fn(width, height, |x, y| {
        if x < width / 2 { *opaque.get_pixel(x, y) } else { image::Rgba([0, 0, 0, 0]) }
    });
    let mut bytes = Vec::new();
    let encoder = PngEncoder::new(&mut bytes);
    encoder.write_image(half.as_raw(), width, height, ExtendedColorType::Rgba8).expect("a PNG");
    bytes
}

/// The scene, then two frames of it upside down.
pub fn animated_gif(width: u32, height: u32, seed: u64) -> Vec<u8> {
    let first = DynamicImage::ImageRgb8(scene(width, height, seed)).into_rgba8();
    let second = imageops::rotate180(&first);
    let mut bytes = Vec::new();
    let mut encoder = GifEncoder::new(&mut bytes);
    encoder.encode_frames([first, second.clone(), second].map(Frame::new)).expect("a GIF");
    drop(encoder);
    bytes
}

/// Four inks, as print shops send them.
pub fn cmyk_jpeg() -> Vec<u8> {
    fixture("cmyk.jpg")
}

/// A JPEG whose last half never arrived.
pub fn truncated_jpeg(width: u32, height: u32, seed: u64) -> Vec<u8> {
    let whole = jpeg(width, height, seed);
    whole[..whole.len() / 2].to_vec()
}

/// Files of a few hundred bytes that claim 65,535 x 65,535 pixels, with their names.
pub fn bombs() -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("bomb.jpg", bomb_jpeg()),
        ("bomb.png", bomb_png()),
        ("bomb.gif", bomb_gif()),
        ("bomb.bmp", bomb_bmp()),
    ]
}

fn bomb_jpeg() -> Vec<u8> {
    let mut bytes = jpeg(16, 16, 1);
    let frame = bytes.windows(2).position(|two| two == [0xFF, 0xC0]).expect("a frame header");
    bytes[frame + 5..frame + 9].fill(0xFF);
    bytes
}

fn bomb_png() -> Vec<u8> {
    let mut bytes = png(16, 16, 1);
    bytes[16..24].copy_from_slice(&[0, 0, 0xFF, 0xFF, 0, 0, 0xFF, 0xFF]);
    let check = crc32(&bytes[12..29]);
    bytes[29..33].copy_from_slice(&check.to_be_bytes());
    bytes
}

fn bomb_gif() -> Vec<u8> {
    let mut bytes = picture(ImageFormat::Gif, 16, 16, 1);
    bytes[6..10].fill(0xFF);
    bytes
}

fn bomb_bmp() -> Vec<u8> {
    let mut bytes = picture(ImageFormat::Bmp, 16, 16, 1);
    bytes[18..26].copy_from_slice(&[0xFF, 0xFF, 0, 0, 0xFF, 0xFF, 0, 0]);
    bytes
}

/// PNG's checksum; bit by bit, since it runs over seventeen bytes.
fn crc32(bytes: &[u8]) -> u32 {
    let step = |crc: u32| if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 };
    let absorb = |crc: u32, byte: &u8| (0..8).fold(crc ^ u32::from(*byte), |crc, _| step(crc));
    !bytes.iter().fold(!0, absorb)
}

/// The file with a few things wrong: bytes changed, cut out, repeated or cut off. The first bytes, which tell the
/// format, are mostly left alone so that the decoder sees the rest.
pub fn mutate(bytes: &[u8], seed: u64) -> Vec<u8> {
    let mut random = Random::new(seed);
    let mut mutated = bytes.to_vec();
    for _ in 0..1 + random.next() % 8 {
        if mutated.len() < 32 {
            break;
        }
        mutate_once(&mut mutated, &mut random);
    }
    mutated
}

fn mutate_once(bytes: &mut Vec<u8>, random: &mut Random) {
    let first = if random.next().is_multiple_of(32) { 0 } else { 12 };
    // Half of the changes go into the headers, where the lengths are.
    let last = if random.next().is_multiple_of(2) { bytes.len().min(512) } else { bytes.len() };
    let at = first + random.below(last - first);
    let until = (at + 1 + random.below(64)).min(bytes.len());
    match random.next() % 12 {
        0..=3 => bytes[at] = random.next() as u8,
        4 | 5 => bytes[at] ^= 1 << (random.next() % 8),
        6 => bytes[at] = 0xFF,
        7 => bytes[at] = 0,
        8 => bytes[at..until].fill(0xFF),
        9 => drop(bytes.drain(at..until)),
        10 => {
            let again = bytes[at..until].to_vec();
            bytes.splice(at..at, again);
        }
        _ => bytes.truncate(at.max(16)),
    }
}

/// SplitMix64, Steele et al. 2014: small, and the same on every machine.
struct Random(u64);

impl Random {
    fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0x5851_F42D_4C95_7F2D)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound.max(1) as u64) as usize
    }
}
