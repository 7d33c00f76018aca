//! The processes of the machine, as the kernel lists them.

use std::{ffi::OsString, fs};

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Process {
    pub(crate) pid: u32,
    pub(crate) parent: u32,
    /// At most fifteen bytes.
    pub(crate) name: String,
    /// Killed or done, and listed only until whoever started it has heard of its end.
    pub(crate) has_ended: bool,
}

pub(crate) fn running() -> Vec<Process> {
    let Ok(entries) = fs::read_dir("/proc") else { return Vec::new() };
    // Not `self` and `thread-self`, which are this process once more.
    let is_number = |name: OsString| name.as_encoded_bytes().iter().all(u8::is_ascii_digit);
    let processes = entries.flatten().filter(|entry| is_number(entry.file_name()));
    let stats = processes.filter_map(|entry| fs::read_to_string(entry.path().join("stat")).ok());
    stats.filter_map(|stat| parse_stat(&stat)).collect()
}

/// One that was killed counts as gone at once.
pub(crate) fn lives(pid: u32) -> bool {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    parse_stat(&stat).is_some_and(|process| !process.has_ended)
}

/// proc(5), `/proc/[pid]/stat`: `pid (name) state parent …`; the name may hold spaces and parentheses itself.
fn parse_stat(stat: &str) -> Option<Process> {
    let (pid, rest) = stat.split_once(" (")?;
    let (name, rest) = rest.rsplit_once(") ")?;
    let (state, rest) = rest.split_once(' ')?;
    let parent = rest.split(' ').next()?.parse().ok()?;
    let has_ended = matches!(state, "Z" | "X");
    Some(Process { pid: pid.parse().ok()?, parent, name: name.to_owned(), has_ended })
}

#[cfg(test)]
mod tests {
    use std::{process::Command, time::Duration};

    use super::*;

    #[test]
    fn a_name_with_parentheses_and_spaces_is_a_name() {
        let stat = "42 (a (b) c) S 7 42 42 0 -1 4194560 1 0";
        let expected = Process { pid: 42, parent: 7, name: "a (b) c".into(), has_ended: false };
        assert_eq!(parse_stat(stat), Some(expected));
        assert_eq!(parse_stat("garbage"), None);
    }

    #[test]
    fn a_process_that_was_killed_does_not_live_while_nobody_has_heard_of_its_end() {
        let mut process = Command::new("sleep").arg("600").spawn().unwrap();
        assert!(lives(process.id()));
        process.kill().unwrap();
        while lives(process.id()) {
            std::thread::sleep(Duration::from_millis(10));
        }
        assert!(running().iter().any(|it| it.pid == process.id() && it.has_ended), "it is still listed");
        process.wait().unwrap();
        assert!(!lives(process.id()));
    }
}
