//! Decides which files of the family's photos this frame wants, the most wanted first.
//!
//! Pure. Pictures come before moving pictures, so that nothing is missing while a long video is fetched.

use picup_api::{
    PhotoId,
    photo::{Photo, PhotoKind, Rendition},
};

use super::plan::{FileKey, Sized};

/// Of the budget that one video may take.
const VIDEO_SHARE: u64 = 8;

/// All that is held of each of a family's photos while it is decided.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted {
    pub(super) photo: PhotoId,
    pub(super) hidden: bool,
    picture: Option<Sized>,
    video: Option<Sized>,
}

impl Wanted {
    /// `panel`: pixels.
    pub(super) fn of(photo: &Photo, panel: (u32, u32)) -> Self {
        let original = FileKey { photo: photo.id, rendition: Rendition::Original };
        let video = Sized { key: original, bytes: photo.bytes };
        Self {
            photo: photo.id,
            hidden: photo.hidden,
            picture: picture(photo, panel),
            video: (photo.kind == PhotoKind::Video).then_some(video),
        }
    }
}

/// `all`: the most wanted first.
pub(super) fn wanted_files(all: &[Wanted], budget: u64) -> Vec<Sized> {
    let pictures = all.iter().filter_map(|wanted| wanted.picture);
    let videos = all.iter().filter_map(|wanted| wanted.video);
    pictures.chain(videos.filter(|video| video.bytes <= budget / VIDEO_SHARE)).collect()
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
    use uuid::Uuid;

    use super::*;

    /// A video with its still picture, or, without `bytes`, a photo.
    fn wanted(n: u128, bytes: Option<u64>) -> Wanted {
        let photo = PhotoId(Uuid::from_u128(n));
        let file = |rendition, bytes| Sized { key: FileKey { photo, rendition }, bytes };
        Wanted {
            photo,
            hidden: false,
            picture: Some(file(Rendition::Preview, 10)),
            video: bytes.map(|bytes| file(Rendition::Original, bytes)),
        }
    }

    #[test]
    fn pictures_come_before_videos_and_no_video_takes_more_than_its_share() {
        let all = [wanted(1, Some(100)), wanted(2, Some(101)), wanted(3, None)];
        let [first, second, third] = all;
        let files = [first.picture, second.picture, third.picture, first.video].map(Option::unwrap);
        assert_eq!(wanted_files(&all, 800), files);
    }

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
