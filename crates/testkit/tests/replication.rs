//! The configuration files and scripts of `provisioning/mariadb`, as they are, on real servers: replicas, the backup
//! server of two primaries, promotion and restore.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use picup_testkit::{
    daemons::MariaDb,
    eventually,
    provisioned::{Script, client_file, server},
};

const ACCOUNTS: u32 = 1;
const LIBRARY: u32 = 2;

async fn primary(server_id: u32, domain_id: u32, database: &str) -> MariaDb {
    let primary = server(server_id, domain_id, &["primary.cnf"]).await;
    Script::new("setup-primary.sh").server(&primary).word(database).succeeds().await;
    primary.sql(&format!("CREATE TABLE {database}.rows (id INT PRIMARY KEY) ENGINE = InnoDB")).await;
    primary
}

async fn replica(server_id: u32, primary: &MariaDb) -> MariaDb {
    let replica = server(server_id, LIBRARY, &["primary.cnf", "replica.cnf"]).await;
    Script::new("setup-replica.sh").server(primary).server(&replica).address(primary).succeeds().await;
    replica
}

async fn follow(backup: &MariaDb, primary: &MariaDb, database: &str) {
    let script = Script::new("setup-backup.sh").server(backup).word(database).server(primary);
    script.word(database).address(primary).succeeds().await;
}

async fn insert(server: &MariaDb, database: &str, id: u32) {
    server.sql(&format!("INSERT INTO {database}.rows VALUES ({id})")).await;
}

async fn rows(server: &MariaDb, database: &str) -> String {
    server.try_sql(&format!("SELECT id FROM {database}.rows ORDER BY id")).await.unwrap_or_default()
}

async fn arrives(server: &MariaDb, database: &str, wanted: &str) {
    eventually("the rows arrive", || async { (rows(server, database).await == wanted).then_some(()) }).await;
}

/// Two primaries, two replicas of the library, and the server that backs up both.
struct Cluster {
    accounts: MariaDb,
    library: MariaDb,
    replicas: [MariaDb; 2],
    backup: MariaDb,
}

impl Cluster {
    async fn start() -> Self {
        let accounts = primary(11, ACCOUNTS, "accounts").await;
        let library = primary(21, LIBRARY, "library").await;
        insert(&accounts, "accounts", 1).await;
        insert(&library, "library", 1).await;
        let replicas = [replica(22, &library).await, replica(23, &library).await];
        let backup = server(91, 9, &["backup.cnf"]).await;
        follow(&backup, &accounts, "accounts").await;
        follow(&backup, &library, "library").await;
        Self { accounts, library, replicas, backup }
    }
}

#[tokio::test]
async fn what_the_primaries_write_arrives_at_replicas_and_backup_and_scripts_may_run_twice() {
    let cluster = Cluster::start().await;
    insert(&cluster.accounts, "accounts", 2).await;
    insert(&cluster.library, "library", 2).await;
    for replica in &cluster.replicas {
        arrives(replica, "library", "1\n2").await;
    }
    arrives(&cluster.backup, "accounts", "1\n2").await;
    arrives(&cluster.backup, "library", "1\n2").await;
    assert_eq!(cluster.library.sql("SELECT @@rpl_semi_sync_master_wait_point").await, "AFTER_SYNC");
    let clients = "SELECT variable_value FROM information_schema.global_status WHERE variable_name = \
                   'Rpl_semi_sync_master_clients'";
    assert_eq!(cluster.library.sql(clients).await, "2", "the replicas confirm, the backup server does not");

    Script::new("setup-primary.sh").server(&cluster.library).word("library").succeeds().await;
    let again = Script::new("setup-replica.sh").server(&cluster.library).server(&cluster.replicas[0]);
    again.address(&cluster.library).succeeds().await;
    follow(&cluster.backup, &cluster.library, "library").await;
    insert(&cluster.library, "library", 3).await;
    arrives(&cluster.replicas[0], "library", "1\n2\n3").await;
    arrives(&cluster.backup, "library", "1\n2\n3").await;
}

