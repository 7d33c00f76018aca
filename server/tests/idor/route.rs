//! The routes of an OpenAPI document, and how to fill in their parameters.

use std::fmt;

use serde_json::Value;

use crate::{tables, world::Ids};

#[derive(Clone)]
pub(crate) struct Route {
    pub(crate) method: String,
    pub(crate) path: String,
    /// Names of query parameters that can carry a family's id, or are required.
    pub(crate) query: Vec<String>,
    /// The schema of the JSON body.
    pub(crate) body: Option<String>,
    /// The first media type of a body that is a recording or a picture.
    pub(crate) medium: Option<String>,
    pub(crate) is_documented_as_public: bool,
}

/// Whose things a route is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    /// Anybody's, without a token.
    Public,
    /// The caller's own, whoever that is.
    Own,
    /// A family's.
    Object,
}

impl Route {
    /// `GET /v1/albums/{}`: parameter names do not matter.
    pub(crate) fn template(&self) -> String {
        let segments =
            self.path.split('/').map(|segment| if segment.starts_with('{') { "{}" } else { segment });
        format!("{} {}", self.method, segments.collect::<Vec<_>>().join("/"))
    }

    pub(crate) fn scope(&self) -> Scope {
        let template = self.template();
        match () {
            _ if tables::PUBLIC.iter().any(|(name, _)| *name == template) => Scope::Public,
            _ if tables::OWN.iter().any(|(name, _)| *name == template) => Scope::Own,
            _ => Scope::Object,
        }
    }

    pub(crate) fn writes(&self) -> bool {
        !matches!(self.method.as_str(), "GET" | "HEAD" | "OPTIONS")
    }

    pub(crate) fn is_for_frames(&self) -> bool {
        self.path.starts_with("/v1/frames/self")
    }

    /// Path and query with real ids.
    pub(crate) fn address(&self, ids: &Ids) -> String {
        let mut before = "";
        let mut segments = Vec::new();
        for segment in self.path.split('/') {
            let filled = segment.strip_prefix('{').map(|name| self.parameter(before, name, ids));
            segments.push(filled.unwrap_or_else(|| segment.to_owned()));
            before = segment;
        }
        let query: Vec<_> =
            self.query.iter().map(|name| format!("{name}={}", ids.query(name, self))).collect();
        let mark = if query.is_empty() { "" } else { "?" };
        format!("{}{mark}{}", segments.join("/"), query.join("&"))
    }

    /// A parameter is known by the segment before it: `frames/{id}`.
    fn parameter(&self, before: &str, name: &str, ids: &Ids) -> String {
        match (before, name.trim_end_matches('}')) {
            ("families", _) => ids.family.to_string(),
            ("members", _) => ids.member.to_string(),
            ("frames", _) => ids.frame.to_string(),
            ("commands", _) => ids.command.to_string(),
            ("albums", _) => ids.album.to_string(),
            ("photos" | "media", _) => ids.photo.to_string(),
            ("comments", _) => ids.comment.to_string(),
            ("links", _) => ids.link.to_string(),
            ("sessions", _) => ids.session.to_string(),
            ("uploads", _) => ids.upload.clone(),
            ("invites", _) => ids.invite.clone(),
            ("shared", _) => "a-token".into(),
            ("timeline", _) => "2024-05".into(),
            (_, "rendition") => "thumb".into(),
            (before, name) => panic!("{self}: teach this test what {before}/{{{name}}} is"),
        }
    }
}

impl fmt::Display for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.path)
    }
}

pub(crate) fn all(document: &Value) -> Vec<Route> {
    let paths = document["paths"].as_object().expect("the document has paths");
    let mut routes = Vec::new();
    for (path, item) in paths {
        for (method, operation) in item.as_object().unwrap() {
            if !matches!(method.as_str(), "parameters" | "summary" | "description" | "servers") {
                routes.push(read(method, path, operation));
            }
        }
    }
    routes
}

fn read(method: &str, path: &str, operation: &Value) -> Route {
    let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
    let query = parameters
        .iter()
        .filter(|parameter| parameter["in"] == "query")
        .filter(|parameter| parameter["required"] == true || parameter["name"] == "family");
    let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
    let body = schema.is_object().then(|| schema_name(schema));
    let content = operation["requestBody"]["content"].as_object();
    let mut media = content.into_iter().flat_map(|content| content.keys());
    let medium = media.find(|name| name.starts_with("audio/") || name.starts_with("image/")).cloned();
    Route {
        method: method.to_uppercase(),
        path: path.to_owned(),
        query: query.map(|parameter| parameter["name"].as_str().unwrap().to_owned()).collect(),
        body,
        medium,
        is_documented_as_public: operation["security"].as_array().is_some_and(|needs| {
            needs.iter().all(|need| need.as_object().is_none_or(serde_json::Map::is_empty))
        }),
    }
}

/// The name after `#/components/schemas/`, also of an optional body.
fn schema_name(schema: &Value) -> String {
    let direct = schema["$ref"].as_str();
    let inside = ["oneOf", "anyOf", "allOf"].into_iter().find_map(|key| {
        schema[key].as_array().and_then(|parts| parts.iter().find_map(|part| part["$ref"].as_str()))
    });
    let reference = direct.or(inside).unwrap_or_else(|| panic!("a body without a named schema: {schema}"));
    reference.rsplit('/').next().unwrap().to_owned()
}
