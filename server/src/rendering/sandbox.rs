//! Takes away from this process, and from the tools it starts, all that decoding does not need.
//!
//! Limits are required. Landlock is best effort: kernels without it still have the limits, the timeout and the
//! separate process.

use std::path::Path;

use landlock::{
    ABI, Access, AccessFs, AccessNet, Ruleset, RulesetAttr, RulesetCreatedAttr, RulesetError,
    path_beneath_rules,
};
use rustix::{
    io,
    process::{Resource, Rlimit, Signal, nice, set_parent_process_death_signal, setrlimit},
};

use super::protocol::Bounds;

/// The largest file a decoder or a tool may write: an uncompressed poster of an 8K video fits.
const MAX_FILE_BYTES: u64 = 512 << 20;
const MAX_OPEN_FILES: u64 = 64;
const NICENESS: i32 = 10;

/// Where programs and their libraries lie.
const SYSTEM: [&str; 6] = ["/usr", "/lib", "/lib64", "/bin", "/etc/ld.so.cache", "/etc/alternatives"];
const DEVICES: [&str; 3] = ["/dev/null", "/dev/zero", "/dev/urandom"];

/// From here on this process reads `inputs`, writes below `output`, reaches no network, and stays within `bounds`.
pub fn enter(inputs: &[&Path], output: Option<&Path>, bounds: &Bounds) -> anyhow::Result<()> {
    // People wait for uploads and answers, not for pictures.
    nice(NICENESS)?;
    limit(bounds)?;
    // A kernel without Landlock is no error here; a rule that cannot be made is.
    confine(inputs, output)?;
    Ok(())
}

/// A server that dies takes its rendering processes along.
pub fn die_with_parent() -> io::Result<()> {
    set_parent_process_death_signal(Some(Signal::KILL))
}

fn limit(bounds: &Bounds) -> io::Result<()> {
    set(Resource::As, bounds.memory_mb << 20, 0)?;
    // The soft limit ends the process with SIGXCPU, which tells it from a kill by somebody else.
    set(Resource::Cpu, bounds.cpu_seconds, 2)?;
    set(Resource::Fsize, MAX_FILE_BYTES, 0)?;
    set(Resource::Nofile, MAX_OPEN_FILES, 0)?;
    set(Resource::Core, 0, 0)
}

fn set(resource: Resource, soft: u64, grace: u64) -> io::Result<()> {
    setrlimit(resource, Rlimit { current: Some(soft), maximum: Some(soft + grace) })
}

fn confine(inputs: &[&Path], output: Option<&Path>) -> Result<(), RulesetError> {
    let abi = ABI::V4;
    let read = AccessFs::from_read(abi);
    let devices = AccessFs::ReadFile | AccessFs::WriteFile;
    Ruleset::default()
        .handle_access(AccessFs::from_all(abi))?
        .handle_access(AccessNet::from_all(abi))?
        .create()?
        .add_rules(path_beneath_rules(SYSTEM, read))?
        .add_rules(path_beneath_rules(DEVICES, devices))?
        .add_rules(path_beneath_rules(inputs, AccessFs::ReadFile))?
        .add_rules(path_beneath_rules(output, AccessFs::from_all(abi)))?
        .restrict_self()?;
    Ok(())
}
