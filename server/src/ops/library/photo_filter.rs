//! What a list of photos is narrowed to, parsed from the query string.

use picup_api::{
    AlbumId, FamilyId,
    photo::{PhotoKind, PhotoSource, PhotoState},
};
use serde::Deserialize;
use uuid::Uuid;

use crate::{
    Error, Result,
    domain::{
        access::Caller,
        faults::Faults,
        photo::{
            Sight, kind_from_word, kind_word, source_from_word, source_word, state_from_word, state_word,
        },
        search::Words,
        taken_at::filter_bound,
    },
    store::library::photo_lists::{PhotoQuery, Shelf},
};

/// Filters of a list of photos; all that are given must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PhotoFilter {
    /// Local date `2024-05-01`, or date and time `2024-05-01T10:00:00`; inclusive.
    pub taken_from: Option<String>,
    /// The same; a date means the whole day.
    pub taken_to: Option<String>,
    /// An album's id.
    pub album: Option<String>,
    /// A member's or frame's id.
    pub uploader: Option<String>,
    /// `camera`, `scanner`, `web` or `frame`.
    pub source: Option<String>,
    /// `still` or `video`.
    pub kind: Option<String>,
    /// `processing`, `ready`, `broken` or `trashed`; kept photos of every state when absent. Members only.
    pub state: Option<String>,
    /// `true`: with a heart of anyone; `false`: without.
    pub hearted: Option<String>,
    /// `true`: taken out of every slideshow; `false`: not.
    pub hidden: Option<String>,
    /// `true`: someone asked at a frame to take it away; `false`: nobody did.
    pub removal_proposed: Option<String>,
    /// Words that are in the caption, the file name, or the names of who is in the picture.
    pub text: Option<String>,
}

/// The parsed filter. Its debug form names the list in cursors.
#[derive(Debug)]
pub(crate) struct Filter {
    pub(crate) query: PhotoQuery,
    pub(crate) words: Option<Words>,
}

impl Filter {
    /// Errors: `ValidationFailed` naming every faulty field.
    pub(crate) fn parse(family: FamilyId, caller: &Caller, filter: &PhotoFilter) -> Result<Self> {
        let mut faults = Faults::default();
        let mut query = PhotoQuery::all(family, Sight::of(caller.actor));
        query.taken.start =
            field(&mut faults, "taken_from", &filter.taken_from, |text| filter_bound(text, false))
                .unwrap_or(query.taken.start);
        query.taken.end = field(&mut faults, "taken_to", &filter.taken_to, |text| filter_bound(text, true))
            .unwrap_or(query.taken.end);
        query.album = field(&mut faults, "album", &filter.album, |text| text.parse::<AlbumId>().ok());
        query.uploader = field(&mut faults, "uploader", &filter.uploader, |text| text.parse::<Uuid>().ok());
        query.source = field(&mut faults, "source", &filter.source, known_source);
        query.kind = field(&mut faults, "kind", &filter.kind, known_kind);
        query.hearted = field(&mut faults, "hearted", &filter.hearted, |text| text.parse().ok());
        query.hidden = field(&mut faults, "hidden", &filter.hidden, |text| text.parse().ok());
        query.removal_proposed =
            field(&mut faults, "removal_proposed", &filter.removal_proposed, |text| text.parse().ok());
        if let Some(state) = field(&mut faults, "state", &filter.state, known_state) {
            narrow_to_state(&mut query, state);
        }
        let words = field(&mut faults, "text", &filter.text, Words::parse).filter(|words| !words.is_empty());
        let fields = faults.into_fields();
        if fields.is_empty() { Ok(Self { query, words }) } else { Err(Error::invalid(fields)) }
    }
}

/// A given field, parsed; one that cannot be is remembered as faulty.
fn field<T>(
    faults: &mut Faults,
    name: &str,
    text: &Option<String>,
    parse: impl FnOnce(&str) -> Option<T>,
) -> Option<T> {
    faults.take(name, parse(text.as_deref()?).ok_or("invalid"))
}

/// A frame is never shown the trash, whatever it asks for.
fn narrow_to_state(query: &mut PhotoQuery, state: PhotoState) {
    match state {
        _ if query.sight == Sight::Showable => {}
        PhotoState::Trashed => query.shelf = Shelf::Trash,
        state => query.state = Some(state_word(state)),
    }
}

fn known_source(text: &str) -> Option<&'static str> {
    Some(source_from_word(text)).filter(|source| *source != PhotoSource::Unknown).map(source_word)
}

fn known_kind(text: &str) -> Option<&'static str> {
    Some(kind_from_word(text)).filter(|kind| *kind != PhotoKind::Unknown).map(kind_word)
}

fn known_state(text: &str) -> Option<PhotoState> {
    Some(state_from_word(text)).filter(|state| *state != PhotoState::Unknown)
}
