//! Every route of the OpenAPI document, called by people it is not for.
//!
//! Generated: a new route is tested without anybody's doing, and one whose parameters or body this test cannot
//! fill in fails it. The exceptions are tables with reasons.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod calls;
mod fuzz;
mod route;
mod tables;
mod world;

use std::collections::BTreeSet;

use picup_testkit::TestServer;
use reqwest::StatusCode;

use calls::Caller;
use route::{Route, Scope};
use world::World;

/// Deletes come last, small things first, and what takes the caller away at the very end.
fn in_bearable_order(mut routes: Vec<Route>) -> Vec<Route> {
    let rank = |route: &Route| match route.template().as_str() {
        "DELETE /v1/me/sessions/{}" => 4,
        "DELETE /v1/families/{}" => 3,
        "DELETE /v1/albums/{}" | "DELETE /v1/families/{}/members/{}" => 2,
        _ => u8::from(route.method == "DELETE"),
    };
    routes.sort_by_key(|route| (rank(route), usize::MAX - route.path.len()));
    routes
}

async fn routes(world: &World) -> Vec<Route> {
    let routes = in_bearable_order(route::all(&world.document().await));
    assert!(routes.len() > 40, "the document names only {} routes", routes.len());
    routes
}

#[tokio::test]
async fn without_a_token_of_ours_every_route_that_is_not_public_answers_401() {
    let server = TestServer::start().await;
    let world = World::build(&server).await;
    let mut wrong = Vec::new();
    for route in routes(&world).await.iter().filter(|route| route.scope() != Scope::Public) {
        for caller in [Caller::Nobody, Caller::Forger, Caller::OtherKey] {
            let status = world.call(route, caller).await;
            if status != StatusCode::UNAUTHORIZED {
                wrong.push(format!("{route} as {caller:?}: {status}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn no_route_shows_or_changes_what_belongs_to_another_family() {
    let server = TestServer::start().await;
    let world = World::build(&server).await;
    let before = world.belongings().await;
    let mut wrong = Vec::new();
    let routes = routes(&world).await;
    for route in routes.iter().filter(|route| route.scope() == Scope::Object) {
        for caller in [Caller::OtherOwner, Caller::OtherFrame] {
            let status = world.call(route, caller).await;
            let expected = expected_of_a_stranger(route, caller);
            if status != expected {
                wrong.push(format!("{route} as {caller:?}: {status}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(world.belongings().await, before);
}

fn expected_of_a_stranger(route: &Route, caller: Caller) -> StatusCode {
    let indifferent = tables::INDIFFERENT.iter().any(|(name, _)| *name == route.template());
    match caller {
        // Whatever the id: members are no frames, and frames have no sessions to list.
        Caller::OtherOwner if route.is_for_frames() => StatusCode::FORBIDDEN,
        Caller::OtherFrame if route.path.starts_with("/v1/me") => StatusCode::FORBIDDEN,
        _ if indifferent => StatusCode::NO_CONTENT,
        _ => StatusCode::NOT_FOUND,
    }
}

#[tokio::test]
async fn ids_of_another_family_inside_a_body_reach_nothing() {
    let server = TestServer::start().await;
    let world = World::build(&server).await;
    let before = world.belongings().await;
    let mut wrong = Vec::new();
    for (name, status) in world.smuggle_ids_in_bodies().await {
        // An order of another family's photos does not match the album's.
        let refused = [StatusCode::NOT_FOUND, StatusCode::UNPROCESSABLE_ENTITY, StatusCode::CONFLICT];
        if !refused.contains(&status) {
            wrong.push(format!("{name}: {status}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(world.belongings().await, before);
}

/// Without this the test above would pass on requests that nobody could make.
#[tokio::test]
async fn each_generated_request_reaches_its_object_for_those_it_is_for() {
    let server = TestServer::start().await;
    let world = World::build(&server).await;
    let mut wrong = Vec::new();
    for route in routes(&world).await.iter().filter(|route| route.scope() == Scope::Object) {
        let caller = if route.is_for_frames() { Caller::Frame } else { Caller::Owner };
        let status = world.call(route, caller).await;
        if matches!(status.as_u16(), 401 | 403 | 404 | 405 | 415) || status.is_server_error() {
            wrong.push(format!("{route} as {caller:?}: {status}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn a_role_that_may_not_write_is_refused_with_403() {
    let server = TestServer::start().await;
    let world = World::build(&server).await;
    let before = world.belongings().await;
    let mut wrong = Vec::new();
    let routes = routes(&world).await;
    for route in routes.iter().filter(|route| route.scope() == Scope::Object && route.writes()) {
        let allowed = tables::roles_of(route);
        for caller in [Caller::Viewer, Caller::Editor, Caller::Frame] {
            if !allowed.contains(&caller) {
                let status = world.call(route, caller).await;
                if status != StatusCode::FORBIDDEN {
                    wrong.push(format!("{route} as {caller:?}: {status}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(world.belongings().await, before);
}

#[tokio::test]
async fn a_role_that_may_write_is_let_through() {
    for caller in [Caller::Viewer, Caller::Editor, Caller::Frame] {
        let server = TestServer::start().await;
        let world = World::build(&server).await;
        let mut wrong = Vec::new();
        let routes = routes(&world).await;
        let allowed = |route: &&Route| tables::roles_of(route).contains(&caller);
        for route in
            routes.iter().filter(|route| route.scope() == Scope::Object && route.writes()).filter(allowed)
        {
            let status = world.call(route, caller).await;
            if matches!(status.as_u16(), 401 | 403) || status.is_server_error() {
                wrong.push(format!("{route} as {caller:?}: {status}"));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}

#[tokio::test]
async fn the_tables_name_only_routes_that_exist_and_agree_with_the_document() {
    let server = TestServer::start().await;
    let world = World::build(&server).await;
    let routes = routes(&world).await;
    let existing: BTreeSet<_> = routes.iter().map(Route::template).collect();
    let stale: Vec<_> = tables::names().into_iter().filter(|name| !existing.contains(name)).collect();
    assert!(stale.is_empty(), "no such route: {stale:?}");
    for route in &routes {
        let public = route.scope() == Scope::Public;
        assert_eq!(public, route.is_documented_as_public, "{route}: the document and the table disagree");
    }
}
