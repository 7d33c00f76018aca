//! The page's keeper: everything that is done to the web view after it was opened, on the window's own thread.
//!
//! Other threads send orders; each is begun at once, and one that waits for the page holds up no other.

use std::time::Duration;

use gtk::{cairo::ImageSurface, gdk, glib};
use tauri::AppHandle;
use tokio::sync::mpsc::UnboundedReceiver;
use webkit2gtk::{SnapshotOptions, SnapshotRegion, WebProcessTerminationReason, WebView, WebViewExt};

use crate::{
    cover::{Cover, picture_of_window},
    kiosk::Kiosk,
    transfers::Transfers,
    window::address_of_screen,
};

/// A page that hangs takes no picture of itself.
const PATIENCE: Duration = Duration::from_secs(4);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    /// End the web process of a page that hangs; its end is then noticed like any other.
    End,
    /// The same page again in a fresh web process, under the last picture.
    Renew,
    /// The page says that it has painted a picture.
    Painted,
    /// Take a picture of what is seen.
    Picture,
}

/// Keeps the page until the window is gone.
pub(crate) fn keep(view: &WebView, app: AppHandle, kiosk: Kiosk, mut orders: UnboundedReceiver<Order>) {
    let cover = Cover::of(view);
    come_back(view, &cover, app, kiosk.clone());
    let transfers = Transfers::of(view);
    let view = view.clone();
    let here = glib::MainContext::ref_thread_default();
    here.clone().spawn_local(async move {
        while let Some(order) = orders.recv().await {
            match order {
                Order::End => view.terminate_web_process(),
                Order::Renew => drop(here.spawn_local(renew(view.clone(), cover.clone(), kiosk.clone()))),
                Order::Painted => {
                    tell_covered(cover.page_painted());
                    transfers.begin();
                }
                Order::Picture => drop(here.spawn_local(give_picture(view.clone(), kiosk.clone()))),
            }
        }
    });
}

fn come_back(view: &WebView, cover: &Cover, app: AppHandle, kiosk: Kiosk) {
    let cover = cover.clone();
    view.connect_web_process_terminated(move |view, reason| {
        tracing::warn!(reason = words(reason), "the web process is gone");
        cover.keep_what_is_on();
        kiosk.page_died(&app, || view.load_uri(address_of_screen()));
    });
}

fn tell_covered(ended: bool) {
    if ended {
        tracing::info!("the new page has painted");
    }
}

async fn renew(view: WebView, cover: Cover, kiosk: Kiosk) {
    let picture = picture_of(&view).await;
    cover.put_on(picture);
    kiosk.page_will_end();
    view.terminate_web_process();
}

async fn give_picture(view: WebView, kiosk: Kiosk) {
    match picture_of(&view).await.and_then(|picture| jpeg_of(&picture)) {
        Some(Ok(jpeg)) => kiosk.engine().give_picture(jpeg),
        Some(Err(error)) => tracing::warn!(%error, "the picture of the screen cannot be written"),
        None => tracing::warn!("no picture of the screen can be taken"),
    }
}

fn jpeg_of(picture: &ImageSurface) -> Option<Result<Vec<u8>, glib::Error>> {
    // In the panel's own pixels.
    picture.set_device_scale(1.0, 1.0);
    let pixels = gdk::pixbuf_get_from_surface(picture, 0, 0, picture.width(), picture.height())?;
    Some(pixels.save_to_bufferv("jpeg", &[("quality", "92")]))
}

/// As the page paints itself; where it does not answer, what the panel holds.
async fn picture_of(view: &WebView) -> Option<ImageSurface> {
    let snapshot = view.snapshot_future(SnapshotRegion::Visible, SnapshotOptions::NONE);
    let taken = tokio::select! {
        taken = snapshot => taken.map_err(|error| tracing::warn!(%error, "the page takes no picture of itself")).ok(),
        () = glib::timeout_future(PATIENCE) => None,
    };
    taken.and_then(|surface| surface.try_into().ok()).or_else(|| picture_of_window(view))
}

fn words(reason: WebProcessTerminationReason) -> &'static str {
    match reason {
        WebProcessTerminationReason::Crashed => "crashed or killed",
        WebProcessTerminationReason::ExceededMemoryLimit => "too much memory",
        WebProcessTerminationReason::TerminatedByApi => "ended by the window",
        _ => "unknown",
    }
}
