//! Times the statements of the store, and shows what the database makes of them.

use std::time::{Duration, Instant};

use picup_server::{
    domain::{cursor::Cursor, photo::Sight},
    store::{
        Connection,
        engine::Engine,
        library::{
            LibraryStore,
            photo_lists::{self, PhotoQuery},
            photos::{self, PhotoRow},
            timeline,
        },
        sql::{self, Builder},
    },
};
use uuid::Uuid;

use crate::{LARGE, TYPICAL, filling::sort_before};

const PAGE: u32 = 100;
/// OFFSET takes too long to ask more often, and far down too long to ask again.
const OFFSET_RUNS: usize = 3;
const OFFSET_TIME: Duration = Duration::from_secs(20);
/// Photos of one day that are shown.
const PER_DAY: usize = 300;
/// 1 January 2026 in milliseconds: every year before is an earlier one.
const THIS_YEAR: i64 = 1_767_225_600_000;

/// Sorted.
struct Times(Vec<Duration>);

impl Times {
    fn of(mut times: Vec<Duration>) -> Self {
        times.sort();
        Self(times)
    }

    /// Milliseconds within which this many of a hundred were done.
    fn percentile(&self, percent: usize) -> f64 {
        let place = (self.0.len() * percent).div_ceil(100).max(1) - 1;
        self.0[place].as_secs_f64() * 1000.0
    }

    fn print(&self, what: &str, note: &str) {
        let (half, nearly_all) = (self.percentile(50), self.percentile(99));
        println!("  {what:<44} p50 {half:>10.2} ms   p99 {nearly_all:>10.2} ms   {note}");
    }
}

pub(crate) async fn measure(store: &LibraryStore, photos: u64, runs: u32) {
    let mut reader = store.fresh().await.unwrap();
    if store.engine.is_shared() {
        // OFFSET takes longer than the server allows any statement of ours.
        sql::query("SET SESSION max_statement_time = 0").execute(&mut reader).await.unwrap();
    }
    // A tenth, and a hundredth before the end: 1,000,000 and 9,900,000 of ten million.
    let depths = [0, photos / 10, photos / 100 * 99];
    pages(&mut reader, photos, depths, runs).await;
    for depth in depths {
        offset(&mut reader, photos, depth).await;
    }
    counts(&mut reader, runs).await;
    on_this_day(&mut reader, runs).await;
    println!("\n  plans");
    let everything = PhotoQuery::all(LARGE, Sight::Everything);
    let deepest = photo_lists::statement(&everything, at(photos, depths[2]), PAGE);
    explain(&store.engine, &mut reader, "page, deepest", deepest, true).await;
    explain(&store.engine, &mut reader, "OFFSET, deepest", offset_statement(depths[2]), false).await;
    let days = timeline::days_statement(TYPICAL, Sight::Everything, &[501], THIS_YEAR, 30);
    explain(&store.engine, &mut reader, "on this day", days, true).await;
}

/// Where the page after so many photos begins.
fn at(photos: u64, depth: u64) -> Cursor {
    Cursor { sort: sort_before(photos, depth), id: Uuid::nil() }
}

async fn page(reader: &mut Connection, cursor: Cursor) -> Vec<PhotoRow> {
    let everything = PhotoQuery::all(LARGE, Sight::Everything);
    photo_lists::page(reader, &everything, cursor, PAGE).await.unwrap()
}

/// Page after page from each depth on, the depths in turn: what slows the machine slows them all.
async fn pages(reader: &mut Connection, photos: u64, depths: [u64; 3], runs: u32) {
    let mut times = [const { Vec::new() }; 3];
    for round in 0..2 {
        // The first round brings the pages into memory.
        let mut cursors = depths.map(|depth| at(photos, depth));
        times = Default::default();
        for _ in 0..runs {
            for ((cursor, depth), times) in cursors.iter_mut().zip(depths).zip(&mut times) {
                let began = Instant::now();
                let rows = page(reader, *cursor).await;
                times.push(began.elapsed());
                // A small library ends before the runs do.
                *cursor = match rows.last() {
                    Some(last) if rows.len() == PAGE as usize => {
                        Cursor { sort: last.taken_sort, id: last.id }
                    }
                    _ => at(photos, depth),
                };
            }
        }
        if round == 0 {
            let cold = Times::of(times[2].clone());
            cold.print(&format!("page of {PAGE} after {}, first reading", depths[2]), "");
        }
    }
    let times = times.map(Times::of);
    let first = times[0].percentile(50);
    for (depth, times) in depths.into_iter().zip(&times) {
        let half = times.percentile(50);
        let ratio = half / first;
        let verdict = if half <= 3.0 && ratio <= 1.2 { "kept" } else { "MISSED" };
        let note = format!("{ratio:.2}x of page 1 (budget p50 <= 3 ms, <= 1.2x: {verdict})");
        times.print(&format!("page of {PAGE} after {depth}"), &note);
    }
}

