//! Looks at the memory of the page's process, and orders a fresh one when `Renewal` says so.

use std::time::Instant;

use picup_frame::{ProcessMemory, own_processes};

use crate::{kiosk::Kiosk, options::WindowOptions, page::Order, renewal::Look};

/// `WebKitWebProcess`, as far as the kernel keeps a name.
const WEB_PROCESS: &str = "WebKitWebProces";

/// Ends with the program.
pub(crate) async fn look_after(kiosk: Kiosk, options: WindowOptions) {
    let mut tick = tokio::time::interval(options.memory_look_seconds);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tick.tick().await;
        match tokio::task::spawn_blocking(own_processes).await {
            Ok(processes) => look(&kiosk, &processes),
            Err(error) => tracing::warn!(%error, "the memory cannot be looked at"),
        }
    }
}

fn look(kiosk: &Kiosk, processes: &[ProcessMemory]) {
    let bytes = of_page(processes);
    let all_bytes: u64 = processes.iter().map(|process| process.pss_bytes).sum();
    tracing::debug!(page_bytes = bytes, all_bytes, "memory");
    let clock = kiosk.engine().local_time();
    let reason = kiosk.with_renewal(|renewal| renewal.look(Look { now: Instant::now(), clock, bytes }));
    if let Some(reason) = reason {
        tracing::info!(?reason, page_bytes = bytes, all_bytes, "the page gets a fresh process");
        kiosk.order(Order::Renew);
    }
}

fn of_page(processes: &[ProcessMemory]) -> u64 {
    let of_pages = processes.iter().filter(|process| process.name.starts_with(WEB_PROCESS));
    of_pages.map(|process| process.pss_bytes).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_process_of_the_page_counts_against_its_cap() {
        let process = |name: &str, pss_bytes| ProcessMemory { pid: 1, name: name.into(), pss_bytes };
        let all =
            [process("picup-kiosk", 90), process("WebKitWebProces", 70), process("WebKitNetworkPr", 20)];
        assert_eq!(of_page(&all), 70);
    }
}
