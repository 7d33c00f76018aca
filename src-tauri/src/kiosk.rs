//! The kiosk: one window, one command, one event, and a watch over the page.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use anyhow::Context;
use picup_api::screen::ScreenCommand;
use picup_frame::{Engine, EngineErrorKind};
use serde::Serialize;
use tauri::{AppHandle, Emitter, RunEvent, State, WindowEvent};
use tokio::{
    signal::unix::{SignalKind, signal},
    sync::{
        broadcast::error::RecvError,
        mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
    },
};

use crate::{
    memory,
    options::WindowOptions,
    page::Order,
    photos,
    renewal::Renewal,
    stand_ins, surroundings,
    watch::{Life, Remedy, Watch},
    window,
};

/// Why the window is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// SIGTERM or SIGINT.
    Stopped,
    /// A child asked for a restart, or the page cannot be kept alive otherwise.
    StartAnew,
}

/// The exit code that Tauri's event loop carries from where an ending is decided to where it is acted on.
const START_ANEW: i32 = 75;
const LOOK_EVERY: Duration = Duration::from_secs(5);

#[derive(Clone)]
pub(crate) struct Kiosk {
    engine: Engine,
    data_dir: PathBuf,
    watch: Arc<Mutex<Watch>>,
    renewal: Arc<Mutex<Renewal>>,
    page: UnboundedSender<Order>,
}

/// A command the engine did not carry out.
#[derive(Serialize)]
struct Refusal {
    reason: &'static str,
}

/// Shows the screen until the program shall end.
pub(crate) fn show(engine: Engine, data_dir: PathBuf, options: WindowOptions) -> anyhow::Result<Ending> {
    let (kiosk, orders) = Kiosk::new(engine.clone(), data_dir, options);
    let app = tauri::Builder::default()
        .manage(kiosk.clone())
        .invoke_handler(tauri::generate_handler![screen])
        .register_asynchronous_uri_scheme_protocol("photo", move |_, request, responder| {
            photos::answer(&engine, &request, responder);
        })
        .setup(move |app| {
            window::open(app.handle(), &kiosk, orders)?;
            spawn_tasks(app.handle(), &kiosk, options);
            Ok(())
        })
        .build(tauri::generate_context!())
        .context("the window does not open")?;
    match app.run_return(refuse_to_close) {
        0 => Ok(Ending::Stopped),
        _ => Ok(Ending::StartAnew),
    }
}

#[tauri::command]
async fn screen(command: ScreenCommand, kiosk: State<'_, Kiosk>) -> Result<serde_json::Value, Refusal> {
    kiosk.sign_of_life();
    if matches!(command, ScreenCommand::Shown { .. }) {
        kiosk.painted();
    }
    kiosk.engine.run(command).await.map_err(|error| Refusal {
        reason: if error.kind() == EngineErrorKind::NotFound { "not_found" } else { "unavailable" },
    })
}

/// There is no way out of the frame: a closed window stays, and a destroyed one comes back.
fn refuse_to_close(app: &AppHandle, event: RunEvent) {
    match event {
        RunEvent::WindowEvent { event: WindowEvent::CloseRequested { api, .. }, .. } => api.prevent_close(),
        RunEvent::ExitRequested { api, code: None, .. } => {
            api.prevent_exit();
            app.exit(START_ANEW);
        }
        _ => {}
    }
}

/// Each ends with the program.
fn spawn_tasks(app: &AppHandle, kiosk: &Kiosk, options: WindowOptions) {
    tauri::async_runtime::spawn(forward_events(app.clone(), kiosk.engine.clone()));
    tauri::async_runtime::spawn(stop_on_signal(app.clone()));
    tauri::async_runtime::spawn(start_anew_when_asked(app.clone(), kiosk.engine.clone()));
    tauri::async_runtime::spawn(look_after_page(kiosk.clone()));
    tauri::async_runtime::spawn(memory::look_after(kiosk.clone(), options));
    tauri::async_runtime::spawn(take_pictures(kiosk.clone()));
}

