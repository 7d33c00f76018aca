//! Colour profiles to sRGB.
//!
//! A profile that cannot be read is as good as none: the picture is shown with the colours it has.

use moxcms::{ColorProfile, DataColorSpace, Layout, TransformOptions};
use turbojpeg::Image;

use crate::Raster;

/// Largest difference of a sample, out of 255, that nobody sees.
const INVISIBLE: u8 = 2;

/// Converts in place.
pub(crate) fn to_srgb(raster: &mut Raster, profile: &[u8]) {
    let Some(convert) = converter(profile, raster.has_alpha()) else { return };
    let row = raster.width() as usize * raster.channels();
    let mut converted = vec![0; row];
    for pixels in raster.samples_mut().chunks_exact_mut(row) {
        if convert(pixels, &mut converted) {
            pixels.copy_from_slice(&converted);
        }
    }
}

/// Whether [`to_srgb`] would change anything of a picture without alpha.
pub(crate) fn changes_colors(profile: &[u8]) -> bool {
    converter(profile, false).is_some()
}

type Convert = Box<dyn Fn(&[u8], &mut [u8]) -> bool>;

/// `None` when the profile is unreadable, not for RGB, or sRGB in all but name.
fn converter(profile: &[u8], alpha: bool) -> Option<Convert> {
    let profile = ColorProfile::new_from_slice(profile).ok()?;
    if profile.color_space != DataColorSpace::Rgb {
        return None;
    }
    let convert = transform(&profile, Layout::Rgb, Layout::Rgb)?;
    if changes_nothing(&convert) {
        return None;
    }
    if alpha { transform(&profile, Layout::Rgba, Layout::Rgba) } else { Some(convert) }
}

fn transform(profile: &ColorProfile, from: Layout, to: Layout) -> Option<Convert> {
    let srgb = ColorProfile::new_srgb();
    let transform = profile.create_transform_8bit(from, &srgb, to, TransformOptions::default()).ok()?;
    Some(Box::new(move |source, target| transform.transform(source, target).is_ok()))
}

/// Tries the transform on a grid of colours.
fn changes_nothing(convert: &Convert) -> bool {
    let step = |number: u32| (number * 51) as u8;
    let grid: Vec<u8> = (0..216).flat_map(|n| [step(n / 36), step(n / 6 % 6), step(n % 6)]).collect();
    let mut converted = vec![0; grid.len()];
    convert(&grid, &mut converted)
        && grid.iter().zip(&converted).all(|(before, after)| before.abs_diff(*after) <= INVISIBLE)
}

/// Four inks to sRGB. JPEGs with four inks come from Adobe's programs, which store them inverted.
pub(crate) fn inks_to_srgb(mut image: Image<Vec<u8>>, profile: Option<&[u8]>) -> Raster {
    let (width, height) = (image.width, image.height);
    let mut samples = vec![0; width * height * 3];
    let by_profile = profile.and_then(ink_converter);
    let converted = by_profile.is_some_and(|convert| {
        image.pixels.iter_mut().for_each(|sample| *sample = 255 - *sample);
        let mut rows = image.pixels.chunks_exact(width * 4).zip(samples.chunks_exact_mut(width * 3));
        let done = rows.all(|(inks, row)| convert(inks, row));
        if !done {
            image.pixels.iter_mut().for_each(|sample| *sample = 255 - *sample);
        }
        done
    });
    if !converted {
        samples = multiply_inks(&image.pixels);
    }
    Raster::rgb(width as u32, height as u32, samples)
}

fn ink_converter(profile: &[u8]) -> Option<Convert> {
    let profile = ColorProfile::new_from_slice(profile).ok()?;
    (profile.color_space == DataColorSpace::Cmyk).then(|| transform(&profile, Layout::Rgba, Layout::Rgb))?
}

/// Without a profile: light that passes the colour ink and the black one, both stored inverted.
fn multiply_inks(inks: &[u8]) -> Vec<u8> {
    let pass = |ink: u8, black: u8| ((u32::from(ink) * u32::from(black) + 127) / 255) as u8;
    inks.as_chunks::<4>().0.iter().flat_map(|&[c, m, y, k]| [pass(c, k), pass(m, k), pass(y, k)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_that_is_srgb_in_all_but_name_is_not_applied() {
        let profile = ColorProfile::new_srgb().encode().unwrap();
        assert!(converter(&profile, false).is_none());
    }

    #[test]
    fn rubbish_in_place_of_a_profile_changes_nothing() {
        let mut raster = Raster::rgb(1, 1, vec![200, 30, 40]);
        to_srgb(&mut raster, b"not a profile");
        assert_eq!(raster.pixel(0, 0), [200, 30, 40]);
    }
}
