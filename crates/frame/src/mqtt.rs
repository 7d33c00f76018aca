//! Home Assistant by way of a home's MQTT broker; off unless a broker is named.
//!
//! Rule: the frame never waits for it. A broker that is away, refuses or floods costs one line of the log, and the screen
//! nothing. What the home asks goes the way of the children's commands.

mod announced;
mod broker;
mod command;
mod connection;
mod discovery;
mod mailbox;
mod options;
mod picture;
mod state;
mod tell;
mod topics;
mod tunnel;
mod words;

use std::{
    collections::BTreeSet,
    sync::Arc,
    time::{Duration, Instant},
};

use picup_api::FrameId;
use rumqttc::v5::MqttOptions as BrokerOptions;
use tokio::sync::mpsc;
use tracing::{error, info, warn};

use self::{
    broker::Broker,
    command::Wish,
    connection::{Call, Lost},
    topics::Topics,
    tunnel::Tunnel,
};
use crate::{engine::Core, retry::Backoff};

pub use options::{BrokerUrl, MqttOptions};

/// Wishes that wait to be carried out.
const WISHES: usize = 8;
/// Between two of them: nobody turns pages faster.
const PACE: Duration = Duration::from_millis(100);
/// The frame may have been paired without a word to the screen.
const LOOK_AGAIN: Duration = Duration::from_secs(5);
/// A connection this long was a good one: the next failure is a new one.
const LASTED: Duration = Duration::from_secs(60);
/// For the log.
const REASONS: usize = 5;

pub(crate) async fn run(core: Arc<Core>) {
    let Some(address) = &core.options.mqtt.mqtt else { return };
    let broker = match Broker::parse(address) {
        Ok(broker) => broker,
        Err(fault) => return error!(%fault, "the broker cannot be called: Home Assistant is left out"),
    };
    let (wishes, wished) = mpsc::channel(WISHES);
    tokio::join!(stay_in_touch(&core, &broker, &wishes), fulfil(&core, wished));
}

/// What a broker is called for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Errand {
    Announce(FrameId),
    /// The frame has left this one's family.
    Withdraw(FrameId),
}

fn errand(now: Option<Option<FrameId>>, announced: Option<FrameId>) -> Option<Errand> {
    let now = now?;
    match announced.filter(|before| now != Some(*before)) {
        Some(before) => Some(Errand::Withdraw(before)),
        None => now.map(Errand::Announce),
    }
}

impl Errand {
    fn frame(self) -> FrameId {
        match self {
            Self::Announce(frame) | Self::Withdraw(frame) => frame,
        }
    }
}

async fn stay_in_touch(core: &Core, broker: &Broker, wishes: &mpsc::Sender<Wish>) {
    let mut log = Log::default();
    let mut failures = 0;
    loop {
        let errand = next_errand(core).await;
        let began = Instant::now();
        let ended = visit(core, broker, errand, wishes).await;
        if ended.is_ok() || began.elapsed() > LASTED {
            (log, failures) = (Log::default(), 0);
        }
        if let Err(lost) = ended {
            log.lost(&lost);
            tokio::time::sleep(Backoff::NETWORK.wait(failures, rand::random())).await;
            failures += 1;
        }
    }
}

async fn next_errand(core: &Core) -> Errand {
    let mut news = core.events.subscribe();
    loop {
        let now = core.conditions().frame.map(|frame| frame.map(|(id, _)| id));
        if let Some(errand) = errand(now, announced::recall(&core.options.data_dir).await) {
            return errand;
        }
        // Whatever comes, and also nothing: it is time to look.
        let _ = tokio::time::timeout(LOOK_AGAIN, news.recv()).await;
    }
}

/// Ends well when the errand is done.
async fn visit(
    core: &Core,
    broker: &Broker,
    errand: Errand,
    wishes: &mpsc::Sender<Wish>,
) -> Result<(), Lost> {
    let topics = Topics::new(errand.frame(), &broker.discovery);
    let will = matches!(errand, Errand::Announce(_));
    let call = Call { broker, password: password(core, broker).await, topics: &topics, will };
    let Some(tunnel) = broker.tls.then(Tunnel::open).transpose()? else {
        return talk(core, errand, call.options(None), &topics, wishes).await;
    };
    let options = call.options(Some(tunnel.name()));
    tokio::select! {
        // It knows better why the connection failed.
        biased;
        failed = tunnel.carry(broker) => Err(failed.into()),
        ended = talk(core, errand, options, &topics, wishes) => ended,
    }
}

async fn talk(
    core: &Core,
    errand: Errand,
    options: BrokerOptions,
    topics: &Topics,
    wishes: &mpsc::Sender<Wish>,
) -> Result<(), Lost> {
    let (mut mailbox, line) = connection::open(options).await?;
    info!("the home's broker is there");
    let told = async {
        match errand {
            Errand::Announce(frame) => tell::announce(core, frame, topics, &mut mailbox).await,
            Errand::Withdraw(_) => tell::withdraw(core, topics, &mut mailbox).await,
        }
    };
    tokio::select! {
        lost = line.listen(topics, wishes) => Err(lost),
        () = told => Ok(()),
    }
}

/// The file's, where there is one: it may be exchanged while the frame runs.
async fn password(core: &Core, broker: &Broker) -> Option<String> {
    let Some(file) = &core.options.mqtt.mqtt_password_file else { return broker.password.clone() };
    match tokio::fs::read_to_string(file).await {
        Ok(text) => Some(text.trim_end_matches(['\r', '\n']).to_owned()),
        Err(error) => {
            warn!(%error, "the file with the broker's password cannot be read");
            None
        }
    }
}

async fn fulfil(core: &Core, mut wished: mpsc::Receiver<Wish>) {
    while let Some(wish) = wished.recv().await {
        match wish {
            Wish::Act(action) => {
                if let Err(error) = core.act_here(&action).await {
                    warn!(error = format!("{error:#}"), "a wish of the home failed");
                }
            }
            Wish::Brightness(percent) => core.choose_brightness(percent),
        }
        tokio::time::sleep(PACE).await;
    }
}

/// Every reason is told once, until a connection has lasted.
#[derive(Default)]
struct Log {
    told: BTreeSet<String>,
}

impl Log {
    fn lost(&mut self, lost: &Lost) {
        let reason = lost.to_string();
        if self.told.len() < REASONS && self.told.insert(reason.clone()) {
            warn!(reason, "no connection to the home's broker; it is tried again");
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn what_was_said_for_another_frame_is_taken_back_first() {
        let (old, new) = (FrameId(Uuid::from_u128(1)), FrameId(Uuid::from_u128(2)));
        assert_eq!(errand(None, Some(old)), None, "the credential was not looked at yet");
        assert_eq!(errand(Some(None), None), None);
        assert_eq!(errand(Some(Some(new)), None), Some(Errand::Announce(new)));
        assert_eq!(errand(Some(Some(new)), Some(new)), Some(Errand::Announce(new)));
        assert_eq!(errand(Some(Some(new)), Some(old)), Some(Errand::Withdraw(old)));
        assert_eq!(errand(Some(None), Some(old)), Some(Errand::Withdraw(old)));
    }
}
