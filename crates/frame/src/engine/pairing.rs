//! Brings the frame into a family: a code on the screen, approved by a child elsewhere (RFC 8628).

use std::{fs, time::Duration};

use picup_api::{FamilyId, FrameId, frame::Pairing, screen::PairingPrompt};
use picup_client::PairingPoll;
use tokio::time::Instant;
use tracing::info;

use super::Core;
use crate::retry::Backoff;

/// RFC 8628, section 3.5: what `slow_down` adds to every further wait.
const SLOWER: Duration = Duration::from_secs(5);

/// Shows one code after another until one is approved.
pub(super) async fn pair(core: &Core) -> (FrameId, FamilyId) {
    let mut failures = 0;
    loop {
        match core.client.start_pairing(&hardware_name()).await {
            Ok(pairing) => {
                failures = 0;
                core.went_well();
                core.change(|it| it.prompt = Some(prompt_of(&pairing)));
                let paired = poll(core, &pairing).await;
                core.change(|it| it.prompt = None);
                if let Some(paired) = paired {
                    info!("paired");
                    return paired;
                }
            }
            Err(error) => {
                core.went_wrong("The frame cannot reach the server.", &error.into());
                tokio::time::sleep(Backoff::NETWORK.wait(failures, rand::random())).await;
                failures += 1;
            }
        }
    }
}

/// `None`: the code has expired.
async fn poll(core: &Core, pairing: &Pairing) -> Option<(FrameId, FamilyId)> {
    let expires = Instant::now() + Duration::from_secs(pairing.expires_in);
    let mut interval = Duration::from_secs(pairing.interval.max(1));
    while Instant::now() + interval < expires {
        tokio::time::sleep(interval).await;
        match core.client.poll_pairing(&pairing.device_code).await {
            Ok(PairingPoll::Paired { frame_id, family_id }) => return Some((frame_id, family_id)),
            Ok(PairingPoll::Expired) => return None,
            Ok(answer) => {
                core.went_well();
                interval = next_interval(interval, Some(&answer));
            }
            Err(error) if error.is_transient() => {
                core.went_wrong("The frame cannot reach the server.", &error.into());
                interval = next_interval(interval, None);
            }
            Err(_) => return None,
        }
    }
    None
}

/// `None`: there was no answer; RFC 8628 asks for exponential waits then.
fn next_interval(interval: Duration, answer: Option<&PairingPoll>) -> Duration {
    match answer {
        Some(PairingPoll::SlowDown) => interval + SLOWER,
        Some(_) => interval,
        None => (interval * 2).min(Duration::from_secs(60)),
    }
}

fn prompt_of(pairing: &Pairing) -> PairingPrompt {
    PairingPrompt {
        user_code: pairing.user_code.clone(),
        verification_uri: pairing.verification_uri.clone(),
        verification_uri_complete: pairing.verification_uri_complete.clone(),
    }
}

/// What the child sees when approving.
fn hardware_name() -> String {
    let known = ["/proc/device-tree/model", "/sys/class/dmi/id/product_name"];
    let names = known.iter().filter_map(|path| fs::read_to_string(path).ok());
    let cleaned =
        names.map(|name| name.trim_matches(|c: char| c.is_control() || c.is_whitespace()).to_owned());
    let name = cleaned.into_iter().find(|name| !name.is_empty()).unwrap_or_else(|| "Picup frame".to_owned());
    name.chars().filter(|c| !c.is_control()).take(60).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slow_down_adds_five_seconds_for_good_and_silence_doubles() {
        let five = Duration::from_secs(5);
        assert_eq!(next_interval(five, Some(&PairingPoll::Pending)), five);
        assert_eq!(next_interval(five, Some(&PairingPoll::SlowDown)), five * 2);
        assert_eq!(next_interval(five, None), five * 2);
        assert_eq!(next_interval(five * 10, None), Duration::from_secs(60));
    }
}
