//! Looks at the memory of the page's process, and orders a fresh one when `Renewal` says so. Gives back its own.

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
        let looked = tokio::task::spawn_blocking(|| {
            give_back_what_is_free();
            own_processes()
        });
        match looked.await {
            Ok(processes) => look(&kiosk, &processes),
            Err(error) => tracing::warn!(%error, "the memory cannot be looked at"),
        }
    }
}

/// glibc gives back by itself what is free at a heap's end. What choosing among thousands of photos took for a moment lies in
/// between: with 2,000 it was half of the heap.
fn give_back_what_is_free() {
    #[cfg(target_env = "gnu")]
    #[expect(unsafe_code, reason = "no safe binding has it")]
    // SAFETY: malloc_trim(3) is safe in threads, and touches only what is free.
    unsafe {
        libc::malloc_trim(0);
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
