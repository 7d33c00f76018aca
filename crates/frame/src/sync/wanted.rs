//! Decides which files of the family's photos this frame wants, the most wanted first.
//!
//! Pure. Pictures come before moving pictures, so that nothing is missing while a long video is fetched.

use picup_api::photo::{Photo, PhotoKind, Rendition};

use super::plan::{FileKey, Sized};

/// Of the budget that one video may take.
const VIDEO_SHARE: u64 = 8;

/// `photos`: the most wanted first. `panel`: pixels.
pub(super) fn wanted_files(photos: &[Photo], panel: (u32, u32), budget: u64) -> Vec<Sized> {
    let pictures = photos.iter().filter_map(|photo| picture(photo, panel));
    let videos = photos.iter().filter(|photo| photo.kind == PhotoKind::Video).filter_map(|photo| {
        let key = FileKey { photo: photo.id, rendition: Rendition::Original };
        (photo.bytes <= budget / VIDEO_SHARE).then_some(Sized { key, bytes: photo.bytes })
    });
    pictures.chain(videos).collect()
}

fn picture(photo: &Photo, panel: (u32, u32)) -> Option<Sized> {
    let order = match is_beyond_full_hd(panel) {
        true => [Rendition::Screen2160, Rendition::Screen1080, Rendition::Preview],
        false => [Rendition::Screen1080, Rendition::Preview, Rendition::Thumb],
    };
    let rendition = order.into_iter().find(|name| photo.renditions.contains_key(name))?;
    let link = photo.renditions.get(&rendition)?;
    // Photos as JPEG take two to four bits a pixel.
    let bytes = (u64::from(link.width) * u64::from(link.height) * 2 / 5).max(64 << 10);
    Some(Sized { key: FileKey { photo: photo.id, rendition }, bytes })
}

/// A panel that stands upright is a panel that lies, turned.
fn is_beyond_full_hd((width, height): (u32, u32)) -> bool {
    width.max(height) > 1920 || width.min(height) > 1080
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panel_of_any_orientation_gets_no_more_than_it_can_show() {
        for (panel, beyond) in [
            ((1920, 1080), false),
            ((1080, 1920), false),
            ((1280, 800), false),
            ((3840, 2160), true),
            ((1920, 1200), true),
        ] {
            assert_eq!(is_beyond_full_hd(panel), beyond, "{panel:?}");
        }
    }
}
