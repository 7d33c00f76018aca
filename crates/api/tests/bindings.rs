//! The TypeScript twins of the wire types: `ui/src/lib/api/gen/`.
//!
//! `PICUP_WRITE_BINDINGS=1 cargo test -p picup-api --features ts` writes them; without the variable the test
//! fails when they are stale, or when a public type is in none of them.
#![cfg(feature = "ts")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{any::TypeId, collections::BTreeMap, collections::HashSet, fs, path::PathBuf};

use picup_api::*;
use ts_rs::{Config, TS, TypeVisitor};

/// Every type with a declaration, by its TypeScript name.
struct Declarations {
    config: Config,
    seen: HashSet<TypeId>,
    texts: BTreeMap<String, String>,
}

impl TypeVisitor for Declarations {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        if !self.seen.insert(TypeId::of::<T>()) {
            return;
        }
        T::visit_generics(self);
        T::visit_dependencies(self);
        if T::output_path().is_some() {
            let docs = T::docs().unwrap_or_default();
            let text = format!("{docs}export {}\n", T::decl(&self.config));
            self.texts.insert(T::ident(&self.config), text);
        }
    }
}

macro_rules! visit {
    ($declarations:ident: $($root:ty),* $(,)?) => { $($declarations.visit::<$root>();)* };
}

/// Types nothing else refers to are named here; the rest is found from them.
fn declarations() -> BTreeMap<String, String> {
    let config = Config::new().with_large_int("number");
    let mut found = Declarations { config, seen: HashSet::new(), texts: BTreeMap::new() };
    visit! { found:
        account::Signup, account::Signin, account::Refresh, account::SignedIn, account::Me, account::MePatch,
        account::PasswordChange, account::AccountDeletion, account::Session, account::NewFamily,
        account::FamilyPatch, account::Family, account::Membership, account::MembershipPatch,
        account::NewInvite, account::Invite, account::Usage,
        album::NewAlbum, album::AlbumPatch, album::Album, album::PhotoIds,
        change::Changes, change::ChangeKind, change::Event,
        frame::NewPairing, frame::Pairing, frame::FrameTokenRequest, frame::FrameToken,
        frame::PairingApproval, frame::FrameSelf, frame::FramePatch, frame::NewFrameCommand,
        frame::CommandAck, frame::Birthdays,
        page::Page<photo::Photo>,
        photo::PhotoPatch, photo::Comment, photo::NewComment, photo::Timeline, photo::OnThisDay,
        screen::ScreenCommand, screen::ScreenEvent, screen::OpenAlbum, screen::ShelfAlbum,
        sharing::NewLink, sharing::Link, sharing::LinkUnlock, sharing::LinkUnlocked, sharing::SharedAlbum,
        sharing::SharedPhoto,
        upload::CheckRequest, upload::CheckAnswer,
        error::Problem, UploadId,
    }
    found.texts
}

fn generated_files() -> [(&'static str, String); 2] {
    let notice = "// Made from crates/api by its test `bindings`: do not edit.\n\n";
    let types: Vec<_> = declarations().into_values().collect();
    let codes: Vec<_> = ErrorCode::ALL.iter().map(|code| format!("  \"{code}\",\n")).collect();
    let codes = format!(
        "{notice}import type {{ ErrorCode }} from \"./types\";\n\n/** Every code a server sends. */\n\
         export const ERROR_CODES = [\n{}] as const satisfies readonly ErrorCode[];\n",
        codes.concat()
    );
    [("types.ts", format!("{notice}{}", types.join("\n"))), ("error-codes.ts", codes)]
}

#[test]
fn the_types_of_the_user_interface_are_up_to_date() {
    let directory = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../ui/src/lib/api/gen");
    for (name, text) in generated_files() {
        let path = directory.join(name);
        if std::env::var_os("PICUP_WRITE_BINDINGS").is_some() {
            fs::create_dir_all(&directory).unwrap();
            fs::write(&path, &text).unwrap();
        }
        let kept = fs::read_to_string(&path).unwrap_or_default();
        assert!(
            kept == text,
            "{} is stale: run PICUP_WRITE_BINDINGS=1 cargo test -p picup-api --features ts",
            path.display()
        );
    }
}

#[test]
fn no_wire_type_is_forgotten() {
    let declared = declarations();
    let sources = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut missing = Vec::new();
    for file in fs::read_dir(sources).unwrap() {
        let text = fs::read_to_string(file.unwrap().path()).unwrap();
        for line in text.lines() {
            let line = line.trim_start();
            let Some(rest) = line.strip_prefix("pub struct ").or(line.strip_prefix("pub enum ")) else {
                continue;
            };
            let name: String = rest.chars().take_while(char::is_ascii_alphanumeric).collect();
            if !name.is_empty() && !name.starts_with("Invalid") && !declared.contains_key(&name) {
                missing.push(name);
            }
        }
    }
    assert!(missing.is_empty(), "not in the TypeScript types: {missing:?}");
}
