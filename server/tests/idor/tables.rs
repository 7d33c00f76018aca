//! What cannot be generated: which routes are public, which are about the caller alone, and who may write.

use crate::{calls::Caller, route::Route};

/// No token is asked for; with the reason.
pub(crate) const PUBLIC: &[(&str, &str)] = &[
    ("GET /healthz", "for load balancers; says nothing of anybody"),
    ("GET /readyz", "for load balancers; says nothing of anybody"),
    ("POST /v1/auth/signup", "nobody has a token yet"),
    ("POST /v1/auth/signin", "the password is the proof"),
    ("POST /v1/auth/refresh", "the refresh token is the proof"),
    ("POST /v1/frames/pairings", "a new frame has no token yet"),
    ("POST /v1/frames/token", "the device code is the proof"),
    ("GET /media/{}/{}", "the signature is the proof"),
    ("GET /v1/shared/{}", "the link's token is the proof"),
    ("GET /v1/shared/{}/photos", "the link's token is the proof"),
    ("POST /v1/shared/{}/unlock", "the link's token is the proof"),
    ("OPTIONS /v1/uploads", "what the protocol can do"),
];

/// A token is asked for, and there is no id of anybody else to give; with the reason.
pub(crate) const OWN: &[(&str, &str)] = &[
    ("POST /v1/auth/signout", "ends the caller's own session"),
    ("GET /v1/me", "the caller"),
    ("PATCH /v1/me", "the caller"),
    ("DELETE /v1/me", "the caller"),
    ("PUT /v1/me/password", "the caller"),
    ("GET /v1/me/sessions", "the caller's"),
    ("POST /v1/families", "a new one"),
    ("POST /v1/invites/{}/accept", "whoever has the code is invited"),
    ("GET /v1/frames/self", "the calling frame"),
    ("POST /v1/frames/self/heartbeat", "the calling frame"),
    ("PUT /v1/frames/self/picture", "the calling frame"),
];

/// Answers 204 to strangers as well, and does nothing; with the reason.
pub(crate) const INDIFFERENT: &[(&str, &str)] =
    &[("POST /v1/frames/self/commands/{}/ack", "a command that is not there any more is as good as done")];

/// Who may, besides the owner. A write that is in no table is for owners alone, or fails the test.
const WRITERS: &[(&str, &[Caller])] = &[
    ("POST /v1/families/{}/albums", EDITORS),
    ("PATCH /v1/albums/{}", EDITORS),
    ("DELETE /v1/albums/{}", EDITORS),
    ("POST /v1/albums/{}/photos", EDITORS),
    ("DELETE /v1/albums/{}/photos", EDITORS),
    ("PUT /v1/albums/{}/order", EDITORS),
    ("POST /v1/albums/{}/links", EDITORS),
    ("DELETE /v1/links/{}", EDITORS),
    ("PATCH /v1/photos/{}", EDITORS),
    ("DELETE /v1/photos/{}", EDITORS),
    ("POST /v1/photos/{}/restore", EDITORS),
    ("PUT /v1/photos/{}/heart", EVERYBODY),
    ("DELETE /v1/photos/{}/heart", EVERYBODY),
    ("PUT /v1/photos/{}/hidden", ASIDE),
    ("DELETE /v1/photos/{}/hidden", ASIDE),
    ("PUT /v1/photos/{}/removal", ASIDE),
    ("DELETE /v1/photos/{}/removal", ASIDE),
    ("POST /v1/photos/{}/comments", MEMBERS),
    ("POST /v1/photos/{}/comments/voice", MEMBERS),
    // The author of the one that is asked for is the owner.
    ("DELETE /v1/comments/{}", EDITORS),
    ("POST /v1/families/{}/photos/check", UPLOADERS),
    ("POST /v1/uploads", UPLOADERS),
    ("PATCH /v1/uploads/{}", UPLOADERS),
    ("DELETE /v1/uploads/{}", UPLOADERS),
    ("POST /v1/families/{}/frames/{}/commands", EDITORS),
    ("POST /v1/frames/self/commands/{}/ack", &[Caller::Frame]),
    // Only the session's own member finds it; the rest of the family gets 404.
    ("DELETE /v1/me/sessions/{}", MEMBERS),
    ("PUT /v1/families/{}/birthdays", EDITORS),
    ("PATCH /v1/families/{}", NOBODY_ELSE),
    ("DELETE /v1/families/{}", NOBODY_ELSE),
    ("PATCH /v1/families/{}/members/{}", NOBODY_ELSE),
    // A viewer may leave: the id is the viewer's own.
    ("DELETE /v1/families/{}/members/{}", &[Caller::Viewer]),
    ("POST /v1/families/{}/invites", NOBODY_ELSE),
    ("POST /v1/families/{}/frames", NOBODY_ELSE),
    ("PATCH /v1/families/{}/frames/{}", NOBODY_ELSE),
    ("DELETE /v1/families/{}/frames/{}", NOBODY_ELSE),
];

const NOBODY_ELSE: &[Caller] = &[];
const EDITORS: &[Caller] = &[Caller::Editor];
const MEMBERS: &[Caller] = &[Caller::Editor, Caller::Viewer];
const ASIDE: &[Caller] = &[Caller::Editor, Caller::Frame];
const UPLOADERS: &[Caller] = &[Caller::Editor, Caller::Frame];
const EVERYBODY: &[Caller] = &[Caller::Editor, Caller::Viewer, Caller::Frame];

pub(crate) fn roles_of(route: &Route) -> &'static [Caller] {
    let template = route.template();
    let found = WRITERS.iter().find(|(name, _)| *name == template);
    found.unwrap_or_else(|| panic!("{route}: say in `WRITERS` who may call it")).1
}

pub(crate) fn names() -> Vec<String> {
    let reasoned = PUBLIC.iter().chain(OWN).chain(INDIFFERENT).map(|(name, _)| (*name).to_owned());
    reasoned.chain(WRITERS.iter().map(|(name, _)| (*name).to_owned())).collect()
}
