//! The one window: the whole panel, no cursor, no menu, no other page, no way out.

use picup_frame::Engine;
use tauri::{
    AppHandle, Url, WebviewUrl, WebviewWindow, WebviewWindowBuilder,
    webview::{Color, DownloadEvent, NewWindowResponse},
};
use webkit2gtk::{PermissionRequest, SettingsExt, WebProcessTerminationReason, WebView, WebViewExt};

use crate::kiosk::{Kiosk, page};

pub(crate) const LABEL: &str = "screen";
const SCREEN: &str = "frame.html";
/// What is seen before the page is: the dark of the room (`--room` in the screen's tokens).
const ROOM: Color = Color(0x17, 0x13, 0x10, 0xff);

pub(crate) fn open(app: &AppHandle, kiosk: &Kiosk) -> anyhow::Result<()> {
    let window = WebviewWindowBuilder::new(app, LABEL, WebviewUrl::App(SCREEN.into()))
        .title("Picup")
        .fullscreen(true)
        .decorations(false)
        .resizable(true)
        .closable(false)
        .minimizable(false)
        .always_on_top(true)
        .skip_taskbar(true)
        .focused(true)
        .background_color(ROOM)
        .data_directory(kiosk.web_data().to_owned())
        .devtools(cfg!(debug_assertions))
        .zoom_hotkeys_enabled(false)
        .disable_drag_drop_handler()
        .general_autofill_enabled(false)
        .initialization_script(where_videos_are(kiosk.engine()))
        .on_navigation(is_screen)
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .on_download(|_, event| !matches!(event, DownloadEvent::Requested { .. }))
        .build()?;
    window.set_cursor_visible(false)?;
    fill_panel(&window)?;
    let (app, kiosk) = (app.clone(), kiosk.clone());
    window.with_webview(move |view| settle(&view.inner(), app, kiosk))?;
    Ok(())
}

/// Ends the web process of a page that hangs; its end is then noticed like any other.
pub(crate) fn end_page(app: &AppHandle) {
    let Some(window) = page(app) else { return };
    if let Err(error) = window.with_webview(|view| view.inner().terminate_web_process()) {
        tracing::error!(%error, "the page cannot be ended");
    }
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

/// What only WebKitGTK itself can refuse, and the news that its web process is gone.
fn settle(view: &WebView, app: AppHandle, kiosk: Kiosk) {
    view.connect_context_menu(|_, _, _, _| true);
    view.connect_print(|_, _| true);
    view.connect_run_file_chooser(|_, _| true);
    view.connect_script_dialog(|_, _| true);
    view.connect_permission_request(|_, request| refuse_permission(request));
    view.connect_zoom_level_notify(keep_unzoomed);
    if let Some(settings) = WebViewExt::settings(view) {
        settings.set_enable_back_forward_navigation_gestures(false);
        settings.set_enable_page_cache(false);
        settings.set_media_playback_requires_user_gesture(false);
    }
    view.connect_web_process_terminated(move |view, reason| {
        tracing::warn!(reason = words(reason), "the web process is gone");
        kiosk.page_died(&app, || view.load_uri(&format!("tauri://localhost/{SCREEN}")));
    });
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

fn words(reason: WebProcessTerminationReason) -> &'static str {
    match reason {
        WebProcessTerminationReason::Crashed => "crashed or killed",
        WebProcessTerminationReason::ExceededMemoryLimit => "too much memory",
        WebProcessTerminationReason::TerminatedByApi => "ended because it hung",
        _ => "unknown",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_navigates_to_the_screen_and_nowhere_else() {
        let leads = |url: &str| is_screen(&url.parse().unwrap());
        assert!(leads("tauri://localhost/frame.html"));
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
