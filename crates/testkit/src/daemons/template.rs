//! An empty MariaDB, made once per machine and version, and copied for each test.
//!
//! Making one takes seconds, copying it a tenth of one.

use std::{
    fs::File,
    path::{Path, PathBuf},
    process::Command,
};

use super::shared_directory;

/// The one account the tests use, from anywhere, with every right.
pub(super) const USER: &str = "picup";
pub(super) const PASSWORD: &str = "picup";

/// Small, so that a copy is quick.
pub(super) const LOG_FILE_SIZE: &str = "innodb_log_file_size=16M";

/// Bumped when what is in it changes.
const EDITION: u32 = 1;

/// Fills the missing directory `data`.
pub(super) fn copy_to(data: &Path) {
    let copied = Command::new("cp").args(["-a", "--reflink=auto"]).arg(template()).arg(data).status();
    assert!(copied.unwrap().success(), "the empty MariaDB cannot be copied");
}

fn template() -> PathBuf {
    let version = Command::new("mariadbd").arg("--version").output().expect("mariadb-server is installed");
    let version = String::from_utf8(version.stdout).unwrap();
    let number = version.split_whitespace().nth(2).unwrap().split('-').next().unwrap();
    let template = shared_directory().join(format!("mariadb-{number}-{EDITION}"));
    // One test process makes it while the others wait.
    let lock = File::create(shared_directory().join("mariadb.lock")).unwrap();
    lock.lock().unwrap();
    if !template.exists() {
        make(&template);
    }
    template
}

fn make(template: &Path) {
    let new = tempfile::Builder::new().prefix("new-").tempdir_in(shared_directory()).unwrap();
    let accounts = new.path().join("accounts.sql");
    let sql = format!(
        // The installer runs without accounts until they are read.
        "FLUSH PRIVILEGES;\nCREATE USER '{USER}'@'%' IDENTIFIED BY '{PASSWORD}';\nGRANT ALL ON *.* TO '{USER}'@'%' WITH GRANT OPTION;\n"
    );
    std::fs::write(&accounts, sql).unwrap();
    let data = new.path().join("data");
    let mut install = Command::new("mariadb-install-db");
    install.arg("--no-defaults").arg(format!("--datadir={}", data.display()));
    install.arg(format!("--extra-file={}", accounts.display())).arg(format!("--{LOG_FILE_SIZE}"));
    install.args(["--auth-root-authentication-method=normal", "--skip-test-db", "--user=root"]);
    let made = install.output().unwrap();
    assert!(made.status.success(), "mariadb-install-db:\n{}", String::from_utf8_lossy(&made.stdout));
    std::fs::rename(data, template).unwrap();
}
