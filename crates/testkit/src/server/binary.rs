//! Finds the server's binary.
//!
//! Its own tests are told by cargo. For others it lies beside them in the target directory, and is built when it
//! does not.

use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
};

pub(crate) fn path() -> &'static Path {
    static PATH: OnceLock<PathBuf> = OnceLock::new();
    PATH.get_or_init(|| given().unwrap_or_else(beside_the_test))
}

fn given() -> Option<PathBuf> {
    let names = ["PICUP_SERVER_BIN", "CARGO_BIN_EXE_picup-server", "NEXTEST_BIN_EXE_picup-server"];
    names.iter().find_map(std::env::var_os).map(PathBuf::from)
}

fn beside_the_test() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    // target/debug/deps/a_test-0123 -> target/debug/picup-server
    let profile = test.parent().and_then(Path::parent).unwrap();
    let path = profile.join("picup-server");
    if !path.exists() {
        let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or("cargo".into()));
        cargo.args(["build", "--quiet", "--package", "picup-server"]);
        cargo.env("CARGO_TARGET_DIR", profile.parent().unwrap());
        assert!(cargo.status().unwrap().success(), "picup-server cannot be built");
    }
    path
}
