//! A primary of both our databases, and a replica that follows it.

use super::MariaDb;

pub struct MariaDbPair {
    pub primary: MariaDb,
    pub replica: MariaDb,
}

impl MariaDbPair {
    pub async fn start() -> Self {
        let primary = MariaDb::builder().server_id(1).start().await;
        let replica = MariaDb::builder().server_id(2).start().await;
        let follow = format!(
            "CHANGE MASTER TO MASTER_HOST='127.0.0.1', MASTER_PORT={}, MASTER_USER='picup', \
             MASTER_PASSWORD='picup', MASTER_CONNECT_RETRY=1, MASTER_USE_GTID=slave_pos; START SLAVE",
            primary.address().port()
        );
        replica.sql(&follow).await;
        for database in ["accounts", "library"] {
            primary.database(database).await;
        }
        Self { primary, replica }
    }

    /// For the configuration file of `picup-server`. The variables of a run on another database outrank it: start with
    /// `own_databases`.
    pub fn config(&self) -> String {
        let database = |name: &str| {
            let (primary, replica) = (self.primary.url(name), self.replica.url(name));
            format!("[databases.{name}]\nprimary = \"{primary}\"\nreplicas = [\"{replica}\"]\n")
        };
        database("accounts") + &database("library")
    }
}
