//! Sessions in the database keep what `picup-auth` asks of any store.

use picup_api::{MemberId, account::ClientKind};
use picup_auth::conformance::check_session_store;
use picup_server::domain::session::{Device, Holder};
use uuid::Uuid;

use crate::home::Home;

#[tokio::test]
async fn sessions_in_the_database_keep_every_promise() {
    let home = Home::start().await;
    let member = Uuid::now_v7();
    let device = Device::new(Holder::Member(MemberId(member)), ClientKind::App, "phone");
    let mut tx = home.app.accounts.begin().await.unwrap();
    check_session_store(&mut tx, &member.to_string(), device, Uuid::now_v7).await;
}
