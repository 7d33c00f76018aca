//! The `photos` table by month and by day of the year.

use picup_api::FamilyId;
use uuid::Uuid;

use crate::{
    domain::photo::Sight,
    store::{
        Connection, StoreError,
        sql::{self, Builder},
    },
};

/// (month key, photos), newest month first.
pub async fn months(
    connection: &mut Connection,
    family: FamilyId,
    sight: Sight,
) -> Result<Vec<(i32, i64)>, StoreError> {
    let sql = match sight {
        Sight::Everything => MONTHS,
        Sight::Showable => SHOWABLE_MONTHS,
    };
    sql::query_as(sql).bind(family.0).fetch_all(connection).await
}

pub(super) const MONTHS: &str = "SELECT taken_month, COUNT(*) FROM photos \
                                 WHERE family_id = ? AND trashed_at IS NULL \
                                 GROUP BY taken_month ORDER BY taken_month DESC";
const SHOWABLE_MONTHS: &str = "SELECT taken_month, COUNT(*) FROM photos \
                               WHERE family_id = ? AND trashed_at IS NULL AND state = 'ready' \
                               GROUP BY taken_month ORDER BY taken_month DESC";

/// Photos of the given days (month and day keys) taken before `before`: at most `per_month` of each, newest first.
pub async fn of_days(
    connection: &mut Connection,
    family: FamilyId,
    sight: Sight,
    days: &[i32],
    before: i64,
    per_month: u32,
) -> Result<Vec<Uuid>, StoreError> {
    let sql = days_statement(family, sight, days, before, per_month);
    sql.build_scalar().fetch_all(connection).await
}

/// The statement of `of_days`.
pub fn days_statement(family: FamilyId, sight: Sight, days: &[i32], before: i64, per_month: u32) -> Builder {
    let mut sql = Builder::new(
        "SELECT id FROM (SELECT id, taken_sort, ROW_NUMBER() OVER (PARTITION BY taken_month ORDER BY taken_sort, id) \
         AS place FROM photos WHERE trashed_at IS NULL AND family_id = ",
    );
    sql.push_bind(family.0);
    if sight == Sight::Showable {
        sql.push(" AND state = 'ready'");
    }
    // The sum keeps the engine from walking every earlier photo by its date: the days are far fewer.
    sql.push(" AND taken_sort + 0 < ").push_bind(before);
    sql.push(" AND taken_day IN (");
    sql.push_list(days.iter().copied()).push(") AS ranked WHERE place <= ").push_bind(per_month);
    sql.push(" ORDER BY taken_sort DESC, id DESC");
    sql
}
