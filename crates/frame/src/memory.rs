//! What the frame's processes take of the machine's memory.
//!
//! Rule: only what a process would give back if it ended counts, and its part of what it shares: PSS. Finding who
//! belongs to the program is pure; reading `/proc` is the thin rest.

use std::{collections::HashMap, fs};

use crate::process::{Process, running};

/// One process of this program: itself, or one that it or its children have started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProcessMemory {
    pub pid: u32,
    /// As the kernel keeps it: at most fifteen bytes.
    pub name: String,
    /// Zero for a process that has just ended.
    pub pss_bytes: u64,
}

/// Reads for some milliseconds: not for an async thread.
pub fn own_processes() -> Vec<ProcessMemory> {
    let mine = family_of(std::process::id(), running());
    mine.into_iter().map(measure).collect()
}

/// Bytes of all the program's processes together; `None` where the kernel does not tell.
pub(crate) fn all_bytes() -> Option<u64> {
    let bytes = own_processes().iter().map(|process| process.pss_bytes).sum();
    (bytes > 0).then_some(bytes)
}

fn measure(process: Process) -> ProcessMemory {
    let rollup = fs::read_to_string(format!("/proc/{}/smaps_rollup", process.pid)).unwrap_or_default();
    ProcessMemory { pid: process.pid, name: process.name, pss_bytes: parse_pss(&rollup).unwrap_or(0) }
}

/// `root` first, then everything below it.
fn family_of(root: u32, all: Vec<Process>) -> Vec<Process> {
    let mut children: HashMap<u32, Vec<Process>> = HashMap::new();
    let mut found = Vec::new();
    for process in all {
        if process.pid == root {
            found.push(process);
        } else {
            children.entry(process.parent).or_default().push(process);
        }
    }
    let mut at = 0;
    while at < found.len() {
        found.extend(children.remove(&found[at].pid).unwrap_or_default());
        at += 1;
    }
    found
}

/// The line `Pss:   1234 kB` of `smaps_rollup`, in bytes.
fn parse_pss(rollup: &str) -> Option<u64> {
    let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:"))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn process(pid: u32, parent: u32) -> Process {
        Process { pid, parent, name: "x".into(), has_ended: false }
    }

    #[test]
    fn a_program_is_itself_and_everything_below_it() {
        let all = vec![process(9, 7), process(1, 0), process(7, 5), process(5, 1), process(6, 1)];
        let pids: Vec<u32> = family_of(5, all).iter().map(|process| process.pid).collect();
        assert_eq!(pids, [5, 7, 9]);
        assert!(family_of(5, vec![process(7, 1)]).is_empty());
    }

    #[test]
    fn a_running_process_is_found_once() {
        let me = std::process::id();
        assert_eq!(running().iter().filter(|process| process.pid == me).count(), 1);
        assert_eq!(own_processes().iter().filter(|process| process.pid == me).count(), 1);
    }

    #[test]
    fn pss_is_told_in_bytes() {
        let rollup = "55-7f ---p 00 [rollup]\nRss:     1768 kB\nPss:      336 kB\nPss_Dirty: 116 kB\n";
        assert_eq!(parse_pss(rollup), Some(336 * 1024));
        assert_eq!(parse_pss(""), None);
    }

    #[test]
    fn this_very_program_takes_memory() {
        let mine = own_processes();
        assert_eq!(mine[0].pid, std::process::id());
        assert!(mine[0].pss_bytes > 1 << 20);
        // Not compared with each other: a process's part of shared pages changes whenever another begins or ends.
        assert!(all_bytes() > Some(1 << 20));
    }
}