async fn forward_events(app: AppHandle, engine: Engine) {
    let mut events = engine.events();
    loop {
        match events.recv().await {
            Ok(event) => {
                if let Err(error) = app.emit_to(window::LABEL, "screen", &event) {
                    tracing::warn!(%error, "the screen did not hear an event");
                }
            }
            // The page asks for the status every few seconds and finds what it missed.
            Err(RecvError::Lagged(missed)) => tracing::warn!(missed, "the screen is behind"),
            Err(RecvError::Closed) => return,
        }
    }
}

async fn stop_on_signal(app: AppHandle) {
    let signals =
        signal(SignalKind::terminate()).and_then(|term| Ok((term, signal(SignalKind::interrupt())?)));
    match signals {
        Ok((mut terminate, mut interrupt)) => {
            tokio::select! { _ = terminate.recv() => {}, _ = interrupt.recv() => {} }
            app.exit(0);
        }
        Err(error) => tracing::error!(%error, "signals cannot be heard"),
    }
}

async fn start_anew_when_asked(app: AppHandle, engine: Engine) {
    engine.restart_wanted().await;
    app.exit(START_ANEW);
}

/// Of the screen, whenever a child asks for one.
async fn take_pictures(kiosk: Kiosk) {
    let mut requests = kiosk.engine.picture_requests();
    while !matches!(requests.recv().await, Err(RecvError::Closed)) {
        kiosk.order(Order::Picture);
    }
}

async fn look_after_page(kiosk: Kiosk) {
    let mut tick = tokio::time::interval(LOOK_EVERY);
    loop {
        tick.tick().await;
        match kiosk.with_watch(|watch| watch.look(Instant::now())) {
            Life::Well => {}
            Life::PageHangs => {
                tracing::warn!("the page is silent: ending its process");
                kiosk.order(Order::End);
            }
            // The event loop does not turn any more, so it cannot be asked to end.
            Life::WindowHangs => {
                kiosk.engine.shutdown().await;
                tracing::error!(error = %surroundings::start_anew(), "the window hangs, and cannot be started anew");
            }
        }
    }
}

impl Kiosk {
    fn new(engine: Engine, data_dir: PathBuf, options: WindowOptions) -> (Self, UnboundedReceiver<Order>) {
        let now = Instant::now();
        let cap = options.web_memory_mib << 20;
        let (page, orders) = unbounded_channel();
        let watch = Arc::new(Mutex::new(Watch::new(options.silence_seconds, now)));
        let renewal = Arc::new(Mutex::new(Renewal::new(cap, options.memory_look_seconds, now)));
        (Self { engine, data_dir, watch, renewal, page }, orders)
    }

    pub(crate) fn engine(&self) -> &Engine {
        &self.engine
    }

    /// What the web view keeps for itself; nothing of value.
    pub(crate) fn web_data(&self) -> PathBuf {
        self.data_dir.join("web")
    }

    /// The page says so of a picture.
    fn painted(&self) {
        self.with_renewal(Renewal::painted);
        self.order(Order::Painted);
        stand_ins::end_trial(&self.data_dir);
    }

    /// Called on the window's thread when the web process is gone.
    pub(crate) fn page_died(&self, app: &AppHandle, reload: impl FnOnce()) {
        self.with_renewal(|renewal| renewal.renewed(Instant::now()));
        match self.with_watch(|watch| watch.died(Instant::now())) {
            Remedy::Reload => reload(),
            Remedy::StartAnew => {
                tracing::error!("the page died too often: starting anew");
                app.exit(START_ANEW);
            }
        }
    }

    /// The next end of the web process is wanted.
    pub(crate) fn page_will_end(&self) {
        self.with_watch(Watch::will_end);
    }

    /// Somebody is there.
    pub(crate) fn touched(&self) {
        self.with_renewal(|renewal| renewal.touched(Instant::now()));
    }

    pub(crate) fn order(&self, order: Order) {
        // Without a window there is no page any more.
        let _ = self.page.send(order);
    }

    pub(crate) fn with_renewal<T>(&self, act: impl FnOnce(&mut Renewal) -> T) -> T {
        act(&mut self.renewal.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn sign_of_life(&self) {
        self.with_watch(|watch| watch.sign_of_life(Instant::now()));
    }

    fn with_watch<T>(&self, act: impl FnOnce(&mut Watch) -> T) -> T {
        act(&mut self.watch.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
