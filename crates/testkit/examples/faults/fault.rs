//! The faults, and how each is held and ended.

use std::time::Duration;

use picup_testkit::{MemberRole, MountFault, S3Fault, TestCluster};
use rand::RngExt;

pub(crate) struct Fault {
    pub(crate) name: &'static str,
    kind: Kind,
}

#[derive(Clone, Copy)]
enum Kind {
    None,
    S3Down,
    S3(S3Fault),
    Share(MountFault),
    ShareUnmounted,
    PrimaryDown,
    ReplicaLags,
    ReplicaBroken,
    QueueDown,
    RedisDown,
    RedisHangs,
    Kills(MemberRole),
}

const fn fault(name: &'static str, kind: Kind) -> Fault {
    Fault { name, kind }
}

pub(crate) const FAULTS: &[Fault] = &[
    fault("none", Kind::None),
    fault("s3-down", Kind::S3Down),
    fault("s3-slow", Kind::S3(S3Fault::Slow(Duration::from_secs(2)))),
    fault("s3-hung", Kind::S3(S3Fault::Hang)),
    fault("s3-500", Kind::S3(S3Fault::Answer(500, "InternalError"))),
    fault("s3-slowdown", Kind::S3(S3Fault::Answer(503, "SlowDown"))),
    fault("s3-lying", Kind::S3(S3Fault::LieAboutPuts)),
    fault("s3-flipping", Kind::S3(S3Fault::FlipPuts)),
    fault("nfs-hung", Kind::Share(MountFault::Hang)),
    fault("nfs-estale", Kind::Share(MountFault::Stale)),
    fault("nfs-eio", Kind::Share(MountFault::BrokenDevice)),
    fault("nfs-enospc", Kind::Share(MountFault::Full)),
    fault("nfs-unmounted", Kind::ShareUnmounted),
    fault("primary-down", Kind::PrimaryDown),
    fault("replica-lagging", Kind::ReplicaLags),
    fault("replica-broken", Kind::ReplicaBroken),
    fault("rabbitmq-down", Kind::QueueDown),
    fault("redis-down", Kind::RedisDown),
    fault("redis-slow", Kind::RedisHangs),
    fault("api-kill9", Kind::Kills(MemberRole::Library)),
    fault("worker-kill9", Kind::Kills(MemberRole::Worker)),
];

impl Fault {
    /// Returns when the fault has ended: whoever was stopped is running again.
    pub(crate) async fn hold(&self, cluster: &mut TestCluster, lasting: Duration) {
        match self.kind {
            Kind::S3Down => cluster.s3.stop().await,
            Kind::S3(fault) => cluster.s3.set(fault),
            Kind::Share(fault) => cluster.share.as_ref().unwrap().set(fault),
            Kind::ShareUnmounted => cluster.share.as_mut().unwrap().unmount(),
            Kind::PrimaryDown => cluster.databases.server.kill9(),
            Kind::ReplicaLags => delay(cluster, 60).await,
            Kind::ReplicaBroken => drop(replica(cluster, "STOP SLAVE SQL_THREAD").await),
            Kind::QueueDown => cluster.queue.as_mut().unwrap().stop().await,
            Kind::RedisDown => cluster.redis.stop().await,
            Kind::RedisHangs => cluster.redis.pause(),
            Kind::Kills(role) => return kill_at_random(cluster, role, lasting).await,
            Kind::None => {}
        }
        tokio::time::sleep(lasting).await;
        self.end(cluster).await;
    }

    async fn end(&self, cluster: &mut TestCluster) {
        match self.kind {
            Kind::S3Down => cluster.s3.start_again().await,
            Kind::S3(_) => cluster.s3.set(S3Fault::None),
            Kind::Share(_) => cluster.share.as_ref().unwrap().set(MountFault::None),
            Kind::ShareUnmounted => cluster.share.as_mut().unwrap().mount(),
            Kind::PrimaryDown => cluster.databases.server.start_again().await,
            Kind::ReplicaLags => delay(cluster, 0).await,
            Kind::ReplicaBroken => drop(replica(cluster, "START SLAVE SQL_THREAD").await),
            Kind::QueueDown => cluster.queue.as_mut().unwrap().start_again().await,
            Kind::RedisDown => cluster.redis.start_again().await,
            Kind::RedisHangs => cluster.redis.resume(),
            Kind::Kills(_) | Kind::None => {}
        }
    }
}

async fn replica(cluster: &TestCluster, statements: &str) -> String {
    cluster.replica.as_ref().unwrap().sql(statements).await
}

async fn delay(cluster: &TestCluster, seconds: u32) {
    let change = format!("STOP SLAVE; CHANGE MASTER TO MASTER_DELAY={seconds}; START SLAVE");
    replica(cluster, &change).await;
}

async fn kill_at_random(cluster: &mut TestCluster, role: MemberRole, lasting: Duration) {
    let ends = tokio::time::Instant::now() + lasting;
    while tokio::time::Instant::now() < ends {
        let (member, pause) = {
            let mut chance = rand::rng();
            let members = cluster.of(role);
            (members[chance.random_range(0..members.len())], chance.random_range(100..1500))
        };
        tokio::time::sleep(Duration::from_millis(pause)).await;
        cluster.restart_member(member).await;
    }
}
