//! What a picture looks like at a glance: a quiet colour for the mat around it, and where the eye goes first.
//!
//! Both are read from a copy of a few dozen pixels; a face is not searched for.

use crate::{Picture, Raster, error::Result, rendition};

/// The longest side of the copy: enough for what is seen at a glance.
const SIDE: u32 = 48;
const HUES: usize = 24;
/// Mean difference between a pixel's strongest and weakest colour below which a picture counts as black and white.
const COLOURLESS: f32 = 12.0;
const MAT_LIGHTNESS: f32 = 0.87;
const MAT_SATURATION: (f32, f32) = (0.12, 0.34);
/// Old paper, around a picture without colours.
const PAPER: [u8; 3] = [0xe4, 0xdd, 0xd0];

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Look {
    /// sRGB; always light, so that dark ink can be read on it.
    pub mat: [u8; 3],
    /// From the left and from the top of the upright picture, each 0 to 1.
    pub focus: (f32, f32),
}

/// # Errors
/// As [`crate::render`]: a picture without pixels.
pub fn look(picture: &Picture) -> Result<Look> {
    let (width, height) = picture.size();
    let longest = width.max(height).max(1) as f32;
    let side = |length: u32| ((length as f32 * SIDE as f32 / longest).round() as u32).clamp(1, SIDE);
    let small = rendition::small(picture, (side(width), side(height)))?.on_white();
    Ok(Look { mat: mat_of(&small), focus: focus_of(&small) })
}

/// The hue that most of the picture's colour has, as a light tint.
fn mat_of(small: &Raster) -> [u8; 3] {
    let mut weights = [0.0_f32; HUES];
    let mut chroma_sum = 0.0;
    for pixel in pixels(small) {
        let (hue, chroma) = hue_and_chroma(pixel);
        weights[(hue * HUES as f32) as usize % HUES] += chroma;
        chroma_sum += chroma;
    }
    let chroma = chroma_sum / (small.width() * small.height()) as f32;
    if chroma < COLOURLESS {
        return PAPER;
    }
    // Neighbours count half, so that a hue on the border of two bins is not overlooked.
    let smoothed =
        |at: usize| weights[at] + (weights[(at + 1) % HUES] + weights[(at + HUES - 1) % HUES]) / 2.0;
    let strongest = (0..HUES).max_by(|a, b| smoothed(*a).total_cmp(&smoothed(*b))).unwrap_or(0);
    let saturation = (chroma / 255.0).clamp(MAT_SATURATION.0, MAT_SATURATION.1);
    from_hsl((strongest as f32 + 0.5) / HUES as f32, saturation, MAT_LIGHTNESS)
}

/// The middle of what stands out from the picture's mean colour: Achanta and others, "Frequency-tuned salient region
/// detection", CVPR 2009; on opponent colours, and drawn towards the middle, where people are.
fn focus_of(small: &Raster) -> (f32, f32) {
    let colours: Vec<[f32; 3]> = pixels(small).map(opponent).collect();
    let mean =
        std::array::from_fn(|i| colours.iter().map(|colour| colour[i]).sum::<f32>() / colours.len() as f32);
    let (mut total, mut x_sum, mut y_sum) = (f32::MIN_POSITIVE, 0.0, 0.0);
    for (place, colour) in colours.iter().enumerate() {
        let x = (place as u32 % small.width()) as f32 + 0.5;
        let y = (place as u32 / small.width()) as f32 + 0.5;
        let (x, y) = (x / small.width() as f32, y / small.height() as f32);
        // The square lets a small bright thing win over a large pale one.
        let weight = difference(*colour, mean).powi(2) * (1.2 - (x - 0.5).hypot(y - 0.5));
        (total, x_sum, y_sum) = (total + weight, x_sum + x * weight, y_sum + y * weight);
    }
    if total < 1.0 { (0.5, 0.5) } else { (x_sum / total, y_sum / total) }
}

fn pixels(raster: &Raster) -> impl Iterator<Item = [u8; 3]> {
    (0..raster.height()).flat_map(move |y| (0..raster.width()).map(move |x| raster.pixel(x, y)))
}

fn opponent([r, g, b]: [u8; 3]) -> [f32; 3] {
    let (r, g, b) = (f32::from(r), f32::from(g), f32::from(b));
    [(r + g + b) / 3.0, r - g, (r + g) / 2.0 - b]
}

fn difference(a: [f32; 3], b: [f32; 3]) -> f32 {
    a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum::<f32>().sqrt()
}

/// Hue as a share of the circle, chroma 0 to 255.
fn hue_and_chroma([r, g, b]: [u8; 3]) -> (f32, f32) {
    let (r, g, b) = (f32::from(r), f32::from(g), f32::from(b));
    let (high, low) = (r.max(g).max(b), r.min(g).min(b));
    let chroma = high - low;
    if chroma == 0.0 {
        return (0.0, 0.0);
    }
    let sixth = match high {
        _ if high == r => (g - b) / chroma,
        _ if high == g => (b - r) / chroma + 2.0,
        _ => (r - g) / chroma + 4.0,
    };
    ((sixth / 6.0).rem_euclid(1.0), chroma)
}

/// CSS Color 4, section 7.1.
fn from_hsl(hue: f32, saturation: f32, lightness: f32) -> [u8; 3] {
    let amplitude = saturation * lightness.min(1.0 - lightness);
    [0.0, 8.0, 4.0].map(|n: f32| {
        let k = (n + hue * 12.0).rem_euclid(12.0);
        let value = lightness - amplitude * (k - 3.0).min(9.0 - k).clamp(-1.0, 1.0);
        (value * 255.0).round() as u8
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn painted(colour: impl Fn(u32, u32) -> [u8; 3]) -> Raster {
        let samples = (0..32).flat_map(|y| (0..48).map(move |x| (x, y))).flat_map(|(x, y)| colour(x, y));
        Raster::rgb(48, 32, samples.collect())
    }

    #[test]
    fn a_mat_has_the_hue_of_the_photo_and_is_light() {
        let meadow = painted(|_, y| if y < 8 { [200, 210, 230] } else { [40, 140, 50] });
        let [r, g, b] = mat_of(&meadow);
        assert!(g > r && g > b, "{r} {g} {b}");
        let sea = painted(|x, _| if x < 40 { [20, 60, 160] } else { [190, 170, 120] });
        let [r, g, b] = mat_of(&sea);
        assert!(b > r && b >= g, "{r} {g} {b}");
        assert!(r > 190, "light enough for dark ink");
    }

    #[test]
    fn an_old_print_gets_paper() {
        assert_eq!(mat_of(&painted(|x, y| [(x + y) as u8 * 3; 3])), PAPER);
    }

    #[test]
    fn the_eye_goes_to_what_stands_out() {
        let kite = painted(|x, y| if x > 38 && y < 8 { [230, 40, 30] } else { [150, 180, 220] });
        let (x, y) = focus_of(&kite);
        assert!(x > 0.75 && y < 0.3, "{x} {y}");
    }

    #[test]
    fn a_plain_picture_is_looked_at_in_its_middle() {
        assert_eq!(focus_of(&painted(|_, _| [90, 90, 90])), (0.5, 0.5));
    }

    #[test]
    fn hsl_agrees_with_its_known_colours() {
        assert_eq!(from_hsl(0.0, 1.0, 0.5), [255, 0, 0]);
        assert_eq!(from_hsl(1.0 / 3.0, 1.0, 0.5), [0, 255, 0]);
        assert_eq!(from_hsl(0.6, 0.0, 0.5), [128, 128, 128]);
    }
}
