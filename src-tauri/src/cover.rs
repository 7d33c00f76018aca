//! Keeps the last picture on the panel while the page behind it is exchanged.
//!
//! Painted after the web view has painted itself: the new page is drawn underneath all the time, so nothing waits for
//! a widget that is hidden, and taking the cover off is one frame.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    time::Duration,
};

use gtk::{
    cairo::{self, Format, ImageSurface},
    glib,
    prelude::*,
};
use webkit2gtk::{LoadEvent, WebView, WebViewExt};

/// A page with nothing to paint, such as one that waits to be paired, never says that it has.
const LONGEST: Duration = Duration::from_secs(20);

#[derive(Clone)]
pub(crate) struct Cover {
    view: WebView,
    shown: Rc<RefCell<Option<ImageSurface>>>,
    /// Whether the new page has begun: what the old one said last counts for nothing.
    new_page: Rc<Cell<bool>>,
    /// Counts covers, so that each is taken off by its own clock only.
    number: Rc<Cell<u64>>,
}

impl Cover {
    pub(crate) fn of(view: &WebView) -> Self {
        let cover =
            Self { view: view.clone(), shown: Rc::default(), new_page: Rc::default(), number: Rc::default() };
        let shown = cover.shown.clone();
        view.connect_local("draw", true, move |values| {
            let paper = values.get(1).and_then(|value| value.get::<cairo::Context>().ok());
            if let (Some(paper), Some(picture)) = (paper, &*shown.borrow())
                && let Err(error) = paint(&paper, picture)
            {
                tracing::warn!(%error, "the last picture cannot be painted");
            }
            Some(false.to_value())
        });
        let new_page = cover.new_page.clone();
        view.connect_load_changed(move |_, event| {
            if event == LoadEvent::Committed {
                new_page.set(true);
            }
        });
        cover
    }

    /// `None` where no picture could be taken: the web view's own dark colour has to do.
    pub(crate) fn put_on(&self, picture: Option<ImageSurface>) {
        *self.shown.borrow_mut() = picture;
        self.new_page.set(false);
        self.number.set(self.number.get() + 1);
        self.view.queue_draw();
        let (cover, number) = (self.clone(), self.number.get());
        glib::timeout_add_local_once(LONGEST, move || {
            if cover.number.get() == number {
                cover.take_off();
            }
        });
    }

    /// For a web process that ended unasked: what it painted last is on the panel still.
    pub(crate) fn keep_what_is_on(&self) {
        let covered = self.shown.borrow().is_some();
        let picture = if covered { self.shown.borrow().clone() } else { picture_of_window(&self.view) };
        self.put_on(picture);
    }

    /// The page has painted something. True when that ended a cover.
    pub(crate) fn page_painted(&self) -> bool {
        let ends = self.shown.borrow().is_some() && self.new_page.get();
        if ends {
            self.take_off();
        }
        ends
    }

    fn take_off(&self) {
        if self.shown.borrow_mut().take().is_some() {
            self.view.queue_draw();
        }
    }
}

/// Over the whole of what `paper` may paint on, which is the web view.
fn paint(paper: &cairo::Context, picture: &ImageSurface) -> Result<(), cairo::Error> {
    let (left, top, right, bottom) = paper.clip_extents()?;
    paper.rectangle(left, top, right - left, bottom - top);
    paper.clip();
    paper.set_source_surface(picture, 0.0, 0.0)?;
    paper.paint()
}

/// What the window's own surface holds; not every display gives it back.
pub(crate) fn picture_of_window(view: &WebView) -> Option<ImageSurface> {
    let window = view.window()?;
    let scale = window.scale_factor();
    // Of this program's memory: what is shared with the display is never given back.
    let picture =
        ImageSurface::create(Format::Rgb24, window.width() * scale, window.height() * scale).ok()?;
    picture.set_device_scale(scale.into(), scale.into());
    let paper = cairo::Context::new(&picture).ok()?;
    paper.set_source_window(&window, 0.0, 0.0);
    paper.paint().ok()?;
    drop(paper);
    Some(picture)
}
