//! Which touches, buttons and wheels reach the page: one finger at a time, and the first button.
//!
//! Refused before WebKitGTK sees them, so its own gestures (pinch, two-finger swipe, the menu of a second button,
//! opening by a middle button, back and forward by a mouse's side buttons) never begin, and the toolkit does not resize
//! the window by its edges. Deciding is pure.

use std::{
    cell::RefCell,
    time::{Duration, Instant},
};

use gtk::{gdk, glib::Propagation, prelude::*};
use webkit2gtk::WebView;

use crate::kiosk::Kiosk;

/// The end of a finger that has not moved for this long got lost: the next one counts instead.
const RESTING: Duration = Duration::from_secs(30);
/// The end of a touch this old got lost.
const LOST: Duration = Duration::from_secs(600);
/// Pixels in which the toolkit begins to make a window larger that has no border to do it by, and one more.
const EDGE: f64 = 6.0;
/// Pixels within which a finger has not moved.
const STILL: f64 = 12.0;

pub(crate) fn guard(view: &WebView, kiosk: Kiosk) {
    let finger = RefCell::new(OneFinger::default());
    view.connect_event(move |view, event| {
        if is_touch(event) {
            kiosk.touched();
        }
        let welcome = !resizes(view, event) && is_welcome(event, &mut finger.borrow_mut());
        tracing::trace!(kind = ?event.event_type(), sequence = ?event.event_sequence(), welcome, "a hand");
        if welcome { Propagation::Proceed } else { Propagation::Stop }
    });
    // Nothing can be dropped on the page.
    view.drag_dest_unset();
}

/// Where there is no window manager, nothing is ever maximized: there the edge itself is refused.
fn resizes(view: &WebView, event: &gdk::Event) -> bool {
    use gdk::EventType::{ButtonPress, TouchBegin, TouchUpdate};
    let (x, y) = event.coords().unwrap_or((f64::MAX, f64::MAX));
    let (width, height) = (f64::from(view.allocated_width()), f64::from(view.allocated_height()));
    matches!(event.event_type(), ButtonPress | TouchBegin | TouchUpdate)
        && is_on_edge((x, y), (width, height))
}

fn is_on_edge((x, y): (f64, f64), (width, height): (f64, f64)) -> bool {
    x <= EDGE || y <= EDGE || x >= width - EDGE || y >= height - EDGE
}

fn is_touch(event: &gdk::Event) -> bool {
    use gdk::EventType::{ButtonPress, KeyPress, TouchBegin};
    matches!(event.event_type(), ButtonPress | TouchBegin | KeyPress)
}

fn is_welcome(event: &gdk::Event, finger: &mut OneFinger<gdk::EventSequence>) -> bool {
    use gdk::EventType as Kind;
    let (at, now) = (event.coords().unwrap_or_default(), Instant::now());
    match (event.event_type(), event.event_sequence()) {
        (Kind::TouchBegin, Some(sequence)) => finger.begins(sequence, at, now),
        (Kind::TouchUpdate, Some(sequence)) => finger.moves(&sequence, at, now),
        (Kind::TouchEnd | Kind::TouchCancel, Some(sequence)) => finger.ends(&sequence),
        (Kind::TouchpadPinch | Kind::TouchpadSwipe, _) => false,
        (Kind::ButtonPress | Kind::DoubleButtonPress | Kind::TripleButtonPress | Kind::ButtonRelease, _) => {
            event.button() == Some(1)
        }
        (Kind::Scroll, _) => !event.state().unwrap_or_else(gdk::ModifierType::empty).intersects(ZOOMING),
        _ => true,
    }
}

const ZOOMING: gdk::ModifierType = gdk::ModifierType::CONTROL_MASK;

/// The fingers the page knows of: the last one counts.
struct OneFinger<S> {
    known: Vec<Finger<S>>,
}

struct Finger<S> {
    sequence: S,
    at: (f64, f64),
    moved: Instant,
}

impl<S> Default for OneFinger<S> {
    fn default() -> Self {
        Self { known: Vec::new() }
    }
}

impl<S: PartialEq> OneFinger<S> {
    fn begins(&mut self, sequence: S, at: (f64, f64), now: Instant) -> bool {
        self.known.retain(|finger| now.duration_since(finger.moved) < LOST);
        let busy = self.known.last().is_some_and(|finger| now.duration_since(finger.moved) < RESTING);
        if !busy {
            self.known.push(Finger { sequence, at, moved: now });
        }
        !busy
    }

    fn moves(&mut self, sequence: &S, at: (f64, f64), now: Instant) -> bool {
        let Some(finger) = self.known.last_mut().filter(|finger| finger.sequence == *sequence) else {
            return false;
        };
        if (at.0 - finger.at.0).hypot(at.1 - finger.at.1) > STILL {
            (finger.at, finger.moved) = (at, now);
        }
        true
    }

    /// Told of every finger that was let through, also of one that gave way: WebKit would believe it to be there for
    /// ever. Never of one that was not: WebKit takes its end for another's.
    fn ends(&mut self, sequence: &S) -> bool {
        let before = self.known.len();
        self.known.retain(|finger| finger.sequence != *sequence);
        self.known.len() < before
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(start: Instant, milliseconds: u64) -> Instant {
        start + Duration::from_millis(milliseconds)
    }

    #[test]
    fn the_edge_is_as_narrow_as_a_line() {
        let panel = (1280.0, 800.0);
        assert!(is_on_edge((1.0, 400.0), panel) && is_on_edge((600.0, 798.0), panel));
        assert!(!is_on_edge((7.0, 400.0), panel) && !is_on_edge((1270.0, 790.0), panel));
    }

    #[test]
    fn a_second_finger_never_reaches_the_page() {
        let (start, mut hand) = (Instant::now(), OneFinger::default());
        assert!(hand.begins("first", (0.0, 0.0), start));
        assert!(!hand.begins("second", (99.0, 0.0), after(start, 40)));
        assert!(!hand.moves(&"second", (50.0, 0.0), after(start, 80)));
        assert!(hand.moves(&"first", (20.0, 0.0), after(start, 90)));
        assert!(!hand.ends(&"second"), "what has not begun does not end");
        assert!(hand.ends(&"first"));
        assert!(hand.begins("third", (0.0, 0.0), after(start, 200)));
    }

    #[test]
    fn a_finger_that_never_ends_gives_way() {
        let (start, mut hand) = (Instant::now(), OneFinger::default());
        assert!(hand.begins("thumb", (2.0, 300.0), start));
        assert!(hand.moves(&"thumb", (4.0, 303.0), after(start, 9_000)), "a thumb trembles");
        assert!(!hand.begins("early", (640.0, 400.0), after(start, 29_000)));
        assert!(hand.begins("finger", (640.0, 400.0), after(start, 30_000)));
        assert!(!hand.moves(&"thumb", (9.0, 300.0), after(start, 30_100)));
        assert!(hand.moves(&"finger", (660.0, 400.0), after(start, 30_200)));
        assert!(hand.ends(&"finger") && hand.ends(&"thumb"), "the page hears of both ends");
    }

    #[test]
    fn a_touch_whose_end_got_lost_does_not_deafen_the_panel() {
        let (start, mut hand) = (Instant::now(), OneFinger::default());
        assert!(hand.begins(1, (0.0, 0.0), start));
        assert!(hand.begins(2, (500.0, 0.0), after(start, 30_000)));
    }
}
