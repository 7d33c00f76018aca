//! Every statement of the store, on both engines.
//!
//! Texts are prepared, which finds a wrong word, table or column; statements that are put together are run in every
//! form they have.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod builders;
mod depth;
mod sources;

use std::collections::BTreeMap;

use picup_server::store::{accounts, engine::Schema, library};
use picup_testkit::daemons::MariaDb;
use sources::Sources;
use sqlx::{AssertSqlSafe, Executor, MySqlPool, SqlSafeStr, SqlitePool};

/// One of the two databases, as both engines have it.
struct Database {
    name: &'static str,
    file: SqlitePool,
    servers: MySqlPool,
}

impl Database {
    async fn make(name: &'static str, schema: &Schema, mariadb: &MariaDb) -> Self {
        let file = SqlitePool::connect("sqlite::memory:").await.unwrap();
        schema.sqlite.run(&file).await.unwrap();
        let servers = MySqlPool::connect(&mariadb.database(name).await).await.unwrap();
        schema.mariadb.run(&servers).await.unwrap();
        Self { name, file, servers }
    }

    /// Modules of neither database are used by both.
    fn has(&self, module: &str) -> bool {
        let of_one = ["accounts", "library"].into_iter().find(|name| module.starts_with(name));
        of_one.is_none_or(|name| name == self.name)
    }

    /// Answers what an engine has against it.
    async fn refuses(&self, text: &str) -> Option<String> {
        let safe = || AssertSqlSafe(text.to_owned()).into_sql_str();
        // A file has one writer and no rows to lock.
        if !text.ends_with("FOR UPDATE")
            && let Err(error) = self.file.prepare(safe()).await
        {
            return Some(format!("SQLite: {error}"));
        }
        self.servers.prepare(safe()).await.err().map(|error| format!("MariaDB: {error}"))
    }
}

#[tokio::test]
async fn every_text_of_the_store_is_prepared_by_both_engines() {
    let sources = Sources::of_the_store();
    assert!(sources.unseen.is_empty(), "texts that are not seen: {:#?}", sources.unseen);
    assert!(sources.texts.len() > 100, "{}", sources.texts.len());
    let mariadb = MariaDb::start().await;
    let databases = [
        Database::make("accounts", &accounts::SCHEMA, &mariadb).await,
        Database::make("library", &library::SCHEMA, &mariadb).await,
    ];
    let mut problems = Vec::new();
    for (module, text) in &sources.texts {
        for database in databases.iter().filter(|database| database.has(module)) {
            let problem = database.refuses(text).await;
            problems.extend(problem.map(|problem| format!("{module}: {text}\n    {problem}")));
        }
    }
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}

#[tokio::test]
async fn every_statement_that_is_put_together_runs_on_both_engines() {
    let sources = Sources::of_the_store();
    let directory = tempfile::tempdir().unwrap();
    let mariadb = MariaDb::start().await;
    for store in [
        builders::on_a_file(&directory.path().join("library.db")).await,
        builders::on_servers(&mariadb.database("library").await).await,
    ] {
        assert_eq!(builders::run_all(&store).await, sources.builders);
    }
}

#[test]
fn a_text_that_cannot_be_seen_is_named() {
    for hidden in [
        "fn f(text: &'static str) { sql::query(text); }",
        "fn f() { sql::query(g()); }",
        "fn f() { let make = sql::query; }",
        "fn f() { wrap!(sql::query(\"SELECT 1\")); }",
        "fn f() { sqlx::query(\"SELECT 1\"); }",
    ] {
        let files = BTreeMap::from([("m".to_owned(), syn::parse_file(hidden).unwrap())]);
        assert_eq!(Sources::of(&files).unseen.len(), 1, "{hidden}");
    }
}