fn offset_statement(depth: u64) -> Builder {
    let everything = PhotoQuery::all(LARGE, Sight::Everything);
    let mut statement = photo_lists::statement(&everything, Cursor::LAST, PAGE);
    statement.push(" OFFSET ").push_bind(i64::try_from(depth).unwrap());
    statement
}

async fn offset(reader: &mut Connection, photos: u64, depth: u64) {
    let mut times = Vec::new();
    while times.len() < OFFSET_RUNS && times.iter().sum::<Duration>() < OFFSET_TIME {
        let began = Instant::now();
        let rows: Vec<PhotoRow> = offset_statement(depth).build_as().fetch_all(reader).await.unwrap();
        times.push(began.elapsed());
        let ours = page(reader, at(photos, depth)).await;
        assert!(rows.iter().map(|row| row.id).eq(ours.iter().map(|row| row.id)), "both find the same page");
    }
    let runs = times.len();
    Times::of(times).print(&format!("OFFSET {depth}"), &format!("the same rows; asked {runs} times"));
}

async fn counts(reader: &mut Connection, runs: u32) {
    for (sight, who) in [(Sight::Everything, "for members"), (Sight::Showable, "for frames")] {
        let mut times = Vec::new();
        for _ in 0..runs {
            let began = Instant::now();
            let months = timeline::months(reader, TYPICAL, sight).await.unwrap();
            times.push(began.elapsed());
            assert!(months.len() >= 240);
        }
        within(Times::of(times), &format!("timeline counts {who}"), 20.0);
    }
}

/// What the operation asks for: the choice, then the photos.
async fn on_this_day(reader: &mut Connection, runs: u32) {
    let mut times = Vec::new();
    for run in 0..runs {
        let day = i32::try_from(run % 12 + 1).unwrap() * 100 + i32::try_from(run % 28 + 1).unwrap();
        let began = Instant::now();
        let days = [day];
        let chosen = timeline::of_days(reader, TYPICAL, Sight::Everything, &days, THIS_YEAR, 30);
        let mut chosen = chosen.await.unwrap();
        chosen.truncate(PER_DAY);
        let rows = photos::find_all(reader, &chosen).await.unwrap();
        times.push(began.elapsed());
        assert!(rows.len() > 200, "{}", rows.len());
    }
    within(Times::of(times), "on this day", 50.0);
}

fn within(times: Times, what: &str, budget: f64) {
    let verdict = if times.percentile(99) <= budget { "kept" } else { "MISSED" };
    times.print(what, &format!("(budget p99 <= {budget} ms: {verdict})"));
}

/// With `measured`, MariaDB also runs it and says how many rows it read.
async fn explain(engine: &Engine, reader: &mut Connection, what: &str, statement: Builder, measured: bool) {
    println!("  {what}:");
    if engine.is_shared() {
        let word = if measured { "ANALYZE FORMAT=JSON" } else { "EXPLAIN FORMAT=JSON" };
        let plan: String = statement.after(word).build_scalar().fetch_one(reader).await.unwrap();
        let telling =
            ["\"key\"", "access_type", "\"rows\"", "r_rows", "r_total_time", "filesort", "index_condition"];
        let lines = plan.lines().filter(|line| telling.iter().any(|word| line.contains(word)));
        lines.for_each(|line| println!("    {}", line.trim()));
    } else {
        let plan = statement.after("EXPLAIN QUERY PLAN").build_as::<(i64, i64, i64, String)>();
        let lines = plan.fetch_all(reader).await.unwrap();
        lines.iter().for_each(|(_, _, _, line)| println!("    {line}"));
    }
}
