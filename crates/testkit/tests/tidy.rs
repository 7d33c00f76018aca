//! The shape of the code base, checked: layers, openings, lengths, migrations.
//!
//! The pages' own rules are checked by `ui/src/lib/conventions.test.ts`.
//! Reads the sources as text. An exception is named here with its reason, never in the file it excuses.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

const MAX_LINES: usize = 400;

/// Longer files, and why each is still one room.
const LONG_FILES: &[(&str, &str)] = &[];

/// Which crates of ours each crate may use.
const CRATE_EDGES: &[(&str, &[&str])] = &[
    ("picup-api", &[]),
    ("picup-imaging", &[]),
    ("picup-blob", &[]),
    ("picup-auth", &[]),
    ("picup-client", &["picup-api"]),
    ("picup-frame", &["picup-api", "picup-client", "picup-imaging", "picup-blob"]),
    ("picup-kiosk", &["picup-frame", "picup-api"]),
    ("picup-server", &["picup-api", "picup-imaging", "picup-blob", "picup-auth"]),
    ("picup-testkit", &["picup-api", "picup-client"]),
];

/// What each layer of the server never names.
const FORBIDDEN: &[(&str, &[&str])] = &[
    (
        "domain",
        &["axum::", "sqlx::", "tokio::", "crate::store", "crate::ops", "crate::http", "crate::storage"],
    ),
    ("ops", &["axum::", "sqlx::", "crate::http", "crate::jobs"]),
    ("store", &["axum::", "crate::ops", "crate::http", "crate::jobs", "crate::storage"]),
    ("storage", &["axum::", "sqlx::", "crate::ops", "crate::http", "crate::jobs"]),
    ("http", &["sqlx::", "crate::jobs", "crate::storage", "crate::admin"]),
    ("jobs", &["axum::", "sqlx::", "crate::http"]),
    ("sampling", &["axum::", "sqlx::", "crate::http", "crate::jobs"]),
    (
        "telemetry",
        &["axum::", "sqlx::", "crate::store", "crate::storage", "crate::ops", "crate::http", "crate::jobs"],
    ),
    ("cache", &["axum::", "sqlx::", "crate::ops", "crate::http", "crate::jobs"]),
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap().to_path_buf()
}

/// Every file below `folders` with one of the endings, as a path relative to the root, with its text.
fn sources(folders: &[&str], endings: &[&str]) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut todo: Vec<PathBuf> = folders.iter().map(|folder| root().join(folder)).collect();
    while let Some(path) = todo.pop() {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            if !["node_modules", "dist", "gen", "target", "test-results"].contains(&name.as_str()) {
                todo.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
            }
        } else if endings.iter().any(|ending| name.ends_with(ending)) {
            let relative = path.strip_prefix(root()).unwrap().to_string_lossy().into_owned();
            found.push((relative, fs::read_to_string(&path).unwrap()));
        }
    }
    assert!(!found.is_empty(), "no {endings:?} below {folders:?}");
    found.sort();
    found
}

fn rust() -> Vec<(String, String)> {
    sources(&["crates", "server", "src-tauri"], &[".rs"])
}

fn report(problems: &[String]) {
    assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
}

#[test]
fn every_rust_file_opens_with_its_purpose() {
    let opens = |text: &str| text.starts_with("//! ");
    let silent: Vec<_> = rust().into_iter().filter(|(_, text)| !opens(text)).map(|(path, _)| path).collect();
    report(&silent);
}

#[test]
fn no_file_is_longer_than_a_room() {
    let files =
        sources(&["crates", "server", "src-tauri", "ui/src", "ui/tests"], &[".rs", ".ts", ".svelte", ".css"]);
    let excused = |path: &str| LONG_FILES.iter().any(|(name, _)| *name == path);
    let long: Vec<_> = files
        .into_iter()
        .filter(|(path, text)| text.lines().count() > MAX_LINES && !excused(path))
        .map(|(path, text)| format!("{path}: {} lines", text.lines().count()))
        .collect();
    report(&long);
}

#[test]
fn the_servers_layers_point_one_way() {
    let mut problems = Vec::new();
    for (path, text) in sources(&["server/src"], &[".rs"]) {
        let inside = path.trim_start_matches("server/src/");
        let layer = inside.split(['/', '.']).next().unwrap();
        let forbidden = FORBIDDEN.iter().find(|(name, _)| *name == layer).map_or(&[][..], |rule| rule.1);
        for word in forbidden.iter().filter(|word| code(&text).contains(**word)) {
            problems.push(format!("{path} names {word}"));
        }
    }
    report(&problems);
}

/// The lines that are not comments.
fn code(text: &str) -> String {
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

#[test]
fn sql_lives_in_the_store() {
    let outside = sources(&["server/src"], &[".rs"])
        .into_iter()
        .filter(|(path, text)| !path.starts_with("server/src/store") && code(text).contains("sqlx::query"));
    report(&outside.map(|(path, _)| path).collect::<Vec<_>>());
}

#[test]
fn crates_depend_only_along_the_drawn_edges() {
    let mut problems = Vec::new();
    for (path, text) in sources(&["crates", "server", "src-tauri"], &["Cargo.toml"]) {
        let name =
            text.lines().find_map(|line| line.strip_prefix("name = ")).unwrap().trim_matches('"').to_owned();
        let allowed = CRATE_EDGES
            .iter()
            .find(|(from, _)| *from == name)
            .unwrap_or_else(|| panic!("{name} is not drawn"))
            .1;
        for used in own_dependencies(&text) {
            if !allowed.contains(&used.as_str()) {
                problems.push(format!("{path}: {name} -> {used}"));
            }
        }
    }
    report(&problems);
}

/// Names of our crates in `[dependencies]`; tests may use what they like.
fn own_dependencies(manifest: &str) -> Vec<String> {
    let mut section = "";
    let mut used = Vec::new();
    for line in manifest.lines() {
        if line.starts_with('[') {
            section = line.trim();
        } else if section == "[dependencies]" && line.starts_with("picup-") {
            used.push(line.split(['.', ' ', '=']).next().unwrap().to_owned());
        }
    }
    used
}

#[test]
fn migrations_are_numbered_once_and_hold_one_statement_each() {
    for database in ["accounts", "library"] {
        let mut numbers = BTreeSet::new();
        let engines: BTreeMap<_, _> = engines_of(database);
        for (engine, files) in &engines {
            let set: BTreeSet<_> = files.iter().map(|(number, _)| number.clone()).collect();
            assert_eq!(set.len(), files.len(), "{database}/{engine}: a number stands twice");
            assert!(numbers.is_empty() || numbers == set, "{database}: the engines' sets differ");
            numbers = set;
            for (number, text) in files {
                assert_eq!(statements(text), 1, "{database}/{engine}/{number}");
            }
        }
        assert!(!numbers.is_empty());
    }
}

fn engines_of(database: &str) -> BTreeMap<String, Vec<(String, String)>> {
    let mut engines: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    for (path, text) in sources(&[&format!("server/migrations/{database}")], &[".sql"]) {
        let mut parts = path.rsplit('/');
        let number = parts.next().unwrap().split('_').next().unwrap().to_owned();
        engines.entry(parts.next().unwrap().to_owned()).or_default().push((number, text));
    }
    engines
}

fn statements(sql: &str) -> usize {
    let bare: Vec<_> = sql.lines().map(|line| line.split("--").next().unwrap()).collect();
    bare.join("\n").split(';').filter(|part| !part.trim().is_empty()).count()
}
