//! What the window is told beside the frame's own flags.

use std::time::Duration;

#[derive(Clone, Copy, Debug, clap::Args)]
pub(crate) struct WindowOptions {
    /// The page's process is exchanged for a fresh one when it takes more than this.
    #[arg(long, env = "PICUP_WEB_MEMORY_MIB", value_name = "MIB", default_value_t = 400)]
    pub(crate) web_memory_mib: u64,

    /// How often the memory of the page's process is looked at.
    #[arg(long, env = "PICUP_MEMORY_LOOK_SECONDS", value_name = "SECONDS", default_value = "60", value_parser = seconds)]
    pub(crate) memory_look_seconds: Duration,

    /// A page that asked for nothing for this long hangs. It asks every 5 s; WebKit slows the timers of a page that
    /// it takes for hidden to one a minute.
    #[arg(long, env = "PICUP_SILENCE_SECONDS", value_name = "SECONDS", default_value = "75", value_parser = seconds)]
    pub(crate) silence_seconds: Duration,
}

fn seconds(text: &str) -> Result<Duration, String> {
    match text.parse() {
        Ok(seconds @ 1..=86_400) => Ok(Duration::from_secs(seconds)),
        _ => Err("write it in whole seconds, 1 to 86400".to_owned()),
    }
}
