//! Gives back the memory in which frames go to X, once the panel is still.
//!
//! Cairo hands X each frame in memory both of them see. It keeps as much as ever was on its way at once, some frames of a
//! fade with megabytes each, and lets go of it only when it finds all of it unused as a surface is given back: so one is
//! taken and given back. On Wayland there is none of this.

use std::{cell::Cell, rc::Rc, time::Duration};

use gtk::{cairo::Format, glib, prelude::WidgetExt};
use webkit2gtk::WebView;

/// A picture has faded in by then, and the next one has not begun.
const STILL: Duration = Duration::from_secs(2);
/// Pixels; a few suffice: what counts is that something is given back.
const SIDE: i32 = 64;

#[derive(Clone)]
pub(crate) struct Transfers {
    view: WebView,
    pictures: Rc<Cell<u64>>,
}

impl Transfers {
    pub(crate) fn of(view: &WebView) -> Self {
        Self { view: view.clone(), pictures: Rc::default() }
    }

    /// Another picture comes on.
    pub(crate) fn begin(&self) {
        let picture = self.pictures.get() + 1;
        self.pictures.set(picture);
        let this = self.clone();
        glib::timeout_add_local_once(STILL, move || {
            if this.pictures.get() == picture {
                this.give_back();
            }
        });
    }

    fn give_back(&self) {
        if let Some(window) = self.view.window() {
            // Only now cairo knows that X has taken the last frame.
            window.display().sync();
            drop(window.create_similar_image_surface(Format::Rgb24, SIDE, SIDE, 1));
        }
    }
}
