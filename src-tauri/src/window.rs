//! The one window: the whole panel, no cursor, no menu, no other page, no way out.

use gtk::gdk::prelude::MonitorExt;
use picup_frame::Engine;
use tauri::{
    AppHandle, Url, WebviewUrl, WebviewWindow, WebviewWindowBuilder,
    webview::{Color, DownloadEvent, NewWindowResponse},
};
use tokio::sync::mpsc::UnboundedReceiver;
use webkit2gtk::{
    CacheModel, InputMethodContextExt, PermissionRequest, SettingsExt, WebContextExt, WebView, WebViewExt,
};

use crate::{
    hands,
    kiosk::Kiosk,
    page::{self, Order},
};

pub(crate) const LABEL: &str = "screen";
const SCREEN: &str = "frame.html";
/// What is seen before the page is: the dark of the room (`--room` in the screen's tokens).
const ROOM: Color = Color(0x17, 0x13, 0x10, 0xff);

pub(crate) fn open(app: &AppHandle, kiosk: &Kiosk, orders: UnboundedReceiver<Order>) -> anyhow::Result<()> {
    let window = WebviewWindowBuilder::new(app, LABEL, WebviewUrl::App(SCREEN.into()))
        .title("Picup")
        .fullscreen(true)
        // The toolkit takes a touch of the edge of any other window for the wish to make it larger.
        .maximized(true)
        .decorations(false)
        .resizable(true)
        .closable(false)
        .minimizable(false)
        .always_on_top(true)
        .skip_taskbar(true)
        .focused(true)
        .background_color(ROOM)
        .data_directory(kiosk.web_data())
        .devtools(cfg!(debug_assertions))
        .zoom_hotkeys_enabled(false)
        .disable_drag_drop_handler()
        .general_autofill_enabled(false)
        .initialization_script(where_videos_are(kiosk.engine()))
        .initialization_script(how_large_the_panel_is())
        .on_navigation(is_screen)
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .on_download(|_, event| !matches!(event, DownloadEvent::Requested { .. }))
        .build()?;
    window.set_cursor_visible(false)?;
    fill_panel(&window)?;
    let (app, kiosk) = (app.clone(), kiosk.clone());
    window.with_webview(move |view| {
        let view = view.inner();
        settle(&view);
        hands::guard(&view, kiosk.clone());
        page::keep(&view, app, kiosk, orders);
    })?;
    Ok(())
}

pub(crate) fn address_of_screen() -> &'static str {
    "tauri://localhost/frame.html"
}

/// The page reaches nothing but itself.
fn is_screen(url: &Url) -> bool {
    url.scheme() == "tauri"
        && url.host_str() == Some("localhost")
        && url.path().trim_start_matches('/') == SCREEN
}

/// Full-screen is the window manager's to grant; without one the window is made as large as the panel.
fn fill_panel(window: &WebviewWindow) -> tauri::Result<()> {
    if let Some(panel) = window.current_monitor()?.or(window.primary_monitor()?) {
        window.set_position(*panel.position())?;
        window.set_size(*panel.size())?;
    }
    Ok(())
}

/// `<video>` cannot play a custom scheme in WebKitGTK, so videos come from the engine's loopback server.
fn where_videos_are(engine: &Engine) -> String {
    let videos = serde_json::json!(engine.videos());
    format!("Object.defineProperty(window, 'picupVideos', {{ value: Object.freeze({videos}) }});")
}

/// In millimetres, as the panel tells; 0 where it does not.
fn how_large_the_panel_is() -> String {
    let display = gtk::gdk::Display::default();
    let panel = display.and_then(|display| display.primary_monitor().or_else(|| display.monitor(0)));
    let (width, height) = panel.map_or((0, 0), |panel| (panel.width_mm(), panel.height_mm()));
    let size = serde_json::json!({ "width": width, "height": height });
    format!("Object.defineProperty(window, 'picupPanel', {{ value: Object.freeze({size}) }});")
}

/// What only WebKitGTK itself can refuse.
fn settle(view: &WebView) {
    view.connect_context_menu(|_, _, _, _| true);
    view.connect_print(|_, _| true);
    view.connect_run_file_chooser(|_, _| true);
    view.connect_script_dialog(|_, _| true);
    view.connect_permission_request(|_, request| refuse_permission(request));
    view.connect_zoom_level_notify(keep_unzoomed);
    if let Some(settings) = WebViewExt::settings(view) {
        settings.set_enable_back_forward_navigation_gestures(false);
        settings.set_enable_page_cache(false);
        settings.set_enable_webgl(false);
        settings.set_media_playback_requires_user_gesture(false);
    }
    if let Some(context) = view.context() {
        // One page for ever: what it has shown is not kept in memory beside what it shows.
        context.set_cache_model(CacheModel::DocumentViewer);
    }
    if let Some(typing) = view.input_method_context() {
        // Hangul is composed of several keys, and has to be seen while it is.
        typing.set_enable_preedit(true);
    }
}

fn refuse_permission(request: &PermissionRequest) -> bool {
    use webkit2gtk::PermissionRequestExt;
    request.deny();
    true
}

fn keep_unzoomed(view: &WebView) {
    if (view.zoom_level() - 1.0).abs() > f64::EPSILON {
        view.set_zoom_level(1.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_navigates_to_the_screen_and_nowhere_else() {
        let leads = |url: &str| is_screen(&url.parse().unwrap());
        assert!(leads(address_of_screen()));
        for url in [
            "https://example.org/",
            "tauri://localhost/manager.html",
            "tauri://elsewhere/frame.html",
            "file:///etc/passwd",
            "photo://localhost/x",
            "about:blank",
        ] {
            assert!(!leads(url), "{url}");
        }
    }
}
