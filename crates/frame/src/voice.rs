//! Reads captions out, and who is in the picture, where the children have chosen that.
//!
//! By `espeak-ng`, which is given the words on its standard input. Whoever turns a page ends what is being read. A frame
//! without the program or without a sound card stays silent and says so in the log once.

use std::{iter, process::Stdio, sync::Arc, time::Duration};

use anyhow::{Context, ensure};
use picup_api::{PhotoId, account::Locale};
use tokio::{io::AsyncWriteExt, process::Command, sync::watch};
use tracing::warn;

use crate::engine::Core;

/// What is read of a long caption.
const CHARACTERS: usize = 300;
/// Words a minute; a little slower than people speak.
const PACE: &str = "140";
/// Longer than the longest caption takes.
const DEADLINE: Duration = Duration::from_secs(180);

#[derive(Default)]
pub(crate) struct Voice {
    turn: watch::Sender<Turn>,
}

/// What is on, and what is read of it.
#[derive(Clone, Default)]
struct Turn {
    photo: Option<PhotoId>,
    words: Option<Words>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Words {
    text: String,
    locale: Locale,
}

impl Voice {
    /// Once for each time the photo comes on, however often a screen says so.
    fn turn_to(&self, photo: PhotoId, words: Option<Words>) {
        self.turn.send_if_modified(|turn| {
            let turned = turn.photo != Some(photo);
            if turned {
                *turn = Turn { photo: Some(photo), words };
            }
            turned
        });
    }

    pub(crate) fn hush(&self) {
        self.turn.send_replace(Turn::default());
    }
}

impl Core {
    /// A screen shows the photo.
    pub(crate) async fn read_aloud(&self, photo: PhotoId) {
        let conditions = self.conditions();
        let reads = conditions.settings.read_aloud && !conditions.asleep;
        let locale = conditions.settings.locale;
        let slide = if reads { self.cache.slide(photo, locale).await.ok().flatten() } else { None };
        let words = slide.and_then(|slide| words(&told(&slide.caption, &slide.people), locale));
        self.voice.turn_to(photo, words);
    }
}

/// The caption, then the names.
fn told(caption: &str, people: &[String]) -> String {
    let parts = iter::once(caption.trim()).chain(people.iter().map(String::as_str));
    parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}

fn words(caption: &str, locale: Locale) -> Option<Words> {
    // What cannot be spoken, such as the end of a line, is a pause.
    let spoken = |it: char| if it.is_control() { ' ' } else { it };
    let text: String = caption.trim().chars().take(CHARACTERS).map(spoken).collect();
    (!text.is_empty()).then_some(Words { text, locale })
}

/// Reads until it is dropped, one caption at a time.
pub(crate) async fn run(core: Arc<Core>) {
    let mut turns = core.voice.turn.subscribe();
    let mut complained = false;
    loop {
        let words = turns.borrow_and_update().words.clone();
        let reading = async {
            if let Some(words) = words {
                complain(read(&words).await, &mut complained);
            }
            std::future::pending().await
        };
        tokio::select! {
            // The engine, which holds the sender, outlives this task.
            _ = turns.changed() => {}
            () = reading => {}
        }
    }
}

fn complain(read: anyhow::Result<()>, complained: &mut bool) {
    if let Err(error) = read
        && !std::mem::replace(complained, true)
    {
        warn!(error = format!("{error:#}"), "captions may not be heard");
    }
}

/// Dropped, it falls silent.
async fn read(words: &Words) -> anyhow::Result<()> {
    let mut program = Command::new("espeak-ng");
    program.args(["-v", voice(words.locale), "-s", PACE, "-b", "1", "--stdin"]);
    program.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped()).kill_on_drop(true);
    let mut child = program.spawn().context("espeak-ng cannot be started")?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(words.text.as_bytes()).await.context("espeak-ng does not listen")?;
    }
    let ended =
        tokio::time::timeout(DEADLINE, child.wait_with_output()).await.context("espeak-ng hangs")??;
    let complaint = String::from_utf8_lossy(&ended.stderr).trim().to_owned();
    // Without a sound card it says so, and calls that a success.
    ensure!(ended.status.success() && complaint.is_empty(), "espeak-ng: {}: {complaint}", ended.status);
    Ok(())
}

fn voice(locale: Locale) -> &'static str {
    match locale {
        Locale::Ko => "ko",
        Locale::En => "en",
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn said(caption: &str) -> Option<String> {
        words(caption, Locale::Ko).map(|words| words.text)
    }

    #[test]
    fn a_caption_is_cut_and_has_no_lines() {
        assert_eq!(said("  제주도,\n1987년 여름 "), Some("제주도, 1987년 여름".into()));
        assert_eq!(said(&"가".repeat(1000)).map(|text| text.chars().count()), Some(300));
        assert_eq!(said(" \n "), None);
        assert_eq!(said("-w /etc/passwd; $(reboot)"), Some("-w /etc/passwd; $(reboot)".into()));
    }

    #[test]
    fn who_is_in_the_picture_is_read_after_the_caption() {
        let people = ["할머니".to_owned(), "민지".to_owned()];
        assert_eq!(told("제주도에서 ", &people), "제주도에서, 할머니, 민지");
        assert_eq!(told("", &people), "할머니, 민지");
        assert_eq!(told("제주도에서", &[]), "제주도에서");
        assert_eq!(said(&told(" ", &[])), None);
    }

    #[test]
    fn a_photo_is_read_once_until_another_one_is_on() {
        let voice = Voice::default();
        let mut heard = voice.turn.subscribe();
        let (first, second) = (PhotoId(Uuid::from_u128(1)), PhotoId(Uuid::from_u128(2)));
        let mut turn = |photo, text| {
            voice.turn_to(photo, words(text, Locale::En));
            let heard_now = heard.has_changed().unwrap();
            heard_now.then(|| heard.borrow_and_update().words.clone().map(|words| words.text))
        };
        assert_eq!(turn(first, "Grandma"), Some(Some("Grandma".into())));
        assert_eq!(turn(first, "Grandma"), None, "a second screen tells the same");
        assert_eq!(turn(second, ""), Some(None), "a photo without a caption ends what is read");
        assert_eq!(turn(first, "Grandma"), Some(Some("Grandma".into())));
        voice.hush();
        assert!(heard.borrow_and_update().words.is_none());
    }
}
