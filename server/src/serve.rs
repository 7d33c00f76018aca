//! The running server: listeners, workers, and an orderly end.

use std::{future::Future, net::SocketAddr, sync::Arc};

use anyhow::Context;
use axum::serve::ListenerExt;
use tokio::{
    net::TcpListener,
    signal::unix::{Signal, SignalKind, signal},
};

use crate::{App, config::Config, http, jobs, sampling};

/// Serves until SIGTERM or Ctrl-C. Then: not ready, no new connections, open requests and jobs finish.
pub async fn serve(config: Config) -> anyhow::Result<()> {
    let recorder = http::metrics::install()?;
    let app = App::build(config).await?;
    let public = bind(app.config.http.listen).await?;
    let admin = bind(app.config.http.admin_listen).await?;
    // Before anybody learns that there is a process to stop.
    let terminate = signal(SignalKind::terminate())?;
    announce(public.local_addr()?, admin.local_addr()?);
    let jobs = tokio::spawn(jobs::run(Arc::clone(&app)));
    let samples = tokio::spawn(sampling::run(Arc::clone(&app), recorder.clone()));
    let events = tokio::spawn(carry_events(Arc::clone(&app)));
    let admin = tokio::spawn(listen(admin, http::admin_router(Arc::clone(&app), recorder), Arc::clone(&app)));
    let public = tokio::spawn(listen(public, http::router(Arc::clone(&app)), Arc::clone(&app)));
    stop_signal(terminate).await?;
    tracing::info!("stopping");
    app.stopping.cancel();
    public.await??;
    admin.await??;
    jobs.await??;
    events.await?;
    samples.await?;
    app.close().await;
    tracing::info!("stopped");
    Ok(())
}

async fn bind(address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| format!("cannot listen on {address}"))
}

async fn carry_events(app: Arc<App>) {
    app.fanout.run(app.stopping.clone()).await;
}

fn listen(
    listener: TcpListener,
    router: axum::Router,
    app: Arc<App>,
) -> impl Future<Output = std::io::Result<()>> {
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    // A picture's head and its bytes are two writes: the second one does not wait until the first is acknowledged.
    let listener = listener.tap_io(|connection| {
        // Fails for a connection that is gone again.
        let _ = connection.set_nodelay(true);
    });
    axum::serve(listener, service)
        .with_graceful_shutdown(async move { app.stopping.cancelled().await })
        .into_future()
}

/// Scripts and tests wait for this line: it names the ports that were free.
#[expect(clippy::print_stdout, reason = "the ready line is this command's output")]
fn announce(public: SocketAddr, admin: SocketAddr) {
    let line = serde_json::json!({
        "ready": true, "listen": public.to_string(), "admin_listen": admin.to_string(),
    });
    println!("{line}");
    tracing::info!(%public, %admin, "serving");
}

async fn stop_signal(mut terminate: Signal) -> anyhow::Result<()> {
    tokio::select! {
        _ = terminate.recv() => {}
        pressed = tokio::signal::ctrl_c() => pressed?,
    }
    Ok(())
}
