//! Months, and this day in earlier years.

use picup_client::PageQuery;
use picup_testkit::TestServer;

use crate::stage::{code, get, ready, taken};

#[tokio::test]
async fn the_timeline_counts_months_in_the_local_time_of_the_place() {
    let server = TestServer::start().await;
    let people = server.family().await;
    for (seed, local) in [(1, "2023:12:31 23:59:59"), (2, "2024:01:01 00:00:00"), (3, "2024:01:31 12:00:00")]
    {
        ready(&people.owner, people.family, &taken(seed, local), "x.jpg").await;
    }
    let months = people.viewer.timeline(people.family).await.unwrap().months;
    let months: Vec<_> = months.iter().map(|month| (month.month.as_str(), month.photos)).collect();
    assert_eq!(months, [("2024-01", 2), ("2023-12", 1)]);

    let page = people.viewer.timeline_month(people.family, "2024-01", &PageQuery::first(1)).await.unwrap();
    assert_eq!(page.items[0].taken_at.local, "2024-01-31T12:00:00");
    let next = PageQuery { cursor: page.next_cursor, limit: Some(1) };
    let page = people.viewer.timeline_month(people.family, "2024-01", &next).await.unwrap();
    assert_eq!(page.items[0].taken_at.local, "2024-01-01T00:00:00");
    assert_eq!(page.next_cursor, None);
    let nonsense = people.viewer.timeline_month(people.family, "2024-13", &PageQuery::first(1)).await;
    assert_eq!(code(nonsense), picup_api::ErrorCode::NotFound);
}

#[tokio::test]
async fn on_this_day_shows_earlier_years_and_remembers_leap_days() {
    let server = TestServer::start().await;
    let people = server.family().await;
    for (seed, local) in [
        (1, "2019:02:28 10:00:00"),
        (2, "2020:02:29 09:00:00"),
        (3, "2020:02:28 08:00:00"),
        (4, "2021:03:01 10:00:00"),
        (5, "2023:02:28 10:00:00"),
    ] {
        ready(&people.owner, people.family, &taken(seed, local), "x.jpg").await;
    }
    let day = async |date: &str| {
        let path = format!("/v1/families/{}/on-this-day?date={date}", people.family);
        let (status, answer) = get(&people.viewer, &path).await;
        assert_eq!(status, 200, "{answer}");
        let years = answer["years"].as_array().unwrap().clone();
        let shape = |year: &serde_json::Value| {
            (year["year"].as_i64().unwrap(), year["photos"].as_array().unwrap().len())
        };
        years.iter().map(shape).collect::<Vec<_>>()
    };
    assert_eq!(day("2023-02-28").await, [(2020, 2), (2019, 1)], "a common year takes the 29th in");
    assert_eq!(day("2024-02-28").await, [(2023, 1), (2020, 1), (2019, 1)], "a leap year has its own 29th");
    assert_eq!(day("2024-02-29").await, [(2020, 1)]);
    assert!(people.viewer.on_this_day(people.family).await.is_ok());
    let (status, _) =
        get(&people.viewer, &format!("/v1/families/{}/on-this-day?date=today", people.family)).await;
    assert_eq!(status, 422);
}