#[tokio::test]
async fn failure_23_no_acknowledged_row_is_lost_when_the_primary_is_killed_and_a_replica_promoted() {
    let mut cluster = Cluster::start().await;
    let stop = Arc::new(AtomicBool::new(false));
    let writers: Vec<_> =
        (1..=4u32).map(|writer| write_until(&cluster.library, writer * 10_000, &stop)).collect();
    // It went on alone while it had no replicas, and waits for one again once one has everything.
    eventually("a commit waits for a replica", || async {
        let status = cluster.library.sql("SHOW STATUS LIKE 'Rpl_semi_sync_master_status'").await;
        status.ends_with("ON").then_some(())
    })
    .await;
    // One was there before, and each of the four writers may still wait for its last to be acknowledged.
    eventually("many rows", || async {
        (rows(&cluster.library, "library").await.lines().count() > 40 + 1 + 4).then_some(())
    })
    .await;
    cluster.library.kill9();
    stop.store(true, Ordering::SeqCst);
    let mut acknowledged = Vec::new();
    for writer in writers {
        acknowledged.extend(writer.await.unwrap());
    }
    assert!(acknowledged.len() > 40, "the primary died under load: {}", acknowledged.len());

    let unfenced = promote(&cluster.replicas[0], &cluster.library, &cluster.replicas[1]).refuses().await;
    assert!(unfenced.contains("OLD_PRIMARY_IS_FENCED"), "{unfenced}");
    let [first, second] = &cluster.replicas;
    let (new, other) = promote_the_one_that_has_most(first, second, &cluster.library).await;
    repoint(other, "", new).await;
    repoint(&cluster.backup, "library", new).await;

    let kept: Vec<u32> = rows(new, "library").await.lines().map(|id| id.parse().unwrap()).collect();
    let lost: Vec<_> = acknowledged.iter().filter(|id| !kept.contains(id)).collect();
    assert!(lost.is_empty(), "lost {lost:?} of {}", acknowledged.len());
    insert(new, "library", 2).await;
    let all = rows(new, "library").await;
    arrives(other, "library", &all).await;
    arrives(&cluster.backup, "library", &all).await;
    assert!(rows(&cluster.backup, "accounts").await.contains('1'), "the other source was not disturbed");
}

/// Inserts one row after the other; answers those that were acknowledged.
fn write_until(primary: &MariaDb, from: u32, stop: &Arc<AtomicBool>) -> tokio::task::JoinHandle<Vec<u32>> {
    let (stop, client) = (stop.clone(), client_file(primary));
    tokio::spawn(async move {
        let mut acknowledged = Vec::new();
        for id in from.. {
            let mut command = tokio::process::Command::new("mariadb");
            command.arg(format!("--defaults-file={}", client.display()));
            command.args(["--execute", &format!("INSERT INTO library.rows VALUES ({id})")]);
            if stop.load(Ordering::SeqCst) || !command.output().await.unwrap().status.success() {
                break;
            }
            acknowledged.push(id);
        }
        acknowledged
    })
}

fn promote(replica: &MariaDb, old: &MariaDb, other: &MariaDb) -> Script {
    Script::new("promote-replica.sh").server(replica).server(old).server(other)
}

/// As the runbook says: the script names the other replica when that one received more.
async fn promote_the_one_that_has_most<'a>(
    first: &'a MariaDb,
    second: &'a MariaDb,
    old: &MariaDb,
) -> (&'a MariaDb, &'a MariaDb) {
    let output = promote(first, old, second).env("OLD_PRIMARY_IS_FENCED", "yes").output().await;
    if output.status.success() {
        return (first, second);
    }
    let reason = String::from_utf8(output.stderr).unwrap();
    assert!(reason.contains("received more than this replica"), "{reason}");
    promote(second, old, first).env("OLD_PRIMARY_IS_FENCED", "yes").succeeds().await;
    (second, first)
}

async fn repoint(server: &MariaDb, connection: &str, primary: &MariaDb) {
    Script::new("repoint-replica.sh").server(server).word(connection).address(primary).succeeds().await;
}

#[tokio::test]
async fn a_planned_change_waits_for_the_replica_and_the_old_primary_follows_the_new_one() {
    let old = primary(21, LIBRARY, "library").await;
    let new = replica(22, &old).await;
    insert(&old, "library", 1).await;
    Script::new("promote-replica.sh").server(&new).server(&old).succeeds().await;
    assert_eq!(old.sql("SELECT @@read_only").await, "1", "only one of them takes writes");
    insert(&new, "library", 2).await;
    Script::new("setup-replica.sh").server(&new).server(&old).address(&new).succeeds().await;
    insert(&new, "library", 3).await;
    arrives(&old, "library", "1\n2\n3").await;
}

#[tokio::test]
async fn failure_32_everything_but_the_backup_is_destroyed_and_the_same_rows_come_back() {
    let Cluster { accounts, library, replicas, backup } = Cluster::start().await;
    library.sql("INSERT INTO library.rows SELECT seq FROM mysql.seq_2_to_5000").await;
    let (members, photos) = (rows(&accounts, "accounts").await, rows(&library, "library").await);
    arrives(&backup, "library", &photos).await;
    arrives(&backup, "accounts", &members).await;
    drop((accounts, library, replicas));

    let accounts = server(12, ACCOUNTS, &["primary.cnf"]).await;
    let library = server(24, LIBRARY, &["primary.cnf"]).await;
    for (new, database, wanted) in [(&accounts, "accounts", &members), (&library, "library", &photos)] {
        let restore = || Script::new("restore-from-backup.sh").server(&backup).word(database).word(database);
        restore().server(new).succeeds().await;
        assert_eq!(&rows(new, database).await, wanted);
        assert!(
            restore().server(new).refuses().await.contains("already"),
            "what is there is never overwritten"
        );
        Script::new("setup-primary.sh").server(new).word(database).succeeds().await;
        repoint(&backup, database, new).await;
    }
    let replica = replica(25, &library).await;
    insert(&library, "library", 1_000_000).await;
    let all = rows(&library, "library").await;
    arrives(&replica, "library", &all).await;
    arrives(&backup, "library", &all).await;
}
